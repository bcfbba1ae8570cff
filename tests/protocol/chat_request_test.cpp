#include "protocol/chat_request.h"

#include <QTest>

using namespace tijori;

namespace {

const std::string chat_head = R"({"model":"m","messages":[{"role":"user","content":"hi"}])";
const std::string text_head = R"({"model":"m","prompt":"hi")";

}  // namespace

class ChatRequestTest : public QObject {
  Q_OBJECT

 private slots:
  void reads_a_chat_with_everything_set() {
    const auto request = parse_inference_request(Dialect::chat, R"({
      "model":"demo",
      "messages":[{"role":"developer","content":"Be brief."},
                  {"role":"user","content":[{"type":"text","text":"Hi "},{"type":"text","text":"there"}]},
                  {"role":"assistant","content":"Hello","refusal":null,"tool_calls":null}],
      "stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":7,
      "temperature":0,"top_p":0.5,"top_k":40,"min_p":0.05,"seed":-1,"presence_penalty":0.5,
      "frequency_penalty":-0.5,"repetition_penalty":1.1,"stop":["a","b"],"n":1,"logprobs":false,
      "response_format":{"type":"text"},"user":"patient-7","tools":null,
      "metadata":{"purpose":"triage","consent":"c-12"}})");
    QVERIFY2(request.has_value(), request ? "" : request.error().message.c_str());
    QCOMPARE(request->model, std::string("demo"));
    QCOMPARE(request->messages.size(), size_t{3});
    QCOMPARE(request->messages[0].role, std::string("system"));
    QCOMPARE(request->messages[1].content, std::string("Hi there"));
    QVERIFY(request->stream && request->include_usage);
    QCOMPARE(request->max_tokens, int64_t{7});
    QCOMPARE(request->temperature, 0.0);
    QCOMPARE(request->top_k, int64_t{40});
    QCOMPARE(request->seed.value_or(0), UINT64_MAX);
    QCOMPARE(request->stop, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(request->attribution.subject, std::string("patient-7"));
    QCOMPARE(request->attribution.purpose, std::string("triage"));
    QCOMPARE(request->attribution.basis, std::string("consent"));
  }

  void has_the_defaults_of_openai() {
    const auto chat = parse_inference_request(Dialect::chat, chat_head + "}");
    QVERIFY(chat.has_value());
    QCOMPARE(chat->temperature, 1.0);
    QCOMPARE(chat->max_tokens, int64_t{0});
    QVERIFY(!chat->seed.has_value() && !chat->stream);
    const auto text = parse_inference_request(Dialect::completions, text_head + "}");
    QVERIFY(text.has_value());
    QCOMPARE(text->max_tokens, default_completion_tokens);
    QCOMPARE(text->prompt, std::string("hi"));
  }

