#include "daemon/policy_keeper.h"

#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "tests/daemon/policies.h"

using namespace tijori;
using namespace tijori::test;

namespace {

const PolicyPerson asha{"asha", std::string(32, 'a')};
const PolicyPerson bala{"bala", std::string(32, 'b')};

struct MovedClock final : Clock {
  int64_t now_us = 1'800'000'000'000'000;
  int64_t wall_us() const override { return now_us; }
  int64_t boot_us() const override { return now_us; }
};

// A keeper over a state folder of its own, with what it recorded.
struct Site {
  QTemporaryDir folder;
  std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "state.db";
  std::string shipped = blocking_policy("shipped", "grape");
  int approvals = 2;
  CompileLimits limits;
  MovedClock clock;
  std::unique_ptr<PolicyKeeper> keeper;
  std::vector<PolicyChange> recorded;
  bool log_is_blocked = false;

  explicit Site(int persons = 2) : approvals(persons) { restart(); }

  void restart() {
    keeper.reset();
    keeper = PolicyKeeper::start({file, approvals, limits, shipped}, clock);
  }
  RecordChange record() {
    return [this](const PolicyChange& change) -> Refusable<void> {
      if (log_is_blocked) return std::unexpected(ApiError{503, "audit_unavailable", "blocked", "", 5, {}});
      recorded.push_back(change);
      return {};
    };
  }
  std::string save(const std::string& document, const PolicyPerson& author = asha) {
    clock.now_us += 1'000'000;
    const auto saved = keeper->save(document, author, record());
    CHECK(saved.has_value());
    return saved->reply.summary.digest;
  }
  std::string save_approved(const std::string& document) {
    std::string digest = save(document);
    CHECK(keeper->approve(digest, bala, record()).has_value());
    return digest;
  }
  void put_in_force(const std::string& digest) { CHECK(keeper->activate(digest, {}, bala, record()).has_value()); }
  std::string active() {
    const auto policy = keeper->active();
    return policy ? to_hex((*policy)->policy().digest) : policy.error().message;
  }
  PolicySummary summary(const std::string& digest) { return keeper->show(digest)->summary; }
  void sql(const std::string& statement) {
    keeper.reset();
    const auto database = Database::open(file);
    CHECK(database.has_value() && (*database)->run(statement).has_value());
  }
};

template <class T>
std::string code_of(const Refusable<T>& result) {
  return result ? "done" : result.error().code;
}

}  // namespace

class PolicyKeeperTest : public QObject {
  Q_OBJECT

 private slots:
  void the_first_start_puts_the_shipped_policy_in_force_and_later_ones_keep_what_is() {
    Site site;
    const std::string first = digest_of(site.shipped);
    QCOMPARE(site.active(), first);
    QVERIFY(site.summary(first).state == PolicyState::active);
    QCOMPARE(site.summary(first).author, std::string("tijori"));
    site.shipped = blocking_policy("shipped", "melon");
    site.restart();
    QCOMPARE(site.active(), first);
    QVERIFY(site.summary(digest_of(site.shipped)).state == PolicyState::draft);
    QCOMPARE(code_of(site.keeper->activate(digest_of(site.shipped), {}, asha, site.record())),
             std::string("approval_missing"));
  }

