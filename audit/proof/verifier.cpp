#include "audit/proof/verifier.h"

#include <algorithm>

#include "audit/proof/checkpoint.h"

namespace tijori {

namespace {

constexpr int64_t us_per_s = 1'000'000;
// A heartbeat may be late by this much before it counts as a gap.
constexpr int64_t heartbeat_grace_s = 120;

Id id_of(const Bytes& bytes) {
  Id id{};
  if (bytes.size() == id.size()) std::ranges::copy(bytes, id.begin());
  return id;
}

std::optional<int64_t> integer_in(const Record& record, DetailField field) {
  const auto found = record.detail.find(field);
  if (found == record.detail.end() || !std::holds_alternative<int64_t>(found->second)) return std::nullopt;
  return std::get<int64_t>(found->second);
}

std::string records_text(int64_t first, int64_t last) {
  if (first == last) return "record " + std::to_string(first);
  return "records " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::verified:
      return "verified";
    case Verdict::consistent:
      return "consistent";
    case Verdict::altered:
      return "altered";
    case Verdict::incomplete:
      return "incomplete";
    case Verdict::unsupported:
      return "unsupported";
  }
  return "altered";
}

int exit_code_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::verified:
      return 0;
    case Verdict::consistent:
      return 6;
    case Verdict::altered:
    case Verdict::incomplete:
      return 5;
    case Verdict::unsupported:
      return 1;
  }
  return 5;
}

bool LogVerifier::refuse(Verdict verdict, std::string message, int64_t first_bad, int64_t last_bad) {
  if (refused_) return false;
  refused_ = true;
  report_.verdict = verdict;
  report_.message = std::move(message);
  report_.first_bad_seq = first_bad;
  report_.last_bad_seq = last_bad < 0 ? first_bad : last_bad;
  return false;
}

bool LogVerifier::altered_here(std::string message) {
  const auto at = static_cast<int64_t>(tree_.next());
  return refuse(Verdict::altered, "record " + std::to_string(at) + ": " + std::move(message), at);
}

bool LogVerifier::altered_since_checkpoint(std::string message) {
  const auto first = static_cast<int64_t>(last_checkpoint_size_);
  const auto last = std::max(first, static_cast<int64_t>(tree_.next()) - 1);
  return refuse(Verdict::altered, records_text(first, last) + ": " + std::move(message), first, last);
}

void LogVerifier::note(std::string kind, int64_t seq, std::string message) {
  ++report_.anomaly_count;
  if (report_.anomalies.size() == max_reported_anomalies) return;
  report_.anomalies.push_back({std::move(kind), seq, "record " + std::to_string(seq) + ": " + std::move(message)});
}

bool LogVerifier::start(const ExportStart& start) {
  if (refused_) return false;
  if (started_) return refuse(Verdict::altered, "a second start item");
  started_ = true;
  const Result<VerifierKey> key = VerifierKey::parse(start.verifier_key);
  if (!key) return refuse(Verdict::altered, "start item: " + key.error().message);
  if (key->name != checkpoint_origin(start.log_id))
    return refuse(Verdict::altered, "start item: the key is another log's");
  report_.log_id = start.log_id;
  chain_ = chain_start(start.log_id);
  segment_chain_before_ = chain_;
  if (!trust_) {
    accepted_ = {*key};
    report_.key = *key;
    return true;
  }
  for (const VerifierKey& trusted : trust_->keys) {
    if (trusted.name == key->name) accepted_.push_back(trusted);
  }
  if (accepted_.empty()) {
    return refuse(Verdict::altered, "record 0: the trust file has no key for log " + to_hex(start.log_id), 0);
  }
  report_.key = accepted_.front();
  return check_seen_checkpoints();
}

// Roots the auditor has seen before must come by again, at their sizes.
bool LogVerifier::check_seen_checkpoints() {
  if (!trust_) return true;
  const auto& seen = trust_->checkpoints;
  for (; seen_index_ < seen.size() && seen[seen_index_].size <= tree_.next(); ++seen_index_) {
    if (seen[seen_index_].size < tree_.next()) {
      return refuse(Verdict::incomplete, "the trust file knows a checkpoint of " +
                                             std::to_string(seen[seen_index_].size) +
                                             " records, inside records this export leaves out");
    }
    if (seen[seen_index_].root != tree_.root()) {
      return altered_since_checkpoint("the root over them is not the one in the trust file");
    }
  }
  return true;
}

