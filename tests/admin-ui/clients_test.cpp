// The register at the console: a client revoked while it is being answered, a new application from nothing to an
// answer.
#include <QComboBox>
#include <QPlainTextEdit>

#include "protocol/client/conversation.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class ClientsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() {
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY(user_->wait_to_read(QStringLiteral("front-desk")));
  }
  void cleanup() {
    QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
  }

  void finds_a_client() {
    QVERIFY(user_->type_into(QStringLiteral("clients.search"), QStringLiteral("audit-br")));
    QVERIFY(user_->row_with(QStringLiteral("clients.table"), QStringLiteral("audit-branch")).isValid());
    QVERIFY(!user_->row_with(QStringLiteral("clients.table"), QStringLiteral("front-desk")).isValid());
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(user_->row_with(QStringLiteral("clients.table"), QStringLiteral("front-desk")).isValid());
  }

  void opens_the_details_by_keyboard() {
    QVERIFY(user_->click_row(QStringLiteral("clients.table"), QStringLiteral("front-desk")));
    QVERIFY(!user_->sees(QStringLiteral("clients.drawer")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("clients.drawer")) != nullptr);
    const auto list = rig_.get<ClientList>("/admin/v1/clients");
    for (const ClientInfo& client : list->clients)
      if (client.name == "front-desk")
        QVERIFY(user_->wait_to_read(QString::fromStdString(client.certificates.front().sha256)));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("clients.drawer")));
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("clients.table")));
  }

  void leads_to_the_records_of_a_client() {
    QVERIFY(user_->click_row(QStringLiteral("clients.table"), QStringLiteral("front-desk")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->click(QStringLiteral("clients.records")));
    auto* const actor = qobject_cast<QComboBox*>(user_->wait_for(QStringLiteral("audit.actor")));
    QVERIFY(actor != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(actor->currentText(), QStringLiteral("front-desk"), patience_ms(10));
    QVERIFY(!user_->sees(QStringLiteral("audit.drawer")));
  }

  void revokes_a_client_and_cuts_its_stream() {
    const auto victim = rig_.issue(QStringLiteral("kiosk-7"), {Role::application});
    QVERIFY(victim && rig_.add(*victim));
    user_->press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(user_->row_with(QStringLiteral("clients.table"), QStringLiteral("kiosk-7")).isValid(),
                             patience_ms(10));
    std::atomic<bool> streaming = false;
    std::atomic<bool> ended = false;
    std::optional<Answer<ChatReply>> answer;
    std::thread stream([&] {
      auto client = rig_.client(*victim, rig_.api_socket());
      ChatQuestion question;
      question.messages = {{"user", "tell me everything"}};
      question.max_tokens = 60'000;
      answer = ask(*client, question, [&](std::string_view) { streaming = true; }, nullptr);
      ended = true;
    });
    const auto join = qScopeGuard([&] { stream.join(); });
    QTRY_VERIFY_WITH_TIMEOUT(streaming.load(), patience_ms(20));

    QVERIFY(user_->click_row(QStringLiteral("clients.table"), QStringLiteral("kiosk-7")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->click(QStringLiteral("clients.revoke")));
    QVERIFY(user_->wait_for(QStringLiteral("clients.revoke_confirm")) != nullptr);
    // As it is now, not as it was when the list was read.
    QVERIFY(user_->wait_to_read(QStringLiteral("1 answer under way is cut")));
    QVERIFY(!user_->find(QStringLiteral("clients.revoke_confirm"))->isEnabled());
    QVERIFY(user_->type_into(QStringLiteral("clients.revoke_name"), QStringLiteral("kiosk-")));
    QVERIFY(!user_->find(QStringLiteral("clients.revoke_confirm"))->isEnabled());
    user_->type(QStringLiteral("7"));
    QVERIFY(!ended);
    QVERIFY(user_->click(QStringLiteral("clients.revoke_confirm")));
    QTRY_VERIFY_WITH_TIMEOUT(ended.load(), patience_ms(10));
    QVERIFY(answer && !answer->has_value());
    QVERIFY(user_->wait_to_read(QStringLiteral("kiosk-7 was revoked")));

    // And it does not come in again.
    auto again = rig_.client(*victim, rig_.api_socket());
    ChatQuestion question;
    question.messages = {{"user", "hello"}};
    question.max_tokens = 4;
    QVERIFY(!ask(*again, question, [](std::string_view) {}, nullptr).has_value());
  }

  void makes_a_new_application_that_is_answered() {
    QVERIFY(user_->click(QStringLiteral("clients.new")));
    QVERIFY(user_->type_into(QStringLiteral("new_application.name"), QStringLiteral("loan-desk")));
    QVERIFY(user_->type_into(QStringLiteral("new_application.authority"), rig_.authority_folder()));
    QVERIFY(user_->type_into(QStringLiteral("new_application.folder"), rig_.root() + QStringLiteral("/loan-desk")));
    QVERIFY(user_->type_into(QStringLiteral("new_application.passphrase"), QStringLiteral("not the passphrase")));
    QVERIFY(user_->click(QStringLiteral("new_application.make")));
    QVERIFY(user_->wait_for(QStringLiteral("new_application.failure")) != nullptr);
    QVERIFY(user_->type_into(QStringLiteral("new_application.passphrase"),
                             QString::fromLatin1(ApplianceRig::passphrase())));
    QVERIFY(user_->click(QStringLiteral("new_application.make")));
    QVERIFY(user_->wait_for(QStringLiteral("new_application.test"), 30) != nullptr);
    QVERIFY(user_->click(QStringLiteral("new_application.test")));
    const auto* const printed =
        qobject_cast<QPlainTextEdit*>(user_->find(QStringLiteral("new_application.test_output")));
    QTRY_VERIFY2_WITH_TIMEOUT(printed->toPlainText().contains(QStringLiteral("choices")),
                              qPrintable(printed->toPlainText()), patience_ms(30));
    QVERIFY(user_->click(QStringLiteral("new_application.close")));
    QVERIFY(user_->wait_to_read(QStringLiteral("loan-desk")));
    QVERIFY(rig_.get<ClientList>("/admin/v1/clients")->clients.size() >= 5);
  }

  void an_auditor_changes_nothing() {
    ConsoleUser auditor;
    QVERIFY(auditor.connect_to(rig_, rig_.auditor()));
    QVERIFY(auditor.open_screen(QStringLiteral("clients")));
    QVERIFY(auditor.wait_for(QStringLiteral("clients.new")) != nullptr);
    QVERIFY(!auditor.find(QStringLiteral("clients.new"))->isEnabled());
    QVERIFY(!auditor.find(QStringLiteral("clients.new"))->toolTip().isEmpty());
  }

 private:
  ApplianceRig rig_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::ClientsTest)
#include "clients_test.moc"
