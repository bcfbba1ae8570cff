#include "audit/store/log_writer.h"

#include <algorithm>

#include <sys/stat.h>

#include "audit/proof/cbor.h"
#include "audit/proof/verifier.h"

namespace tijori {

namespace {

constexpr int64_t us_per_s = 1'000'000;
constexpr int64_t us_per_day = int64_t{24} * 3600 * us_per_s;
// How far the wall clock may drift from the boot clock before it counts as a step: a second, and what the kernel slews.
constexpr int64_t step_tolerance_us = us_per_s;
constexpr int64_t slew_parts = 1000;
constexpr int max_seal_tries = 5;  // each waits for SQLite's busy timeout
constexpr int64_t roll_retry_us = 10 * us_per_s;
// Space: shares of the file system, but a large disk needs no more than so much.
constexpr uint64_t tight_percent = 15;
constexpr uint64_t reserve_percent = 5;
constexpr uint64_t tight_enough_bytes = uint64_t{4} << 30;
constexpr uint64_t reserve_enough_bytes = uint64_t{1} << 30;

Id request_of(const RecordDraft& draft) {
  Id id{};
  if (draft.request_id.size() == id.size()) std::ranges::copy(draft.request_id, id.begin());
  return id;
}

RecordDraft own_event(AuditEvent event, Detail detail) {
  RecordDraft draft;
  draft.event = event;
  draft.detail = std::move(detail);
  return draft;
}

int64_t day_of(int64_t wall_us) {
  return wall_us / us_per_day - (wall_us % us_per_day < 0 ? 1 : 0);
}

}  // namespace

std::string_view name_of(LogState state) {
  switch (state) {
    case LogState::normal:
      return "normal";
    case LogState::tight:
      return "tight";
    case LogState::reserve:
      return "reserve";
    case LogState::blocked:
      return "blocked";
  }
  return "blocked";
}

Result<std::unique_ptr<LogWriter>> LogWriter::open(AuditOptions options) {
  const AuditDirectory& directory = options.directory;
  TRY(directory.make());
  TRY_ASSIGN(UniqueFd lock, directory.take_lock());
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(directory.ledger(), ignored);
  const auto load = [&](const std::filesystem::path& own, const std::filesystem::path& given) {
    if (!given.empty()) return load_key(given, MissingKey::refuse);
    return load_key(own, is_new ? MissingKey::create : MissingKey::refuse);
  };
  TRY_ASSIGN(const Secret seed, load(directory.signing_key(), options.signing_key_file));
  TRY_ASSIGN(Ed25519Key key, Ed25519Key::from_seed(seed.bytes()));
  TRY_ASSIGN(Secret subject_key, load(directory.subject_key(), options.subject_key_file));
  TRY_ASSIGN(const std::string boot_text, read_boot_id());
  TRY_ASSIGN(const Bytes boot_bytes, from_hex(boot_text));
  Id boot_id{};
  if (boot_bytes.size() != boot_id.size()) return fail(ErrorCode::malformed, "boot id: not 16 bytes");
  std::ranges::copy(boot_bytes, boot_id.begin());
  if (!options.space) {
    options.space = [root = directory.root] { return disk_space(root); };
  }
  std::unique_ptr<LogWriter> log(
      new LogWriter(std::move(options), std::move(lock), std::move(key), std::move(subject_key), boot_id));
  log->watch_space();
  Status running = log->load();
  if (running) running = log->begin_running("unclean-stop");
  if (!running) log->block(running.error());
  log->watch_space();
  return log;
}

// Reads what is there into the fields, verifying all headers and the open segment. Writes nothing but the tables of a
// new log.
Status LogWriter::load() {
  segment_file_.reset();
  ledger_.reset();
  TRY_ASSIGN(ledger_, Ledger::create(options_.directory.ledger(), key_.public_key()));
  TRY_ASSIGN(const std::vector<StoredHeader> headers, ledger_->headers());
  chain_ = chain_start(ledger_->log_id());
  tree_ = TreeRange();
  previous_header_ = Digest{};
  sealed_by_stop_ = true;
  last_.reset();
  last_timed_.reset();
  open_requests_.clear();
  for (const StoredHeader& stored : headers) {
    TRY_ASSIGN(const TreeRange range,
               TreeRange::from_hashes(stored.header.first_seq, stored.header.next_seq(), stored.header.range));
    if (range.first() != tree_.next()) return fail(ErrorCode::corrupted, "ledger: segments do not follow one another");
    tree_.append(range);
    chain_ = stored.header.chain_after;
    previous_header_ = header_hash(stored.bytes);
    sealed_by_stop_ = stored.header.cause == "stop";
  }
  segment_ = headers.size();
  segment_chain_before_ = chain_;
  segment_range_ = TreeRange(tree_.next());
  segment_tree_ = TreeRange();
  TRY_ASSIGN(const std::vector<Id> carried, ledger_->carried_requests());
  open_requests_.insert(carried.begin(), carried.end());
  TRY(load_segment(headers));
  TRY_ASSIGN(const std::vector<StoredCheckpoint> checkpoints, ledger_->checkpoints());
  if (!checkpoints.empty()) {
    last_checkpoint_size_ = checkpoints.back().size;
    last_checkpoint_us_ = checkpoints.back().made_us;
    last_note_ = checkpoints.back().note;
  }
  recall_last_time(headers);
  durable_records_ = tree_.next();
  durable_chain_ = chain_;
  return {};
}

// After a clean stop the clocks are held against the last record of the segment before. Only for time.stepped, so a
// segment that can't be read here is left to the verifier.
void LogWriter::recall_last_time(const std::vector<StoredHeader>& headers) {
  if (last_timed_ || headers.empty()) return;
  Result<SegmentFile> file = SegmentFile::open(options_.directory.segment(segment_ - 1));
  if (!file) return;
  static_cast<void>(file->find({}, 1, [this](const SegmentRow& row) -> Status {
    TRY_ASSIGN(last_timed_, decode_core(row.core));
    return {};
  }));
}

Status LogWriter::load_segment(const std::vector<StoredHeader>& headers) {
  // The verifier an auditor uses, over the headers and the records that are not sealed yet.
  LogVerifier verifier(Trust{{ledger_->key()}, {}});
  const auto refused = [&]() -> Status {
    const VerifyReport report = verifier.report(0);
    return fail(ErrorCode::corrupted, "the log does not verify: " + report.message);
  };
  TRY_ASSIGN(const std::vector<StoredCheckpoint> checkpoints, ledger_->checkpoints());
  size_t next_checkpoint = 0;
  const auto check_head = [&]() -> bool {
    const uint64_t size = verifier.next_seq();
    while (next_checkpoint < checkpoints.size() && checkpoints[next_checkpoint].size < size) ++next_checkpoint;
    if (next_checkpoint == checkpoints.size() || checkpoints[next_checkpoint].size != size) return true;
    return verifier.checkpoint(checkpoints[next_checkpoint].note);
  };
  if (!verifier.start({ledger_->log_id(), ledger_->key().text(), 0})) return refused();
  for (const StoredHeader& stored : headers) {
    TRY_ASSIGN(const TreeRange range,
               TreeRange::from_hashes(stored.header.first_seq, stored.header.next_seq(), stored.header.range));
    if (!verifier.omitted({range, stored.header.chain_after}) || !verifier.segment(stored.bytes, stored.signature) ||
        !check_head()) {
      return refused();
    }
  }
  const std::filesystem::path path = options_.directory.segment(segment_);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    // A seal that didn't get to its header leaves the file read-only.
    if (::chmod(path.c_str(), 0600) != 0) return fail_errno("chmod", path.string());
    TRY_ASSIGN(segment_file_, SegmentFile::create(path));
    TRY_ASSIGN(const uint64_t rows, segment_file_->count());
    durable_records_ = tree_.next() + rows;
    TRY(segment_file_->for_each(0, [&](const SegmentRow& row) -> Status {
      Digest chain{};
      if (row.chain.size() == chain.size()) std::ranges::copy(row.chain, chain.begin());
      if (!verifier.record(row.core, chain) || !check_head()) return refused();
      TRY_ASSIGN(const Record record, decode_core(row.core));
      if (const Status same = check_columns(row, record); !same) {
        return fail(same.error().in("record " + std::to_string(record.seq)));
      }
      const Digest leaf = leaf_hash(row.core);
      chain_ = chain;
      tree_.append(leaf);
      segment_range_.append(leaf);
      segment_tree_.append(leaf);
      follow(record);
      return {};
    }));
  }
  if (next_checkpoint < checkpoints.size() && checkpoints.back().size > verifier.next_seq()) {
    verifier.checkpoint(checkpoints.back().note);
    return refused();
  }
  return {};
}

