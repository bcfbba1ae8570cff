#include "audit/proof/export.h"

#include "audit/proof/cbor.h"
#include "base/check.h"

namespace tijori {

namespace {

constexpr uint64_t export_version = 1;
constexpr size_t item_header_bytes = 5;

}  // namespace

Bytes ExportStart::encode() const {
  CborWriter out;
  out.map(4);
  out.key(1), out.integer(export_version);
  out.key(2), out.bytes(log_id);
  out.key(3), out.bytes(as_bytes(verifier_key));
  out.key(4), out.integer(exported_us);
  return out.take();
}

Result<ExportStart> ExportStart::decode(ByteView payload) {
  CborReader in(payload);
  ExportStart start;
  TRY_ASSIGN(const uint64_t fields, in.map("start", UINT64_MAX));
  TRY(in.expect_key(1, "version"));
  TRY_ASSIGN(const uint64_t version, in.unsigned_integer("version"));
  if (version > export_version) {
    return fail(ErrorCode::unsupported,
                "export version " + std::to_string(version) + ", this program knows " + std::to_string(export_version));
  }
  if (version == 0 || fields != 4) return in.wrong("start", "not a start item");
  TRY(in.expect_key(2, "log_id"));
  TRY_ASSIGN(start.log_id, in.fixed_bytes<16>("log_id"));
  TRY(in.expect_key(3, "verifier_key"));
  TRY_ASSIGN(const ByteView key, in.bytes("verifier_key"));
  start.verifier_key = as_text(key);
  TRY(in.expect_key(4, "exported_us"));
  TRY_ASSIGN(start.exported_us, in.integer("exported_us"));
  TRY(in.expect_end());
  return start;
}

Bytes OmittedRange::encode() const {
  CborWriter out;
  out.map(4);
  out.key(1), out.integer(static_cast<int64_t>(range.first()));
  out.key(2), out.integer(static_cast<int64_t>(range.next()));
  out.key(3), out.bytes(chain_after);
  out.key(4), out.array(range.hashes().size());
  for (const Digest& hash : range.hashes()) out.bytes(hash);
  return out.take();
}

Result<OmittedRange> OmittedRange::decode(ByteView payload) {
  CborReader in(payload);
  OmittedRange omitted;
  TRY_ASSIGN(const uint64_t fields, in.map("omitted", 4));
  if (fields != 4) return in.wrong("omitted", "not 4 fields");
  TRY(in.expect_key(1, "first_seq"));
  TRY_ASSIGN(const uint64_t first, in.unsigned_integer("first_seq"));
  TRY(in.expect_key(2, "next_seq"));
  TRY_ASSIGN(const uint64_t next, in.unsigned_integer("next_seq"));
  TRY(in.expect_key(3, "chain_after"));
  TRY_ASSIGN(omitted.chain_after, in.fixed_bytes<32>("chain_after"));
  TRY(in.expect_key(4, "range"));
  TRY_ASSIGN(const uint64_t count, in.array("range", max_range_hashes));
  std::vector<Digest> hashes;
  for (uint64_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const Digest hash, in.fixed_bytes<32>("range"));
    hashes.push_back(hash);
  }
  TRY(in.expect_end());
  if (next <= first) return in.wrong("next_seq", "an omitted range holds at least one record");
  TRY_ASSIGN(omitted.range, TreeRange::from_hashes(first, next, std::move(hashes)));
  return omitted;
}

Bytes ExportEnd::encode() const {
  CborWriter out;
  out.map(2);
  out.key(1), out.integer(static_cast<int64_t>(records));
  out.key(2), out.bytes(file_digest);
  return out.take();
}

Result<ExportEnd> ExportEnd::decode(ByteView payload) {
  CborReader in(payload);
  ExportEnd end;
  TRY_ASSIGN(const uint64_t fields, in.map("end", 2));
  if (fields != 2) return in.wrong("end", "not 2 fields");
  TRY(in.expect_key(1, "records"));
  TRY_ASSIGN(end.records, in.unsigned_integer("records"));
  TRY(in.expect_key(2, "file_digest"));
  TRY_ASSIGN(end.file_digest, in.fixed_bytes<32>("file_digest"));
  TRY(in.expect_end());
  return end;
}

