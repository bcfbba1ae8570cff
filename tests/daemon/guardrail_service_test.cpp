#include <QTest>

#include "tests/daemon/fake_service.h"
#include "tests/daemon/policies.h"

using namespace tijori;
using namespace tijori::test;

namespace {

std::string code_of(const HttpResponse& response) {
  const auto error = parse_error_json(response.status, response.body);
  return error ? error->code : "";
}

std::string detail_of(const AuditDraft& draft, std::string_view field) {
  const auto* value = draft.detail.find(field);
  return value == nullptr ? "" : std::get<std::string>(*value);
}

}  // namespace

class GuardrailServiceTest : public QObject {
  Q_OBJECT

 private slots:
  void a_policy_goes_from_draft_to_active_and_back_on_the_record() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer asha = service.enrol("asha", {Role::guardrail_editor});
    const Peer bala = service.enrol("bala", {Role::guardrail_editor});
    const auto before = from_json<GuardrailsStatus>(service.admin_ask(asha, "GET", "guardrails").body);
    QVERIFY(before && before->active && !before->previous && before->approvals == 2);
    const std::string shipped = before->active->digest;

    const std::string document = blocking_policy("site", "mango");
    const HttpResponse drafted =
        service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document}));
    QCOMPARE(drafted.status, 201);
    const auto draft = from_json<DraftReply>(drafted.body);
    QVERIFY(draft && draft->summary.author == "asha");
    QCOMPARE(service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document})).status, 200);
    const std::string path = "guardrails/policies/" + draft->summary.digest;
    QCOMPARE(from_json<StoredPolicy>(service.admin_ask(bala, "GET", path).body)->document, document);
    QVERIFY(from_json<CheckReply>(service.admin_ask(bala, "POST", path + "/check").body)->passed);

    QCOMPARE(code_of(service.admin_ask(asha, "POST", path + "/activate")), std::string("approval_missing"));
    const HttpResponse own = service.admin_ask(asha, "POST", path + "/approve");
    QCOMPARE(own.status, 403);
    QCOMPARE(code_of(own), std::string("own_draft"));
    const auto approved = from_json<PolicySummary>(service.admin_ask(bala, "POST", path + "/approve").body);
    QVERIFY(approved && approved->approved_by == "bala");
    const HttpResponse activated = service.admin_ask(asha, "POST", path + "/activate");
    QCOMPARE(activated.status, 200);
    const auto active = from_json<GuardrailsStatus>(activated.body);
    QVERIFY(active && active->active->digest == draft->summary.digest && active->previous->digest == shipped);
    const ChangeActive stale{shipped};
    QCOMPARE(code_of(service.admin_ask(bala, "POST", "guardrails/rollback", to_json(stale))),
             std::string("policy_changed"));
    QCOMPARE(service.admin_ask(bala, "POST", "guardrails/rollback").status, 200);

    QVERIFY(service.journal.wait_for("appended admin.changed"));
    for (int i = 0; i < 200 && service.log.drafts("admin.changed").size() < 7; ++i) QTest::qSleep(5);
    std::vector<std::string> verbs;
    for (const AuditDraft& each : service.log.drafts("admin.changed"))
      if (each.outcome == "ok") verbs.push_back(detail_of(each, "verb"));
    QCOMPARE(verbs, (std::vector<std::string>{"guardrail-draft", "guardrail-approve", "guardrail-activate",
                                              "guardrail-rollback"}));
    std::vector<std::string> refusals;
    for (const AuditDraft& each : service.log.drafts("admin.changed")) {
      if (each.outcome == "refused") refusals.push_back(detail_of(each, "code"));
      QCOMPARE(each.approvals, int64_t{2});
      if (each.outcome != "ok" || detail_of(each, "verb") != "guardrail-activate") continue;
      QCOMPARE(each.object, draft->summary.digest);
      QCOMPARE(each.auth, asha.certificate_sha256);
      QCOMPARE(detail_of(each, "before"), shipped);
      QCOMPARE(detail_of(each, "after"), draft->summary.digest);
      QCOMPARE(detail_of(each, "approver"), service.clients->find("bala")->id);
    }
    QCOMPARE(refusals, (std::vector<std::string>{"approval_missing", "own_draft", "policy_changed"}));
  }

  void an_approver_needs_the_role_when_approving() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer asha = service.enrol("asha", {Role::guardrail_editor});
    const Peer bala = service.enrol("bala", {Role::guardrail_editor, Role::operator_});
    const std::string document = blocking_policy("site", "mango");
    QCOMPARE(service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document})).status, 201);
    QVERIFY(service.clients->set_roles("bala", {Role::operator_}).has_value());
    QCOMPARE(service.admin_ask(bala, "POST", "guardrails/policies/" + digest_of(document) + "/approve").status, 403);
    QVERIFY(service.clients->set_roles("bala", {Role::guardrail_editor}).has_value());
    QCOMPARE(service.admin_ask(bala, "POST", "guardrails/policies/" + digest_of(document) + "/approve").status, 200);
  }

  void a_document_with_errors_is_refused_with_its_findings() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer asha = service.enrol("asha", {Role::guardrail_editor});
    const std::string document = blocking_policy("site", "mango", R"(,"acton":"mask")");
    const HttpResponse refused =
        service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document}));
    QCOMPARE(refused.status, 400);
    const auto error = parse_error_json(refused.status, refused.body);
    QVERIFY(error && error->code == "policy_invalid" && !error->findings.empty());
    QVERIFY(error->findings[0].severity == FindingSeverity::error);
    const auto linted = from_json<LintReply>(
        service.admin_ask(asha, "POST", "guardrails/lint", to_json(PolicyDocument{document})).body);
    QVERIFY(linted && linted->findings.size() == error->findings.size());
    QCOMPARE(linted->findings[0].message, error->findings[0].message);
  }

  void readers_bench_and_read_but_change_nothing() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer auditor = service.enrol("auditor", {Role::auditor});
    const auto status = from_json<GuardrailsStatus>(service.admin_ask(auditor, "GET", "guardrails").body);
    BenchRequest request;
    request.a.digest = status->active->digest;
    request.b.document = blocking_policy("site", "mango");
    request.texts = {{"1", "a mango"}};
    const auto reply =
        from_json<BenchReply>(service.admin_ask(auditor, "POST", "guardrails/bench", to_json(request)).body);
    QVERIFY(reply && reply->texts.size() == 1 && reply->texts[0].b.verdict == "block" && reply->texts[0].differs);
    const HttpResponse hits = service.admin_ask(auditor, "GET", "guardrails/hits");
    QVERIFY(from_json<HitsReply>(hits.body)->hits.empty());
    QCOMPARE(service.admin_ask(auditor, "POST", "guardrails/rollback").status, 403);
    QCOMPARE(service.admin_ask(auditor, "GET", "guardrails/policies/abc").status, 400);
    QCOMPARE(code_of(service.admin_ask(auditor, "GET", "guardrails/policies/" + std::string(64, '0'))),
             std::string("policy_not_found"));
  }

  void nothing_changes_while_the_log_is_blocked() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer asha = service.enrol("asha", {Role::guardrail_editor});
    service.log.mode = FakeAudit::Mode::blocked;
    const std::string document = blocking_policy("site", "mango");
    const HttpResponse refused =
        service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document}));
    QCOMPARE(refused.status, 503);
    QCOMPARE(code_of(refused), std::string("audit_unavailable"));
    QCOMPARE(from_json<GuardrailsStatus>(service.admin_ask(asha, "GET", "guardrails").body)->policies.size(),
             size_t{1});
  }

  void status_and_capabilities_tell_what_is_in_force() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer ops = service.enrol("ops", {Role::operator_});
    const auto status = from_json<DaemonStatus>(service.admin_ask(ops, "GET", "status").body);
    QVERIFY(status && status->guardrails.state == GuardrailsState::ok);
    QCOMPARE(status->guardrails.digest, digest_of(std::string(default_policy_document())));
    QCOMPARE(status->guardrails.approvals, int64_t{2});
    const auto capabilities = from_json<Capabilities>(service.admin_ask(ops, "GET", "capabilities").body);
    QCOMPARE(capabilities->guardrail_approvals, int64_t{2});
    QVERIFY(std::ranges::find(capabilities->features, "guardrails") != capabilities->features.end());
    // Without its store nothing is judged, so the daemon isn't ready.
    std::filesystem::rename(service.run / "state.db", service.run / "elsewhere.db");
    const auto blocked = from_json<DaemonStatus>(service.admin_ask(ops, "GET", "status").body);
    QVERIFY(blocked->health == Health::blocked);
    QVERIFY(blocked->guardrails.state == GuardrailsState::unavailable);
    QCOMPARE(blocked->conditions.at(0).code, std::string("guardrails-unavailable"));
    QCOMPARE(service.ask(ops, Listener::api, "GET", "/health").status, 503);
  }
};

QTEST_GUILESS_MAIN(GuardrailServiceTest)
#include "guardrail_service_test.moc"