// Ends what a crash or a failed store left open, and says that the log runs again.
Status LogWriter::begin_running(std::string_view recovery_cause) {
  const bool unclean = last_ ? last_->event != AuditEvent::log_stopped : !sealed_by_stop_;
  if (!segment_file_ || segment_range_.next() == segment_range_.first()) TRY(open_next_segment());
  std::vector<RecordDraft> drafts;
  if (unclean) {
    drafts.push_back(
        own_event(AuditEvent::log_recovered, {{DetailField::cause, std::string(recovery_cause)},
                                              {DetailField::unfinished, static_cast<int64_t>(open_requests_.size())}}));
    for (RecordDraft& aborted : aborts_of_open_requests("log-interrupted")) drafts.push_back(std::move(aborted));
  }
  drafts.push_back(own_event(AuditEvent::log_started, {{DetailField::version, options_.program_version},
                                                       {DetailField::key, sha256(key_.public_key())},
                                                       {DetailField::heartbeat_s, options_.heartbeat_s}}));
  TRY(commit_own(drafts));
  return sign_head();
}

Status LogWriter::open_next_segment() {
  const std::filesystem::path path = options_.directory.segment(segment_);
  if (!segment_file_) {
    TRY_ASSIGN(segment_file_, SegmentFile::create(path));
    TRY(sync_directory(options_.directory.segments()));
  }
  const RecordDraft opened = own_event(AuditEvent::segment_opened, {{DetailField::previous_header, previous_header_},
                                                                    {DetailField::key, sha256(key_.public_key())}});
  return commit_own({&opened, 1});
}

