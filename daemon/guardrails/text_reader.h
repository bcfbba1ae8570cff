// Folded text as a detector reads it: whoever looks past the end of a text that may go on has not seen enough, and the
// reader remembers it. A judgement that did not look there is the same whatever follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/identifiers.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {

inline bool is_digit(int c) {
  return c >= '0' && c <= '9';
}
inline bool is_letter(int c) {
  return c >= 'a' && c <= 'z';
}  // folded
inline bool is_alphanumeric(int c) {
  return is_digit(c) || is_letter(c);
}
inline bool is_blank(int c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Positions are offsets in the window that the text holds.
class TextReader {
 public:
  static constexpr int nothing = -1;

  TextReader(const FoldedText& text, TextEnd end) : text_(&text), view_(text.view()), end_(end) {}

  // The byte, or `nothing` outside the window.
  int at(size_t position) {
    if (position < view_.size()) return static_cast<uint8_t>(view_[position]);
    is_starved_ = is_starved_ || end_ == TextEnd::open;
    return nothing;
  }
  // The byte before; `nothing` at the beginning.
  int before(size_t position) const {
    return position > 0 && position <= view_.size() ? static_cast<uint8_t>(view_[position - 1]) : nothing;
  }
  // The byte of a place before one that was read.
  int behind(size_t position) const { return static_cast<uint8_t>(view_[position]); }
  // `expected` stands here.
  bool reads(size_t position, std::string_view expected) {
    for (size_t i = 0; i < expected.size(); ++i)
      if (at(position + i) != static_cast<uint8_t>(expected[i])) return false;
    return true;
  }
  bool reads_before(size_t position, std::string_view expected) const {
    return view_.substr(0, position).ends_with(expected);
  }
  std::string_view piece(size_t begin, size_t end) const { return view_.substr(begin, end - begin); }

  // The character that begins here, and the one that ends here; of length 0 outside the window.
  Utf8Character character(size_t position) {
    if (at(position) == nothing) return {Utf8Character::Kind::cut, 0, 0};
    return first_character(view_.substr(position));
  }
  Utf8Character character_before(size_t position) const {
    if (before(position) == nothing) return {Utf8Character::Kind::cut, 0, 0};
    return last_character(view_.substr(0, position));
  }

  // The source of what stands here, with its case.
  std::string_view source(size_t begin, size_t end) const;

  size_t size() const { return view_.size(); }
  std::string_view view() const { return view_; }
  size_t offset() const { return text_->begin(); }  // of the window in the stream
  const FoldedText& text() const { return *text_; }

  bool is_starved() const { return is_starved_; }
  void clear_starved() { is_starved_ = false; }

 private:
  const FoldedText* text_;
  std::string_view view_;
  TextEnd end_;
  bool is_starved_ = false;
};

// What a detector thinks of a place.
struct Candidate {
  Label label = Label::aadhaar;
  size_t begin = 0;  // in the window
  size_t end = 0;
  double score = 0;
};

}  // namespace tijori