  void a_draft_is_approved_by_a_second_person_activated_and_rolled_back() {
    Site site;
    const std::string shipped = digest_of(site.shipped);
    const std::string document = blocking_policy("site", "mango");
    const std::string digest = site.save(document);
    QCOMPARE(digest, digest_of(document));
    QCOMPARE(site.keeper->show(digest)->document, document);
    QVERIFY(site.summary(digest).state == PolicyState::draft);
    QCOMPARE(code_of(site.keeper->activate(digest, {}, asha, site.record())), std::string("approval_missing"));
    QCOMPARE(code_of(site.keeper->approve(digest, asha, site.record())), std::string("own_draft"));
    // Neither a new name nor a new register entry makes a second person.
    QCOMPARE(code_of(site.keeper->approve(digest, {"other", asha.id}, site.record())), std::string("own_draft"));
    QCOMPARE(code_of(site.keeper->approve(digest, {asha.name, bala.id}, site.record())), std::string("own_draft"));
    const auto approved = site.keeper->approve(digest, bala, site.record());
    QVERIFY(approved && approved->state == PolicyState::approved && approved->approved_by == bala.name);
    QCOMPARE(code_of(site.keeper->approve(digest, bala, site.record())), std::string("already_approved"));

    const auto activated = site.keeper->activate(digest, {}, asha, site.record());
    QVERIFY(activated && activated->active && activated->previous);
    QCOMPARE(activated->active->digest, digest);
    QCOMPARE(activated->previous->digest, shipped);
    QCOMPARE(site.active(), digest);
    const PolicyChange& change = site.recorded.back();
    QCOMPARE(change.before, shipped);
    QCOMPARE(change.after, digest);
    QCOMPARE(change.approver_id, bala.id);
    QCOMPARE(code_of(site.keeper->activate(digest, {}, asha, site.record())), std::string("already_active"));

    QVERIFY(site.keeper->roll_back({}, bala, site.record()).has_value());
    QCOMPARE(site.active(), shipped);
    QVERIFY(site.keeper->roll_back({}, bala, site.record()).has_value());
    QCOMPARE(site.active(), digest);
    site.restart();
    QCOMPARE(site.active(), digest);
    QVERIFY(site.summary(shipped).state == PolicyState::previous);
    QCOMPARE(site.recorded.size(), size_t{5});
  }

  void one_person_is_enough_where_the_site_says_so() {
    Site site(1);
    const std::string digest = site.save(blocking_policy("site", "mango"));
    const auto activated = site.keeper->activate(digest, {}, asha, site.record());
    QVERIFY(activated && activated->approvals == 1);
    QCOMPARE(site.active(), digest);
    // Two persons from now on: what only one has seen is not come back to.
    site.put_in_force(site.save(blocking_policy("other", "papaya")));
    site.approvals = 2;
    site.restart();
    QCOMPARE(code_of(site.keeper->roll_back({}, bala, site.record())), std::string("approval_missing"));
  }

  void what_is_not_fit_is_neither_saved_nor_activated_and_says_why() {
    Site site;
    const std::string before = site.active();
    const auto broken = site.keeper->save(R"({"format":"tijori-policy-1"})", asha, site.record());
    QCOMPARE(code_of(broken), std::string("policy_invalid"));
    QVERIFY(!broken.error().findings.empty());
    QCOMPARE(code_of(site.keeper->activate(std::string(64, '0'), {}, asha, site.record())),
             std::string("policy_not_found"));
    QCOMPARE(code_of(site.keeper->roll_back({}, asha, site.record())), std::string("no_previous"));
    const std::string failing = site.save_approved(failing_policy("failing"));
    const auto refused = site.keeper->activate(failing, {}, asha, site.record());
    QCOMPARE(code_of(refused), std::string("regression_failed"));
    QVERIFY2(refused.error().message.contains("1 of 2 cases"), refused.error().message.c_str());
    QVERIFY2(refused.error().message.contains("passes"), refused.error().message.c_str());
    const auto checked = site.keeper->check(failing);
    QVERIFY(checked && !checked->passed && checked->cases == 2 && checked->failures.size() == 1);
    QVERIFY(site.keeper->check(before)->passed);
    const std::string good = site.save_approved(blocking_policy("good", "mango"));
    QCOMPARE(code_of(site.keeper->activate(good, {std::string(64, '1')}, asha, site.record())),
             std::string("policy_changed"));
    QCOMPARE(site.active(), before);
  }

  void saving_the_same_document_again_changes_nothing() {
    Site site;
    const std::string document = blocking_policy("site", "mango");
    site.save(document);
    const auto again = site.keeper->save(document, bala, site.record());
    QVERIFY(again && !again->is_new);
    QCOMPARE(again->reply.summary.author, asha.name);
    QCOMPARE(site.recorded.size(), size_t{1});
  }

  void drafts_that_were_never_used_make_room() {
    Site site;
    for (size_t i = 0; i <= max_unused_policies; ++i) site.save(blocking_policy("site" + std::to_string(i), "mango"));
    const auto status = site.keeper->status();
    QCOMPARE(status->policies.size(), max_unused_policies + 1);
    QCOMPARE(status->policies.front().name, "site" + std::to_string(max_unused_policies));
    QVERIFY(status->active.has_value());
    QVERIFY(std::ranges::find(status->policies, "site0", &PolicySummary::name) == status->policies.end());
  }

