// Hashes over records: leaf, chain and the RFC 6962 tree, with its inclusion and consistency proofs.
// docs/audit-record.md, "Hashes".
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "audit/proof/record.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

Digest leaf_hash(ByteView core);
Digest node_hash(const Digest& left, const Digest& right);
Digest chain_start(const Id& log_id);
Digest chain_next(const Digest& before, const Digest& leaf);

// More hashes than any range of a tree below 2^63 leaves needs.
inline constexpr size_t max_range_hashes = 126;

// Records [first, next) as the roots of the largest perfect subtrees, aligned in the log's tree, that cover them.
class TreeRange {
 public:
  explicit TreeRange(uint64_t first = 0) : first_(first), next_(first) {}
  // malformed when the number of hashes is not what the range needs.
  static Result<TreeRange> from_hashes(uint64_t first, uint64_t next, std::vector<Digest> hashes);

  uint64_t first() const { return first_; }
  uint64_t next() const { return next_; }
  std::span<const Digest> hashes() const { return hashes_; }

  void append(const Digest& leaf) { push(0, leaf); }
  // `right.first()` is this next(), CHECKed.
  void append(const TreeRange& right);
  // The root of a tree of which this is a left-aligned part: the whole log when first() is 0, or a subtree that starts
  // at a multiple of a power of two not below its size. Of nothing: SHA-256 of the empty string.
  Digest root() const;

  bool operator==(const TreeRange&) const = default;

 private:
  void push(unsigned level, Digest hash);

  uint64_t first_;
  uint64_t next_;
  std::vector<Digest> hashes_;
};

// Gives the range [first, next) of a log, from wherever its hashes lie.
using RangeSource = std::function<Result<TreeRange>(uint64_t first, uint64_t next)>;

// RFC 6962 §2.1.1 and §2.1.2. index < size, old_size <= size, CHECKed.
Result<std::vector<Digest>> inclusion_path(uint64_t index, uint64_t size, const RangeSource& source);
Result<std::vector<Digest>> consistency_path(uint64_t old_size, uint64_t size, const RangeSource& source);

// RFC 9162 §2.1.3.2 and §2.1.4.2.
bool verify_inclusion(const Digest& leaf, uint64_t index, uint64_t size, std::span<const Digest> path,
                      const Digest& root);
bool verify_consistency(uint64_t old_size, const Digest& old_root, uint64_t size, const Digest& root,
                        std::span<const Digest> path);

}  // namespace tijori