bool LogVerifier::omitted(const OmittedRange& omitted) {
  if (refused_) return false;
  if (!started_) return refuse(Verdict::altered, "no start item");
  if (omitted.range.first() != tree_.next()) return altered_here("an omitted range does not follow");
  if (segment_range_.first() == segment_range_.next()) segment_range_ = TreeRange(tree_.next());
  segment_is_whole_ = false;
  report_.omitted_records += omitted.range.next() - omitted.range.first();
  tree_.append(omitted.range);
  segment_range_.append(omitted.range);
  chain_ = omitted.chain_after;
  last_.reset();
  last_timed_.reset();
  // What was open or counted in there is not known.
  open_requests_.clear();
  run_received_ = 0;
  run_number_ = 0;
  running_ = false;
  return check_seen_checkpoints();
}

bool LogVerifier::check_record(const Record& record) {
  const bool is_first = segment_range_.first() == segment_range_.next();
  if (record.log_id != *report_.log_id) return altered_here("belongs to another log");
  if (record.seq != tree_.next()) return altered_here("says to be record " + std::to_string(record.seq));
  if (record.segment != segment_) {
    return altered_here("says to be in segment " + std::to_string(record.segment) + ", expected " +
                        std::to_string(segment_));
  }
  if (is_first != (record.event == AuditEvent::segment_opened)) {
    return altered_here(is_first ? "a segment does not start with segment.opened" : "segment.opened inside a segment");
  }
  if (is_first && std::get<Digest>(record.detail.at(DetailField::previous_header)) != previous_header_) {
    return altered_here("names another header than that of the segment before");
  }
  return true;
}

bool LogVerifier::record(ByteView core, const Digest& chain) {
  if (refused_) return false;
  if (!started_) return refuse(Verdict::altered, "no start item");
  const Digest leaf = leaf_hash(core);
  const Digest next_chain = chain_next(chain_, leaf);
  if (next_chain != chain) return altered_here("does not give the chain value stored with it");
  const Result<Record> decoded = decode_core(core);
  if (!decoded && decoded.error().code == ErrorCode::unsupported) {
    return refuse(Verdict::unsupported, "record " + std::to_string(tree_.next()) + ": " + decoded.error().message);
  }
  if (!decoded) return altered_here(decoded.error().message);
  if (!check_record(*decoded)) return false;

  if (segment_range_.first() == segment_range_.next()) {
    segment_range_ = TreeRange(tree_.next());
    segment_first_time_us_ = decoded->time_us;
  }
  watch_time(*decoded);
  watch_requests(*decoded);
  if (!tail_first_time_us_) tail_first_time_us_ = decoded->time_us;
  if (!last_ && report_.first_time_us == 0) report_.first_time_us = decoded->time_us;
  report_.last_time_us = decoded->time_us;
  chain_ = next_chain;
  tree_.append(leaf);
  segment_range_.append(leaf);
  segment_tree_.append(leaf);
  last_ = *decoded;
  return check_seen_checkpoints();
}

bool LogVerifier::segment(ByteView header_bytes, ByteView signature) {
  if (refused_) return false;
  if (!started_) return refuse(Verdict::altered, "no start item");
  const auto first = static_cast<int64_t>(segment_range_.first());
  const auto last = std::max(first, static_cast<int64_t>(segment_range_.next()) - 1);
  const auto wrong = [&](std::string_view why) {
    return refuse(Verdict::altered,
                  "segment " + std::to_string(segment_) + ", " + records_text(first, last) + ": " + std::string(why),
                  first, last);
  };
  if (std::ranges::none_of(accepted_,
                           [&](const VerifierKey& key) { return verify_header(header_bytes, signature, key.key); })) {
    return wrong("its header is not signed by the log's key");
  }
  const Result<SegmentHeader> header = SegmentHeader::decode(header_bytes);
  if (!header && header.error().code == ErrorCode::unsupported) {
    return refuse(Verdict::unsupported, header.error().message);
  }
  if (!header) return wrong("its header: " + header.error().message);
  if (header->log_id != *report_.log_id || header->segment != segment_) return wrong("its header is another segment's");
  if (header->first_seq != segment_range_.first() || header->next_seq() != segment_range_.next()) {
    return refuse(Verdict::altered,
                  "segment " + std::to_string(segment_) + ": its header is of " + std::to_string(header->count) +
                      " records from " + std::to_string(header->first_seq) + ", here are " + records_text(first, last),
                  first, std::max(last, static_cast<int64_t>(header->next_seq()) - 1));
  }
  if (header->previous_header != previous_header_) return wrong("its header follows another header");
  if (header->chain_before != segment_chain_before_) return wrong("its header has another chain before it");
  if (header->chain_after != chain_) return wrong("its header has another chain at its end");
  if (!std::ranges::equal(header->range, segment_range_.hashes())) return wrong("its header has another tree");
  if (segment_is_whole_) {
    if (header->root != segment_tree_.root()) return wrong("its header has another root");
    if (header->first_time_us != segment_first_time_us_ || header->last_time_us != last_->time_us) {
      return wrong("its header has other times");
    }
  }
  previous_header_ = header_hash(header_bytes);
  ++report_.segments;
  ++segment_;
  segment_is_whole_ = true;
  segment_range_ = TreeRange(tree_.next());
  segment_tree_ = TreeRange();
  segment_chain_before_ = chain_;
  return true;
}

