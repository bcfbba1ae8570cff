#include "daemon/pipeline.h"

#include <QTemporaryDir>
#include <QTest>

#include "base/bytes.h"
#include "tests/daemon/fake_peers.h"
#include "tests/daemon/fixed_policy.h"

using namespace tijori;
using namespace tijori::test;
using std::chrono::milliseconds;

namespace {

const std::string chat = R"({"messages":[{"role":"user","content":"hi"}])";

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

ModelCatalog one_model() {
  ModelCatalog catalog;
  catalog.models.push_back({"demo", "demo.gguf", model_digest, 5});
  return catalog;
}

// A pipeline between a fake log and a fake engine.
struct Bench {
  QTemporaryDir folder;
  std::filesystem::path run = folder.path().toStdString();
  Journal journal;
  FakeAudit log{run / "audit.sock", journal};
  FakeEngine engine{run / "engine.sock", journal};
  FakeLauncher launcher{run / "engine.sock"};
  AuditChannel audit{run / "audit.sock", {}, started(), nullptr};
  std::unique_ptr<ModelRouter> models = *ModelRouter::create(one_model, {}, launcher, audit, {});
  Admission admission{{4, 2}};
  Metrics metrics;
  test::FixedPolicy policies;
  Pipeline pipeline;
  Identity client;

  explicit Bench(PipelineOptions options = {{"triage"}, milliseconds(10'000), milliseconds(60'000)})
      : pipeline(audit, policies, *models, admission, metrics, std::move(options)) {
    client.client_name = "app";
    client.client_id = std::string(32, 'c');
    client.certificate_sha256 = std::string(64, 'e');
    QVERIFY2(audit.wait_until_available(milliseconds(5'000)).has_value(), "the log");
    wait_ready();
  }
  ~Bench() {
    models->stop();
    audit.stop(milliseconds(100));
  }
  static AuditDraft started() {
    AuditDraft draft;
    draft.event = "daemon.started";
    draft.outcome = "ok";
    return draft;
  }
  void wait_ready() {
    for (int i = 0; i < 500 && models->ready_count() == 0; ++i) QTest::qSleep(10);
    QVERIFY2(models->ready_count() == 1, "the engine");
  }
  void ask(FakeWriter& writer, const std::string& body, Dialect dialect = Dialect::chat,
           Permission permission = Permission::granted) {
    HttpRequest request;
    request.method = "POST";
    request.body = body;
    pipeline.answer(client, permission, dialect, request, writer);
  }
  AuditDraft released() const {
    const auto drafts = log.drafts("inference.released");
    return drafts.empty() ? AuditDraft() : drafts.back();
  }
  std::string released_code() const {
    const AuditDraft draft = released();
    const DetailValue* code = draft.detail.find("code");
    return draft.outcome + " " + (code == nullptr ? "" : std::get<std::string>(*code));
  }
};

}  // namespace

class PipelineTest : public QObject {
  Q_OBJECT

 private slots:
  void answers_in_one_piece_with_both_records() {
    Bench bench;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"user":"p-1","metadata":{"purpose":"triage","basis":"use-a"}})");
    QCOMPARE(writer.response.status, 200);
    const auto answer = from_json<ChatCompletion>(writer.response.body);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->choices[0].message.content, std::string("Hello there"));
    QCOMPARE(answer->choices[0].finish_reason.value_or(""), std::string("stop"));
    QCOMPARE(answer->usage.total_tokens, int64_t{5});
    QCOMPARE(answer->model, std::string("demo"));
    const auto receipt = from_json<Receipt>(header_of(writer.response, "tijori-receipt"));
    QVERIFY(receipt && receipt->received && receipt->released);
    QVERIFY(receipt->released->seq > receipt->received->seq);

    const AuditDraft received = bench.log.drafts("inference.received").at(0);
    QCOMPARE(received.subject, std::string("p-1"));
    QCOMPARE(received.purpose, std::string("triage"));
    QCOMPARE(received.basis, std::string("use-a"));
    QCOMPARE(std::get<int64_t>(*received.detail.find("number")), int64_t{1});
    const AuditDraft released = bench.released();
    QCOMPARE(released.outcome, std::string("answered"));
    QCOMPARE(released.request_id, received.request_id);
    QCOMPARE(released.request_id, header_of(writer.response, "x-request-id"));
    QCOMPARE(released.object, model_digest);
    QCOMPARE(std::get<int64_t>(*released.detail.find("completion_tokens")), int64_t{2});
    QCOMPARE(bench.metrics.snapshot().answered, int64_t{1});
  }

