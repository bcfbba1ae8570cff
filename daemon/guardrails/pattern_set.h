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

inline constexpr size_t max_stream_matches = size_t{1} << 20;  // found in one stream

struct PatternSource {
  // A whole word isn't adjacent to a letter, a mark or a digit; an end of the literal that is none of these needs no
  // such boundary.
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
  // invalid_argument names the source's index, the offset in it and what to write instead ("source 3: offset 7: …");
  // resource_exhausted when the automata would need more than `max_memory_bytes`; unsupported when this processor can't
  // run the scanner.
  static Result<std::shared_ptr<const PatternSet>> compile(std::span<const PatternSource> sources,
                                                           size_t max_memory_bytes);
  virtual ~PatternSet() = default;

  // The widest match in bytes of folded text; 0 without patterns.
  virtual size_t max_width_bytes() const = 0;
  // Of the automata; each stream and each thread in a stream takes a little more.
  virtual size_t memory_bytes() const = 0;
  // The smallest offset in `tail` at which a match may have begun that is not finished: everything before it is
  // settled. `tail` holds the stream's last bytes, at least max_width_bytes() of them if there are so many.
  // tail.size(): none.
  virtual size_t open_match(std::string_view tail) const = 0;

  // One stream's state. Belongs to one thread at a time; the set must outlive it.
  class Stream {
   public:
    virtual ~Stream() = default;
    // Appends the matches that end in these next bytes, by end; of whole words that end with the bytes before, whose
    // boundary is known only now, too. Which ones there are doesn't depend on how the stream is cut. resource_exhausted
    // or internal when the scanner fails: the stream is then of no more use and says so each time.
    virtual Status write(std::string_view folded, std::vector<PatternMatch>& out) = 0;
    // The end of the stream is also an end of a word.
    virtual Status finish(std::vector<PatternMatch>& out) = 0;
  };
  virtual Result<std::unique_ptr<Stream>> open() const = 0;
};

}  // namespace tijori