bool LogVerifier::signed_by_accepted_key(const SignedNote& note, std::string& why) {
  for (const VerifierKey& key : accepted_) {
    const NoteCheck check = check_note(note, key);
    if (check == NoteCheck::bad) why = "a checkpoint has a wrong signature";
    if (check != NoteCheck::absent) return check == NoteCheck::good;
  }
  why =
      trust_ ? "a checkpoint is not signed by a key of the trust file" : "a checkpoint is not signed by the log's key";
  return false;
}

bool LogVerifier::checkpoint(std::string_view note_text) {
  if (refused_) return false;
  if (!started_) return refuse(Verdict::altered, "no start item");
  const Result<SignedNote> parsed = SignedNote::parse(note_text);
  if (!parsed) return altered_since_checkpoint(parsed.error().message);
  std::string why;
  if (!signed_by_accepted_key(*parsed, why)) return altered_since_checkpoint(why);
  const Result<Checkpoint> head = Checkpoint::parse(parsed->text);
  if (!head) return altered_since_checkpoint(head.error().message);
  if (head->log_id != *report_.log_id) return altered_since_checkpoint("a checkpoint is another log's");
  if (head->size > tree_.next()) {
    return refuse(Verdict::altered,
                  "a checkpoint promises " + std::to_string(head->size) + " records, record " +
                      std::to_string(tree_.next()) + " is missing",
                  static_cast<int64_t>(tree_.next()), static_cast<int64_t>(head->size) - 1);
  }
  if (head->size < tree_.next()) return altered_since_checkpoint("a checkpoint is not where its size puts it");
  if (head->root != tree_.root()) return altered_since_checkpoint("the signed root over them is another one");
  last_checkpoint_size_ = head->size;
  report_.last_checkpoint = SeenCheckpoint{head->size, head->root};
  report_.verified_up_to = static_cast<int64_t>(head->size) - 1;
  ++report_.checkpoints;
  tail_first_time_us_.reset();
  return true;
}

bool LogVerifier::end(uint64_t records) {
  if (refused_) return false;
  if (!started_) return refuse(Verdict::altered, "no start item");
  if (records != tree_.next()) {
    return altered_here("the log has " + std::to_string(records) + " records by its end item, " +
                        std::to_string(tree_.next()) + " are here");
  }
  ended_ = true;
  if (last_) close_count(static_cast<int64_t>(last_->seq));
  if (trust_ && seen_index_ < trust_->checkpoints.size()) {
    const uint64_t seen = trust_->checkpoints.back().size;
    return refuse(Verdict::altered,
                  "the log has shrunk: " + std::to_string(seen) + " records by the trust file, " +
                      std::to_string(records) + " are left",
                  static_cast<int64_t>(records), static_cast<int64_t>(seen) - 1);
  }
  return true;
}

bool LogVerifier::item(const ExportItem& item) {
  const auto bad = [this](const Error& error) {
    return refuse(error.code == ErrorCode::unsupported ? Verdict::unsupported : Verdict::altered, error.message,
                  static_cast<int64_t>(tree_.next()));
  };
  switch (item.kind) {
    case ItemKind::start: {
      const Result<ExportStart> decoded = ExportStart::decode(item.payload);
      return decoded ? start(*decoded) : bad(decoded.error());
    }
    case ItemKind::omitted: {
      const Result<OmittedRange> decoded = OmittedRange::decode(item.payload);
      return decoded ? omitted(*decoded) : bad(decoded.error());
    }
    case ItemKind::record: {
      Digest chain;
      if (item.payload.size() < chain.size()) return altered_here("too short");
      const size_t core_bytes = item.payload.size() - chain.size();
      std::ranges::copy(item.payload.subspan(core_bytes), chain.begin());
      return record(item.payload.first(core_bytes), chain);
    }
    case ItemKind::segment: {
      if (item.payload.size() < ed25519_signature_bytes) return altered_here("a segment item is too short");
      const size_t header_bytes = item.payload.size() - ed25519_signature_bytes;
      return segment(item.payload.first(header_bytes), item.payload.subspan(header_bytes));
    }
    case ItemKind::checkpoint:
      return checkpoint(as_text(item.payload));
    case ItemKind::end: {
      const Result<ExportEnd> decoded = ExportEnd::decode(item.payload);
      return decoded ? end(decoded->records) : bad(decoded.error());
    }
  }
  return false;
}

