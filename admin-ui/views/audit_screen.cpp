#include "admin-ui/views/audit_screen.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSaveFile>

#include "admin-ui/models/numbers.h"
#include "protocol/client/api_client.h"

namespace tijori {
namespace {

constexpr int64_t verify_quiet_timeout_ms = 3'600'000;
constexpr int64_t hour_us = int64_t{3600} * 1'000'000;

// The closed lists of docs/audit-record.md, as far as a reader filters by them.
constexpr const char* events[] = {"inference.received", "inference.released", "guardrail.decided", "connection.refused",
                                  "admin.changed",      "client.enrolled",    "client.changed",    "client.revoked",
                                  "log.read",           "model.loaded",       "model.unloaded",    "model.failed",
                                  "engine.crashed",     "daemon.started",     "daemon.stopped",    "log.started",
                                  "log.recovered",      "segment.opened",     "heartbeat",         "time.stepped",
                                  "counts.hourly",      "config.reloaded"};
constexpr const char* outcomes[] = {"ok", "answered", "refused", "blocked", "aborted", "failed"};

QString text_of(const DetailValue& value) {
  if (const auto* const flag = std::get_if<bool>(&value)) return *flag ? QStringLiteral("yes") : QStringLiteral("no");
  if (const auto* const number = std::get_if<int64_t>(&value)) return count_text(*number);
  if (const auto* const word = std::get_if<std::string>(&value)) return QString::fromStdString(*word);
  return QStringLiteral("…");
}

bool is_hex(const QString& text) {
  return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) {
    return c.isDigit() || (c.toLower() >= QLatin1Char('a') && c.toLower() <= QLatin1Char('f'));
  });
}

}  // namespace

AuditScreen::AuditScreen(Session& to_session)
    : Screen(to_session, tr("Audit")),
      list_(new AuditList(
          [this](const std::string& target, std::function<void(const Answer<AuditRecords>&)> done) {
            session().get<AuditRecords>(target, this, std::move(done));
          },
          this)),
      table_(new DataTable(DataTable::Rows::dense, tr("Audit records"))),
      drawer_(new Drawer),
      search_(new QLineEdit),
      time_(new QComboBox),
      event_(new QComboBox),
      outcome_(new QComboBox),
      count_(new TextLabel(Type::label, Colour::text2)),
      verdict_badge_(new Badge),
      verdict_line_(new TextLabel(Type::body_strong)),
      verdict_note_(new TextLabel(Type::label, Colour::text2)),
      verify_(new Button(tr("Verify"), ButtonKind::primary, QStringLiteral("patch-check"))) {
  auto* exporter = new Button(tr("Export rows"), ButtonKind::standard, QStringLiteral("download"));
  exporter->setObjectName(QStringLiteral("audit.export"));
  verify_->setObjectName(QStringLiteral("audit.verify"));
  table_->setObjectName(QStringLiteral("audit.table"));
  drawer_->setObjectName(QStringLiteral("audit.drawer"));
  search_->setObjectName(QStringLiteral("audit.search"));
  time_->setObjectName(QStringLiteral("audit.time"));
  event_->setObjectName(QStringLiteral("audit.event"));
  outcome_->setObjectName(QStringLiteral("audit.outcome"));
  count_->setObjectName(QStringLiteral("audit.count"));
  verdict_badge_->setObjectName(QStringLiteral("audit.verdict"));
  verdict_line_->setObjectName(QStringLiteral("audit.verdict_line"));
  verdict_note_->setObjectName(QStringLiteral("audit.verdict_note"));
  add_to_title_row(exporter);
  add_to_title_row(verify_);

  auto* content = new QWidget;
  auto* across = new QHBoxLayout(content);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(20);
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  column->addWidget(make_verdict());
  auto* panel = new Panel;
  panel->body()->addWidget(make_filters());
  panel->add_divider();
  panel->body()->addWidget(table_, 1);
  column->addWidget(panel, 1);
  across->addLayout(column, 1);
  across->addWidget(drawer_);
  set_content(content);

  table_->setModel(list_);
  table_->set_columns({120, 172, 150, 180, 128, 0, 84});
  connect(table_, &DataTable::opened, this, [this](const QModelIndex& index) { show_record(index.row()); });
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (drawer_->isVisible() && index.isValid()) show_record(index.row());
  });
  connect(drawer_, &Drawer::closed, this, [this] {
    open_row_ = -1;
    table_->setFocus();
  });
  connect(list_, &AuditList::failed, this, [this](const ClientError& error) {
    if (list_->rowCount() == 0) show_failure(error, [this] { refresh(); });
  });
  connect(list_, &AuditList::loaded, this, [this] {
    say_count();
    if (wanted_seq_ >= 0) {
      const int row = list_->row_of(wanted_seq_);
      if (row >= 0 && list_->record(row) != nullptr) {
        wanted_seq_ = -1;
        show_record(row);
      }
    }
  });
  connect(exporter, &Button::clicked, this, &AuditScreen::export_rows);
  connect(verify_, &Button::clicked, this, &AuditScreen::verify);
  verify_tick_.setInterval(500);
  connect(&verify_tick_, &QTimer::timeout, this, [this] {
    verdict_note_->setText(tr("Asking the log to check itself, %1 so far; nothing wrong was reported yet.")
                               .arg(duration_text(verify_since_.elapsed() * 1000)));
  });
  connect(&session(), &Session::status_changed, this, &AuditScreen::take_status);
}

