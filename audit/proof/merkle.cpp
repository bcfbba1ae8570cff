#include "audit/proof/merkle.h"

#include <bit>

#include "base/check.h"

namespace tijori {

namespace {

constexpr uint8_t leaf_prefix[] = {0x00};
constexpr uint8_t node_prefix[] = {0x01};

// Level of the largest perfect subtree that starts at `first` and ends at or before `next`; first < next.
unsigned level_at(uint64_t first, uint64_t next) {
  CHECK(first < next);
  const auto fits = static_cast<unsigned>(std::bit_width(next - first) - 1);
  return first == 0 ? fits : std::min(fits, static_cast<unsigned>(std::countr_zero(first)));
}

// The largest power of two below `size`; size > 1.
uint64_t split_of(uint64_t size) {
  return std::bit_floor(size - 1);
}

}  // namespace

Digest leaf_hash(ByteView core) {
  return sha256({leaf_prefix, core});
}
Digest node_hash(const Digest& left, const Digest& right) {
  return sha256({node_prefix, left, right});
}
Digest chain_start(const Id& log_id) {
  return sha256({as_bytes("chain.start.v1"), log_id});
}
Digest chain_next(const Digest& before, const Digest& leaf) {
  return sha256({as_bytes("chain.v1"), before, leaf});
}

Result<TreeRange> TreeRange::from_hashes(uint64_t first, uint64_t next, std::vector<Digest> hashes) {
  if (next < first || next > INT64_MAX) return fail(ErrorCode::malformed, "range: its end lies before its start");
  size_t needed = 0;
  for (uint64_t at = first; at < next; at += uint64_t{1} << level_at(at, next)) ++needed;
  if (hashes.size() != needed) {
    return fail(ErrorCode::malformed,
                "range: " + std::to_string(hashes.size()) + " hashes where " + std::to_string(needed) + " are needed");
  }
  TreeRange range(first);
  range.next_ = next;
  range.hashes_ = std::move(hashes);
  return range;
}

void TreeRange::push(unsigned level, Digest hash) {
  uint64_t index = next_ >> level;
  next_ += uint64_t{1} << level;
  // A right child joins its left sibling when that lies wholly in the range.
  while ((index & 1) != 0 && (index - 1) << level >= first_) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
    index >>= 1;
    ++level;
  }
  hashes_.push_back(hash);
}

void TreeRange::append(const TreeRange& right) {
  CHECK(right.first_ == next_);
  uint64_t at = right.first_;
  for (const Digest& hash : right.hashes_) {
    const unsigned level = level_at(at, right.next_);
    push(level, hash);
    at += uint64_t{1} << level;
  }
}

Digest TreeRange::root() const {
  if (hashes_.empty()) return sha256(ByteView{});
  Digest root = hashes_.back();
  for (size_t i = hashes_.size() - 1; i-- > 0;) root = node_hash(hashes_[i], root);
  return root;
}

Result<std::vector<Digest>> inclusion_path(uint64_t index, uint64_t size, const RangeSource& source) {
  CHECK(index < size);
  std::vector<Digest> path;
  uint64_t first = 0;
  uint64_t next = size;
  while (next - first > 1) {
    const uint64_t middle = first + split_of(next - first);
    const bool goes_left = index < middle;
    TRY_ASSIGN(const TreeRange sibling, goes_left ? source(middle, next) : source(first, middle));
    path.push_back(sibling.root());
    (goes_left ? next : first) = middle;
  }
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<Digest>> consistency_path(uint64_t old_size, uint64_t size, const RangeSource& source) {
  CHECK(old_size <= size);
  std::vector<Digest> path;
  if (old_size == 0 || old_size == size) return path;
  uint64_t first = 0;
  uint64_t next = size;
  bool is_old_tree = true;  // RFC 6962's flag b: the subtree at hand is the old tree itself
  while (old_size != next) {
    const uint64_t middle = first + split_of(next - first);
    const bool goes_left = old_size <= middle;
    TRY_ASSIGN(const TreeRange sibling, goes_left ? source(middle, next) : source(first, middle));
    path.push_back(sibling.root());
    if (goes_left) {
      next = middle;
    } else {
      first = middle;
      is_old_tree = false;
    }
  }
  if (!is_old_tree) {
    TRY_ASSIGN(const TreeRange rest, source(first, next));
    path.push_back(rest.root());
  }
  std::ranges::reverse(path);
  return path;
}

bool verify_inclusion(const Digest& leaf, uint64_t index, uint64_t size, std::span<const Digest> path,
                      const Digest& root) {
  if (index >= size) return false;
  uint64_t node = index;
  uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : path) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(uint64_t old_size, const Digest& old_root, uint64_t size, const Digest& root,
                        std::span<const Digest> path) {
  if (old_size > size) return false;
  if (old_size == size) return path.empty() && old_root == root;
  if (old_size == 0) return path.empty();
  uint64_t node = old_size - 1;
  uint64_t last = size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  const bool starts_with_old_root = node == 0;
  if (!starts_with_old_root && path.empty()) return false;
  Digest old_hash = starts_with_old_root ? old_root : path.front();
  Digest hash = old_hash;
  for (const Digest& sibling : starts_with_old_root ? path : path.subspan(1)) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = node_hash(sibling, old_hash);
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && hash == root;
}

}  // namespace tijori
