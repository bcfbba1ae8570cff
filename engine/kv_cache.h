// The book-keeping of the paged KV cache: which blocks of kv_block_positions belong to which sequence. The numbers
// themselves lie in the backends; a block id means the same block in every layer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "kernels/cpu/kernels.h"

namespace tijori {

enum class SequenceId : uint32_t {};

// Not thread-safe; used by the thread that runs the model.
class KvCache {
 public:
  // n_blocks for all sequences together; one sequence may hold up to max_positions, and max_sequences may be open.
  KvCache(uint32_t n_blocks, uint32_t max_positions, uint32_t max_sequences);

  // A new, empty sequence; resource_exhausted when max_sequences are open.
  Result<SequenceId> open();
  // Gives its blocks back; the id may be handed out again.
  void close(SequenceId sequence);

  // Makes sure that there is room for positions [0, n_positions): all of it or nothing. resource_exhausted, with both
  // numbers, when too few blocks are free or the sequence would be longer than max_positions.
  Status reserve(SequenceId sequence, uint32_t n_positions);
  // Forgets positions from n_positions on and frees the blocks that hold nothing else.
  void truncate(SequenceId sequence, uint32_t n_positions);

  bool is_open(SequenceId sequence) const;
  uint32_t length(SequenceId sequence) const;               // positions computed so far; the next token's position
  void advance(SequenceId sequence, uint32_t n_positions);  // after a step; room must be reserved
  std::span<const uint32_t> blocks(SequenceId sequence) const;

  uint32_t n_blocks() const { return n_blocks_; }
  uint32_t n_used_blocks() const { return n_blocks_ - static_cast<uint32_t>(free_.size()); }
  uint32_t max_positions() const { return max_positions_; }
  uint32_t max_sequences() const { return static_cast<uint32_t>(sequences_.size()); }

 private:
  struct Sequence {
    bool open = false;
    uint32_t length = 0;
    std::vector<uint32_t> blocks;
  };
  Sequence& at(SequenceId sequence);
  const Sequence& at(SequenceId sequence) const;

  uint32_t n_blocks_;
  uint32_t max_positions_;
  std::vector<uint32_t> free_;  // taken from the back
  std::vector<Sequence> sequences_;
};

}  // namespace tijori