// What a record changes in the writer's view of the log.
void LogWriter::follow(const Record& record) {
  if (segment_tree_.next() == 1) segment_first_time_us_ = record.time_us;
  if (record.event == AuditEvent::inference_received) open_requests_.insert(request_of(record));
  if (record.event == AuditEvent::inference_released) open_requests_.erase(request_of(record));
  if (record.event != AuditEvent::segment_opened) last_timed_ = record;
  last_ = record;
}

// Stamps and inserts one record into the open transaction.
Status LogWriter::write(const RecordDraft& draft) {
  const Stamp stamp = now();
  if (draft.event != AuditEvent::time_stepped && draft.event != AuditEvent::segment_opened) TRY(write_time_step(stamp));
  Record record;
  static_cast<RecordDraft&>(record) = draft;
  record.log_id = ledger_->log_id();
  record.seq = tree_.next();
  record.segment = segment_;
  record.boot_id = boot_id_;
  record.time_us = stamp.wall_us;
  record.boot_time_us = static_cast<uint64_t>(std::max<int64_t>(stamp.boot_us, 0));
  record.time_status = options_.time_status();
  TRY_ASSIGN(const Bytes core, encode_core(record));
  const Digest leaf = leaf_hash(core);
  const Digest chain = chain_next(chain_, leaf);
  TRY(segment_file_->insert(record, core, chain));
  chain_ = chain;
  tree_.append(leaf);
  segment_range_.append(leaf);
  segment_tree_.append(leaf);
  follow(record);
  return {};
}

Status LogWriter::write_time_step(const Stamp& stamp) {
  if (!last_timed_ || last_timed_->boot_id != boot_id_) return {};
  const int64_t elapsed_us = stamp.boot_us - static_cast<int64_t>(last_timed_->boot_time_us);
  const int64_t expected_us = last_timed_->time_us + elapsed_us;
  const int64_t tolerance_us = step_tolerance_us + std::max<int64_t>(elapsed_us, 0) / slew_parts;
  const bool steps = stamp.wall_us < last_timed_->time_us || elapsed_us < 0 ||
                     stamp.wall_us - expected_us > tolerance_us || expected_us - stamp.wall_us > tolerance_us;
  if (!steps) return {};
  return write(own_event(AuditEvent::time_stepped,
                         {{DetailField::before_us, expected_us}, {DetailField::after_us, stamp.wall_us}}));
}

