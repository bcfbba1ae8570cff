// One request and its answer under one policy.
#include "daemon/request_guard.h"

#include <QTest>

#include "base/bytes.h"
#include "daemon/answer_guard.h"
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

InferenceRequest completion(std::string prompt) {
  InferenceRequest request;
  request.dialect = Dialect::completions;
  request.prompt = std::move(prompt);
  return request;
}

Identity desk() {
  Identity client;
  client.client_name = "desk";
  client.roles = RoleSet{Role::application};
  return client;
}

struct Case {
  FixedPolicy policies;
  std::unique_ptr<RequestGuard> guard;
  explicit Case(const std::string& document, InferenceRequest request = chat({{"user", "hi"}}),
                const GuardLimits& limits = {})
      : policies(document) {
    auto begun = RequestGuard::begin(policies, desk(), "demo", std::move(request), limits);
    if (!begun) qFatal("%s", begun.error().message.c_str());
    guard = *std::move(begun);
  }
  std::string text(size_t message) const { return guard->request().messages.at(message).content; }
  std::vector<AuditDraft> records() const { return guard->records({}); }

  // The answer in pieces of three bytes, as far as the policy lets it go on.
  std::string answer(std::string_view text, bool& ended) {
    AnswerGuard out(*guard);
    std::string all;
    const auto take = [&](const Refusable<AnswerPiece>& piece) {
      if (!piece) qFatal("%s", piece.error().message.c_str());
      all += piece->text + piece->message;
      ended = piece->is_end;
    };
    ended = false;
    for (size_t i = 0; i < text.size() && !ended; i += 3) take(out.push(text.substr(i, 3)));
    if (!ended) take(out.finish());
    return all;
  }
};

std::vector<AuditDecision> decisions_of(const AuditDraft& draft) {
  return std::get<std::vector<AuditDecision>>(*draft.detail.find("decisions"));
}

std::string word_of(const AuditDraft& draft, std::string_view field) {
  return std::get<std::string>(*draft.detail.find(field));
}

int64_t number_of(const AuditDraft& draft, std::string_view field) {
  const DetailValue* value = draft.detail.find(field);
  return value == nullptr ? -1 : std::get<int64_t>(*value);
}

constexpr auto aadhaar = "My Aadhaar is 9999 3775 9456.";

// Two rules: the first with the given rest, the second masks "kiwi".
std::string with_kiwi(const std::string& first_rule) {
  return R"({"format":"tijori-policy-1","name":"two","version":1,"message":{"en":"Not here."},"rules":[)" + first_rule +
         R"(,{"id":"kiwi","detector":{"type":"literals","label":"KIWI","literals":["kiwi"]},"stages":["request_text"],"action":"mask"}]})";
}

}  // namespace

class RequestGuardTest : public QObject {
  Q_OBJECT

 private slots:
  void masks_what_the_engine_may_not_see() {
    Case c(one_rule("AADHAAR", "request_text", "mask"), chat({{"system", "Be brief."}, {"user", aadhaar}}));
    QVERIFY(c.guard->judge_texts().has_value());
    QCOMPARE(c.text(1), std::string("My Aadhaar is [AADHAAR#1]."));
    QCOMPARE(c.text(0), std::string("Be brief."));
    const auto records = c.records();
    QCOMPARE(records.size(), size_t{1});
    QCOMPARE(records[0].event, std::string("guardrail.decided"));
    QCOMPARE(records[0].outcome, std::string("ok"));
    QCOMPARE(records[0].object, to_hex((*c.policies.active())->policy().digest));
    QCOMPARE(word_of(records[0], "stage"), std::string("request_text"));
    QCOMPARE(word_of(records[0], "action"), std::string("mask"));
    const std::vector<AuditDecision> decisions = decisions_of(records[0]);
    QCOMPARE(decisions.size(), size_t{1});
    QCOMPARE(decisions[0].rule, std::string("one"));
    QCOMPARE(decisions[0].label, std::string("aadhaar"));
    QCOMPARE(decisions[0].part, int64_t{1});
    QCOMPARE(decisions[0].begin, int64_t{14});
    QCOMPARE(decisions[0].end, int64_t{28});
    c.guard->count_hits();
    QCOMPARE(c.policies.hits("one mask"), 1);
  }

