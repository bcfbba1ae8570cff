#include "admin-ui/views/audit_screen.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QSaveFile>
#include <QScrollArea>
#include <QScrollBar>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int count_again_ms = 300'000;  // asking is recorded in the log
constexpr int least_table_height = 220;
constexpr int64_t least_span_us = int64_t{3600} * 1'000'000;
constexpr int export_steps = 1'000;
constexpr const char* records_path = "/admin/v1/audit/records";

}  // namespace

AuditScreen::AuditScreen(Session& to_session)
    : Screen(to_session, tr("Audit")),
      desk_(new AuditDesk(to_session, this)),
      list_(new AuditList(
          [this](const std::string& target, AuditDesk::TakeRecords done) { desk_->records(target, std::move(done)); },
          this)),
      filters_(new AuditFilters),
      table_(new DataTable(DataTable::Rows::dense, tr("Audit records"))),
      rows_(new StateView(table_)),
      drawer_(new RecordDrawer),
      band_(new VerdictBand),
      bars_(new MinuteBars),
      count_(new TextLabel(Type::label, Colour::text2)),
      above_(new Button({}, ButtonKind::standard, QStringLiteral("chevron-up"), ButtonSize::compact)),
      export_rows_(new Button(tr("Export rows…"), ButtonKind::standard, QStringLiteral("download"))),
      export_log_(new Button(tr("Signed export…"), ButtonKind::standard, QStringLiteral("patch-check"))),
      export_strip_(make_export_strip()) {
  export_rows_->setObjectName(QStringLiteral("audit.export"));
  export_log_->setObjectName(QStringLiteral("audit.export_log"));
  export_log_->setToolTip(tr("The log itself with its proofs, for tijori-audit-verify"));
  table_->setObjectName(QStringLiteral("audit.table"));
  drawer_->setObjectName(QStringLiteral("audit.drawer"));
  bars_->setObjectName(QStringLiteral("audit.bars"));
  count_->setObjectName(QStringLiteral("audit.count"));
  above_->setObjectName(QStringLiteral("audit.above"));
  add_to_title_row(export_log_);
  add_to_title_row(export_rows_);
  set_content(new DrawerPane(make_column(), drawer_));

  table_->setModel(list_);
  table_->set_columns({108, 132, 124, 154, 112, 0, 76});
  table_->set_keeps_place([this] { return drawer_->isVisible(); });
  steady_.start();
  count_again_.setInterval(count_again_ms);
  connect(&count_again_, &QTimer::timeout, this, &AuditScreen::ask_counts);
  connect(export_rows_, &Button::clicked, this, &AuditScreen::export_rows);
  connect(export_log_, &Button::clicked, this, &AuditScreen::export_log);
  connect(band_->verify_button(), &Button::clicked, this, &AuditScreen::verify);
  connect(band_, &VerdictBand::checkpoint_wanted, this, &AuditScreen::save_checkpoint);
  connect(filters_, &AuditFilters::changed, this, &AuditScreen::apply_filter);
  connect(filters_, &AuditFilters::record_wanted, this, [this](qint64 seq) { show_at(QString::number(seq)); });
  connect(filters_, &AuditFilters::not_found, this, [this](const QString& sentence) { emit toast(sentence, {}); });
  connect(bars_, &MinuteBars::chosen_changed, this, &AuditScreen::choose_interval);
  connect(bars_, &MinuteBars::let_go, this, [this] {
    bars_->set_chosen(std::nullopt);
    apply_filter();
  });
  connect_list();
  connect_desk();
  connect(&session(), &Session::status_changed, this, &AuditScreen::take_status);
  connect(&session().witness(), &WitnessWatch::changed, this, &AuditScreen::say_verdict);
}