  void nothing_changes_that_the_log_does_not_take() {
    Site site;
    const std::string shipped = site.active();
    const std::string first = site.save_approved(blocking_policy("first", "mango"));
    const std::string draft = site.save(blocking_policy("second", "papaya"));
    site.put_in_force(first);
    site.log_is_blocked = true;
    const std::string third = blocking_policy("third", "melon");
    QCOMPARE(code_of(site.keeper->save(third, asha, site.record())), std::string("audit_unavailable"));
    QCOMPARE(code_of(site.keeper->approve(draft, bala, site.record())), std::string("audit_unavailable"));
    QCOMPARE(code_of(site.keeper->activate(shipped, {}, asha, site.record())), std::string("audit_unavailable"));
    QCOMPARE(code_of(site.keeper->roll_back({}, asha, site.record())), std::string("audit_unavailable"));
    for (int round = 0; round < 2; ++round) {
      QCOMPARE(site.active(), first);
      QVERIFY(site.summary(draft).state == PolicyState::draft);
      QCOMPARE(code_of(site.keeper->show(digest_of(third))), std::string("policy_not_found"));
      site.restart();
    }
  }

  void a_policy_that_can_not_be_relied_on_is_not_used_and_can_be_mended_data() {
    QTest::addColumn<QString>("damage");
    QTest::addColumn<QString>("reason");
    QTest::newRow("altered") << "UPDATE policy_document SET document = document || ' ' WHERE digest IN (SELECT digest "
                                "FROM policy_in_force WHERE place = 'active')"
                             << "altered";
    QTest::newRow("document gone") << "DELETE FROM policy_document WHERE digest IN (SELECT digest FROM "
                                      "policy_in_force WHERE place = 'active')"
                                   << "gone from the store";
    QTest::newRow("pointer gone") << "DELETE FROM policy_in_force WHERE place = 'active'" << "gone from the store";
    QTest::newRow("points nowhere") << "UPDATE policy_in_force SET digest = 'ab' WHERE place = 'active'"
                                    << "gone from the store";
  }
  void a_policy_that_can_not_be_relied_on_is_not_used_and_can_be_mended() {
    QFETCH(QString, damage);
    QFETCH(QString, reason);
    Site site;
    const std::string shipped = site.active();
    const std::string document = blocking_policy("site", "mango");
    const std::string digest = site.save_approved(document);
    site.put_in_force(digest);
    site.sql(damage.toStdString());
    site.restart();
    const auto active = site.keeper->active();
    QVERIFY(!active.has_value());
    QVERIFY2(active.error().message.contains(reason.toStdString()), active.error().message.c_str());
    QVERIFY(active.error().message.contains("tijori guardrails rollback"));
    const auto status = site.keeper->status();
    QVERIFY(status && status->state == GuardrailsState::unavailable && status->message == active.error().message);
    // Saving the document again brings it back under its history, and it can be taken up.
    QVERIFY(site.keeper->save(document, bala, site.record()).has_value());
    QCOMPARE(site.summary(digest).author, asha.name);
    QVERIFY(site.keeper->activate(digest, {}, asha, site.record()).has_value());
    QCOMPARE(site.active(), digest);
    site.restart();
    QCOMPARE(site.active(), digest);

    site.sql(damage.toStdString());
    site.restart();
    QVERIFY(!site.keeper->active().has_value());
    QCOMPARE(code_of(site.keeper->activate(shipped, {}, asha, site.record())), std::string("done"));
    QCOMPARE(site.active(), shipped);
  }

  void a_roll_back_mends_too() {
    Site site;
    const std::string shipped = site.active();
    site.put_in_force(site.save_approved(blocking_policy("site", "mango")));
    site.sql("UPDATE policy_document SET document = '{}' WHERE digest <> '" + shipped + "'");
    site.restart();
    QVERIFY(!site.keeper->active().has_value());
    QVERIFY(site.keeper->roll_back({}, asha, site.record()).has_value());
    QCOMPARE(site.active(), shipped);
    QCOMPARE(code_of(site.keeper->roll_back({}, asha, site.record())), std::string("policy_altered"));
    QCOMPARE(site.active(), shipped);
  }

