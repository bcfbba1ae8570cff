#include <QTest>

#include "base/frame.h"
#include "protocol/admin_types.h"
#include "protocol/api_error.h"
#include "protocol/chat_response.h"
#include "protocol/engine_messages.h"
#include "protocol/inner_messages.h"
#include "protocol/model_catalog.h"
#include "protocol/request_id.h"

using namespace tijori;

namespace {

template <class T>
std::string error_of_text(std::string_view text) {
  const auto parsed = from_json<T>(text);
  return parsed ? "accepted" : parsed.error().message;
}

// What was written reads back and writes the same again.
template <class T>
bool survives(const T& value) {
  const std::string text = to_json(value);
  const auto again = from_json<T>(text);
  return again.has_value() && to_json(*again) == text;
}

const std::string digest(64, 'a');

std::string catalog_of(const std::string& models) {
  return R"({"version":1,"models":[)" + models + "]}";
}

std::string entry(const std::string& alias, const std::string& file) {
  return R"({"alias":")" + alias + R"(","file":")" + file + R"(","sha256":")" + digest + R"(","size_bytes":5})";
}

}  // namespace

class MessagesTest : public QObject {
  Q_OBJECT

 private slots:
  void a_tokenize_frame_is_the_vector_of_the_page() {
    TokenizeRequest request;
    request.text = "hi";
    const std::string frame = encode_frame(number_of(MessageType::tokenize), 7, to_json(request));
    QCOMPARE(to_hex(as_bytes(frame)), std::string("0d000000180000000700000000000000"
                                                  "7b2274657874223a226869227d"));
  }

  void every_message_survives_a_round_trip() {
    AuditDraft draft;
    draft.event = "inference.received";
    draft.outcome = "ok";
    draft.peer_uid = 7;
    draft.detail.set("number", int64_t{3});
    draft.detail.set("stream", true);
    draft.detail.set("endpoint", std::string("completions"));
    draft.detail.set("decisions", std::vector<AuditDecision>{{"pan", "pan", "mask", 2, 5, 15, 900}, {}});
    QVERIFY(survives(AppendRequest{{draft}}));
    QVERIFY(survives(AppendedReply{"ab", {{4, "cd"}}}));
    ListRequest list;
    list.before_seq = 9;
    list.event = "log.read";
    QVERIFY(survives(list));
    CountRequest count;
    count.since_us = 3;
    QVERIFY(survives(count));
    QVERIFY(survives(AuditCounts{5, 4, 1, 2, {{1, 3, 1}}}));
    QVERIFY(survives(AuditComparison{"continues", "x", 1, 2}));
    AuditRecord record;
    record.detail = draft.detail;
    record.subjects = {"ef"};
    QVERIFY(survives(AuditRecords{{record}}));
    GenerateRequest generate;
    generate.prompt = "x";
    generate.seed = UINT64_MAX;
    generate.stop = {"\n"};
    QVERIFY(survives(generate));
    QVERIFY(survives(LoadedReply()));
    QVERIFY(survives(Finish()));
    AuditVerdict verdict;
    verdict.anomalies = {"x"};
    QVERIFY(survives(verdict));
    ClientInfo client;
    client.roles = {Role::auditor, Role::operator_};
    client.last_seen_us = 5;
    client.certificates.push_back({"aa", 1, 2, false});
    QVERIFY(survives(ClientList{{client}}));
    DaemonStatus status;
    status.conditions.push_back({"audit-blocked", Severity::error, "text", 4});
    status.models.emplace_back().state = ModelState::ready;
    status.audit = AuditStatusReply();
    QVERIFY(survives(status));
    ChatChunk chunk;
    chunk.choices.push_back({0, {std::nullopt, "hi"}, std::nullopt});
    QVERIFY(survives(chunk));
    QVERIFY(to_json(chunk).find(R"("finish_reason":null)") != std::string::npos);
  }

  void refuses_and_names_the_field() {
    QCOMPARE(error_of_text<SeqRequest>("{}"), std::string("seq: missing"));
    QCOMPARE(error_of_text<SeqRequest>(R"({"seq":1,"sqe":2})"), std::string("sqe: unknown field"));
    QCOMPARE(error_of_text<SeqRequest>(R"({"seq":"1"})"), std::string("seq: expected an integer, found text"));
    QCOMPARE(error_of_text<SeqRequest>("7"), std::string("expected an object, found a number"));
    QCOMPARE(error_of_text<AppendedReply>(R"({"log_id":"","records":[{"seq":1,"leaf":""},{"seq":2}]})"),
             std::string("records[1].leaf: missing"));
    QCOMPARE(error_of_text<AppendRequest>(R"({"records":[{"event":"e","outcome":"ok","detail":{"a":{}}}]})"),
             std::string("records[0].detail.a: expected true or false, an integer, text or decisions"));
    QCOMPARE(error_of_text<AppendRequest>(R"({"records":[{"event":"e","outcome":"ok","detail":{"a":[1]}}]})"),
             std::string("records[0].detail.a[0]: expected an object, found a number"));
    QCOMPARE(error_of_text<AddClient>(R"({"certificate":"","roles":["king"]})"),
             std::string("roles: names a role that doesn't exist"));
  }

  void errors_keep_their_shape_and_code() {
    const ApiError error{404, "model_not_found", "There is no model \"x\".", "model", 0};
    const auto again = parse_error_json(404, to_error_json(error));
    QVERIFY(again.has_value());
    QCOMPARE(again->code, error.code);
    QCOMPARE(again->param, error.param);
    QCOMPARE(again->type(), std::string("not_found_error"));
    QCOMPARE(error_of(peer_error({ErrorCode::unavailable, "x"})).code, ErrorCode::unavailable);
    QCOMPARE(error_of(PeerError{"never heard of", "", std::nullopt, std::nullopt}).code, ErrorCode::internal);
  }

  void the_catalogue_refuses_what_could_leave_the_store() {
    const auto good = parse_model_catalog(catalog_of(entry("demo", "a.gguf") + "," + entry("b", "b.gguf")));
    QVERIFY(good.has_value());
    QVERIFY(good->find("demo") == &good->models.front());
    const auto again = parse_model_catalog(to_catalog_text(*good));
    QVERIFY(again.has_value() && again->models.size() == 2);
    QVERIFY(!parse_model_catalog(catalog_of(entry("demo", "../a"))).has_value());
    QVERIFY(!parse_model_catalog(catalog_of(entry("demo", ".hidden"))).has_value());
    QVERIFY(!parse_model_catalog(catalog_of(entry("Demo", "a"))).has_value());
    QVERIFY(!parse_model_catalog(catalog_of(entry("demo", "a") + "," + entry("demo", "b"))).has_value());
    QVERIFY(!parse_model_catalog(R"({"version":2,"models":[]})").has_value());
  }

  void request_ids_are_32_digits_and_differ() {
    const std::string id = new_request_id();
    QCOMPARE(id.size(), size_t{32});
    QVERIFY(from_hex(id).has_value());
    QVERIFY(id != new_request_id());
  }
};

QTEST_GUILESS_MAIN(MessagesTest)
#include "messages_test.moc"
