// Whatever goes wrong with the guardrails, the request is refused with the reason, the refusal is on record, and
// neither the engine nor the client has seen anything that was not judged.
#include <QTest>

#include <hs/hs.h>

#include "tests/daemon/fake_service.h"
#include "tests/daemon/policies.h"

using namespace tijori;
using namespace tijori::test;

namespace {

void* no_memory(size_t /*bytes*/) {
  return nullptr;
}

// The scanner gets no memory for another stream as long as this lives.
struct FailingScanner {
  FailingScanner() { hs_set_stream_allocator(no_memory, free); }
  ~FailingScanner() { hs_set_stream_allocator(nullptr, nullptr); }
  FailingScanner(const FailingScanner&) = delete;
  FailingScanner& operator=(const FailingScanner&) = delete;
};

enum class Fault {
  does_not_compile,
  altered,
  document_gone,
  pointer_gone,
  unreadable_table,
  pack_fails,
  file_removed,
  scanner_fails,
  out_of_time,
  too_many_decisions,
  too_long,
};
struct Case {
  Fault fault;
  const char* name;
  int status;
  const char* code;
  const char* reason;  // part of the message
};
constexpr Case cases[] = {
    {Fault::does_not_compile, "compile failure", 503, "guardrails_unavailable", "can't be compiled"},
    {Fault::altered, "document altered", 503, "guardrails_unavailable", "altered"},
    {Fault::document_gone, "document gone", 503, "guardrails_unavailable", "gone from the store"},
    {Fault::pointer_gone, "active policy gone", 503, "guardrails_unavailable", "gone from the store"},
    {Fault::unreadable_table, "table gone", 503, "guardrails_unavailable", "can't be read"},
    {Fault::pack_fails, "regression pack fails", 503, "guardrails_unavailable", "regression pack"},
    {Fault::file_removed, "store removed while running", 503, "guardrails_unavailable", "removed"},
    {Fault::scanner_fails, "scanner fails", 503, "guardrails_unavailable", "hs_open_stream"},
    {Fault::out_of_time, "time limit", 503, "guardrails_unavailable", "ms"},
    {Fault::too_many_decisions, "decision limit", 503, "guardrails_unavailable", "more than 0"},
    {Fault::too_long, "text limit", 400, "text_too_large", "longer"},
};

// What is done to the store before the keeper starts; the policy in force is then `document`.
void prepare(Fault fault, const std::string& document, KeeperOptions& options) {
  options.shipped = document;
  {
    (void)PolicyKeeper::start(options);
  }
  const auto database = Database::open(options.state_file);
  CHECK(database.has_value());
  const auto run = [&](const std::string& sql) { CHECK((*database)->run(sql).has_value()); };
  if (fault == Fault::does_not_compile) options.compile.max_memory_bytes = 1;
  if (fault == Fault::altered) run("UPDATE policy_document SET document = replace(document, 'mango', 'lemon')");
  if (fault == Fault::document_gone) run("DELETE FROM policy_document");
  if (fault == Fault::pointer_gone) run("DELETE FROM policy_in_force");
  if (fault == Fault::unreadable_table) run("DROP TABLE policy_in_force");
}

// A rule at this stage alone, with a detector that needs the scanner.
std::string policy_at(const std::string& stage, Fault fault) {
  std::string document = fault == Fault::pack_fails ? failing_policy("site") : blocking_policy("site", "mango");
  const std::string both = R"(["request_text","output_stream"])";
  document.replace(document.find(both), both.size(), "[\"" + stage + "\"]");
  for (size_t at = 0; stage != "request_text" && (at = document.find("\",\"expect\"", at)) != std::string::npos;) {
    const std::string where = "\",\"stage\":\"" + stage;
    document.insert(at, where);
    at += where.size() + 2;
  }
  return document;
}

}  // namespace

class GuardrailFaultsTest : public QObject {
  Q_OBJECT

