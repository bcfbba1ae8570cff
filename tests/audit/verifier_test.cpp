// Everything that can be done to a log must be found, with its place.
#include "audit/proof/verifier.h"

#include <QtTest>

#include "audit/proof/cbor.h"
#include "tests/audit/log_builder.h"

using namespace tijori;

namespace {

// 12 records in two sealed segments and an open one, checkpoints at 5, 9 and 12.
LogBuilder small_log(uint8_t key_byte = 7) {
  LogBuilder log(key_byte);
  log.open_segment();
  log.add(LogBuilder::started());
  log.add(LogBuilder::received(1));
  log.add(LogBuilder::released(1));
  log.add(LogBuilder::heartbeat());
  log.seal();
  log.checkpoint();
  log.open_segment();
  log.add(LogBuilder::received(2, 2));
  log.add(LogBuilder::released(2));
  log.add(LogBuilder::heartbeat());
  log.seal();
  log.checkpoint();
  log.open_segment();
  log.add(LogBuilder::received(3, 3));
  log.add(LogBuilder::released(3));
  log.checkpoint();
  return log;
}

// Positions of the record items.
std::vector<size_t> record_items(const std::vector<BuiltItem>& items) {
  std::vector<size_t> at;
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].kind == ItemKind::record) at.push_back(i);
  }
  return at;
}

// What a forger without the key does: every chain value after a change made right again.
void rechain(std::vector<BuiltItem>& items) {
  Id log_id{};
  log_id.fill(0xA5);
  Digest chain = chain_start(log_id);
  for (BuiltItem& item : items) {
    if (item.kind != ItemKind::record) continue;
    const size_t core_bytes = item.payload.size() - chain.size();
    chain = chain_next(chain, leaf_hash(ByteView(item.payload).first(core_bytes)));
    std::ranges::copy(chain, item.payload.begin() + static_cast<ptrdiff_t>(core_bytes));
  }
}

VerifyReport verify_items(const std::vector<BuiltItem>& items, std::optional<Trust> trust,
                          std::optional<uint64_t> records = {}) {
  return verify_bytes(LogBuilder::join(items, records), std::move(trust));
}

RecordDraft decided() {
  RecordDraft draft = LogBuilder::received(1);
  draft.event = AuditEvent::guardrail_decided;
  draft.outcome = AuditOutcome::blocked;
  draft.object = Bytes(digest_bytes, 7);
  draft.detail.clear();
  draft.detail[DetailField::stage] = std::string("request_text");
  draft.detail[DetailField::action] = std::string("block");
  draft.detail[DetailField::count] = int64_t{2};
  draft.detail[DetailField::first] = int64_t{1};
  draft.detail[DetailField::decisions] = RecordedDecisions{{"aadhaar", "aadhaar", "block", 3, 5, 17, 950}};
  return draft;
}

}  // namespace

class VerifierTest : public QObject {
  Q_OBJECT

 private slots:
  void verifies_a_whole_log() {
    LogBuilder log = small_log();
    const VerifyReport report = verify_bytes(log.file(), log.trust());
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
    QCOMPARE(report.verified_up_to, 11);
    QCOMPARE(report.records, 12U);
    QCOMPARE(report.segments, 2U);
    QCOMPARE(report.checkpoints, 3U);
    QCOMPARE(report.tail_records, 0U);
    QCOMPARE(report.received, 3U);
    QCOMPARE(report.unfinished, 0U);
    QCOMPARE(report.anomaly_count, 0U);
    QCOMPARE(exit_code_of(report.verdict), 0);
  }

  void names_the_unsigned_tail_with_its_age() {
    LogBuilder log = small_log();
    const int64_t tail_time_us = log.wall_us;
    log.add(LogBuilder::heartbeat());
    log.add(LogBuilder::heartbeat());
    const VerifyReport report = verify_bytes(log.file(), log.trust(), tail_time_us + 90'000'000);
    QCOMPARE(report.verdict, Verdict::verified);
    QCOMPARE(report.verified_up_to, 11);
    QCOMPARE(report.tail_records, 2U);
    QCOMPARE(report.tail_age_us, 90'000'000);
  }

