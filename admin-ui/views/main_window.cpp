#include "admin-ui/views/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDialog>
#include <QLabel>
#include <QLocale>
#include <QShortcut>
#include <algorithm>
#include <utility>

#include "admin-ui/client/connect_failure.h"
#include "admin-ui/client/witness_watch.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/connect_view.h"
#include "admin-ui/views/header_strip.h"
#include "admin-ui/views/key_sheet.h"
#include "admin-ui/views/lock_view.h"
#include "admin-ui/views/palette_source.h"
#include "admin-ui/views/palette_view.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/toast_bar.h"
#include "admin-ui/views/parts/veil.h"
#include "admin-ui/views/rail.h"
#include "admin-ui/views/settings_screen.h"
#include "base/clock.h"

namespace tijori {
namespace {

constexpr int narrow_below_px = 1280;
constexpr int max_digit_screens = 9;
constexpr int prepare_ms = 250;

QString joined_roles(const RoleSet& roles) {
  QStringList names;
  for (const Role role : all_roles)
    if (roles.has(role)) names << QString::fromUtf8(name_of(role).data(), static_cast<int>(name_of(role).size()));
  return names.join(QStringLiteral(", "));
}

}  // namespace

MainWindow::MainWindow(QWidget* parent, Build when) : QMainWindow(parent) {
  setWindowTitle(tr("Tijori"));
  setMinimumSize(720, 450);
  // The frame of the window manager needs a little too.
  resize(QSize(1440, 900).boundedTo(QWidget::screen()->availableSize() - QSize(8, 40)));
  if (when == Build::at_once) build();
}

void MainWindow::build() {
  if (pages_ != nullptr) return;
  plans_ = screen_plans();
  pages_ = new QStackedWidget;
  connect_ = new ConnectView;
  frame_ = new QWidget;
  lock_view_ = new LockView;
  rail_ = new Rail;
  header_ = new HeaderStrip;
  content_ = new QStackedWidget;
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
  veil_ = new Veil(content_);

  connect(connect_, &ConnectView::connected, this, [this] { open(connect_->take_session()); });
  connect(rail_, &Rail::chosen, this, &MainWindow::show_screen);
  connect(rail_, &Rail::lock_asked, this, &MainWindow::lock);
  connect(rail_, &Rail::switch_asked, this, &MainWindow::show_connect);
  connect(header_, &HeaderStrip::palette_asked, this, &MainWindow::open_palette);
  connect(palette_, &PaletteView::closed, this, [this] {
    if (Screen* const shown = screen()) shown->setFocus();
  });
  connect(palette_, &PaletteView::copied, this, [this] { toast_->show_toast(tr("Copied as a command.")); });
  connect(connect_, &ConnectView::language_chosen, this, [this](const QString& language) {
    language_ = language;
    emit language_chosen(language);
  });
  connect(connect_, &ConnectView::preferences_changed, this, &MainWindow::take_preferences);
  lost_clock_.setInterval(1'000);
  connect(&lost_clock_, &QTimer::timeout, this, [this] { say_health(); });
  connect(lock_view_, &LockView::unlocked, this, [this] {
    pages_->setCurrentWidget(frame_);
    session_->resume();
    say_health();
    prepare_.start();
    if (Screen* const shown = screen()) shown->entered();
    if (idle_.interval() > 0) idle_.start();
    take_preferences(Preferences::load());
  });
  connect(lock_view_, &LockView::left, this, &MainWindow::show_connect);
  make_shortcuts();
  prepare_.setSingleShot(true);
  prepare_.setInterval(prepare_ms);
  connect(&prepare_, &QTimer::timeout, this, &MainWindow::prepare_next_screen);
  idle_.setObjectName(QStringLiteral("idle"));
  idle_.setParent(this);
  idle_.setSingleShot(true);
  connect(&idle_, &QTimer::timeout, this, &MainWindow::lock);
  const Preferences preferences = Preferences::load();
  language_ = chosen_language(preferences);
  set_auto_lock_minutes(preferences.lock_minutes);
  qApp->installEventFilter(this);
  rail_->set_narrow(width() < narrow_below_px);
  show_connect();
  emit built();
}

MainWindow::~MainWindow() {
  qApp->removeEventFilter(this);
  if (session_) ConnectView::remember(*session_);
  // The screens refer to the session: they go first.
  close_screens();
}

// The console's own acts: the one table of its keys, of the palette and of the sheet of keys.
std::vector<Command> MainWindow::console_commands() {
  std::vector<Command> made;
  const QString group = tr("Console");
  const auto add = [&](const char* id, const char* keys, const QString& title, const char* icon, const char* search,
                       std::function<void()> run) {
    made.push_back({QLatin1String(id),
                    group,
                    title,
                    QString::fromUtf8(search),
                    QKeySequence(QLatin1String(keys)),
                    std::move(run),
                    {},
                    {},
                    {},
                    QLatin1String(icon)});
  };
  add("console.palette", "Ctrl+K", tr("Search or run a command"), "search", "palette", [this] { open_palette(); });
  add("console.search", "Ctrl+F", tr("Search this screen"), "search", "find filter", [this] {
    if (Screen* const shown = screen()) shown->focus_search();
  });
  add("console.refresh", "F5", tr("Ask the appliance again"), "arrow-repeat", "refresh reload", [this] {
    if (Screen* const shown = screen()) shown->refresh();
  });
  add("console.copy", "Ctrl+Shift+C", tr("Copy as command"), "terminal", "cli clipboard",
      [this] { copy_as_command(); });
  add("console.undo", "Ctrl+Z", tr("Undo"), "arrow-counterclockwise", "", [this] {
    if (toast_->can_undo()) toast_->undo();
  });
  add("console.back", "Esc", tr("Step back"), "chevron-left", "close", [this] {
    if (palette_->is_open()) return palette_->close_palette();
    if (Screen* const shown = screen()) (void)shown->step_back();
  });
  add("console.settings", "Ctrl+,", tr("Open the settings"), "gear", "preferences",
      [this] { show_screen(QStringLiteral("settings")); });
  add("console.lock", "Ctrl+L", tr("Lock the console"), "lock", "", [this] { lock(); });
  add("console.switch", "", tr("Switch appliance"), "chevron-expand", "connect disconnect", [this] { show_connect(); });
  add("console.keys", "Ctrl+/", tr("Show all keys"), "list-check", "shortcuts help", [this] { show_shortcut_sheet(); });
  add("console.quit", "Ctrl+Q", tr("Close the console"), "x-lg", "quit exit", [this] { close(); });
  return made;
}

void MainWindow::make_shortcuts() {
  for (const Command& command : console_commands()) {
    if (command.keys.isEmpty()) continue;
    auto* shortcut = new QShortcut(command.keys, this);
    connect(shortcut, &QShortcut::activated, this, command.run);
  }
  for (int digit = 1; digit <= max_digit_screens; ++digit) {
    auto* shortcut = new QShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(digit)), this);
    connect(shortcut, &QShortcut::activated, this, [this, digit] {
      int place = 0;
      for (const ScreenPlan& plan : plans_)
        if (session_ && session_->has_route(plan.method, plan.route) && ++place == digit) return show_screen(plan.id);
    });
  }
}

