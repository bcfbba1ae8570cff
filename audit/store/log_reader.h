// Reads a log from its files while the writer goes on: lists, single records, proofs, exports, full verification.
// Each reader has its own connections and sees the records that were durable when it was opened, whatever is appended
// meanwhile.
// One thread per reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/proof/export.h"
#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/verifier.h"
#include "audit/store/directory.h"
#include "audit/store/ledger.h"
#include "audit/store/segment_file.h"
#include "base/error.h"

namespace tijori {

inline constexpr size_t max_count_buckets = 2000;

struct ReadRecord {
  Record record;
  Bytes core;
  Digest leaf{};
  Digest chain{};
};

struct InclusionProof {
  uint64_t seq = 0;
  Digest leaf{};
  uint64_t size = 0;
  Digest root{};
  std::vector<Digest> path;
  std::string note;  // the checkpoint of that size
};

struct ConsistencyOfHeads {
  uint64_t old_size = 0;
  Digest old_root{};
  uint64_t size = 0;
  Digest root{};
  std::vector<Digest> path;
  std::string note;  // the checkpoint of `size`, "" when there is none
};

// How many records match a filter, and how they lie over time.
struct RecordCounts {
  uint64_t records = 0;
  uint64_t matching = 0;
  int64_t first_us = 0;  // times of the earliest and latest that match; 0 when none does
  int64_t last_us = 0;
  std::vector<TimeBucket> buckets;  // ascending, those that hold something
};

// Takes the items of a log in the order of the export page.
class ItemSink {
 public:
  virtual ~ItemSink() = default;
  virtual Status omitted(const OmittedRange& omitted) = 0;
  virtual Status record(const SegmentRow& row) = 0;
  virtual Status segment(const StoredHeader& header) = 0;
  virtual Status checkpoint(std::string_view note) = 0;
};

class LogReader {
 public:
  // `size` gives the number of records that are durable now; it is asked after the ledger was read.
  static Result<LogReader> open(AuditDirectory directory, const std::function<uint64_t()>& size);

  const Id& log_id() const { return ledger_.log_id(); }
  const VerifierKey& key() const { return ledger_.key(); }
  uint64_t size() const { return size_; }

  // Newest first. corrupted when a search column is not what its record says.
  Result<std::vector<ReadRecord>> list(const RecordFilter& filter, uint64_t limit);
  // not_found when the log has no such record.
  Result<ReadRecord> show(uint64_t seq);
  // By the first checkpoint that covers the record; not_found when there is none yet.
  Result<InclusionProof> prove(uint64_t seq);
  // Whether the tree over the first `size` records continues the one over the first `old_size`; size 0: that of the
  // last checkpoint. not_found when the log is shorter, invalid_argument when old_size is 0 or the larger.
  Result<ConsistencyOfHeads> compare(uint64_t old_size, uint64_t size);

  // Called with (records done, records in all) now and then; returning an error ends the work with it.
  using Progress = std::function<Status(uint64_t done, uint64_t total)>;
  // By the search columns alone, which verify() holds against the records. Buckets of `bucket_us` from `since_us` of
  // the filter on, none when it is 0; invalid_argument when they would be more than max_count_buckets.
  Result<RecordCounts> count(const RecordFilter& filter, int64_t bucket_us, const Progress& progress);
  // Writes the export of records first to last, omitting the others. Clamped to what there is.
  Status export_log(ExportWriter& writer, uint64_t first_seq, uint64_t last_seq, int64_t now_us,
                    const Progress& progress);
  // Everything an export can show, and what only the files can: search columns, file digests, SQLite's own checks.
  Result<VerifyReport> verify(std::optional<Trust> trust, int64_t now_us, const Progress& progress);

 private:
  struct Part {
    uint64_t number;
    uint64_t first;
    uint64_t next;
    const StoredHeader* sealed;  // null: the open segment
  };

  LogReader(AuditDirectory directory, Ledger ledger) : directory_(std::move(directory)), ledger_(std::move(ledger)) {}
  std::vector<Part> parts() const;
  Status walk(uint64_t first_seq, uint64_t last_seq, ItemSink& sink);
  Status walk_part(const Part& part, uint64_t first_seq, uint64_t last_seq, ItemSink& sink);
  Result<TreeRange> range(uint64_t first, uint64_t next);
  const StoredCheckpoint* checkpoint_of(uint64_t size) const;
  // The checkpoint that promises more records than there are, if one does.
  const StoredCheckpoint* checkpoint_beyond() const;

  AuditDirectory directory_;
  uint64_t size_ = 0;
  Ledger ledger_;
  std::vector<StoredHeader> headers_;
  std::vector<StoredCheckpoint> checkpoints_;
};

}  // namespace tijori
