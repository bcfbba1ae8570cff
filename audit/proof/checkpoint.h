// The checkpoint: how many records the log has and the root over them, as the text of a signed note (C2SP
// tlog-checkpoint). docs/audit-record.md, "Checkpoint".
#pragma once

#include <cstdint>
#include <string>

#include "audit/proof/record.h"
#include "audit/proof/signed_note.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

// "tijori/audit/<log_id in hex>": origin of the checkpoints and name of the log's key.
std::string checkpoint_origin(const Id& log_id);
// The log id an origin names.
Result<Id> log_id_of_origin(std::string_view origin);

struct Checkpoint {
  Id log_id{};
  uint64_t size = 0;
  Digest root{};

  std::string text() const;
  // From a note's text. Lines after the third are allowed, as the format has it, and ignored.
  static Result<Checkpoint> parse(std::string_view text);

  bool operator==(const Checkpoint&) const = default;
};

// Decimal without sign or leading zeros, at most 2^63-1.
Result<uint64_t> parse_decimal(std::string_view text);
Result<Digest> parse_digest_base64(std::string_view text);

}  // namespace tijori