// The keys of the acts of the screen shown. Enter and the console's own keys reach it anyway; a key that a widget of
// the screen has bound itself is left to it.
void MainWindow::bind_screen_keys() {
  for (QShortcut* shortcut : screen_keys_) delete shortcut;
  screen_keys_.clear();
  Screen* const shown = screen();
  if (shown == nullptr) return;
  std::vector<QKeySequence> taken{QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter),
                                  QKeySequence(Qt::Key_Space)};
  for (const Command& command : console_commands()) taken.push_back(command.keys);
  for (const QShortcut* own : shown->findChildren<QShortcut*>()) taken.push_back(own->key());
  for (const QAbstractButton* button : shown->findChildren<QAbstractButton*>()) taken.push_back(button->shortcut());
  for (const Command& command : shown->commands()) {
    if (command.keys.isEmpty() || std::ranges::find(taken, command.keys) != taken.end()) continue;
    taken.push_back(command.keys);
    auto* shortcut = new QShortcut(command.keys, shown);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    screen_keys_.push_back(shortcut);
    connect(shortcut, &QShortcut::activated, shown, [this, shown, id = command.id] {
      // As it is now, not as it was when the key was bound.
      for (const Command& now : shown->commands())
        if (now.id == id) {
          if (!now.refusal.isEmpty()) return toast_->show_toast(now.title + QStringLiteral(": ") + now.refusal);
          return now.run();
        }
    });
  }
}

