// The audit log at the console, against a real log: found and read, verified, altered, cut, exported.
#include <QClipboard>
#include <QComboBox>
#include <QProcess>
#include <QScopeGuard>
#include <QScrollBar>
#include <mutex>

#include <nlohmann/json.hpp>

#include "admin-ui/client/witness_watch.h"
#include "admin-ui/models/audit_list.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/minute_bars.h"
#include "protocol/client/conversation.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using nlohmann::json;
using State = StateView::State;

void pass_on(const MeddlerCall& /*call*/, MeddlerReply& reply) {
  reply.pass_on();
}

std::string refusal() {
  return json{{"error",
               {{"message", "the log can't be read: disk I/O error"},
                {"type", "server_error"},
                {"code", "internal_error"},
                {"param", nullptr}}}}
      .dump();
}

}  // namespace

class AuditTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    auto client = rig_.client(rig_.application(), rig_.api_socket());
    for (int i = 0; i < 3; ++i) {
      ChatQuestion question;
      question.messages = {{"user", "hello there"}};
      question.max_tokens = 8;
      QVERIFY(ask(*client, question, [](std::string_view) {}, nullptr).has_value());
    }
    QVERIFY(sign());
  }
  void init() {
    meddler_ = std::make_unique<Meddler>(rig_, pass_on);
    user_ = std::make_unique<ConsoleUser>();
  }
  void cleanup() {
    if (user_) QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
    meddler_.reset();
  }

  void lists_the_log_newest_first() {
    open();
    QVERIFY(table()->model()->rowCount() >= 10);
    const int64_t top = seq_of(0);
    for (int row = 1; row < 10; ++row) QCOMPARE(seq_of(row), top - row);
    QVERIFY(user_->reads(QStringLiteral("records-office")));  // a name of the register, not an id
  }

  void new_records_come_in_above_without_moving_what_is_read() {
    open();
    table()->setFocus();
    user_->press(Qt::Key_End);
    user_->press(Qt::Key_Home);
    QTRY_VERIFY(table()->currentIndex().row() == 0);
    user_->press(Qt::Key_PageDown);
    table()->verticalScrollBar()->setValue(table()->verticalHeader()->defaultSectionSize() * 2);
    const QModelIndex first = table()->indexAt(QPoint(4, 4));
    const QPersistentModelIndex kept(first);
    const int64_t seq = seq_of(first.row());
    const int place = table()->visualRect(first).top();
    ask_something();
    QTRY_VERIFY_WITH_TIMEOUT(kept.row() > first.row(), patience_ms(10));
    QCOMPARE(seq_of(kept.row()), seq);
    QCOMPARE(table()->visualRect(kept).top(), place);
    QVERIFY(user_->wait_for(QStringLiteral("audit.above")) != nullptr);
    QVERIFY(user_->click(QStringLiteral("audit.above")));
    QTRY_COMPARE(table()->verticalScrollBar()->value(), 0);
    QTRY_VERIFY(!user_->sees(QStringLiteral("audit.above")));
  }

  // Every reading is a record: a console that lies open must not fill the log by reading its own readings.
  void lying_open_writes_nothing() {
    open();
    QTest::qWait(patience_ms(2));
    const int64_t before = records();
    QTest::qWait(5'000);
    QVERIFY2(records() - before <= 2, qPrintable(QString::number(records() - before)));
  }

  void finds_a_record_by_its_number() {
    open();
    QVERIFY(user_->type_into(QStringLiteral("audit.search"), QStringLiteral("3")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("audit.drawer")) != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("Record 3")));
    QCOMPARE(seq_of(table()->currentIndex().row()), 3);
    QVERIFY(user_->type_into(QStringLiteral("audit.search"), QStringLiteral("99,99,999")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_to_read(QStringLiteral("There is no record 99,99,999")));
  }

  void finds_the_records_of_a_client_by_a_part_of_its_name() {
    open();
    QVERIFY(user_->type_into(QStringLiteral("audit.search"), QStringLiteral("front")));
    user_->press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(box("audit.actor")->currentText(), QStringLiteral("front-desk"), patience_ms(10));
    wait_for_rows();
    for (int row = 0; row < table()->model()->rowCount(); ++row)
      QCOMPARE(cell(row, AuditList::actor_column), QStringLiteral("front-desk"));
    QVERIFY(label("audit.count").contains(QStringLiteral(" of ")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!label("audit.count").contains(QStringLiteral(" of ")));
    QCOMPARE(box("audit.actor")->currentIndex(), 0);
    QVERIFY(user_->type_into(QStringLiteral("audit.search"), QStringLiteral("nobody-here")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_to_read(QStringLiteral("No client and no request is called nobody-here")));
  }

  void finds_records_by_event_and_outcome() {
    open();
    choose("audit.event", QStringLiteral("inference.released"));
    wait_for_rows();
    for (int row = 0; row < table()->model()->rowCount(); ++row)
      QCOMPARE(cell(row, AuditList::event_column), QStringLiteral("inference.released"));
    const auto counted = rig_.get<AuditCounts>("/admin/v1/audit/count?event=inference.released");
    QVERIFY(counted.has_value());
    QTRY_VERIFY_WITH_TIMEOUT(
        label("audit.count").startsWith(QString::number(counted->matching) + QStringLiteral(" of ")), patience_ms(10));
    choose("audit.outcome", QStringLiteral("blocked"));
    QVERIFY(user_->wait_to_read(QStringLiteral("No record matches")));
    QVERIFY(user_->click(QStringLiteral("Clear the filters")));
    wait_for_rows();
    QVERIFY(table()->model()->rowCount() > counted->matching);
  }

  void finds_records_by_time_and_by_an_interval_of_the_bars() {
    open();
    choose("audit.time", QStringLiteral("Last hour"));
    wait_for_rows();
    auto* const bars = qobject_cast<MinuteBars*>(user_->wait_for(QStringLiteral("audit.bars")));
    QVERIFY(bars != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(bars->span().bucket_us == 60'000'000 && !bars->bars().empty(), patience_ms(10));
    const int last = static_cast<int>(bars->bars().size()) - 1;
    QVERIFY(records_between(bars->bars(), 0, last) > 0);

    // By keyboard: a minute in which nothing was written, long before the log began.
    bars->setFocus();
    user_->press(Qt::Key_Home);
    user_->press(Qt::Key_Right, Qt::ShiftModifier);
    user_->press(Qt::Key_Return);
    QVERIFY(bars->chosen() == MinuteBars::Interval({0, 1}));
    QVERIFY(user_->wait_to_read(QStringLiteral("No record matches")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!bars->chosen());

    // By mouse, over all of it.
    const int middle = bars->height() / 2;
    QTest::mousePress(bars, Qt::LeftButton, {}, QPoint(60, middle));
    QTest::mouseMove(bars, QPoint(bars->width() / 2, middle));
    QTest::mouseMove(bars, QPoint(bars->width() - 18, middle));
    QTest::mouseRelease(bars, Qt::LeftButton, {}, QPoint(bars->width() - 18, middle));
    QVERIFY(bars->chosen().has_value());
    QCOMPARE(bars->chosen()->last, last);
    wait_for_rows();
    QTRY_VERIFY(label("audit.count").endsWith(QStringLiteral("IST")));
  }

  void shows_a_record_with_its_place_in_the_chain() {
    QVERIFY(sign());  // what is in the log has a proof
    open();
    choose("audit.event", QStringLiteral("inference.released"));
    wait_for_rows();
    QVERIFY(user_->click_row(QStringLiteral("audit.table"), QStringLiteral("inference.released")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("audit.drawer")) != nullptr);
    const int64_t seq = seq_of(table()->currentIndex().row());
    const auto record = rig_.get<AuditRecord>("/admin/v1/audit/records/" + std::to_string(seq));
    QVERIFY(record.has_value());
    QVERIFY(user_->reads(QStringLiteral("front-desk")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Prompt tokens")));
    QVERIFY(user_->reads(QStringLiteral("Place in the chain")));
    QVERIFY(user_->reads(QString::fromStdString(record->leaf)));  // all of it
    QVERIFY(user_->reads(QStringLiteral("Previous ") + QString::number(seq - 1)));
    QVERIFY(user_->click(QStringLiteral("audit.copy_leaf")));
    QCOMPARE(QApplication::clipboard()->text(), QString::fromStdString(record->leaf));
    QVERIFY(user_->click(QStringLiteral("audit.copy_command")));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tijori audit show %1").arg(seq));
    QVERIFY(user_->click(QStringLiteral("audit.copy_proof")));
    QTRY_VERIFY_WITH_TIMEOUT(QApplication::clipboard()->text().startsWith(QLatin1Char('{')), patience_ms(10));
    const json proof = json::parse(QApplication::clipboard()->text().toStdString());
    QCOMPARE(proof.at("seq").get<int64_t>(), seq);
    QCOMPARE(proof.at("leaf").get<std::string>(), record->leaf);

    // Alt and the arrows go on, with the keyboard in the drawer too.
    user_->press(Qt::Key_Down, Qt::AltModifier);
    QTRY_VERIFY(seq_of(table()->currentIndex().row()) < seq);
    QVERIFY(user_->click(QStringLiteral("drawer.up")));
    QTRY_COMPARE(seq_of(table()->currentIndex().row()), seq);
    QVERIFY(user_->sees(QStringLiteral("audit.drawer")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("audit.drawer")));
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget*>(table()));
    QCOMPARE(seq_of(table()->currentIndex().row()), seq);
  }

  void says_how_far_a_verification_is_and_cancels_it() {
    std::atomic<int64_t> done = 1'000;
    std::atomic<bool> gone = false;
    const auto end = qScopeGuard([this] { close(); });
    meddler_->behave([&](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/audit/verify") {
        reply.hold();
        gone = true;
        return;
      }
      if (call.path() != "/admin/v1/status") return reply.pass_on();
      reply.pass_on([&](const std::string& body) {
        json changed = json::parse(body);
        changed["audit"]["verifying_done"] = done += 20'000;
        changed["audit"]["verifying_total"] = 841'218;
        return changed.dump();
      });
    });
    open_through();
    QVERIFY(user_->click(QStringLiteral("audit.verify")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Verifying the chain")));
    QVERIFY(user_->wait_to_read(QStringLiteral("of 8,41,218 records")));
    QVERIFY(user_->reads(QStringLiteral("No alteration found so far")));
    QVERIFY(user_->wait_to_read(QStringLiteral("records/s")));
    QVERIFY(user_->wait_to_read(QStringLiteral(" left"), 30));
    QVERIFY(user_->sees(QStringLiteral("audit.verify_bar")));
    meddler_->behave(pass_on);
    QVERIFY(user_->click(QStringLiteral("audit.verify")));  // now it says Cancel
    QTRY_VERIFY_WITH_TIMEOUT(gone.load(), patience_ms(10));
    QTRY_VERIFY_WITH_TIMEOUT(!user_->sees(QStringLiteral("audit.verify_bar")), patience_ms(10));
  }

  void verifies_the_log() {
    open();
    QVERIFY(user_->click(QStringLiteral("audit.verify")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Verified up to record"), 30));
    QVERIFY(user_->reads(QStringLiteral("verified")));
    QVERIFY(user_->reads(QStringLiteral("kept by this console, none in conflict")));
    QVERIFY(!user_->sees(QStringLiteral("audit.breach")));
  }

  void exports_all_rows_of_the_filter() {
    open();
    choose("audit.event", QStringLiteral("inference.received"));
    wait_for_rows();
    const QString file = folder_.filePath(QStringLiteral("rows.csv"));
    save_as(file, QStringLiteral("audit.export"));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("saved to")));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = written.readAll().trimmed().split('\n');
    QCOMPARE(lines.size() - 1, table()->model()->rowCount());
    for (int row = 0; row + 1 < lines.size(); ++row) {
      QVERIFY(lines.at(row + 1).startsWith(QByteArray::number(qlonglong(seq_of(row))) + ','));
      QVERIFY(lines.at(row + 1).contains(",inference.received,"));
      QVERIFY(lines.at(row + 1).contains("+05:30,"));
    }
  }

  void exports_the_signed_log_for_auditors() {
    open();
    const QString file = folder_.filePath(QStringLiteral("log.export"));
    save_as(file, QStringLiteral("audit.export_log"));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("SHA-256")));
    // Six: consistent, since nobody gave a trust file.
    QProcess verifier;
    verifier.start(ApplianceRig::program(QStringLiteral("tijori-audit-verify")), {file});
    QVERIFY(verifier.waitForFinished(patience_ms(30)));
    QCOMPARE(verifier.exitCode(), 6);
  }

  void a_cancelled_export_leaves_no_file() {
    std::atomic<bool> held = false;
    const auto end = qScopeGuard([this] { close(); });
    meddler_->behave([&](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.target.find("limit=1000") == std::string::npos) return reply.pass_on();
      held = true;
      reply.hold();
    });
    open_through();
    const QString file = folder_.filePath(QStringLiteral("cancelled.csv"));
    save_as(file, QStringLiteral("audit.export"));
    QTRY_VERIFY_WITH_TIMEOUT(held.load(), patience_ms(20));
    QVERIFY(user_->sees(QStringLiteral("audit.export_bar")));
    QVERIFY(user_->click(QStringLiteral("audit.export_cancel")));
    QVERIFY(user_->wait_to_read(QStringLiteral("no file was written")));
    QVERIFY(!QFile::exists(file));
    QVERIFY(!user_->sees(QStringLiteral("audit.export_bar")));
  }

  void says_that_it_waits() {
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/audit/records") return reply.hold();
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->status().has_value(), patience_ms(20));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::loading, patience_ms(10));
    QVERIFY(user_->open_screen(QStringLiteral("settings")));
  }

  void says_what_failed_and_tries_again() {
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/audit/records") return reply.answer(500, refusal());
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->status().has_value(), patience_ms(20));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::error, patience_ms(10));
    QVERIFY(user_->wait_to_read(QStringLiteral("disk I/O error")));
    meddler_->behave(pass_on);
    QVERIFY(user_->click(QStringLiteral("Try now")));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::content, patience_ms(15));
  }

  // The appliance signs for fewer records than it did: what somebody does who cuts the log's end off.
  void a_log_that_shrank_is_shown_with_the_interval_it_broke_in() {
    std::atomic<int64_t> cut_to = -1;
    std::string early;
    std::mutex guard;
    const auto end = qScopeGuard([this] { close(); });
    meddler_->behave([&](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/status" || cut_to < 0) return reply.pass_on();
      reply.pass_on([&](const std::string& body) {
        json changed = json::parse(body);
        const std::lock_guard lock(guard);
        changed["audit"]["records"] = cut_to.load();
        changed["audit"]["last_checkpoint"] = early;
        changed["audit"]["last_checkpoint_size"] = cut_to.load();
        return changed.dump();
      });
    });
    open_through();
    const auto before = rig_.get<DaemonStatus>("/admin/v1/status");
    QVERIFY(before && before->audit);
    QTRY_VERIFY_WITH_TIMEOUT(witness() && witness()->kept >= 1, patience_ms(10));
    ask_something();
    QVERIFY(sign());
    QTRY_VERIFY_WITH_TIMEOUT(
        witness()->last && static_cast<int64_t>(witness()->last->checkpoint.size) > before->audit->last_checkpoint_size,
        patience_ms(10));
    const int64_t last = static_cast<int64_t>(witness()->last->checkpoint.size) - 1;
    {
      const std::lock_guard lock(guard);
      early = before->audit->last_checkpoint;
      cut_to = before->audit->last_checkpoint_size;
    }
    QVERIFY(user_->wait_for(QStringLiteral("audit.breach"), 20) != nullptr);
    QVERIFY(user_->reads(QStringLiteral("The log shrank")));
    QVERIFY(user_->reads(QStringLiteral("records %1 to %2").arg(count_text(cut_to), count_text(last))));
    QVERIFY(user_->reads(QStringLiteral("tijori audit compare")));
    QVERIFY(user_->reads(QStringLiteral("the log contradicts")));
    user_->press(Qt::Key_Escape);
    user_->press(Qt::Key_Escape);
    QVERIFY(user_->sees(QStringLiteral("audit.breach")));  // it can't be closed
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    QVERIFY(user_->wait_to_read(QStringLiteral("The audit log shrank or forked"), 5));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));

    const QString file = folder_.filePath(QStringLiteral("checkpoint.note"));
    save_as(file, QStringLiteral("audit.save_checkpoint"));
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), patience_ms(10));
    QFile note(file);
    QVERIFY(note.open(QIODevice::ReadOnly));
    QVERIFY(note.readAll().contains(QByteArray::number(qlonglong(last + 1))));
  }

  // Last: the log is never whole again.
  void a_bit_flipped_in_the_log_is_shown_with_its_record() {
    QVERIFY2(rig_.flip_bit_of_record(5), qPrintable(rig_.trouble()));
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    QVERIFY(user_->click(QStringLiteral("audit.verify")));
    QVERIFY(user_->wait_for(QStringLiteral("audit.breach"), 30) != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("The log was altered at record 5."), 5));
    QVERIFY(user_->reads(QStringLiteral("altered")));
    QVERIFY(user_->reads(QStringLiteral("tijori audit export")));
  }

 private:
  void open() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    wait_for_rows();
  }
  void open_through() {
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->status().has_value(), patience_ms(20));
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    wait_for_rows();
  }
  // Before what a meddler's behaviour refers to goes.
  void close() {
    user_.reset();
    meddler_.reset();
  }
  void wait_for_rows() {
    QTRY_VERIFY_WITH_TIMEOUT(
        table() != nullptr && table()->isVisible() && table()->model()->rowCount() > 0 && list()->record(0) != nullptr,
        patience_ms(20));
  }
  void ask_something() {
    auto client = rig_.client(rig_.application(), rig_.api_socket());
    ChatQuestion question;
    question.messages = {{"user", "and now?"}};
    question.max_tokens = 4;
    QVERIFY(ask(*client, question, [](std::string_view) {}, nullptr).has_value());
  }
  bool sign() {
    auto client = rig_.client(rig_.admin(), rig_.admin_socket());
    return client && post<CheckpointReply>(*client, "/admin/v1/audit/checkpoint").has_value();
  }
  int64_t records() {
    const auto status = rig_.get<DaemonStatus>("/admin/v1/status");
    return status && status->audit ? status->audit->records : -1;
  }
  void save_as(const QString& file, const QString& button) {
    user_->name_in_next_dialog(file);
    QVERIFY(user_->click(button));
  }
  DataTable* table() const { return user_->window().screen()->findChild<DataTable*>(QStringLiteral("audit.table")); }
  AuditList* list() const { return qobject_cast<AuditList*>(table()->model()); }
  int64_t seq_of(int row) const { return list()->seq_of(row); }
  QString cell(int row, int column) const { return list()->index(row, column).data().toString(); }
  QComboBox* box(const char* name) const { return qobject_cast<QComboBox*>(user_->find(QLatin1String(name))); }
  void choose(const char* name, const QString& words) {
    QVERIFY(user_->wait_for(QLatin1String(name)) != nullptr);
    box(name)->setFocus();
    const int wanted = box(name)->findText(words);
    QVERIFY2(wanted >= 0, qPrintable(words));
    for (int step = 0; step < 40 && box(name)->currentIndex() != wanted; ++step)
      user_->press(box(name)->currentIndex() < wanted ? Qt::Key_Down : Qt::Key_Up);
    QCOMPARE(box(name)->currentIndex(), wanted);
  }
  QString label(const char* name) const {
    const auto* const found = qobject_cast<QLabel*>(user_->find(QLatin1String(name)));
    return found == nullptr ? QString() : found->text();
  }
  const WitnessView* witness() const {
    const auto& view = user_->window().session()->witness().view();
    return view ? &*view : nullptr;
  }
  State state() const { return user_->window().screen()->findChild<StateView*>()->state(); }

  ApplianceRig rig_;
  QTemporaryDir folder_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::AuditTest)
#include "audit_test.moc"
