#include "audit/proof/segment_header.h"

#include "audit/proof/cbor.h"

namespace tijori {

namespace {

constexpr uint64_t header_version = 1;
constexpr uint64_t header_fields = 21;
constexpr std::string_view label = "segment.v1";
constexpr std::string_view signature_label = "tijori.segment.v1";

Bytes signed_bytes(ByteView header) {
  Bytes message;
  append(message, as_bytes(signature_label));
  append(message, header);
  return message;
}

}  // namespace

Bytes SegmentHeader::encode() const {
  CborWriter out;
  out.map(header_fields);
  out.key(1), out.integer(header_version);
  out.key(2), out.bytes(log_id);
  out.key(3), out.integer(static_cast<int64_t>(segment));
  out.key(4), out.integer(static_cast<int64_t>(first_seq));
  out.key(5), out.integer(static_cast<int64_t>(count));
  out.key(6), out.integer(first_time_us);
  out.key(7), out.integer(last_time_us);
  out.key(8), out.bytes(chain_before);
  out.key(9), out.bytes(chain_after);
  out.key(10), out.bytes(root);
  out.key(11), out.array(range.size());
  for (const Digest& hash : range) out.bytes(hash);
  out.key(12), out.bytes(previous_header);
  out.key(13), out.bytes(file_digest);
  out.key(14), out.bytes({});
  out.key(15), out.token("none");
  out.key(16), out.integer(0);
  out.key(17), out.integer(0);
  out.key(18), out.token(retention);
  out.key(19), out.integer(erase_not_before_us);
  out.key(20), out.integer(erase_not_after_us);
  out.key(21), out.token(cause);
  return out.take();
}

Result<SegmentHeader> SegmentHeader::decode(ByteView bytes) {
  CborReader in(bytes);
  TRY_ASSIGN(const uint64_t fields, in.map("header", UINT64_MAX));
  TRY(in.expect_key(1, "v"));
  TRY_ASSIGN(const uint64_t version, in.unsigned_integer("v"));
  if (version != header_version) {
    return fail(
        version > header_version ? ErrorCode::unsupported : ErrorCode::malformed,
        "v: header version " + std::to_string(version) + ", this program knows " + std::to_string(header_version));
  }
  if (fields != header_fields) return in.wrong("header", "not " + std::to_string(header_fields) + " fields");
  SegmentHeader header;
  TRY(in.expect_key(2, "log_id"));
  TRY_ASSIGN(header.log_id, in.fixed_bytes<16>("log_id"));
  TRY(in.expect_key(3, "segment"));
  TRY_ASSIGN(header.segment, in.unsigned_integer("segment"));
  TRY(in.expect_key(4, "first_seq"));
  TRY_ASSIGN(header.first_seq, in.unsigned_integer("first_seq"));
  TRY(in.expect_key(5, "count"));
  TRY_ASSIGN(header.count, in.unsigned_integer("count"));
  if (header.count == 0) return in.wrong("count", "a segment has at least one record");
  if (header.count > INT64_MAX - header.first_seq) return in.wrong("count", "too large");
  TRY(in.expect_key(6, "first_time_us"));
  TRY_ASSIGN(header.first_time_us, in.integer("first_time_us"));
  TRY(in.expect_key(7, "last_time_us"));
  TRY_ASSIGN(header.last_time_us, in.integer("last_time_us"));
  TRY(in.expect_key(8, "chain_before"));
  TRY_ASSIGN(header.chain_before, in.fixed_bytes<32>("chain_before"));
  TRY(in.expect_key(9, "chain_after"));
  TRY_ASSIGN(header.chain_after, in.fixed_bytes<32>("chain_after"));
  TRY(in.expect_key(10, "root"));
  TRY_ASSIGN(header.root, in.fixed_bytes<32>("root"));
  TRY(in.expect_key(11, "range"));
  TRY_ASSIGN(const uint64_t hashes, in.array("range", max_range_hashes));
  for (uint64_t i = 0; i < hashes; ++i) {
    TRY_ASSIGN(const Digest hash, in.fixed_bytes<32>("range"));
    header.range.push_back(hash);
  }
  TRY(in.expect_key(12, "previous_header"));
  TRY_ASSIGN(header.previous_header, in.fixed_bytes<32>("previous_header"));
  TRY(in.expect_key(13, "file_digest"));
  TRY_ASSIGN(header.file_digest, in.fixed_bytes<32>("file_digest"));
  TRY(in.expect_key(14, "payload_digest"));
  TRY(in.optional_bytes("payload_digest", {}));
  TRY(in.expect_key(15, "mac_alg"));
  TRY_ASSIGN(const std::string mac, in.token("mac_alg"));
  TRY(in.expect_key(16, "first_epoch"));
  TRY_ASSIGN(const uint64_t first_epoch, in.unsigned_integer("first_epoch"));
  TRY(in.expect_key(17, "last_epoch"));
  TRY_ASSIGN(const uint64_t last_epoch, in.unsigned_integer("last_epoch"));
  if (mac != "none" || first_epoch != 0 || last_epoch != 0) return in.wrong("mac_alg", "version 1 knows none");
  TRY(in.expect_key(18, "retention"));
  TRY_ASSIGN(header.retention, in.token("retention"));
  TRY(in.expect_key(19, "erase_not_before_us"));
  TRY_ASSIGN(header.erase_not_before_us, in.integer("erase_not_before_us"));
  TRY(in.expect_key(20, "erase_not_after_us"));
  TRY_ASSIGN(header.erase_not_after_us, in.integer("erase_not_after_us"));
  TRY(in.expect_key(21, "cause"));
  TRY_ASSIGN(header.cause, in.token("cause"));
  TRY(in.expect_end());
  return header;
}

Digest header_hash(ByteView header) {
  return sha256({as_bytes(label), header});
}

Ed25519Signature sign_header(ByteView header, const Ed25519Key& key) {
  return key.sign(signed_bytes(header));
}

bool verify_header(ByteView header, ByteView signature, const Ed25519Public& key) {
  return ed25519_verify(key, signed_bytes(header), signature);
}

}  // namespace tijori