void MainWindow::close_screens() {
  leave_screen();
  toast_->dismiss();  // what it undoes is a screen's
  for (const auto& [id, made] : screens_) delete made;
  screens_.clear();
  current_.clear();
  screen_keys_.clear();
  prepare_.stop();
  lost_clock_.stop();
  delete std::exchange(source_, nullptr);
}

void MainWindow::open(std::unique_ptr<Session> session) {
  close_screens();
  session_ = std::move(session);
  connect(session_.get(), &Session::status_changed, this, [this] { say_health(); });
  connect(session_.get(), &Session::link_changed, this, [this] { say_health(); });
  connect(session_.get(), &Session::capabilities_changed, this, [this] { refill_rail(); });
  connect(&session_->witness(), &WitnessWatch::changed, this, [this, was = log_is_contradicted()]() mutable {
    if (was != log_is_contradicted()) {
      was = !was;
      refill_rail();
    }
    say_health();
  });
  rail_->set_appliance(session_->appliance().name, session_->appliance().site);
  source_ = new PaletteSource(
      *session_, [this](const QString& screen, const QString& argument) { show_screen_at(screen, argument); }, this);
  connect(source_, &PaletteSource::changed, palette_, &PaletteView::refill);
  refill_rail();
  say_health();
  pages_->setCurrentWidget(frame_);
  show_screen(plans_.front().id);
  if (QWidget* const focus = focusWidget()) focus->clearFocus();
  prepare_.start();
  if (idle_.interval() > 0) idle_.start();
  emit opened();
}

void MainWindow::show_connect() {
  close_screens();
  if (session_) ConnectView::remember(*session_);
  session_.reset();
  connect_->reopen();
  pages_->setCurrentWidget(connect_);
}

std::unique_ptr<Session> MainWindow::take_session() {
  close_screens();
  if (session_) disconnect(session_.get(), nullptr, this, nullptr);
  return std::move(session_);
}