  void names_what_it_refuses_data() {
    QTest::addColumn<bool>("chat");
    QTest::addColumn<QString>("rest");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("param");
    const auto chat = [](const char* rest, const char* code, const char* param) {
      QTest::newRow(rest) << true << rest << code << param;
    };
    const auto text = [](const char* rest, const char* code, const char* param) {
      QTest::newRow(rest) << false << rest << code << param;
    };
    chat(R"(,"tempreature":1)", "unknown_parameter", "tempreature");
    chat(R"(,"tools":[])", "unsupported_parameter", "tools");
    chat(R"(,"tool_choice":"auto")", "unsupported_parameter", "tool_choice");
    chat(R"(,"logprobs":true)", "unsupported_parameter", "logprobs");
    chat(R"(,"logit_bias":{})", "unsupported_parameter", "logit_bias");
    chat(R"(,"n":2)", "unsupported_parameter", "n");
    chat(R"(,"store":true)", "unsupported_parameter", "store");
    chat(R"(,"response_format":{"type":"json_object"})", "unsupported_parameter", "response_format.type");
    chat(R"(,"temperature":"hot")", "invalid_type", "temperature");
    chat(R"(,"temperature":2.1)", "invalid_value", "temperature");
    chat(R"(,"top_p":-1)", "invalid_value", "top_p");
    chat(R"(,"top_p":0)", "invalid_value", "top_p");
    chat(R"(,"top_k":-1)", "invalid_value", "top_k");
    chat(R"(,"top_k":4294967296)", "invalid_value", "top_k");
    chat(R"(,"top_k":1.0)", "invalid_type", "top_k");
    chat(R"(,"min_p":2)", "invalid_value", "min_p");
    chat(R"(,"repetition_penalty":0)", "invalid_value", "repetition_penalty");
    chat(R"(,"max_tokens":0)", "invalid_value", "max_tokens");
    chat(R"(,"max_tokens":1,"max_completion_tokens":2)", "invalid_value", "max_completion_tokens");
    chat(R"(,"max_tokens":99999999999999999999)", "invalid_type", "max_tokens");
    chat(R"(,"seed":18446744073709551615)", "invalid_value", "seed");
    chat(R"(,"stop":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"])", "invalid_value",
         "stop");
    chat(R"(,"stop":"")", "invalid_value", "stop");
    chat(R"(,"stop":[1])", "invalid_type", "stop[0]");
    chat(R"(,"stream":1)", "invalid_type", "stream");
    chat(R"(,"stream_options":{"include_usage":true})", "invalid_value", "stream_options");
    chat(R"(,"stream":true,"stream_options":{"other":true})", "unknown_parameter", "stream_options.other");
    chat(R"(,"user":"a","safety_identifier":"b")", "invalid_value", "safety_identifier");
    chat(R"(,"metadata":{"colour":"red"})", "unknown_parameter", "metadata.colour");
    chat(R"(,"metadata":{"basis":"because"})", "invalid_value", "metadata.basis");
    chat(R"(,"metadata":{"basis":"use-a","consent":"c"})", "invalid_value", "metadata.consent");
    chat(R"(,"prompt":"x")", "unknown_parameter", "prompt");
    text(R"(,"messages":[])", "unknown_parameter", "messages");
    text(R"(,"echo":true)", "unsupported_parameter", "echo");
    text(R"(,"best_of":3)", "unsupported_parameter", "best_of");
    text(R"(,"suffix":"x")", "unsupported_parameter", "suffix");
    text(R"(,"logprobs":0)", "unsupported_parameter", "logprobs");
  }
  void names_what_it_refuses() {
    QFETCH(bool, chat);
    QFETCH(QString, rest);
    QFETCH(QString, code);
    QFETCH(QString, param);
    const auto request = parse_inference_request(chat ? Dialect::chat : Dialect::completions,
                                                 (chat ? chat_head : text_head) + rest.toStdString() + "}");
    QVERIFY(!request.has_value());
    QCOMPARE(QString::fromStdString(request.error().code), code);
    QCOMPARE(QString::fromStdString(request.error().param), param);
    QCOMPARE(request.error().http_status, 400);
    QVERIFY(request.error().message.find(param.toStdString()) != std::string::npos);
  }

  void refuses_broken_messages_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("param");
    const auto row = [](const char* body, const char* code, const char* param) {
      QTest::newRow(body) << body << code << param;
    };
    row("", "invalid_json", "");
    row("[]", "invalid_type", "");
    row("{}", "missing_parameter", "messages");
    row(R"({"messages":[]})", "invalid_value", "messages");
    row(R"({"messages":{}})", "invalid_type", "messages");
    row(R"({"messages":[{"role":"user"}]})", "missing_parameter", "messages[0].content");
    row(R"({"messages":[{"role":"user","content":null}]})", "missing_parameter", "messages[0].content");
    row(R"({"messages":[{"role":"user","content":3}]})", "invalid_type", "messages[0].content");
    row(R"({"messages":[{"role":"king","content":"x"}]})", "invalid_value", "messages[0].role");
    row(R"({"messages":[{"role":"tool","content":"x"}]})", "unsupported_parameter", "messages[0].role");
    row(R"({"messages":[{"role":"user","content":"x","name":"bob"}]})", "unsupported_parameter", "messages[0].name");
    row(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]})", "unsupported_parameter",
        "messages[0].content[0].type");
    row(R"({"messages":[{"role":"user","content":[]}]})", "invalid_value", "messages[0].content");
  }
  void refuses_broken_messages() {
    QFETCH(QString, body);
    QFETCH(QString, code);
    QFETCH(QString, param);
    const auto request = parse_inference_request(Dialect::chat, body.toStdString());
    QVERIFY(!request.has_value());
    QCOMPARE(QString::fromStdString(request.error().code), code);
    QCOMPARE(QString::fromStdString(request.error().param), param);
  }

  void reads_both_forms_of_tokenise() {
    const auto text = parse_tokenize_body(R"({"text":"hi"})");
    QVERIFY(text.has_value() && text->request.text == "hi");
    const auto messages = parse_tokenize_body(R"({"messages":[{"role":"user","content":"hi"}],"model":"m"})");
    QVERIFY(messages.has_value() && messages->request.messages->size() == 1 && messages->model == "m");
    QVERIFY(!parse_tokenize_body(R"({"text":"hi","messages":[{"role":"user","content":"hi"}]})").has_value());
    QVERIFY(!parse_tokenize_body("{}").has_value());
  }
};

QTEST_GUILESS_MAIN(ChatRequestTest)
#include "chat_request_test.moc"
