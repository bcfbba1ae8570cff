// The ledger: one small SQLite file that is kept for good. It holds the log's id and key, the header of every sealed
// segment and every checkpoint, and, as a hint for recovery, the requests that were open when the last one was sealed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "audit/proof/checkpoint.h"
#include "audit/proof/record.h"
#include "audit/proof/segment_header.h"
#include "audit/proof/signed_note.h"
#include "audit/store/log_database.h"
#include "base/bytes.h"
#include "base/error.h"

namespace tijori {

struct StoredHeader {
  SegmentHeader header;
  Bytes bytes;
  Bytes signature;
};

struct StoredCheckpoint {
  uint64_t size = 0;
  int64_t made_us = 0;
  std::string note;
};

class Ledger {
 public:
  // Makes the ledger of a new log when there is none and `key` is given; otherwise the key must be the ledger's.
  static Result<Ledger> create(const std::filesystem::path& path, const Ed25519Public& key);
  static Result<Ledger> open(const std::filesystem::path& path);

  const Id& log_id() const { return log_id_; }
  const VerifierKey& key() const { return key_; }

  // In order of segments; corrupted when one can't be decoded. Signatures are the caller's to check.
  Result<std::vector<StoredHeader>> headers();
  // Durable when it returns.
  Status add_header(ByteView header, ByteView signature, uint64_t segment, const std::vector<Id>& open_requests);
  Result<std::vector<Id>> carried_requests();

  // In order of size, from `from_size` up.
  Result<std::vector<StoredCheckpoint>> checkpoints(uint64_t from_size = 0);
  Status add_checkpoint(const StoredCheckpoint& checkpoint);
  Status check_integrity();

 private:
  explicit Ledger(LogDatabase database) : database_(std::move(database)) {}
  Status load_identity();

  LogDatabase database_;
  Id log_id_{};
  VerifierKey key_;
};

}  // namespace tijori