  void the_policy_in_force_is_tested_with_its_pack_at_each_start() {
    Site site;
    const std::string document = failing_policy("failing");
    const std::string digest = site.save(document);
    site.sql("UPDATE policy_in_force SET digest = '" + digest + "'");
    site.restart();
    QVERIFY2(site.keeper->trouble().contains("cases of its regression pack fail"), site.keeper->trouble().c_str());
  }

  void a_policy_that_needs_too_much_memory_is_not_used() {
    Site site;
    const std::string before = site.active();
    const std::string digest = site.save_approved(blocking_policy("site", "mango"));
    site.limits.max_memory_bytes = 1;
    site.restart();
    QVERIFY2(site.keeper->trouble().contains("can't be compiled"), site.keeper->trouble().c_str());
    QCOMPARE(code_of(site.keeper->activate(digest, {}, asha, site.record())), std::string("policy_not_compilable"));
    site.limits = {};
    site.restart();
    QCOMPARE(site.active(), before);
  }

  void a_store_that_is_gone_or_unreadable_refuses() {
    Site site;
    const std::string digest = site.active();
    const auto elsewhere = site.file.parent_path() / "elsewhere.db";
    std::filesystem::rename(site.file, elsewhere);
    QVERIFY(!site.keeper->active().has_value());
    QVERIFY(site.keeper->trouble().contains("gone"));
    QCOMPARE(code_of(site.keeper->save(blocking_policy("a", "mango"), asha, site.record())),
             std::string("guardrails_unavailable"));
    std::ofstream(site.file) << "another file";
    QVERIFY(site.keeper->trouble().contains("replaced"));
    QCOMPARE(code_of(site.keeper->roll_back({}, asha, site.record())), std::string("guardrails_unavailable"));
    std::filesystem::rename(elsewhere, site.file);
    QCOMPARE(site.active(), digest);
    QVERIFY(site.recorded.empty());

    site.keeper.reset();
    std::filesystem::rename(site.file, elsewhere);
    std::ofstream(site.file) << "not a database, and long enough to be seen as none: " << std::string(4096, 'x');
    site.restart();
    QVERIFY2(site.keeper->trouble().contains("can't be read"), site.keeper->trouble().c_str());
    QVERIFY(site.keeper->status()->state == GuardrailsState::unavailable);
    QCOMPARE(code_of(site.keeper->roll_back({}, asha, site.record())), std::string("guardrails_unavailable"));
    site.keeper.reset();
    std::filesystem::rename(elsewhere, site.file);
    site.restart();
    QCOMPARE(site.active(), digest);
  }

  void an_older_state_file_gets_the_tables_and_keeps_its_clients() {
    Site site;
    site.keeper.reset();
    for (const char* const table : {"policy", "policy_document", "policy_in_force"})
      site.sql(std::string("DROP TABLE ") + table);
    site.sql("DELETE FROM setting WHERE name = 'guardrails'");
    site.sql("INSERT INTO client VALUES ('ops', 'id', 'operator', 0, 0, '', 1, 1)");
    site.sql("PRAGMA user_version = 1");
    site.restart();
    QCOMPARE(site.active(), digest_of(site.shipped));
    int64_t clients = 0;
    const auto database = Database::open(site.file);
    QVERIFY((*database)
                ->query("SELECT COUNT(*) FROM client", {},
                        [&](const SqlRow& row) -> Status {
                          clients = row.integer(0);
                          return {};
                        })
                .has_value());
    QCOMPARE(clients, int64_t{1});
    site.sql("PRAGMA user_version = 99");
    site.restart();
    QVERIFY(site.keeper->trouble().contains("newer release"));
  }

