#include "daemon/guardrails/context_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/guardrails/context_vocabulary.h"
#include "daemon/guardrails/fold.h"

namespace tijori {
namespace {

constexpr size_t max_before = 40;  // code points
constexpr size_t max_after = 20;
constexpr size_t max_word_bytes = 64;
constexpr size_t max_phrase_words = 2;  // that a weak word leaves for a better one before it

struct Nearest {
  Mention mention = Mention::none;
  size_t distance = 0;    // code points
  bool is_named = false;  // as a number of its kind
};

bool is_in_word(char32_t c) {
  return is_letter(static_cast<int>(c)) || (c >= 0x80 && is_word_character(c));
}

Mention says(const ContextWord& word, Label label) {
  if (word.own.test(static_cast<size_t>(label))) return Mention::own;
  return word.against.test(static_cast<size_t>(label)) ? Mention::other : Mention::none;
}

bool ends_sentence(char32_t c) {
  return c == U'\u0964' || c == U'\u0965' || c == '?' || c == '!';
}

template <size_t n>
bool is_one_of(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::ranges::find(words, word) != words.end();
}

// "order ke liye 98…", "98… for the order": the number isn't what the other word names.
bool is_purpose_before(std::string_view word) {
  constexpr std::array<std::string_view, 6> words{"liye", "lie", "hetu", "लिए", "लिये", "हेतु"};
  return is_one_of(word, words);
}
// "OTP sent to 98…": where somebody is reached, or whose it is.
bool is_preposition(std::string_view word, Label label) {
  constexpr std::array<std::string_view, 8> words{"on", "at", "to", "from", "by", "via", "with", "against"};
  return (label == Label::phone_mobile || label == Label::payment_card || label == Label::pan) &&
         is_one_of(word, words);
}
// "OTP 98… pe aaya"
bool is_postposition(std::string_view word) {
  constexpr std::array<std::string_view, 9> words{"pe", "par", "pr", "se", "ko", "पर", "से", "को", "पे"};
  return is_one_of(word, words);
}
bool names_numbers(std::string_view word) {
  constexpr std::array<std::string_view, 15> words{"no",   "nos", "num", "number", "id",   "code", "kramank", "नंबर",
                                                   "नम्बर", "नं",   "सं",   "संख्या",   "आईडी", "कोड",  "क्रमांक"};
  return is_one_of(word, words);
}
bool is_copula(std::string_view word) {
  constexpr std::array<std::string_view, 3> words{"is", "hai", "है"};
  return is_one_of(word, words);
}
bool is_purpose_after(std::string_view word) {
  constexpr std::array<std::string_view, 7> words{"for", "ke", "regarding", "about", "at", "के", "and"};
  return is_postposition(word) || is_one_of(word, words);
}

class SearchBefore {
 public:
  SearchBefore(const TextReader& reader, size_t at, Label label)
      : reader_(&reader), begin_(at), at_(at), label_(label) {}

  Nearest run() {
    while (distance_ < max_before && step()) {
    }
    if (found_.mention == Mention::none && weak_.mention != Mention::none) return weak_;
    return found_;
  }

 private:
  // False: the search is over.
  bool step() {
    const Utf8Character c = reader_->character_before(at_);
    if (c.length == 0) return false;
    if (is_in_word(c.code_point)) return word();
    if (is_digit(static_cast<int>(c.code_point))) return false;
    if (c.code_point == '\n') {
      if (saw_word_ || saw_line_) return false;
      saw_line_ = true;
    }
    if (ends_sentence(c.code_point)) return false;
    if (c.code_point == ';' && at_ < begin_ && is_blank(reader_->behind(at_))) return false;
    if (c.code_point == '.' && at_ < begin_ && is_blank(reader_->behind(at_)) && !ends_abbreviation(at_ - 1))
      return false;
    saw_number_word_ = saw_number_word_ || (c.code_point == '#' && !saw_word_);
    is_named_ = is_named_ || c.code_point == ':' || c.code_point == '#' || c.code_point == '=';
    if (c.code_point != ' ' && weak_.mention != Mention::none) return false;
    at_ -= c.length;
    ++distance_;
    return true;
  }

  size_t word_begin(size_t end) const {
    size_t begin = end;
    while (end - begin < max_word_bytes) {
      const Utf8Character c = reader_->character_before(begin);
      if (c.length == 0 || !is_in_word(c.code_point)) break;
      begin -= c.length;
    }
    return begin;
  }

  bool ends_abbreviation(size_t end) const { return is_abbreviation(reader_->piece(word_begin(end), end)); }