  void refuses_with_the_rule_the_span_and_a_sentence_in_the_language_of_the_request() {
    Case c(one_rule("AADHAAR", "request_text", "block"), chat({{"user", "मेरा आधार नंबर ९९९९ ३७७५ ९४५६ है, कृपया बताइए"}}));
    const auto checked = c.guard->judge_texts();
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
    QCOMPARE(c.records().at(0).outcome, std::string("blocked"));
    const auto again = parse_error_json(400, to_error_json(error));
    QVERIFY(again.has_value());
    QCOMPARE(again->rule, error.rule);
    QCOMPARE(again->spans.size(), size_t{1});
  }

  void names_everything_that_is_in_the_way_at_once() {
    Case c(one_rule("", "request_text", "stop"), chat({{"user", "a mango"}, {"user", "plums"}, {"user", "mango"}}));
    const auto checked = c.guard->judge_texts();
    QVERIFY(!checked.has_value());
    QCOMPARE(checked.error().spans.size(), size_t{2});
    QCOMPARE(*checked.error().spans[0].message, int64_t{0});
    QCOMPARE(checked.error().spans[0].start, int64_t{2});
    QCOMPARE(*checked.error().spans[1].message, int64_t{2});
    Case prompt(one_rule("", "request_text", "block"), completion("a mango"));
    const auto refused = prompt.guard->judge_texts();
    QCOMPARE(refused.error().param, std::string("prompt"));
    QVERIFY(!refused.error().spans.at(0).message);
  }

  void masks_the_answer_while_it_is_made() {
    Case c(one_rule("AADHAAR", "output_stream", "mask"));
    bool ended = true;
    QCOMPARE(c.answer("It is 9999 3775 9456, as you said.", ended), std::string("It is [AADHAAR#1], as you said."));
    QVERIFY(!ended);
    QCOMPARE(word_of(c.records().at(0), "stage"), std::string("output_stream"));
  }

  void ends_an_answer_with_the_message_before_the_span() {
    Case c(one_rule("", "output_stream", "block"));
    bool ended = false;
    QCOMPARE(c.answer("Fruits: apple, mango and more.", ended), std::string("Fruits: apple, \n\nNot here."));
    QVERIFY(ended);
    QCOMPARE(c.records().at(0).outcome, std::string("blocked"));
    Case at_once(one_rule("", "output_stream", "block"));
    QCOMPARE(at_once.answer("Mango", ended), std::string("Not here."));
  }

  void stops_an_answer_without_a_word() {
    Case c(one_rule("", "output_stream", "stop"));
    bool ended = false;
    QCOMPARE(c.answer("Fruits: apple, mango and more.", ended), std::string("Fruits: apple, "));
    QVERIFY(ended);
  }

  void holds_the_answer_where_the_whole_of_it_is_judged() {
    Case c(one_rule("AADHAAR", "final_output", "mask"));
    {
      AnswerGuard out(*c.guard);
      const auto held = out.push("It is 9999 3775 9456, as you said, and more.");
      QVERIFY(held && held->text.empty());
      QCOMPARE(out.finish()->text, std::string("It is [AADHAAR#1], as you said, and more."));
    }
    QCOMPARE(word_of(c.records().at(0), "stage"), std::string("final_output"));
    Case blocking(one_rule("", "final_output", "block"));
    bool ended = false;
    QCOMPARE(blocking.answer("an apple and a mango", ended), std::string("an apple and a \n\nNot here."));
    QVERIFY(ended);
    QCOMPARE(blocking.records().at(0).outcome, std::string("blocked"));
    Case noting(one_rule("", "final_output", "annotate"));
    QCOMPARE(noting.answer("an apple and a mango", ended), std::string("an apple and a mango"));
    QCOMPARE(noting.records().size(), size_t{1});
  }

  void what_was_decided_of_a_broken_off_answer_is_kept() {
    Case c(one_rule("AADHAAR", "output_stream", "mask"));
    {
      AnswerGuard out(*c.guard);
      QVERIFY(out.push("It is 9999 3775 9456, as you said to me on the telephone this morning, and I").has_value());
    }
    QCOMPARE(c.records().size(), size_t{1});
  }

  void notes_without_touching() {
    Case c(one_rule("AADHAAR", "request_text", "annotate"), chat({{"user", aadhaar}}));
    QVERIFY(c.guard->judge_texts().has_value());
    QCOMPARE(c.text(0), std::string(aadhaar));
    QCOMPARE(c.records().size(), size_t{1});
  }