// The log's own records, in a transaction of their own.
Status LogWriter::commit_own(std::span<const RecordDraft> drafts) {
  TRY(segment_file_->begin());
  for (const RecordDraft& draft : drafts) TRY(write(draft));
  TRY(segment_file_->commit());
  durable_records_ = tree_.next();
  durable_chain_ = chain_;
  last_append_boot_us_ = now().boot_us;
  return {};
}

std::vector<RecordDraft> LogWriter::aborts_of_open_requests(std::string_view code) const {
  std::vector<RecordDraft> drafts;
  for (const Id& request : open_requests_) {
    RecordDraft draft = own_event(AuditEvent::inference_released, {{DetailField::code, std::string(code)}});
    draft.outcome = AuditOutcome::aborted;
    draft.request_id.assign(request.begin(), request.end());
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

// Rules that look at the draft alone, and what only this process may do: references and purposes.
Status LogWriter::prepare(AppendBatch& request) {
  if (!request.subject_texts.empty() && request.subject_texts.size() != request.drafts.size()) {
    return fail(ErrorCode::invalid_argument, "subject: not one per record");
  }
  for (size_t i = 0; i < request.drafts.size(); ++i) {
    RecordDraft& draft = request.drafts[i];
    if (rule_of(draft.event).origin == EventRule::Origin::log) {
      return fail(ErrorCode::invalid_argument, "event: " + std::string(name_of(draft.event)) + " is the log's own");
    }
    const bool registered =
        options_.purposes.empty() ? is_token(draft.purpose) : options_.purposes.contains(draft.purpose);
    if (!draft.purpose.empty() && !registered) draft.purpose = unregistered_purpose;
    if (i < request.subject_texts.size() && !request.subject_texts[i].empty()) {
      std::string& text = request.subject_texts[i];
      draft.subjects = {subject_reference(subject_key_.bytes(), text)};
      wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
    }
    TRY(check_draft(draft));
  }
  return {};
}

// Rules between records: what is received once is released once. Looks at the batch in order.
Status LogWriter::check_requests(const AppendBatch& request) const {
  std::set<Id> opened;
  std::set<Id> closed;
  for (const RecordDraft& draft : request.drafts) {
    const Id id = request_of(draft);
    const bool is_open = (open_requests_.contains(id) || opened.contains(id)) && !closed.contains(id);
    if (draft.event == AuditEvent::inference_received) {
      if (state_ == LogState::reserve) {
        return fail(ErrorCode::resource_exhausted,
                    "the audit disk is nearly full; no new inference until it has space");
      }
      if (is_open) return fail(ErrorCode::already_exists, "request_id: this request was received already");
      opened.insert(id);
      closed.erase(id);
    }
    if (draft.event == AuditEvent::guardrail_decided && !is_open)
      return fail(ErrorCode::not_found, "request_id: no such request is open");
    if (draft.event == AuditEvent::inference_released) {
      if (!is_open) return fail(ErrorCode::not_found, "request_id: no such request is open");
      closed.insert(id);
    }
  }
  return {};
}

Receipts LogWriter::write_request(const AppendBatch& request) {
  std::vector<AppendReceipt> receipts;
  for (const RecordDraft& draft : request.drafts) {
    // A new run of the daemon knows nothing of the old one's requests.
    if (draft.event == AuditEvent::daemon_started) {
      for (const RecordDraft& aborted : aborts_of_open_requests("daemon-restarted")) TRY(write(aborted));
    }
    TRY(write(draft));
    TRY_ASSIGN(const Bytes core, encode_core(*last_));
    receipts.push_back({last_->seq, leaf_hash(core)});
  }
  return receipts;
}

std::vector<Receipts> LogWriter::refuse_all(size_t count, const Error& error) const {
  return std::vector<Receipts>(count, Receipts(fail(error)));
}

std::vector<Receipts> LogWriter::append(std::vector<AppendBatch> requests) {
  const auto unavailable = [&] {
    return refuse_all(requests.size(), {ErrorCode::unavailable, "the audit log takes no records: " + reason_});
  };
  if (stopped_) return refuse_all(requests.size(), {ErrorCode::unavailable, "the audit log is stopped"});
  if (state_ == LogState::blocked) return unavailable();
  const auto written = [&]() -> Result<std::vector<Receipts>> {
    TRY(roll_if_due());
    std::vector<Receipts> results;
    TRY(segment_file_->begin());
    for (AppendBatch& request : requests) {
      Status allowed = prepare(request);
      if (allowed) allowed = check_requests(request);
      if (!allowed) {
        results.emplace_back(fail(allowed.error()));
        continue;
      }
      Receipts receipts = write_request(request);
      if (!receipts) return fail(receipts.error());
      results.push_back(std::move(receipts));
    }
    TRY(segment_file_->commit());
    return results;
  }();
  if (!written) {
    block(written.error());
    return unavailable();
  }
  durable_records_ = tree_.next();
  durable_chain_ = chain_;
  last_append_boot_us_ = now().boot_us;
  return *written;
}

Status LogWriter::sign_head() {
  if (durable_records_ == last_checkpoint_size_ && !last_note_.empty()) return {};
  const Checkpoint head{ledger_->log_id(), tree_.next(), tree_.root()};
  StoredCheckpoint stored;
  stored.size = head.size;
  stored.made_us = now().wall_us;
  stored.note = sign_note(head.text(), checkpoint_origin(head.log_id), key_).format();
  TRY(ledger_->add_checkpoint(stored));
  last_checkpoint_size_ = stored.size;
  last_checkpoint_us_ = stored.made_us;
  last_checkpoint_boot_us_ = now().boot_us;
  last_note_ = std::move(stored.note);
  return {};
}

Result<std::string> LogWriter::checkpoint() {
  if (stopped_ || state_ == LogState::blocked) {
    return fail(ErrorCode::unavailable, "no checkpoint can be made: " + (stopped_ ? "the log is stopped" : reason_));
  }
  if (const Status signed_head = sign_head(); !signed_head) {
    block(signed_head.error());
    return fail(signed_head.error());
  }
  return last_note_;
}

// unavailable, with nothing changed, while a reader holds the file.
Status LogWriter::seal(std::string_view cause) {
  TRY(sign_head());
  TRY(segment_file_->finish());
  segment_file_.reset();
  const std::filesystem::path path = options_.directory.segment(segment_);
  if (::chmod(path.c_str(), 0400) != 0) return fail_errno("chmod", path.string());
  SegmentHeader header;
  header.log_id = ledger_->log_id();
  header.segment = segment_;
  header.first_seq = segment_range_.first();
  header.count = segment_tree_.next();
  header.first_time_us = segment_first_time_us_;
  header.last_time_us = last_->time_us;
  header.chain_before = segment_chain_before_;
  header.chain_after = chain_;
  header.root = segment_tree_.root();
  header.range.assign(segment_range_.hashes().begin(), segment_range_.hashes().end());
  header.previous_header = previous_header_;
  TRY_ASSIGN(header.file_digest, digest_file(path));
  header.retention = "standard";
  header.erase_not_before_us = header.last_time_us + options_.retention_days * us_per_day;
  header.cause = cause;
  const Bytes bytes = header.encode();
  TRY(ledger_->add_header(bytes, sign_header(bytes, key_), segment_, {open_requests_.begin(), open_requests_.end()}));
  previous_header_ = header_hash(bytes);
  ++segment_;
  segment_chain_before_ = chain_;
  segment_range_ = TreeRange(tree_.next());
  segment_tree_ = TreeRange();
  return {};
}

Status LogWriter::roll_if_due() {
  if (now().boot_us < next_roll_boot_us_) return {};
  TRY_ASSIGN(const uint64_t size_bytes, segment_file_->size_bytes());
  const bool too_large = size_bytes >= options_.segment_limit_bytes;
  const bool day_is_over = day_of(now().wall_us) > day_of(segment_first_time_us_);
  if (!too_large && !day_is_over) return {};
  const Status sealed = seal(too_large ? "size" : "day");
  // A reader has the file: it is sealed a little later.
  if (!sealed && sealed.error().code == ErrorCode::unavailable && segment_file_) {
    next_roll_boot_us_ = now().boot_us + roll_retry_us;
    return {};
  }
  TRY(sealed);
  return open_next_segment();
}

void LogWriter::block(const Error& error) {
  state_ = LogState::blocked;
  reason_ = error.message;
  blocked_boot_us_ = now().boot_us;
  disk_was_full_ = error.code == ErrorCode::resource_exhausted;
  // What SQLite knows of the files is not trusted any more.
  segment_file_.reset();
  if (disk_was_full_) release_ballast(options_.directory.ballast());
}

Status LogWriter::reopen() {
  if (stopped_) return fail(ErrorCode::unavailable, "the audit log is stopped");
  if (state_ != LogState::blocked) return {};
  Status reopened = load();
  if (reopened) reopened = begin_running(disk_was_full_ ? "disk-full" : "store-error");
  if (!reopened) {
    block(reopened.error());
    return reopened;
  }
  state_ = LogState::normal;
  reason_.clear();
  watch_space();
  return {};
}

void LogWriter::watch_space() {
  const Result<DiskSpace> space = options_.space();
  if (!space) return;
  free_bytes_ = space->free_bytes;
  if (state_ == LogState::blocked) return;
  const auto below = [&](uint64_t percent, uint64_t enough_bytes) {
    return space->free_bytes < std::min(space->total_bytes / 100 * percent, enough_bytes);
  };
  state_ = below(reserve_percent, reserve_enough_bytes) ? LogState::reserve
           : below(tight_percent, tight_enough_bytes)   ? LogState::tight
                                                        : LogState::normal;
  std::error_code ignored;
  const std::filesystem::path ballast = options_.directory.ballast();
  if (state_ == LogState::normal && options_.ballast_bytes > 0 && !std::filesystem::exists(ballast, ignored)) {
    // Without it the log still works; the next tick tries again.
    static_cast<void>(make_ballast(ballast, options_.ballast_bytes));
  }
}

void LogWriter::tick() {
  if (stopped_) return;
  const int64_t boot_us = now().boot_us;
  if (state_ == LogState::blocked) {
    if (boot_us - blocked_boot_us_ >= options_.reopen_after_s * us_per_s) static_cast<void>(reopen());
    return;
  }
  watch_space();
  const auto done = [&]() -> Status {
    TRY(roll_if_due());
    if (boot_us - last_append_boot_us_ >= options_.heartbeat_s * us_per_s) {
      const RecordDraft beat =
          own_event(AuditEvent::heartbeat, {{DetailField::state, std::string(name_of(state_))},
                                            {DetailField::unfinished, static_cast<int64_t>(open_requests_.size())}});
      TRY(commit_own({&beat, 1}));
    }
    if (boot_us - last_checkpoint_boot_us_ >= options_.checkpoint_s * us_per_s) TRY(sign_head());
    return {};
  }();
  if (!done) block(done.error());
}

Status LogWriter::stop(std::string_view cause) {
  if (stopped_) return {};
  if (state_ == LogState::blocked) TRY(reopen());
  const auto done = [&]() -> Status {
    std::vector<RecordDraft> drafts = aborts_of_open_requests("log-stopped");
    drafts.push_back(own_event(
        AuditEvent::log_stopped,
        {{DetailField::cause, std::string(cause)}, {DetailField::unfinished, static_cast<int64_t>(drafts.size())}}));
    TRY(commit_own(drafts));
    Status sealed = seal("stop");
    // A reading that was asked to end may still hold the file.
    for (int tries = 0; tries < max_seal_tries && !sealed && segment_file_; ++tries) sealed = seal("stop");
    return sealed;
  }();
  if (!done) {
    block(done.error());
    return done;
  }
  stopped_ = true;
  return {};
}

LogStatus LogWriter::status() const {
  LogStatus status;
  status.state = state_;
  status.reason = reason_;
  if (ledger_) {
    status.log_id = ledger_->log_id();
    status.key = ledger_->key();
  }
  status.records = durable_records_;
  status.segment = segment_;
  status.head = durable_chain_;
  status.last_checkpoint_size = last_checkpoint_size_;
  status.last_checkpoint_us = last_checkpoint_us_;
  status.last_checkpoint = last_note_;
  status.free_bytes = free_bytes_;
  status.unfinished = open_requests_.size();
  return status;
}

}  // namespace tijori
