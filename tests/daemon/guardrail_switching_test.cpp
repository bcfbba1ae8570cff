// Two policies take turns while requests run: each answer is wholly one policy's, and its record says whose.
#include <QTest>
#include <atomic>
#include <thread>

#include "daemon/answer_guard.h"
#include "tests/daemon/fake_service.h"
#include "tests/daemon/fixed_policy.h"
#include "tests/daemon/policies.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr int switches = 100;
constexpr size_t client_threads = 4;

// Masks one word of what the engine always answers, "Hello there", and refuses requests with another.
std::string site_policy(const std::string& name, const std::string& refused, const std::string& masked) {
  return R"({"format":"tijori-policy-1","name":")" + name + R"(","version":1,"message":{"en":"Not here."},"rules":[)" +
         R"({"id":"no-)" + refused + R"(","detector":{"type":"literals","label":"FRUIT","literals":[")" + refused +
         R"("]},"stages":["request_text"],"action":"block"},{"id":"hide-)" + masked +
         R"(","detector":{"type":"literals","label":"WORD","literals":[")" + masked +
         R"("]},"stages":["output_stream"],"action":"mask"}],"cases":[{"id":"refuses","text":"a )" + refused +
         R"(","expect":"block"},{"id":"passes","text":"plain words","expect":"pass"}]})";
}

struct Answered {
  std::string asked;
  HttpResponse response;
};

std::string id_of(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "x-request-id") return value;
  return "";
}

std::string request_body(const std::string& text) {
  return R"({"messages":[{"role":"user","content":")" + text + R"("}]})";
}

// Judged anew, without the daemon: "refused RULE" or the text of the answer.
std::string verdict_of(const FixedPolicy& source, const std::string& text) {
  Identity app;
  app.client_name = "app";
  app.roles = {Role::application};
  const auto guard =
      RequestGuard::begin(source, app, "demo", *parse_inference_request(Dialect::chat, request_body(text)), {});
  if (const auto judged = (*guard)->judge_texts(); !judged) return "refused " + judged.error().rule;
  AnswerGuard answer(**guard);
  std::string released = answer.push("Hello")->text;
  released += answer.push(" there")->text;
  return released + answer.finish()->text;
}

std::string verdict_of(const HttpResponse& response) {
  if (response.status != 200) {
    const auto error = parse_error_json(response.status, response.body);
    return "refused " + (error ? error->rule : response.body);
  }
  const auto answer = from_json<ChatCompletion>(response.body);
  return answer ? answer->choices[0].message.content : response.body;
}

}  // namespace

class GuardrailSwitchingTest : public QObject {
  Q_OBJECT

 private slots:
  void every_answer_is_the_named_policys() {
    Service service;
    QVERIFY(service.wait_ready());
    const Peer asha = service.enrol("asha", {Role::guardrail_editor});
    const Peer bala = service.enrol("bala", {Role::guardrail_editor});
    const Peer app = service.enrol("app", {Role::application});
    std::map<std::string, FixedPolicy> policies;
    std::vector<std::string> digests;
    for (const std::string& document :
         {site_policy("first", "mango", "hello"), site_policy("second", "papaya", "there")}) {
      digests.push_back(digest_of(document));
      policies[digests.back()].use(document);
      QCOMPARE(service.admin_ask(asha, "POST", "guardrails/policies", to_json(PolicyDocument{document})).status, 201);
      const std::string path = "guardrails/policies/" + digests.back();
      QCOMPARE(service.admin_ask(bala, "POST", path + "/approve").status, 200);
      QCOMPARE(service.admin_ask(bala, "POST", path + "/activate").status, 200);
    }

    std::atomic<bool> done{false};
    std::vector<std::vector<Answered>> answered(client_threads);
    std::vector<std::thread> clients;
    for (size_t i = 0; i < client_threads; ++i)
      clients.emplace_back([&, i] {
        const std::string texts[] = {"a mango", "a papaya", "neither", "mango and papaya"};
        for (size_t round = i; !done; ++round) {
          const std::string& text = texts[round % std::size(texts)];
          answered[i].push_back(
              {text, service.ask(app, Listener::api, "POST", "/v1/chat/completions", request_body(text))});
        }
      });
    int made = 0;
    for (int i = 0; i < switches; ++i) {
      // By digest and by roll back in turn.
      const std::string target =
          i % 2 == 0 ? "guardrails/policies/" + digests[0] + "/activate" : std::string("guardrails/rollback");
      made += service.admin_ask(asha, "POST", target).status == 200 ? 1 : 0;
    }
    done = true;
    for (std::thread& each : clients) each.join();
    QCOMPARE(made, switches);

    std::map<std::string, AuditDraft> released;
    for (AuditDraft& draft : service.log.drafts("inference.released")) released[draft.request_id] = std::move(draft);
    for (const AuditDraft& draft : service.log.drafts("guardrail.decided"))
      QCOMPARE(draft.object, std::get<std::string>(*released.at(draft.request_id).detail.find("policy")));
    std::map<std::string, int> judged;
    for (const auto& of_one : answered) {
      for (const Answered& each : of_one) {
        const AuditDraft& record = released.at(id_of(each.response));
        const auto& digest = std::get<std::string>(*record.detail.find("policy"));
        QVERIFY(policies.contains(digest));
        QCOMPARE(verdict_of(each.response), verdict_of(policies[digest], each.asked));
        QCOMPARE(record.outcome, std::string(each.response.status == 200 ? "answered" : "blocked"));
        ++judged[digest];
      }
    }
    QVERIFY2(judged[digests[0]] > 20 && judged[digests[1]] > 20,
             (std::to_string(judged[digests[0]]) + " and " + std::to_string(judged[digests[1]])).c_str());
    QVERIFY(verdict_of(policies[digests[0]], "neither") != verdict_of(policies[digests[1]], "neither"));
  }
};

QTEST_GUILESS_MAIN(GuardrailSwitchingTest)
#include "guardrail_switching_test.moc"
