#include "engine/kv_cache.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace tijori {
namespace {

uint32_t blocks_for(uint32_t n_positions) {
  return static_cast<uint32_t>((uint64_t{n_positions} + kv_block_positions - 1) / kv_block_positions);
}

}  // namespace

KvCache::KvCache(uint32_t n_blocks, uint32_t max_positions, uint32_t max_sequences)
    : n_blocks_(n_blocks), max_positions_(max_positions), sequences_(max_sequences) {
  free_.resize(n_blocks);
  // Taken from the back, so that blocks are handed out in ascending order.
  for (uint32_t i = 0; i < n_blocks; ++i) free_[i] = n_blocks - 1 - i;
  for (Sequence& sequence : sequences_) sequence.blocks.reserve(std::min(n_blocks, blocks_for(max_positions)));
}

KvCache::Sequence& KvCache::at(SequenceId sequence) {
  CHECK(is_open(sequence));
  return sequences_[static_cast<uint32_t>(sequence)];
}

const KvCache::Sequence& KvCache::at(SequenceId sequence) const {
  CHECK(is_open(sequence));
  return sequences_[static_cast<uint32_t>(sequence)];
}

bool KvCache::is_open(SequenceId sequence) const {
  const auto index = static_cast<uint32_t>(sequence);
  return index < sequences_.size() && sequences_[index].open;
}

Result<SequenceId> KvCache::open() {
  for (uint32_t i = 0; i < sequences_.size(); ++i) {
    if (sequences_[i].open) continue;
    sequences_[i].open = true;
    return SequenceId{i};
  }
  return fail(ErrorCode::resource_exhausted,
              "all " + std::to_string(sequences_.size()) + " sequences of the KV cache are in use");
}

void KvCache::close(SequenceId sequence) {
  truncate(sequence, 0);
  at(sequence).open = false;
}

Status KvCache::reserve(SequenceId sequence, uint32_t n_positions) {
  Sequence& state = at(sequence);
  if (n_positions > max_positions_) {
    return fail(ErrorCode::resource_exhausted, "a sequence of " + std::to_string(n_positions) +
                                                   " tokens, the context has " + std::to_string(max_positions_));
  }
  const uint32_t wanted = blocks_for(n_positions);
  if (wanted <= state.blocks.size()) return {};
  const auto missing = static_cast<uint32_t>(wanted - state.blocks.size());
  if (missing > free_.size()) {
    return fail(ErrorCode::resource_exhausted, "the KV cache has " + std::to_string(free_.size()) + " of " +
                                                   std::to_string(n_blocks_) + " blocks free, " +
                                                   std::to_string(missing) + " are needed");
  }
  for (uint32_t i = 0; i < missing; ++i) {
    state.blocks.push_back(free_.back());
    free_.pop_back();
  }
  return {};
}

void KvCache::truncate(SequenceId sequence, uint32_t n_positions) {
  Sequence& state = at(sequence);
  state.length = std::min(state.length, n_positions);
  const uint32_t kept = blocks_for(n_positions);
  while (state.blocks.size() > kept) {
    free_.push_back(state.blocks.back());
    state.blocks.pop_back();
  }
}

uint32_t KvCache::length(SequenceId sequence) const {
  return at(sequence).length;
}

void KvCache::advance(SequenceId sequence, uint32_t n_positions) {
  Sequence& state = at(sequence);
  CHECK(blocks_for(state.length + n_positions) <= state.blocks.size());
  state.length += n_positions;
}

std::span<const uint32_t> KvCache::blocks(SequenceId sequence) const {
  return at(sequence).blocks;
}

}  // namespace tijori
