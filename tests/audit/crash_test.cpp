// What was acknowledged survives: kill -9 at random moments, a full disk, a disk that reports errors.
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <map>
#include <random>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/proof/verifier.h"
#include "audit/store/group_commit.h"
#include "audit/store/log_reader.h"
#include "audit/store/log_writer.h"
#include "tests/audit/failing_vfs.h"
#include "tests/audit/log_builder.h"
#include "tests/audit/memory_folder.h"

using namespace tijori;

namespace {

using Acknowledged = std::map<uint64_t, Digest>;
const LogReader::Progress no_progress = [](uint64_t, uint64_t) { return Status(); };

AppendBatch request(uint64_t number, AuditEvent event) {
  RecordDraft draft = event == AuditEvent::inference_received ? LogBuilder::received(0, static_cast<int64_t>(number))
                                                              : LogBuilder::released(0);
  std::memcpy(draft.request_id.data(), &number, sizeof number);
  return {{std::move(draft)}, {}};
}

AuditOptions small_options(const std::filesystem::path& folder) {
  AuditOptions options;
  options.directory = {folder};
  options.segment_limit_bytes = 64 << 10;
  options.ballast_bytes = 0;
  options.reopen_after_s = 0;
  return options;
}

// The records of the log, and its verdict.
std::map<uint64_t, Digest> read_all(const AuditDirectory& directory, const LogStatus& status, std::string& trouble) {
  std::map<uint64_t, Digest> found;
  auto reader = LogReader::open(directory, [&] { return status.records; });
  if (!reader) {
    trouble = reader.error().message;
    return found;
  }
  const auto records = reader->list({}, UINT32_MAX);
  if (!records) {
    trouble = records.error().message;
    return found;
  }
  for (const ReadRecord& read : *records) found[read.record.seq] = read.leaf;
  const auto report = reader->verify(Trust{{status.key}, {}}, 0, no_progress);
  if (!report) {
    trouble = report.error().message;
  } else if (report->verdict != Verdict::verified) {
    trouble = report->message;
  } else if (report->unfinished != status.unfinished) {
    trouble = "requests without an end";
  }
  return found;
}

std::string missing(const Acknowledged& acknowledged, const std::map<uint64_t, Digest>& found) {
  for (const auto& [seq, leaf] : acknowledged) {
    const auto at = found.find(seq);
    if (at == found.end()) return "record " + std::to_string(seq) + " is gone";
    if (at->second != leaf) return "record " + std::to_string(seq) + " is another";
  }
  return {};
}

struct Acknowledgement {
  uint64_t seq;
  Digest leaf;
};

// Appends until it is killed; writes what was acknowledged to the pipe.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, uint64_t first_number, int pipe_end) {
  auto log = LogWriter::open(small_options(folder));
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().message.c_str());
    ::_exit(3);
  }
  std::mt19937_64 random(first_number);
  for (uint64_t number = first_number;;) {
    std::vector<AppendBatch> batch;
    for (uint64_t i = random() % 6 + 1; i > 0; --i) {
      batch.push_back(request(number, AuditEvent::inference_received));
      if (random() % 4 != 0) batch.push_back(request(number, AuditEvent::inference_released));
      ++number;
    }
    for (const Receipts& receipts : (*log)->append(std::move(batch))) {
      if (!receipts) ::_exit(4);
      const Acknowledgement one{receipts->at(0).seq, receipts->at(0).leaf};
      if (::write(pipe_end, &one, sizeof one) != sizeof one) ::_exit(5);
    }
    if (random() % 8 == 0) static_cast<void>((*log)->checkpoint());
    ::usleep(1000);  // the pace of a disk; the log is read after every round
  }
}

}  // namespace

class CrashTest : public QObject {
  Q_OBJECT

 private slots:
  void init() { failing_disk().arm(DiskFault::none, 0); }