bool MainWindow::is_locked() const {
  return pages_->currentWidget() == lock_view_;
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

Screen* MainWindow::made(const ScreenPlan& plan) {
  if (const auto found = screens_.find(plan.id); found != screens_.end()) return found->second;
  Screen* const screen = plan.make(*session_);
  connect(screen, &Screen::toast, this,
          [this](const QString& sentence, const std::function<void()>& undo) { toast_->show_toast(sentence, undo); });
  connect(screen, &Screen::open_screen, this, &MainWindow::show_screen_at);
  if (auto* const settings = qobject_cast<SettingsScreen*>(screen))
    connect(settings, &SettingsScreen::preferences_changed, this, &MainWindow::take_preferences);
  content_->addWidget(screen);
  screens_.emplace(plan.id, screen);
  return screen;
}

// One at a time while nothing else happens, so that the palette knows the acts of all screens.
void MainWindow::prepare_next_screen() {
  if (!session_ || !session_->capabilities()) return;
  for (const ScreenPlan& plan : plans_) {
    if (screens_.contains(plan.id) || !session_->has_route(plan.method, plan.route)) continue;
    (void)made(plan);
    return prepare_.start();
  }
}

void MainWindow::show_screen_at(const QString& id, const QString& argument) {
  if (!session_ || is_locked()) return;
  const auto plan = std::ranges::find(plans_, id, &ScreenPlan::id);
  if (plan == plans_.end()) return;
  if (id != current_) {
    leave_screen();
    current_ = id;
    Screen* const screen = made(*plan);
    content_->setCurrentWidget(screen);
    rail_->choose(id);
    screen->entered();
    bind_screen_keys();
  }
  if (!argument.isEmpty()) screens_.at(id)->show_at(argument);
}

bool MainWindow::log_is_contradicted() const {
  if (!session_) return false;
  if (session_->witness().view() && !session_->witness().view()->alarms.empty()) return true;
  const bool has_log = session_->status() && session_->status()->audit;
  return has_log && session_->status()->audit->verified == "altered";
}

void MainWindow::refill_rail() {
  if (!session_) return;
  std::vector<RailEntry> entries;
  for (const ScreenPlan& plan : plans_) {
    if (!session_->has_route(plan.method, plan.route)) continue;
    const bool locked = !session_->permits(plan.method, plan.route);
    RailEntry::Mark mark = locked ? RailEntry::Mark::locked : RailEntry::Mark::digit;
    if (!locked && plan.id == QLatin1String("audit") && log_is_contradicted()) mark = RailEntry::Mark::finding;
    entries.push_back({plan.id, plan.icon, plan.title, mark});
  }
  rail_->set_entries(entries);
  rail_->choose(current_);
  if (session_->capabilities())
    rail_->set_person(QString::fromStdString(session_->capabilities()->client),
                      joined_roles(session_->capabilities()->roles));
}

void MainWindow::say_health() {
  if (!session_) return;
  const bool lost = session_->link() == Link::lost;
  veil_->setVisible(lost);
  if (lost) {
    if (!lost_clock_.isActive()) {
      lost_since_us_ = wall_clock_us();
      lost_clock_.start();
    }
    return say_lost();
  }
  lost_clock_.stop();
  if (session_->link() == Link::connecting) {
    header_->set_health(HealthMark::note, tr("Connecting to %1 …").arg(session_->appliance().name));
    return;
  }
  if (!session_->status()) return;
  const DaemonStatus& status = *session_->status();
  HealthMark mark = HealthMark::good;
  if (status.health == Health::blocked) mark = HealthMark::wrong;
  if (status.health == Health::degraded || status.health == Health::draining) mark = HealthMark::action;
  if (status.health == Health::starting) mark = HealthMark::note;
  if (log_is_contradicted()) {
    header_->set_health(HealthMark::wrong,
                        tr("The audit log contradicts what was signed for. See where, and export it."), tr("Audit log"),
                        [this] { show_screen_at(QStringLiteral("audit"), {}); });
    return;
  }
  // One link, to where the gravest thing is mended.
  const std::vector<Condition> worst = by_weight(status.conditions, 1);
  if (worst.empty()) return header_->set_health(mark, health_sentence(status));
  const Finding finding = finding_of(worst.front());
  if (!finding.screen.isEmpty() && finding.screen != QLatin1String("settings"))
    return header_->set_health(mark, health_sentence(status), tr("Open %1").arg(finding_screen_title(finding.screen)),
                               [this, id = finding.screen] { show_screen(id); });
  header_->set_health(mark, health_sentence(status), tr("What to do"),
                      [this] { show_screen_at(QStringLiteral("settings"), QStringLiteral("findings")); });
}

// What is shown below stays, dimmed; the session tries again by itself.
void MainWindow::say_lost() {
  const ClientError* const error = session_->last_error();
  const QString why = error == nullptr ? QString() : words_of(classify(*error, session_->appliance())).title;
  const int seconds = session_->next_try_s();
  const QString next = seconds > 0 ? tr("Tried again in %1 s.").arg(seconds) : tr("Being tried now.");
  header_->set_health(HealthMark::wrong, tr("No answer since %1 IST. %2 %3").arg(ist_time(lost_since_us_), next, why),
                      tr("Try now"), [this] { session_->try_now(); });
}

std::vector<Command> MainWindow::all_commands(const QString& typed) {
  std::vector<Command> commands;
  Screen* const shown = screen();
  if (shown != nullptr) commands = shown->commands();
  for (Command& command : commands)
    if (command.id == QLatin1String("clients.revoke") && source_ != nullptr)
      command.objects = [this] { return source_->revocations(); };
  // Of the other screens only what was asked for: the list stays short.
  if (!typed.isEmpty())
    for (const ScreenPlan& plan : plans_) {
      const auto other = screens_.find(plan.id);
      if (other == screens_.end() || other->second == shown) continue;
      for (Command& command : other->second->commands()) {
        command.keys = {};
        command.note = plan.title;
        command.run = [this, id = plan.id, run = std::move(command.run)] {
          show_screen(id);
          if (run) run();
        };
        if (command.id == QLatin1String("clients.revoke") && source_ != nullptr)
          command.objects = [this] { return source_->revocations(); };
        commands.push_back(std::move(command));
      }
    }
  int digit = 0;
  for (const ScreenPlan& plan : plans_) {
    if (!session_ || !session_->has_route(plan.method, plan.route)) continue;
    Command command;
    command.id = QStringLiteral("screen.") + plan.id;
    command.group = tr("Screens");
    command.title = plan.title;
    command.search = plan.id;
    command.icon = plan.icon;
    command.keys = QKeySequence(QStringLiteral("Ctrl+%1").arg(++digit));
    command.run = [this, id = plan.id] { show_screen(id); };
    if (!session_->permits(plan.method, plan.route))
      command.refusal = tr("needs the role %1").arg(QLatin1String(plan.role));
    commands.push_back(std::move(command));
  }
  if (!typed.isEmpty() && source_ != nullptr)
    for (Command& command : source_->commands(typed)) commands.push_back(std::move(command));
  for (Command& command : console_commands())
    if (command.id != QLatin1String("console.palette")) commands.push_back(std::move(command));
  return commands;
}

void MainWindow::open_palette() {
  if (!session_ || pages_->currentWidget() != frame_) return;
  if (source_ != nullptr) source_->ask();
  palette_->open([this](const QString& typed) { return all_commands(typed); });
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
  std::vector<Command> commands;
  commands.push_back(console_commands().front());
  std::vector<Command> all = all_commands({});
  std::ranges::stable_partition(all, [](const Command& one) { return one.id.startsWith(QLatin1String("console.")); });
  for (Command& command : all) {
    // F5 of a screen is F5 of the console.
    const bool known = std::ranges::any_of(commands, [&](const Command& one) { return one.keys == command.keys; });
    if (!command.keys.isEmpty() && !known) commands.push_back(std::move(command));
  }
  auto* sheet = new KeySheet(commands, this);
  sheet->setAttribute(Qt::WA_DeleteOnClose);
  sheet->open();
}

void MainWindow::lock() {
  if (!session_ || is_locked()) return;
  palette_->close_palette();
  // A dialog or a menu over the lock would show what is locked away.
  while (QWidget* const popup = QApplication::activePopupWidget()) popup->close();
  for (QWidget* const window : QApplication::topLevelWidgets())
    if (auto* const dialog = qobject_cast<QDialog*>(window); dialog != nullptr && dialog->isVisible()) dialog->reject();
  leave_screen();
  session_->pause();
  prepare_.stop();
  lost_clock_.stop();
  lock_view_->open(*session_);
  pages_->setCurrentWidget(lock_view_);
}

void MainWindow::take_preferences(const Preferences& preferences) {
  set_auto_lock_minutes(preferences.lock_minutes);
  // Another language is another window: not while this one is locked.
  const QString language = is_locked() ? language_ : chosen_language(preferences);
  if (std::exchange(language_, language) != language) emit language_chosen(language);
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
  // The desktop turned dark or light.
  if (event->type() == QEvent::ThemeChange && watched == this)
    QTimer::singleShot(0, this, [this] { take_preferences(Preferences::load()); });
  // Also from within a dialog, whose keys the window's shortcuts don't see.
  if (event->type() == QEvent::KeyPress && session_ && !isActiveWindow() &&
      static_cast<QKeyEvent*>(event)->keyCombination() == QKeyCombination(Qt::ControlModifier, Qt::Key_L)) {
    QTimer::singleShot(0, this, &MainWindow::lock);
    return true;
  }
  // What a daemon said is no markup, in a tooltip neither.
  if (event->type() == QEvent::Polish && watched->inherits("QTipLabel"))
    static_cast<QLabel*>(watched)->setTextFormat(Qt::PlainText);
  // Text fields of some desktops take Ctrl+K for themselves.
  if (event->type() == QEvent::ShortcutOverride && session_ &&
      static_cast<QKeyEvent*>(event)->keyCombination() == QKeyCombination(Qt::ControlModifier, Qt::Key_K)) {
    event->ignore();
    return true;
  }
  return QMainWindow::eventFilter(watched, event);
}

void MainWindow::paintEvent(QPaintEvent* event) {
  QMainWindow::paintEvent(event);
  // Once this has reached the screen.
  if (pages_ == nullptr) QTimer::singleShot(0, this, &MainWindow::build);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  if (rail_ != nullptr) rail_->set_narrow(width() < narrow_below_px);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  leave_screen();
  event->accept();
}

}  // namespace tijori
