// Text as the detectors see it, with the way back. Folding, code point by code point: every decimal digit (Nd) becomes
// its ASCII digit, full-width and other compatibility forms of ASCII become ASCII, letters become lower case, and
// characters nobody sees (zero width, soft hyphen, bidirectional marks, tags, variation selectors) vanish. Nothing is
// composed or decomposed, so every folded character has one place of origin.
//
//   source  "PAN：ＡＢＣＰ​E१२३४F"   →   folded  "pan:abcpe1234f"
//
// A stream: text is appended as it comes (a UTF-8 sequence may be cut anywhere; ill-formed bytes fold to U+FFFD each)
// and forgotten at the front as it is no longer needed. All offsets count from the beginning of the stream, forgotten
// text included. Each instance belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tijori {

struct TextOffset {
  size_t byte = 0;        // UTF-8
  size_t code_point = 0;  // an ill-formed byte counts as one
  bool operator==(const TextOffset&) const = default;
};

class FoldedText {
 public:
  void append(std::string_view source);
  // No more will come: an unfinished UTF-8 sequence at the end folds as ill-formed.
  void finish();

  size_t begin() const;             // folded offset of the first byte still here
  size_t end() const;               // folded offset past the last
  std::string_view view() const;    // [begin(), end())
  std::string_view source() const;  // the source bytes from source_begin(begin()) to the end of all that came
  size_t source_size() const;       // bytes appended so far

  // Where the character at a folded offset begins in the source; at end(): past the last folded character.
  TextOffset source_begin(size_t folded) const;
  // Where the source character whose folding ends at this folded offset ends: invisible characters after it are
  // outside.
  TextOffset source_end(size_t folded) const;

  // Invisible characters as they come: the places that hidden-Unicode detection judges.
  struct Invisible {
    char32_t code_point = 0;
    TextOffset place;   // in the source
    size_t folded = 0;  // folded offset at which it vanished
  };
  const std::vector<Invisible>& invisibles() const;  // those not yet forgotten

  // Forgets what lies before a folded offset. Its memory is bounded by what was appended after that.
  void forget(size_t folded);
};

}  // namespace tijori