QWidget* AuditScreen::make_verdict() {
  auto* panel = new Panel;
  auto* row = new QHBoxLayout;
  row->setContentsMargins(16, 10, 12, 10);
  row->setSpacing(10);
  row->addWidget(verdict_badge_);
  verdict_line_->set_elide(Qt::ElideRight);
  row->addWidget(verdict_line_);
  verdict_note_->set_elide(Qt::ElideRight);
  row->addWidget(verdict_note_, 1);
  panel->body()->addLayout(row);
  verdict_badge_->set({Tone::plain, QStringLiteral("dash-circle"), tr("not checked here yet")});
  return panel;
}

QWidget* AuditScreen::make_filters() {
  auto* bar = new QWidget;
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(12, 8, 12, 8);
  row->setSpacing(8);
  search_->setPlaceholderText(tr("Record number, request id, client"));
  search_->setAccessibleName(tr("Search records"));
  search_->setClearButtonEnabled(true);
  search_->addAction(QIcon(icon_pixmap(QStringLiteral("search"), Colour::text3, *this)), QLineEdit::LeadingPosition);
  search_->setMinimumWidth(230);
  const auto fill = [](QComboBox* box, const QString& name, const QString& all, const QStringList& words) {
    box->setAccessibleName(name);
    box->addItem(all);
    box->addItems(words);
  };
  QStringList event_words;
  for (const char* event : events) event_words << QLatin1String(event);
  QStringList outcome_words;
  for (const char* outcome : outcomes) outcome_words << QLatin1String(outcome);
  fill(time_, tr("Time"), tr("Any time"),
       {tr("Last hour"), tr("Last 24 hours"), tr("Last 7 days"), tr("Last 30 days")});
  fill(event_, tr("Event"), tr("Any event"), event_words);
  fill(outcome_, tr("Outcome"), tr("Any outcome"), outcome_words);
  row->addWidget(search_, 1);
  row->addWidget(time_);
  row->addWidget(event_);
  row->addWidget(outcome_);
  row->addWidget(count_);
  connect(search_, &QLineEdit::returnPressed, this, &AuditScreen::search);
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
    if (text.isEmpty()) apply_filter();
  });
  for (QComboBox* box : {time_, event_, outcome_})
    connect(box, &QComboBox::currentIndexChanged, this, [this] { apply_filter(); });
  return bar;
}

void AuditScreen::entered() {
  if (!session().permits("GET", "/admin/v1/audit/records")) {
    states().show_no_permission(QStringLiteral("auditor"), {});
    return;
  }
  verify_->set_refusal(session().permits("POST", "/admin/v1/audit/verify") ? QString()
                                                                           : tr("Verifying needs the role auditor."));
  if (session().permits("GET", "/admin/v1/clients"))
    session().get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) {
      if (!answer) return;
      std::map<std::string, QString> names;
      for (const ClientInfo& client : answer->clients) names[client.id] = QString::fromStdString(client.name);
      list_->set_names(std::move(names));
    });
  if (session().status()) take_status();
  table_->setFocus();
}

void AuditScreen::refresh() {
  states().show_content();
  list_->reload();
  session().try_now();
}

void AuditScreen::focus_search() {
  search_->setFocus();
  search_->selectAll();
}

bool AuditScreen::step_back() {
  if (drawer_->isVisible()) {
    drawer_->hide();
    open_row_ = -1;
    table_->setFocus();
    return true;
  }
  if (list_->filter().any() || !search_->text().isEmpty()) {
    clear_filter();
    return true;
  }
  return false;
}

