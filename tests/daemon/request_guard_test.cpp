// One request under one policy.
#include "daemon/request_guard.h"

#include <QTest>

#include "base/bytes.h"
#include "tests/daemon/fixed_policy.h"

using namespace tijori;
using tijori::test::FixedPolicy;
using tijori::test::one_rule;

namespace {

InferenceRequest chat(std::initializer_list<EngineMessage> messages) {
  InferenceRequest request;
  request.messages = messages;
  return request;
}

struct Case {
  FixedPolicy policies;
  RequestGuard guard;
  explicit Case(const std::string& document)
      : policies(document), guard(*policies.active(), policies, {"desk", {"application"}, "demo", Language::english}) {}
  // The answer in pieces of three bytes, as far as the policy lets it go on.
  std::string answer(std::string_view text, bool& ended) {
    std::string out;
    ended = false;
    for (size_t i = 0; i < text.size() && !ended; i += 3) {
      auto passed = guard.push_answer(text.substr(i, 3));
      if (!passed) return passed.error().code;
      out += passed->text;
      ended = passed->ended;
    }
    if (ended) return out;
    auto last = guard.finish_answer();
    if (!last) return last.error().code;
    ended = last->ended;
    return out + last->text;
  }
};

constexpr auto aadhaar = "My Aadhaar is 9999 3775 9456.";

}  // namespace

class RequestGuardTest : public QObject {
  Q_OBJECT

 private slots:
  void masks_what_the_engine_may_not_see() {
    Case c(one_rule("AADHAAR", "request_text", "mask"));
    InferenceRequest request = chat({{"system", "Be brief."}, {"user", aadhaar}});
    QVERIFY(c.guard.check_request(request).has_value());
    QCOMPARE(request.messages[1].content, std::string("My Aadhaar is [AADHAAR#1]."));
    QCOMPARE(request.messages[0].content, std::string("Be brief."));
    const auto records = c.guard.records({});
    QCOMPARE(records.size(), size_t{1});
    QCOMPARE(records[0].event, std::string("guardrail.decided"));
    QCOMPARE(records[0].outcome, std::string("ok"));
    QCOMPARE(records[0].object, to_hex((*c.policies.active())->policy().digest));
    const auto& decisions = std::get<std::vector<AuditDecision>>(*records[0].detail.find("decisions"));
    QCOMPARE(decisions.size(), size_t{1});
    QCOMPARE(decisions[0].rule, std::string("one"));
    QCOMPARE(decisions[0].label, std::string("aadhaar"));
    QCOMPARE(decisions[0].part, int64_t{1});
    QCOMPARE(decisions[0].begin, int64_t{14});
    QCOMPARE(decisions[0].end, int64_t{28});
    QCOMPARE(c.policies.hits("one mask"), 1);
  }

  void refuses_with_the_rule_the_span_and_a_sentence_in_the_language_of_the_request() {
    Case c(one_rule("AADHAAR", "request_text", "block"));
    InferenceRequest request = chat({{"user", "मेरा आधार नंबर ९९९९ ३७७५ ९४५६ है, कृपया बताइए"}});
    const auto checked = c.guard.check_request(request);
    QVERIFY(!checked.has_value());
    const ApiError& error = checked.error();
    QCOMPARE(error.http_status, 400);
    QCOMPARE(error.code, std::string("content_filter"));
    QCOMPARE(error.type(), std::string("guardrail_error"));
    QCOMPARE(error.param, std::string("messages[0].content"));
    QCOMPARE(error.rule, std::string("one"));
    QVERIFY(error.message.starts_with("यहाँ नहीं।"));
    QCOMPARE(error.spans.size(), size_t{1});
    QCOMPARE(error.spans[0].type, std::string("AADHAAR"));
    QCOMPARE(*error.spans[0].message, int64_t{0});
    QCOMPARE(error.spans[0].end - error.spans[0].start, int64_t{14});
    QVERIFY(error.spans[0].end_byte - error.spans[0].start_byte > 30);
    QVERIFY(error.message.find("९९९९") == std::string::npos);
    QVERIFY(c.guard.blocked());
    QCOMPARE(c.guard.records({})[0].outcome, std::string("blocked"));
    const auto again = parse_error_json(400, to_error_json(error));
    QVERIFY(again.has_value());
    QCOMPARE(again->rule, error.rule);
    QCOMPARE(again->spans.size(), size_t{1});
  }

  void masks_the_answer_while_it_is_made() {
    Case c(one_rule("AADHAAR", "output_stream", "mask"));
    bool ended = true;
    QCOMPARE(c.answer("It is 9999 3775 9456, as you said.", ended), std::string("It is [AADHAAR#1], as you said."));
    QVERIFY(!ended);
  }

