// What an auditor trusts, as a text file kept away from the appliance. docs/audit-record.md, "Trust file".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/proof/checkpoint.h"
#include "audit/proof/signed_note.h"
#include "base/error.h"

namespace tijori {

inline constexpr size_t max_trust_bytes = size_t{1} << 20;
inline constexpr size_t max_trusted_keys = 64;
inline constexpr size_t max_trusted_checkpoints = 1024;

struct SeenCheckpoint {
  uint64_t size = 0;
  Digest root{};

  bool operator==(const SeenCheckpoint&) const = default;
};

struct Trust {
  std::vector<VerifierKey> keys;
  std::vector<SeenCheckpoint> checkpoints;  // by size

  // malformed naming the line.
  static Result<Trust> parse(std::string_view text);
  std::string format() const;
};

}  // namespace tijori
