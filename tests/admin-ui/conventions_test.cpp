// What holds on every screen: each act has a command that the command line knows, or a reason why it has none; what
// takes the focus says what it is and is reached and left by Tab; nothing is cut off at 200 %; the look is chosen.
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QProcess>
#include <QRegularExpression>

#include "admin-ui/views/screen.h"
#include "protocol/model_types.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/legibility.h"

namespace tijori::test {

namespace {

// Acts without a command, and why. Kept short: an act that changes the appliance always has one.
struct Excuse {
  const char* id;  // or the start of it, with a dot at the end
  const char* reason;
};
constexpr Excuse excuses[] = {
    {"console.", "concerns this window alone"},
    {"screen.", "concerns this window alone"},
    {"setting.", "shows a line of a file on the appliance"},
    {"settings.", "concerns this window alone"},
    {"overview.", "concerns the plots of this window alone"},
    {"audit.clear", "concerns this window alone"},
    {"try.stop", "on a command line it is Ctrl+C"},
};

bool is_excused(const QString& id) {
  return std::ranges::any_of(excuses, [&](const Excuse& excuse) {
    const QLatin1String start(excuse.id);
    return start.endsWith(QLatin1Char('.')) ? id.startsWith(start) : id == start;
  });
}

// The words of a command as a shell takes them.
QStringList shell_words(const QString& line) {
  QProcess shell;
  shell.start(QStringLiteral("/bin/sh"),
              {QStringLiteral("-c"), QStringLiteral("for word in %1; do printf '%s\\0' \"$word\"; done").arg(line)});
  if (!shell.waitForFinished(patience_ms(10)) || shell.exitCode() != 0) return {};
  QStringList words = QString::fromUtf8(shell.readAllStandardOutput()).split(QChar(0));
  words.removeLast();
  return words;
}

}  // namespace

class ConventionsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    const auto officer = rig_.issue(QStringLiteral("anita.rao"),
                                    {Role::operator_, Role::auditor, Role::guardrail_editor, Role::application});
    QVERIFY(officer && rig_.add(*officer));
    officer_ = *officer;
  }
  void cleanup() { dress(*qApp); }

  void every_act_has_a_command_that_the_command_line_knows() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, officer_));
    QSet<QString> seen;
    QStringList faults;
    for (const QString& id : screens(user)) {
      QVERIFY(user.open_screen(id));
      QTRY_COMPARE_WITH_TIMEOUT(user.window().screen()->findChild<StateView*>()->state(), StateView::State::content,
                                patience_ms(20));
      const std::vector<Command> commands = user.window().screen()->commands();
      QVERIFY2(!commands.empty(), qPrintable(id));
      for (const Command& command : commands) {
        QVERIFY2(!command.id.isEmpty() && !command.title.isEmpty() && command.run, qPrintable(command.id));
        QVERIFY2(!seen.contains(command.id), qPrintable(command.id + QStringLiteral(" is there twice")));
        seen << command.id;
        const QString line = command.command_line ? command.command_line() : QString();
        const bool excused = line.isEmpty() && is_excused(command.id);
        const QString fault = line.isEmpty() ? QStringLiteral("no command") : fault_of(line);
        if (!excused && !fault.isEmpty()) faults << command.id + QStringLiteral(": ") + line + QLatin1Char(' ') + fault;
        ++checked_;
      }
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    QVERIFY2(checked_ > 15, qPrintable(QString::number(checked_)));
  }

  // What the check above is worth: commands that don't exist are noticed.
  void a_command_that_does_not_exist_is_noticed() {
    QVERIFY(fault_of(QStringLiteral("tijori status")).isEmpty());
    QVERIFY(fault_of(QStringLiteral("tijori models load scout --context 4096 --sequences 2 --kv f16")).isEmpty());
    QVERIFY(!fault_of(QStringLiteral("tijori models")).isEmpty());
    QVERIFY(!fault_of(QStringLiteral("tijori models start scout")).isEmpty());
    QVERIFY(!fault_of(QStringLiteral("tijori models load scout --speed 3")).isEmpty());
    QVERIFY(!fault_of(QStringLiteral("tijori models load")).isEmpty());
    QVERIFY(!fault_of(QStringLiteral("rm -rf x")).isEmpty());
  }

  void everything_that_is_copied_as_a_command_is_one() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, officer_));
    QVERIFY(user.open_screen(QStringLiteral("models")));
    QVERIFY(user.click_row(QStringLiteral("models.table"), QStringLiteral("demo")));
    user.press(Qt::Key_Return);
    QVERIFY(user.wait_for(QStringLiteral("models.drawer")) != nullptr);
    copied_is_a_command(user, QStringLiteral("models.copy-command"));
    user.press(Qt::Key_Escape);
    QVERIFY(user.type_into(QStringLiteral("try.question"), QStringLiteral("What's \"UPI\"?")));
    copied_is_a_command(user, QStringLiteral("try.copy"));
    for (const QString& id : screens(user)) {
      QVERIFY(user.open_screen(id));
      QApplication::clipboard()->clear();
      user.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
      QTRY_VERIFY2(!QApplication::clipboard()->text().isEmpty(), qPrintable(id));
      const QString fault = fault_of(QApplication::clipboard()->text());
      QVERIFY2(fault.isEmpty(), qPrintable(QApplication::clipboard()->text() + QStringLiteral(": ") + fault));
    }
  }

  // Every place of the window: what takes the focus has a name, Tab comes to all of it and goes round. And nothing is
  // cut off, also at 200 %, where 1440 × 900 is 720 × 450.
  void every_place_is_named_reached_and_legible_data() {
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    for (const char* place : {"connect", "first run", "lock", "models", "model details", "unload", "load", "clients",
                              "client", "revoke", "new application", "from a request", "palette", "keys"})
      for (const char* language : {"en", "hi"}) {
        QTest::addRow("%s, %s, 100 %%", place, language) << place << language << 1440 << 900;
        QTest::addRow("%s, %s, 200 %%", place, language) << place << language << 720 << 450;
      }
  }
  void every_place_is_named_reached_and_legible() {
    QFETCH(QString, place);
    QFETCH(QString, language);
    QFETCH(int, width);
    QFETCH(int, height);
    dress(*qApp, language);
    ConsoleUser user;
    user.window().resize(width, height);
    if (place != QLatin1String("connect") && place != QLatin1String("first run")) {
      Identity identity = officer_;
      if (place == QLatin1String("lock")) identity = {{}, rig_.admin_pkcs12(), {}};
      QVERIFY(user.connect_to(rig_, identity,
                              place == QLatin1String("lock") ? QLatin1String(ApplianceRig::passphrase()) : QString()));
    }
    go_to(user, place);
    if (QTest::currentTestFailed()) return;
    QTest::qWait(50);  // what was laid out is drawn
    QWidget* const modal = QApplication::activeModalWidget();
    QWidget& top = modal == nullptr ? static_cast<QWidget&>(user.window()) : *modal;
    const QString folder = qEnvironmentVariable("TIJORI_CONVENTIONS");
    if (!folder.isEmpty()) {
      for (const Look look : {Look::light, Look::dark}) {
        dress(*qApp, language, look);
        QTest::qWait(50);
        user.window().grab().save(QStringLiteral("%1/%2-%3-%4-%5.png")
                                      .arg(folder, QString(place).replace(QLatin1Char(' '), QLatin1Char('-')), language,
                                           look == Look::light ? QStringLiteral("light") : QStringLiteral("dark"))
                                      .arg(width));
        if (modal != nullptr)
          modal->grab().save(QStringLiteral("%1/%2-dialog-%3-%4-%5.png")
                                 .arg(folder, QString(place).replace(QLatin1Char(' '), QLatin1Char('-')), language,
                                      look == Look::light ? QStringLiteral("light") : QStringLiteral("dark"))
                                 .arg(width));
      }
    }
    QVERIFY(top.width() <= user.window().width() && top.height() <= user.window().height());
    // What changed just now, the clock say, is laid out before it is painted.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    const QStringList cut = cut_off(top);
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QLatin1Char('\n'))));
    const QStringList nameless = nameless_in(top);
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    if (place != QLatin1String("palette")) all_are_reached(user, top);  // there Tab means something else
    if (modal != nullptr) qobject_cast<QDialog*>(modal)->reject();
  }

  void the_search_of_a_screen_and_asking_again_have_their_keys() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, officer_));
    for (const QString& id : screens(user)) {
      QVERIFY(user.open_screen(id));
      QTRY_COMPARE_WITH_TIMEOUT(user.window().screen()->findChild<StateView*>()->state(), StateView::State::content,
                                patience_ms(20));
      if (id != QLatin1String("overview")) {  // there is nothing to search there
        user.press(Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY2(
            QApplication::focusWidget() != nullptr && user.window().screen()->isAncestorOf(QApplication::focusWidget()),
            qPrintable(id));
      }
      user.press(Qt::Key_F5);
      QTRY_COMPARE_WITH_TIMEOUT(user.window().screen()->findChild<StateView*>()->state(), StateView::State::content,
                                patience_ms(20));
    }
    // What somebody else did is seen after F5.
    const auto late = rig_.issue(QStringLiteral("evening-desk"), {Role::application});
    QVERIFY(user.open_screen(QStringLiteral("clients")));
    QVERIFY(late && rig_.add(*late));
    QVERIFY(!user.reads(QStringLiteral("evening-desk")));
    user.press(Qt::Key_F5);
    QVERIFY(user.wait_to_read(QStringLiteral("evening-desk")));
  }

  void the_look_is_chosen_and_the_desktop_is_asked_again() {
    const Look desktop = Theme::system_look();
    ConsoleUser user;
    auto* const theme = qobject_cast<QComboBox*>(user.find(QStringLiteral("connect.theme")));
    QVERIFY(theme != nullptr);
    theme->setFocus();
    const Look wanted[] = {Look::light, Look::dark, Look::contrast_black, Look::contrast_white};
    user.press(Qt::Key_Home);
    QCOMPARE(theme->currentIndex(), 0);
    for (const Look look : wanted) {
      user.press(Qt::Key_Down);
      QTRY_COMPARE(Theme::instance().look(), look);
      // Our own palette isn't taken for the desktop's.
      QCOMPARE(Theme::system_look(), desktop);
    }
    user.press(Qt::Key_Home);
    QTRY_COMPARE(Theme::instance().look(), desktop);
    // The desktop turns: it is asked again, and what was chosen here stays.
    user.press(Qt::Key_Down);
    user.press(Qt::Key_Down);
    QTRY_COMPARE(Theme::instance().look(), Look::dark);
    QEvent turned(QEvent::ThemeChange);
    QCoreApplication::sendEvent(&user.window(), &turned);
    QTest::qWait(50);
    QCOMPARE(Theme::instance().look(), Look::dark);
    Theme::instance().apply(*qApp, Look::dark, Script::latin);
    user.press(Qt::Key_Home);
    QTRY_COMPARE(Theme::instance().look(), desktop);
    Theme::instance().apply(*qApp, Look::dark, Script::latin);  // as before the desktop turned light
    QCoreApplication::sendEvent(&user.window(), &turned);
    QTRY_COMPARE(Theme::instance().look(), desktop);
  }

 private:
  static QStringList screens(ConsoleUser& user) {
    std::map<int, QString> found;
    for (const QAbstractButton* const button : user.window().findChildren<QAbstractButton*>())
      if (button->objectName().startsWith(QLatin1String("rail.")) && button->isVisible() && button->isCheckable())
        found[button->y()] = button->objectName().mid(5);
    QStringList ids;
    for (const auto& [y, id] : found) ids << id;
    return ids;
  }

  void go_to(ConsoleUser& user, const QString& place) {
    const auto sees = [&](const char* name) { QVERIFY2(user.wait_for(QLatin1String(name)) != nullptr, name); };
    if (place == QLatin1String("connect")) {
      if (user.sees(QStringLiteral("firstrun.leave"))) QVERIFY(user.click(QStringLiteral("firstrun.leave")));
      return sees("connect.certificate");
    }
    if (place == QLatin1String("first run")) {
      if (!user.sees(QStringLiteral("firstrun.go"))) QVERIFY(user.click(QStringLiteral("connect.set-up")));
      return sees("firstrun.go");
    }
    if (place == QLatin1String("lock")) {
      user.press(Qt::Key_L, Qt::ControlModifier);
      return sees("lock.passphrase");
    }
    if (place == QLatin1String("palette")) {
      user.press(Qt::Key_K, Qt::ControlModifier);
      user.type(QStringLiteral("re"));
      return sees("palette.list");
    }
    if (place == QLatin1String("keys")) {
      user.press(Qt::Key_Slash, Qt::ControlModifier);
      return sees("keys");
    }
    const bool models = place == QLatin1String("models") || place == QLatin1String("model details") ||
                        place == QLatin1String("unload") || place == QLatin1String("load");
    if (models) {
      QVERIFY(user.open_screen(QStringLiteral("models")));
      QVERIFY(user.click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
      if (place == QLatin1String("models")) return;
      if (place == QLatin1String("model details")) {
        user.press(Qt::Key_Return);
        return sees("models.drawer");
      }
      if (place == QLatin1String("unload")) {
        QVERIFY(user.click(QStringLiteral("models.act.scout")));
        return sees("models.unload-now");
      }
      // Unloaded already by an earlier visit: that is refused.
      const auto unloaded = rig_.post<ModelInfo>("/admin/v1/models/demo/unload", UnloadModel{.drain_s = 0});
      QVERIFY(unloaded || unloaded.error().http_status == 409);
      QTRY_VERIFY_WITH_TIMEOUT(user.find(QStringLiteral("models.load"))->isEnabled(), patience_ms(20));
      QVERIFY(user.click_row(QStringLiteral("models.table"), QStringLiteral("demo")));
      QVERIFY(user.click(QStringLiteral("models.load")));
      QTRY_VERIFY_WITH_TIMEOUT(user.find(QStringLiteral("models.load-now")) != nullptr &&
                                   user.find(QStringLiteral("models.load-now"))->isEnabled(),
                               patience_ms(20));
      return;
    }
    QVERIFY(user.open_screen(QStringLiteral("clients")));
    QVERIFY(user.click_row(QStringLiteral("clients.table"), QStringLiteral("front-desk")));
    if (place == QLatin1String("clients")) return;
    if (place == QLatin1String("client") || place == QLatin1String("revoke")) {
      user.press(Qt::Key_Return);
      sees("clients.drawer");
      if (place == QLatin1String("client")) return;
      QVERIFY(user.click(QStringLiteral("clients.revoke")));
      return sees("clients.revoke_confirm");
    }
    QVERIFY(user.click(place == QLatin1String("new application") ? QStringLiteral("clients.new")
                                                                 : QStringLiteral("clients.request")));
    sees("new_application.make");
  }

  static bool takes_focus(const QWidget* widget, const QWidget& top) {
    return widget->isVisible() && widget->isEnabled() && widget->window() == &top &&
           (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->focusProxy() == nullptr;
  }

  static QString describe(const QWidget* widget) {
    return QStringLiteral("%1 %2 \"%3\" in %4")
        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(), widget->accessibleName(),
             widget->parentWidget() == nullptr ? QString() : widget->parentWidget()->objectName());
  }

  static QStringList nameless_in(const QWidget& top) {
    QStringList found;
    for (const QWidget* const widget : top.findChildren<QWidget*>()) {
      if (!takes_focus(widget, top)) continue;
      const auto* const button = qobject_cast<const QAbstractButton*>(widget);
      const bool inside_a_box =
          widget->parentWidget() != nullptr && widget->parentWidget()->inherits("QAbstractSpinBox");
      if (widget->accessibleName().isEmpty() && (button == nullptr || button->text().isEmpty()) && !inside_a_box &&
          !widget->inherits("QScrollArea"))
        found << describe(widget);
    }
    return found;
  }

  static void all_are_reached(ConsoleUser& user, QWidget& top) {
    QSet<const QWidget*> reached;
    bool round = false;
    for (int step = 0; step < 200 && !round; ++step) {
      user.press(Qt::Key_Tab);
      const QWidget* const now = QApplication::focusWidget();
      QVERIFY(now != nullptr);
      QVERIFY2(now->isVisible() && now->window() == &top, qPrintable(describe(now)));
      round = reached.contains(now);
      reached << now;
    }
    QVERIFY2(round, "Tab never comes round");
    for (const QWidget* const widget : top.findChildren<QWidget*>())
      if (takes_focus(widget, top)) QVERIFY2(reached.contains(widget), qPrintable(describe(widget)));
    // And back: Shift+Tab leaves whatever has the focus.
    const QWidget* const last = QApplication::focusWidget();
    user.press(Qt::Key_Tab, Qt::ShiftModifier);
    QVERIFY(QApplication::focusWidget() != last || reached.size() <= 1);
  }

  void copied_is_a_command(ConsoleUser& user, const QString& button) {
    QApplication::clipboard()->clear();
    QVERIFY(user.click(button));
    const QString line = QApplication::clipboard()->text();
    const QString fault = fault_of(line);
    QVERIFY2(!line.isEmpty() && fault.isEmpty(), qPrintable(line + QStringLiteral(": ") + fault));
  }

  // What the program itself says of a verb.
  QString help_of(const QStringList& path) {
    QString& text = help_[path.join(QLatin1Char(' '))];
    if (!text.isEmpty()) return text;
    QProcess process;
    process.start(ApplianceRig::program(path.constFirst()), path.mid(1) + QStringList{QStringLiteral("--help")});
    if (process.waitForFinished(patience_ms(20)) && process.exitCode() == 0)
      text = QString::fromUtf8(process.readAllStandardOutput());
    return text;
  }

  // "" when each part of the line is a program of ours with a verb that it knows, options that this verb has, and what
  // it needs.
  QString fault_of(const QString& line) {
    static const QStringList programs{QStringLiteral("tijori"), QStringLiteral("tijori-ca"), QStringLiteral("tijorid"),
                                      QStringLiteral("tijori-audit-verify")};
    for (const QString& part : line.split(QStringLiteral(" && "))) {
      QStringList words = shell_words(part.section(QStringLiteral(" < "), 0, 0).section(QStringLiteral(" > "), 0, 0));
      if (words.isEmpty() || !programs.contains(words.constFirst())) return QStringLiteral("no program of Tijori");
      QStringList path{words.takeFirst()};
      QString help = help_of(path);
      if (help.isEmpty()) return QStringLiteral("%1 has no help").arg(path.constFirst());
      while (!words.isEmpty() && verbs_in(help).contains(words.constFirst())) {
        path << words.takeFirst();
        help = help_of(path);
      }
      if (!verbs_in(help).isEmpty()) return QStringLiteral("%1 needs a verb").arg(path.join(QLatin1Char(' ')));
      int given = 0;
      for (qsizetype i = 0; i < words.size(); ++i) {
        if (words.at(i) == QLatin1String("--")) {
          given += static_cast<int>(words.size() - i - 1);
          break;
        }
        if (!words.at(i).startsWith(QLatin1String("--"))) {
          ++given;
          continue;
        }
        const QRegularExpression option(
            QStringLiteral("(?m)^\\s+(-\\w,\\s*)?%1\\b(.*)$").arg(QRegularExpression::escape(words.at(i))));
        const auto found = option.match(help);
        if (!found.hasMatch()) return QStringLiteral("%1 has no %2").arg(path.join(QLatin1Char(' ')), words.at(i));
        // An option with a value says its type in capitals.
        if (QRegularExpression(QStringLiteral("^ [A-Z]")).match(found.captured(2)).hasMatch()) ++i;
      }
      if (given < needed_by(help)) return QStringLiteral("%1 lacks an argument").arg(path.join(QLatin1Char(' ')));
    }
    return {};
  }
  static QStringList verbs_in(const QString& help) {
    QStringList verbs;
    bool inside = false;
    static const QRegularExpression verb(QStringLiteral("^  ([a-z][a-z-]*)\\b"));
    for (const QString& each : help.split(QLatin1Char('\n'))) {
      if (each.startsWith(QLatin1String("Subcommands:"))) inside = true;
      if (!inside) continue;
      if (const auto match = verb.match(each); match.hasMatch()) verbs << match.captured(1);
    }
    return verbs;
  }
  static int needed_by(const QString& help) {
    static const QRegularExpression needed(QStringLiteral("(?m)^  [A-Z_]+\\b.*REQUIRED"));
    int count = 0;
    for (auto each = needed.globalMatch(help); each.hasNext(); each.next()) ++count;
    return count;
  }

  ApplianceRig rig_{RigOptions{.config = {}, .small_model = true, .experts = true}};
  Identity officer_;
  std::map<QString, QString> help_;
  int checked_ = 0;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::ConventionsTest)
#include "conventions_test.moc"
