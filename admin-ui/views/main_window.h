// The frame of the console: rail, header, one screen at a time, palette, toast, lock. Screens are made when first
// shown.
#pragma once

#include <QMainWindow>
#include <QStackedWidget>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "admin-ui/client/preferences.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/command.h"
#include "admin-ui/views/screen.h"

class QShortcut;

namespace tijori {

class ConnectView;
class HeaderStrip;
class LockView;
class PaletteSource;
class PaletteView;
class Rail;
class ToastBar;
class Veil;

// What a screen needs to be in the rail.
struct ScreenPlan {
  QString id;  // "overview"
  QString icon;
  QString title;
  // A route of the daemon without which the screen makes no sense; absent from the rail when the daemon lacks it,
  // locked when the role does.
  const char* method;
  const char* route;
  const char* role;  // that opens it, for the no-permission state
  std::function<Screen*(Session&)> make;
};

// The screens of this release, in the order of the rail.
std::vector<ScreenPlan> screen_plans();

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  // `after_first_paint`: the window is on the screen before what is in it has been made, which takes longer than all
  // else; built() tells.
  enum class Build : uint8_t { at_once, after_first_paint };
  explicit MainWindow(QWidget* parent = nullptr, Build when = Build::at_once);
  ~MainWindow() override;

  // Leaves the appliance that was open, if any, and shows the first screen of this one.
  void open(std::unique_ptr<Session> session);
  void show_connect();
  void show_screen(const QString& id);
  void show_screen_at(const QString& id, const QString& argument);
  Session* session() const { return session_.get(); }
  // Leaves the window without one: for a window that takes this one's place.
  std::unique_ptr<Session> take_session();
  Screen* screen() const;  // the one shown; nullptr while connecting or locked
  void lock();
  void set_auto_lock_minutes(int minutes);  // 0: never
  bool is_locked() const;
  const QString& current_screen() const { return current_; }
  void take_preferences(const Preferences& preferences);

 signals:
  void built();
  void opened();
  // Every text has to be said anew: the window can't do that by itself.
  void language_chosen(const QString& language);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void build();
  std::vector<Command> console_commands();
  void make_shortcuts();
  void bind_screen_keys();
  Screen* made(const ScreenPlan& plan);
  void prepare_next_screen();
  void refill_rail();
  bool log_is_contradicted() const;  // as the witness saw it
  void say_health();
  void say_lost();
  void open_palette();
  // Those of the screen shown, of the other screens, the screens themselves, and the console's own.
  std::vector<Command> all_commands(const QString& typed);
  void copy_as_command();
  void show_shortcut_sheet();
  void leave_screen();
  void close_screens();

  std::unique_ptr<Session> session_;
  std::vector<ScreenPlan> plans_;
  std::map<QString, Screen*> screens_;
  QString current_;
  // Nothing until build().
  QStackedWidget* pages_ = nullptr;  // connect, frame, lock
  ConnectView* connect_ = nullptr;
  QWidget* frame_ = nullptr;
  LockView* lock_view_ = nullptr;
  Rail* rail_ = nullptr;
  HeaderStrip* header_ = nullptr;
  QStackedWidget* content_ = nullptr;
  PaletteView* palette_ = nullptr;
  PaletteSource* source_ = nullptr;  // of the session
  std::vector<QShortcut*> screen_keys_;
  ToastBar* toast_ = nullptr;
  Veil* veil_ = nullptr;
  QString language_;  // the one that the preferences ask for
  QTimer idle_;
  QTimer prepare_;
  QTimer lost_clock_;
  int64_t lost_since_us_ = 0;
};

}  // namespace tijori
