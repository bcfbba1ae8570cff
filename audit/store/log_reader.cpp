#include "audit/store/log_reader.h"

#include <algorithm>
#include <map>

namespace tijori {

namespace {

constexpr uint64_t progress_every_records = 1000;
constexpr const char* end_of_part = "the part ends";
constexpr const char* verdict_is_known = "the verdict stands";

Result<ReadRecord> read_row(const SegmentRow& row) {
  const std::string place = "record " + std::to_string(row.seq);
  Result<Record> record = decode_core(row.core);
  if (!record) return fail(ErrorCode::corrupted, place + ": " + record.error().message);
  if (const Status same = check_columns(row, *record); !same) return fail(same.error().in(place));
  ReadRecord read{std::move(*record), Bytes(row.core.begin(), row.core.end()), leaf_hash(row.core), {}};
  if (row.chain.size() != read.chain.size()) return fail(ErrorCode::corrupted, place + ": no chain value");
  std::ranges::copy(row.chain, read.chain.begin());
  return read;
}

class ExportSink : public ItemSink {
 public:
  ExportSink(ExportWriter& writer, uint64_t total, const LogReader::Progress& progress)
      : writer_(writer), total_(total), progress_(progress) {}

  Status omitted(const OmittedRange& omitted) override {
    done_ = omitted.range.next();
    return writer_.omitted(omitted);
  }
  Status record(const SegmentRow& row) override {
    Digest chain{};
    if (row.chain.size() != chain.size() || row.core.size() > max_core_bytes) {
      return fail(ErrorCode::corrupted, "record " + std::to_string(row.seq) + ": its row is damaged; run verify");
    }
    std::ranges::copy(row.chain, chain.begin());
    if (++done_ % progress_every_records == 0) TRY(progress_(done_, total_));
    return writer_.record(row.core, chain);
  }
  Status segment(const StoredHeader& header) override { return writer_.segment(header.bytes, header.signature); }
  Status checkpoint(std::string_view note) override {
    if (note.size() > max_note_bytes) return fail(ErrorCode::corrupted, "ledger: a checkpoint is too long");
    return writer_.checkpoint(note);
  }

 private:
  ExportWriter& writer_;
  uint64_t total_;
  const LogReader::Progress& progress_;
  uint64_t done_ = 0;
};

// The verdict stands once the verifier refuses; this error ends the walk.
std::unexpected<Error> verdict_stands() {
  return fail(ErrorCode::cancelled, verdict_is_known);
}

class VerifySink : public ItemSink {
 public:
  VerifySink(LogVerifier& verifier, uint64_t total, const LogReader::Progress& progress)
      : verifier_(verifier), total_(total), progress_(progress) {}

  Status omitted(const OmittedRange&) override { return fail(ErrorCode::internal, "verification omits nothing"); }
  Status record(const SegmentRow& row) override {
    Digest chain{};
    if (row.chain.size() == chain.size()) std::ranges::copy(row.chain, chain.begin());
    const uint64_t seq = verifier_.next_seq();
    if (!verifier_.record(row.core, chain)) return verdict_stands();
    const Status same = check_columns(row, decode_core(row.core).value());
    if (!same) {
      verifier_.refuse(Verdict::altered, "record " + std::to_string(seq) + ": " + same.error().message,
                       static_cast<int64_t>(seq));
      return verdict_stands();
    }
    if (seq % progress_every_records == 0) TRY(progress_(seq, total_));
    return {};
  }
  Status segment(const StoredHeader& header) override {
    return verifier_.segment(header.bytes, header.signature) ? Status() : verdict_stands();
  }
  Status checkpoint(std::string_view note) override { return verifier_.checkpoint(note) ? Status() : verdict_stands(); }

