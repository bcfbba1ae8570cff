#include <QTest>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "daemon/child_process.h"
#include "daemon/query.h"
#include "tests/daemon/fake_service.h"

using namespace tijori;
using namespace tijori::test;
using std::chrono::milliseconds;

class ServiceTest : public QObject {
  Q_OBJECT

 private slots:
  void adds_a_client_by_its_certificate_and_revokes_it() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    AddClient add;
    add.certificate = client_pem("ward", {"application"});
    add.quota_tokens_per_day = 500;
    const HttpResponse added = service.admin_ask(ops, "POST", "clients", to_json(add));
    QCOMPARE(added.status, 201);
    const auto client = from_json<ClientInfo>(added.body);
    QVERIFY(client.has_value());
    QCOMPARE(client->name, std::string("ward"));
    QVERIFY(client->roles == RoleSet{Role::application});
    QCOMPARE(client->quota_tokens_per_day, int64_t{500});
    QCOMPARE(service.log.drafts("client.enrolled").size(), size_t{1});
    QCOMPARE(service.admin_ask(ops, "POST", "clients", to_json(add)).status, 409);

    AddCertificate renewal{client_pem("ward", {"application"})};
    const HttpResponse renewed = service.admin_ask(ops, "POST", "clients/ward/certificates", to_json(renewal));
    QCOMPARE(renewed.status, 200);
    QCOMPARE(from_json<ClientInfo>(renewed.body)->certificates.size(), size_t{2});
    QCOMPARE(service.admin_ask(ops, "POST", "clients/ops/certificates", to_json(renewal)).status, 400);

