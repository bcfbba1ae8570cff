// The header of a segment: what stays of a run of records for good, even when the records are gone. Fields and keys:
// docs/audit-record.md, "Segment header".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

inline constexpr size_t max_header_bytes = 8192;

struct SegmentHeader {
  Id log_id{};
  uint64_t segment = 0;
  uint64_t first_seq = 0;
  uint64_t count = 0;
  int64_t first_time_us = 0;
  int64_t last_time_us = 0;
  Digest chain_before{};
  Digest chain_after{};
  Digest root{};              // over this segment's leaves alone
  std::vector<Digest> range;  // of its records in the log's tree
  Digest previous_header{};   // zeros in segment 0
  Digest file_digest{};
  std::string retention;
  int64_t erase_not_before_us = 0;
  int64_t erase_not_after_us = 0;
  std::string cause;

  uint64_t next_seq() const { return first_seq + count; }

  Bytes encode() const;
  // malformed or unsupported, as for records.
  static Result<SegmentHeader> decode(ByteView bytes);

  bool operator==(const SegmentHeader&) const = default;
};

Digest header_hash(ByteView header);
Ed25519Signature sign_header(ByteView header, const Ed25519Key& key);
bool verify_header(ByteView header, ByteView signature, const Ed25519Public& key);

}  // namespace tijori