QWidget* AuditScreen::make_column() {
  auto* column = new QWidget;
  auto* down = new QVBoxLayout(column);
  down->setContentsMargins(0, 4, 0, 0);
  down->setSpacing(metric::gap);
  down->addWidget(band_);
  down->addWidget(filters_);
  down->addWidget(export_strip_);
  auto* panel = new Panel;
  auto* corner = new QWidget;
  auto* corner_row = new QHBoxLayout(corner);
  corner_row->setContentsMargins(0, 0, 0, 0);
  corner_row->setSpacing(8);
  count_->set_elide(Qt::ElideRight);
  corner_row->addWidget(above_);
  corner_row->addWidget(count_, 1);
  above_->hide();
  bars_->set_corner(corner);
  panel->body()->addWidget(bars_);
  panel->add_divider();
  table_->setMinimumHeight(least_table_height);
  panel->body()->addWidget(rows_, 1);
  down->addWidget(panel, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(column);
  return scroll;
}

QWidget* AuditScreen::make_export_strip() {
  auto* strip = new Panel;
  strip->setObjectName(QStringLiteral("audit.export_strip"));
  export_line_ = new TextLabel(Type::body);
  export_line_->setObjectName(QStringLiteral("audit.export_line"));
  export_line_->set_elide(Qt::ElideRight);
  export_bar_ = new QProgressBar;
  export_bar_->setObjectName(QStringLiteral("audit.export_bar"));
  export_bar_->setTextVisible(false);
  export_bar_->setAccessibleName(tr("Exported"));
  auto* cancel = new Button(tr("Cancel"), ButtonKind::standard, {}, ButtonSize::compact);
  cancel->setObjectName(QStringLiteral("audit.export_cancel"));
  auto* row = new QHBoxLayout;
  row->setContentsMargins(16, 6, 12, 6);
  row->setSpacing(12);
  row->addWidget(export_line_, 2);
  row->addWidget(export_bar_, 1);
  row->addWidget(cancel);
  strip->body()->addLayout(row);
  connect(cancel, &Button::clicked, this, [this] { desk_->cancel_export(); });
  strip->hide();
  return strip;
}

void AuditScreen::connect_list() {
  connect(table_, &DataTable::opened, this, [this](const QModelIndex& index) { show_record(index.row()); });
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (drawer_->isVisible() && index.isValid()) show_record(index.row());
  });
  connect(table_, &DataTable::came_above, this, [this](int rows) {
    new_above_ += rows;
    say_new_above();
  });
  connect(table_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
    if (value > 0 || new_above_ == 0) return;
    new_above_ = 0;
    say_new_above();
  });
  connect(above_, &Button::clicked, this, [this] {
    table_->scrollToTop();
    table_->setFocus();
  });
  connect(drawer_, &Drawer::closed, this, &AuditScreen::close_drawer);
  connect(drawer_, &Drawer::stepped, this, &AuditScreen::step);
  connect(drawer_, &RecordDrawer::proof_wanted, this, &AuditScreen::ask_proof);
  connect(drawer_, &RecordDrawer::copied, this, [this](const QString& sentence) { emit toast(sentence, {}); });
  connect(list_, &AuditList::failed, this, [this](const ClientError& error) {
    // A page that is damaged must not keep anybody from verifying the log.
    const bool is_damaged = error.api_code == name_of(ErrorCode::corrupted);
    if (!came_ && !is_damaged) return show_failure(error, [this] { refresh(); });
    if (is_damaged && states().state() != StateView::State::content) states().show_content();
    list_trouble_ = sentence_of(error);
    say_count();
  });
  connect(list_, &AuditList::loaded, this, [this] {
    came_ = true;
    list_trouble_.clear();
    if (states().state() != StateView::State::content) states().show_content();
    if (list_->rowCount() > 0) {
      rows_->show_content();
    } else if (list_->filter().any()) {
      rows_->show_empty(QStringLiteral("search"), tr("No record matches"),
                        tr("Nothing in the log is what the filters ask for."),
                        {{tr("Clear the filters"), [this] { clear_filter(); }},
                         {tr("Copy command"), [this] {
                            QApplication::clipboard()->setText(records_command(list_->filter()));
                            emit toast(tr("Copied as a command."), {});
                          }}});
    }
    say_count();
    if (wanted_seq_ >= 0)
      open_wanted();
    else if (drawer_->isVisible() && open_seq_ >= 0)
      show_open_record();
  });
}

