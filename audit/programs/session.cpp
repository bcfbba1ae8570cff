#include "audit/programs/session.h"

#include <algorithm>

#include <sys/socket.h>

#include "audit/programs/forms.h"
#include "base/clock.h"

namespace tijori {

namespace {

// Small enough that a slow reader holds little, large enough that frames don't count.
constexpr size_t export_chunk_bytes = size_t{256} << 10;
static_assert(export_chunk_bytes <= max_chunk_bytes);

Error cancelled_error() {
  return {ErrorCode::cancelled, "cancelled"};
}

}  // namespace

Session::Session(UniqueFd socket, GroupCommit& log, Verifications& verifications, AuditDirectory directory,
                 std::vector<KeySource> keys)
    : log_(log), verifications_(verifications), directory_(std::move(directory)), keys_(std::move(keys)) {
  // A daemon that doesn't read must not hold the log's thread for ever.
  const struct timeval timeout{.tv_sec = send_timeout_s, .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  channel_ = std::make_shared<FrameChannel>(std::move(socket));
}

Session::~Session() {
  collect_readings(true);
}

void Session::end() {
  channel_->shutdown();
}

void Session::cancel_readings() {
  const std::lock_guard lock(readings_mutex_);
  for (const auto& [request_id, reading] : readings_) {
    {
      const std::lock_guard inner(reading->mutex);
      reading->cancelled = true;
    }
    reading->changed.notify_all();
  }
}

Status Session::check_cancelled(Reading& reading) {
  const std::lock_guard lock(reading.mutex);
  return reading.cancelled ? fail(cancelled_error()) : Status();
}

Status Session::send(MessageType type, uint64_t request_id, std::string_view payload) {
  return channel_->write(number_of(type), request_id, payload);
}

std::string Session::status_reply() const {
  return to_json(form_of(log_.status(), verifications_.state(), keys_));
}

Status Session::send_error(uint64_t request_id, const Error& error) {
  return send(MessageType::error, request_id, to_json(peer_error(error)));
}

void Session::run() {
  Status goes_on = greet();
  while (goes_on) {
    Result<Frame> frame = channel_->read();
    if (!frame) {
      if (frame.error().code == ErrorCode::malformed) static_cast<void>(send_error(0, frame.error()));
      break;
    }
    collect_readings(false);
    goes_on = dispatch(*frame);
  }
  channel_->shutdown();
  collect_readings(true);
}

Status Session::greet() {
  TRY_ASSIGN(const Frame frame, channel_->read());
  const auto refuse = [&](const Error& error) -> Status {
    static_cast<void>(send_error(0, error));
    return fail(error);
  };
  if (frame.type != number_of(MessageType::hello)) return refuse({ErrorCode::malformed, "expected hello first"});
  const Result<Hello> hello = parse_message<Hello>("hello", frame.payload);
  if (!hello) return refuse(hello.error());
  if (hello->protocol != inner_protocol_version) {
    return refuse({ErrorCode::unsupported, "hello: protocol " + std::to_string(hello->protocol) + ", this is " +
                                               std::to_string(inner_protocol_version)});
  }
  return send(MessageType::hello, frame.request_id,
              to_json(Hello{inner_protocol_version, "tijori-audit", TIJORI_VERSION}));
}

// Errors of a request are sent and are no reason to end; what this returns is.
Status Session::dispatch(const Frame& frame) {
  const uint64_t id = frame.request_id;
  const auto answered = [&](const Status& done) { return done ? Status() : send_error(id, done.error()); };
  switch (static_cast<MessageType>(frame.type)) {
    case MessageType::append:
      return answered(append(frame));
    case MessageType::status:
      return send(MessageType::status_reply, id, status_reply());
    case MessageType::keys:
      return send(MessageType::keys_reply, id, to_json(keys_of(log_.status())));
    case MessageType::checkpoint:
      start_reading(id, 0, [this](uint64_t request, Reading&) { return checkpoint(request); });
      return {};
    case MessageType::reopen:
      start_reading(id, 0, [this](uint64_t request, Reading&) { return reopen(request); });
      return {};
    case MessageType::list:
      start_reading(id, 0,
                    [this, payload = frame.payload](uint64_t request, Reading&) { return list(request, payload); });
      return {};
    case MessageType::show:
      start_reading(id, 0,
                    [this, payload = frame.payload](uint64_t request, Reading&) { return show(request, payload); });
      return {};
    case MessageType::prove:
      start_reading(id, 0,
                    [this, payload = frame.payload](uint64_t request, Reading&) { return prove(request, payload); });
      return {};
    case MessageType::compare:
      start_reading(id, 0,
                    [this, payload = frame.payload](uint64_t request, Reading&) { return compare(request, payload); });
      return {};
    case MessageType::count:
      start_reading(id, 0, [this, payload = frame.payload](uint64_t request, Reading& reading) {
        return count(request, payload, reading);
      });
      return {};
    case MessageType::verify:
      start_reading(id, 0, [this](uint64_t request, Reading& reading) { return verify(request, reading); });
      return {};
    case MessageType::export_log:
      start_reading(id, 0, [this, payload = frame.payload](uint64_t request, Reading& reading) {
        return export_log(request, payload, reading);
      });
      return {};
    case MessageType::credit:
    case MessageType::cancel: {
      int64_t frames = 0;
      if (frame.type == number_of(MessageType::credit)) {
        const Result<Credit> credit = parse_message<Credit>("credit", frame.payload);
        if (!credit) return answered(fail(credit.error()));
        frames = std::clamp<int64_t>(credit->frames, 0, INT32_MAX);
      }
      const std::lock_guard lock(readings_mutex_);
      const auto found = readings_.find(id);
      if (found == readings_.end()) return {};
      {
        const std::lock_guard inner(found->second->mutex);
        found->second->credit = std::min<int64_t>(found->second->credit + frames, INT32_MAX);
        if (frame.type == number_of(MessageType::cancel)) found->second->cancelled = true;
      }
      found->second->changed.notify_all();
      return {};
    }
    default:
      return answered(
          fail(ErrorCode::unsupported, "message type " + std::to_string(frame.type) + " is not known here"));
  }
}

Status Session::append(const Frame& frame) {
  TRY_ASSIGN(const AppendRequest request, parse_message<AppendRequest>("append", frame.payload));
  TRY_ASSIGN(AppendBatch batch, batch_of(request));
  log_.append(std::move(batch), [channel = channel_, id = frame.request_id, &log = log_](const Receipts& receipts) {
    const Status sent =
        receipts
            ? channel->write(number_of(MessageType::appended), id, to_json(reply_of(log.status().log_id, *receipts)))
            : channel->write(number_of(MessageType::error), id, to_json(peer_error(receipts.error())));
    // Nobody can be told: the daemon will see the connection end and refuse the request.
    if (!sent) channel->shutdown();
  });
  return {};
}

void Session::start_reading(uint64_t request_id, int64_t credit, Work work) {
  const std::lock_guard lock(readings_mutex_);
  if (readings_.size() >= max_readings_per_session || readings_.contains(request_id)) {
    const Error error{readings_.contains(request_id) ? ErrorCode::already_exists : ErrorCode::resource_exhausted,
                      "too many readings of the log at once"};
    static_cast<void>(send_error(request_id, error));
    return;
  }
  const auto reading = std::make_shared<Reading>();
  reading->credit = credit;
  readings_.emplace(request_id, reading);
  reading->thread = std::thread([this, request_id, reading, work = std::move(work)] {
    if (const Status done = work(request_id, *reading); !done) {
      static_cast<void>(send_error(request_id, done.error()));
    }
    const std::lock_guard inner(reading->mutex);
    reading->finished = true;
  });
}

// Joins readings that are over; with `all`, cancels the others and waits for them.
void Session::collect_readings(bool all) {
  std::vector<std::shared_ptr<Reading>> over;
  {
    const std::lock_guard lock(readings_mutex_);
    std::erase_if(readings_, [&](const auto& entry) {
      const std::lock_guard inner(entry.second->mutex);
      if (!all && !entry.second->finished) return false;
      entry.second->cancelled = true;
      over.push_back(entry.second);
      return true;
    });
  }
  for (const auto& reading : over) {
    reading->changed.notify_all();
    reading->thread.join();
  }
}

Result<LogReader> Session::open_reader() {
  return LogReader::open(directory_, [this] { return log_.status().records; });
}

Status Session::list(uint64_t request_id, const std::string& payload) {
  TRY_ASSIGN(const ListRequest request, parse_message<ListRequest>("list", payload));
  TRY_ASSIGN(const RecordFilter filter, filter_of(request));
  TRY_ASSIGN(LogReader reader, open_reader());
  TRY_ASSIGN(const std::vector<ReadRecord> found, reader.list(filter, static_cast<uint64_t>(request.limit)));
  AuditRecords reply;
  for (const ReadRecord& read : found) reply.records.push_back(form_of(read));
  return send(MessageType::records, request_id, to_json(reply));
}

Status Session::show(uint64_t request_id, const std::string& payload) {
  TRY_ASSIGN(const SeqRequest request, parse_message<SeqRequest>("show", payload));
  if (request.seq < 0) return fail(ErrorCode::invalid_argument, "seq: negative");
  TRY_ASSIGN(LogReader reader, open_reader());
  TRY_ASSIGN(const ReadRecord read, reader.show(static_cast<uint64_t>(request.seq)));
  return send(MessageType::records, request_id, to_json(AuditRecords{{form_of(read)}}));
}

Status Session::prove(uint64_t request_id, const std::string& payload) {
  TRY_ASSIGN(const SeqRequest request, parse_message<SeqRequest>("prove", payload));
  if (request.seq < 0) return fail(ErrorCode::invalid_argument, "seq: negative");
  const auto seq = static_cast<uint64_t>(request.seq);
  if (const LogStatus status = log_.status(); seq >= status.last_checkpoint_size && seq < status.records) {
    log_.with_log([](LogWriter& log) { static_cast<void>(log.checkpoint()); });
  }
  TRY_ASSIGN(LogReader reader, open_reader());
  TRY_ASSIGN(const InclusionProof proof, reader.prove(seq));
  return send(MessageType::proof, request_id, to_json(form_of(proof)));
}

Status Session::compare(uint64_t request_id, const std::string& payload) {
  TRY_ASSIGN(const ConsistencyRequest request, parse_message<ConsistencyRequest>("compare", payload));
  if (request.old_size < 0) return fail(ErrorCode::invalid_argument, "old_size: negative");
  if (request.size < 0) return fail(ErrorCode::invalid_argument, "size: negative");
  TRY_ASSIGN(LogReader reader, open_reader());
  TRY_ASSIGN(const ConsistencyOfHeads heads,
             reader.compare(static_cast<uint64_t>(request.old_size), static_cast<uint64_t>(request.size)));
  return send(MessageType::comparison, request_id, to_json(form_of(heads)));
}

Status Session::count(uint64_t request_id, const std::string& payload, Reading& reading) {
  TRY_ASSIGN(const CountRequest request, parse_message<CountRequest>("count", payload));
  TRY_ASSIGN(const RecordFilter filter, filter_of(request));
  TRY_ASSIGN(LogReader reader, open_reader());
  TRY_ASSIGN(const RecordCounts counts,
             reader.count(filter, request.bucket_us, [&](uint64_t, uint64_t) { return check_cancelled(reading); }));
  return send(MessageType::counts, request_id, to_json(form_of(counts)));
}

Status Session::export_log(uint64_t request_id, const std::string& payload, Reading& reading) {
  TRY_ASSIGN(const ExportRequest request, parse_message<ExportRequest>("export", payload));
  {
    const std::lock_guard lock(reading.mutex);
    reading.credit += std::clamp<int64_t>(request.credit, 0, INT32_MAX);
  }
  TRY_ASSIGN(LogReader reader, open_reader());
  const auto total = static_cast<int64_t>(reader.size());
  const int64_t first = std::max<int64_t>(request.first_seq.value_or(0), 0);
  const int64_t last = std::min(request.last_seq.value_or(total - 1), total - 1);
  if (first > last) return fail(ErrorCode::invalid_argument, "first_seq, last_seq: the log has no such records");

  Sha256 hash;
  std::string chunk;
  const auto flush = [&]() -> Status {
    if (chunk.empty()) return {};
    std::unique_lock lock(reading.mutex);
    reading.changed.wait(lock, [&] { return reading.credit > 0 || reading.cancelled; });
    if (reading.cancelled) return fail(cancelled_error());
    --reading.credit;
    lock.unlock();
    TRY(send(MessageType::chunk, request_id, chunk));
    chunk.clear();
    return {};
  };
  ExportWriter writer([&](ByteView bytes) -> Status {
    hash.update(bytes);
    if (chunk.size() + bytes.size() > export_chunk_bytes) TRY(flush());
    chunk.append(as_text(bytes));
    return {};
  });
  TRY(reader.export_log(writer, static_cast<uint64_t>(first), static_cast<uint64_t>(last), wall_clock_us(),
                        [&](uint64_t, uint64_t) { return check_cancelled(reading); }));
  TRY(flush());
  return send(MessageType::exported, request_id,
              to_json(ExportedReply{static_cast<int64_t>(writer.written_bytes()), to_hex(hash.finish()), first, last}));
}

Status Session::verify(uint64_t request_id, Reading& reading) {
  TRY_ASSIGN(LogReader reader, open_reader());
  AuditVerdict verdict;
  {
    Verifications::Run run(verifications_, reader.size());
    const LogReader::Progress progress = [&](uint64_t done, uint64_t total) -> Status {
      TRY(check_cancelled(reading));
      run.advance(done);
      return send(MessageType::progress, request_id,
                  to_json(Progress{"verify", static_cast<int64_t>(done), static_cast<int64_t>(total)}));
    };
    // This process holds the key, so what it signed is known to be its own.
    TRY_ASSIGN(const VerifyReport report, reader.verify(Trust{{log_.status().key}, {}}, wall_clock_us(), progress));
    verdict = form_of(report);
    run.conclude(verdict.verdict, verdict.verified_up_to, wall_clock_us());
  }
  // The run has ended by now, so whoever asks after the verdict is told so.
  return send(MessageType::verdict, request_id, to_json(verdict));
}

Status Session::checkpoint(uint64_t request_id) {
  Result<std::string> note = fail(ErrorCode::unavailable, "the audit log is stopping");
  log_.with_log([&](LogWriter& log) { note = log.checkpoint(); });
  if (!note) return fail(note.error());
  return send(MessageType::checkpoint_reply, request_id, to_json(CheckpointReply{*note}));
}

Status Session::reopen(uint64_t request_id) {
  Status done = fail(ErrorCode::unavailable, "the audit log is stopping");
  log_.with_log([&](LogWriter& log) { done = log.reopen(); });
  if (!done) return done;
  return send(MessageType::status_reply, request_id, status_reply());
}

}  // namespace tijori