  bool word() {
    const size_t begin = word_begin(at_);
    const std::string_view text = reader_->piece(begin, at_);
    const size_t begun = distance_;
    for (const char byte : text) distance_ += (static_cast<uint8_t>(byte) & 0xC0U) != 0x80 ? 1 : 0;
    const size_t end = at_;
    at_ = begin;
    is_purpose_ = is_purpose_ || is_purpose_before(text) || (!saw_word_ && is_preposition(text, label_));
    const bool is_numbered = saw_number_word_ && !saw_other_word_;
    const bool is_apart = saw_other_word_;
    is_named_ = is_named_ || names_numbers(text);
    saw_number_word_ = saw_number_word_ || names_numbers(text);
    saw_other_word_ = saw_other_word_ || !(names_numbers(text) || is_copula(text));
    saw_word_ = true;
    const ContextWord* known = find_context_word(text);
    // "a/c"
    if (text == "c" && reader_->reads_before(end, "a/c")) {
      known = find_context_word("account");
      at_ = end - 3;
    }
    // "on file" and the like say where a number is kept, not which one it is.
    constexpr std::array<std::string_view, 4> kept{"on file", "on record", "in record", "in records"};
    if (std::ranges::any_of(kept, [&](std::string_view phrase) { return reader_->reads_before(end, phrase); }))
      return true;
    if (weak_.mention != Mention::none) {
      if (known != nullptr && says(*known, label_) == Mention::own) found_ = {Mention::own, begun};
      return found_.mention == Mention::none && ++n_phrase_words_ < max_phrase_words;
    }
    if (known == nullptr) return true;
    const Mention mention = says(*known, label_);
    if (mention == Mention::none || (mention == Mention::other && is_purpose_)) return true;
    if (mention == Mention::other && known->strength == Strength::numbered && !is_numbered) return true;
    if (mention == Mention::other && known->strength == Strength::weak) {
      if (!(names_numbers(text) && is_apart)) weak_ = {mention, begun};
      return true;
    }
    found_ = {mention, begun, is_named_};
    return false;
  }

  const TextReader* reader_;
  size_t begin_;
  size_t at_;
  Label label_;
  size_t distance_ = 0;
  bool saw_word_ = false;
  bool saw_line_ = false;
  bool is_purpose_ = false;
  bool is_named_ = false;  // "order number", "order: "
  bool saw_number_word_ = false;
  bool saw_other_word_ = false;  // one that neither names numbers nor joins
  size_t n_phrase_words_ = 0;
  Nearest found_;
  Nearest weak_;
};

// A label whose own number follows: "…, mobile no. 98…".
bool is_followed_by_digits(TextReader& reader, size_t at) {
  constexpr size_t reach = 24;
  for (const size_t end = at + reach; at < end;) {
    const Utf8Character c = reader.character(at);
    if (is_digit(static_cast<int>(c.code_point))) return true;
    if (c.length == 0 || c.code_point == '\n' || c.code_point == ',' || c.code_point == '(' || c.code_point == ';')
      return false;
    size_t word = at;
    for (Utf8Character next = c; next.length > 0 && is_in_word(next.code_point) && word < end;
         next = reader.character(word))
      word += next.length;
    if (word > at && !names_numbers(reader.piece(at, word))) return false;
    at = std::max(word, at + c.length);
  }
  return false;
}

// The word after a place and a blank.
std::string_view word_after(TextReader& reader, size_t at) {
  if (reader.at(at) == ' ') ++at;
  size_t end = at;
  for (Utf8Character c = reader.character(end); c.length > 0 && is_in_word(c.code_point) && end - at < max_word_bytes;
       c = reader.character(end))
    end += c.length;
  return reader.piece(at, end);
}

Nearest search_after(TextReader& reader, size_t at, Label label) {
  size_t distance = 0;
  bool own_only = false;  // the phrase is over
  while (distance < max_after) {
    const Utf8Character c = reader.character(at);
    if (c.length == 0 || c.code_point == '\n' || is_digit(static_cast<int>(c.code_point)) ||
        ends_sentence(c.code_point) || c.code_point == '|' || c.code_point == ';')
      break;
    if (!is_in_word(c.code_point)) {
      if (c.code_point == '.' && is_blank(reader.at(at + 1))) break;
      own_only = own_only || c.code_point == ',' || c.code_point == '(' || c.code_point == '/' || c.code_point == '&';
      at += c.length;
      ++distance;
      continue;
    }
    const size_t begin = at;
    const size_t begun = distance;
    while (at - begin < max_word_bytes) {
      const Utf8Character next = reader.character(at);
      if (next.length == 0 || !is_in_word(next.code_point)) break;
      at += next.length;
      ++distance;
    }
    const std::string_view word = reader.piece(begin, at);
    own_only = own_only || is_purpose_after(word);
    const ContextWord* known = find_context_word(word);
    if (known == nullptr) continue;
    const Mention mention = says(*known, label);
    if (mention == Mention::none) continue;
    if (is_followed_by_digits(reader, at)) break;
    if (mention == Mention::own) return {mention, begun};
    if (!own_only && (known->strength == Strength::firm || names_numbers(word_after(reader, at))))
      return {mention, begun};
  }
  return {};
}

}  // namespace

Mention mention_of(TextReader& reader, size_t begin, size_t end, Label label) {
  const Nearest before = SearchBefore(reader, begin, label).run();
  if (before.mention == Mention::own) return Mention::own;
  const Nearest after = search_after(reader, end, label);
  if (before.mention == Mention::none) return after.mention;
  if (label == Label::phone_mobile && !before.is_named && is_postposition(word_after(reader, end)))
    return after.mention;
  return after.mention == Mention::own && after.distance < before.distance ? Mention::own : Mention::other;
}

Mention mention_in_word(std::string_view word, Label label) {
  const ContextWord* known = find_context_word(word);
  return known == nullptr ? Mention::none : says(*known, label);
}

}  // namespace tijori
