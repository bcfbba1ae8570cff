// Small logs in memory, as lists of export items that a test can bend before it joins them to a file.
#pragma once

#include <cstring>
#include <numeric>
#include <optional>
#include <vector>

#include "audit/proof/checkpoint.h"
#include "audit/proof/export.h"
#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/segment_header.h"
#include "audit/proof/signed_note.h"
#include "audit/proof/verifier.h"

namespace tijori {

inline VerifyReport verify_bytes(ByteView bytes, std::optional<Trust> trust, int64_t now_us = 0) {
  ExportReader reader([bytes](std::span<uint8_t> into) mutable -> Result<size_t> {
    const size_t count = std::min(into.size(), bytes.size());
    std::copy_n(bytes.begin(), count, into.begin());
    bytes = bytes.subspan(count);
    return count;
  });
  return verify_export(reader, std::move(trust), now_us);
}

struct BuiltItem {
  ItemKind kind;
  Bytes payload;
};

// Builds records with right hashes; seal() and checkpoint() sign what is there.
class LogBuilder {
 public:
  static constexpr int64_t start_us = 1'790'000'000'000'000;

  explicit LogBuilder(uint8_t key_byte = 7) : key_(Ed25519Key::from_seed(Bytes(32, key_byte)).value()) {
    log_id_.fill(0xA5);
    boot_id_.fill(0xB0);
    chain_ = chain_start(log_id_);
    chain_before_ = chain_;
    items_.push_back({ItemKind::start, ExportStart{log_id_, key().text(), start_us}.encode()});
  }

  VerifierKey key() const { return {checkpoint_origin(log_id_), key_.public_key()}; }
  Trust trust() const { return {{key()}, {}}; }
  SeenCheckpoint head() const { return {tree_.next(), tree_.root()}; }
  std::vector<BuiltItem>& items() { return items_; }
  const std::vector<BuiltItem>& items() const { return items_; }
  // Microseconds added to the clocks with every record.
  int64_t tick_us = 1'000'000;
  int64_t wall_us = start_us;
  int64_t boot_us = 1'000'000;

  void open_segment() {
    RecordDraft draft;
    draft.event = AuditEvent::segment_opened;
    draft.detail = {{DetailField::previous_header, previous_header_}, {DetailField::key, sha256(key_.public_key())}};
    add(draft);
  }

  void add(const RecordDraft& draft) {
    Record record;
    static_cast<RecordDraft&>(record) = draft;
    record.log_id = log_id_;
    record.boot_id = boot_id_;
    record.seq = tree_.next();
    record.segment = segment_;
    record.time_us = wall_us;
    record.boot_time_us = static_cast<uint64_t>(boot_us);
    wall_us += tick_us;
    boot_us += tick_us;
    const Bytes core = encode_core(record).value();
    const Digest leaf = leaf_hash(core);
    chain_ = chain_next(chain_, leaf);
    if (segment_tree_.next() == 0) first_time_us_ = record.time_us;
    last_time_us_ = record.time_us;
    tree_.append(leaf);
    segment_tree_.append(leaf);
    segment_range_.append(leaf);
    Bytes payload = core;
    append(payload, chain_);
    items_.push_back({ItemKind::record, std::move(payload)});
  }

  static RecordDraft received(uint8_t request, int64_t number = 1) {
    RecordDraft draft;
    draft.event = AuditEvent::inference_received;
    draft.actor_type = ActorType::app;
    draft.request_id = Bytes(16, request);
    draft.detail = {{DetailField::endpoint, std::string("completions")}, {DetailField::number, number}};
    return draft;
  }
  static RecordDraft released(uint8_t request) {
    RecordDraft draft;
    draft.event = AuditEvent::inference_released;
    draft.outcome = AuditOutcome::answered;
    draft.actor_type = ActorType::app;
    draft.request_id = Bytes(16, request);
    draft.detail = {{DetailField::completion_tokens, int64_t{9}}};
    return draft;
  }
  static RecordDraft heartbeat() {
    RecordDraft draft;
    draft.event = AuditEvent::heartbeat;
    draft.detail = {{DetailField::state, std::string("normal")}, {DetailField::unfinished, int64_t{0}}};
    return draft;
  }
  static RecordDraft started(int64_t heartbeat_s = 3600) {
    RecordDraft draft;
    draft.event = AuditEvent::log_started;
    draft.detail = {{DetailField::version, std::string("0.1.0")},
                    {DetailField::key, Digest{}},
                    {DetailField::heartbeat_s, heartbeat_s}};
    return draft;
  }

  void seal() {
    SegmentHeader header;
    header.log_id = log_id_;
    header.segment = segment_;
    header.first_seq = segment_range_.first();
    header.count = segment_tree_.next();
    header.first_time_us = first_time_us_;
    header.last_time_us = last_time_us_;
    header.chain_before = chain_before_;
    header.chain_after = chain_;
    header.root = segment_tree_.root();
    header.range.assign(segment_range_.hashes().begin(), segment_range_.hashes().end());
    header.previous_header = previous_header_;
    header.retention = "standard";
    header.cause = "size";
    Bytes payload = header.encode();
    previous_header_ = header_hash(payload);
    append(payload, sign_header(header.encode(), key_));
    items_.push_back({ItemKind::segment, std::move(payload)});
    ++segment_;
    segment_tree_ = TreeRange();
    segment_range_ = TreeRange(tree_.next());
    chain_before_ = chain_;
  }

  void checkpoint() {
    const Checkpoint head{log_id_, tree_.next(), tree_.root()};
    const std::string note = sign_note(head.text(), checkpoint_origin(log_id_), key_).format();
    items_.push_back({ItemKind::checkpoint, Bytes(note.begin(), note.end())});
  }

  // The file of the items as they are now.
  static Bytes join(const std::vector<BuiltItem>& items, std::optional<uint64_t> records = {}) {
    Bytes file;
    append(file, export_magic);
    uint64_t count = 0;
    const auto put = [&](ItemKind kind, ByteView payload) {
      file.push_back(static_cast<uint8_t>(kind));
      append_le(file, static_cast<uint32_t>(payload.size()));
      append(file, payload);
    };
    for (const BuiltItem& item : items) {
      put(item.kind, item.payload);
      if (item.kind == ItemKind::record) ++count;
    }
    put(ItemKind::end, ExportEnd{records.value_or(count), sha256(file)}.encode());
    return file;
  }
  Bytes file() const { return join(items_); }

 private:
  Ed25519Key key_;
  Id log_id_{};
  Id boot_id_{};
  Digest chain_{};
  Digest chain_before_{};
  Digest previous_header_{};
  TreeRange tree_;
  TreeRange segment_tree_;
  TreeRange segment_range_;
  uint64_t segment_ = 0;
  int64_t first_time_us_ = 0;
  int64_t last_time_us_ = 0;
  std::vector<BuiltItem> items_;
};

}  // namespace tijori
