// The lock, and the connection that breaks and comes back.
#include <QDialog>
#include <QSignalSpy>

#include "admin-ui/client/lock_guard.h"
#include "admin-ui/client/preferences.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/views/parts/passphrase_edit.h"
#include "admin-ui/views/parts/toast_bar.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class LockTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    packed_ = {QStringLiteral("records-office"), rig_.admin_pkcs12(), {}};
    QVERIFY(!packed_.certificate.isEmpty());
  }

  void waits_longer_after_each_wrong_passphrase() {
    LockGuard guard;
    int64_t now_us = 1'000'000;
    for (int i = 0; i < LockGuard::free_tries - 1; ++i) {
      guard.failed(now_us);
      QCOMPARE(guard.wait_us(now_us), int64_t{0});
    }
    guard.failed(now_us);
    QCOMPARE(guard.wait_us(now_us), LockGuard::first_wait_us);
    now_us += LockGuard::first_wait_us;
    QCOMPARE(guard.wait_us(now_us), int64_t{0});
    guard.failed(now_us);
    QCOMPARE(guard.wait_us(now_us), 2 * LockGuard::first_wait_us);
    for (int i = 0; i < 100; ++i) guard.failed(now_us);
    QCOMPARE(guard.wait_us(now_us), LockGuard::longest_wait_us);
    guard.succeeded();
    QCOMPARE(guard.wait_us(now_us), int64_t{0});
  }

  void hides_and_asks_nothing_until_the_passphrase_is_given() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, packed_, QLatin1String(ApplianceRig::passphrase())));
    QVERIFY(user.wait_to_read(health_sentence(*user.window().session()->status())));
    QDialog dialog(&user.window());
    dialog.show();
    user.press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(user.wait_for(QStringLiteral("lock.passphrase")) != nullptr);
    QVERIFY(!dialog.isVisible());
    user.activate();
    QVERIFY(user.window().screen() == nullptr);
    QVERIFY(!user.reads(health_sentence(*user.window().session()->status())));
    // No answer comes, since nothing is asked; keys of the screens do nothing.
    QTest::qWait(200);
    const int64_t age_ms = user.window().session()->status_age_ms();
    user.press(Qt::Key_2, Qt::ControlModifier);
    user.press(Qt::Key_K, Qt::ControlModifier);
    QTest::qWait(2'500);
    QVERIFY(user.window().session()->status_age_ms() >= age_ms + 2'400);
    QVERIFY(user.window().is_locked());

    for (int i = 0; i < LockGuard::free_tries; ++i) {
      QVERIFY(user.type_into(QStringLiteral("lock.passphrase"), QStringLiteral("wrong horse")));
      user.press(Qt::Key_Return);
      QVERIFY(user.wait_to_read(QStringLiteral("not the passphrase")));
      if (i + 1 < LockGuard::free_tries)
        QVERIFY(QTest::qWaitFor([&] { return user.find(QStringLiteral("lock.unlock"))->isEnabled(); }, patience_ms(5)));
    }
    QVERIFY(user.wait_to_read(QStringLiteral("before the next try")));
    QVERIFY(!user.find(QStringLiteral("lock.passphrase"))->isEnabled());
    QVERIFY(!user.find(QStringLiteral("lock.unlock"))->isEnabled());
    QVERIFY(user.window().is_locked());
  }

  void opens_again_with_the_passphrase() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, packed_, QLatin1String(ApplianceRig::passphrase())));
    user.press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(user.type_into(QStringLiteral("lock.passphrase"), QLatin1String(ApplianceRig::passphrase())));
    user.press(Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return !user.window().is_locked(); }, patience_ms(10)));
    QVERIFY(user.window().screen() != nullptr);
    QVERIFY(QTest::qWaitFor([&] { return user.window().session()->status_age_ms() < 500; }, patience_ms(10)));
  }

  void a_passphrase_that_was_taken_is_not_undone() {
    PassphraseEdit field;
    field.show();
    QTest::keyClicks(&field, QStringLiteral("correct horse"));
    QTest::keyClick(&field, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(field.text(), QStringLiteral("correct horse"));
    QCOMPARE(field.take().bytes().size(), size_t{13});
    field.undo();
    QCOMPARE(field.text(), QString());
    field.redo();
    QCOMPARE(field.text(), QString());
  }

  void another_language_waits_for_the_passphrase() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    QSignalSpy spoken(&user.window(), &MainWindow::language_chosen);
    user.window().lock();
    const Preferences before = Preferences::load();
    const auto restore = qScopeGuard([&] { before.save(); });
    Preferences other = before;
    other.language = chosen_language(before) == QLatin1String("hi") ? QStringLiteral("en") : QStringLiteral("hi");
    other.save();
    QEvent dark(QEvent::ThemeChange);
    QCoreApplication::sendEvent(&user.window(), &dark);
    QTest::qWait(100);
    QVERIFY(user.window().is_locked());
    QCOMPARE(spoken.size(), 0);
    QVERIFY(user.click(QStringLiteral("lock.unlock")));
    QTRY_COMPARE_WITH_TIMEOUT(spoken.size(), 1, patience_ms(10));
  }

  void what_a_toast_undoes_goes_with_its_screen() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    auto* const toast = user.window().findChild<ToastBar*>();
    QVERIFY(toast != nullptr);
    bool called = false;
    toast->show_toast(QStringLiteral("done"), [&] { called = true; });
    const auto session = user.window().take_session();
    toast->undo();
    QVERIFY(!called);
    QVERIFY(!toast->isVisible());
  }

  void says_when_there_is_no_passphrase_to_ask_for() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    user.window().lock();
    QVERIFY(user.wait_to_read(QStringLiteral("lock of your desktop")));
    QVERIFY(!user.sees(QStringLiteral("lock.passphrase")));
    QVERIFY(user.click(QStringLiteral("lock.unlock")));
    QVERIFY(QTest::qWaitFor([&] { return !user.window().is_locked(); }, patience_ms(10)));
  }

  void locks_by_itself_when_nobody_is_there() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, packed_, QLatin1String(ApplianceRig::passphrase())));
    QTimer* const idle = user.window().findChild<QTimer*>(QStringLiteral("idle"));
    QVERIFY(idle != nullptr && idle->isActive());
    idle->start(50);
    QVERIFY(QTest::qWaitFor([&] { return user.window().is_locked(); }, patience_ms(5)));
  }

  void comes_back_by_itself_when_the_daemon_does() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    Session& session = *user.window().session();
    QVERIFY(rig_.kill());
    QVERIFY(QTest::qWaitFor([&] { return session.link() == Link::lost; }, patience_ms(10)));
    QVERIFY(user.wait_to_read(QStringLiteral("No answer since")));
    // What was known stays, and the next try is announced.
    QVERIFY(session.status().has_value());
    QVERIFY(user.window().screen() != nullptr);
    QVERIFY(user.wait_to_read(QStringLiteral("Tried again in")));
    QVERIFY(rig_.restart());
    QElapsedTimer waited;
    waited.start();
    QVERIFY(QTest::qWaitFor([&] { return session.link() == Link::connected; }, patience_ms(10)));
    qInfo("connected again %lld ms after the daemon was back", waited.elapsed());
    QVERIFY(user.wait_to_read(health_sentence(*rig_.get<DaemonStatus>("/admin/v1/status"))));
    QVERIFY(!user.reads(QStringLiteral("No answer since")));
  }

 private:
  ApplianceRig rig_;
  Identity packed_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::LockTest)
#include "lock_test.moc"
