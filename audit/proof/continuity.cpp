#include "audit/proof/continuity.h"

#include <algorithm>

#include "audit/proof/merkle.h"

namespace tijori {

Continuity judge_continuity(const Checkpoint& older, const Checkpoint& newer, std::span<const Digest> path) {
  if (newer.log_id != older.log_id) return Continuity::another_log;
  if (newer.size < older.size) return Continuity::shrunk;
  const bool holds = verify_consistency(older.size, older.root, newer.size, newer.root, path);
  return holds ? Continuity::continues : Continuity::forked;
}

Result<std::vector<Digest>> parse_path(std::span<const std::string> hashes) {
  if (hashes.size() > max_range_hashes) return fail(ErrorCode::malformed, "path: more hashes than any proof needs");
  std::vector<Digest> path;
  for (size_t i = 0; i < hashes.size(); ++i) {
    const Result<Bytes> bytes = from_hex(hashes[i]);
    Digest hash{};
    if (!bytes || bytes->size() != hash.size()) {
      return fail(ErrorCode::malformed, "path: entry " + std::to_string(i) + " is no SHA-256 in hex");
    }
    std::ranges::copy(*bytes, hash.begin());
    path.push_back(hash);
  }
  return path;
}

}  // namespace tijori
