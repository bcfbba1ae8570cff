#include "admin-ui/views/overview_screen.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QMenu>
#include <QPainter>
#include <QSaveFile>
#include <QScrollArea>
#include <algorithm>
#include <array>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/figure.h"

namespace tijori {
namespace {

constexpr int side_px = 320;
constexpr int certificates_every_ms = 60'000;
constexpr int64_t minute_us = 60'000'000;
constexpr int64_t day_us = int64_t{24} * 60 * minute_us;
constexpr std::array<int64_t, 4> ranges_us{15 * minute_us, 30 * minute_us, 360 * minute_us, day_us};
constexpr int64_t soon_us = 30 * day_us;

// Replaces what a panel shows below its head.
QVBoxLayout* fresh_rows(Panel& panel, QWidget*& rows) {
  delete rows;
  rows = new QWidget;
  auto* column = new QVBoxLayout(rows);
  column->setContentsMargins(16, 10, 16, 12);
  column->setSpacing(4);
  panel.body()->addWidget(rows);
  return column;
}

QHBoxLayout* pair_row(QVBoxLayout* column, const QString& name, const QString& value) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* label = new TextLabel(name, Type::label, Colour::text2);
  label->setFixedWidth(102);
  row->addWidget(label);
  auto* text = new TextLabel(value, Type::body);
  text->set_elide(Qt::ElideRight);
  row->addWidget(text, 1);
  column->addLayout(row);
  return row;
}

}  // namespace

OverviewScreen::OverviewScreen(Session& session)
    : Screen(session, tr("Overview")),
      range_(new Segment({tr("15 min"), tr("30 min"), tr("6 h"), tr("24 h")}, tr("Time shown"))),
      pause_(new Button(tr("Pause"), ButtonKind::standard, QStringLiteral("pause"))) {
  range_->choose(1);
  add_to_title_row(range_);
  add_to_title_row(pause_);
  auto* exporter = new Button(tr("Export"), ButtonKind::standard, QStringLiteral("download"));
  auto* menu = new QMenu(exporter);
  menu->addAction(tr("Values as CSV…"), this, &OverviewScreen::export_csv);
  menu->addAction(tr("Plots as PNG…"), this, &OverviewScreen::export_png);
  connect(exporter, &Button::clicked, this,
          [exporter, menu] { menu->popup(exporter->mapToGlobal(QPoint(0, exporter->height() + 4))); });
  add_to_title_row(exporter);

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  column->addWidget(make_strip());
  auto* row = new QHBoxLayout;
  row->setSpacing(metric::gap);
  row->addWidget(make_plots(), 1);
  row->addWidget(make_side());
  column->addLayout(row, 1);
  set_content(content);

  connect(range_, &Segment::chosen_changed, this, [this](int index) {
    time_.set_span(ranges_us.at(static_cast<size_t>(index)));
    set_context(tr("Last %1").arg(duration_text(time_.span_us())));
  });
  time_.set_span(ranges_us.at(1));
  set_context(tr("Last %1").arg(duration_text(time_.span_us())));
  connect(pause_, &Button::clicked, this, [this] { set_paused(!time_.paused()); });
  connect(&this->session(), &Session::status_changed, this, &OverviewScreen::take_status);
  connect(&this->session(), &Session::link_changed, this, [this] {
    if (this->session().link() == Link::lost) history_.note_gap_reason(tr("no answer"));
  });
  certificates_timer_.setInterval(certificates_every_ms);
  connect(&certificates_timer_, &QTimer::timeout, this, &OverviewScreen::ask_certificates);
  if (this->session().status()) {
    take_status();
  } else {
    states().show_loading(tr("Asking %1").arg(this->session().appliance().name));
  }
}

QWidget* OverviewScreen::make_strip() {
  auto* panel = new Panel;
  auto* row = new QHBoxLayout;
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  panel->body()->addLayout(row);
  const auto add = [&](Figure*& figure, const QString& name, const QString& opens) {
    if (row->count() != 0) {
      auto* line = make_divider(Qt::Vertical);
      line->setFixedHeight(64);
      row->addWidget(line);
    }
    figure = new Figure(name);
    connect(figure, &Figure::clicked, this, [this, opens] { emit open_screen(opens, {}); });
    row->addWidget(figure, 1);
  };
  add(tokens_, tr("Tokens per second"), QStringLiteral("models"));
  add(first_token_, tr("Time to first token"), QStringLiteral("models"));
  add(queue_, tr("Queue"), QStringLiteral("models"));
  add(kv_, tr("KV memory"), QStringLiteral("models"));
  add(memory_, tr("Weights"), QStringLiteral("models"));
  add(answers_, tr("Answers"), QStringLiteral("audit"));
  return panel;
}