void AuditScreen::take_status() {
  if (!session().status() || !session().permits("GET", "/admin/v1/audit/records")) return;
  if (!session().status()->audit) {
    if (list_->rowCount() == 0)
      states().show_error(tr("The log's process is away"),
                          tr("Records can be read when tijori-audit is back; until then nothing is answered either."),
                          {{tr("Try now"), [this] { refresh(); }}});
    return;
  }
  if (states().state() != StateView::State::content) states().show_content();
  const AuditStatusReply& log = *session().status()->audit;
  list_->set_size(log.records, log.last_checkpoint_size);
  set_context(tr("%1 records, signed up to %2").arg(count_text(log.records), count_text(log.last_checkpoint_size)));
  say_count();
  if (open_row_ < 0 && !verifying_ && verdict_line_->text().isEmpty())
    verdict_line_->setText(tr("Signed up to record %1").arg(count_text(log.last_checkpoint_size - 1)));
}

void AuditScreen::say_count() {
  if (!list_->filter().any()) {
    count_->setText({});
    return;
  }
  count_->setText(list_->complete()
                      ? tr("%1 of %2").arg(count_text(list_->rowCount()), count_text(list_->records()))
                      : tr("%1 so far, of %2").arg(count_text(list_->rowCount()), count_text(list_->records())));
}

void AuditScreen::apply_filter() {
  AuditFilter filter = list_->filter();
  filter.since_us.reset();
  static constexpr int64_t spans[] = {0, hour_us, 24 * hour_us, 7 * 24 * hour_us, 30 * 24 * hour_us};
  if (time_->currentIndex() > 0 && session().status())
    filter.since_us = session().status()->now_us - spans[time_->currentIndex()];
  filter.event = event_->currentIndex() > 0 ? event_->currentText().toStdString() : std::string();
  filter.outcome = outcome_->currentIndex() > 0 ? outcome_->currentText().toStdString() : std::string();
  if (search_->text().isEmpty()) {
    filter.actor.clear();
    filter.request_id.clear();
  }
  if (filter == list_->filter()) return;
  list_->set_filter(filter);
  say_count();
}

void AuditScreen::clear_filter() {
  search_->clear();
  time_->setCurrentIndex(0);
  event_->setCurrentIndex(0);
  outcome_->setCurrentIndex(0);
  list_->set_filter({});
  say_count();
}

// A number is a record, 32 hex digits a request, anything else the name of a client.
void AuditScreen::search() {
  QString text = search_->text().trimmed();
  QString digits = text;
  digits.remove(QLatin1Char(','));
  bool is_number = false;
  const int64_t seq = digits.toLongLong(&is_number);
  if (is_number && digits.size() < 16) return show_at(digits);
  AuditFilter filter = list_->filter();
  filter.actor.clear();
  filter.request_id.clear();
  (void)seq;
  if (is_hex(text) && text.size() == 32) {
    filter.request_id = text.toLower().toStdString();
    list_->set_filter(filter);
    say_count();
    return;
  }
  session().get<ClientList>("/admin/v1/clients", this, [this, text, filter](const Answer<ClientList>& answer) mutable {
    if (!answer) return emit toast(sentence_of(answer.error()), {});
    for (const ClientInfo& client : answer->clients)
      if (QString::fromStdString(client.name).contains(text, Qt::CaseInsensitive)) {
        filter.actor = client.id;
        list_->set_filter(filter);
        return say_count();
      }
    emit toast(tr("No client of the register is called %1.").arg(text), {});
  });
}

void AuditScreen::show_at(const QString& argument) {
  const int64_t seq = argument.toLongLong();
  if (list_->filter().any()) clear_filter();
  const int row = list_->row_of(seq);
  if (row < 0) return emit toast(tr("There is no record %1.").arg(count_text(seq)), {});
  wanted_seq_ = seq;
  table_->selectRow(row);
  table_->scrollTo(list_->index(row, 0), QAbstractItemView::PositionAtCenter);
  if (list_->record(row) != nullptr) {
    wanted_seq_ = -1;
    show_record(row);
  }
}

