// Patterns read backwards: from the end of a match to its leftmost beginning, and from the end of a text to the
// earliest place where a match may have begun that is not finished.
//
// Each pattern is a position automaton (Glushkov): a state is one byte range and holds which states may come before it.
// Sets of states that were met are kept as the states of a deterministic automaton, made as they are needed and within
// a bound, so that reading costs one table look-up a byte in ordinary text.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/pattern_beginnings.h"

namespace tijori {

inline constexpr size_t max_pattern_edges = size_t{1} << 18;  // of one pattern

class ReverseAutomaton {
 public:
  explicit ReverseAutomaton(size_t max_cache_bytes);
  ~ReverseAutomaton();
  ReverseAutomaton(const ReverseAutomaton&) = delete;
  ReverseAutomaton& operator=(const ReverseAutomaton&) = delete;

  // Before any reading. The pattern's number is how many came before it. invalid_argument when it has too many ways
  // from state to state.
  Status add(const Pattern& pattern);
  // After the last.
  void settle();

  // Its states and one full cache.
  size_t memory_bytes() const;

  // The leftmost beginning in `text` of a match of this pattern that ends at the end of `text`. Thread-safe.
  std::optional<size_t> leftmost_begin(size_t pattern, std::string_view text) const;
  // The smallest offset in `text` at which a match may have begun that can go on after it. Thread-safe.
  std::optional<size_t> earliest_open(std::string_view text) const;

 private:
  struct Build;
  class Walk;
  class Cache;

  struct State {
    ByteRange range;
    bool is_first = false;      // a match may begin with it
    bool can_continue = false;  // something may follow it
    std::vector<uint32_t> before;
  };
  struct Automaton {
    std::vector<State> states;
    std::vector<uint32_t> last;           // with which a match may end
    std::array<uint8_t, 256> class_of{};  // bytes of one class mean the same to every state
    size_t n_classes = 1;
    void set_classes();
  };

  std::unique_ptr<Cache> take_cache() const;
  void give_back(std::unique_ptr<Cache> cache) const;

  std::vector<Automaton> automata_;
  std::vector<std::bitset<256>> open_after_;  // of each: bytes with which an unfinished match may end
  PatternBeginnings beginnings_;
  size_t memory_bytes_ = 0;
  size_t max_cache_bytes_;

  mutable std::mutex mutex_;  // of the caches that nobody uses now
  mutable std::vector<std::unique_ptr<Cache>> caches_;
};

}  // namespace tijori