QWidget* OverviewScreen::make_plots() {
  auto* area = new QWidget;
  auto* grid = new QGridLayout(area);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setSpacing(metric::gap);
  const auto add = [&](Plot* plot, int row, int column) {
    auto* panel = new Panel;
    panel->body()->addWidget(plot);
    plot->set_shows_time_chip(row == 1);
    grid->addWidget(panel, row, column);
    plots_.push_back(plot);
  };
  using Form = PlotSeries::Form;
  add(new Plot(tr("Tokens per second"), {}, 1, {{tr("all sequences"), Form::line}}, history_.tokens, time_), 0, 0);
  add(new Plot(tr("Time to first token"), tr("seconds"), 2, {{tr("p50"), Form::line}, {tr("p95"), Form::line}},
               history_.first_token, time_),
      0, 1);
  add(new Plot(tr("Queue and running"), tr("requests"), 0, {{tr("running"), Form::steps}, {tr("waiting"), Form::steps}},
               history_.requests, time_),
      1, 0);
  add(new Plot(tr("KV memory"), QStringLiteral("GiB"), 2, {{tr("reserved"), Form::line}}, history_.kv, time_), 1, 1);
  plots_.at(1)->set_area(false);
  return area;
}

QWidget* OverviewScreen::make_side() {
  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metric::gap);
  findings_ = new Panel(tr("To do"), {});
  models_ = new Panel(tr("Models"), {});
  audit_ = new Panel(tr("Audit log"), {});
  certificates_ = new Panel(tr("Certificates"), {});
  const auto opener = [this](Panel* panel, const QString& id) {
    auto* open = new Button(tr("Open"), ButtonKind::link, {}, ButtonSize::compact);
    open->setAccessibleName(tr("Open %1").arg(panel->accessibleName()));
    connect(open, &Button::clicked, this, [this, id] { emit open_screen(id, {}); });
    panel->add_to_head(open);
  };
  opener(models_, QStringLiteral("models"));
  opener(audit_, QStringLiteral("audit"));
  opener(certificates_, QStringLiteral("clients"));
  for (Panel* panel : {findings_, models_, audit_, certificates_}) column->addWidget(panel);
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(inner);
  scroll->setFixedWidth(side_px);
  scroll->setFocusPolicy(Qt::NoFocus);
  return scroll;
}

void OverviewScreen::entered() {
  ask_certificates();
  certificates_timer_.start();
}

void OverviewScreen::left() {
  certificates_timer_.stop();
}

void OverviewScreen::refresh() {
  session().try_now();
  ask_certificates();
}

void OverviewScreen::take_status() {
  const DaemonStatus& status = *session().status();
  states().show_content();
  history_.add(status);
  time_.advance(status.now_us);
  if (time_.paused()) set_context(tr("Paused, %1 behind").arg(duration_text(status.now_us - time_.to_us())));
  const RequestCounters& now = status.requests;
  tokens_->set(decimal_text(now.tokens_per_second, 1), {},
               tr("%1 made since start").arg(count_text(now.completion_tokens)));
  first_token_->set(
      now.ttft_p50_us == 0 ? QStringLiteral("–") : decimal_text(static_cast<double>(now.ttft_p50_us) / 1e6, 2),
      tr("s, p50"),
      now.ttft_p95_us == 0 ? tr("no answer yet")
                           : tr("p95 %1 s").arg(decimal_text(static_cast<double>(now.ttft_p95_us) / 1e6, 2)));
  queue_->set(count_text(now.queued), tr("waiting"), tr("%1 running").arg(count_text(now.running)));
  int64_t kv_bytes = 0;
  int64_t weight_bytes = 0;
  int64_t sequences = 0;
  for (const ModelInfo& model : status.models) {
    kv_bytes += model.kv_bytes;
    weight_bytes += model.weights_bytes;
    sequences += model.max_sequences;
  }
  kv_->set(gib_text(kv_bytes), QStringLiteral("GiB"),
           tr("%n sequence(s) reserved", nullptr, static_cast<int>(sequences)));
  memory_->set(gib_text(weight_bytes), QStringLiteral("GiB"), tr("of loaded models"));
  answers_->set(count_text(now.answered), tr("since start"),
                tr("%1 refused, %2 failed").arg(count_text(now.refused), count_text(now.failed)));
  fill_findings(status);
  fill_models(status);
  fill_audit(status);
}