void AuditScreen::connect_desk() {
  connect(desk_, &AuditDesk::verify_changed, this, [this] {
    meter_.clear();
    say_verdict();
  });
  connect(desk_, &AuditDesk::export_moved, this, [this](qint64 rows, qint64 bytes) {
    if (export_total_ > 0) {
      export_bar_->setValue(static_cast<int>(std::min<int64_t>(export_steps, rows * export_steps / export_total_)));
      export_line_->setText(
          tr("%1 of %2 rows, %3").arg(count_text(rows), count_text(export_total_), memory_text(bytes)));
    } else {
      export_line_->setText(rows > 0 ? tr("%1 rows, %2").arg(count_text(rows), memory_text(bytes))
                                     : tr("%1 of the log written").arg(memory_text(bytes)));
    }
  });
  connect(
      desk_, &AuditDesk::exported, this, [this](const QString& file, qint64 rows, qint64 bytes, const QString& sha256) {
        end_export();
        emit toast(
            rows > 0
                ? tr("%n row(s) saved to %1.", nullptr, static_cast<int>(rows)).arg(file)
                : tr("%1 saved to %2; SHA-256 %3.").arg(memory_text(bytes), file, short_digest(sha256.toStdString())),
            {});
      });
  connect(desk_, &AuditDesk::export_failed, this, [this](const QString& file, const QString& why) {
    end_export();
    emit toast(why.isEmpty() ? tr("The export was cancelled; no file was written.")
                             : tr("%1 was not written: %2.").arg(file, why),
               {});
  });
}

int64_t AuditScreen::now_us() const {
  return session().status() ? session().status()->now_us + std::max<int64_t>(0, session().status_age_ms()) * 1000 : 0;
}

void AuditScreen::entered() {
  if (!may("GET", records_path)) {
    states().show_no_permission(QStringLiteral("auditor"), {});
    return;
  }
  const QString auditor_needed = tr("Needs the role auditor.");
  band_->verify_button()->set_refusal(may("POST", "/admin/v1/audit/verify") ? QString() : auditor_needed);
  export_log_->set_refusal(may("GET", "/admin/v1/audit/export") ? QString() : auditor_needed);
  if (!came_) states().show_loading(tr("Asking %1 for its audit log").arg(session().appliance().name));
  ask_names();
  if (session().status()) take_status();
  ask_counts();
  count_again_.start();
  table_->setFocus();
}

void AuditScreen::left() {
  count_again_.stop();
}

void AuditScreen::ask_names() {
  if (!may("GET", "/admin/v1/clients")) return;
  session().get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) {
    if (!answer) return;
    AuditNames names = list_->names();
    names.take(*answer);
    list_->set_names(std::move(names));
    filters_->set_clients(answer->clients);
  });
}

void AuditScreen::refresh() {
  if (!came_) states().show_loading(tr("Asking %1 for its audit log").arg(session().appliance().name));
  list_->reload();
  ask_names();
  ask_counts();
  session().try_now();
}

void AuditScreen::focus_search() {
  filters_->focus_search();
}

bool AuditScreen::step_back() {
  if (drawer_->isVisible()) {
    drawer_->hide();
    close_drawer();
    return true;
  }
  if (list_->filter().any() || filters_->any() || bars_->chosen()) {
    clear_filter();
    table_->setFocus();
    return true;
  }
  return false;
}

void AuditScreen::take_status() {
  if (!session().status() || !may("GET", records_path)) return;
  const DaemonStatus& status = *session().status();
  if (!status.audit) {
    if (!came_)
      states().show_error(tr("The log's process is away"),
                          tr("Records can be read when tijori-audit is back; until then nothing is answered either."),
                          {{tr("Try now"), [this] { refresh(); }}});
    return;
  }
  const AuditStatusReply& log = *status.audit;
  AuditNames names = list_->names();
  names.take(status);
  list_->set_names(std::move(names));
  list_->set_now(status.now_us);
  list_->set_size(log.records, log.last_checkpoint_size);
  if (log.verifying_done >= 0) meter_.add(steady_.nsecsElapsed() / 1000, log.verifying_done, log.verifying_total);
  static constexpr int64_t slack_us = 5'000'000;
  if (own_verdict_ && log.verified_us > own_verdict_us_ + slack_us) own_verdict_.reset();
  set_context(tr("%1 records, log %2").arg(count_text(log.records), short_digest(log.log_id)));
  say_count();
  say_verdict();
  if (wanted_seq_ >= 0) open_wanted();
}

void AuditScreen::say_verdict() {
  if (!session().status() || !session().status()->audit) return;
  const AuditStatusReply& log = *session().status()->audit;
  const auto& witness = session().witness().view();
  VerdictFacts facts{.log = log,
                     .now_us = session().status()->now_us,
                     .witness = witness ? &*witness : nullptr,
                     .checking = desk_->verifying() || log.verifying_done >= 0,
                     .meter = &meter_,
                     .own = own_verdict_ ? &*own_verdict_ : nullptr,
                     .trouble = verify_trouble_};
  band_->show_words(verdict_words(facts));
  band_->show_breaches(breaches(facts));
  Button* const button = band_->verify_button();
  const QString word = desk_->verifying() ? tr("Cancel") : (log.verified.empty() ? tr("Verify") : tr("Verify again"));
  if (button->text() != word) {
    button->setText(word);
    button->set_icon(desk_->verifying() ? QStringLiteral("x-lg") : QStringLiteral("shield-check"));
  }
}

