// Many patterns matched in one pass over a stream of folded text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

struct PatternSource {
  enum class Kind : uint8_t { literal, whole_word_literal, pattern };
  Kind kind = Kind::literal;
  std::string text;  // as the policy has it; folded here
};

struct PatternMatch {
  uint32_t pattern = 0;  // index into the sources
  size_t begin = 0;      // folded offsets in the stream: the leftmost beginning of a match that ends at `end`
  size_t end = 0;
  bool operator==(const PatternMatch&) const = default;
};

// Immutable, so any number of streams on any thread may use it.
class PatternSet {
 public:
  // invalid_argument names the source's index, the offset in it and what to write instead; resource_exhausted when the
  // automata would need more than `max_memory_bytes`.
  static Result<std::shared_ptr<const PatternSet>> compile(std::span<const PatternSource> sources,
                                                           size_t max_memory_bytes);
  virtual ~PatternSet() = default;

  // The widest match in bytes of folded text; 0 without patterns.
  virtual size_t max_width_bytes() const = 0;
  // The smallest offset in `tail` at which a match may have begun that is not finished: everything before it is
  // settled. `tail` holds the stream's last bytes, at least max_width_bytes() of them if there are so many.
  // tail.size(): none.
  virtual size_t open_match(std::string_view tail) const = 0;

  // One stream's state. Belongs to one thread at a time; the set must outlive it.
  class Stream {
   public:
    virtual ~Stream() = default;
    // Appends the matches that end in these next bytes, by end. Which ones there are doesn't depend on how the stream
    // is cut. resource_exhausted or internal when the scanner fails: the text is then not scanned.
    virtual Status write(std::string_view folded, std::vector<PatternMatch>& out) = 0;
    // The end of the stream is also an end of a word.
    virtual Status finish(std::vector<PatternMatch>& out) = 0;
  };
  virtual Result<std::unique_ptr<Stream>> open() const = 0;
};

}  // namespace tijori
