// How an administrator comes in, is kept out, and comes back.
#include "admin-ui/models/finding.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class ConnectTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }

  void comes_in_by_typing() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    QVERIFY(user.wait_to_read(QStringLiteral("vault-1")));
    QVERIFY(user.wait_to_read(QStringLiteral("records-office")));
    QVERIFY(user.wait_to_read(health_sentence(*rig_.get<DaemonStatus>("/admin/v1/status"))));
  }

  void says_why_nobody_comes_in_data() {
    QTest::addColumn<QString>("who");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("expired") << "expired" << QStringList{"expired"};
    QTest::newRow("revoked") << "revoked" << QStringList{"revoked"};
    QTest::newRow("of another authority") << "stranger" << QStringList{"another CA"};
    QTest::newRow("not in the register") << "unregistered" << QStringList{"register"};
  }
  void says_why_nobody_comes_in() {
    QFETCH(QString, who);
    QFETCH(QStringList, words);
    const Identity& identity = who == QLatin1String("expired")    ? rig_.expired()
                               : who == QLatin1String("revoked")  ? rig_.revoked()
                               : who == QLatin1String("stranger") ? rig_.stranger()
                                                                  : rig_.unregistered();
    ConsoleUser user;
    user.fill_connect_form(rig_, identity);
    for (const QString& word : words) QVERIFY(user.wait_to_read(word));
    const QString said = failure(user);
    QVERIFY(!said.isEmpty());
    for (const auto& [other, sentence] : said_)
      if (other != who) QVERIFY2(sentence != said, qPrintable(other + QStringLiteral(" is told the same: ") + said));
    said_[who] = said;
    QVERIFY(user.window().session() == nullptr);
  }

 private:
  // The sentence of the last failure.
  static QString failure(const ConsoleUser& user) {
    const QWidget* const label = user.find(QStringLiteral("connect.failure"));
    return label == nullptr ? QString() : plain(qobject_cast<const QLabel*>(label)->text());
  }

  ApplianceRig rig_;
  std::map<QString, QString> said_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::ConnectTest)
#include "connect_test.moc"
