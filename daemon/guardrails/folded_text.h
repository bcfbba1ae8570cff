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
#include <cstdint>
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

  size_t begin() const { return folded_base_; }                 // folded offset of the first byte still here
  size_t end() const { return folded_base_ + folded_.size(); }  // folded offset past the last
  std::string_view view() const { return folded_; }             // [begin(), end())
  // The source bytes from source_begin(begin()) to the end of all that came.
  std::string_view source() const { return std::string_view(source_).substr(forgotten_); }
  size_t source_size() const { return source_base_ + source_.size(); }  // bytes appended so far
  // [from, to) of the source, as offsets in the stream; not yet forgotten.
  std::string_view source(size_t from_byte, size_t to_byte) const {
    return std::string_view(source_).substr(from_byte - source_base_, to_byte - from_byte);
  }

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
  const std::vector<Invisible>& invisibles() const { return invisibles_; }  // those not yet forgotten

  // Forgets what lies before a folded offset. Its memory is bounded by what was appended after that.
  void forget(size_t folded);

 private:
  // Characters one after another in source and folding, all of the same two lengths: the offset map.
  struct Run {
    size_t folded = 0;
    TextOffset source;
    uint8_t folded_length = 1;  // bytes of each character
    uint8_t source_length = 1;
    size_t characters = 0;
    size_t folded_end() const { return folded + characters * folded_length; }
  };

  void fold_ascii(std::string_view ascii);
  void fold_character(char32_t code_point, size_t source_length);
  void add_to_run(size_t characters, uint8_t folded_length, uint8_t source_length);
  const Run& run_at(size_t folded) const;

  std::string source_;
  size_t source_base_ = 0;  // stream offset of source_[0]
  size_t forgotten_ = 0;    // bytes of source_ that nobody needs any more
  std::string folded_;
  size_t folded_base_ = 0;
  std::vector<Run> runs_;           // never empty once something folded
  size_t folded_bytes_source_ = 0;  // source bytes folded so far: what lies behind is a sequence not yet whole
  size_t code_points_ = 0;
  std::vector<Invisible> invisibles_;
};

}  // namespace tijori
