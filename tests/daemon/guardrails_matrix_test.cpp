// Every route that makes text, streamed and not, with a rule for every live stage and every action: none is skipped.
// The rows come from the tables of the program, so that a route or stage this test doesn't know fails it.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "base/bytes.h"
#include "tests/daemon/fake_service.h"
#include "tests/daemon/fixed_policy.h"

using namespace tijori;
using namespace tijori::test;

namespace {

const std::string identifier = "9999 3775 9456";  // passes Verhoeff's check
const std::string mask = "[AADHAAR#1]";
const std::string rule = "one";
const std::string sentence = "Not here.";  // of one_rule()'s policy
const std::vector<std::string> leaking = {"Sure, Aadhaar: 9999 ", "3775 94", "56 is on file, ", "and that is all."};
const std::string before_leak = "Sure, Aadhaar: ";
const std::string after_leak = " is on file, and that is all.";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A request of this route that says the text; nothing for a route that isn't known here.
std::optional<std::string> body_of(const Route& route, const std::string& text, bool stream) {
  const std::string rest = stream ? R"(,"stream":true,"stream_options":{"include_usage":true}})" : "}";
  switch (route.endpoint) {
    case Endpoint::chat_completions:
      return R"({"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":")" + text + "\"}]" +
             rest;
    case Endpoint::completions:
      return R"({"prompt":")" + text + "\"" + rest;
    default:
      return std::nullopt;
  }
}

// What the client got, the same for all dialects.
struct Seen {
  QString text;
  QString finish_reason;
  int completion_tokens = -1;
  bool is_done = false;

  void add(const QByteArray& json) {
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QJsonObject choice = object["choices"].toArray().first().toObject();
    for (const char* part : {"message", "delta"}) text += choice[part].toObject()["content"].toString();
    text += choice["text"].toString();
    if (choice["finish_reason"].isString()) finish_reason = choice["finish_reason"].toString();
    if (object["usage"].isObject()) completion_tokens = object["usage"].toObject()["completion_tokens"].toInt();
  }
};

Seen seen_in(const HttpResponse& response) {
  Seen seen;
  const QByteArray body = QByteArray::fromStdString(response.body);
  if (!response.content_type.starts_with("text/event-stream")) {
    seen.add(body);
    seen.is_done = true;
    return seen;
  }
  for (const QByteArray& line : body.split('\n')) {
    if (line == "data: [DONE]")
      seen.is_done = true;
    else if (line.startsWith("data: "))
      seen.add(line.mid(6));
  }
  return seen;
}

bool is_input(Stage stage) {
  return stage == Stage::request_text || stage == Stage::rendered_prompt;
}

}  // namespace

class GuardrailsMatrixTest : public QObject {
  Q_OBJECT

  FixedPolicy policies_;
  std::unique_ptr<Service> service_;
  Peer app_;

  AuditDraft last(std::string_view event) const {
    const auto drafts = service_->log.drafts(event);
    return drafts.empty() ? AuditDraft() : drafts.back();
  }
  static std::string word(const AuditDraft& draft, std::string_view field) {
    const DetailValue* value = draft.detail.find(field);
    return value == nullptr ? "" : std::get<std::string>(*value);
  }
  std::string digest() const { return to_hex((*policies_.active())->policy().digest); }

 private slots:
  void initTestCase() {
    ServiceOptions options;
    options.policies = &policies_;
    service_ = std::make_unique<Service>(std::move(options));
    QVERIFY(service_->wait_ready());
    app_ = service_->enrol("app", {Role::application});
  }
  void cleanupTestCase() { service_.reset(); }

