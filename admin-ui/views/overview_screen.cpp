#include "admin-ui/views/overview_screen.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QSaveFile>
#include <algorithm>
#include <array>

#include "admin-ui/client/witness_watch.h"
#include "admin-ui/models/client_table.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/expiry_panel.h"
#include "admin-ui/views/figure_strip.h"
#include "admin-ui/views/findings_panel.h"
#include "admin-ui/views/loaded_models_panel.h"
#include "admin-ui/views/log_panel.h"
#include "admin-ui/views/plot_grid.h"
#include "base/clock.h"

namespace tijori {
namespace {

constexpr int side_px = 320;
constexpr int side_below_px = 1100;  // the right column goes below
constexpr int one_column_below_px = 900;
constexpr int least_plot_px = 220;
constexpr int certificates_every_ms = 60'000;
constexpr size_t most_certificates = 5;
constexpr int64_t minute_us = 60'000'000;
constexpr std::array<int64_t, 4> ranges_us{15 * minute_us, 30 * minute_us, 360 * minute_us, 1'440 * minute_us};

QString or_dash(int64_t us) {
  return us <= 0 ? QStringLiteral("–") : decimal_text(static_cast<double>(us) / 1e6, 2);
}

}  // namespace

OverviewScreen::OverviewScreen(Session& session)
    : Screen(session, tr("Overview")),
      watch_(session, history_, this),
      strip_(new FigureStrip),
      plots_(new PlotGrid(history_, time_)),
      across_(new QBoxLayout(QBoxLayout::LeftToRight)),
      page_(new QScrollArea),
      range_(new Segment({tr("15 min"), tr("30 min"), tr("6 h"), tr("24 h")}, tr("Time shown"))),
      pause_(new Button(tr("Pause"), ButtonKind::standard, QStringLiteral("pause"))) {
  make_title_row();
  make_strip();
  side_ = make_side();
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  column->addWidget(strip_);
  across_->setSpacing(metric::gap);
  across_->addWidget(plots_, 1, Qt::AlignTop);
  across_->addWidget(side_, 0, Qt::AlignTop);
  column->addLayout(across_);
  column->addStretch(1);
  page_->setWidgetResizable(true);
  page_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  page_->setFocusPolicy(Qt::NoFocus);
  page_->setWidget(content);
  page_->viewport()->installEventFilter(this);
  set_content(page_);

  connect(plots_, &PlotGrid::csv_asked, this, &OverviewScreen::export_csv);
  connect(plots_, &PlotGrid::png_asked, this, &OverviewScreen::export_png);
  connect(plots_, &PlotGrid::command_asked, this, &OverviewScreen::copy_command);
  connect(&this->session(), &Session::status_changed, this, &OverviewScreen::take_status);
  connect(&this->session(), &Session::link_changed, this, &OverviewScreen::take_link);
  connect(&this->session(), &Session::capabilities_changed, this, [this] {
    take_link();
    ask_certificates();
  });
  connect(&this->session().witness(), &WitnessWatch::changed, this, &OverviewScreen::show_findings);
  connect(&watch_, &HistoryWatch::fetched, this, [this] {
    for (Plot* plot : plots_->plots()) plot->update();
    say_context();
  });
  certificates_timer_.setInterval(certificates_every_ms);
  connect(&certificates_timer_, &QTimer::timeout, this, &OverviewScreen::ask_certificates);
  age_timer_.setInterval(1'000);
  connect(&age_timer_, &QTimer::timeout, this, &OverviewScreen::say_context);
  const int minutes = Preferences::load().plot_minutes;
  for (int i = 0; i < static_cast<int>(ranges_us.size()); ++i)
    if (ranges_us.at(static_cast<size_t>(i)) == minutes * minute_us) range_->choose(i);
  choose_range(range_->chosen());
  arrange();
  if (this->session().status()) {
    take_status();
  } else {
    take_link();
  }
}

void OverviewScreen::make_title_row() {
  range_->setObjectName(QStringLiteral("overview.range"));
  pause_->setObjectName(QStringLiteral("overview.pause"));
  pause_->setToolTip(tr("The plots stand still; values are still collected"));
  auto* exporter = new Button(tr("Export"), ButtonKind::standard, QStringLiteral("download"));
  exporter->setObjectName(QStringLiteral("overview.export"));
  auto* menu = new QMenu(exporter);
  menu->addAction(tr("Values as CSV…"), this, &OverviewScreen::export_csv);
  menu->addAction(tr("Plots as PNG…"), this, &OverviewScreen::export_png);
  menu->addSeparator();
  menu->addAction(tr("Copy as command"), this, &OverviewScreen::copy_command);
  connect(exporter, &Button::clicked, this, [exporter, menu] {
    menu->popup(exporter->mapToGlobal(QPoint(0, exporter->height() + 4)));
    menu->setActiveAction(menu->actions().constFirst());
  });
  add_to_title_row(range_);
  add_to_title_row(pause_);
  add_to_title_row(exporter);
  connect(range_, &Segment::chosen_changed, this, &OverviewScreen::choose_range);
  connect(pause_, &Button::clicked, this, [this] { set_paused(!time_.paused()); });
}

void OverviewScreen::make_strip() {
  const QString models = QStringLiteral("models");
  tokens_ = strip_->add(tr("Tokens per second"), QStringLiteral("overview.figure.tokens"), models);
  first_token_ = strip_->add(tr("Time to first token"), QStringLiteral("overview.figure.first_token"), models);
  queue_ = strip_->add(tr("Queue"), QStringLiteral("overview.figure.queue"), models);
  kv_ = strip_->add(tr("KV memory"), QStringLiteral("overview.figure.kv"), models);
  memory_ = strip_->add(tr("Process memory"), QStringLiteral("overview.figure.memory"), models);
  answers_ = strip_->add(tr("Answers"), QStringLiteral("overview.figure.answers"), QStringLiteral("audit"));
  connect(strip_, &FigureStrip::open_screen, this, [this](const QString& id) { emit open_screen(id, {}); });
}

QWidget* OverviewScreen::make_side() {
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metric::gap);
  findings_ = new FindingsPanel;
  models_ = new LoadedModelsPanel;
  log_ = new LogPanel;
  certificates_ = new ExpiryPanel;
  const auto opener = [this](Panel* panel, const QString& id) {
    auto* open = new Button(tr("Open"), ButtonKind::link, {}, ButtonSize::compact);
    open->setAccessibleName(tr("Open %1").arg(panel->accessibleName()));
    connect(open, &Button::clicked, this, [this, id] { emit open_screen(id, {}); });
    panel->add_to_head(open);
  };
  opener(models_, QStringLiteral("models"));
  opener(log_, QStringLiteral("audit"));
  opener(certificates_, QStringLiteral("clients"));
  connect(findings_, &FindingsPanel::open_screen, this, [this](const QString& id) { emit open_screen(id, {}); });
  connect(findings_, &FindingsPanel::copied, this,
          [this](const QString& command) { emit toast(tr("Copied: %1").arg(command), {}); });
  for (Panel* panel : std::initializer_list<Panel*>{findings_, models_, log_, certificates_}) column->addWidget(panel);
  return side;
}

void OverviewScreen::resizeEvent(QResizeEvent* event) {
  Screen::resizeEvent(event);
  arrange();
}

bool OverviewScreen::eventFilter(QObject* watched, QEvent* event) {
  if (watched == page_->viewport() && event->type() == QEvent::Resize) arrange();
  return Screen::eventFilter(watched, event);
}

void OverviewScreen::arrange() {
  const int wide = window()->width();
  const bool beside = wide >= side_below_px;
  const bool one_column = wide < one_column_below_px;
  strip_->set_columns(one_column ? 3 : 6);
  plots_->set_columns(one_column ? 1 : 2);
  across_->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  side_->setMinimumWidth(beside ? side_px : 0);
  side_->setMaximumWidth(beside ? side_px : QWIDGETSIZE_MAX);
  across_->setAlignment(plots_, beside ? Qt::AlignTop : Qt::Alignment());
  across_->setAlignment(side_, beside ? Qt::AlignTop : Qt::Alignment());
  // Beside the column the plots fill what is left of the window; below each other they have their height.
  const int rows = one_column ? 4 : 2;
  const int least = rows * least_plot_px + (rows - 1) * metric::gap;
  const int left = page_->viewport()->height() - strip_->sizeHint().height() - metric::gap - 4;
  plots_->setFixedHeight(beside ? std::max(least, left) : least);
}

void OverviewScreen::entered() {
  watch_.watch();
  ask_certificates();
  certificates_timer_.start();
}

void OverviewScreen::left() {
  watch_.rest();
  certificates_timer_.stop();
}

void OverviewScreen::refresh() {
  session().try_now();
  watch_.watch();
  ask_certificates();
}

// Esc lets go of the crosshair, then goes on with the plots.
bool OverviewScreen::step_back() {
  if (time_.crosshair()) {
    time_.set_crosshair(std::nullopt);
    return true;
  }
  if (!time_.paused()) return false;
  set_paused(false);
  return true;
}

void OverviewScreen::take_link() {
  const bool lost = session().link() == Link::lost;
  if (lost) {
    age_timer_.start();
  } else {
    age_timer_.stop();
  }
  if (session().capabilities() && !session().permits("GET", "/admin/v1/status"))
    return states().show_no_permission(QStringLiteral("operator"), roles_text(session().capabilities()->roles));
  if (session().status()) return say_context();
  if (lost && session().last_error() != nullptr) return show_failure(*session().last_error(), [this] { refresh(); });
  states().show_loading(tr("Asking %1").arg(session().appliance().name));
}

void OverviewScreen::take_status() {
  const DaemonStatus& status = *session().status();
  states().show_content();
  age_timer_.stop();
  history_.add(status);
  time_.advance(status.now_us);
  say_context();
  fill_figures(status);
  show_findings();
  models_->show_models(status.models);
  log_->show_log(status.audit, status.now_us);
}

void OverviewScreen::show_findings() {
  if (!session().status()) return;
  const auto& witness = session().witness().view();
  if (!witness || witness->alarms.empty()) return findings_->show_status(*session().status());
  DaemonStatus status = *session().status();
  status.conditions.insert(status.conditions.begin(), {witness_alarm_code, Severity::error, {}, 0});
  findings_->show_status(status);
}

void OverviewScreen::fill_figures(const DaemonStatus& status) {
  const RequestCounters& now = status.requests;
  const KvUse kv = kv_use(status.models);
  tokens_->set(decimal_text(now.tokens_per_second, 1), {},
               tr("%1 made since start").arg(count_text(now.completion_tokens)));
  first_token_->set(or_dash(now.ttft_p50_us), tr("s, p50"),
                    now.ttft_p95_us <= 0 ? tr("no answer yet") : tr("p95 %1 s").arg(or_dash(now.ttft_p95_us)));
  queue_->set(count_text(now.queued), tr("waiting"),
              tr("%1 running of %2 sequences").arg(count_text(now.running), count_text(kv.sequences)));
  kv_->set(gib_text(kv.used_bytes), QStringLiteral("GiB"),
           kv.reserved_bytes == 0 ? tr("nothing reserved") : tr("of %1 reserved").arg(memory_text(kv.reserved_bytes)));
  memory_->set(gib_text(process_bytes(status.memory)), QStringLiteral("GiB"),
               status.memory.total_bytes <= 0
                   ? tr("the machine’s total is not known")
                   : tr("of %1 in this machine").arg(memory_text(status.memory.total_bytes)));
  answers_->set(count_text(now.answered), tr("since start"),
                tr("%1 refused, %2 failed").arg(count_text(now.refused), count_text(now.failed)));
  plots_->set_kv_reserved(kv.reserved_bytes);
}

void OverviewScreen::ask_certificates() {
  if (!session().permits("GET", "/admin/v1/clients")) {
    certificates_->hide();
    return;
  }
  certificates_->show();
  session().get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) {
    // The last list stays while nothing new comes.
    if (!answer) {
      if (expiries_.empty()) certificates_->show_trouble(sentence_of(answer.error()));
      return;
    }
    const int64_t now_us = session().status() ? session().status()->now_us : wall_clock_us();
    expiries_ = next_to_expire(answer->clients, most_certificates);
    certificates_->show_expiries(expiries_, now_us);
  });
}