void AuditScreen::say_count() {
  QString words;
  const QString all = count_text(std::max(list_->records(), counted_records_));
  if (!list_trouble_.isEmpty()) {
    words = list_trouble_;
  } else if (!list_->filter().any()) {
    words = tr("%1 records, newest first").arg(count_text(list_->records()));
  } else if (bars_->chosen()) {
    const auto [first, last] = *bars_->chosen();
    words = tr("%1 of %2, %3 to %4 IST")
                .arg(count_text(records_between(bars_->bars(), first, last)), all, ist_time(bars_->begin_of(first)),
                     ist_time(bars_->begin_of(last + 1)));
  } else if (matching_ || list_->complete()) {
    const int64_t known = list_->complete() ? list_->rowCount() : std::max<int64_t>(*matching_, list_->rowCount());
    words = tr("%1 of %2").arg(count_text(known), all);
  } else {
    words = tr("%1 so far, of %2").arg(count_text(list_->rowCount()), all);
  }
  if (words == count_->text()) return;
  count_->set_role(list_trouble_.isEmpty() ? Colour::text2 : Colour::danger);
  count_->setText(words);
  bars_->arrange();
}

void AuditScreen::say_new_above() {
  above_->setVisible(new_above_ > 0);
  above_->setText(tr("%n new", nullptr, new_above_));
  above_->setToolTip(tr("Newer records came in above: go there  Home"));
  bars_->arrange();
}

void AuditScreen::ask_counts() {
  if (!may("GET", "/admin/v1/audit/count") || !session().status()) return;
  const int64_t now = now_us();
  AuditFilter filter = filters_->filter(now);
  auto from = filter.since_us ? filter.since_us : log_first_us_;
  list_->note_reading();
  if (!from) {
    desk_->count(count_target({}, 0), [this](const Answer<AuditCounts>& answer) {
      if (!answer || answer->first_us <= 0) return;
      log_first_us_ = answer->first_us;
      ask_counts();
    });
    return;
  }
  if (!filter.since_us) from = std::min(*from, now - least_span_us);  // a young log isn't one bar
  // As long as an interval is chosen the bars stay where they are in time.
  const CountSpan span = bars_->chosen() ? bars_->span() : fit_span(*from, now);
  filter.since_us = span.from_us;
  filter.until_us = span.to_us - 1;
  desk_->count(count_target(filter, span.bucket_us), [this, span](const Answer<AuditCounts>& answer) {
    if (answer) take_counts(*answer, span);
  });
}

void AuditScreen::take_counts(const AuditCounts& counts, const CountSpan& span) {
  if (bars_->chosen() && span != bars_->span()) return;  // asked before it was chosen
  bars_->set(bars_of(counts, span), span);
  matching_ = counts.matching;
  counted_records_ = counts.records;
  say_count();
}

void AuditScreen::apply_filter() {
  const int64_t now = now_us();
  AuditFilter filter = filters_->filter(now);
  const bool is_same_time = filter.since_us.has_value() == list_->filter().since_us.has_value();
  if (bars_->chosen() && bars_->span().bars() > 0) {
    filter.since_us = bars_->begin_of(bars_->chosen()->first);
    filter.until_us = bars_->begin_of(bars_->chosen()->last + 1) - 1;
  } else if (filter.since_us) {
    filter.since_us = fit_span(*filter.since_us, now).from_us;  // as the bars have it
  }
  if (filter == list_->filter() && is_same_time) return;
  matching_.reset();
  new_above_ = 0;
  say_new_above();
  rows_->show_content();
  list_->set_filter(filter);
  say_count();
  ask_counts();
}

void AuditScreen::choose_interval(int first, int last) {
  bars_->set_chosen(MinuteBars::Interval{first, last});
  apply_filter();
}

void AuditScreen::clear_filter() {
  bars_->set_chosen(std::nullopt);
  filters_->clear();
  if (!list_->filter().any()) return;
  list_->set_filter({});
  say_count();
}

void AuditScreen::show_at(const QString& argument) {
  bool is_number = false;
  const int64_t seq = argument.toLongLong(&is_number);
  if (list_->filter().any()) clear_filter();
  if (!is_number) return filters_->choose_client(argument);
  wanted_seq_ = seq;
  if (list_->records() > 0) open_wanted();
}