  void no_route_and_stage_lets_anything_past_data() {
    QTest::addColumn<int>("route");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<int>("stage");
    QTest::addColumn<int>("action");
    for (size_t i = 0; i < route_table().size(); ++i) {
      if (route_table()[i].audit != AuditKind::inference) continue;
      for (const bool stream : {false, true})
        for (const Stage stage : all_stages)
          for (const Action action : all_actions)
            if (is_live(stage))
              QTest::addRow("%s, %s, %s, %s", std::string(route_table()[i].path).c_str(), stream ? "streamed" : "whole",
                            std::string(name_of(stage)).c_str(), std::string(name_of(action)).c_str())
                  << static_cast<int>(i) << stream << static_cast<int>(stage) << static_cast<int>(action);
    }
  }
  void no_route_and_stage_lets_anything_past() {
    QFETCH(const int, route);
    QFETCH(const bool, stream);
    QFETCH(const int, stage);
    QFETCH(const int, action);
    const Route& wanted = route_table()[static_cast<size_t>(route)];
    const auto at = static_cast<Stage>(stage);
    const auto does = static_cast<Action>(action);
    const bool input = is_input(at);
    QVERIFY2(input || at == Stage::output_stream || at == Stage::final_output, "a stage this test doesn't know");
    const auto body = body_of(wanted, input ? "My Aadhaar is " + identifier + ", please check." : "Say it.", stream);
    QVERIFY2(body.has_value(), "a route this test doesn't know: say above how a request of it looks");
    const bool ends = does >= Action::stop;

    policies_.use(one_rule("AADHAAR", std::string(name_of(at)), std::string(name_of(does))));
    service_->engine.set_answer(input ? std::vector<std::string>{"Hello", " there"} : leaking);
    // What is ended in the middle needs an engine that would go on.
    service_->engine.mode = at == Stage::output_stream && ends ? FakeEngine::Mode::endless : FakeEngine::Mode::answer;
    (void)service_->engine.take_prompt();
    const size_t events_before = service_->log.drafts().size();
    const size_t lines_before = service_->journal.lines().size();
    const HttpResponse response =
        service_->ask(app_, wanted.listener, std::string(wanted.method), std::string(wanted.path), *body);
    const std::string prompt = service_->engine.take_prompt();

    // Records: received, decided, released, in this order, of one request and one policy.
    const auto all = service_->log.drafts();
    const std::vector<AuditDraft> drafts(all.begin() + static_cast<ptrdiff_t>(events_before), all.end());
    QCOMPARE(drafts.size(), size_t{3});
    QCOMPARE(drafts[0].event, std::string("inference.received"));
    const AuditDraft& decided = drafts[1];
    QCOMPARE(decided.event, std::string("guardrail.decided"));
    QCOMPARE(decided.outcome, std::string(ends ? "blocked" : "ok"));
    QCOMPARE(decided.request_id, drafts[0].request_id);
    QCOMPARE(decided.object, digest());
    QCOMPARE(word(decided, "stage"), std::string(name_of(at)));
    QCOMPARE(word(decided, "action"), std::string(name_of(does)));
    const auto decisions = std::get<std::vector<AuditDecision>>(*decided.detail.find("decisions"));
    QCOMPARE(decisions.size(), size_t{1});
    QCOMPARE(decisions[0].rule, rule);
    QCOMPARE(decisions[0].label, std::string("aadhaar"));
    QCOMPARE(decisions[0].action, std::string(name_of(does)));
    QCOMPARE(decisions[0].end - decisions[0].begin, static_cast<int64_t>(identifier.size()));
    const AuditDraft& released = drafts[2];
    QCOMPARE(released.event, std::string("inference.released"));
    QCOMPARE(released.outcome, std::string(ends ? "blocked" : "answered"));
    QCOMPARE(word(released, "policy"), digest());
    QCOMPARE(word(released, "code"), std::string(ends ? "content_filter" : ""));
    QVERIFY(!contains(to_json(AppendRequest{drafts}), "9999"));

    if (input && ends) {
      QCOMPARE(response.status, 400);
      const auto error = parse_error_json(response.status, response.body);
      QVERIFY(error.has_value());
      QCOMPARE(error->code, std::string("content_filter"));
      QVERIFY(contains(response.body, "guardrail_error"));
      QCOMPARE(error->rule, rule);
      QVERIFY(error->message.starts_with(sentence));
      QCOMPARE(error->spans.size(), size_t{1});
      QCOMPARE(error->spans[0].type, std::string("AADHAAR"));
      QCOMPARE(error->spans[0].start_byte, int64_t{14});
      QCOMPARE(error->spans[0].end_byte, int64_t{28});
      QVERIFY2(prompt.empty(), "the engine was asked");
      QVERIFY(!contains(response.body, "9999"));
      return;
    }
    QCOMPARE(response.status, 200);
    QCOMPARE(response.content_type.starts_with("text/event-stream"), stream);
    const Seen seen = seen_in(response);
    QVERIFY(seen.is_done);
    QCOMPARE(seen.finish_reason, QString(ends ? "content_filter" : "stop"));
    QCOMPARE(word(released, "finish_reason"), std::string(ends ? "content_filter" : "stop"));
    QCOMPARE(seen.completion_tokens, input ? 2 : 4);
    QCOMPARE(std::get<int64_t>(*released.detail.find("completion_tokens")), int64_t{input ? 2 : 4});
    if (input) {
      QCOMPARE(seen.text, QString("Hello there"));
      QCOMPARE(contains(prompt, identifier), does != Action::mask);
      QCOMPARE(contains(prompt, mask), does == Action::mask);
      return;
    }
    std::string expected = before_leak;
    if (does < Action::mask) expected += identifier + after_leak;
    if (does == Action::mask) expected += mask + after_leak;
    if (does == Action::block) expected += "\n\n" + sentence;
    QCOMPARE(seen.text, QString::fromStdString(expected));
    QCOMPARE(contains(response.body, "9999"), does < Action::mask);
    if (service_->engine.mode == FakeEngine::Mode::endless) {
      const auto lines = service_->journal.lines();
      QVERIFY2(std::find(lines.begin() + static_cast<ptrdiff_t>(lines_before), lines.end(), "cancel") != lines.end(),
               "the engine was left to go on");
    }
  }

  void without_a_policy_nothing_is_answered_data() {
    QTest::addColumn<int>("route");
    QTest::addColumn<bool>("stream");
    for (size_t i = 0; i < route_table().size(); ++i)
      for (const bool stream : {false, true})
        if (route_table()[i].audit == AuditKind::inference)
          QTest::addRow("%s, %s", std::string(route_table()[i].path).c_str(), stream ? "streamed" : "whole")
              << static_cast<int>(i) << stream;
  }
  void without_a_policy_nothing_is_answered() {
    QFETCH(const int, route);
    QFETCH(const bool, stream);
    const Route& wanted = route_table()[static_cast<size_t>(route)];
    policies_.fail_with({ErrorCode::unavailable, "the store is gone"});
    (void)service_->engine.take_prompt();
    const auto body = body_of(wanted, "Say it.", stream);
    QVERIFY(body.has_value());
    const HttpResponse response =
        service_->ask(app_, wanted.listener, std::string(wanted.method), std::string(wanted.path), *body);
    QCOMPARE(response.status, 503);
    QVERIFY(contains(response.body, "guardrails_unavailable") && contains(response.body, "the store is gone"));
    QVERIFY(service_->engine.take_prompt().empty());
    const AuditDraft released = last("inference.released");
    QCOMPARE(released.outcome, std::string("refused"));
    QCOMPARE(word(released, "code"), std::string("guardrails_unavailable"));
    QCOMPARE(word(released, "policy"), std::string());
  }
};

QTEST_GUILESS_MAIN(GuardrailsMatrixTest)
#include "guardrails_matrix_test.moc"