  void every_acknowledged_record_survives_kill_9() {
    const int rounds = qEnvironmentVariableIntValue("TIJORI_FULL") != 0 ? 200 : 40;
    QTemporaryDir folder(memory_folder());
    const AuditDirectory directory{folder.filePath("audit").toStdString()};
    Acknowledged acknowledged;
    std::mt19937_64 random(20261124);
    for (int round = 0; round < rounds; ++round) {
      int ends[2];
      QCOMPARE(::pipe(ends), 0);
      const pid_t child = ::fork();
      QVERIFY(child >= 0);
      if (child == 0) {
        ::close(ends[0]);
        write_until_killed(directory.root, static_cast<uint64_t>(round) << 32, ends[1]);
      }
      ::close(ends[1]);
      // Some die while they start, most while they write.
      ::usleep(static_cast<useconds_t>(random() % 80'000));
      ::kill(child, SIGKILL);
      Acknowledgement one;
      while (::read(ends[0], &one, sizeof one) == sizeof one) acknowledged[one.seq] = one.leaf;
      ::close(ends[0]);
      int status = 0;
      ::waitpid(child, &status, 0);
      QVERIFY2(WIFSIGNALED(status), qPrintable(QString::number(status)));

      const auto log = LogWriter::open(small_options(directory.root));
      QVERIFY2(log.has_value(), log ? "" : log.error().message.c_str());
      const LogStatus now = (*log)->status();
      QVERIFY2(now.state != LogState::blocked, now.reason.c_str());
      QCOMPARE(now.unfinished, 0U);
      std::string trouble;
      const auto found = read_all(directory, now, trouble);
      QCOMPARE(trouble, std::string());
      QCOMPARE(found.size(), now.records);
      QCOMPARE(missing(acknowledged, found), std::string());
      if (round % 5 == 0) QVERIFY((*log)->stop("signal").has_value());
    }
    QVERIFY2(acknowledged.size() > static_cast<size_t>(rounds), qPrintable(QString::number(acknowledged.size())));
  }

  void a_failing_disk_loses_nothing_acknowledged_data() {
    QTest::addColumn<int>("fault");
    QTest::newRow("full") << static_cast<int>(DiskFault::full);
    QTest::newRow("sync") << static_cast<int>(DiskFault::sync);
  }
  void a_failing_disk_loses_nothing_acknowledged() {
    QFETCH(int, fault);
    install_failing_disk();
    QTemporaryDir folder(memory_folder());
    const AuditDirectory directory{folder.filePath("audit").toStdString()};
    auto log = LogWriter::open(small_options(directory.root));
    QVERIFY2(log.has_value(), log ? "" : log.error().message.c_str());
    Acknowledged acknowledged;
    uint64_t number = 0;
    int refused = 0;
    for (int after = 0; after < 36; ++after) {
      failing_disk().arm(static_cast<DiskFault>(fault), after);
      for (int i = 0; i < 100 && (*log)->status().state != LogState::blocked; ++i) {
        const std::vector<Receipts> receipts = (*log)->append({request(++number, AuditEvent::inference_received)});
        if (receipts[0]) {
          acknowledged[receipts[0]->at(0).seq] = receipts[0]->at(0).leaf;
        } else {
          QCOMPARE(receipts[0].error().code, ErrorCode::unavailable);
          ++refused;
        }
      }
      QCOMPARE((*log)->status().state, LogState::blocked);
      QVERIFY(!(*log)->append({request(++number, AuditEvent::inference_received)})[0].has_value());
      QVERIFY(!(*log)->checkpoint().has_value());
      // While the fault lasts there is no way out; afterwards there is.
      if (after == 0) QVERIFY(!(*log)->reopen().has_value());
      failing_disk().arm(DiskFault::none, 0);
      const Status reopened = (*log)->reopen();
      QVERIFY2(reopened.has_value(), reopened ? "" : reopened.error().message.c_str());
      const LogStatus now = (*log)->status();
      QCOMPARE(now.unfinished, 0U);
      std::string trouble;
      const auto found = read_all(directory, now, trouble);
      QCOMPARE(trouble, std::string());
      QCOMPARE(missing(acknowledged, found), std::string());
    }
    QVERIFY(refused > 20);
    QVERIFY(!acknowledged.empty());
  }

  void a_blocked_log_comes_back_by_itself() {
    install_failing_disk();
    QTemporaryDir folder(memory_folder());
    GroupCommit log(std::move(*LogWriter::open(small_options(folder.filePath("audit").toStdString()))));
    QVERIFY(log.append(request(1, AuditEvent::inference_received)).has_value());
    failing_disk().arm(DiskFault::full, 0);
    QVERIFY(!log.append(request(2, AuditEvent::inference_received)).has_value());
    failing_disk().arm(DiskFault::none, 0);
    bool taken = false;
    const auto take_once = [&] {
      if (!taken) taken = log.append(request(3, AuditEvent::inference_received)).has_value();
      return taken;
    };
    QTRY_VERIFY_WITH_TIMEOUT(take_once(), 10'000);
    QVERIFY(log.stop("signal").has_value());
  }

  // A file system of its own that really runs full.
  void a_full_disk_spends_its_ballast_and_recovers() {
    QTemporaryDir folder(memory_folder());
    const std::string mount_point = folder.path().toStdString();
    if (::mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=2m") != 0) QSKIP("needs the right to mount a tmpfs");
    const auto unmount = qScopeGuard([&] { ::umount2(mount_point.c_str(), MNT_DETACH); });
    AuditOptions options = small_options(mount_point + "/audit");
    options.segment_limit_bytes = 64 << 20;
    options.ballast_bytes = 512 << 10;
    auto log = LogWriter::open(options);
    QVERIFY2(log.has_value(), log ? "" : log.error().message.c_str());
    QVERIFY(std::filesystem::exists(options.directory.ballast()));
    Acknowledged acknowledged;
    uint64_t number = 0;
    while ((*log)->status().state != LogState::blocked && number < 100'000) {
      const std::vector<Receipts> receipts = (*log)->append({request(++number, AuditEvent::inference_received)});
      if (receipts[0]) acknowledged[receipts[0]->at(0).seq] = receipts[0]->at(0).leaf;
    }
    QCOMPARE((*log)->status().state, LogState::blocked);
    QVERIFY2(!std::filesystem::exists(options.directory.ballast()), (*log)->status().reason.c_str());
    (*log)->tick();
    const LogStatus now = (*log)->status();
    QVERIFY2(now.state != LogState::blocked, now.reason.c_str());
    std::string trouble;
    const auto found = read_all(options.directory, now, trouble);
    QCOMPARE(trouble, std::string());
    QCOMPARE(missing(acknowledged, found), std::string());
    QVERIFY((*log)->stop("signal").has_value());
  }
};

QTEST_GUILESS_MAIN(CrashTest)
#include "crash_test.moc"
