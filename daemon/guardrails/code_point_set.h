// A set of code points as the detectors see them, and its form in UTF-8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tijori {

struct CodePointRange {
  char32_t first = 0;
  char32_t last = 0;  // included
  bool operator==(const CodePointRange&) const = default;
};

struct ByteRange {
  uint8_t first = 0;
  uint8_t last = 0;  // included
  bool operator==(const ByteRange&) const = default;
};
// One way to write some of the set's code points: a range for each byte.
struct ByteSequence {
  std::array<ByteRange, 4> bytes{};
  size_t length = 0;
};

// Sorted ranges that neither touch nor overlap.
class CodePointSet {
 public:
  void add(char32_t first, char32_t last);
  void add(const CodePointSet& other);
  // Every code point outside.
  CodePointSet complement() const;
  // What its members become in folded text: those that vanish are gone.
  CodePointSet folded() const;

  bool empty() const { return ranges_.empty(); }
  bool contains(char32_t code_point) const;
  size_t size() const;
  const std::vector<CodePointRange>& ranges() const { return ranges_; }

  // Their UTF-8 forms. Exact on well-formed text, which folded text always is; the surrogates have none.
  std::vector<ByteSequence> byte_sequences() const;

  bool operator==(const CodePointSet&) const = default;

 private:
  std::vector<CodePointRange> ranges_;
};

}  // namespace tijori
