// Checks a log that passes by as a stream of export items and says what it is worth. Verdicts, rules and anomalies:
// docs/audit-record.md, "Verdicts". Memory does not grow with the log, but for requests that are still open.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/proof/export.h"
#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/segment_header.h"
#include "audit/proof/trust.h"
#include "base/error.h"

namespace tijori {

enum class Verdict : uint8_t { verified, consistent, altered, incomplete, unsupported };
std::string_view name_of(Verdict verdict);
// The exit code of the contract: 0, 6, 5, 5, 1.
int exit_code_of(Verdict verdict);

struct Anomaly {
  std::string kind;  // clock-back, gap, uncounted, unreceived, foreign-boot …
  int64_t seq = -1;
  std::string message;
};

struct VerifyReport {
  Verdict verdict = Verdict::incomplete;
  std::string message;  // one sentence for people
  std::optional<Id> log_id;
  std::optional<VerifierKey> key;  // whose signatures were accepted
  uint64_t records = 0;            // the log's length, omitted records included
  uint64_t omitted_records = 0;
  uint64_t segments = 0;
  uint64_t checkpoints = 0;
  std::optional<SeenCheckpoint> last_checkpoint;
  int64_t verified_up_to = -1;  // seq of the last record under a good checkpoint
  uint64_t tail_records = 0;
  int64_t tail_age_us = -1;    // of the first record after it
  int64_t first_bad_seq = -1;  // altered: the record, or the first and
  int64_t last_bad_seq = -1;   // last of the interval in which the change lies
  int64_t first_time_us = 0;
  int64_t last_time_us = 0;
  uint64_t received = 0;
  uint64_t released = 0;
  uint64_t unfinished = 0;
  uint64_t anomaly_count = 0;
  std::vector<Anomaly> anomalies;  // the first max_reported_anomalies
};

inline constexpr size_t max_reported_anomalies = 100;
inline constexpr size_t max_tracked_requests = size_t{1} << 20;

// Feed items in order; once one is refused, what follows is ignored. Then report().
class LogVerifier {
 public:
  // Without trust, signatures are held against the key the log names itself, and the best verdict is `consistent`.
  explicit LogVerifier(std::optional<Trust> trust) : trust_(std::move(trust)) {}

  // False once the verdict stands.
  bool start(const ExportStart& start);
  bool omitted(const OmittedRange& omitted);
  bool record(ByteView core, const Digest& chain);
  bool segment(ByteView header, ByteView signature);
  bool checkpoint(std::string_view note);
  bool end(uint64_t records);
  bool item(const ExportItem& item);
  // For what the caller found wrong itself, at the record that comes next or at a given one.
  bool refuse(Verdict verdict, std::string message, int64_t first_bad = -1, int64_t last_bad = -1);

  uint64_t next_seq() const { return tree_.next(); }
  // `now_us` dates the unsigned tail.
  VerifyReport report(int64_t now_us) const;

 private:
  bool altered_here(std::string message);
  bool altered_since_checkpoint(std::string message);
  bool check_seen_checkpoints();
  bool take_leaf_range(const TreeRange& range);
  bool check_record(const Record& record);
  void watch_time(const Record& record);
  void watch_requests(const Record& record);
  void close_count(int64_t seq);
  void note(std::string kind, int64_t seq, std::string message);
  bool signed_by_accepted_key(const SignedNote& note, std::string& why);

  std::optional<Trust> trust_;
  std::vector<VerifierKey> accepted_;
  VerifyReport report_;
  bool started_ = false;
  bool ended_ = false;
  bool refused_ = false;

  Digest chain_{};
  TreeRange tree_;
  size_t seen_index_ = 0;
  std::optional<int64_t> tail_first_time_us_;
  uint64_t last_checkpoint_size_ = 0;

  uint64_t segment_ = 0;
  bool segment_is_whole_ = true;
  TreeRange segment_range_;  // in the log's tree
  TreeRange segment_tree_;   // alone
  Digest segment_chain_before_{};
  int64_t segment_first_time_us_ = 0;
  Digest previous_header_{};

  std::optional<Record> last_;
  std::optional<Record> last_timed_;  // what the next record's clocks are held against
  bool running_ = false;
  int64_t heartbeat_s_ = 3600;
  std::set<Id> open_requests_;
  uint64_t run_received_ = 0;
  int64_t run_number_ = 0;
};

// Reads an export to its end or to the first wrong byte.
VerifyReport verify_export(ExportReader& reader, std::optional<Trust> trust, int64_t now_us);

}  // namespace tijori
