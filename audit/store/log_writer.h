// The writer of an audit log: stamps drafts, appends them durably, seals segments, signs checkpoints, recovers.
//
// States: normal; tight (little space, says so); reserve (very little: no new inference is taken); blocked (an append
// failed: nothing is taken until the store was reopened and its tail verified). On a full disk the ballast file is
// given back, so that the log can say what happened and what is running can be finished.
//
// One thread; GroupCommit owns it in the program. Readers are separate (log_reader.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/signed_note.h"
#include "audit/store/directory.h"
#include "audit/store/ledger.h"
#include "audit/store/segment_file.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

struct AuditOptions {
  AuditDirectory directory;
  // Each empty: in the directory, made at the first start.
  std::filesystem::path signing_key_file;
  std::filesystem::path subject_key_file;
  // Registered purposes; any other that is given is recorded as unregistered. Empty: the daemon has the register, and
  // only what is no token is unregistered.
  std::set<std::string> purposes;
  std::string program_version = "0";
  uint64_t segment_limit_bytes = uint64_t{256} << 20;
  uint64_t ballast_bytes = uint64_t{64} << 20;
  int64_t heartbeat_s = 3600;
  int64_t checkpoint_s = 3600;
  int64_t retention_days = 365;
  int64_t reopen_after_s = 5;  // how often blocked is tried to be left
  // Doubles for tests.
  const Clock* clock = &system_clock();
  std::function<Result<DiskSpace>()> space;  // empty: of the directory's file system
  std::function<TimeStatus()> time_status = kernel_time_status;
};

enum class LogState : uint8_t { normal, tight, reserve, blocked };
std::string_view name_of(LogState state);

struct LogStatus {
  LogState state = LogState::normal;
  std::string reason;  // of blocked
  Id log_id{};
  VerifierKey key;
  uint64_t records = 0;
  uint64_t segment = 0;
  Digest head{};  // the chain value of the last record
  uint64_t last_checkpoint_size = 0;
  int64_t last_checkpoint_us = 0;
  std::string last_checkpoint;  // its signed note; "" before the first
  uint64_t free_bytes = 0;
  uint64_t unfinished = 0;  // requests received and not released
};

struct AppendReceipt {
  uint64_t seq = 0;
  Digest leaf{};
};
using Receipts = Result<std::vector<AppendReceipt>>;

// The subjects' references, made here because their key never leaves.
struct AppendBatch {
  std::vector<RecordDraft> drafts;
  // One per draft, or empty: what the application calls the data principal. Wiped after use.
  std::vector<std::string> subject_texts;
};

class LogWriter {
 public:
  // Makes a new log or takes up an old one: verifies the open segment, ends requests a crash left open, signs a
  // checkpoint. Fails when the directory, its lock or the keys can't be had. A log that doesn't verify, or a store that
  // takes no records, comes up blocked, so that it can still be read.
  static Result<std::unique_ptr<LogWriter>> open(AuditOptions options);

  // All requests in one transaction, each of them wholly or not at all. What a receipt was given for is durable.
  // A draft that breaks a rule fails its request alone: invalid_argument, not_found for releasing what isn't open,
  // already_exists for receiving twice. unavailable in state blocked, resource_exhausted in reserve.
  std::vector<Receipts> append(std::vector<AppendBatch> requests);

  // At least once a second: heartbeat, hourly checkpoint, day's end, free space, the way out of blocked.
  void tick();
  // The note of a checkpoint over all records; the last one when nothing was added since.
  Result<std::string> checkpoint();
  // Out of blocked: opens everything anew, verifies, records log.recovered.
  Status reopen();
  // Ends open requests, records log.stopped, seals. Nothing can be appended after it.
  Status stop(std::string_view cause);

  LogStatus status() const;
  const AuditDirectory& directory() const { return options_.directory; }

 private:
  struct Stamp {
    int64_t wall_us;
    int64_t boot_us;
  };

  LogWriter(AuditOptions options, UniqueFd lock, Ed25519Key key, Secret subject_key, Id boot_id)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        key_(std::move(key)),
        subject_key_(std::move(subject_key)),
        boot_id_(boot_id) {}

  Status load();
  Status load_segment(const std::vector<StoredHeader>& headers);
  void recall_last_time(const std::vector<StoredHeader>& headers);
  Status begin_running(std::string_view recovery_cause);
  Status open_next_segment();
  Status seal(std::string_view cause);
  Status roll_if_due();
  Status sign_head();
  Status commit_own(std::span<const RecordDraft> drafts);
  Status write(const RecordDraft& draft);
  Status write_time_step(const Stamp& now);
  Status prepare(AppendBatch& request);
  Status check_requests(const AppendBatch& request) const;
  Receipts write_request(const AppendBatch& request);
  void follow(const Record& record);
  std::vector<RecordDraft> aborts_of_open_requests(std::string_view code) const;
  std::vector<Receipts> refuse_all(size_t count, const Error& error) const;
  void block(const Error& error);
  void watch_space();
  Stamp now() const { return {options_.clock->wall_us(), options_.clock->boot_us()}; }

  AuditOptions options_;
  UniqueFd lock_;
  Ed25519Key key_;
  Secret subject_key_;
  Id boot_id_{};

  std::optional<Ledger> ledger_;
  std::optional<SegmentFile> segment_file_;
  uint64_t segment_ = 0;
  Digest chain_{};
  TreeRange tree_;
  TreeRange segment_range_;
  TreeRange segment_tree_;
  Digest segment_chain_before_{};
  int64_t segment_first_time_us_ = 0;
  Digest previous_header_{};
  std::optional<Record> last_;
  std::optional<Record> last_timed_;  // the last one but segment.opened: what the clocks are held against
  std::set<Id> open_requests_;
  bool sealed_by_stop_ = true;

  uint64_t durable_records_ = 0;
  Digest durable_chain_{};
  uint64_t last_checkpoint_size_ = 0;
  int64_t last_checkpoint_us_ = 0;
  std::string last_note_;
  int64_t last_append_boot_us_ = 0;
  int64_t last_checkpoint_boot_us_ = 0;
  int64_t blocked_boot_us_ = 0;
  int64_t next_roll_boot_us_ = 0;
  LogState state_ = LogState::normal;
  std::string reason_;
  bool disk_was_full_ = false;
  bool stopped_ = false;
  uint64_t free_bytes_ = 0;
};

}  // namespace tijori