  void nothing_overtakes_the_log() {
    Bench bench;
    bench.log.delay_ms = 50;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"stream":true})");
    const int received = bench.journal.find("appended inference.received");
    const int generate = bench.journal.find("generate");
    const int first_text = bench.journal.find("client data: {\"id\":\"chatcmpl-");
    const int released = bench.journal.find("appended inference.released");
    const auto lines = bench.journal.lines();
    int last = -1;
    for (size_t i = 0; i < lines.size(); ++i)
      if (contains(lines[i], "[DONE]")) last = static_cast<int>(i);
    QVERIFY(received >= 0 && received < generate);
    QVERIFY(generate < first_text && first_text < released);
    QVERIFY(released < last);
    for (int i = 0; i < released; ++i) QVERIFY(!contains(lines[static_cast<size_t>(i)], R"("finish_reason":"stop")"));
  }

  void streams_role_text_finish_usage_receipt_and_done() {
    Bench bench;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"stream":true,"stream_options":{"include_usage":true}})");
    QVERIFY(writer.finished);
    QCOMPARE(writer.response.content_type, std::string("text/event-stream; charset=utf-8"));
    const std::string& body = writer.response.body;
    const std::vector<std::string> parts = {R"("delta":{"role":"assistant","content":""})",
                                            R"("content":"Hello")",
                                            R"("content":" there")",
                                            R"("delta":{},"finish_reason":"stop")",
                                            R"("choices":[],"usage":{"prompt_tokens":3)",
                                            ": tijori-receipt {\"log_id\":\"10c\"",
                                            "data: [DONE]\n\n"};
    size_t at = 0;
    for (const std::string& part : parts) {
      const size_t found = body.find(part, at);
      QVERIFY2(found != std::string::npos, part.c_str());
      at = found;
    }
    QVERIFY(body.ends_with("data: [DONE]\n\n"));
  }

  void the_other_dialect_renders_the_same_events() {
    Bench bench;
    FakeWriter writer(bench.journal);
    bench.ask(writer, R"({"prompt":"hi"})", Dialect::completions);
    const auto answer = from_json<TextCompletion>(writer.response.body);
    QVERIFY(answer.has_value());
    QCOMPARE(answer->choices[0].text, std::string("Hello there"));
    QVERIFY(answer->id.starts_with("cmpl-"));
    FakeWriter streamed(bench.journal);
    bench.ask(streamed, R"({"prompt":"hi","stream":true})", Dialect::completions);
    QVERIFY(contains(streamed.response.body, R"("text":"Hello","finish_reason":null)"));
    QVERIFY(contains(streamed.response.body, R"("text":"","finish_reason":"stop")"));
  }

  void refusals_are_recorded_with_their_code_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("permitted");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const QString good = QString::fromStdString(chat + "}");
    QTest::newRow("not json") << "{" << true << 400 << "invalid_json";
    QTest::newRow("unknown parameter") << QString::fromStdString(chat + ",\"x\":1}") << true << 400
                                       << "unknown_parameter";
    QTest::newRow("unknown model") << QString::fromStdString(chat + ",\"model\":\"gone\"}") << true << 404
                                   << "model_not_found";
    QTest::newRow("no right") << good << false << 403 << "permission_denied";
  }
  void refusals_are_recorded_with_their_code() {
    QFETCH(QString, body);
    QFETCH(bool, permitted);
    QFETCH(int, status);
    QFETCH(QString, code);
    Bench bench;
    FakeWriter writer(bench.journal);
    bench.ask(writer, body.toStdString(), Dialect::chat, permitted ? Permission::granted : Permission::denied);
    QCOMPARE(writer.response.status, status);
    QVERIFY(contains(writer.response.body, "\"code\":\"" + code.toStdString() + "\""));
    QCOMPARE(bench.log.drafts("inference.received").size(), size_t{1});
    QCOMPARE(bench.released_code(), "refused " + code.toStdString());
    QCOMPARE(bench.journal.find("generate"), -1);
  }

  void a_prompt_that_is_too_long_is_told_both_numbers() {
    Bench bench;
    bench.engine.mode = FakeEngine::Mode::too_long;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"stream":true})");
    QCOMPARE(writer.response.status, 400);
    QVERIFY(contains(writer.response.body, "128 tokens") && contains(writer.response.body, "4096"));
    QCOMPARE(bench.released_code(), std::string("refused context_length_exceeded"));
  }

  void an_engine_that_dies_fails_its_request_alone_data() {
    QTest::addColumn<bool>("stream");
    QTest::newRow("streamed") << true;
    QTest::newRow("in one piece") << false;
  }
  void an_engine_that_dies_fails_its_request_alone() {
    QFETCH(bool, stream);
    Bench bench;
    bench.engine.mode = FakeEngine::Mode::crash;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + (stream ? R"(,"stream":true})" : "}"));
    QVERIFY(contains(writer.response.body, "engine_crashed"));
    if (stream) {
      QVERIFY(contains(writer.response.body, "event: error\n"));
      QVERIFY(!contains(writer.response.body, "[DONE]"));
    } else {
      QCOMPARE(writer.response.status, 502);
    }
    QCOMPARE(bench.released_code(), std::string("failed engine_crashed"));
    QVERIFY(bench.journal.wait_for("appended engine.crashed"));

    bench.engine.mode = FakeEngine::Mode::answer;
    bench.wait_ready();
    FakeWriter next(bench.journal);
    bench.ask(next, chat + "}");
    QCOMPARE(next.response.status, 200);
    QCOMPARE(bench.models->models().front().restarts, int64_t{1});
  }

  void a_client_that_leaves_stops_the_engine_data() { an_engine_that_dies_fails_its_request_alone_data(); }
  void a_client_that_leaves_stops_the_engine() {
    QFETCH(bool, stream);
    Bench bench;
    bench.engine.mode = FakeEngine::Mode::endless;
    FakeWriter writer(bench.journal);
    std::thread leaver([&] {
      bench.journal.wait_for("generate");
      QTest::qSleep(50);
      writer.go_away();
    });
    bench.ask(writer, chat + (stream ? R"(,"stream":true})" : "}"));
    leaver.join();
    QVERIFY(bench.journal.find("cancel") >= 0);
    QCOMPARE(bench.released_code(), std::string("aborted client_gone"));
    QVERIFY(!writer.finished);
  }

  void without_the_log_nothing_starts() {
    Bench bench;
    bench.log.mode = FakeAudit::Mode::blocked;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + "}");
    QCOMPARE(writer.response.status, 503);
    QVERIFY(contains(writer.response.body, "audit_unavailable"));
    QVERIFY(!header_of(writer.response, "retry-after").empty());
    QCOMPARE(bench.journal.find("generate"), -1);

    bench.log.mode = FakeAudit::Mode::normal;
    QVERIFY(bench.audit.wait_until_available(milliseconds(5'000)).has_value());
    FakeWriter next(bench.journal);
    bench.ask(next, chat + "}");
    QCOMPARE(next.response.status, 200);
    // The refused one left no gap in the numbers.
    QCOMPARE(std::get<int64_t>(*bench.log.drafts("inference.received").at(0).detail.find("number")), int64_t{1});
  }

  void a_log_that_hangs_counts_as_away() {
    Bench bench;
    bench.log.mode = FakeAudit::Mode::silent;
    FakeWriter writer(bench.journal);
    const auto begin = std::chrono::steady_clock::now();
    bench.ask(writer, chat + "}");
    QVERIFY(std::chrono::steady_clock::now() - begin < milliseconds(4'000));
    QCOMPARE(writer.response.status, 503);
    QCOMPARE(bench.journal.find("generate"), -1);
    // Whether the record was written wasn't known: once the log is back, the request is there and ended.
    bench.log.mode = FakeAudit::Mode::normal;
    QVERIFY(bench.journal.wait_for("appended inference.released aborted"));
    QCOMPARE(bench.released_code(), std::string("aborted audit_unavailable"));
  }

  void a_stream_is_cut_when_its_end_cannot_be_recorded() {
    Bench bench;
    bench.engine.mode = FakeEngine::Mode::quiet;
    bench.engine.quiet_ms = 300;
    FakeWriter writer(bench.journal);
    std::thread away([&] {
      bench.journal.wait_for("generate");
      bench.log.stop();
    });
    bench.ask(writer, chat + R"(,"stream":true})");
    away.join();
    QVERIFY(contains(writer.response.body, "event: error\n"));
    QVERIFY(contains(writer.response.body, "audit_unavailable"));
    QVERIFY(!contains(writer.response.body, "[DONE]"));
    bench.log.start();
    QVERIFY(bench.journal.wait_for("appended inference.released aborted"));
    QCOMPARE(bench.released_code(), std::string("aborted audit_unavailable"));
  }

  void a_waiting_stream_is_kept_alive_by_comments() {
    Bench bench({{}, milliseconds(30), milliseconds(60'000)});
    bench.engine.mode = FakeEngine::Mode::quiet;
    bench.engine.quiet_ms = 200;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"stream":true})");
    QVERIFY(contains(writer.response.body, ": waiting\n\n"));
    QVERIFY(writer.response.body.ends_with("data: [DONE]\n\n"));
  }

  void a_stream_that_is_held_back_is_kept_alive_too() {
    Bench bench({{}, milliseconds(30), milliseconds(60'000)});
    bench.policies.use(one_rule("", "final_output", "mask"));
    bench.engine.set_answer({"an ", "apple ", "and ", "a ", "mango"});
    bench.engine.gap_ms = 20;  // so that the engine itself is never silent for long
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + R"(,"stream":true})");
    const std::string& body = writer.response.body;
    QVERIFY(contains(body, ": waiting\n\n"));
    QVERIFY(body.find(": waiting") < body.find("an apple and a [FRUIT#1]"));
    QVERIFY(body.ends_with("data: [DONE]\n\n"));
  }

  void an_answer_that_cannot_be_judged_ends_at_once_data() { an_engine_that_dies_fails_its_request_alone_data(); }
  void an_answer_that_cannot_be_judged_ends_at_once() {
    QFETCH(bool, stream);
    PipelineOptions options;
    options.guard.max_text_bytes = 16;
    Bench bench(std::move(options));
    bench.policies.use(one_rule("", "output_stream", "mask"));
    bench.engine.set_answer({"an apple ", "and a mango ", "and more"});
    bench.engine.mode = FakeEngine::Mode::endless;
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + (stream ? R"(,"stream":true})" : "}"));
    QVERIFY(contains(writer.response.body, "guardrails_unavailable"));
    QVERIFY(!contains(writer.response.body, "mango"));
    QVERIFY(!contains(writer.response.body, "[DONE]"));
    if (!stream) QCOMPARE(writer.response.status, 503);
    QVERIFY(bench.journal.find("cancel") >= 0);
    QCOMPARE(bench.released_code(), std::string("refused guardrails_unavailable"));
  }

  void a_text_too_large_to_judge_is_the_senders_to_mend() {
    PipelineOptions options;
    options.guard.max_text_bytes = 16;
    Bench bench(std::move(options));
    bench.policies.use(one_rule("", "request_text", "mask"));
    FakeWriter writer(bench.journal);
    bench.ask(writer, R"({"prompt":"an apple and a mango and more"})", Dialect::completions);
    QCOMPARE(writer.response.status, 400);
    QCOMPARE(bench.released_code(), std::string("refused text_too_large"));
    QCOMPARE(bench.journal.find("generate"), -1);
  }

  void a_request_keeps_the_policy_it_began_with() {
    Bench bench;
    bench.policies.use(one_rule("", "output_stream", "mask"));
    const std::string first = to_hex((*bench.policies.active())->policy().digest);
    bench.engine.set_answer({"a mango ", "and a mango"});
    bench.engine.mode = FakeEngine::Mode::quiet;
    bench.engine.quiet_ms = 200;
    FakeWriter writer(bench.journal);
    std::thread other([&] {
      bench.journal.wait_for("generate");
      bench.policies.use(one_rule("", "output_stream", "block"));
    });
    bench.ask(writer, chat + "}");
    other.join();
    QVERIFY(contains(writer.response.body, "a [FRUIT#1] and a [FRUIT#1]"));
    QCOMPARE(std::get<std::string>(*bench.released().detail.find("policy")), first);
    QCOMPARE(bench.log.drafts("guardrail.decided").at(0).object, first);
    FakeWriter next(bench.journal);
    bench.ask(next, chat + "}");
    QVERIFY(contains(next.response.body, "Not here."));
    QVERIFY(std::get<std::string>(*bench.released().detail.find("policy")) != first);
    QCOMPARE(bench.policies.hits("one mask"), 1);
    QCOMPARE(bench.policies.hits("one block"), 1);
    QCOMPARE(bench.metrics.snapshot().blocked, int64_t{1});
  }

  void what_was_decided_reaches_a_log_that_was_away() {
    Bench bench;
    bench.policies.use(one_rule("", "output_stream", "mask"));
    bench.engine.set_answer({"a mango and more of it", " there"});
    bench.engine.mode = FakeEngine::Mode::quiet;
    bench.engine.quiet_ms = 300;
    FakeWriter writer(bench.journal);
    std::thread away([&] {
      bench.journal.wait_for("generate");
      bench.log.stop();
    });
    bench.ask(writer, chat + "}");
    away.join();
    QCOMPARE(writer.response.status, 503);
    bench.log.start();
    QVERIFY(bench.journal.wait_for("appended inference.released aborted"));
    const int decided = bench.journal.find("appended guardrail.decided ok");
    QVERIFY(decided >= 0 && decided < bench.journal.find("appended inference.released aborted"));
  }

  void a_client_that_leaves_an_answer_leaves_what_was_decided() {
    Bench bench;
    bench.policies.use(one_rule("", "output_stream", "mask"));
    bench.engine.set_answer({"a mango and more of it"});
    bench.engine.mode = FakeEngine::Mode::endless;
    FakeWriter writer(bench.journal);
    std::thread leaver([&] {
      bench.journal.wait_for("generate");
      QTest::qSleep(50);
      writer.go_away();
    });
    bench.ask(writer, chat + "}");
    leaver.join();
    QCOMPARE(bench.released_code(), std::string("aborted client_gone"));
    QCOMPARE(bench.log.drafts("guardrail.decided").size(), size_t{1});
  }

  void one_client_cannot_take_every_place() {
    Bench bench;
    bench.engine.mode = FakeEngine::Mode::endless;
    std::vector<std::unique_ptr<FakeWriter>> writers;
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      writers.push_back(std::make_unique<FakeWriter>(bench.journal));
      threads.emplace_back([&, writer = writers.back().get()] { bench.ask(*writer, chat + "}"); });
    }
    for (int i = 0; i < 500 && bench.metrics.snapshot().running < 2; ++i) QTest::qSleep(10);
    FakeWriter third(bench.journal);
    bench.ask(third, chat + "}");
    QCOMPARE(third.response.status, 429);
    QVERIFY(!header_of(third.response, "retry-after").empty());
    QCOMPARE(bench.released_code(), std::string("refused too_many_requests"));
    for (auto& writer : writers) writer->go_away();
    for (std::thread& thread : threads) thread.join();
  }

  void a_quota_ends_the_day_of_a_client() {
    Bench bench;
    bench.client.quota_tokens_per_day = 5;
    FakeWriter first(bench.journal);
    bench.ask(first, chat + "}");
    QCOMPARE(first.response.status, 200);
    FakeWriter second(bench.journal);
    bench.ask(second, chat + "}");
    QCOMPARE(second.response.status, 429);
    QVERIFY(contains(second.response.body, "quota_exceeded"));
    const ClientLoad load = bench.admission.load_of(bench.client.client_id);
    QVERIFY(load.tokens >= 5);
    QCOMPARE(load.requests, int64_t{0});
    QCOMPARE(bench.admission.load_of("nobody").tokens, int64_t{0});
  }

  void a_stopping_server_takes_nothing_new() {
    Bench bench;
    bench.admission.drain();
    FakeWriter writer(bench.journal);
    bench.ask(writer, chat + "}");
    QCOMPARE(writer.response.status, 503);
    QCOMPARE(bench.released_code(), std::string("refused draining"));
  }
};

QTEST_GUILESS_MAIN(PipelineTest)
#include "pipeline_test.moc"