// segment.opened is left out: it is made by a roll, and a step of the clock is recorded right after it.
void LogVerifier::watch_time(const Record& record) {
  if (record.event == AuditEvent::segment_opened) return;
  const auto seq = static_cast<int64_t>(record.seq);
  if (last_timed_ && record.boot_id == last_timed_->boot_id) {
    const bool steps = record.event == AuditEvent::time_stepped;
    if (!steps && record.time_us < last_timed_->time_us)
      note("clock-back", seq, "the clock went back without time.stepped");
    if (!steps && record.boot_time_us < last_timed_->boot_time_us) note("clock-back", seq, "the boot clock went back");
    const bool after_downtime = record.event == AuditEvent::log_recovered || record.event == AuditEvent::log_started;
    const int64_t allowed_us = (heartbeat_s_ + heartbeat_grace_s) * us_per_s;
    if (running_ && !after_downtime && record.boot_time_us > last_timed_->boot_time_us &&
        static_cast<int64_t>(record.boot_time_us - last_timed_->boot_time_us) > allowed_us) {
      note("gap", seq, "nothing was recorded for longer than the heartbeat of " + std::to_string(heartbeat_s_) + " s");
    }
  }
  if (record.event == AuditEvent::log_started) {
    constexpr int64_t longest_heartbeat_s = int64_t{7} * 24 * 3600;
    heartbeat_s_ = std::min(integer_in(record, DetailField::heartbeat_s).value_or(heartbeat_s_), longest_heartbeat_s);
    running_ = true;
  }
  if (record.event == AuditEvent::log_stopped) running_ = false;
  last_timed_ = record;
}

void LogVerifier::watch_requests(const Record& record) {
  const auto seq = static_cast<int64_t>(record.seq);
  if (record.event == AuditEvent::daemon_started) close_count(seq);
  if (record.event == AuditEvent::inference_received) {
    ++report_.received;
    ++run_received_;
    run_number_ = std::max(run_number_, integer_in(record, DetailField::number).value_or(0));
    if (open_requests_.size() < max_tracked_requests) open_requests_.insert(id_of(record.request_id));
  }
  if (record.event == AuditEvent::inference_released) {
    ++report_.released;
    const bool tracked_all = open_requests_.size() < max_tracked_requests;
    if (open_requests_.erase(id_of(record.request_id)) == 0 && tracked_all && report_.omitted_records == 0) {
      note("unreceived", seq, "releases a request that was not received");
    }
  }
}

void LogVerifier::close_count(int64_t seq) {
  if (run_number_ > static_cast<int64_t>(run_received_) && report_.omitted_records == 0) {
    note("uncounted", seq,
         std::to_string(run_number_ - static_cast<int64_t>(run_received_)) + " of " + std::to_string(run_number_) +
             " requests the daemon counted before are not in the log");
  }
  run_received_ = 0;
  run_number_ = 0;
}

VerifyReport LogVerifier::report(int64_t now_us) const {
  VerifyReport report = report_;
  report.records = tree_.next();
  report.tail_records = tree_.next() - last_checkpoint_size_;
  if (report.tail_records > 0 && tail_first_time_us_) {
    report.tail_age_us = now_us > *tail_first_time_us_ ? now_us - *tail_first_time_us_ : 0;
  }
  report.unfinished = open_requests_.size();
  if (refused_) return report;
  if (!ended_) {
    report.verdict = Verdict::incomplete;
    report.message = "the export ends early, after " + std::to_string(report.records) + " records";
  } else if (report.checkpoints == 0) {
    report.verdict = Verdict::incomplete;
    report.message = "no checkpoint: nothing of it is signed";
  } else {
    report.verdict = trust_ ? Verdict::verified : Verdict::consistent;
    report.message = trust_ ? "verified up to record " : "consistent up to record ";
    report.message += std::to_string(report.verified_up_to);
    if (!trust_) report.message += ", origin not proven: no trust file was given";
    if (report.tail_records > 0) {
      report.message +=
          "; " + records_text(report.verified_up_to + 1, static_cast<int64_t>(report.records) - 1) + " not signed yet";
      if (report.tail_age_us >= 0)
        report.message += ", the oldest for " + std::to_string(report.tail_age_us / us_per_s) + " s";
    }
  }
  return report;
}

VerifyReport verify_export(ExportReader& reader, std::optional<Trust> trust, int64_t now_us) {
  LogVerifier verifier(std::move(trust));
  for (;;) {
    const Result<std::optional<ExportItem>> item = reader.next();
    if (!item) {
      const ErrorCode code = item.error().code;
      const Verdict verdict = code == ErrorCode::not_found     ? Verdict::incomplete
                              : code == ErrorCode::unsupported ? Verdict::unsupported
                                                               : Verdict::altered;
      verifier.refuse(verdict, item.error().message, static_cast<int64_t>(verifier.next_seq()));
      break;
    }
    if (!*item || !verifier.item(**item)) break;
  }
  return verifier.report(now_us);
}

}  // namespace tijori
