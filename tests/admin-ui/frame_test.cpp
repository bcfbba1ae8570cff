// The frame around every screen: keys, palette, sheet of keys, lock, order of focus, and a daemon that dies and comes
// back.
#include <QClipboard>
#include <QListView>
#include <set>

#include "admin-ui/models/finding.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class FrameTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() { user_ = std::make_unique<ConsoleUser>(); }
  void cleanup() {
    QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
  }

  void opens_every_screen_by_its_digit() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    const QStringList ids = screens();
    QVERIFY2(ids.size() >= 5, qPrintable(ids.join(QLatin1Char(' '))));
    QSet<QString> titles;
    for (const QString& id : ids) {
      QVERIFY2(user_->open_screen(id), qPrintable(id));
      QTRY_VERIFY(user_->window().screen() != nullptr && user_->window().screen()->isVisible());
      titles << user_->window().screen()->accessibleName();
    }
    QCOMPARE(titles.size(), ids.size());
    user_->press(Qt::Key_Comma, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("settings.search")) != nullptr);
    user_->press(Qt::Key_F, Qt::ControlModifier);
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("settings.search")));
  }

  void opens_every_screen_by_mouse() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    for (const QString& id : screens()) {
      QVERIFY(user_->click(QStringLiteral("rail.") + id));
      QTRY_VERIFY(user_->window().screen()->isVisible());
    }
  }

  void palette_finds_and_runs() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    user_->press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("palette.field")) != nullptr);
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("palette.field")));
    user_->type(QStringLiteral("clients"));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("clients.table")) != nullptr);
    QVERIFY(!user_->sees(QStringLiteral("palette.field")));

    // Across scripts, and copied as a command instead of run.
    user_->press(Qt::Key_K, Qt::ControlModifier);
    user_->type(QStringLiteral("register again"));
    const auto* const list = qobject_cast<QListView*>(user_->wait_for(QStringLiteral("palette.list")));
    QVERIFY(list != nullptr);
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tijori clients list"));

    user_->press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(user_->sees(QStringLiteral("palette.field")));
    user_->type(QStringLiteral("no such thing"));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->sees(QStringLiteral("palette.field")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("palette.field")));
  }

  void keys_work_from_inside_a_field() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY(user_->type_into(QStringLiteral("clients.search"), QStringLiteral("desk")));
    user_->press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("palette.field"), 5) != nullptr);
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("palette.field")));
    QCOMPARE(qobject_cast<QLineEdit*>(user_->find(QStringLiteral("clients.search")))->text(), QStringLiteral("desk"));
  }

  void palette_runs_nothing_that_the_role_forbids() {
    QVERIFY(user_->connect_to(rig_, rig_.auditor()));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    user_->press(Qt::Key_K, Qt::ControlModifier);
    user_->type(QStringLiteral("roll back"));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->sees(QStringLiteral("palette.field")));
  }

  void shows_a_sheet_of_all_keys() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QString sheet;
    user_->in_next_dialog([&] {
      sheet = user_->text();
      user_->press(Qt::Key_Escape);
    });
    user_->press(Qt::Key_Slash, Qt::ControlModifier);
    QTRY_VERIFY(!sheet.isEmpty());
    for (const char* keys : {"Ctrl+K", "Ctrl+L", "Ctrl+1", "Ctrl+F", "F5", "Ctrl+Z", "Ctrl+Shift+C", "Esc", "Ctrl+,"})
      QVERIFY2(sheet.contains(QLatin1String(keys)), keys);
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);
  }

  void copies_what_the_screen_does_as_a_command() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    for (const QString& id : screens()) {
      QVERIFY(user_->open_screen(id));
      QApplication::clipboard()->setText(QString());
      user_->press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
      QTRY_VERIFY2(QApplication::clipboard()->text().startsWith(QLatin1String("tijori ")), qPrintable(id));
    }
  }

  void reaches_everything_by_tab() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    for (const QString& id : screens()) {
      QVERIFY(user_->open_screen(id));
      QTRY_COMPARE_WITH_TIMEOUT(state(), StateView::State::content, patience_ms(20));
      QSet<const QWidget*> reached;
      for (int step = 0; step < 300; ++step) {
        user_->press(Qt::Key_Tab);
        const QWidget* const now = QApplication::focusWidget();
        if (now == nullptr || reached.contains(now)) break;
        QVERIFY(now->isVisible());
        reached << now;
      }
      for (const QWidget* const widget : user_->window().findChildren<QWidget*>())
        if (widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0 &&
            widget->focusProxy() == nullptr)
          QVERIFY2(reached.contains(widget), qPrintable(QStringLiteral("%1: %2 %3 \"%4\"")
                                                            .arg(id, QLatin1String(widget->metaObject()->className()),
                                                                 widget->objectName(), widget->accessibleName())));
    }
  }

  // For screen readers: what can have the focus says what it is.
  void names_everything_that_takes_the_focus() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    for (const QString& id : screens()) {
      QVERIFY(user_->open_screen(id));
      QTRY_COMPARE_WITH_TIMEOUT(state(), StateView::State::content, patience_ms(20));
      for (const QWidget* const widget : user_->window().findChildren<QWidget*>()) {
        if (!widget->isVisible() || (widget->focusPolicy() & Qt::TabFocus) == 0 || widget->focusProxy() != nullptr)
          continue;
        const auto* const button = qobject_cast<const QAbstractButton*>(widget);
        const bool named = !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty()) ||
                           widget->inherits("QTabBar") ||
                           (widget->parentWidget() != nullptr && widget->parentWidget()->inherits("QSpinBox"));
        QVERIFY2(named,
                 qPrintable(QStringLiteral("%1: %2 %3")
                                .arg(id, QLatin1String(widget->metaObject()->className()), widget->objectName())));
      }
    }
  }

  void locks_and_unlocks() {
    Identity sealed = rig_.admin();
    sealed.key = rig_.admin_sealed_key();
    QVERIFY(user_->connect_to(rig_, sealed, QString::fromLatin1(ApplianceRig::passphrase())));
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY(user_->wait_to_read(QStringLiteral("front-desk")));
    user_->press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("lock.passphrase")) != nullptr);
    QVERIFY(!user_->reads(QStringLiteral("front-desk")));
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("lock.passphrase")));
    user_->press(Qt::Key_2, Qt::ControlModifier);  // nothing but the passphrase opens it
    user_->press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(user_->sees(QStringLiteral("lock.passphrase")));
    QVERIFY(!user_->sees(QStringLiteral("palette.field")));
    QVERIFY(user_->type_into(QStringLiteral("lock.passphrase"), QStringLiteral("not the passphrase")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("lock.failure")) != nullptr);
    QVERIFY(qobject_cast<QLineEdit*>(user_->find(QStringLiteral("lock.passphrase")))->text().isEmpty());
    QVERIFY(user_->type_into(QStringLiteral("lock.passphrase"), QString::fromLatin1(ApplianceRig::passphrase())));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_to_read(QStringLiteral("front-desk")));
  }

  void comes_back_after_the_daemon_died() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    const QString well = sentence();
    QVERIFY(rig_.kill());
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->link() == Link::lost, patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("vault-1")));
    QTRY_VERIFY(sentence() != well);
    QVERIFY(user_->sees(QStringLiteral("header.link")));  // "Try now"
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY2(rig_.restart(), qPrintable(rig_.trouble()));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->link() == Link::connected, patience_ms(30));
    QTRY_COMPARE_WITH_TIMEOUT(sentence(), health_sentence(*rig_.get<DaemonStatus>("/admin/v1/status")),
                              patience_ms(10));
    user_->press(Qt::Key_F5);
    QVERIFY(user_->wait_to_read(QStringLiteral("front-desk")));
  }

 private:
  QString sentence() const { return qobject_cast<QLabel*>(user_->find(QStringLiteral("header.sentence")))->text(); }
  StateView::State state() const { return user_->window().screen()->findChild<StateView*>()->state(); }
  QStringList screens() const {
    std::map<int, QString> found;
    for (const QWidget* const widget : user_->window().findChildren<QWidget*>())
      if (const QString name = widget->objectName(); name.startsWith(QLatin1String("rail.")) && widget->isVisible() &&
                                                     qobject_cast<const QAbstractButton*>(widget) != nullptr &&
                                                     qobject_cast<const QAbstractButton*>(widget)->isCheckable())
        found[widget->y()] = name.mid(5);
    QStringList ids;
    for (const auto& [y, id] : found) ids << id;
    return ids;
  }

  ApplianceRig rig_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::FrameTest)
#include "frame_test.moc"