Status ExportWriter::put(ByteView bytes) {
  hash_.update(bytes);
  written_bytes_ += bytes.size();
  return sink_(bytes);
}

Status ExportWriter::item(ItemKind kind, std::initializer_list<ByteView> parts) {
  Bytes bytes = {static_cast<uint8_t>(kind), 0, 0, 0, 0};
  for (const ByteView part : parts) append(bytes, part);
  const size_t size = bytes.size() - item_header_bytes;
  CHECK(size <= max_item_bytes);
  store_le(bytes.data() + 1, static_cast<uint32_t>(size));
  return put(bytes);
}

Status ExportWriter::start(const ExportStart& start) {
  TRY(put(export_magic));
  return item(ItemKind::start, {start.encode()});
}

Status ExportWriter::end(uint64_t records) {
  return item(ItemKind::end, {ExportEnd{records, hash_.peek()}.encode()});
}

Result<size_t> ExportReader::read_some(std::span<uint8_t> into) {
  if (used_ == buffered_) {
    TRY_ASSIGN(buffered_, source_(buffer_));
    used_ = 0;
  }
  const size_t count = std::min(into.size(), buffered_ - used_);
  std::copy_n(buffer_.begin() + static_cast<ptrdiff_t>(used_), count, into.begin());
  used_ += count;
  offset_ += count;
  return count;
}

Status ExportReader::read_exactly(std::span<uint8_t> into) {
  while (!into.empty()) {
    TRY_ASSIGN(const size_t count, read_some(into));
    if (count == 0) {
      return fail(ErrorCode::not_found, "offset " + std::to_string(offset_) + ": the file ends without an end item");
    }
    into = into.subspan(count);
  }
  return {};
}

Status ExportReader::check_end(ByteView payload, const Digest& before) {
  TRY_ASSIGN(const ExportEnd end, ExportEnd::decode(payload));
  if (end.file_digest != before) {
    return fail(ErrorCode::malformed, "the file is not the one that was exported: its digest differs");
  }
  uint8_t more[1];
  TRY_ASSIGN(const size_t count, read_some(more));
  if (count != 0) return fail(ErrorCode::malformed, "bytes follow the end item");
  ended_ = true;
  return {};
}

Result<std::optional<ExportItem>> ExportReader::next() {
  if (ended_) return std::nullopt;
  if (!started_) {
    std::array<uint8_t, export_magic.size()> magic{};
    TRY(read_exactly(magic));
    if (!std::equal(magic.begin(), magic.end() - 1, export_magic.begin())) {
      return fail(ErrorCode::malformed, "not an export of an audit log");
    }
    if (magic.back() != export_magic.back()) {
      return fail(ErrorCode::unsupported, "export format " + std::to_string(magic.back()) + ", this program knows " +
                                              std::to_string(export_magic.back()));
    }
    hash_.update(magic);
    started_ = true;
  }
  const uint64_t start = offset_;
  uint8_t header[item_header_bytes];
  TRY(read_exactly(header));
  const auto size = load_le<uint32_t>(header + 1);
  const std::string place = "item at offset " + std::to_string(start) + ": ";
  if (header[0] < static_cast<uint8_t>(ItemKind::start) || header[0] > static_cast<uint8_t>(ItemKind::end)) {
    return fail(ErrorCode::malformed, place + "unknown kind " + std::to_string(header[0]));
  }
  if (size > max_item_bytes) return fail(ErrorCode::malformed, place + std::to_string(size) + " bytes is too long");
  payload_.resize(size);
  TRY(read_exactly(payload_));
  const auto kind = static_cast<ItemKind>(header[0]);
  if (kind == ItemKind::end) {
    TRY(check_end(payload_, hash_.peek()));
  } else {
    hash_.update(header);
    hash_.update(payload_);
  }
  return ExportItem{kind, payload_};
}

}  // namespace tijori