void OverviewScreen::fill_findings(const DaemonStatus& status) {
  QString key;
  for (const Condition& condition : status.conditions)
    key += QString::fromStdString(condition.code + condition.message) + QLatin1Char('\n');
  if (findings_rows_ != nullptr && key == last_findings_) return;
  last_findings_ = key;
  findings_->set_note(tr("%n finding(s)", nullptr, static_cast<int>(status.conditions.size())));
  QVBoxLayout* column = fresh_rows(*findings_, findings_rows_);
  if (status.conditions.empty()) {
    auto* row = new QHBoxLayout;
    auto* picture = new QLabel;
    picture->setPixmap(icon_pixmap(QStringLiteral("check-circle-fill"), Colour::ok, *this));
    row->addWidget(picture);
    row->addWidget(new TextLabel(tr("Nothing to do."), Type::body), 1);
    column->addLayout(row);
    return;
  }
  for (const Condition& condition : status.conditions) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* picture = new QLabel;
    const bool wrong = condition.severity == Severity::error;
    const bool note = condition.severity == Severity::info;
    picture->setPixmap(icon_pixmap(wrong  ? QStringLiteral("x-octagon-fill")
                                   : note ? QStringLiteral("info-circle-fill")
                                          : QStringLiteral("exclamation-triangle-fill"),
                                   wrong  ? Colour::danger
                                   : note ? Colour::accent
                                          : Colour::warn,
                                   *this));
    row->addWidget(picture, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    auto* message = new TextLabel(Type::body);
    message->set_paragraph(QString::fromStdString(condition.message));
    words->addWidget(message);
    words->addWidget(new TextLabel(QString::fromStdString(condition.code), Type::mono, Colour::text2));
    row->addLayout(words, 1);
    column->addLayout(row);
  }
}

void OverviewScreen::fill_models(const DaemonStatus& status) {
  QString key;
  for (const ModelInfo& model : status.models)
    key += QString::fromStdString(model.alias + model.message) + QString::number(static_cast<int>(model.state)) +
           QLatin1Char('\n');
  if (models_rows_ != nullptr && key == last_models_) return;
  last_models_ = key;
  QVBoxLayout* column = fresh_rows(*models_, models_rows_);
  if (status.models.empty())
    column->addWidget(new TextLabel(tr("No model is allowed yet."), Type::body, Colour::text2));
  for (const ModelInfo& model : status.models) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* name = new TextLabel(QString::fromStdString(model.alias), Type::mono);
    name->set_elide(Qt::ElideRight);
    row->addWidget(name, 1);
    BadgeText badge{Tone::plain, QStringLiteral("dash-circle"), tr("idle")};
    if (model.state == ModelState::ready) badge = {Tone::ok, QStringLiteral("check-circle-fill"), tr("serving")};
    if (model.state == ModelState::loading || model.state == ModelState::starting)
      badge = {Tone::info, QStringLiteral("arrow-repeat"), tr("loading")};
    if (model.state == ModelState::failed) badge = {Tone::danger, QStringLiteral("x-octagon-fill"), tr("failed")};
    row->addWidget(new Badge(badge));
    column->addLayout(row);
    if (model.state == ModelState::ready)
      column->addWidget(new TextLabel(tr("%1, %2 × %3 tokens")
                                          .arg(memory_text(model.weights_bytes + model.kv_bytes),
                                               count_text(model.max_sequences), count_text(model.context_tokens)),
                                      Type::label, Colour::text2));
    if (!model.message.empty()) {
      auto* message = new TextLabel(Type::label, Colour::text2);
      message->set_paragraph(QString::fromStdString(model.message));
      column->addWidget(message);
    }
  }
}

void OverviewScreen::fill_audit(const DaemonStatus& status) {
  QVBoxLayout* column = fresh_rows(*audit_, audit_rows_);
  if (!status.audit) {
    column->addWidget(new TextLabel(tr("The log's process is away."), Type::body, Colour::danger));
    return;
  }
  const AuditStatusReply& log = *status.audit;
  pair_row(column, tr("Records"), count_text(log.records));
  pair_row(column, tr("Signed up to"), count_text(log.last_checkpoint_size));
  pair_row(column, tr("Signed"),
           log.last_checkpoint_us == 0 ? tr("not yet") : relative_text(log.last_checkpoint_us, status.now_us));
  pair_row(column, tr("Unsigned tail"),
           tr("%n record(s)", nullptr, static_cast<int>(log.records - log.last_checkpoint_size)));
  pair_row(column, tr("Disk"), tr("%1 free").arg(memory_text(log.free_bytes)));
}

void OverviewScreen::ask_certificates() {
  if (!session().permits("GET", "/admin/v1/clients")) {
    certificates_->hide();
    return;
  }
  session().get<ClientList>("/admin/v1/clients", this,
                            [this](const Answer<ClientList>& answer) { fill_certificates(answer); });
}