void AuditScreen::show_record(int row) {
  const AuditRecord* const found = list_->record(row);
  if (found == nullptr) {
    wanted_seq_ = list_->records() - 1 - row;
    return;
  }
  open_row_ = row;
  const AuditRecord& record = *found;
  const bool is_signed = record.seq < list_->signed_records();
  drawer_->begin(tr("Record %1").arg(count_text(record.seq)), QString::fromStdString(record.event),
                 is_signed ? BadgeText{Tone::ok, QStringLiteral("patch-check"), tr("signed")}
                           : BadgeText{Tone::plain, QStringLiteral("dash-circle"), tr("not signed yet")});
  drawer_->section(tr("What happened"));
  drawer_->pair(tr("Outcome"), QString::fromStdString(record.outcome));
  drawer_->pair(tr("Time"), ist_stamp(record.time_us));
  drawer_->pair(QStringLiteral("UTC"), utc_stamp(record.time_us));
  drawer_->pair(tr("Clock"), QString::fromStdString(record.time_status));
  drawer_->pair(tr("Actor"), list_->index(row, AuditList::actor_column).data().toString());
  drawer_->pair(tr("Actor's id"), QString::fromStdString(record.actor), Type::mono);
  drawer_->pair(tr("Certificate"), QString::fromStdString(record.auth), Type::mono);
  drawer_->pair(tr("Object"), QString::fromStdString(record.object), Type::mono);
  drawer_->pair(tr("Purpose"), QString::fromStdString(record.purpose));
  drawer_->pair(tr("Basis"), QString::fromStdString(record.basis));
  for (const std::string& subject : record.subjects)
    drawer_->pair(tr("Subject"), QString::fromStdString(subject), Type::mono);
  drawer_->pair(tr("Request"), QString::fromStdString(record.request_id), Type::mono);
  if (record.approvals > 0) drawer_->pair(tr("Approvals"), count_text(record.approvals));
  if (!record.detail.fields().empty()) {
    drawer_->section(tr("Detail"));
    for (const auto& [name, value] : record.detail.fields())
      drawer_->pair(QString::fromStdString(name), text_of(value),
                    std::holds_alternative<std::string>(value) ? Type::mono : Type::body);
  }
  drawer_->section(tr("Place in the chain"));
  drawer_->pair(tr("Segment"), count_text(record.segment));
  drawer_->pair(tr("Leaf"), QString::fromStdString(record.leaf), Type::mono);
  drawer_->pair(tr("Chain"), QString::fromStdString(record.chain), Type::mono);
  drawer_->paragraph(is_signed ? tr("Covered by a signed checkpoint of this log.")
                               : tr("The next signed checkpoint will cover it."));
  Button* const proof = drawer_->action(tr("Copy proof"), ButtonKind::standard, QStringLiteral("clipboard"));
  proof->set_refusal(is_signed ? QString() : tr("There is no proof before the next checkpoint."));
  connect(proof, &Button::clicked, this, [this, seq = record.seq] { ask_proof(seq); });
  Button* const copy = drawer_->action(tr("Copy as command"), ButtonKind::link);
  connect(copy, &Button::clicked, this, [this, seq = record.seq] {
    QApplication::clipboard()->setText(QStringLiteral("tijori audit show %1").arg(seq));
    emit toast(tr("Copied as a command."), {});
  });
  drawer_->end();
}

void AuditScreen::ask_proof(int64_t seq) {
  session().get<AuditProof>(
      "/admin/v1/audit/proof?seq=" + std::to_string(seq), this, [this](const Answer<AuditProof>& answer) {
        if (!answer) return emit toast(sentence_of(answer.error()), {});
        QApplication::clipboard()->setText(QString::fromStdString(to_json(*answer)));
        emit toast(tr("The proof of record %1 is on the clipboard.").arg(count_text(answer->seq)), {});
      });
}

void AuditScreen::verify() {
  if (verifying_) {
    verifying_.reset();
    verify_tick_.stop();
    verify_->setText(tr("Verify"));
    verdict_badge_->set({Tone::plain, QStringLiteral("dash-circle"), tr("cancelled")});
    verdict_note_->setText({});
    return;
  }
  auto lane = session().open_lane(Session::Door::admin);
  if (!lane) return emit toast(QString::fromStdString(lane.error().message), {});
  verifying_ = *std::move(lane);
  verify_since_.start();
  verify_tick_.start();
  verify_->setText(tr("Cancel"));
  verdict_badge_->set({Tone::info, QStringLiteral("arrow-repeat"), tr("verifying")});
  verdict_line_->setText({});
  const QPointer<AuditScreen> self(this);
  (void)verifying_->post([self](HttpClient& client, const Cancellation& cancellation) {
    const std::string target = "/admin/v1/audit/verify";
    ClientRequest request{.method = "POST", .target = target, .cancellation = &cancellation};
    request.quiet_timeout_ms = verify_quiet_timeout_ms;
    auto answer = std::make_shared<Answer<AuditVerdict>>(read_answer<AuditVerdict>(call(client, request), target));
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self, answer] {
          if (self && self->verifying_) self->take_verdict(*answer);
        },
        Qt::QueuedConnection);
  });
}