  // Killed at the moment of the record, and wherever a loop of activations happens to be.
  void a_kill_in_the_middle_of_an_activation_leaves_one_or_the_other_data() {
    QTest::addColumn<int>("after_us");
    QTest::newRow("between record and change") << 0;
    for (int i = 1; i <= 12; ++i) QTest::addRow("after %d ms", 3 * i) << 3'000 * i;
  }
  void a_kill_in_the_middle_of_an_activation_leaves_one_or_the_other() {
    QFETCH(int, after_us);
    Site site;
    const std::string shipped = site.active();
    const std::string digest = site.save_approved(blocking_policy("site", "mango"));
    site.put_in_force(digest);
    site.keeper.reset();
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
      site.restart();
      const auto record = [&](const PolicyChange&) -> Refusable<void> {
        if (after_us == 0) kill(getpid(), SIGKILL);
        return {};
      };
      for (;;) (void)site.keeper->roll_back({}, asha, record);
    }
    if (after_us > 0) {
      usleep(static_cast<useconds_t>(20'000 + after_us));
      kill(child, SIGKILL);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    site.restart();
    const auto found = site.keeper->status();
    QVERIFY(found && found->state == GuardrailsState::ok && found->active && found->previous);
    QCOMPARE(site.active(), found->active->digest);
    QVERIFY(found->active->digest != found->previous->digest);
    if (after_us == 0) QCOMPARE(site.active(), digest);
    QVERIFY(site.active() == digest || site.active() == shipped);
  }

  void two_policies_are_compared_on_texts() {
    Site site;
    BenchRequest request;
    request.a.digest = site.active();
    request.b.document = blocking_policy("other", "mango");
    request.texts = {{"1", "a grape"}, {"2", "a mango"}, {"3", "neither"}, {"4", "grape and mango"}};
    const auto reply = site.keeper->bench(request);
    QVERIFY2(reply.has_value(), reply ? "" : reply.error().message.c_str());
    QCOMPARE(reply->texts.size(), size_t{4});
    QCOMPARE(reply->texts[0].a.verdict, std::string("block"));
    QCOMPARE(reply->texts[0].a.rule, std::string("no-grape"));
    QCOMPARE(reply->texts[0].a.spans.at(0).start, int64_t{2});
    QCOMPARE(reply->texts[0].a.spans.at(0).end_byte, int64_t{7});
    QCOMPARE(reply->texts[0].b.verdict, std::string("allow"));
    QVERIFY(reply->texts[0].differs && reply->texts[1].differs && !reply->texts[2].differs && reply->texts[3].differs);
    request.stage = "image";
    QCOMPARE(site.keeper->bench(request).error().param, std::string("stage"));
    request.stage = "request_text";
    request.b.digest = site.active();
    QCOMPARE(site.keeper->bench(request).error().param, std::string("b"));
    request.b.document.reset();
    request.texts.assign(max_bench_texts + 1, {"1", "a"});
    QCOMPARE(site.keeper->bench(request).error().param, std::string("texts"));
  }

  void hits_are_counted_by_rule_and_hour_for_a_day() {
    Site site;
    const auto policy = *site.keeper->active();
    site.keeper->count_hit(*policy, "no-grape", Action::block);
    site.keeper->count_hit(*policy, "no-grape", Action::block);
    site.keeper->count_hit(*policy, "no-grape", Action::mask);
    site.clock.now_us += 3'600'000'000;
    site.keeper->count_hit(*policy, "no-grape", Action::annotate);
    HitsReply hits = site.keeper->hits();
    QCOMPARE(hits.hits.size(), size_t{2});
    QCOMPARE(hits.hits[0].block, int64_t{2});
    QCOMPARE(hits.hits[0].mask, int64_t{1});
    QCOMPARE(hits.hits[0].policy, site.active());
    QCOMPARE(hits.hits[1].annotate, int64_t{1});
    QCOMPARE(hits.hits[1].hour_us - hits.hits[0].hour_us, int64_t{3'600'000'000});
    site.clock.now_us += 23 * int64_t{3'600'000'000} + 1;
    QCOMPARE(site.keeper->hits().hits.size(), size_t{1});
    site.clock.now_us += 3'600'000'000;
    site.keeper->count_hit(*policy, "no-grape", Action::allow);
    QCOMPARE(site.keeper->hits().hits.size(), size_t{1});
  }

  void rules_that_fail_open_are_named_with_their_reason() {
    Site site;
    QVERIFY(site.keeper->rules_that_fail_open().empty());
    site.put_in_force(
        site.save_approved(blocking_policy("open", "mango", R"(,"fail":"open","fail_reason":"only a note")")));
    QCOMPARE(site.keeper->rules_that_fail_open(), std::vector<std::string>{"no-mango: only a note"});
  }
};

QTEST_GUILESS_MAIN(PolicyKeeperTest)
#include "policy_keeper_test.moc"