 private:
  LogVerifier& verifier_;
  uint64_t total_;
  const LogReader::Progress& progress_;
};

}  // namespace

Result<LogReader> LogReader::open(AuditDirectory directory, const std::function<uint64_t()>& size) {
  TRY_ASSIGN(Ledger ledger, Ledger::open(directory.ledger()));
  LogReader reader(std::move(directory), std::move(ledger));
  // A header is written before the first record of the next segment. So when none was added while the size was asked,
  // all records below it lie in the segments known here.
  TRY_ASSIGN(reader.headers_, reader.ledger_.headers());
  for (;;) {
    TRY_ASSIGN(reader.checkpoints_, reader.ledger_.checkpoints());
    reader.size_ = size();
    TRY_ASSIGN(std::vector<StoredHeader> again, reader.ledger_.headers());
    const bool same = again.size() == reader.headers_.size();
    reader.headers_ = std::move(again);
    if (same) return reader;
  }
}

std::vector<LogReader::Part> LogReader::parts() const {
  std::vector<Part> parts;
  uint64_t next = 0;
  for (const StoredHeader& stored : headers_) {
    parts.push_back({stored.header.segment, stored.header.first_seq, stored.header.next_seq(), &stored});
    next = stored.header.next_seq();
  }
  if (next < size_) parts.push_back({headers_.size(), next, size_, nullptr});
  return parts;
}

const StoredCheckpoint* LogReader::checkpoint_of(uint64_t size) const {
  const auto found = std::ranges::lower_bound(checkpoints_, size, {}, &StoredCheckpoint::size);
  return found == checkpoints_.end() || found->size != size ? nullptr : &*found;
}

const StoredCheckpoint* LogReader::checkpoint_beyond() const {
  return checkpoints_.empty() || checkpoints_.back().size <= size_ ? nullptr : &checkpoints_.back();
}

Result<std::vector<ReadRecord>> LogReader::list(const RecordFilter& filter, uint64_t limit) {
  std::vector<ReadRecord> records;
  RecordFilter bounded = filter;
  bounded.before_seq = std::min(filter.before_seq.value_or(size_), size_);
  const std::vector<Part> all = parts();
  for (auto part = all.rbegin(); part != all.rend() && records.size() < limit; ++part) {
    if (part->first >= *bounded.before_seq) continue;
    TRY_ASSIGN(SegmentFile file, SegmentFile::open(directory_.segment(part->number)));
    TRY(file.find(bounded, limit - records.size(), [&](const SegmentRow& row) -> Status {
      TRY_ASSIGN(ReadRecord record, read_row(row));
      records.push_back(std::move(record));
      return {};
    }));
  }
  return records;
}

Result<ReadRecord> LogReader::show(uint64_t seq) {
  const auto missing = [&] { return fail(ErrorCode::not_found, "the log has no record " + std::to_string(seq)); };
  if (seq >= size_) return missing();
  RecordFilter filter;
  filter.before_seq = seq + 1;
  TRY_ASSIGN(std::vector<ReadRecord> found, list(filter, 1));
  if (found.empty() || found[0].record.seq != seq) return missing();
  return std::move(found[0]);
}

Result<TreeRange> LogReader::range(uint64_t first, uint64_t next) {
  TreeRange range(first);
  for (const Part& part : parts()) {
    if (part.next <= first || part.first >= next) continue;
    if (part.sealed != nullptr && part.first >= first && part.next <= next) {
      TRY_ASSIGN(const TreeRange whole, TreeRange::from_hashes(part.first, part.next, part.sealed->header.range));
      if (range.next() != whole.first())
        return fail(ErrorCode::corrupted, "ledger: segments do not follow; run verify");
      range.append(whole);
      continue;
    }
    TRY_ASSIGN(SegmentFile file, SegmentFile::open(directory_.segment(part.number)));
    const Status read = file.for_each(std::max(first, part.first), [&](const SegmentRow& row) -> Status {
      if (row.seq >= next) return fail(ErrorCode::cancelled, "the range ends");
      range.append(leaf_hash(row.core));
      return {};
    });
    if (!read && read.error().code != ErrorCode::cancelled) return fail(read.error());
  }
  if (range.next() != next) return fail(ErrorCode::corrupted, "the log has holes; run verify");
  return range;
}

Result<InclusionProof> LogReader::prove(uint64_t seq) {
  TRY_ASSIGN(const ReadRecord read, show(seq));
  const auto covering = std::ranges::upper_bound(checkpoints_, seq, {}, &StoredCheckpoint::size);
  if (covering == checkpoints_.end() || covering->size > size_) {
    return fail(ErrorCode::not_found, "no checkpoint covers record " + std::to_string(seq) + " yet");
  }
  InclusionProof proof;
  proof.seq = seq;
  proof.leaf = read.leaf;
  proof.size = covering->size;
  proof.note = covering->note;
  const RangeSource source = [this](uint64_t first, uint64_t next) { return range(first, next); };
  TRY_ASSIGN(proof.path, inclusion_path(seq, proof.size, source));
  TRY_ASSIGN(const TreeRange tree, range(0, proof.size));
  proof.root = tree.root();
  if (!verify_inclusion(proof.leaf, seq, proof.size, proof.path, proof.root)) {
    return fail(ErrorCode::corrupted, "record " + std::to_string(seq) + " is not in its tree; run verify");
  }
  return proof;
}

Result<ConsistencyOfHeads> LogReader::compare(uint64_t old_size, uint64_t size) {
  if (size == 0) {
    const auto above = std::ranges::upper_bound(checkpoints_, size_, {}, &StoredCheckpoint::size);
    if (above == checkpoints_.begin()) return fail(ErrorCode::not_found, "the log has no checkpoint yet");
    size = std::prev(above)->size;
  }
  if (old_size == 0) return fail(ErrorCode::invalid_argument, "old_size: expected 1 or more");
  if (std::max(old_size, size) > size_) {
    return fail(ErrorCode::not_found, "the log has only " + std::to_string(size_) + " records");
  }
  if (old_size > size) {
    return fail(ErrorCode::invalid_argument,
                "old_size: " + std::to_string(old_size) + " is more than size, " + std::to_string(size));
  }
  ConsistencyOfHeads heads;
  heads.old_size = old_size;
  heads.size = size;
  const RangeSource source = [this](uint64_t first, uint64_t next) { return range(first, next); };
  TRY_ASSIGN(TreeRange tree, range(0, old_size));
  heads.old_root = tree.root();
  if (old_size < size) {
    TRY_ASSIGN(const TreeRange rest, range(old_size, size));
    tree.append(rest);
  }
  heads.root = tree.root();
  TRY_ASSIGN(heads.path, consistency_path(old_size, size, source));
  if (!verify_consistency(old_size, heads.old_root, size, heads.root, heads.path)) {
    return fail(ErrorCode::corrupted, "the log changed while it was read; run verify");
  }
  if (const StoredCheckpoint* found = checkpoint_of(size)) heads.note = found->note;
  return heads;
}

Result<RecordCounts> LogReader::count(const RecordFilter& filter, int64_t bucket_us, const Progress& progress) {
  RecordFilter bounded = filter;
  bounded.before_seq = std::min(filter.before_seq.value_or(size_), size_);
  RecordCounts counts;
  counts.records = size_;
  std::map<int64_t, TimeBucket> buckets;
  for (const Part& part : parts()) {
    if (part.first >= *bounded.before_seq) break;
    TRY(progress(part.first, size_));
    TRY_ASSIGN(SegmentFile file, SegmentFile::open(directory_.segment(part.number)));
    TRY(file.count_by_time(bounded, bucket_us, [&](const TimeBucket& bucket) -> Status {
      if (counts.matching == 0 || bucket.first_us < counts.first_us) counts.first_us = bucket.first_us;
      if (counts.matching == 0 || bucket.last_us > counts.last_us) counts.last_us = bucket.last_us;
      counts.matching += bucket.records;
      if (bucket_us == 0) return {};
      TimeBucket& sum = buckets.try_emplace(bucket.start_us, bucket.start_us).first->second;
      sum.records += bucket.records;
      sum.turned_away += bucket.turned_away;
      if (buckets.size() > max_count_buckets) {
        return fail(ErrorCode::invalid_argument,
                    "bucket_us: more than " + std::to_string(max_count_buckets) + " buckets; ask for longer ones");
      }
      return {};
    }));
  }
  for (const auto& [start_us, bucket] : buckets) counts.buckets.push_back(bucket);
  return counts;
}

Status LogReader::walk(uint64_t first_seq, uint64_t last_seq, ItemSink& sink) {
  for (const Part& part : parts()) {
    if (const Status done = walk_part(part, first_seq, last_seq, sink); !done) {
      if (done.error().code == ErrorCode::cancelled) return done;
      return fail(done.error().in("segment " + std::to_string(part.number)));
    }
  }
  return {};
}

Status LogReader::walk_part(const Part& part, uint64_t first_seq, uint64_t last_seq, ItemSink& sink) {
  const auto is_wanted = [&](uint64_t seq) { return seq >= first_seq && seq <= last_seq; };
  // Among records left out only the newest checkpoint is kept: it is the one that proves the others' place.
  const auto above = std::ranges::upper_bound(checkpoints_, size_, {}, &StoredCheckpoint::size);
  const uint64_t newest = above == checkpoints_.begin() ? 0 : std::prev(above)->size;
  const bool has_wanted = part.first <= last_seq && part.next > first_seq;
  const auto checkpoint_here = [&](uint64_t size) -> Status {
    const StoredCheckpoint* found = checkpoint_of(size);
    return found == nullptr ? Status() : sink.checkpoint(found->note);
  };
  if (!has_wanted && part.sealed != nullptr && !(newest > part.first && newest < part.next)) {
    TRY_ASSIGN(const TreeRange whole, TreeRange::from_hashes(part.first, part.next, part.sealed->header.range));
    TRY(sink.omitted({whole, part.sealed->header.chain_after}));
    TRY(sink.segment(*part.sealed));
    return checkpoint_here(part.next);
  }

  TRY_ASSIGN(SegmentFile file, SegmentFile::open(directory_.segment(part.number)));
  uint64_t position = part.first;
  OmittedRange left_out{TreeRange(position), {}};
  const auto flush = [&]() -> Status {
    if (left_out.range.first() == left_out.range.next()) return {};
    return sink.omitted(left_out);
  };
  // From 0: a row that belongs to no place in this segment must show, too.
  const Status read = file.for_each(0, [&](const SegmentRow& row) -> Status {
    // Appended since: not part of this reading.
    if (position == part.next) return fail(ErrorCode::cancelled, end_of_part);
    if (is_wanted(position)) {
      TRY(flush());
      TRY(sink.record(row));
      left_out.range = TreeRange(position + 1);
    } else {
      left_out.range.append(leaf_hash(row.core));
      if (row.chain.size() == left_out.chain_after.size()) std::ranges::copy(row.chain, left_out.chain_after.begin());
    }
    ++position;
    if (position < part.next && (is_wanted(position - 1) || position == newest) && checkpoint_of(position) != nullptr) {
      TRY(flush());
      left_out.range = TreeRange(position);
      TRY(checkpoint_here(position));
    }
    return {};
  });
  if (!read && read.error().message != end_of_part) return read;
  TRY(flush());
  if (part.sealed != nullptr) TRY(sink.segment(*part.sealed));
  return checkpoint_here(part.next);
}

Status LogReader::export_log(ExportWriter& writer, uint64_t first_seq, uint64_t last_seq, int64_t now_us,
                             const Progress& progress) {
  ExportSink sink(writer, size_, progress);
  TRY(writer.start({log_id(), key().text(), now_us}));
  TRY(walk(first_seq, last_seq, sink));
  if (const StoredCheckpoint* beyond = checkpoint_beyond()) TRY(sink.checkpoint(beyond->note));
  return writer.end(size_);
}

Result<VerifyReport> LogReader::verify(std::optional<Trust> trust, int64_t now_us, const Progress& progress) {
  LogVerifier verifier(std::move(trust));
  VerifySink sink(verifier, size_, progress);
  const auto refuse_here = [&](const Error& error) {
    verifier.refuse(Verdict::altered, error.message, static_cast<int64_t>(verifier.next_seq()));
  };
  const auto check_files = [&]() -> Status {
    TRY(ledger_.check_integrity());
    for (const Part& part : parts()) {
      TRY(progress(size_, size_));
      TRY_ASSIGN(SegmentFile file, SegmentFile::open(directory_.segment(part.number)));
      TRY(file.check_integrity());
      if (part.sealed == nullptr) continue;
      TRY_ASSIGN(const Digest digest, digest_file(directory_.segment(part.number)));
      if (digest != part.sealed->header.file_digest) {
        verifier.refuse(Verdict::altered,
                        "segment " + std::to_string(part.number) + ": the file is not the one that was sealed",
                        static_cast<int64_t>(part.first), static_cast<int64_t>(part.next) - 1);
        return {};
      }
    }
    return {};
  };
  verifier.start({log_id(), key().text(), now_us});
  const Status walked = walk(0, INT64_MAX, sink);
  if (!walked && walked.error().code == ErrorCode::cancelled && walked.error().message != verdict_is_known) {
    return fail(walked.error());
  }
  if (!walked && walked.error().code != ErrorCode::cancelled) refuse_here(walked.error());
  if (walked) {
    if (const StoredCheckpoint* beyond = checkpoint_beyond()) verifier.checkpoint(beyond->note);
    verifier.end(size_);
    if (const Status checked = check_files(); !checked) {
      if (checked.error().code == ErrorCode::cancelled) return fail(checked.error());
      refuse_here(checked.error());
    }
  }
  return verifier.report(now_us);
}

}  // namespace tijori
