// A rule from its draft to its end: drafted and tried by one person, approved by another, in force, seen to mask, and
// rolled back.
#include <QComboBox>
#include <QInputDialog>
#include <QPlainTextEdit>
#include <QTextEdit>

#include "protocol/client/conversation.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class GuardrailsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() {
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    QTRY_VERIFY_WITH_TIMEOUT(rules() > 0, patience_ms(20));
  }
  void cleanup() {
    QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
  }

  void lints_as_one_types() {
    open_document();
    const QString before = pad(QStringLiteral("guardrails.document"))->toPlainText();
    user_->press(Qt::Key_End, Qt::ControlModifier);
    user_->type(QStringLiteral(" nonsense"));
    QVERIFY(user_->wait_to_read(QStringLiteral("not whole JSON")));
    for (int i = 0; i < 9; ++i) user_->press(Qt::Key_Backspace);
    QTRY_COMPARE(pad(QStringLiteral("guardrails.document"))->toPlainText(), before);
    QTRY_VERIFY(!user_->reads(QStringLiteral("not whole JSON")));
  }

  void takes_a_rule_from_draft_to_force_and_back() {
    const QString word = a_word_of_the_answer();
    QVERIFY2(!word.isEmpty(), qPrintable(answer()));
    const QString before = answer();

    // Drafted and tried.
    user_->in_next_dialog([this, word] {
      user_->type(word);
      user_->press(Qt::Key_Return);
    });
    QVERIFY(user_->click(QStringLiteral("guardrails.add_rule")));
    QVERIFY(user_->wait_to_read(QStringLiteral("0 errors")));
    QVERIFY(user_->type_into(QStringLiteral("guardrails.bench_text"),
                             QStringLiteral("said ") + word + QStringLiteral(" twice")));
    QVERIFY(user_->click(QStringLiteral("guardrails.bench")));
    QTRY_VERIFY_WITH_TIMEOUT(label(QStringLiteral("guardrails.draft_verdict")).contains(QStringLiteral("rule-")),
                             patience_ms(20));
    QVERIFY(!label(QStringLiteral("guardrails.active_verdict")).contains(QStringLiteral("rule-")));
    QVERIFY(user_->click(QStringLiteral("guardrails.save")));
    QVERIFY(user_->wait_to_read(QStringLiteral("was saved")));
    QTRY_VERIFY(!user_->sees(QStringLiteral("guardrails.approve")));  // not by its author
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.activate")) != nullptr);
    QTRY_VERIFY(!user_->find(QStringLiteral("guardrails.activate"))->isEnabled());
    QCOMPARE(answer(), before);

    // Approved by a second person, at a console of their own.
    {
      ConsoleUser second;
      QVERIFY(second.connect_to(rig_, rig_.second()));
      QVERIFY(second.open_screen(QStringLiteral("guardrails")));
      auto* const policies = qobject_cast<QComboBox*>(second.wait_for(QStringLiteral("guardrails.policies")));
      QTRY_VERIFY_WITH_TIMEOUT(policies->count() == 2, patience_ms(20));
      policies->setFocus();
      second.press(Qt::Key_End);
      if (!second.wait_for(QStringLiteral("guardrails.approve"), 3)) second.press(Qt::Key_Home);
      QVERIFY(second.click(QStringLiteral("guardrails.approve")));
      QVERIFY(second.wait_to_read(QStringLiteral("approved")));
    }
    QCOMPARE(answer(), before);

    // In force.
    user_->activate();
    user_->press(Qt::Key_F5);
    QVERIFY(user_->wait_to_read(QStringLiteral("risk-office")));
    QVERIFY(user_->click(QStringLiteral("guardrails.activate")));
    QVERIFY(user_->wait_to_read(QStringLiteral("judges every request")));
    QVERIFY2(answer().contains(QStringLiteral("[TERM")), qPrintable(answer()));
    QVERIFY2(!answer().contains(QLatin1Char(' ') + word + QLatin1Char(' ')), qPrintable(answer()));

    // And back.
    QVERIFY(user_->click(QStringLiteral("guardrails.roll_back")));
    QVERIFY(user_->wait_to_read(QStringLiteral("previous version is active")));
    QTRY_COMPARE(answer(), before);
  }

  void shows_what_differs() {
    user_->in_next_dialog([this] {
      user_->type(QStringLiteral("lighthouse"));
      user_->press(Qt::Key_Return);
    });
    QVERIFY(user_->click(QStringLiteral("guardrails.add_rule")));
    QVERIFY(user_->click(QStringLiteral("guardrails.differences")));
    QTRY_VERIFY(QApplication::activeModalWidget() != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("lighthouse")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);
  }

  void an_auditor_reads_only() {
    ConsoleUser auditor;
    QVERIFY(auditor.connect_to(rig_, rig_.auditor()));
    QVERIFY(auditor.open_screen(QStringLiteral("guardrails")));
    QVERIFY(auditor.wait_for(QStringLiteral("guardrails.add_rule")) != nullptr);
    QVERIFY(!auditor.find(QStringLiteral("guardrails.add_rule"))->isEnabled());
  }

 private:
  int rules() const {
    const auto* const view = qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("guardrails.rules")));
    return view == nullptr ? 0 : view->model()->rowCount();
  }
  QPlainTextEdit* pad(const QString& name) const { return qobject_cast<QPlainTextEdit*>(user_->find(name)); }
  QString label(const QString& name) const {
    const auto* const found = qobject_cast<QLabel*>(user_->find(name));
    return found == nullptr ? QString() : found->text();
  }
  void open_document() {
    auto* const tabs = user_->window().findChild<QTabBar*>();
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
    QTest::mouseClick(pad(QStringLiteral("guardrails.document"))->viewport(), Qt::LeftButton);
  }
  // What the model says to an application, the same every time.
  QString answer() {
    auto client = rig_.client(rig_.application(), rig_.api_socket());
    ChatQuestion question;
    question.messages = {{"user", "say something"}};
    question.max_tokens = 60;
    question.temperature = 1;
    question.seed = 7;
    const auto reply = ask(*client, question, [](std::string_view) {}, nullptr);
    return reply ? QString::fromStdString(reply->text) : QString::fromStdString(reply.error().error.message);
  }
  QString a_word_of_the_answer() {
    QStringList words = answer().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    words = words.mid(1, words.size() - 2);
    std::ranges::sort(words, {}, &QString::size);
    for (const QString& word : words)
      if (word.size() >= 4) return word;
    return {};
  }

  ApplianceRig rig_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::GuardrailsTest)
#include "guardrails_test.moc"