    const HttpResponse revoked =
        service.admin_ask(ops, "POST", "clients/ward/revoke", to_json(RevokeClient{"left", std::nullopt}));
    QCOMPARE(revoked.status, 200);
    QVERIFY(from_json<ClientInfo>(revoked.body)->revoked);
    const AuditDraft draft = service.log.drafts("client.revoked").at(0);
    QCOMPARE(draft.object, client->id);
    QCOMPARE(draft.approvals, int64_t{1});
    QCOMPARE(service.admin_ask(ops, "POST", "clients/nobody/revoke", "{}").status, 404);
  }

  void a_role_beyond_the_certificate_is_refused() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    AddClient add;
    add.certificate = client_pem("ward", {"application"});
    add.roles = RoleSet{Role::application, Role::auditor};
    QCOMPARE(service.admin_ask(ops, "POST", "clients", to_json(add)).status, 400);
    add.certificate = "not a certificate";
    QCOMPARE(service.admin_ask(ops, "POST", "clients", to_json(add)).status, 400);
    QCOMPARE(service.log.drafts("client.enrolled").size(), size_t{0});
  }

  void while_the_log_is_blocked_it_can_be_read_and_rights_taken_away_but_nothing_granted() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    service.enrol("ward", {Role::application});
    service.log.mode = FakeAudit::Mode::blocked;
    AddClient add;
    add.certificate = client_pem("other", {"application"});
    QCOMPARE(service.admin_ask(ops, "POST", "clients", to_json(add)).status, 503);
    QVERIFY(!service.clients->find("other").has_value());
    QCOMPARE(service.admin_ask(ops, "POST", "clients/ward/revoke", "{}").status, 200);
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/records").status, 200);
    QCOMPARE(service.admin_ask(auditor, "POST", "audit/verify").status, 200);
    const HttpResponse status = service.admin_ask(ops, "GET", "status");
    QVERIFY(from_json<DaemonStatus>(status.body)->health == Health::blocked);
    service.log.mode = FakeAudit::Mode::normal;
    QVERIFY(service.journal.wait_for("appended client.revoked"));
    QVERIFY(service.journal.wait_for("appended log.read"));
  }

  void a_verification_ends_when_its_client_goes() {
    Service service;
    QVERIFY(service.wait_ready());
    service.log.mode = FakeAudit::Mode::verifying;
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    HttpRequest request;
    request.listener = Listener::admin;
    request.method = "POST";
    request.path = "/admin/v1/audit/verify";
    request.peer = auditor;
    FakeWriter writer(service.journal);
    std::thread handler([&] { service.dispatcher.handle(request, writer); });
    const bool recorded = service.journal.wait_for("appended log.read");
    writer.go_away();
    handler.join();
    QVERIFY(recorded);
    QVERIFY(service.journal.wait_for("verification cancelled"));
    // The connection goes on.
    QVERIFY(service.audit.status().has_value());
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/records").status, 200);
  }

  void heads_are_compared_and_records_counted() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    const HttpResponse compared = service.admin_ask(auditor, "GET", "audit/consistency?old_size=7&size=9");
    const auto proof = from_json<ConsistencyProof>(compared.body);
    QVERIFY(proof.has_value());
    QCOMPARE(std::pair(proof->old_size, proof->size), (std::pair<int64_t, int64_t>{7, 9}));
    for (const char* query : {"", "?old_size=0", "?old_size=x", "?old_size=7&more=1"})
      QCOMPARE(service.admin_ask(auditor, "GET", std::string("audit/consistency") + query).status, 400);
    const HttpResponse counted = service.admin_ask(auditor, "GET", "audit/count?bucket_us=60000000&since_us=120000000");
    const auto counts = from_json<AuditCounts>(counted.body);
    QVERIFY(counts.has_value());
    QCOMPARE(counts->buckets.at(0).start_us, int64_t{120'000'000});
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/count?bucket_us=5").status, 400);
    std::vector<std::string> whats;
    for (const AuditDraft& draft : service.log.drafts("log.read"))
      whats.push_back(std::get<std::string>(*draft.detail.find("what")));
    QCOMPARE(whats, (std::vector<std::string>{"consistency", "count"}));
  }

  void another_log_than_the_known_one_takes_no_record() {
    QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    Journal journal;
    FakeAudit log(run / "audit.sock", journal);
    const auto state = *Register::open(run / "state.db");
    {
      const auto known = *KnownLog::open(*state);
      AuditChannel audit(run / "audit.sock", {}, Service::started(), known.get());
      QVERIFY(audit.wait_until_available(milliseconds(5'000)).has_value());
      QVERIFY((*state->remembered_log() == RememberedLog{"10c", 1}));
      QVERIFY(audit.append(Service::started()).has_value());
      audit.stop(milliseconds(100));
      QVERIFY((*state->remembered_log() == RememberedLog{"10c", 2}));
    }
    log.stop();
    log.log_id = "bad";
    log.start();
    const auto known = *KnownLog::open(*state);
    AuditChannel audit(run / "audit.sock", {}, Service::started(), known.get());
    QTRY_VERIFY(audit.is_another_log());
    QCOMPARE(audit.trouble().substr(0, audit.trouble().find(';')),
             std::string("expected log 10c with 2 records or more, found log bad with 2"));
    QCOMPARE(audit.append(Service::started()).error().code, ErrorCode::unavailable);
    QVERIFY(audit.verify().has_value());
    QTest::qWait(300);
    QCOMPARE(log.drafts().size(), size_t{2});
    log.stop();
    log.log_id = "10c";
    log.start();
    QVERIFY(audit.wait_until_available(milliseconds(5'000)).has_value());
    QVERIFY(!audit.is_another_log());
    QCOMPARE(log.drafts().size(), size_t{3});
  }

  void an_older_state_of_the_log_is_not_the_log() {
    const RememberedLog known{"10c", 100};
    QVERIFY(check_same_log({}, {"any", 0}).has_value());
    QVERIFY(check_same_log(known, {"10c", 100}).has_value());
    const Status older = check_same_log(known, {"10c", 99});
    QCOMPARE(older.error().code, ErrorCode::corrupted);
    QVERIFY(older.error().message.find("found only 99 of its records") != std::string::npos);
  }

  void exports_in_pieces_and_refuses_unknown_parameters() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    const HttpResponse exported = service.admin_ask(auditor, "GET", "audit/export?first_seq=0");
    QCOMPARE(exported.body, std::string("TJAUDIT"));
    QCOMPARE(exported.content_type, std::string("application/octet-stream"));
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/export?from=0").status, 400);
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/records?limit=0").status, 400);
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/records?limit=x").status, 400);
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/proof").status, 400);
    QCOMPARE(service.admin_ask(auditor, "GET", "audit/records/abc").status, 400);
  }

  void history_is_given_from_a_time_on() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    QCOMPARE(from_json<History>(service.admin_ask(ops, "GET", "history").body)->step_us, int64_t{0});
    QCOMPARE(from_json<History>(service.admin_ask(ops, "GET", "history?since_us=7").body)->step_us, int64_t{7});
    QCOMPARE(service.admin_ask(ops, "GET", "history?since_us=yesterday").status, 400);
  }

  void says_where_its_keys_come_from() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    const auto status = from_json<DaemonStatus>(service.admin_ask(ops, "GET", "status").body);
    QVERIFY(status && status->keys.size() == 1);
    QCOMPARE(status->keys[0].name, std::string("tls-server.key"));
    QCOMPARE(status->keys[0].from, std::string("credential"));
    QCOMPARE(status->keys[0].sealed_to, std::string("host"));
  }

  void a_failed_reload_is_a_condition_until_the_next_good_one() {
    HealthJudge judge;
    Vitals vitals;
    vitals.models.emplace_back().state = ModelState::ready;
    vitals.now_us = 5;
    QVERIFY(judge.judge(vitals).conditions.empty());
    vitals.reload_trouble = "tijorid.toml:3: limits.x: unknown setting";
    const HealthReport report = judge.judge(vitals);
    QCOMPARE(report.health, Health::ready);
    QCOMPARE(report.conditions.size(), size_t{1});
    QCOMPARE(report.conditions[0].code, std::string("reload-failed"));
    QCOMPARE(report.conditions[0].since_us, int64_t{5});
    QVERIFY(report.conditions[0].message.ends_with(vitals.reload_trouble));
    vitals.reload_trouble.clear();
    QVERIFY(judge.judge(vitals).conditions.empty());
  }

  void says_what_it_has_and_what_the_caller_may() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    const auto capabilities = from_json<Capabilities>(service.admin_ask(auditor, "GET", "capabilities").body);
    QVERIFY(capabilities.has_value());
    for (const RouteInfo& route : capabilities->routes) {
      if (route.path == "/admin/v1/audit/export") QVERIFY(route.permitted);
      if (route.path == "/admin/v1/clients" && route.method == "POST") QVERIFY(!route.permitted);
      QVERIFY(!route.path.starts_with("/v1/"));
    }
  }

  void lists_models_tokenises_and_tells_its_health() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer app = service.enrol("app", {Role::application});
    const auto models = from_json<ModelObjects>(service.ask(app, Listener::api, "GET", "/v1/models").body);
    QVERIFY(models && models->data.size() == 1 && models->data[0].id == "demo");
    QCOMPARE(service.ask(app, Listener::api, "GET", "/v1/models/other").status, 404);
    const auto tokens =
        from_json<TokenizeReply>(service.ask(app, Listener::api, "POST", "/v1/tokenize", R"({"text":"hi"})").body);
    QVERIFY(tokens && tokens->count == 2 && tokens->ids.size() == 2);
    const auto count =
        from_json<TokenizeReply>(service.ask(app, Listener::api, "POST", "/v1/count", R"({"text":"hi"})").body);
    QVERIFY(count && count->count == 2 && count->ids.empty());
    QCOMPARE(service.ask(app, Listener::api, "GET", "/health").status, 200);
    service.counts.flush();
    QVERIFY(service.journal.wait_for("appended counts.hourly"));
    const AuditDraft draft = service.log.drafts("counts.hourly").at(0);
    QCOMPARE(std::get<int64_t>(*draft.detail.find("tokenize")), int64_t{2});
    QCOMPARE(std::get<int64_t>(*draft.detail.find("models")), int64_t{2});
    service.engine.stop();
    for (int i = 0; i < 500 && service.models->ready_count() == 1; ++i) QTest::qSleep(10);
    QCOMPARE(service.ask(app, Listener::api, "POST", "/v1/count", R"({"text":"hi"})").status, 503);
  }

  void a_stopped_engine_is_noticed_and_named() {
    Service service;
    QVERIFY(service.wait_ready());
    const auto condition = [&] {
      Vitals vitals;
      vitals.models = service.models->models();
      const HealthReport report = service.judge.judge(vitals);
      return report.conditions.empty() ? "" : report.conditions[0].code + " " + report.conditions[0].message;
    };
    QCOMPARE(condition(), std::string());
    service.engine.mode = FakeEngine::Mode::stopped;
    QTRY_VERIFY_WITH_TIMEOUT(condition().starts_with("engine-unresponsive Model demo: its engine (process "), 8'000);
    service.engine.mode = FakeEngine::Mode::answer;
    QTRY_COMPARE_WITH_TIMEOUT(condition(), std::string(), 8'000);
  }

  void a_child_is_started_watched_and_ended() {
    ChildProcess child;
    QVERIFY(child.start("/bin/sh", {"-c", "exit 7"}).has_value());
    std::optional<ProcessEnd> end;
    for (int i = 0; i < 500 && !end; ++i) {
      end = child.ended();
      QTest::qSleep(5);
    }
    QVERIFY(end && end->exit_code == 7 && end->signal == 0);
    QVERIFY(child.start("/bin/sleep", {"60"}).has_value());
    end = child.stop(milliseconds(2'000));
    QVERIFY(end && end->signal == SIGTERM);
    // One that ignores SIGTERM is ended all the same; exec keeps the ignored signal ignored.
    QVERIFY(child.start("/bin/sh", {"-c", "trap '' TERM; exec sleep 60"}).has_value());
    QTest::qSleep(100);
    end = child.stop(milliseconds(100));
    QVERIFY(end && end->signal == SIGKILL);
    QVERIFY(!child.start("/nonexistent", {}).has_value());
    // What systemd says to the daemon is not for its children.
    qputenv("NOTIFY_SOCKET", "/nonexistent");
    QVERIFY(child.start("/bin/sh", {"-c", "test -z \"$NOTIFY_SOCKET\" && test -n \"$PATH\""}).has_value());
    qunsetenv("NOTIFY_SOCKET");
    end.reset();
    for (int i = 0; i < 500 && !end; ++i) {
      end = child.ended();
      QTest::qSleep(5);
    }
    QVERIFY(end && end->exit_code == 0);
  }

  void a_query_is_taken_apart_strictly() {
    Query query("a=1&b=x%20y");
    QCOMPARE(query.number("a").value_or(0), int64_t{1});
    QCOMPARE(query.text("b"), std::string("x y"));
    QVERIFY(query.finish().has_value());
    for (const char* bad : {"a=1&a=2", "a=%", "a=%zz"}) {
      Query refused(bad);
      (void)refused.text("a");
      QVERIFY2(!refused.finish().has_value(), bad);
    }
    Query untaken("zz=1");
    QCOMPARE(untaken.finish().error().code, std::string("unknown_parameter"));
    Query negative("a=-1");
    QVERIFY(!negative.number("a").has_value() && !negative.finish().has_value());
  }
};

QTEST_GUILESS_MAIN(ServiceTest)
#include "service_test.moc"