void AuditScreen::open_wanted() {
  const int row = list_->row_of(wanted_seq_);
  if (row < 0) {
    if (list_->records() == 0) return;
    emit toast(tr("There is no record %1.").arg(count_text(std::exchange(wanted_seq_, -1))), {});
    return;
  }
  if (table_->currentIndex().row() != row) {
    table_->selectRow(row);
    table_->scrollTo(list_->index(row, 0), QAbstractItemView::PositionAtCenter);
  }
  if (list_->record(row) == nullptr) return;
  wanted_seq_ = -1;
  show_record(row);
}

void AuditScreen::show_record(int row) {
  const AuditRecord* const found = list_->record(row);
  if (found == nullptr) {
    wanted_seq_ = list_->seq_of(row);
    return;
  }
  open_seq_ = found->seq;
  show_open_record();
}

// Its neighbours may come later: then it is shown once more.
void AuditScreen::show_open_record() {
  const int row = list_->row_of(open_seq_);
  const AuditRecord* const found = row < 0 ? nullptr : list_->record(row);
  if (found == nullptr) return;
  const AuditRecord record = *found;
  const auto neighbour = [&](int64_t seq) -> const AuditRecord* {
    const int at = list_->row_of(seq);
    return at < 0 ? nullptr : list_->record(at);
  };
  RecordPlace place;
  place.previous = neighbour(record.seq - 1);
  place.next = neighbour(record.seq + 1);
  place.log_records = list_->records();
  place.signed_records = list_->signed_records();
  if (session().status() && session().status()->audit) place.signed_us = session().status()->audit->last_checkpoint_us;
  if (!may("GET", "/admin/v1/audit/proof")) place.refusal = tr("Needs the role auditor.");
  const bool keyboard_in_drawer = drawer_->isAncestorOf(QApplication::focusWidget());
  drawer_->show_record(record, list_->names(), place);
  table_->setColumnHidden(AuditList::duration_column, true);
  if (!keyboard_in_drawer && !table_->hasFocus()) table_->setFocus();
}

void AuditScreen::step(int rows) {
  const int row = list_->row_of(open_seq_);
  const int to = row + rows;
  if (row < 0 || to < 0 || to >= list_->rowCount()) return;
  table_->setCurrentIndex(list_->index(to, 0));
}

void AuditScreen::close_drawer() {
  const int row = list_->row_of(open_seq_);
  open_seq_ = -1;
  wanted_seq_ = -1;
  table_->setColumnHidden(AuditList::duration_column, false);
  if (row >= 0 && table_->currentIndex().row() != row) table_->setCurrentIndex(list_->index(row, 0));
  table_->setFocus();
}

void AuditScreen::ask_proof(int64_t seq) {
  list_->note_reading();
  desk_->proof(seq, [this](const Answer<AuditProof>& answer) {
    if (!answer) return emit toast(sentence_of(answer.error()), {});
    QApplication::clipboard()->setText(QString::fromStdString(to_json(*answer)));
    emit toast(tr("The proof of record %1 is on the clipboard.").arg(count_text(answer->seq)), {});
  });
}

void AuditScreen::verify() {
  if (desk_->verifying()) return desk_->cancel_verify();
  verify_trouble_.clear();
  own_verdict_.reset();
  list_->note_reading();
  if (!desk_->verify([this](const Answer<AuditVerdict>& answer) { take_verdict(answer); }))
    emit toast(tr("The verification could not be asked for."), {});
}

void AuditScreen::take_verdict(const Answer<AuditVerdict>& answer) {
  meter_.clear();
  if (answer) {
    own_verdict_ = *answer;
    own_verdict_us_ = now_us();
  } else {
    verify_trouble_ = sentence_of(answer.error());
  }
  say_verdict();
  session().try_now();
}

void AuditScreen::begin_export(const QString& sentence, int64_t total) {
  export_total_ = total;
  export_bar_->setRange(0, total > 0 ? export_steps : 0);
  export_bar_->setValue(0);
  export_line_->setText(sentence);
  export_strip_->show();
  for (Button* button : {export_rows_, export_log_}) button->set_refusal(tr("An export is under way."));
}

void AuditScreen::end_export() {
  export_strip_->hide();
  export_rows_->set_refusal({});
  export_log_->set_refusal(may("GET", "/admin/v1/audit/export") ? QString() : tr("Needs the role auditor."));
}

