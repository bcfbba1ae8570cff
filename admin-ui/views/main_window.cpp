#include "admin-ui/views/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QLocale>
#include <QMessageBox>
#include <QShortcut>
#include <algorithm>

#include "admin-ui/views/connect_view.h"
#include "admin-ui/views/header_strip.h"
#include "admin-ui/views/lock_view.h"
#include "admin-ui/views/palette_view.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/toast_bar.h"
#include "admin-ui/views/rail.h"
#include "admin-ui/views/settings_screen.h"

namespace tijori {
namespace {

constexpr int narrow_below_px = 1280;
constexpr int max_digit_screens = 9;

QString joined_roles(const RoleSet& roles) {
  QStringList names;
  for (const Role role : all_roles)
    if (roles.has(role)) names << QString::fromUtf8(name_of(role).data(), static_cast<int>(name_of(role).size()));
  return names.join(QStringLiteral(", "));
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      plans_(screen_plans()),
      pages_(new QStackedWidget),
      connect_(new ConnectView),
      frame_(new QWidget),
      lock_view_(new LockView),
      rail_(new Rail),
      header_(new HeaderStrip),
      content_(new QStackedWidget) {
  setWindowTitle(tr("Tijori"));
  setMinimumSize(720, 450);
  // The frame of the window manager needs a little too.
  resize(QSize(1440, 900).boundedTo(QWidget::screen()->availableSize() - QSize(8, 40)));
  setCentralWidget(pages_);
  auto* row = new QHBoxLayout(frame_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(rail_);
  row->addWidget(make_divider(Qt::Vertical));
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  column->addWidget(header_);
  column->addWidget(content_, 1);
  row->addLayout(column, 1);
  pages_->addWidget(connect_);
  pages_->addWidget(frame_);
  pages_->addWidget(lock_view_);
  palette_ = new PaletteView(this);
  toast_ = new ToastBar(frame_);

  connect(connect_, &ConnectView::connected, this, [this] { open(connect_->take_session()); });
  connect(rail_, &Rail::chosen, this, &MainWindow::show_screen);
  connect(rail_, &Rail::lock_asked, this, &MainWindow::lock);
  connect(rail_, &Rail::switch_asked, this, &MainWindow::show_connect);
  connect(header_, &HeaderStrip::palette_asked, this, &MainWindow::open_palette);
  connect(palette_, &PaletteView::closed, this, [this] {
    if (Screen* const shown = screen()) shown->setFocus();
  });
  connect(palette_, &PaletteView::copied, this, [this] { toast_->show_toast(tr("Copied as a command.")); });
  connect(lock_view_, &LockView::unlocked, this, [this] {
    pages_->setCurrentWidget(frame_);
    if (Screen* const shown = screen()) shown->entered();
    if (idle_.interval() > 0) idle_.start();
  });
  connect(lock_view_, &LockView::left, this, &MainWindow::show_connect);
  make_shortcuts();
  idle_.setSingleShot(true);
  connect(&idle_, &QTimer::timeout, this, &MainWindow::lock);
  set_auto_lock_minutes(Preferences::load().lock_minutes);
  qApp->installEventFilter(this);
  show_connect();
}

MainWindow::~MainWindow() {
  qApp->removeEventFilter(this);
  leave_screen();
  // The screens refer to the session: they go first.
  for (const auto& [id, made] : screens_) delete made;
}

void MainWindow::make_shortcuts() {
  const auto bind = [this](const QKeySequence& keys, auto act) {
    auto* shortcut = new QShortcut(keys, this);
    connect(shortcut, &QShortcut::activated, this, act);
  };
  bind(QKeySequence(QStringLiteral("Ctrl+K")), [this] { open_palette(); });
  bind(QKeySequence(QStringLiteral("Ctrl+L")), [this] { lock(); });
  bind(QKeySequence(QStringLiteral("Ctrl+Q")), [this] { close(); });
  bind(QKeySequence(QStringLiteral("Ctrl+/")), [this] { show_shortcut_sheet(); });
  bind(QKeySequence(QStringLiteral("Ctrl+,")), [this] { show_screen(QStringLiteral("settings")); });
  bind(QKeySequence(QStringLiteral("Ctrl+Shift+C")), [this] { copy_as_command(); });
  bind(QKeySequence(QStringLiteral("Ctrl+Z")), [this] {
    if (toast_->can_undo()) toast_->undo();
  });
  bind(QKeySequence(Qt::Key_F5), [this] {
    if (Screen* const shown = screen()) shown->refresh();
  });
  bind(QKeySequence(QStringLiteral("Ctrl+F")), [this] {
    if (Screen* const shown = screen()) shown->focus_search();
  });
  bind(QKeySequence(Qt::Key_Escape), [this] {
    if (Screen* const shown = screen()) (void)shown->step_back();
  });
  for (int digit = 1; digit <= max_digit_screens; ++digit)
    bind(QKeySequence(QStringLiteral("Ctrl+%1").arg(digit)), [this, digit] {
      int place = 0;
      for (const ScreenPlan& plan : plans_)
        if (session_ && session_->has_route(plan.method, plan.route) && ++place == digit) return show_screen(plan.id);
    });
}

void MainWindow::open(std::unique_ptr<Session> session) {
  leave_screen();
  for (const auto& [id, made] : screens_) delete made;
  screens_.clear();
  current_.clear();
  session_ = std::move(session);
  connect(session_.get(), &Session::status_changed, this, [this] { say_health(); });
  connect(session_.get(), &Session::link_changed, this, [this] { say_health(); });
  connect(session_.get(), &Session::capabilities_changed, this, [this] { refill_rail(); });
  rail_->set_appliance(session_->appliance().name, session_->appliance().site);
  refill_rail();
  say_health();
  pages_->setCurrentWidget(frame_);
  show_screen(plans_.front().id);
  if (idle_.interval() > 0) idle_.start();
  emit opened();
}

void MainWindow::show_connect() {
  leave_screen();
  for (const auto& [id, made] : screens_) delete made;
  screens_.clear();
  current_.clear();
  session_.reset();
  connect_->reopen();
  pages_->setCurrentWidget(connect_);
}

Screen* MainWindow::screen() const {
  if (pages_->currentWidget() != frame_) return nullptr;
  const auto found = screens_.find(current_);
  return found == screens_.end() ? nullptr : found->second;
}

void MainWindow::leave_screen() {
  if (const auto found = screens_.find(current_); found != screens_.end()) found->second->left();
}

void MainWindow::show_screen(const QString& id) {
  show_screen_at(id, {});
}

void MainWindow::show_screen_at(const QString& id, const QString& argument) {
  if (!session_) return;
  const auto plan = std::ranges::find(plans_, id, &ScreenPlan::id);
  if (plan == plans_.end()) return;
  if (id != current_) {
    leave_screen();
    current_ = id;
    if (!screens_.contains(id)) {
      Screen* const made = plan->make(*session_);
      connect(made, &Screen::toast, this, [this](const QString& sentence, const std::function<void()>& undo) {
        toast_->show_toast(sentence, undo);
      });
      connect(made, &Screen::open_screen, this, &MainWindow::show_screen_at);
      if (auto* const settings = qobject_cast<SettingsScreen*>(made))
        connect(settings, &SettingsScreen::preferences_changed, this, &MainWindow::take_preferences);
      content_->addWidget(made);
      screens_.emplace(id, made);
    }
    content_->setCurrentWidget(screens_.at(id));
    rail_->choose(id);
    screens_.at(id)->entered();
  }
  if (!argument.isEmpty()) screens_.at(id)->show_at(argument);
}

void MainWindow::refill_rail() {
  if (!session_) return;
  std::vector<RailEntry> entries;
  for (const ScreenPlan& plan : plans_) {
    if (!session_->has_route(plan.method, plan.route)) continue;
    const bool locked = !session_->permits(plan.method, plan.route);
    entries.push_back({plan.id, plan.icon, plan.title, locked ? RailEntry::Mark::locked : RailEntry::Mark::digit});
  }
  rail_->set_entries(entries);
  rail_->choose(current_);
  if (session_->capabilities())
    rail_->set_person(QString::fromStdString(session_->capabilities()->client),
                      joined_roles(session_->capabilities()->roles));
}

void MainWindow::say_health() {
  if (!session_) return;
  if (session_->link() == Link::connecting) {
    header_->set_health(HealthMark::note, tr("Connecting to %1 …").arg(session_->appliance().name));
    return;
  }
  if (session_->link() == Link::lost) {
    const ClientError* const error = session_->last_error();
    header_->set_health(HealthMark::wrong,
                        tr("%1 does not answer: %2")
                            .arg(session_->appliance().name, error == nullptr ? QString() : sentence_of(*error)),
                        tr("Try now"), [this] { session_->try_now(); });
    return;
  }
  if (!session_->status()) return;
  const DaemonStatus& status = *session_->status();
  HealthMark mark = HealthMark::good;
  if (status.health == Health::blocked) mark = HealthMark::wrong;
  if (status.health == Health::degraded || status.health == Health::draining) mark = HealthMark::action;
  if (status.health == Health::starting) mark = HealthMark::note;
  header_->set_health(mark, QString::fromStdString(status.sentence));
}

std::vector<Command> MainWindow::all_commands() {
  std::vector<Command> commands;
  if (Screen* const shown = screen()) commands = shown->commands();
  int digit = 0;
  for (const ScreenPlan& plan : plans_) {
    if (!session_ || !session_->has_route(plan.method, plan.route)) continue;
    Command command;
    command.id = QStringLiteral("screen.") + plan.id;
    command.group = tr("Screens");
    command.title = plan.title;
    command.search = plan.id;
    command.keys = QKeySequence(QStringLiteral("Ctrl+%1").arg(++digit));
    command.run = [this, id = plan.id] { show_screen(id); };
    commands.push_back(std::move(command));
  }
  const auto add = [&](const char* id, const QString& title, const char* keys, std::function<void()> run) {
    commands.push_back(
        {QLatin1String(id), tr("Console"), title, {}, QKeySequence(QLatin1String(keys)), std::move(run), {}, {}});
  };
  add("console.lock", tr("Lock the console"), "Ctrl+L", [this] { lock(); });
  add("console.switch", tr("Switch appliance"), "", [this] { show_connect(); });
  add("console.keys", tr("Show all keys"), "Ctrl+/", [this] { show_shortcut_sheet(); });
  std::ranges::sort(commands, [](const Command& one, const Command& other) {
    return one.group != other.group ? one.group < other.group : one.id < other.id;
  });
  return commands;
}

void MainWindow::open_palette() {
  if (session_ && pages_->currentWidget() == frame_) palette_->open(all_commands());
}

void MainWindow::copy_as_command() {
  Screen* const shown = screen();
  if (shown == nullptr) return;
  for (const Command& command : shown->commands()) {
    if (!command.command_line || command.command_line().isEmpty()) continue;
    QApplication::clipboard()->setText(command.command_line());
    return toast_->show_toast(tr("Copied: %1").arg(command.command_line()));
  }
}

void MainWindow::show_shortcut_sheet() {
  QString rows;
  for (const Command& command : all_commands())
    if (!command.keys.isEmpty())
      rows += QStringLiteral("<tr><td style=\"padding:2px 24px 2px 0\">%1</td><td>%2</td></tr>")
                  .arg(command.title.toHtmlEscaped(), command.keys.toString(QKeySequence::NativeText));
  const auto fixed = [&rows](const QString& what, const char* keys) {
    rows += QStringLiteral("<tr><td style=\"padding:2px 24px 2px 0\">%1</td><td>%2</td></tr>")
                .arg(what, QLatin1String(keys));
  };
  fixed(tr("Search or run a command"), "Ctrl+K");
  fixed(tr("Search this screen"), "Ctrl+F");
  fixed(tr("Ask the appliance again"), "F5");
  fixed(tr("Settings"), "Ctrl+,");
  fixed(tr("Copy as command"), "Ctrl+Shift+C");
  fixed(tr("Undo"), "Ctrl+Z");
  fixed(tr("Step back"), "Esc");
  QMessageBox sheet(QMessageBox::NoIcon, tr("Keys"), QStringLiteral("<table>%1</table>").arg(rows), QMessageBox::Close,
                    this);
  sheet.exec();
}

void MainWindow::lock() {
  if (!session_ || pages_->currentWidget() == lock_view_) return;
  palette_->close_palette();
  leave_screen();
  lock_view_->open(session_->appliance());
  pages_->setCurrentWidget(lock_view_);
}

void MainWindow::take_preferences(const Preferences& preferences) {
  set_auto_lock_minutes(preferences.lock_minutes);
  const Look look = chosen_look(preferences, Theme::system_look());
  if (look != Theme::instance().look()) Theme::instance().apply(*qApp, look, Theme::instance().script());
}

void MainWindow::set_auto_lock_minutes(int minutes) {
  idle_.setInterval(minutes * 60'000);
  if (minutes == 0) {
    idle_.stop();
  } else if (session_) {
    idle_.start();
  }
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
  if ((event->type() == QEvent::KeyPress || event->type() == QEvent::MouseButtonPress ||
       event->type() == QEvent::Wheel) &&
      idle_.isActive())
    idle_.start();
  return QMainWindow::eventFilter(watched, event);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  rail_->set_narrow(width() < narrow_below_px);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  leave_screen();
  event->accept();
}

}  // namespace tijori