  void finds_every_flipped_bit_of_every_core() {
    LogBuilder log = small_log();
    const std::vector<size_t> at = record_items(log.items());
    for (size_t seq = 0; seq < at.size(); ++seq) {
      Bytes& payload = log.items()[at[seq]].payload;
      for (size_t bit = 0; bit < payload.size() * 8; ++bit) {
        payload[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
        const VerifyReport report = verify_bytes(log.file(), log.trust());
        QCOMPARE(report.verdict, Verdict::altered);
        QCOMPARE(report.first_bad_seq, static_cast<int64_t>(seq));
        payload[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
      }
    }
    QCOMPARE(verify_bytes(log.file(), log.trust()).verdict, Verdict::verified);
  }

  void lets_no_flipped_bit_of_the_file_pass() {
    LogBuilder log = small_log();
    const Bytes good = log.file();
    for (size_t bit = 0; bit < good.size() * 8; bit += 3) {  // all 8 places come by
      Bytes bad = good;
      bad[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
      const Verdict verdict = verify_bytes(bad, log.trust()).verdict;
      QVERIFY2(verdict != Verdict::verified && verdict != Verdict::consistent, qPrintable(QString::number(bit)));
    }
  }

  void lets_no_shortened_file_pass() {
    LogBuilder log = small_log();
    const Bytes good = log.file();
    for (size_t size = 0; size < good.size(); size += 5) {
      QCOMPARE(verify_bytes(ByteView(good).first(size), log.trust()).verdict, Verdict::incomplete);
    }
    Bytes longer = good;
    longer.push_back(0);
    QCOMPARE(verify_bytes(longer, log.trust()).verdict, Verdict::altered);
  }

  void finds_a_dropped_record() {
    for (size_t seq = 0; seq < 12; ++seq) {
      LogBuilder log = small_log();
      auto& items = log.items();
      items.erase(items.begin() + static_cast<ptrdiff_t>(record_items(items)[seq]));
      const VerifyReport report = verify_items(items, log.trust());
      QCOMPARE(report.verdict, Verdict::altered);
      QVERIFY(report.first_bad_seq <= static_cast<int64_t>(seq));
      QVERIFY(report.last_bad_seq >= static_cast<int64_t>(seq));
    }
  }

  void finds_swapped_records() {
    for (size_t seq = 0; seq + 1 < 12; ++seq) {
      LogBuilder log = small_log();
      auto& items = log.items();
      const std::vector<size_t> at = record_items(items);
      std::swap(items[at[seq]].payload, items[at[seq + 1]].payload);
      const VerifyReport report = verify_items(items, log.trust());
      QCOMPARE(report.verdict, Verdict::altered);
      QCOMPARE(report.first_bad_seq, static_cast<int64_t>(seq));
    }
  }

  void finds_a_repeated_record() {
    for (size_t seq = 0; seq < 12; ++seq) {
      LogBuilder log = small_log();
      auto& items = log.items();
      const auto place = items.begin() + static_cast<ptrdiff_t>(record_items(items)[seq]);
      items.insert(place + 1, *place);
      const VerifyReport report = verify_items(items, log.trust());
      QCOMPARE(report.verdict, Verdict::altered);
      // After the last record of a segment, what follows the segment's end is what's wrong.
      QCOMPARE(report.first_bad_seq, static_cast<int64_t>(seq) + 1);
    }
  }

  void finds_forged_records_even_with_the_chain_made_right() {
    for (size_t seq = 0; seq < 12; ++seq) {
      LogBuilder log = small_log();
      auto& items = log.items();
      Bytes& payload = items[record_items(items)[seq]].payload;
      Record record = decode_core(ByteView(payload).first(payload.size() - 32)).value();
      record.time_us += 1;
      payload = encode_core(record).value();
      payload.resize(payload.size() + 32);
      rechain(items);
      const VerifyReport report = verify_items(items, log.trust());
      QCOMPARE(report.verdict, Verdict::altered);
      QVERIFY(report.first_bad_seq <= static_cast<int64_t>(seq));
      QVERIFY(report.last_bad_seq >= static_cast<int64_t>(seq));
      QVERIFY(report.first_bad_seq >= (seq < 5 ? 0 : seq < 9 ? 5 : 9));
    }
  }

  void finds_an_inserted_record_with_all_numbers_made_right() {
    LogBuilder log = small_log();
    auto& items = log.items();
    std::vector<size_t> at = record_items(items);
    items.insert(items.begin() + static_cast<ptrdiff_t>(at[10]), items[at[10]]);
    at = record_items(items);
    for (size_t seq = 10; seq < at.size(); ++seq) {
      Bytes& payload = items[at[seq]].payload;
      Record record = decode_core(ByteView(payload).first(payload.size() - 32)).value();
      record.seq = seq;
      payload = encode_core(record).value();
      payload.resize(payload.size() + 32);
    }
    rechain(items);
    const VerifyReport report = verify_items(items, log.trust());
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 9);
    QCOMPARE(report.last_bad_seq, 12);
  }

  void finds_a_tail_cut_below_the_last_checkpoint() {
    LogBuilder log = small_log();
    auto& items = log.items();
    items.erase(items.end() - 2);  // record 11, keeping the checkpoint of 12
    const VerifyReport report = verify_items(items, log.trust());
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 11);
    QCOMPARE(report.last_bad_seq, 11);
  }

  void finds_a_log_smaller_than_the_trusted_checkpoint() {
    LogBuilder log = small_log();
    Trust trust = log.trust();
    trust.checkpoints = {log.head()};
    QCOMPARE(verify_bytes(log.file(), trust).verdict, Verdict::verified);
    auto& items = log.items();
    items.resize(items.size() - 4);  // the open segment and its checkpoint
    const VerifyReport report = verify_items(items, trust);
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 9);
    QCOMPARE(report.last_bad_seq, 11);
    QCOMPARE(verify_items(items, log.trust()).verdict, Verdict::verified);  // without it nothing shows
  }

