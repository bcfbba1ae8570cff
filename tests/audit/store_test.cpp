// The log in files: what it writes verifies, what is done to its files is found, what fails is refused.
#include <QTemporaryDir>
#include <QtTest>
#include <future>
#include <thread>

#include <sqlite3.h>
#include <sys/stat.h>

#include "audit/proof/verifier.h"
#include "audit/store/group_commit.h"
#include "audit/store/log_reader.h"
#include "audit/store/log_writer.h"
#include "tests/audit/log_builder.h"
#include "tests/audit/memory_folder.h"

using namespace tijori;

namespace {

class HandClock : public Clock {
 public:
  int64_t wall_us() const override { return wall; }
  int64_t boot_us() const override { return boot; }
  void pass_s(int64_t seconds) {
    wall += seconds * 1'000'000;
    boot += seconds * 1'000'000;
  }
  std::atomic<int64_t> wall = LogBuilder::start_us;
  std::atomic<int64_t> boot = 1'000'000;
};

constexpr uint64_t gib = uint64_t{1} << 30;
const LogReader::Progress no_progress = [](uint64_t, uint64_t) { return Status(); };

AppendBatch one(RecordDraft draft) {
  return {{std::move(draft)}, {}};
}

RecordDraft numbered(AuditEvent event, int number) {
  RecordDraft draft =
      event == AuditEvent::inference_received ? LogBuilder::received(0, number) : LogBuilder::released(0);
  for (size_t i = 0; i < 4; ++i) draft.request_id[i] = static_cast<uint8_t>(number >> (8 * i));
  return draft;
}

// What is wrong with any of the receipts, or nothing.
std::string trouble(const std::vector<Receipts>& receipts) {
  for (const Receipts& receipt : receipts) {
    if (!receipt) return receipt.error().message;
  }
  return {};
}

}  // namespace

class StoreTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  HandClock clock_;
  DiskSpace space_{100 * gib, 50 * gib};

  AuditDirectory directory() const { return {folder_->filePath("audit").toStdString()}; }
  AuditOptions options() {
    AuditOptions options;
    options.directory = directory();
    options.clock = &clock_;
    options.ballast_bytes = 4096;
    options.purposes = {"support"};
    options.space = [this] { return Result<DiskSpace>(space_); };
    return options;
  }
  std::unique_ptr<LogWriter> open() {
    auto log = LogWriter::open(options());
    if (!log) qFatal("%s", log.error().message.c_str());
    return std::move(*log);
  }
  Bytes exported(uint64_t size, uint64_t first = 0, uint64_t last = INT64_MAX) {
    auto reader = LogReader::open(directory(), [size] { return size; });
    if (!reader) qFatal("%s", reader.error().message.c_str());
    Bytes file;
    ExportWriter writer([&](ByteView bytes) -> Status {
      append(file, bytes);
      return {};
    });
    const Status done = reader->export_log(writer, first, last, clock_.wall, no_progress);
    if (!done) qFatal("%s", done.error().message.c_str());
    return file;
  }
  VerifyReport verified(const LogStatus& status) {
    auto reader = LogReader::open(directory(), [&] { return status.records; });
    if (!reader) qFatal("%s", reader.error().message.c_str());
    const auto report = reader->verify(Trust{{status.key}, {}}, clock_.wall, no_progress);
    if (!report) qFatal("%s", report.error().message.c_str());
    return *report;
  }
  // Runs SQL on a file of the log, as somebody with the right to write it could.
  void tamper(const std::filesystem::path& path, const char* sql) {
    ::chmod(path.c_str(), 0600);
    sqlite3* database = nullptr;
    QCOMPARE(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    char* message = nullptr;
    const int result = sqlite3_exec(database, sql, nullptr, nullptr, &message);
    QVERIFY2(result == SQLITE_OK, message);
    sqlite3_close(database);
  }

 private slots:
  void init() {
    // Commits only gather where a commit takes time.
    const bool on_disk = std::string_view(QTest::currentTestFunction()).starts_with("appends_of_many");
    folder_ = on_disk ? std::make_unique<QTemporaryDir>() : std::make_unique<QTemporaryDir>(memory_folder());
    clock_.wall = LogBuilder::start_us;
    clock_.boot = 1'000'000;
    space_ = {100 * gib, 50 * gib};
  }

  void a_new_log_is_signed_from_its_first_records() {
    const auto log = open();
    const LogStatus status = log->status();
    QCOMPARE(status.state, LogState::normal);
    QCOMPARE(status.records, 2U);
    QCOMPARE(status.last_checkpoint_size, 2U);
    const VerifyReport report = verify_bytes(exported(status.records), Trust{{status.key}, {}});
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
    struct stat info{};
    QCOMPARE(::stat(directory().signing_key().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    QCOMPARE(::stat(directory().segment(0).c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    QCOMPARE(::stat(directory().root.c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0700U);
  }

  void receipts_name_what_is_stored() {
    const auto log = open();
    std::vector<Receipts> receipts = log->append({{{numbered(AuditEvent::inference_received, 1)}, {"asha@example"}}});
    QCOMPARE(trouble(receipts), std::string());
    const AppendReceipt receipt = receipts[0]->at(0);
    auto reader = LogReader::open(directory(), [&] { return log->status().records; });
    QVERIFY(reader.has_value());
    const auto read = reader->show(receipt.seq);
    QVERIFY(read.has_value());
    QCOMPARE(read->leaf, receipt.leaf);
    QCOMPARE(read->record.subjects.size(), 1U);
    QVERIFY(!reader->show(99).has_value());
  }

  // Over sealed segments and the open one.
  void any_two_sizes_are_compared_as_the_tree_has_them() {
    AuditOptions small = options();
    small.segment_limit_bytes = 40'000;
    auto log = std::move(*LogWriter::open(small));
    for (int i = 0; i < 150; ++i) {
      QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, i))})), std::string());
      log->tick();
      clock_.wall += 1'000'000;
      clock_.boot += 1'000'000;
    }
    const LogStatus status = log->status();
    QVERIFY(status.segment > 1);
    auto reader = LogReader::open(directory(), [&] { return status.records; });
    QVERIFY(reader.has_value());
    std::vector<Digest> roots{TreeRange().root()};
    TreeRange tree;
    for (uint64_t seq = 0; seq < status.records; ++seq) {
      tree.append(reader->show(seq)->leaf);
      roots.push_back(tree.root());
    }
    for (uint64_t size = 1; size <= status.records; size += 13) {
      for (uint64_t old_size = 1; old_size <= size; old_size += 7) {
        const auto heads = reader->compare(old_size, size);
        QVERIFY2(heads.has_value(), heads ? "" : heads.error().message.c_str());
        QCOMPARE(heads->old_root, roots[old_size]);
        QCOMPARE(heads->root, roots[size]);
        QVERIFY(verify_consistency(old_size, heads->old_root, size, heads->root, heads->path));
      }
    }
    QCOMPARE(reader->compare(1, 0)->size, status.last_checkpoint_size);
    QCOMPARE(reader->compare(1, 0)->note, status.last_checkpoint);

    RecordFilter filter;
    filter.event = AuditEvent::inference_received;
    filter.since_us = LogBuilder::start_us;
    const auto counts = reader->count(filter, 60'000'000, no_progress);
    QVERIFY(counts.has_value());
    QCOMPARE(counts->records, status.records);
    QCOMPARE(counts->matching, 150U);
    uint64_t sum = 0;
    for (const TimeBucket& bucket : counts->buckets) {
      QCOMPARE((bucket.start_us - LogBuilder::start_us) % 60'000'000, 0);
      sum += bucket.records;
    }
    QCOMPARE(sum, 150U);
    QCOMPARE(counts->buckets.size(), 3U);
    QCOMPARE(counts->buckets[1].records, 60U);
    filter.until_us = LogBuilder::start_us + 9'000'000;
    QCOMPARE(reader->count(filter, 0, no_progress)->matching, 10U);
  }

  void no_reference_or_unregistered_purpose_reaches_the_files() {
    const auto log = open();
    RecordDraft draft = numbered(AuditEvent::inference_received, 1);
    draft.purpose = "secret-purpose";
    RecordDraft registered = numbered(AuditEvent::inference_received, 2);
    registered.purpose = "support";
    QCOMPARE(trouble(log->append({{{draft, registered}, {"unmistakable-person", ""}}})), std::string());
    auto reader = LogReader::open(directory(), [&] { return log->status().records; });
    QCOMPARE(reader->show(2)->record.purpose, std::string("unregistered"));
    QCOMPARE(reader->show(3)->record.purpose, std::string("support"));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory().root)) {
      if (!entry.is_regular_file()) continue;
      QFile file(QString::fromStdString(entry.path().string()));
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray bytes = file.readAll();
      QVERIFY2(!bytes.contains("unmistakable-person") && !bytes.contains("secret-purpose"), entry.path().c_str());
    }
  }

  void one_bad_draft_fails_its_request_alone() {
    const auto log = open();
    RecordDraft bad = numbered(AuditEvent::inference_received, 1);
    bad.detail.clear();
    RecordDraft own;
    own.event = AuditEvent::log_stopped;
    RecordDraft decided = numbered(AuditEvent::guardrail_decided, 2);
    decided.event = AuditEvent::guardrail_decided;
    decided.outcome = AuditOutcome::ok;
    decided.object = Bytes(digest_bytes, 7);
    decided.detail = {{DetailField::stage, std::string("output_stream")},
                      {DetailField::action, std::string("mask")},
                      {DetailField::count, int64_t{1}},
                      {DetailField::decisions, RecordedDecisions{{"pan", "pan", "mask", 0, 0, 10, 1000}}}};
    const std::vector<Receipts> receipts = log->append({
        one(bad),
        one(own),
        one(numbered(AuditEvent::inference_received, 2)),
        one(numbered(AuditEvent::inference_received, 2)),
        one(numbered(AuditEvent::inference_released, 3)),
        one(numbered(AuditEvent::inference_released, 2)),
        one(numbered(AuditEvent::inference_released, 2)),
        one(decided),
    });
    QCOMPARE(receipts[0].error().code, ErrorCode::invalid_argument);
    QCOMPARE(receipts[1].error().code, ErrorCode::invalid_argument);
    QCOMPARE(receipts[2]->at(0).seq, 2U);
    QCOMPARE(receipts[3].error().code, ErrorCode::already_exists);
    QCOMPARE(receipts[4].error().code, ErrorCode::not_found);
    QCOMPARE(receipts[5]->at(0).seq, 3U);
    QCOMPARE(receipts[6].error().code, ErrorCode::not_found);
    QCOMPARE(receipts[7].error().code, ErrorCode::not_found);
    QCOMPARE(log->status().records, 4U);
    QCOMPARE(log->status().state, LogState::normal);
  }

  void a_clean_stop_seals_and_the_next_start_goes_on() {
    uint64_t before = 0;
    for (int run = 0; run < 3; ++run) {
      const auto log = open();
      QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, run))})), std::string());
      QVERIFY(log->stop("signal").has_value());
      QVERIFY(!log->append({one(LogBuilder::heartbeat())})[0].has_value());
      const LogStatus status = log->status();
      QCOMPARE(status.segment, static_cast<uint64_t>(run + 1));
      QCOMPARE(status.last_checkpoint_size, status.records);
      QVERIFY(status.records > before);
      before = status.records;
      const VerifyReport report = verified(status);
      QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
      QCOMPARE(report.unfinished, 0U);
      QCOMPARE(report.anomaly_count, 0U);
    }
  }

  void a_crash_is_recorded_and_its_requests_are_aborted() {
    {
      const auto log = open();
      QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 1)),
                                    one(numbered(AuditEvent::inference_received, 2)),
                                    one(numbered(AuditEvent::inference_released, 1))})),
               std::string());
    }
    const auto log = open();
    const LogStatus status = log->status();
    QCOMPARE(status.unfinished, 0U);
    auto reader = LogReader::open(directory(), [&] { return status.records; });
    RecordFilter recovered;
    recovered.event = AuditEvent::log_recovered;
    QCOMPARE(reader->list(recovered, 10)->size(), 1U);
    RecordFilter aborted;
    aborted.outcome = AuditOutcome::aborted;
    const auto found = reader->list(aborted, 10);
    QCOMPARE(found->size(), 1U);
    QCOMPARE(found->at(0).record.request_id, numbered(AuditEvent::inference_received, 2).request_id);
    QCOMPARE(verified(status).verdict, Verdict::verified);
  }

  void a_new_daemon_aborts_what_the_old_one_left() {
    const auto log = open();
    QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 1))})), std::string());
    RecordDraft started;
    started.event = AuditEvent::daemon_started;
    started.detail = {{DetailField::version, std::string("0.1.0")}};
    QCOMPARE(log->append({one(started)})[0]->at(0).seq, 4U);
    QCOMPARE(log->status().unfinished, 0U);
    QCOMPARE(log->append({one(numbered(AuditEvent::inference_released, 1))})[0].error().code, ErrorCode::not_found);
  }

  void segments_roll_by_day_and_by_size_and_carry_open_requests() {
    AuditOptions small = options();
    small.segment_limit_bytes = 64 << 10;
    auto log = std::move(*LogWriter::open(small));
    QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 100000))})), std::string());
    for (int i = 0; i < 150; ++i) {
      QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, i)),
                                    one(numbered(AuditEvent::inference_released, i))})),
               std::string());
    }
    const uint64_t by_size = log->status().segment;
    QVERIFY(by_size >= 2);
    clock_.pass_s(int64_t{24} * 3600);
    log->tick();
    QCOMPARE(log->status().segment, by_size + 1);
    QCOMPARE(log->status().unfinished, 1U);
    QVERIFY2(verified(log->status()).verdict == Verdict::verified, verified(log->status()).message.c_str());
    log.reset();
    log = std::move(*LogWriter::open(small));
    QCOMPARE(log->status().state, LogState::normal);
    QCOMPARE(log->status().unfinished, 0U);
    const VerifyReport report = verified(log->status());
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
    QCOMPARE(report.unfinished, 0U);

    // Every partial export of it verifies, and every record can be proven.
    const uint64_t records = log->status().records;
    const Trust trust{{log->status().key}, {}};
    for (const auto& [first, last] : {std::pair<uint64_t, uint64_t>{0, 0}, {5, 200}, {records - 1, records - 1}}) {
      const VerifyReport part = verify_bytes(exported(records, first, last), trust);
      QVERIFY2(part.verdict == Verdict::verified, part.message.c_str());
      QCOMPARE(part.records - part.omitted_records, last - first + 1);
    }
    auto reader = LogReader::open(directory(), [&] { return records; });
    for (uint64_t seq = 0; seq < records; seq += 97) {
      const auto proof = reader->prove(seq);
      QVERIFY2(proof.has_value(), proof ? "" : proof.error().message.c_str());
      QVERIFY(verify_inclusion(proof->leaf, seq, proof->size, proof->path, proof->root));
      const SignedNote note = SignedNote::parse(proof->note).value();
      QCOMPARE(check_note(note, log->status().key), NoteCheck::good);
      QCOMPARE(Checkpoint::parse(note.text)->root, proof->root);
    }
  }

  void an_idle_log_beats_and_is_signed_hourly() {
    const auto log = open();
    for (int i = 0; i < 3; ++i) {
      clock_.pass_s(3600);
      log->tick();
      QCOMPARE(log->status().last_checkpoint_size, log->status().records);
    }
    QCOMPARE(log->status().records, 5U);
    const VerifyReport report = verified(log->status());
    QCOMPARE(report.verdict, Verdict::verified);
    QCOMPARE(report.anomaly_count, 0U);
  }

  void steps_of_the_clock_are_recorded() {
    const auto log = open();
    clock_.wall -= 3600LL * 1'000'000;
    QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 1))})), std::string());
    clock_.wall += 60LL * 1'000'000;
    QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_released, 1))})), std::string());
    auto reader = LogReader::open(directory(), [&] { return log->status().records; });
    RecordFilter stepped;
    stepped.event = AuditEvent::time_stepped;
    const auto found = reader->list(stepped, 10);
    QCOMPARE(found->size(), 2U);
    QCOMPARE(std::get<int64_t>(found->at(1).record.detail.at(DetailField::before_us)), LogBuilder::start_us);
    const VerifyReport report = verified(log->status());
    QCOMPARE(report.verdict, Verdict::verified);
    QCOMPARE(report.anomaly_count, 0U);
    QVERIFY(log->stop("signal").has_value());
    clock_.wall -= 7200LL * 1'000'000;
    const_cast<std::unique_ptr<LogWriter>&>(log).reset();
    const auto next = open();
    QCOMPARE(verified(next->status()).anomaly_count, 0U);
  }

  void lists_by_every_filter_newest_first() {
    const auto log = open();
    for (int i = 0; i < 5; ++i) {
      clock_.pass_s(10);
      RecordDraft draft = numbered(AuditEvent::inference_received, i);
      draft.actor = Bytes(16, static_cast<uint8_t>(i % 2));
      QCOMPARE(trouble(log->append({one(draft)})), std::string());
    }
    auto reader = LogReader::open(directory(), [&] { return log->status().records; });
    const auto seqs = [&](const RecordFilter& filter, uint64_t limit = 100) {
      std::vector<uint64_t> out;
      const auto found = reader->list(filter, limit);
      if (!found) qFatal("%s", found.error().message.c_str());
      for (const ReadRecord& read : *found) out.push_back(read.record.seq);
      return out;
    };
    using Seqs = std::vector<uint64_t>;
    QCOMPARE(seqs({}), (Seqs{6, 5, 4, 3, 2, 1, 0}));
    QCOMPARE(seqs({}, 2), (Seqs{6, 5}));
    QCOMPARE(seqs({.before_seq = 5}, 2), (Seqs{4, 3}));
    QCOMPARE(seqs({.since_us = LogBuilder::start_us + 20'000'000, .until_us = LogBuilder::start_us + 30'000'000}),
             (Seqs{4, 3}));
    QCOMPARE(seqs({.event = AuditEvent::log_started}), (Seqs{1}));
    QCOMPARE(seqs({.actor = Bytes(16, 1)}), (Seqs{5, 3}));
    QCOMPARE(seqs({.request_id = numbered(AuditEvent::inference_received, 4).request_id}), (Seqs{6}));
    QCOMPARE(seqs({.outcome = AuditOutcome::blocked}), Seqs{});
  }

  void a_second_writer_is_refused() {
    const auto log = open();
    const auto second = LogWriter::open(options());
    QVERIFY(!second.has_value());
    QCOMPARE(second.error().code, ErrorCode::unavailable);
  }

  void a_missing_or_foreign_key_is_refused() {
    QVERIFY(open()->stop("signal").has_value());
    const std::filesystem::path key = directory().signing_key();
    std::filesystem::rename(key, key.string() + ".away");
    QCOMPARE(LogWriter::open(options()).error().code, ErrorCode::not_found);
    QVERIFY(write_file_atomic(key, Bytes(32, 9), 0600).has_value());
    const auto foreign = LogWriter::open(options());
    QCOMPARE((*foreign)->status().state, LogState::blocked);
    QVERIFY((*foreign)->status().reason.find("signing key") != std::string::npos);
  }

  void rows_can_not_be_changed_by_mistake() {
    QVERIFY(open()->stop("signal").has_value());
    ::chmod(directory().segment(0).c_str(), 0600);
    sqlite3* database = nullptr;
    QCOMPARE(sqlite3_open(directory().segment(0).c_str(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "UPDATE record SET event='x' WHERE seq=1", nullptr, nullptr, nullptr),
             SQLITE_CONSTRAINT);
    QCOMPARE(sqlite3_exec(database, "DELETE FROM record", nullptr, nullptr, nullptr), SQLITE_CONSTRAINT);
    sqlite3_close(database);
  }

  void tampered_files_are_found_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<qlonglong>("first");
    const QString open = "DROP TRIGGER record_no_update; DROP TRIGGER record_no_delete;";
    const QString ledger =
        "DROP TRIGGER segment_no_update; DROP TRIGGER segment_no_delete;"
        "DROP TRIGGER checkpoint_no_update; DROP TRIGGER checkpoint_no_delete;";
    QTest::newRow("column event") << "0" << open + "UPDATE record SET event='log.read' WHERE seq=2" << 2LL;
    QTest::newRow("column time") << "0" << open + "UPDATE record SET time_us=time_us+1 WHERE seq=1" << 1LL;
    QTest::newRow("column actor") << "0" << open + "UPDATE record SET actor=x'00' WHERE seq=1" << 1LL;
    QTest::newRow("column request") << "1" << open + "UPDATE record SET request_id=x'' WHERE seq=7" << 7LL;
    QTest::newRow("column type") << "0" << open + "UPDATE record SET outcome='' WHERE seq=1" << 1LL;
    QTest::newRow("core") << "0" << open + "UPDATE record SET core=x'a0' WHERE seq=2" << 2LL;
    QTest::newRow("chain") << "0" << open + "UPDATE record SET chain=zeroblob(32) WHERE seq=3" << 3LL;
    QTest::newRow("row gone") << "0" << open + "DELETE FROM record WHERE seq=2" << 2LL;
    QTest::newRow("tail of a sealed segment") << "0" << open + "DELETE FROM record WHERE seq=4" << 0LL;
    QTest::newRow("tail of the open segment") << "1" << open + "DELETE FROM record WHERE seq=8" << 8LL;
    QTest::newRow("row added") << "0" << "INSERT INTO record SELECT 99,core,chain,1,'','',x'',x'' FROM record LIMIT 1"
                               << 0LL;
    QTest::newRow("table added") << "0" << "CREATE TABLE more(x)" << 0LL;
    QTest::newRow("header") << "ledger" << ledger + "UPDATE segment SET header=x'a0'" << -1LL;
    QTest::newRow("header signature") << "ledger" << ledger + "UPDATE segment SET signature=zeroblob(64)" << 0LL;
    QTest::newRow("header gone") << "ledger" << ledger + "DELETE FROM segment" << 5LL;
    QTest::newRow("checkpoint") << "ledger" << ledger + "UPDATE checkpoint SET note=replace(note,'9','8') WHERE size=9"
                                << 7LL;
    QTest::newRow("identity") << "ledger" << "UPDATE identity SET value=replace(value,'a','b')" << -2LL;
  }
  void tampered_files_are_found() {
    QFETCH(QString, file);
    QFETCH(QString, sql);
    QFETCH(qlonglong, first);
    LogStatus status;
    {
      const auto before = open();
      QCOMPARE(trouble(before->append({one(numbered(AuditEvent::inference_received, 1))})), std::string());
      QVERIFY(before->stop("signal").has_value());  // records 0 to 4 sealed
      const auto log = [&] {
        const_cast<std::unique_ptr<LogWriter>&>(before).reset();
        return open();
      }();
      QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 2)),
                                    one(numbered(AuditEvent::inference_released, 2))})),
               std::string());
      QVERIFY(log->checkpoint().has_value());
      status = log->status();
      QCOMPARE(status.records, 9U);
    }
    QCOMPARE(verified(status).verdict, Verdict::verified);
    tamper(file == "ledger" ? directory().ledger() : directory().segment(file.toULongLong()), qPrintable(sql));

    auto reader = LogReader::open(directory(), [&] { return status.records; });
    if (first < 0) {  // so broken that it can't even be read
      QVERIFY(!reader.has_value());
    } else {
      const auto report = reader->verify(Trust{{status.key}, {}}, 0, no_progress);
      QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
      QVERIFY2(report->verdict == Verdict::altered, report->message.c_str());
      QVERIFY2(report->first_bad_seq == first, report->message.c_str());
    }
    // The writer does not go on over what touches its tail.
    if (file == "1" || first < 0 || sql.contains("segment SET") || sql.contains("checkpoint SET")) {
      const auto log = LogWriter::open(options());
      QVERIFY(log.has_value());
      QCOMPARE((*log)->status().state, LogState::blocked);
      QVERIFY(!(*log)->append({one(numbered(AuditEvent::inference_received, 9))})[0].has_value());
    }
  }

  void little_space_refuses_inference_but_not_the_rest() {
    const auto log = open();
    QVERIFY(std::filesystem::exists(directory().ballast()));
    space_.free_bytes = 3 * gib;
    log->tick();
    QCOMPARE(log->status().state, LogState::tight);
    QCOMPARE(trouble(log->append({one(numbered(AuditEvent::inference_received, 1))})), std::string());
    space_.free_bytes = gib / 2;
    log->tick();
    QCOMPARE(log->status().state, LogState::reserve);
    const auto receipts = log->append(
        {one(numbered(AuditEvent::inference_received, 2)), one(numbered(AuditEvent::inference_released, 1))});
    QCOMPARE(receipts[0].error().code, ErrorCode::resource_exhausted);
    QVERIFY(receipts[1].has_value());
    space_.free_bytes = 50 * gib;
    log->tick();
    QCOMPARE(log->status().state, LogState::normal);
  }

  void appends_of_many_threads_are_committed_together() {
    GroupCommit group(open());
    constexpr int threads = 16;
    constexpr int rounds = 20;
    std::atomic<int> failed = 0;
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        for (int i = 0; i < rounds; ++i) {
          if (!group.append(one(numbered(AuditEvent::inference_received, t * rounds + i)))) ++failed;
        }
      });
    }
    for (std::thread& worker : workers) worker.join();
    QCOMPARE(failed, 0);
    QCOMPARE(group.status().records, 2U + threads * rounds);
    QVERIFY2(group.commits() < threads * rounds / 2, qPrintable(QString::number(group.commits())));
    QVERIFY(group.stop("signal").has_value());
    QVERIFY(!group.append(one(LogBuilder::heartbeat())).has_value());
    const VerifyReport report = verified(group.status());
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
  }

  void the_thread_that_commits_tells_the_watchdog_and_only_while_it_turns() {
    std::atomic<int> said = 0;
    GroupCommit group(open(), Watchdog(std::chrono::milliseconds(200), [&] { ++said; }));
    const int idle = said;
    QTRY_VERIFY(said >= idle + 3);  // also when nothing is appended
    std::promise<void> release;
    std::promise<void> reached;
    std::thread worker([&] {
      group.with_log([&](LogWriter&) {
        reached.set_value();
        release.get_future().wait();
      });
    });
    reached.get_future().wait();
    const int stuck = said;
    QTest::qSleep(500);
    QCOMPARE(said, stuck);
    release.set_value();
    worker.join();
    QTRY_VERIFY(said >= stuck + 2);
    QVERIFY(group.stop("signal").has_value());
  }

  void readers_see_a_whole_log_while_it_grows_and_rolls() {
    AuditOptions small = options();
    small.segment_limit_bytes = 64 << 10;
    GroupCommit group(std::move(*LogWriter::open(small)));
    std::atomic<bool> done = false;
    std::thread writer([&] {
      for (int i = 0; i < 300; ++i) {
        if (!group.append(one(numbered(AuditEvent::inference_received, i)))) break;
      }
      done = true;
    });
    int readings = 0;
    while (!done || readings == 0) {
      auto reader = LogReader::open(directory(), [&] { return group.status().records; });
      QVERIFY2(reader.has_value(), reader ? "" : reader.error().message.c_str());
      const auto report = reader->verify(Trust{{group.status().key}, {}}, 0, no_progress);
      QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
      QVERIFY2(report->verdict == Verdict::verified, report->message.c_str());
      ++readings;
    }
    writer.join();
    // Each segment after the first starts with a record of its own.
    QCOMPARE(group.status().records, 302 + group.status().segment);
  }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