  void ends_an_answer_with_the_message_before_the_span() {
    Case c(one_rule("", "output_stream", "block"));
    bool ended = false;
    QCOMPARE(c.answer("Fruits: apple, mango and more.", ended), std::string("Fruits: apple, \n\nNot here."));
    QVERIFY(ended);
    QVERIFY(c.guard.blocked());
    QCOMPARE(c.guard.records({})[0].outcome, std::string("blocked"));
  }

  void stops_an_answer_without_a_word() {
    Case c(one_rule("", "output_stream", "stop"));
    bool ended = false;
    QCOMPARE(c.answer("Fruits: apple, mango and more.", ended), std::string("Fruits: apple, "));
    QVERIFY(ended);
  }

  void holds_the_answer_where_the_whole_of_it_is_judged() {
    Case c(one_rule("AADHAAR", "final_output", "mask"));
    const auto passed = c.guard.push_answer("It is 9999 3775 9456, as you said, and more.");
    QVERIFY(passed.has_value());
    QVERIFY(passed->text.empty());
    const auto last = c.guard.finish_answer();
    QCOMPARE(last->text, std::string("It is [AADHAAR#1], as you said, and more."));
    Case blocking(one_rule("", "final_output", "block"));
    bool ended = false;
    QCOMPARE(blocking.answer("an apple and a mango", ended), std::string("an apple and a \n\nNot here."));
    QVERIFY(ended);
  }

  void notes_without_touching() {
    Case c(one_rule("AADHAAR", "request_text", "annotate"));
    InferenceRequest request = chat({{"user", aadhaar}});
    QVERIFY(c.guard.check_request(request).has_value());
    QCOMPARE(request.messages[0].content, std::string(aadhaar));
    QCOMPARE(c.guard.records({}).size(), size_t{1});
  }

  void masks_in_the_message_what_the_rendered_prompt_shows() {
    Case c(one_rule("AADHAAR", "rendered_prompt", "mask"));
    InferenceRequest request = chat({{"user", "first 9999 3775"}, {"user", aadhaar}});
    QVERIFY(c.guard.looks_at_prompt());
    const RenderedReply prompt{
        {{"<user>", -1, 0}, {"first 9999 3775", 0, 0}, {"<user>", -1, 0}, {aadhaar, 1, 0}, {"<end>", -1, 0}}};
    QVERIFY(c.guard.check_prompt(request, prompt).has_value());
    QCOMPARE(request.messages[0].content, std::string("first 9999 3775"));
    QCOMPARE(request.messages[1].content, std::string("My Aadhaar is [AADHAAR#1]."));
    InferenceRequest split = chat({{"user", "Aadhaar 9999 3775 "}, {"user", "9456 it is"}});
    const RenderedReply joined{{{"Aadhaar 9999 3775 ", 0, 0}, {"9456 it is", 1, 0}}};
    QVERIFY(c.guard.check_prompt(split, joined).has_value());
    QCOMPARE(split.messages[0].content + split.messages[1].content, std::string("Aadhaar [AADHAAR#1] it is"));
  }

  void scopes_a_rule_to_the_application_that_asks() {
    Case c(one_rule("AADHAAR", "request_text", "block", R"(,"scope":{"applications":["other"]})"));
    InferenceRequest request = chat({{"user", aadhaar}});
    QVERIFY(c.guard.check_request(request).has_value());
    QVERIFY(c.guard.records({}).empty());
  }

  void refuses_what_is_too_large_to_judge() {
    FixedPolicy policies(one_rule("AADHAAR", "request_text", "mask"));
    GuardLimits limits;
    limits.max_text_bytes = 16;
    RequestGuard guard(*policies.active(), policies, {}, limits);
    InferenceRequest request = chat({{"user", aadhaar}});
    const auto checked = guard.check_request(request);
    QVERIFY(!checked.has_value());
    QCOMPARE(checked.error().code, std::string("text_too_large"));
  }

  void records_many_decisions_in_several_records() {
    Case c(one_rule("", "request_text", "annotate"));
    std::string text;
    for (int i = 0; i < 400; ++i) text += "mango, ";
    InferenceRequest request = chat({{"user", text}});
    QVERIFY(c.guard.check_request(request).has_value());
    const auto records = c.guard.records({});
    QCOMPARE(records.size(), max_decisions_per_request / max_decisions_per_record);
    QCOMPARE(std::get<int64_t>(*records.back().detail.find("count")), int64_t{400});
    QCOMPARE(std::get<int64_t>(*records[1].detail.find("first")), int64_t{32});
  }
};

QTEST_GUILESS_MAIN(RequestGuardTest)
#include "request_guard_test.moc"
