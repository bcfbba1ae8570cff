// The witness against honest logs, forged logs, and its own files cut short.
#include "admin-ui/client/witness.h"

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <fstream>
#include <functional>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/proof/merkle.h"

using namespace tijori;
using Outcome = Witness::Outcome;

namespace {

Id log_id_of(uint8_t byte) {
  Id id{};
  id.fill(byte);
  return id;
}

// A log that can be cut, rewritten and signed by any key, as somebody who owns the appliance could.
class ForgedLog final : public LogSource {
 public:
  explicit ForgedLog(uint8_t id_byte = 0xA5, uint8_t key_byte = 7) : log_id_(log_id_of(id_byte)), key_byte_(key_byte) {}

  void grow(size_t count, const std::string& text = "record ") {
    for (size_t i = 0; i < count; ++i) leaves_.push_back(leaf_hash(as_bytes(text + std::to_string(leaves_.size()))));
  }
  void cut(size_t size) { leaves_.resize(size); }
  void rewrite(size_t seq) { leaves_.at(seq) = leaf_hash(as_bytes("another record")); }
  void take_key(uint8_t byte) { key_byte_ = byte; }
  size_t size() const { return leaves_.size(); }

  std::string note() const {
    return sign_note(Checkpoint{log_id_, size(), range(0, size())->root()}.text(), checkpoint_origin(log_id_), signer())
        .format();
  }

  Result<AuditKeys> keys() override {
    ++asked;
    if (away) return fail(ErrorCode::unavailable, "away");
    if (meanwhile) meanwhile();
    const VerifierKey key{checkpoint_origin(told_id.value_or(log_id_)), key_of(told_key_byte.value_or(key_byte_))};
    return AuditKeys{to_hex(log_id_), key.name, key.text(), key.fingerprint()};
  }
  Result<ConsistencyProof> consistency(int64_t old_size, int64_t size) override {
    ++asked;
    if (away) return fail(ErrorCode::unavailable, "away");
    if (std::max(old_size, size) > static_cast<int64_t>(leaves_.size())) return fail(ErrorCode::not_found, "shorter");
    const auto source = [this](uint64_t first, uint64_t next) { return range(first, next); };
    const auto path = consistency_path(static_cast<uint64_t>(old_size), static_cast<uint64_t>(size), source);
    ConsistencyProof proof;
    proof.old_size = old_size;
    proof.size = size;
    proof.old_root = to_hex(range(0, static_cast<uint64_t>(old_size))->root());
    proof.root = to_hex(range(0, static_cast<uint64_t>(size))->root());
    for (const Digest& hash : *path) proof.path.push_back(to_hex(hash));
    if (lies) proof.path.push_back("nonsense");
    return proof;
  }

  bool away = false;
  bool lies = false;
  int asked = 0;
  // The key it names isn't the one it signs with, or another log's.
  std::optional<uint8_t> told_key_byte;
  std::optional<Id> told_id;
  std::function<void()> meanwhile;  // happens while it is asked for its key

 private:
  Ed25519Key signer() const { return Ed25519Key::from_seed(Bytes(32, key_byte_)).value(); }
  static Ed25519Public key_of(uint8_t byte) { return Ed25519Key::from_seed(Bytes(32, byte)).value().public_key(); }
  Result<TreeRange> range(uint64_t first, uint64_t next) const {
    TreeRange made(first);
    for (uint64_t seq = first; seq < next; ++seq) made.append(leaves_.at(seq));
    return made;
  }

  Id log_id_;
  uint8_t key_byte_;
  std::vector<Digest> leaves_;
};

}  // namespace

class WitnessTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  std::optional<Witness> witness_;
  int64_t now_us_ = 1'000'000;

  std::filesystem::path folder() const { return folder_->filePath(QStringLiteral("witness")).toStdString(); }
  std::filesystem::path log_file() const { return folder() / to_hex(log_id_of(0xA5)); }
  void reopen() {
    auto opened = Witness::open(folder());
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
    witness_.emplace(*std::move(opened));
  }
  Outcome show(ForgedLog& log, bool may_ask = true, std::optional<uint64_t> records = {}) {
    now_us_ += 1'000'000;
    const auto outcome =
        witness_->observe({"vault", log.note(), records.value_or(log.size()), now_us_}, may_ask ? &log : nullptr);
    if (!outcome) qFatal("%s", outcome.error().message.c_str());
    return *outcome;
  }
  std::vector<WitnessAlarm> alarms() const { return witness_->alarms("vault"); }
  size_t kept() const { return witness_->checkpoints("vault").size(); }
  static auto count_in(const std::filesystem::path& where) {
    return std::distance(std::filesystem::directory_iterator(where), {});
  }
  // Grows a log and shows each of its checkpoints.
  void witness_growth(ForgedLog& log, size_t checkpoints, size_t each) {
    for (size_t i = 0; i < checkpoints; ++i) {
      log.grow(each);
      QCOMPARE(show(log), Outcome::proven);
    }
  }

 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    reopen();
  }

  void an_honest_log_raises_nothing() {
    ForgedLog log;
    witness_growth(log, 20, 7);
    QCOMPARE(show(log), Outcome::known);
    QCOMPARE(kept(), 20U);
    QVERIFY(alarms().empty());
    struct stat info{};
    QCOMPARE(::stat(log_file().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    reopen();
    QCOMPARE(show(log), Outcome::known);
    QCOMPARE(kept(), 20U);
    QVERIFY(witness_->pinned_key("vault").has_value());
    log.grow(1);
    QCOMPARE(show(log), Outcome::proven);
  }

  void what_was_shown_is_asked_once() {
    ForgedLog log;
    witness_growth(log, 3, 5);
    const int before = log.asked;
    QCOMPARE(show(log), Outcome::known);
    QCOMPARE(log.asked, before);
  }

  // Checkpoints at 10, 20, … 100; then a record is changed and the log signed anew.
  void a_rewritten_record_is_found_between_its_two_checkpoints_data() {
    QTest::addColumn<size_t>("seq");
    QTest::addColumn<size_t>("first");
    QTest::addColumn<size_t>("last");
    QTest::newRow("first record") << size_t{0} << size_t{0} << size_t{9};
    QTest::newRow("end of an interval") << size_t{29} << size_t{20} << size_t{29};
    QTest::newRow("start of an interval") << size_t{30} << size_t{30} << size_t{39};
    QTest::newRow("middle") << size_t{55} << size_t{50} << size_t{59};
    QTest::newRow("last record") << size_t{99} << size_t{90} << size_t{99};
  }
  void a_rewritten_record_is_found_between_its_two_checkpoints() {
    QFETCH(size_t, seq);
    QFETCH(size_t, first);
    QFETCH(size_t, last);
    ForgedLog log;
    witness_growth(log, 10, 10);
    log.rewrite(seq);
    log.grow(10);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().size(), 1U);
    const WitnessAlarm alarm = alarms().front();
    QCOMPARE(alarm.kind, AlarmKind::forked);
    QCOMPARE(alarm.first_seq, static_cast<int64_t>(first));
    QCOMPARE(alarm.last_seq, static_cast<int64_t>(last));
    QCOMPARE(alarm.holds.has_value(), first > 0);
    if (alarm.holds) QCOMPARE(alarm.holds->checkpoint.size, first);
    QCOMPARE(alarm.broken->checkpoint.size, last + 1);
    QCOMPARE(alarm.seen.checkpoint.size, 110U);
    // Later checkpoints of the forged log are no news, and a restart forgets nothing.
    log.grow(10);
    QCOMPARE(show(log), Outcome::alarm);
    reopen();
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().size(), 1U);
    QCOMPARE(alarms().front().first_seq, static_cast<int64_t>(first));
    QCOMPARE(alarms().front().broken->note, alarm.broken->note);
    QCOMPARE(kept(), 10U);
  }

  void another_root_at_the_same_size_is_a_fork() {
    ForgedLog log;
    witness_growth(log, 5, 10);
    log.rewrite(44);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::forked);
    QCOMPARE(alarms().front().first_seq, 40);
    QCOMPARE(alarms().front().last_seq, 49);
  }

  void a_shorter_log_shrank() {
    ForgedLog log;
    witness_growth(log, 10, 10);
    log.cut(73);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::shrunk);
    QCOMPARE(alarms().front().holds->checkpoint.size, 70U);
    QCOMPARE(alarms().front().broken->checkpoint.size, 80U);
    QCOMPARE(alarms().front().first_seq, 70);
    QCOMPARE(alarms().front().last_seq, 79);
  }

  void a_log_set_back_to_an_earlier_checkpoint_shrank() {
    ForgedLog log;
    witness_growth(log, 10, 10);
    log.cut(40);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::shrunk);
    QCOMPARE(alarms().front().first_seq, 40);
    QCOMPARE(alarms().front().last_seq, 49);
  }

  // The ledger kept its checkpoint, and the records are gone.
  void fewer_records_than_the_checkpoint_promises_is_a_log_that_shrank() {
    ForgedLog log;
    witness_growth(log, 10, 10);
    const std::string note = log.note();
    log.cut(64);
    const auto outcome = witness_->observe({"vault", note, 64, 5}, &log);
    QVERIFY(outcome.has_value());
    QCOMPARE(*outcome, Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::shrunk);
    QCOMPARE(alarms().front().first_seq, 60);
    QCOMPARE(alarms().front().last_seq, 69);
  }

  void a_cut_log_that_grew_past_the_cut_is_forked() {
    ForgedLog log;
    witness_growth(log, 10, 10);
    log.cut(35);
    log.grow(200, "forged ");
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::forked);
    QCOMPARE(alarms().front().first_seq, 30);
    QCOMPARE(alarms().front().last_seq, 39);
  }

  void another_key_is_an_alarm_of_its_own() {
    ForgedLog log;
    witness_growth(log, 3, 10);
    log.take_key(8);
    log.grow(5);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::key_changed);
    QCOMPARE(alarms().front().broken->checkpoint.size, 30U);
    QCOMPARE(kept(), 3U);
    log.take_key(7);
    QCOMPARE(show(log), Outcome::proven);
    QCOMPARE(alarms().size(), 1U);
  }

  void a_wrong_signature_is_an_alarm() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    const std::string older = log.note();
    log.grow(3);
    const std::string newer = log.note();
    const auto text_of = [](const std::string& note) { return note.substr(0, note.find("\n\n")); };
    const std::string forged = text_of(newer) + older.substr(older.find("\n\n"));
    const auto outcome = witness_->observe({"vault", forged, 23, 5}, &log);
    QCOMPARE(*outcome, Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::bad_signature);
  }

  void another_log_is_an_alarm_and_is_witnessed_from_then_on() {
    ForgedLog log;
    witness_growth(log, 3, 10);
    ForgedLog other(0xB6, 9);
    other.grow(4);
    QCOMPARE(show(other), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::replaced);
    QCOMPARE(alarms().front().broken->checkpoint.size, 30U);
    QCOMPARE(alarms().front().first_seq, 0);
    QCOMPARE(alarms().front().last_seq, 29);
    QCOMPARE(kept(), 1U);
    other.grow(4);
    QCOMPARE(show(other), Outcome::proven);
    reopen();
    QCOMPARE(show(other), Outcome::known);
    QCOMPARE(alarms().size(), 1U);
  }

  void two_appliances_have_two_logs() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    ForgedLog other(0xB6, 9);
    other.grow(4);
    QCOMPARE(*witness_->observe({"second", other.note(), 4, 5}, &other), Outcome::proven);
    QVERIFY(alarms().empty() && witness_->alarms("second").empty());
    QCOMPARE(witness_->checkpoints("second").size(), 1U);
  }

  void without_somebody_to_ask_it_waits_for_the_key() {
    ForgedLog log;
    log.grow(5);
    QCOMPARE(show(log, false), Outcome::unproven);
    QCOMPARE(kept(), 0U);
    log.away = true;
    QCOMPARE(show(log), Outcome::unproven);
    log.away = false;
    QCOMPARE(show(log), Outcome::proven);
  }

  // Anybody can name a log: what no key has signed leaves nothing behind.
  void logs_without_a_key_leave_no_files_data() {
    QTest::addColumn<int>("way");
    QTest::newRow("nobody to ask") << 0;
    QTest::newRow("no answer") << 1;
    QTest::newRow("another log's key") << 2;
    QTest::newRow("a key that didn't sign") << 3;
  }
  void logs_without_a_key_leave_no_files() {
    QFETCH(int, way);
    const auto open_before = count_in("/proc/self/fd");
    for (uint8_t byte = 1; byte <= 100; ++byte) {
      ForgedLog log(byte, 9);
      log.grow(3);
      log.away = way == 1;
      if (way == 2) log.told_id = log_id_of(0xEE);
      if (way == 3) log.told_key_byte = 8;
      const auto outcome = witness_->observe({"vault", log.note(), 3, 5}, way == 0 ? nullptr : &log);
      QCOMPARE(outcome.has_value(), way != 2);
      if (outcome) QCOMPARE(*outcome, way == 3 ? Outcome::alarm : Outcome::unproven);
    }
    QCOMPARE(count_in(folder()), 1);  // of the appliances
    QCOMPARE(count_in("/proc/self/fd"), open_before);
    QCOMPARE(kept(), 0U);
    reopen();
    ForgedLog log(1, 9);
    log.grow(3);
    QCOMPARE(witness_->observe({"honest", log.note(), 3, 5}, &log).value(), Outcome::proven);
    QCOMPARE(count_in(folder()), 2);
  }

  void only_the_logs_that_are_there_now_stay_open() {
    ForgedLog second(0xB6, 9);
    second.grow(4);
    QCOMPARE(*witness_->observe({"second", second.note(), 4, 5}, &second), Outcome::proven);
    const auto open_before = count_in("/proc/self/fd");
    for (uint8_t byte = 1; byte <= 50; ++byte) {
      ForgedLog log(byte, byte);
      log.grow(3);
      QCOMPARE(show(log), byte == 1 ? Outcome::proven : Outcome::alarm);
      QCOMPARE(kept(), 1U);
      QVERIFY(count_in("/proc/self/fd") <= open_before + 2);
    }
    QCOMPARE(alarms().size(), 49U);
    QCOMPARE(witness_->checkpoints("second").size(), 1U);
    // One that was closed is as it was.
    ForgedLog forged(7, 7);
    forged.grow(3);
    forged.take_key(8);
    QCOMPARE(show(forged), Outcome::alarm);
    QCOMPARE(alarms().back().kind, AlarmKind::key_changed);
    QCOMPARE(alarms().back().broken->checkpoint.size, 3U);
  }

  void a_key_that_another_console_pinned_meanwhile_counts() {
    ForgedLog log;
    log.grow(5);
    ForgedLog forged = log;
    forged.take_key(8);
    auto second = Witness::open(folder());
    forged.meanwhile = [&] { QCOMPARE(*second->observe({"vault", log.note(), 5, 5}, &log), Outcome::proven); };
    QCOMPARE(show(forged), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::key_changed);
  }

  void what_could_not_be_proven_is_proven_later() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    for (int i = 0; i < 3; ++i) {
      log.grow(10);
      QCOMPARE(show(log, false), Outcome::unproven);
    }
    reopen();
    QCOMPARE(show(log), Outcome::proven);
    QCOMPARE(kept(), 5U);
    for (const Witnessed& each : witness_->checkpoints("vault")) QVERIFY(each.proven);
    reopen();
    QCOMPARE(show(log), Outcome::known);
  }

  // Changed and put back while nobody could be asked: the checkpoints between betray it.
  void a_fork_seen_only_by_unproven_checkpoints_is_found_later() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    ForgedLog forged = log;
    forged.rewrite(5);
    forged.grow(5);
    QCOMPARE(show(forged, false), Outcome::unproven);
    log.grow(10);
    QCOMPARE(show(log), Outcome::alarm);
    QCOMPARE(alarms().front().kind, AlarmKind::forked);
  }

  void a_daemon_away_during_the_proof_is_no_alarm() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    log.grow(1);
    log.away = true;
    QCOMPARE(show(log), Outcome::unproven);
    QVERIFY(alarms().empty());
    log.away = false;
    QCOMPARE(show(log), Outcome::proven);
  }

  void a_proof_that_proves_nothing_is_an_alarm() {
    ForgedLog log;
    witness_growth(log, 2, 10);
    log.grow(1);
    log.lies = true;
    QCOMPARE(show(log), Outcome::alarm);
  }

  void refuses_what_is_no_checkpoint() {
    ForgedLog log;
    QVERIFY(!witness_->observe({"vault", "hello", 1, 5}, &log).has_value());
    QVERIFY(!witness_->observe({"vault", "", 1, 5}, &log).has_value());
    QVERIFY(alarms().empty());
  }

  // The file ends anywhere, as after a power cut: what is whole counts, and the next checkpoint is kept whole.
  void a_torn_last_line_costs_that_line_only() {
    ForgedLog log;
    witness_growth(log, 4, 10);
    witness_.reset();
    std::ifstream in(log_file(), std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(in), {}};
    const size_t last = whole.rfind('\n', whole.size() - 2) + 1;
    for (size_t end = last; end < whole.size(); end += 5) {
      std::ofstream(log_file(), std::ios::binary | std::ios::trunc).write(whole.data(), static_cast<long>(end));
      reopen();
      QCOMPARE(show(log), Outcome::proven);
      QCOMPARE(kept(), 4U);
      reopen();
      QCOMPARE(show(log), Outcome::known);
      QCOMPARE(kept(), 4U);
      QVERIFY(alarms().empty());
      QCOMPARE(witness_->damaged(), end == last ? 0U : 1U);
    }
  }

  void a_line_that_was_changed_is_told() {
    ForgedLog log;
    witness_growth(log, 4, 10);
    witness_.reset();
    std::ifstream in(log_file(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    text[text.size() / 2] ^= 1;
    std::ofstream(log_file(), std::ios::binary | std::ios::trunc).write(text.data(), static_cast<long>(text.size()));
    reopen();
    show(log);
    QCOMPARE(witness_->damaged(), 1U);
    QVERIFY(alarms().empty());
  }

  // A child keeps checkpoints until it is killed; what it said it kept is there.
  void kill_9_loses_no_kept_checkpoint() {
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto opened = Witness::open(folder());
      ForgedLog log;
      for (uint32_t size = 1;; ++size) {
        log.grow(1);
        const auto outcome = opened->observe({"vault", log.note(), size, 5}, &log);
        if (!outcome || *outcome != Outcome::proven) _exit(1);
        if (write(ends[1], &size, sizeof size) != sizeof size) _exit(1);
      }
    }
    close(ends[1]);
    uint32_t told = 0;
    for (int i = 0; i < 40; ++i) QCOMPARE(read(ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
    ::kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
    for (uint32_t last = 0; read(ends[0], &last, sizeof last) == sizeof last;) told = last;
    close(ends[0]);
    reopen();
    ForgedLog log;
    log.grow(told + 1);
    const Outcome outcome = show(log);
    QVERIFY(outcome == Outcome::proven || outcome == Outcome::known);
    QVERIFY(kept() >= told);
    QVERIFY(alarms().empty());
  }

  void two_consoles_may_keep_the_same_file() {
    ForgedLog log;
    auto second = Witness::open(folder());
    for (int i = 0; i < 5; ++i) {
      log.grow(10);
      QCOMPARE(show(log), Outcome::proven);
      QVERIFY(second->observe({"vault", log.note(), log.size(), 5}, &log).has_value());
    }
    reopen();
    QCOMPARE(show(log), Outcome::known);
    QCOMPARE(kept(), 5U);
    QCOMPARE(witness_->damaged(), 0U);
  }
};

QTEST_GUILESS_MAIN(WitnessTest)
#include "witness_test.moc"
