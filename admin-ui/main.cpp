// tijori-console: the desktop console of an appliance's administrators.
#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <memory>

#include "admin-ui/client/catalogue.h"
#include "admin-ui/client/preferences.h"
#include "admin-ui/views/connect_view.h"
#include "admin-ui/views/main_window.h"
#include "admin-ui/views/parts/focus_ring.h"

namespace {

tijori::Look wanted_look(const QString& name) {
  if (name == QLatin1String("light")) return tijori::Look::light;
  if (name == QLatin1String("dark")) return tijori::Look::dark;
  if (name == QLatin1String("contrast-black")) return tijori::Look::contrast_black;
  if (name == QLatin1String("contrast-white")) return tijori::Look::contrast_white;
  return tijori::Theme::system_look();
}

// Before a window is made: its texts are made of it.
void speak(bool hindi) {
  QLocale::setDefault(QLocale(hindi ? QLocale::Hindi : QLocale::English, QLocale::India));
  tijori::Catalogue::install(hindi ? QStringLiteral("hi") : QStringLiteral("en"));
}

// The window, and another in its place when the language changes: with its session, its size and its screen.
class Console : public QObject {
 public:
  explicit Console(QApplication& application) : application_(application) {}

  tijori::MainWindow& open(tijori::MainWindow::Build when = tijori::MainWindow::Build::at_once) {
    window_ = std::make_unique<tijori::MainWindow>(nullptr, when);
    connect(window_.get(), &tijori::MainWindow::language_chosen, this, &Console::change_language, Qt::QueuedConnection);
    return *window_;
  }

 private:
  void change_language(const QString& language) {
    const bool hindi = language == QLatin1String("hi");
    speak(hindi);
    tijori::Theme::instance().apply(application_, tijori::Theme::instance().look(),
                                    hindi ? tijori::Script::devanagari : tijori::Script::latin);
    const std::unique_ptr<tijori::MainWindow> old = std::move(window_);
    const QString screen = old->current_screen();
    const bool was_locked = old->is_locked();
    auto session = old->take_session();
    open();
    window_->restoreGeometry(old->saveGeometry());
    if (session) {
      window_->open(std::move(session));
      window_->show_screen(screen);
      if (was_locked) window_->lock();
    }
    window_->show();
  }

  QApplication& application_;
  std::unique_ptr<tijori::MainWindow> window_;
};

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("tijori"));
  QCoreApplication::setApplicationName(QStringLiteral("tijori-console"));
  QCoreApplication::setApplicationVersion(QStringLiteral(TIJORI_VERSION));
  QGuiApplication::setDesktopFileName(QStringLiteral("in.tijori.Console"));

  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("The desktop console of a Tijori appliance."));
  parser.addHelpOption();
  parser.addVersionOption();
  const QCommandLineOption name(QStringLiteral("appliance"), QStringLiteral("Name of the appliance to connect to."),
                                QStringLiteral("NAME"));
  const QCommandLineOption socket(QStringLiteral("socket"), QStringLiteral("Its admin socket."),
                                  QStringLiteral("PATH"));
  const QCommandLineOption ca(QStringLiteral("ca"), QStringLiteral("The site's CA certificate."),
                              QStringLiteral("FILE"));
  const QCommandLineOption cert(QStringLiteral("cert"), QStringLiteral("Your certificate, PEM or PKCS#12."),
                                QStringLiteral("FILE"));
  const QCommandLineOption key(QStringLiteral("key"), QStringLiteral("Its key, PEM."), QStringLiteral("FILE"));
  const QCommandLineOption language(QStringLiteral("language"),
                                    QStringLiteral("en or hi; the desktop's when not given."),
                                    QStringLiteral("LANGUAGE"));
  const QCommandLineOption look(
      QStringLiteral("theme"),
      QStringLiteral("light, dark, contrast-black, contrast-white; the desktop's when not given."),
      QStringLiteral("THEME"));
  parser.addOptions({name, socket, ca, cert, key, language, look});
  parser.process(application);

  const tijori::Preferences preferences = tijori::Preferences::load();
  const bool hindi =
      (parser.isSet(language) ? parser.value(language) : tijori::chosen_language(preferences)) == QLatin1String("hi");
  speak(hindi);
  tijori::set_grouping(preferences.grouping);
  const tijori::Look system = tijori::Theme::system_look();
  tijori::Theme::instance().apply(
      application, parser.isSet(look) ? wanted_look(parser.value(look)) : tijori::chosen_look(preferences, system),
      hindi ? tijori::Script::devanagari : tijori::Script::latin);
  tijori::FocusRing::install(application);

  Console console(application);
  tijori::MainWindow& window = console.open(tijori::MainWindow::Build::after_first_paint);
  if (parser.isSet(socket)) {
    tijori::Appliance appliance;
    appliance.name = parser.isSet(name) ? parser.value(name) : QStringLiteral("appliance");
    appliance.admin_socket = parser.value(socket);
    appliance.authority = parser.value(ca);
    appliance.certificate = parser.value(cert);
    appliance.key = parser.value(key);
    QObject::connect(&window, &tijori::MainWindow::built, &window, [&window, appliance] {
      auto* const connect = window.findChild<tijori::ConnectView*>();
      connect->set_appliance(appliance);
      connect->try_connect();
    });
  }
  window.show();
  return QApplication::exec();
}