 private slots:
  void every_fault_refuses_with_the_reason_and_on_the_record_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<QString>("stage");
    QTest::addColumn<bool>("stream");
    for (int i = 0; i < static_cast<int>(std::size(cases)); ++i)
      for (const char* const stage : {"request_text", "rendered_prompt", "output_stream", "final_output"})
        for (const bool stream : {false, true})
          QTest::addRow("%s, %s, %s", cases[i].name, stage, stream ? "streamed" : "whole")
              << i << QString(stage) << stream;
  }
  void every_fault_refuses_with_the_reason_and_on_the_record() {
    QFETCH(int, index);
    QFETCH(QString, stage);
    QFETCH(bool, stream);
    Case wanted = cases[index];
    // An answer that grows too long is no fault of the asker's.
    const bool is_output = stage == "output_stream" || stage == "final_output";
    if (wanted.fault == Fault::too_long && is_output) {
      wanted.status = 503;
      wanted.code = "guardrails_unavailable";
    }
    const std::string document = policy_at(stage.toStdString(), wanted.fault);
    ServiceOptions options;
    options.before_keeper = [&](KeeperOptions& keeper) { prepare(wanted.fault, document, keeper); };
    if (wanted.fault == Fault::out_of_time) options.pipeline.guard.max_time = std::chrono::milliseconds(0);
    if (wanted.fault == Fault::too_many_decisions) options.pipeline.guard.max_decisions = 0;
    if (wanted.fault == Fault::too_long) options.pipeline.guard.max_text_bytes = 3;
    Service service(std::move(options));
    QVERIFY(service.wait_ready());
    const Peer app = service.enrol("app", {Role::application});
    if (wanted.fault == Fault::file_removed) std::filesystem::rename(service.run / "state.db", service.run / "away");
    std::optional<FailingScanner> failing;
    if (wanted.fault == Fault::scanner_fails) failing.emplace();
    if (is_output) service.engine.set_answer({"Hello there,", " a mango"});

    const HttpResponse response =
        service.ask(app, Listener::api, "POST", "/v1/chat/completions",
                    std::string(R"({"messages":[{"role":"user","content":"a mango please"}],"stream":)") +
                        (stream ? "true}" : "false}"));
    failing.reset();
    // A policy without rule at the input lets the request through to the engine; of the answer nothing comes out.
    const bool judged_late = is_output && service.journal.find("generate") >= 0;
    if (stream && judged_late) {
      QVERIFY2(response.body.contains("event: error"), response.body.c_str());
      QVERIFY2(response.body.contains(wanted.code), response.body.c_str());
    } else {
      QCOMPARE(response.status, wanted.status);
      const auto error = parse_error_json(response.status, response.body);
      QVERIFY2(error && error->code == wanted.code, response.body.c_str());
    }
    QVERIFY2(response.body.contains(wanted.reason), response.body.c_str());
    QVERIFY2(!response.body.contains("mango"), response.body.c_str());
    // A stream may have let out what was judged before the fault: all but the word at fault.
    const bool judged_in_part = stage == "output_stream" && wanted.fault == Fault::too_many_decisions;
    if (!judged_in_part) QVERIFY2(!response.body.contains("Hello"), response.body.c_str());
    if (!is_output) QCOMPARE(service.journal.find("generate"), -1);

    const auto released = service.log.drafts("inference.released");
    QCOMPARE(released.size(), size_t{1});
    QVERIFY(released[0].outcome == "refused" || released[0].outcome == "failed");
    QCOMPARE(std::get<std::string>(*released[0].detail.find("code")), std::string(wanted.code));
    QCOMPARE(service.log.drafts("inference.received").size(), size_t{1});
  }

  void once_mended_requests_are_judged_again() {
    const std::string document = blocking_policy("site", "mango");
    ServiceOptions options;
    options.before_keeper = [&](KeeperOptions& keeper) { keeper.shipped = document; };
    Service service(std::move(options));
    QVERIFY(service.wait_ready());
    const Peer app = service.enrol("app", {Role::application});
    const std::string body = R"({"messages":[{"role":"user","content":"good morning"}]})";
    std::filesystem::rename(service.run / "state.db", service.run / "away");
    QCOMPARE(service.ask(app, Listener::api, "POST", "/v1/chat/completions", body).status, 503);
    std::filesystem::rename(service.run / "away", service.run / "state.db");
    const HttpResponse answered = service.ask(app, Listener::api, "POST", "/v1/chat/completions", body);
    QVERIFY2(answered.status == 200, answered.body.c_str());
    QCOMPARE(service
                 .ask(app, Listener::api, "POST", "/v1/chat/completions",
                      R"({"messages":[{"role":"user","content":"a mango"}]})")
                 .status,
             400);
  }

  void a_rule_that_fails_open_lets_pass_and_that_is_on_the_record() {
    const std::string document = blocking_policy("open", "mango", R"(,"fail":"open","fail_reason":"only a note")");
    ServiceOptions options;
    options.before_keeper = [&](KeeperOptions& keeper) { keeper.shipped = document; };
    Service service(std::move(options));
    QVERIFY(service.wait_ready());
    const Peer app = service.enrol("app", {Role::application});
    const FailingScanner failing;
    const HttpResponse response = service.ask(app, Listener::api, "POST", "/v1/chat/completions",
                                              R"({"messages":[{"role":"user","content":"a mango"}]})");
    QCOMPARE(response.status, 200);
    const auto decided = service.log.drafts("guardrail.decided");
    QVERIFY(!decided.empty());
    QCOMPARE(std::get<std::string>(*decided[0].detail.find("action")), std::string("failed-open"));
  }
};

QTEST_GUILESS_MAIN(GuardrailFaultsTest)
#include "guardrail_faults_test.moc"
