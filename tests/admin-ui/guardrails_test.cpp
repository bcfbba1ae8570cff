// A rule from its draft to its end: drafted and tried by one person, approved by another, in force, seen to mask, and
// rolled back; and what the Guardrails screen does on the way, and when the appliance misbehaves.
#include <QClipboard>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTableView>
#include <QTextEdit>

#include <nlohmann/json.hpp>

#include "admin-ui/models/policy_draft.h"
#include "admin-ui/views/parts/state_view.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/loop_watch.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using nlohmann::json;

constexpr const char* guardrails_route = "/admin/v1/guardrails";

}  // namespace

class GuardrailsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    // Somebody who writes policies and may also ask the model.
    const auto made =
        rig_.issue(QStringLiteral("policy-desk"), {Role::operator_, Role::guardrail_editor, Role::application});
    QVERIFY2(made && rig_.add(*made), qPrintable(rig_.trouble()));
    author_ = *made;
  }
  void cleanup() {
    if (user_) QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
  }

  void takes_a_rule_from_draft_to_force_and_back() {
    open(author_);
    const QString before = ask();
    const QString word = a_word_of(before);
    QVERIFY2(!word.isEmpty(), qPrintable(before));

    // Drafted and tried.
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    add_rule(word);
    QVERIFY(user_->wait_to_read(QStringLiteral("0 errors")));
    QVERIFY(user_->type_into(QStringLiteral("guardrails.bench_text"),
                             QStringLiteral("said ") + word + QStringLiteral(" twice")));
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(label("guardrails.active_verdict"), QStringLiteral("Released as it is"), patience_ms(20));
    QTRY_COMPARE_WITH_TIMEOUT(label("guardrails.draft_verdict"), QStringLiteral("Released with masks"),
                              patience_ms(20));
    QVERIFY(user_->row_with(QStringLiteral("guardrails.draft_spans"), QStringLiteral("5 to")).isValid());
    QCOMPARE(rows(QStringLiteral("guardrails.active_spans")), 0);
    QVERIFY(user_->click(QStringLiteral("guardrails.save")));
    QVERIFY(user_->wait_to_read(QStringLiteral("was saved")));
    QWidget* const approve = user_->wait_for(QStringLiteral("guardrails.approve"));
    QVERIFY(approve != nullptr && !approve->isEnabled());  // not by its author
    QVERIFY(approve->toolTip().contains(QStringLiteral("author")));
    QVERIFY(!user_->wait_for(QStringLiteral("guardrails.activate"))->isEnabled());
    QCOMPARE(ask(), before);

    // Approved by a second person, at a console of their own, who sees what differs.
    {
      ConsoleUser second;
      QVERIFY(second.connect_to(rig_, rig_.second()));
      QVERIFY(second.open_screen(QStringLiteral("guardrails")));
      QVERIFY(second.click(QStringLiteral("guardrails.open_waiting")));
      QVERIFY(second.click(QStringLiteral("guardrails.approve")));
      QVERIFY(second.wait_to_read(QStringLiteral("Rules added: 1, changed: 0, removed: 0")));
      QVERIFY(second.click(QStringLiteral("guardrails.diff_confirm")));
      QVERIFY(second.wait_to_read(QStringLiteral("The draft was approved")));
    }
    QCOMPARE(ask(), before);

    // In force, and seen to be.
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    user_->press(Qt::Key_F5);
    QTRY_COMPARE_WITH_TIMEOUT(label("guardrails.person_step"), rig_.second().name, patience_ms(20));
    QVERIFY(user_->click(QStringLiteral("guardrails.check")));
    QTRY_VERIFY_WITH_TIMEOUT(label("guardrails.pack_step").contains(QStringLiteral(" of ")), patience_ms(30));
    QVERIFY(user_->click(QStringLiteral("guardrails.activate")));
    QVERIFY(user_->wait_to_read(QStringLiteral("judges every request")));
    const QString masked = ask();
    QVERIFY2(masked.contains(QStringLiteral("[TERM#1]")), qPrintable(masked));

    // Counted, by rule.
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    user_->press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(hits_of(QStringLiteral("rule-")) > 0, patience_ms(20));

    // And back, after it was said what that changes.
    QVERIFY(user_->click(QStringLiteral("guardrails.roll_back")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Roll back to tijori-default 1?")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Rules added: 0, changed: 0, removed: 1")));
    QVERIFY(user_->click(QStringLiteral("guardrails.diff_confirm")));
    QVERIFY(user_->wait_to_read(QStringLiteral("previous version is active")));
    QTRY_COMPARE(ask(), before);
  }

  void lints_as_one_types() {
    open_guardrails(rig_.admin());
    open_document();
    const QString before = pad("guardrails.document")->toPlainText();
    user_->press(Qt::Key_End, Qt::ControlModifier);
    user_->type(QStringLiteral(" nonsense"));
    QVERIFY(user_->wait_to_read(QStringLiteral("not whole JSON")));
    for (int i = 0; i < 9; ++i) user_->press(Qt::Key_Backspace);
    QTRY_COMPARE(pad("guardrails.document")->toPlainText(), before);
    QTRY_VERIFY(!user_->reads(QStringLiteral("not whole JSON")));
  }

  void edits_in_place_by_keyboard() {
    open_guardrails(rig_.admin());
    QVERIFY(user_->click_row(QStringLiteral("guardrails.rules"), QStringLiteral("ifsc")));
    const int row = table()->currentIndex().row();
    user_->press(Qt::Key_F2);
    auto* const box = qobject_cast<QComboBox*>(user_->wait_for(QStringLiteral("guardrails.cell")));
    QVERIFY(box != nullptr);
    user_->press(Qt::Key_End);
    user_->press(Qt::Key_Return);
    QTRY_COMPARE(cell(row, PolicyDraft::action_column), QStringLiteral("block"));
    QVERIFY(QApplication::activeModalWidget() == nullptr);  // Enter ended the edit and nothing else
    QVERIFY(user_->wait_to_read(QStringLiteral("1 rule changed")));
    QVERIFY(user_->wait_to_read(QStringLiteral("0 errors, 1 warning")));
    QVERIFY(pad_text().contains(QStringLiteral("\"version\": 2")));
    // Stages: all four boxes by keyboard.
    table()->setCurrentIndex(table()->model()->index(row, PolicyDraft::stages_column));
    user_->press(Qt::Key_F2);
    QVERIFY(user_->wait_for(QStringLiteral("final_output")) != nullptr);
    user_->press(Qt::Key_Down);
    user_->press(Qt::Key_Space);
    user_->press(Qt::Key_Return);
    QTRY_COMPARE(cell(row, PolicyDraft::stages_column), QStringLiteral("request, prompt, output"));
    // Fail mode, which asks for its reason.
    table()->setCurrentIndex(table()->model()->index(row, PolicyDraft::fail_column));
    user_->press(Qt::Key_F2);
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.cell")) != nullptr);
    user_->press(Qt::Key_End);
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.reason")) != nullptr);
    QVERIFY(!user_->find(QStringLiteral("guardrails.reason_accept"))->isEnabled());
    user_->type(QStringLiteral("only counted"));
    user_->press(Qt::Key_Return);
    QTRY_COMPARE(cell(row, PolicyDraft::fail_column), QStringLiteral("open"));
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);  // the reason is asked for once
    // That ifsc fails open, beside that no case shows its block.
    QVERIFY(user_->wait_to_read(QStringLiteral("0 errors, 2 warnings")));
  }

  void removes_switches_and_undoes() {
    open_guardrails(rig_.admin());
    const int before = rows(QStringLiteral("guardrails.rules"));
    add_rule(QStringLiteral("lighthouse"));
    QTRY_COMPARE(rows(QStringLiteral("guardrails.rules")), before + 1);
    QVERIFY(user_->click_row(QStringLiteral("guardrails.rules"), QStringLiteral("rule-")));
    user_->press(Qt::Key_Delete);
    QTRY_COMPARE(rows(QStringLiteral("guardrails.rules")), before);
    QVERIFY(user_->wait_to_read(QStringLiteral("was removed from the draft")));
    user_->press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(rows(QStringLiteral("guardrails.rules")), before + 1);
    QVERIFY(pad_text().contains(QStringLiteral("lighthouse")));
    // A rule of the active policy is switched off, and stays in sight.
    QVERIFY(user_->click_row(QStringLiteral("guardrails.rules"), QStringLiteral("ifsc")));
    user_->press(Qt::Key_Space);
    QTRY_VERIFY(!pad_text().contains(QStringLiteral("\"ifsc\"")));
    QVERIFY(user_->row_with(QStringLiteral("guardrails.rules"), QStringLiteral("ifsc")).isValid());
    user_->press(Qt::Key_Space);
    QTRY_VERIFY(pad_text().contains(QStringLiteral("\"ifsc\"")));
  }

  void the_rule_dialog_says_what_lint_says() {
    open_guardrails(rig_.admin());
    QVERIFY(user_->click(QStringLiteral("guardrails.add_rule")));
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.rule_accept")) != nullptr);
    QVERIFY(!user_->find(QStringLiteral("guardrails.rule_accept"))->isEnabled());
    auto* const kind = user_->find(QStringLiteral("guardrails.rule_kind"));
    kind->setFocus();
    user_->press(Qt::Key_Right);
    QVERIFY(user_->type_into(QStringLiteral("guardrails.rule_words"), QStringLiteral("lf-\\d+")));
    QVERIFY(user_->wait_to_read(QStringLiteral("{1,20}")));  // what to write in the place of +
    QTRY_VERIFY(!user_->find(QStringLiteral("guardrails.rule_accept"))->isEnabled());
    QVERIFY(user_->type_into(QStringLiteral("guardrails.rule_words"), QStringLiteral("lf-\\d{4}")));
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("guardrails.rule_accept"))->isEnabled(), patience_ms(10));
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(user_->row_with(QStringLiteral("guardrails.rules"), QStringLiteral("1 pattern")).isValid());
  }

  void lint_names_the_rule_and_goes_there() {
    open_guardrails(rig_.admin());
    open_document();
    const QString text = pad_text();
    auto* const editor = pad("guardrails.document");
    QTextCursor cursor(editor->document());
    const int at = static_cast<int>(text.indexOf(QStringLiteral("\"action\": \"annotate\"")));
    QVERIFY(at > 0);
    cursor.setPosition(at + 11);
    editor->setTextCursor(cursor);
    user_->type(QStringLiteral("x"));
    QTRY_VERIFY_WITH_TIMEOUT(label("guardrails.lint_step").contains(QStringLiteral("1 error,")), patience_ms(10));
    user_->press(Qt::Key_Home, Qt::ControlModifier);
    QVERIFY(user_->click(QStringLiteral("guardrails.lint_go")));
    QTRY_VERIFY(editor->hasFocus());
    QVERIFY2(std::abs(editor->textCursor().position() - at) < 40,
             qPrintable(QStringLiteral("%1 and %2").arg(editor->textCursor().position()).arg(at)));
    QVERIFY(!user_->find(QStringLiteral("guardrails.save"))->isEnabled());
  }

  void shows_what_differs() {
    open_guardrails(rig_.admin());
    add_rule(QStringLiteral("lighthouse"));
    QVERIFY(user_->click(QStringLiteral("guardrails.differences")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Rules added: 1")));
    auto* const tabs = user_->find(QStringLiteral("guardrails.diff_tabs"))->findChild<QTabBar*>();
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
    QVERIFY(user_->wait_to_read(QStringLiteral("+ ")));
    QVERIFY(user_->reads(QStringLiteral("lighthouse")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);
  }

  void compares_any_two_versions() {
    open_guardrails(rig_.admin());
    add_rule(QStringLiteral("bathyscaphe"));
    QVERIFY(user_->click(QStringLiteral("guardrails.save")));
    QVERIFY(user_->wait_to_read(QStringLiteral("was saved")));
    QVERIFY(user_->click(QStringLiteral("guardrails.versions")));
    QVERIFY(user_->click_row(QStringLiteral("guardrails.versions_table"), rig_.admin().name));
    QVERIFY(user_->wait_to_read(QStringLiteral("Rules added: 1")));
    QVERIFY(user_->click_row(QStringLiteral("guardrails.versions_table"), QStringLiteral("tijori-default 1")));
    QVERIFY(user_->wait_to_read(QStringLiteral("the same policy")));
    user_->press(Qt::Key_Return);
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("Active 1")));
  }

  void cases_of_the_pack_that_fail_are_named() {
    open_guardrails(rig_.admin());
    open_document();
    QString text = pad_text();
    const qsizetype at = text.indexOf(QStringLiteral("\"cases\": ["));
    QVERIFY(at > 0);
    text.insert(at + 10, QStringLiteral("{\"id\": \"a-heron\", \"text\": \"A heron.\", \"expect\": \"block\"},"));
    set_document(text);
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("guardrails.save"))->isEnabled(), patience_ms(10));
    QVERIFY(user_->click(QStringLiteral("guardrails.save")));
    QVERIFY(user_->wait_to_read(QStringLiteral("was saved")));
    QVERIFY(user_->click(QStringLiteral("guardrails.check")));
    QVERIFY(user_->wait_to_read(QStringLiteral("a-heron"), 30));
    QVERIFY(user_->wait_to_read(QStringLiteral("expected block")));
  }

  void another_policy_that_became_active_stops_the_act() {
    Meddler meddler(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path().ends_with("/activate"))
        return reply.answer(409, json{{"error",
                                       {{"message", "another policy is active by now"},
                                        {"type", "invalid_request_error"},
                                        {"code", "policy_changed"},
                                        {"param", nullptr}}}}
                                     .dump());
      if (call.path() != guardrails_route) return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        changed["approvals"] = 1;
        return changed.dump();
      });
    });
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_through(meddler.admin_socket(), rig_));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    QTRY_VERIFY_WITH_TIMEOUT(rows(QStringLiteral("guardrails.rules")) > 0, patience_ms(20));
    add_rule(QStringLiteral("sextant"));
    QVERIFY(user_->click(QStringLiteral("guardrails.save")));
    QVERIFY(user_->click(QStringLiteral("guardrails.activate")));
    QVERIFY(user_->wait_to_read(QStringLiteral("became active since you looked")));
    user_.reset();
  }

  void an_auditor_reads_only() {
    open_guardrails(rig_.auditor());
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.add_rule")) != nullptr);
    QVERIFY(!user_->find(QStringLiteral("guardrails.add_rule"))->isEnabled());
    QVERIFY(user_->click_row(QStringLiteral("guardrails.rules"), QStringLiteral("ifsc")));
    const QString before = pad_text();
    for (const Qt::Key key : {Qt::Key_F2, Qt::Key_Space, Qt::Key_Delete, Qt::Key_Return}) user_->press(key);
    QVERIFY(!user_->sees(QStringLiteral("guardrails.cell")));
    QVERIFY(QApplication::activeModalWidget() == nullptr);
    QCOMPARE(pad_text(), before);
    QVERIFY(pad("guardrails.document")->isReadOnly());
  }

  void says_that_guardrails_are_unavailable_and_what_to_do() {
    show_through([](json& status) {
      status["state"] = "unavailable";
      status["message"] = "the store of policies is altered: restore state.db";
    });
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.unavailable")) != nullptr);
    QVERIFY(user_->reads(QStringLiteral("restore state.db")));
    user_.reset();
  }

  void says_that_there_is_no_policy() {
    show_through([](json& status) {
      status.erase("active");
      status.erase("previous");
      status["policies"] = json::array();
    });
    QTRY_COMPARE_WITH_TIMEOUT(user_->window().screen()->findChild<StateView*>()->state(), StateView::State::empty,
                              patience_ms(10));
    user_.reset();
  }

  void what_was_shown_stays_when_the_appliance_goes_silent() {
    Meddler meddler(rig_, [](const MeddlerCall& /*call*/, MeddlerReply& reply) { reply.pass_on(); });
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_through(meddler.admin_socket(), rig_));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    QTRY_VERIFY_WITH_TIMEOUT(rows(QStringLiteral("guardrails.rules")) > 0, patience_ms(20));
    add_rule(QStringLiteral("astrolabe"));
    meddler.behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == guardrails_route) return reply.answer(500, "{}");
      reply.pass_on();
    });
    user_->press(Qt::Key_F5);
    QVERIFY(user_->wait_to_read(QStringLiteral("What is shown was true at")));
    QVERIFY(pad_text().contains(QStringLiteral("astrolabe")));
    meddler.behave([](const MeddlerCall& /*call*/, MeddlerReply& reply) { reply.pass_on(); });
    user_->press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(!user_->reads(QStringLiteral("What is shown was true at")), patience_ms(20));
    QVERIFY(pad_text().contains(QStringLiteral("astrolabe")));
    user_.reset();
  }

  void answers_without_measure_do_not_freeze_it() {
    Meddler meddler(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path().ends_with("/bench")) return reply.answer(200, wild_bench());
      if (call.path().ends_with("/lint")) return reply.answer(200, wild_lint());
      if (call.path().ends_with("/hits")) return reply.answer(200, wild_hits());
      if (call.path().starts_with("/admin/v1/guardrails/policies/"))
        return reply.pass_on([](const std::string& body) {
          json changed = json::parse(body);
          changed["document"] = wild_document();
          return changed.dump();
        });
      reply.pass_on();
    });
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_through(meddler.admin_socket(), rig_));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    LoopWatch watch;
    QTRY_VERIFY_WITH_TIMEOUT(rows(QStringLiteral("guardrails.rules")) > 0, patience_ms(60));
    QTRY_VERIFY_WITH_TIMEOUT(rows(QStringLiteral("guardrails.draft_spans")) > 0, patience_ms(60));
    QTRY_VERIFY_WITH_TIMEOUT(label("guardrails.lint_step").contains(QStringLiteral("500")), patience_ms(60));
    open_document();
    QVERIFY(user_->wait_to_read(QStringLiteral("too long to be edited here")));
    qInfo("worst turn of the event loop: %.0f ms", watch.worst_ms());
    QVERIFY2(watch.worst_ms() < patience_ms(1.5), qPrintable(QString::number(watch.worst_ms())));
    user_.reset();
  }

  void everything_is_reached_in_the_smallest_window() {
    open_guardrails(rig_.admin());
    user_->window().resize(720, 450);
    auto* const scroll = user_->window().screen()->findChild<QScrollArea*>();
    QTRY_VERIFY(scroll->widget()->width() <= scroll->viewport()->width());
    for (const char* name :
         {"guardrails.rules", "guardrails.lint", "guardrails.save", "guardrails.roll_back", "guardrails.hits_state",
          "guardrails.bench", "guardrails.bench_text", "guardrails.active_spans", "guardrails.draft_spans"}) {
      auto* const widget = user_->window().screen()->findChild<QWidget*>(QLatin1String(name));
      QVERIFY2(widget != nullptr, name);
      if (!widget->isVisible()) continue;  // an act that doesn't apply now
      scroll->ensureWidgetVisible(widget);
      // Not its visibleRegion(): a plot that fills it leaves nothing of that.
      const QRect seen(widget->mapTo(scroll->viewport(), QPoint()), widget->size());
      QVERIFY2(seen.intersects(scroll->viewport()->rect()), name);
      const QRect place(widget->mapTo(scroll->widget(), QPoint()), widget->size());
      QVERIFY2(scroll->widget()->rect().contains(place), name);
      QVERIFY2(place.right() < scroll->viewport()->width(), qPrintable(QStringLiteral("%1 ends at %2 of %3")
                                                                           .arg(QLatin1String(name))
                                                                           .arg(place.right())
                                                                           .arg(scroll->viewport()->width())));
    }
  }

 private:
  void open(const Identity& identity) {
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_to(rig_, identity));
  }
  void open_guardrails(const Identity& identity) {
    open(identity);
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    QTRY_VERIFY_WITH_TIMEOUT(rows(QStringLiteral("guardrails.rules")) > 0, patience_ms(20));
  }
  void show_through(const std::function<void(json& status)>& change) {
    meddler_ = std::make_unique<Meddler>(rig_, [change](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != guardrails_route) return reply.pass_on();
      reply.pass_on([change](const std::string& body) {
        json changed = json::parse(body);
        change(changed);
        return changed.dump();
      });
    });
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
  }

  QTableView* table() const { return qobject_cast<QTableView*>(user_->find(QStringLiteral("guardrails.rules"))); }
  int rows(const QString& name) const {
    const auto* const view = user_->window().findChild<QAbstractItemView*>(name);
    return view == nullptr || view->model() == nullptr ? 0 : view->model()->rowCount();
  }
  QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
  QPlainTextEdit* pad(const char* name) const {
    return user_->window().findChild<QPlainTextEdit*>(QLatin1String(name));
  }
  QString pad_text() const { return pad("guardrails.document")->toPlainText(); }
  QString label(const char* name) const {
    const auto* const found = user_->window().findChild<QLabel*>(QLatin1String(name));
    return found == nullptr ? QString() : plain(found->text());
  }
  int hits_of(const QString& rule) const {
    const QModelIndex index = user_->row_with(QStringLiteral("guardrails.rules"), rule);
    return index.isValid() ? index.siblingAtColumn(PolicyDraft::hits_column).data().toString().toInt() : 0;
  }
  void open_document() {
    auto* const tabs = user_->window().findChild<QTabWidget*>(QStringLiteral("guardrails.tabs"))->findChild<QTabBar*>();
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
    QTest::mouseClick(pad("guardrails.document")->viewport(), Qt::LeftButton);
  }
  // As it is pasted.
  void set_document(const QString& text) {
    QApplication::clipboard()->setText(text);
    user_->press(Qt::Key_A, Qt::ControlModifier);
    user_->press(Qt::Key_V, Qt::ControlModifier);
  }
  void add_rule(const QString& word) {
    QVERIFY(user_->click(QStringLiteral("guardrails.add_rule")));
    QVERIFY(user_->type_into(QStringLiteral("guardrails.rule_words"), word));
    QVERIFY(user_->wait_to_read(QStringLiteral("nothing to say about this rule")));
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(QApplication::activeModalWidget() == nullptr);
  }
  // In the try-it pane of the Models screen; the same words every time.
  QString ask() {
    if (!user_->open_screen(QStringLiteral("models"))) return {};
    if (!user_->sees(QStringLiteral("try.temperature"))) user_->click(QStringLiteral("try.sliders"));
    user_->type_into(QStringLiteral("try.temperature"), QStringLiteral("0"));
    user_->type_into(QStringLiteral("try.max-tokens"), QStringLiteral("60"));
    user_->type_into(QStringLiteral("try.question"), QStringLiteral("what?"));
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    if (!QTest::qWaitFor([this] { return user_->sees(QStringLiteral("try.record")); }, patience_ms(30))) return {};
    (void)QTest::qWaitFor([this] { return user_->sees(QStringLiteral("try.ask")); }, patience_ms(30));
    return pad("try.answer")->toPlainText();
  }
  static QString a_word_of(const QString& answer) {
    QStringList words = answer.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    words = words.mid(1, words.size() - 2);
    for (const QString& word : words)
      if (word.size() >= 4 && std::ranges::all_of(word, [](QChar c) { return c.isLetter(); })) return word;
    return {};
  }

  static std::string wild_document() {
    json rules = json::array();
    for (int i = 0; i < 20'000; ++i)
      rules.push_back({{"id", "r" + std::to_string(i)},
                       {"detector", {{"type", "literals"}, {"label", "L"}, {"literals", {"x"}}}},
                       {"action", "mask"},
                       {"stages", json::array()}});
    return json{{"format", "tijori-policy-1"}, {"name", "wild"}, {"version", 2}, {"rules", rules}}.dump();
  }
  // As much as an answer may have, and numbers as far out: what is beyond either is refused as a whole.
  static std::string wild_bench() {
    json spans = json::array();
    for (int i = 0; i < 10'000; ++i)
      spans.push_back({{"label", std::string(200, 'L')},
                       {"rule", "r"},
                       {"start", i % 3 == 0 ? -i : i},
                       {"end", i % 5 == 0 ? 9'000'000'000'000'000 : i - 3},
                       {"start_byte", 7},
                       {"end_byte", -7},
                       {"score", 9e15},
                       {"action", "mask"}});
    const json side = {{"verdict", "mask"}, {"spans", spans}, {"time_us", -1}};
    return json{{"texts", {{{"id", "text"}, {"a", side}, {"b", side}, {"differs", false}}}}}.dump();
  }
  static std::string wild_lint() {
    json findings = json::array();
    for (int i = 0; i < 20'000; ++i)
      findings.push_back({{"severity", "error"},
                          {"code", "x"},
                          {"rule", "r" + std::to_string(i)},
                          {"path", ""},
                          {"message", std::string(200, 'm')},
                          {"line", 9'000'000'000'000'000},
                          {"column", -5}});
    return json{{"findings", findings}}.dump();
  }
  static std::string wild_hits() {
    json hits = json::array();
    for (int i = 0; i < 20'000; ++i)
      hits.push_back({{"policy", "p"},
                      {"rule", "r" + std::to_string(i)},
                      {"hour_us", -9'000'000'000'000'000},
                      {"allow", 9'000'000'000'000'000},
                      {"annotate", 9'000'000'000'000'000},
                      {"mask", -1},
                      {"stop", 0},
                      {"block", 0}});
    return json{{"since_us", -9'000'000'000'000'000}, {"now_us", 9'000'000'000'000'000}, {"hits", hits}}.dump();
  }

  ApplianceRig rig_;
  Identity author_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::GuardrailsTest)
#include "guardrails_test.moc"