void AuditScreen::export_rows() {
  if (desk_->exporting()) return;
  const QString file =
      QFileDialog::getSaveFileName(this, tr("Save the rows of the filter"), QStringLiteral("tijori-audit.csv"));
  if (file.isEmpty()) return;
  RowOrder order;
  order.target = [filter = list_->filter()](std::optional<int64_t> before_seq) {
    return records_target(filter, before_seq, max_records_per_list);
  };
  order.before_seq = list_->records();
  order.signed_records = list_->signed_records();
  for (const auto& [id, name] : list_->names().clients) order.names[id] = name.toStdString();
  if (!desk_->export_rows(std::move(order), file)) return emit toast(tr("The export could not be started."), {});
  begin_export(tr("Writing the rows to %1").arg(file),
               list_->filter().any() ? matching_.value_or(0) : list_->records());
}

void AuditScreen::export_log() {
  if (desk_->exporting()) return;
  const QString file =
      QFileDialog::getSaveFileName(this, tr("Save the signed log"), QStringLiteral("tijori-audit.export"));
  if (file.isEmpty()) return;
  list_->note_reading();
  if (!desk_->export_log(file)) return emit toast(tr("The export could not be started."), {});
  begin_export(tr("Writing the log to %1").arg(file), 0);
}

void AuditScreen::save_checkpoint(const QByteArray& note) {
  const QString file =
      QFileDialog::getSaveFileName(this, tr("Save the kept checkpoint"), QStringLiteral("checkpoint.note"));
  if (file.isEmpty()) return;
  QSaveFile out(file);
  if (out.open(QIODevice::WriteOnly) && out.write(note) == note.size() && out.commit())
    emit toast(tr("The checkpoint was saved to %1.").arg(file), {});
  else
    emit toast(tr("%1 was not written: %2.").arg(file, out.errorString()), {});
}

std::vector<Command> AuditScreen::commands() {
  const QString group = tr("Actions");
  const QString verify_refusal = may("POST", "/admin/v1/audit/verify") ? QString() : tr("needs the role auditor");
  const QString export_refusal = may("GET", "/admin/v1/audit/export") ? QString() : tr("needs the role auditor");
  std::vector<Command> all;
  const auto add = [&](const char* id, const QString& title, const char* words, const char* icon,
                       std::function<void()> run, std::function<QString()> line, const QString& refusal = {}) {
    Command command;
    command.id = QLatin1String(id);
    command.group = group;
    command.title = title;
    command.search = QString::fromUtf8(words);
    command.icon = QLatin1String(icon);
    command.run = std::move(run);
    command.command_line = std::move(line);
    command.refusal = refusal;
    all.push_back(std::move(command));
  };
  add(
      "audit.list", tr("Ask for the list again"), "refresh list सूची", "arrow-repeat", [this] { refresh(); },
      [this] { return records_command(list_->filter()); });
  all.back().keys = QKeySequence(Qt::Key_F5);
  add(
      "audit.verify", desk_->verifying() ? tr("Cancel the verification") : tr("Verify the log"),
      "verify check altered सत्यापित", "shield-check", [this] { verify(); },
      [] { return QStringLiteral("tijori audit verify"); }, verify_refusal);
  add(
      "audit.count", tr("Records over time"), "count bars minute गिनती", "sliders", [this] { bars_->setFocus(); },
      [this] { return count_command(list_->filter(), bars_->span().bucket_us); });
  add(
      "audit.export", tr("Export the rows of the filter…"), "export csv rows एक्सपोर्ट", "download",
      [this] { export_rows(); }, [this] { return records_command(list_->filter()) + QStringLiteral(" --json"); });
  add(
      "audit.export_log", tr("Export the signed log…"), "export signed auditor एक्सपोर्ट", "patch-check",
      [this] { export_log(); }, [] { return QStringLiteral("tijori audit export tijori-audit.export"); },
      export_refusal);
  add("audit.clear", tr("Clear the filters"), "filter फ़िल्टर", "funnel", [this] { clear_filter(); }, {});
  if (open_seq_ >= 0) {
    const int64_t seq = open_seq_;
    add(
        "audit.proof", tr("Copy the proof of record %1").arg(count_text(seq)), "proof प्रमाण", "clipboard",
        [this, seq] { ask_proof(seq); }, [seq] { return QStringLiteral("tijori audit show %1").arg(seq); });
  }
  return all;
}

}  // namespace tijori