  void masks_in_the_message_what_the_rendered_prompt_shows() {
    Case c(one_rule("AADHAAR", "rendered_prompt", "mask"), chat({{"user", "first 9999 3775"}, {"user", aadhaar}}));
    QVERIFY(c.guard->looks_at_prompt());
    const RenderedReply prompt{
        {{"<user>", -1, 0}, {"first 9999 3775", 0, 0}, {"<user>", -1, 0}, {aadhaar, 1, 0}, {"<end>", -1, 0}}};
    QVERIFY(c.guard->judge_prompt(prompt).has_value());
    QCOMPARE(c.text(0), std::string("first 9999 3775"));
    QCOMPARE(c.text(1), std::string("My Aadhaar is [AADHAAR#1]."));
    Case split(one_rule("AADHAAR", "rendered_prompt", "mask"),
               chat({{"user", " Aadhaar 9999 3775 "}, {"user", "9456 it is"}}));
    const RenderedReply joined{{{"Aadhaar 9999 3775 ", 0, 1}, {"9456 it is", 1, 0}}};
    QVERIFY(split.guard->judge_prompt(joined).has_value());
    QCOMPARE(split.text(0), std::string(" Aadhaar [AADHAAR#1]"));
    QCOMPARE(split.text(1), std::string(" it is"));
  }