void OverviewScreen::fill_certificates(const Answer<ClientList>& answer) {
  QVBoxLayout* column = fresh_rows(*certificates_, certificates_rows_);
  if (!answer) {
    column->addWidget(new TextLabel(sentence_of(answer.error()), Type::label, Colour::danger));
    return;
  }
  struct Entry {
    QString name;
    int64_t not_after_us;
  };
  std::vector<Entry> entries;
  for (const ClientInfo& client : answer->clients) {
    if (client.revoked) continue;
    int64_t latest = 0;
    for (const CertificateEntry& certificate : client.certificates)
      if (!certificate.revoked) latest = std::max(latest, certificate.not_after_us);
    if (latest != 0) entries.push_back({QString::fromStdString(client.name), latest});
  }
  std::ranges::sort(entries, {}, &Entry::not_after_us);
  static constexpr size_t most_shown = 5;
  if (entries.size() > most_shown) entries.resize(most_shown);
  const int64_t now = session().status() ? session().status()->now_us : 0;
  for (const Entry& entry : entries) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    const bool soon = entry.not_after_us - now < soon_us;
    auto* picture = new QLabel;
    picture->setPixmap(icon_pixmap(soon ? QStringLiteral("exclamation-triangle-fill") : QStringLiteral("check-circle"),
                                   soon ? Colour::warn : Colour::ok, *this));
    row->addWidget(picture);
    auto* name = new TextLabel(entry.name, soon ? Type::body_strong : Type::body);
    name->set_elide(Qt::ElideRight);
    row->addWidget(name, 1);
    row->addWidget(new TextLabel(ist_date(entry.not_after_us), Type::label, Colour::text2));
    row->addWidget(new TextLabel(duration_text(std::max<int64_t>(0, entry.not_after_us - now)), Type::label,
                                 soon ? Colour::warn : Colour::text2));
    column->addLayout(row);
  }
}

void OverviewScreen::set_paused(bool paused) {
  time_.set_paused(paused);
  pause_->setText(paused ? tr("Go on") : tr("Pause"));
  pause_->set_icon(paused ? QStringLiteral("play") : QStringLiteral("pause"));
  if (!paused) set_context(tr("Last %1").arg(duration_text(time_.span_us())));
}

void OverviewScreen::export_csv() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save values"), QStringLiteral("tijori-overview.csv"));
  if (file.isEmpty()) return;
  QString text;
  for (const Plot* plot : plots_)
    text += QStringLiteral("# %1 %2\n").arg(plot->title(), plot->unit()) +
            to_csv(plot->store(), plot->series(), time_.from_us(), time_.to_us());
  QSaveFile out(file);
  if (out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) >= 0 && out.commit()) {
    emit toast(tr("Values saved to %1.").arg(file), {});
  } else {
    emit toast(tr("%1 could not be written: %2.").arg(file, out.errorString()), {});
  }
}

void OverviewScreen::export_png() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save plots"), QStringLiteral("tijori-overview.png"));
  if (file.isEmpty()) return;
  const QPixmap plots = plots_.front()->parentWidget()->parentWidget()->grab();
  QPixmap page(plots.size() + QSize(0, static_cast<int>(32 * plots.devicePixelRatio())));
  page.setDevicePixelRatio(plots.devicePixelRatio());
  page.fill(paint(Colour::canvas));
  QPainter painter(&page);
  painter.setFont(type(Type::body));
  painter.setPen(paint(Colour::text));
  painter.drawText(QPointF(8, 21),
                   QStringLiteral("%1, %2 – %3")
                       .arg(session().appliance().name, ist_stamp(time_.from_us()), ist_stamp(time_.to_us())));
  painter.drawPixmap(0, 32, plots);
  painter.end();
  emit toast(page.save(file, "PNG") ? tr("Plots saved to %1.").arg(file) : tr("%1 could not be written.").arg(file),
             {});
}

std::vector<Command> OverviewScreen::commands() {
  return {
      {QStringLiteral("overview.pause"),
       tr("Actions"),
       time_.paused() ? tr("Go on with the plots") : tr("Pause the plots"),
       QStringLiteral("pause"),
       {},
       [this] { set_paused(!time_.paused()); },
       {},
       {}},
      {QStringLiteral("overview.csv"),
       tr("Actions"),
       tr("Save the plots' values as CSV…"),
       QStringLiteral("export csv"),
       {},
       [this] { export_csv(); },
       {},
       {}},
      {QStringLiteral("overview.png"),
       tr("Actions"),
       tr("Save the plots as PNG…"),
       QStringLiteral("export png"),
       {},
       [this] { export_png(); },
       {},
       {}},
      {QStringLiteral("overview.status"),
       tr("Actions"),
       tr("Ask for the status again"),
       QStringLiteral("status refresh"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [] { return QStringLiteral("tijori status"); },
       {}},
  };
}

}  // namespace tijori