  void finds_a_history_other_than_the_trusted_one() {
    LogBuilder log = small_log();
    LogBuilder other(7);
    other.tick_us = 2'000'000;
    other.open_segment();
    for (int i = 0; i < 11; ++i) other.add(LogBuilder::heartbeat());
    other.checkpoint();
    Trust trust = log.trust();
    trust.checkpoints = {log.head()};
    QCOMPARE(verify_bytes(other.file(), log.trust()).verdict, Verdict::verified);
    const VerifyReport report = verify_bytes(other.file(), trust);
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 0);
    QCOMPARE(report.last_bad_seq, 11);
  }

  void finds_a_log_rebuilt_with_another_key() {
    LogBuilder log = small_log();
    LogBuilder rebuilt = small_log(8);
    const VerifyReport report = verify_bytes(rebuilt.file(), log.trust());
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 0);
    QCOMPARE(verify_bytes(rebuilt.file(), std::nullopt).verdict, Verdict::consistent);
    QCOMPARE(exit_code_of(Verdict::consistent), 6);
  }

  void finds_a_changed_missing_or_repeated_header() {
    LogBuilder log = small_log();
    auto& items = log.items();
    const auto first = std::ranges::find(items, ItemKind::segment, &BuiltItem::kind);
    for (size_t bit = 0; bit < first->payload.size() * 8; bit += 5) {
      first->payload[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
      const VerifyReport report = verify_items(items, log.trust());
      QCOMPARE(report.verdict, Verdict::altered);
      QCOMPARE(report.first_bad_seq, 0);
      QCOMPARE(report.last_bad_seq, 4);
      first->payload[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    }
    std::vector<BuiltItem> twice = items;
    twice.insert(twice.begin() + (first - items.begin()), *first);
    QCOMPARE(verify_items(twice, log.trust()).verdict, Verdict::altered);
    items.erase(first);
    const VerifyReport report = verify_items(items, log.trust());
    QCOMPARE(report.verdict, Verdict::altered);
    QCOMPARE(report.first_bad_seq, 5);
  }

  void refuses_a_log_without_checkpoints() {
    LogBuilder log;
    log.open_segment();
    log.add(LogBuilder::heartbeat());
    QCOMPARE(verify_bytes(log.file(), log.trust()).verdict, Verdict::incomplete);
    QCOMPARE(exit_code_of(Verdict::incomplete), 5);
    LogBuilder empty;
    QCOMPARE(verify_bytes(empty.file(), empty.trust()).verdict, Verdict::incomplete);
  }

  void ignores_signatures_of_other_keys_beside_its_own() {
    LogBuilder log = small_log();
    Bytes& note = log.items().back().payload;
    const std::string line = "\xE2\x80\x94 witness.example " + to_base64(Bytes(68, 3)) + "\n";
    note.insert(note.end(), line.begin(), line.end());
    QCOMPARE(verify_bytes(log.file(), log.trust()).verdict, Verdict::verified);
  }

  void notices_clocks_that_go_back_and_gaps() {
    LogBuilder log;
    log.open_segment();
    log.add(LogBuilder::started(60));
    log.wall_us -= 10'000'000;
    log.add(LogBuilder::heartbeat());
    log.boot_us += 600'000'000;
    log.wall_us += 600'000'000;
    log.add(LogBuilder::heartbeat());
    RecordDraft stepped;
    stepped.event = AuditEvent::time_stepped;
    stepped.detail = {{DetailField::before_us, log.wall_us}, {DetailField::after_us, log.wall_us - 50'000'000}};
    log.wall_us -= 50'000'000;
    log.add(stepped);
    log.checkpoint();
    const VerifyReport report = verify_bytes(log.file(), log.trust());
    QCOMPARE(report.verdict, Verdict::verified);
    QCOMPARE(report.anomaly_count, 2U);
    QCOMPARE(report.anomalies[0].kind, std::string("clock-back"));
    QCOMPARE(report.anomalies[0].seq, 2);
    QCOMPARE(report.anomalies[1].kind, std::string("gap"));
    QCOMPARE(report.anomalies[1].seq, 3);
  }

  void notices_requests_that_were_counted_but_not_recorded() {
    LogBuilder log;
    log.open_segment();
    log.add(LogBuilder::received(1, 1));
    log.add(LogBuilder::received(3, 3));
    log.add(LogBuilder::released(1));
    log.checkpoint();
    const VerifyReport report = verify_bytes(log.file(), log.trust());
    QCOMPARE(report.verdict, Verdict::verified);
    QCOMPARE(report.anomaly_count, 1U);
    QCOMPARE(report.anomalies[0].kind, std::string("uncounted"));
    QCOMPARE(report.unfinished, 1U);
  }

  void verifies_across_omitted_records() {
    LogBuilder log = small_log();
    auto& items = log.items();
    // Leaves out records 1 to 4 of segment 0.
    TreeRange range(1);
    Digest chain_after{};
    const std::vector<size_t> at = record_items(items);
    for (size_t seq = 1; seq <= 4; ++seq) {
      const ByteView payload = items[at[seq]].payload;
      range.append(leaf_hash(payload.first(payload.size() - 32)));
      std::ranges::copy(payload.last(32), chain_after.begin());
    }
    const BuiltItem omitted{ItemKind::omitted, OmittedRange{range, chain_after}.encode()};
    items.erase(items.begin() + static_cast<ptrdiff_t>(at[1]), items.begin() + static_cast<ptrdiff_t>(at[4]) + 1);
    items.insert(items.begin() + static_cast<ptrdiff_t>(at[1]), omitted);
    const VerifyReport report = verify_items(items, log.trust(), 12);
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
    QCOMPARE(report.omitted_records, 4U);

    Trust trust = log.trust();
    trust.checkpoints = {{3, Digest{}}};
    QCOMPARE(verify_items(items, trust, 12).verdict, Verdict::incomplete);
    items[at[1]].payload.back() ^= 1;
    QCOMPARE(verify_items(items, log.trust(), 12).verdict, Verdict::altered);
  }

  void says_when_a_record_is_of_a_later_version() {
    LogBuilder log = small_log();
    auto& items = log.items();
    Bytes& payload = items[record_items(items)[10]].payload;
    payload[3] = 2;  // the value of key 1, after the map's two bytes and the key
    rechain(items);
    const VerifyReport report = verify_items(items, log.trust());
    QCOMPARE(report.verdict, Verdict::unsupported);
    QCOMPARE(exit_code_of(report.verdict), 1);
  }

  void refuses_drafts_that_break_their_event_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("field");
    QTest::newRow("outcome") << 0 << "outcome";
    QTest::newRow("missing detail") << 1 << "detail.number";
    QTest::newRow("foreign detail") << 2 << "detail.verb";
    QTest::newRow("wrong type") << 3 << "detail.number";
    QTest::newRow("free text") << 4 << "detail.endpoint";
    QTest::newRow("purpose") << 5 << "purpose";
    QTest::newRow("basis") << 6 << "basis";
    QTest::newRow("actor") << 7 << "actor";
    QTest::newRow("request") << 8 << "request_id";
    QTest::newRow("negative") << 9 << "detail.number";
    QTest::newRow("unsorted subjects") << 10 << "subjects";
    QTest::newRow("no code") << 11 << "detail.code";
  }
  void refuses_drafts_that_break_their_event() {
    QFETCH(int, which);
    QFETCH(QString, field);
    RecordDraft draft = LogBuilder::received(1);
    QVERIFY(check_draft(draft).has_value());
    switch (which) {
      case 0:
        draft.outcome = AuditOutcome::blocked;
        break;
      case 1:
        draft.detail.erase(DetailField::number);
        break;
      case 2:
        draft.detail[DetailField::verb] = std::string("set");
        break;
      case 3:
        draft.detail[DetailField::number] = std::string("1");
        break;
      case 4:
        draft.detail[DetailField::endpoint] = std::string("My name is Asha");
        break;
      case 5:
        draft.purpose = "Support";
        break;
      case 6:
        draft.basis = "because";
        break;
      case 7:
        draft.actor = Bytes(15);
        break;
      case 8:
        draft.request_id.clear();
        break;
      case 9:
        draft.detail[DetailField::number] = int64_t{-1};
        break;
      case 10:
        draft.subjects = {Id{1}, Id{0}};
        break;
      default:
        draft = LogBuilder::released(1);
        draft.outcome = AuditOutcome::refused;
    }
    const Status checked = check_draft(draft);
    QVERIFY(!checked.has_value());
    QVERIFY2(checked.error().message.starts_with(field.toStdString() + ":"), checked.error().message.c_str());
  }

  void refuses_decisions_that_are_not_the_form_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("which");
    QTest::newRow("no policy") << "object" << 0;
    QTest::newRow("an id for the policy") << "object" << 1;
    QTest::newRow("no request") << "request_id" << 2;
    QTest::newRow("none") << "detail.decisions" << 3;
    QTest::newRow("33") << "detail.decisions" << 4;
    QTest::newRow("a rule that is no token") << "detail.decisions" << 5;
    QTest::newRow("a label in capitals") << "detail.decisions" << 6;
    QTest::newRow("an action that is no token") << "detail.decisions" << 7;
    QTest::newRow("an end before its beginning") << "detail.decisions" << 8;
    QTest::newRow("a score above 1000") << "detail.decisions" << 9;
    QTest::newRow("a part above int64") << "detail.decisions" << 10;
    QTest::newRow("fewer than there are") << "detail.count" << 11;
    QTest::newRow("fewer than first and these") << "detail.count" << 12;
    QTest::newRow("another type") << "detail.decisions" << 13;
    QTest::newRow("no stage") << "detail.stage" << 14;
    QTest::newRow("an outcome of others") << "outcome" << 15;
  }
  void refuses_decisions_that_are_not_the_form() {
    QFETCH(QString, field);
    QFETCH(int, which);
    RecordDraft draft = decided();
    QVERIFY(check_draft(draft).has_value());
    RecordedDecisions decisions = std::get<RecordedDecisions>(draft.detail[DetailField::decisions]);
    switch (which) {
      case 0:
        draft.object.clear();
        break;
      case 1:
        draft.object.resize(16);
        break;
      case 2:
        draft.request_id.clear();
        break;
      case 3:
        decisions.clear();
        break;
      case 4:
        decisions.resize(33, decisions.front());
        draft.detail[DetailField::count] = int64_t{33};
        break;
      case 5:
        decisions[0].rule = "Asha's number";
        break;
      case 6:
        decisions[0].label = "AADHAAR";
        break;
      case 7:
        decisions[0].action = "";
        break;
      case 8:
        decisions[0].begin = decisions[0].end + 1;
        break;
      case 9:
        decisions[0].score_per_mille = 1001;
        break;
      case 10:
        decisions[0].part = UINT64_MAX;
        break;
      case 11:
        draft.detail[DetailField::count] = int64_t{0};
        break;
      case 12:
        draft.detail[DetailField::first] = int64_t{2};
        break;
      case 14:
        draft.detail.erase(DetailField::stage);
        break;
      case 15:
        draft.outcome = AuditOutcome::answered;
        break;
      default:
        break;
    }
    if (which == 13)
      draft.detail[DetailField::decisions] = std::string("none");
    else
      draft.detail[DetailField::decisions] = std::move(decisions);
    const Status checked = check_draft(draft);
    QVERIFY(!checked.has_value());
    QVERIFY2(checked.error().message.starts_with(field.toStdString() + ":"), checked.error().message.c_str());
  }

  void the_fullest_record_of_decisions_that_fits_comes_back() {
    Record record;
    static_cast<RecordDraft&>(record) = decided();
    RecordedDecisions decisions = std::get<RecordedDecisions>(record.detail[DetailField::decisions]);
    decisions.resize(max_recorded_decisions, decisions.front());
    record.detail[DetailField::count] = int64_t{1} << 40;
    record.detail[DetailField::decisions] = decisions;
    const Result<Bytes> core = encode_core(record);
    QVERIFY(core.has_value());
    QVERIFY(decode_core(*core).value() == record);
    decisions[0].rule = decisions[0].label = decisions[0].action = std::string(max_token_bytes, 'r');
    decisions.assign(max_recorded_decisions, decisions[0]);
    record.detail[DetailField::decisions] = decisions;
    QVERIFY2(!encode_core(record).has_value(), "longer than a core may be");
  }

  void refuses_encodings_that_are_not_the_one() {
    const Bytes core = [] {
      LogBuilder log;
      log.open_segment();
      const Bytes payload = log.items().back().payload;
      return Bytes(payload.begin(), payload.end() - 32);
    }();
    QVERIFY(decode_core(core).has_value());
    Bytes longer_head = core;  // 1 as 0x18 0x01
    longer_head[3] = 0x18;
    longer_head.insert(longer_head.begin() + 4, 0x01);
    Bytes trailing = core;
    trailing.push_back(0);
    Bytes swapped = core;
    std::swap(swapped[2], swapped[4]);
    Bytes floating = core;
    floating[3] = 0xF9;
    for (const Bytes& bad : {longer_head, trailing, swapped, floating, Bytes{}, Bytes(5000, 0xB8)}) {
      const auto decoded = decode_core(bad);
      QVERIFY(!decoded.has_value());
      QCOMPARE(decoded.error().code, ErrorCode::malformed);
    }
  }

  void reads_trust_files_strictly() {
    const std::string key = small_log().key().text();
    const std::string head = "tijori-audit-trust v1\n";
    QVERIFY(Trust::parse(head + "# taken down on paper\nkey " + key + "  # ours\n\nmac-start none\n").has_value());
    for (const std::string& bad :
         {std::string(), std::string("key ") + key + "\n", head, head + "key nonsense\n", head + "kee " + key + "\n",
          head + "key " + key + "\ncheckpoint 01 " + to_base64(Bytes(32)) + "\n",
          head + "key " + key + "\ncheckpoint 1 " + to_base64(Bytes(31)) + "\n",
          head + "key " + key + "\nmac-start 00\n"}) {
      QVERIFY2(!Trust::parse(bad).has_value(), bad.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(VerifierTest)
#include "verifier_test.moc"