void OverviewScreen::choose_range(int index) {
  time_.set_span(ranges_us.at(static_cast<size_t>(std::clamp(index, 0, 3))));
  say_context();
}

void OverviewScreen::set_paused(bool paused) {
  time_.set_paused(paused);
  pause_->setText(paused ? tr("Go on") : tr("Pause"));
  pause_->set_icon(paused ? QStringLiteral("play") : QStringLiteral("pause"));
  if (!paused && session().status()) time_.advance(session().status()->now_us);
  say_context();
}

void OverviewScreen::say_context() {
  const auto& status = session().status();
  if (status && session().link() == Link::lost)
    return set_context(
        tr("As of %1 IST, %2 ago").arg(ist_time(status->now_us), duration_text(session().status_age_ms() * 1'000)));
  if (status && time_.paused())
    return set_context(
        tr("Paused, %1 behind").arg(duration_text(std::max<int64_t>(0, status->now_us - time_.to_us()))));
  QString line = tr("Last %1").arg(duration_text(time_.span_us()));
  if (session().capabilities() && !watch_.permitted()) line = tr("Since this console was opened");
  if (!watch_.trouble().isEmpty())
    line += QStringLiteral(" · ") + tr("The day before is not known: %1").arg(watch_.trouble());
  set_context(line);
}

QString OverviewScreen::range_text() const {
  return QStringLiteral("%1 – %2").arg(ist_stamp(time_.from_us()), ist_stamp(time_.to_us()));
}

QString OverviewScreen::file_name(const QString& ending) const {
  QString name = session().appliance().name;
  for (QChar& letter : name)
    if (!letter.isLetterOrNumber() && letter != QLatin1Char('-')) letter = QLatin1Char('_');
  return QStringLiteral("tijori-%1-overview.%2").arg(name, ending);
}

void OverviewScreen::export_csv() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save values"), file_name(QStringLiteral("csv")));
  if (file.isEmpty()) return;
  QSaveFile out(file);
  if (out.open(QIODevice::WriteOnly) && out.write(history_.to_csv(time_.from_us(), time_.to_us()).toUtf8()) >= 0 &&
      out.commit()) {
    emit toast(tr("Values saved to %1.").arg(file), {});
  } else {
    emit toast(tr("%1 could not be written: %2.").arg(file, out.errorString()), {});
  }
}

void OverviewScreen::export_png() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save plots"), file_name(QStringLiteral("png")));
  if (file.isEmpty()) return;
  QImage page = plots_->picture(tr("%1: overview").arg(session().appliance().name), range_text()).toImage();
  page.setText(QStringLiteral("Title"), session().appliance().name);
  page.setText(QStringLiteral("Description"), range_text());
  QSaveFile out(file);
  const bool written = out.open(QIODevice::WriteOnly) && page.save(&out, "PNG") && out.commit();
  emit toast(
      written ? tr("Plots saved to %1.").arg(file) : tr("%1 could not be written: %2.").arg(file, out.errorString()),
      {});
}

QString OverviewScreen::history_command() const {
  return QStringLiteral("tijori history --csv --since %1").arg(rfc3339_ist(time_.from_us()));
}

void OverviewScreen::copy_command() {
  QGuiApplication::clipboard()->setText(history_command());
  emit toast(tr("Copied: %1").arg(history_command()), {});
}

std::vector<Command> OverviewScreen::commands() {
  const QString group = tr("Actions");
  const auto history = [this] { return history_command(); };
  std::vector<Command> made{
      {QStringLiteral("overview.status"),
       group,
       tr("Ask for the status again"),
       QStringLiteral("status refresh"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [] { return QStringLiteral("tijori status"); },
       {},
       {},
       QStringLiteral("arrow-repeat")},
      {QStringLiteral("overview.pause"),
       group,
       time_.paused() ? tr("Go on with the plots") : tr("Pause the plots"),
       QStringLiteral("pause"),
       QKeySequence(QStringLiteral("Ctrl+P")),
       [this] { set_paused(!time_.paused()); },
       {},
       {},
       {},
       time_.paused() ? QStringLiteral("play") : QStringLiteral("pause")},
      {QStringLiteral("overview.csv"),
       group,
       tr("Save the plots' values as CSV…"),
       QStringLiteral("export csv"),
       {},
       [this] { export_csv(); },
       history,
       {},
       {},
       QStringLiteral("download")},
      {QStringLiteral("overview.png"),
       group,
       tr("Save the plots as PNG…"),
       QStringLiteral("export png"),
       {},
       [this] { export_png(); },
       history,
       {},
       {},
       QStringLiteral("download")},
  };
  const QStringList ranges{tr("15 min"), tr("30 min"), tr("6 h"), tr("24 h")};
  for (int i = 0; i < ranges.size(); ++i)
    made.push_back({QStringLiteral("overview.range.%1").arg(i),
                    group,
                    tr("Show the last %1").arg(ranges.at(i)),
                    QStringLiteral("range time"),
                    {},
                    [this, i] { range_->choose(i); },
                    history,
                    {},
                    {},
                    QStringLiteral("clock-history")});
  for (const Plot* plot : plots_->plots())
    made.push_back({plot->objectName() + QStringLiteral(".table"),
                    group,
                    tr("Show as table: %1").arg(plot->title()),
                    QStringLiteral("table values"),
                    {},
                    [this, plot] { plots_->show_table(*plot); },
                    history,
                    {},
                    {},
                    QStringLiteral("list-check")});
  return made;
}

}  // namespace tijori
