// The export: a log, or a part of it, as one self-contained file that is written and read as a stream.
// Byte table: docs/audit-record.md, "Export".
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/signed_note.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

inline constexpr std::array<uint8_t, 8> export_magic = {'T', 'J', 'A', 'U', 'D', 'I', 'T', 1};
inline constexpr size_t max_item_bytes = 65536;

enum class ItemKind : uint8_t { start = 1, omitted = 2, record = 3, segment = 4, checkpoint = 5, end = 6 };

struct ExportStart {
  Id log_id{};
  std::string verifier_key;
  int64_t exported_us = 0;

  Bytes encode() const;
  static Result<ExportStart> decode(ByteView payload);
};

// Records that the file leaves out, as far as the tree needs them.
struct OmittedRange {
  TreeRange range;
  Digest chain_after{};

  Bytes encode() const;
  static Result<OmittedRange> decode(ByteView payload);
};

struct ExportEnd {
  uint64_t records = 0;
  Digest file_digest{};

  Bytes encode() const;
  static Result<ExportEnd> decode(ByteView payload);
};

// Writes items in the order it is asked to; the order of the page is the caller's duty.
class ExportWriter {
 public:
  using Sink = std::function<Status(ByteView bytes)>;
  explicit ExportWriter(Sink sink) : sink_(std::move(sink)) {}

  Status start(const ExportStart& start);
  Status omitted(const OmittedRange& omitted) { return item(ItemKind::omitted, {omitted.encode()}); }
  Status record(ByteView core, const Digest& chain) { return item(ItemKind::record, {core, chain}); }
  Status segment(ByteView header, ByteView signature) { return item(ItemKind::segment, {header, signature}); }
  Status checkpoint(std::string_view note) { return item(ItemKind::checkpoint, {as_bytes(note)}); }
  Status end(uint64_t records);

  uint64_t written_bytes() const { return written_bytes_; }

 private:
  Status item(ItemKind kind, std::initializer_list<ByteView> parts);
  Status put(ByteView bytes);

  Sink sink_;
  Sha256 hash_;
  uint64_t written_bytes_ = 0;
};

struct ExportItem {
  ItemKind kind = ItemKind::start;
  ByteView payload;  // valid until the next call
};

// Reads items and checks the frame alone: magic, kinds, lengths, the digest of the end item, nothing after it.
class ExportReader {
 public:
  // Fills from the front and returns how many bytes; 0 is the end of the file.
  using Source = std::function<Result<size_t>(std::span<uint8_t> into)>;
  explicit ExportReader(Source source) : source_(std::move(source)) {}

  // The next item; nothing after the end item. not_found when the file ends without one, malformed when it breaks a
  // rule, or what the source returned.
  Result<std::optional<ExportItem>> next();

  uint64_t offset() const { return offset_; }

 private:
  Status read_exactly(std::span<uint8_t> into);
  Result<size_t> read_some(std::span<uint8_t> into);
  Status check_end(ByteView payload, const Digest& before);

  Source source_;
  Sha256 hash_;
  Bytes payload_;
  Bytes buffer_ = Bytes(size_t{64} << 10);
  size_t buffered_ = 0;
  size_t used_ = 0;
  uint64_t offset_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace tijori