void AuditScreen::take_verdict(const Answer<AuditVerdict>& answer) {
  verify_tick_.stop();
  verifying_.reset();
  verify_->setText(tr("Verify"));
  if (!answer) {
    verdict_badge_->set({Tone::warn, QStringLiteral("exclamation-triangle-fill"), tr("not checked")});
    verdict_line_->setText(sentence_of(answer.error()));
    verdict_note_->setText({});
    return;
  }
  const AuditVerdict& verdict = *answer;
  if (verdict.verdict == "verified") {
    verdict_badge_->set({Tone::ok, QStringLiteral("check-circle-fill"), tr("verified")});
    verdict_line_->setText(tr("Verified up to record %1").arg(count_text(verdict.verified_up_to)));
  } else if (verdict.verdict == "altered" || verdict.verdict == "incomplete") {
    verdict_badge_->set({Tone::danger, QStringLiteral("x-octagon-fill"), tr("altered")});
    verdict_line_->setText(verdict.first_bad_seq < 0
                               ? QString::fromStdString(verdict.message)
                               : tr("Altered between record %1 and record %2")
                                     .arg(count_text(verdict.first_bad_seq),
                                          count_text(std::max(verdict.first_bad_seq, verdict.last_bad_seq))));
  } else {
    verdict_badge_->set(
        {Tone::warn, QStringLiteral("exclamation-triangle-fill"), QString::fromStdString(verdict.verdict)});
    verdict_line_->setText(QString::fromStdString(verdict.message));
  }
  verdict_note_->setText(tr("%1 records in %2; unsigned tail: %3; to ask about: %4")
                             .arg(count_text(verdict.records), duration_text(verify_since_.elapsed() * 1000),
                                  count_text(verdict.tail_records),
                                  count_text(static_cast<int64_t>(verdict.anomalies.size()))));
  verdict_note_->setToolTip(QString::fromStdString(verdict.message));
}

void AuditScreen::export_rows() {
  const QString file =
      QFileDialog::getSaveFileName(this, tr("Save the rows shown"), QStringLiteral("tijori-audit.csv"));
  if (file.isEmpty()) return;
  QString text = QStringLiteral("seq,time_utc,time_ist,event,outcome,actor,request_id,object,leaf\n");
  int rows = 0;
  for (int row = 0; row < list_->rowCount(); ++row) {
    const AuditRecord* const record = list_->record(row);
    if (record == nullptr) continue;
    ++rows;
    text += QStringList{QString::number(record->seq),
                        rfc3339_utc(record->time_us),
                        rfc3339_ist(record->time_us),
                        QString::fromStdString(record->event),
                        QString::fromStdString(record->outcome),
                        QString::fromStdString(record->actor),
                        QString::fromStdString(record->request_id),
                        QString::fromStdString(record->object),
                        QString::fromStdString(record->leaf)}
                .join(QLatin1Char(',')) +
            QLatin1Char('\n');
  }
  QSaveFile out(file);
  if (out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) >= 0 && out.commit()) {
    emit toast(tr("%n row(s) saved to %1.", nullptr, rows).arg(file), {});
  } else {
    emit toast(tr("%1 could not be written: %2.").arg(file, out.errorString()), {});
  }
}

std::vector<Command> AuditScreen::commands() {
  const QString group = tr("Actions");
  return {
      {QStringLiteral("audit.list"),
       group,
       tr("Ask for the list again"),
       QStringLiteral("refresh list"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [this] { return records_command(list_->filter()); },
       {}},
      {QStringLiteral("audit.verify"),
       group,
       tr("Verify the log"),
       QStringLiteral("verify check altered"),
       {},
       [this] { verify(); },
       [] { return QStringLiteral("tijori audit verify"); },
       session().permits("POST", "/admin/v1/audit/verify") ? QString() : tr("needs the role auditor")},
      {QStringLiteral("audit.export"),
       group,
       tr("Export the rows shown…"),
       QStringLiteral("export csv"),
       {},
       [this] { export_rows(); },
       [] { return QStringLiteral("tijori audit export FILE"); },
       {}},
      {QStringLiteral("audit.clear"),
       group,
       tr("Clear the filters"),
       QStringLiteral("filter"),
       {},
       [this] { clear_filter(); },
       {},
       {}},
  };
}

}  // namespace tijori