  void what_the_template_says_can_block_but_not_be_masked() {
    const RenderedReply prompt{{{"mango\n", -1, 0}, {"hi", 0, 0}}};
    Case masking(one_rule("", "rendered_prompt", "mask"));
    QVERIFY(masking.guard->judge_prompt(prompt).has_value());
    QCOMPARE(masking.text(0), std::string("hi"));
    QCOMPARE(masking.records().size(), size_t{1});
    Case blocking(one_rule("", "rendered_prompt", "block"));
    const auto refused = blocking.guard->judge_prompt(prompt);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().param, std::string("messages"));
    QVERIFY(refused.error().spans.empty());
  }

  void spans_of_the_prompt_are_told_in_the_developers_own_text() {
    // What was masked first moves what follows; trimming moves it too.
    Case c(with_kiwi(R"({"id":"one","detector":{"type":"literals","label":"FRUIT","literals":["mango"]},"stages":)"
                     R"(["rendered_prompt"],"action":"block"})"),
           chat({{"user", " क kiwi, mango kiwi"}}));
    QVERIFY(c.guard->judge_texts().has_value());
    QCOMPARE(c.text(0), std::string(" क [KIWI#1], mango [KIWI#1]"));
    const RenderedReply prompt{{{"<user>", -1, 0}, {"क [KIWI#1], mango [KIWI#1]", 0, 1}}};
    const auto refused = c.guard->judge_prompt(prompt);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().spans.size(), size_t{1});
    const ErrorSpan& span = refused.error().spans[0];
    QCOMPARE(span.start_byte, int64_t{11});
    QCOMPARE(span.end_byte, int64_t{16});
    QCOMPARE(span.start, int64_t{9});
    QCOMPARE(span.end, int64_t{14});
  }

  void an_engine_that_renders_something_else_is_not_believed_data() {
    QTest::addColumn<int>("message");
    QTest::addColumn<int>("begin");
    QTest::addColumn<QString>("text");
    QTest::newRow("another text") << 0 << 0 << "ho";
    QTest::newRow("another message") << 1 << 0 << "hi";
    QTest::newRow("beyond its end") << 0 << 3 << "";
    QTest::newRow("before its beginning") << 0 << -1 << "hi";
    QTest::newRow("less of it") << 0 << 0 << "h";
  }
  void an_engine_that_renders_something_else_is_not_believed() {
    QFETCH(int, message);
    QFETCH(int, begin);
    QFETCH(QString, text);
    Case c(one_rule("", "rendered_prompt", "block"));
    const auto judged = c.guard->judge_prompt({{{text.toStdString(), message, begin}}});
    QVERIFY(!judged.has_value());
    QCOMPARE(judged.error().code, std::string("guardrails_unavailable"));
  }

  void scopes_a_rule_to_the_application_that_asks() {
    for (const char* scope : {R"("applications":["other"])", R"("roles":["auditor"])", R"("models":["large"])"}) {
      Case c(one_rule("AADHAAR", "request_text", "block", std::string(",\"scope\":{") + scope + "}"),
             chat({{"user", aadhaar}}));
      QVERIFY(c.guard->judge_texts().has_value());
      QVERIFY(c.records().empty());
    }
    for (const char* scope : {R"("applications":["desk"])", R"("roles":["application"])", R"("models":["demo"])"}) {
      Case c(one_rule("AADHAAR", "request_text", "block", std::string(",\"scope\":{") + scope + "}"),
             chat({{"user", aadhaar}}));
      QVERIFY(!c.guard->judge_texts().has_value());
    }
  }

  void refuses_what_is_too_large_to_judge() {
    GuardLimits limits;
    limits.max_text_bytes = 16;
    Case c(one_rule("AADHAAR", "request_text", "mask"), chat({{"user", aadhaar}}), limits);
    const auto checked = c.guard->judge_texts();
    QVERIFY(!checked.has_value());
    QCOMPARE(checked.error().code, std::string("text_too_large"));
    QCOMPARE(checked.error().http_status, 400);
    QCOMPARE(checked.error().param, std::string("messages[0].content"));
  }

  void all_texts_of_a_request_share_one_allowance_of_decisions() {
    GuardLimits limits;
    limits.max_decisions = 2;
    Case c(one_rule("", "request_text", "annotate"),
           chat({{"user", "mango mango"}, {"user", "plum"}, {"user", "mango"}}), limits);
    const auto checked = c.guard->judge_texts();
    QVERIFY(!checked.has_value());
    QCOMPARE(checked.error().code, std::string("guardrails_unavailable"));
    QVERIFY(checked.error().retry_after_s > 0);
    QCOMPARE(number_of(c.records().at(0), "count"), int64_t{2});
  }

  void rules_that_fail_open_are_on_record() {
    GuardLimits limits;
    limits.max_text_bytes = 16;
    Case c(one_rule("AADHAAR", "request_text", "mask", R"(,"fail":"open","fail_reason":"a test")"),
           chat({{"user", aadhaar}}), limits);
    QVERIFY(c.guard->judge_texts().has_value());
    QCOMPARE(c.text(0), std::string(aadhaar));
    const auto records = c.records();
    QCOMPARE(records.size(), size_t{1});
    QCOMPARE(word_of(records[0], "action"), std::string("failed-open"));
    const AuditDecision expected{"one", "unjudged", "failed-open", 0, 0, 0, 0};
    QVERIFY(decisions_of(records[0]) == std::vector<AuditDecision>{expected});
  }

  void many_decisions_take_several_records_and_the_strongest_stay() {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "mango, ";
    Case c(with_kiwi(R"({"id":"one","detector":{"type":"literals","label":"_FRUIT","literals":["mango"]},"stages":)"
                     R"(["request_text"],"action":"annotate"})"),
           chat({{"user", text + "kiwi"}}));
    QVERIFY(c.guard->judge_texts().has_value());
    const auto records = c.records();
    QCOMPARE(records.size(), max_recorded_decisions_per_stage / max_decisions_per_record);
    int64_t first = 0;
    for (const AuditDraft& record : records) {
      QCOMPARE(number_of(record, "count"), int64_t{401});
      QCOMPARE(number_of(record, "first"), first == 0 ? int64_t{-1} : first);
      QCOMPARE(word_of(record, "action"), std::string("mask"));
      first += static_cast<int64_t>(decisions_of(record).size());
    }
    QCOMPARE(first, static_cast<int64_t>(max_recorded_decisions_per_stage));
    QCOMPARE(decisions_of(records.back()).back().rule, std::string("kiwi"));
    QCOMPARE(decisions_of(records[0])[0].label, std::string("x_fruit"));  // a token begins with a letter
  }

  void a_source_without_a_policy_refuses() {
    FixedPolicy policies;
    policies.fail_with({ErrorCode::corrupted, "state.db is damaged"});
    const auto begun = RequestGuard::begin(policies, desk(), "demo", chat({{"user", "hi"}}), {});
    QVERIFY(!begun.has_value());
    QCOMPARE(begun.error().http_status, 503);
    QCOMPARE(begun.error().code, std::string("guardrails_unavailable"));
    QVERIFY(begun.error().message.find("state.db is damaged") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(RequestGuardTest)
#include "request_guard_test.moc"
