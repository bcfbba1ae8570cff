// Whether a log still is the one that an earlier checkpoint of it promised: what someone who kept that checkpoint can
// tell without reading the log.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audit/proof/checkpoint.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

enum class Continuity : uint8_t {
  continues,    // the later tree holds the earlier one unchanged
  another_log,  // another log id
  shrunk,       // fewer records than were promised
  forked        // records that the earlier one covers are others now, or the proof shows nothing
};

// `path` is RFC 6962's consistency proof from older.size to newer.size. Signatures are the caller's to check.
Continuity judge_continuity(const Checkpoint& older, const Checkpoint& newer, std::span<const Digest> path);

// A proof's path as JSON carries it, 64 hex digits each; malformed naming the entry.
Result<std::vector<Digest>> parse_path(std::span<const std::string> hashes);

}  // namespace tijori
