#include "daemon/guardrails/code_point_set.h"

#include <algorithm>
#include <utility>

#include "daemon/guardrails/fold.h"

namespace tijori {
namespace {

constexpr char32_t last_code_point = 0x10FFFF;
constexpr char32_t first_surrogate = 0xD800;
constexpr char32_t last_surrogate = 0xDFFF;

struct Move {
  char32_t from = 0;
  char32_t to = 0;
};

// Every code point that folding changes, in order. Ideographs, syllables and unassigned planes, which it doesn't, are
// not asked one by one.
const std::vector<Move>& moves() {
  static const std::vector<Move> all = [] {
    constexpr CodePointRange asked[] = {
        {0, 0x33FF}, {0xA000, 0xABFF}, {0xD7A4, 0xD7FF}, {0xE000, 0x1FFFF}, {0xE0000, 0xE0FFF}};
    std::vector<Move> out;
    for (const auto& [first, last] : asked)
      for (char32_t c = first; c <= last; ++c)
        if (const char32_t to = fold_code_point(c); to != c) out.push_back({c, to});
    return out;
  }();
  return all;
}

size_t utf8_length(char32_t c) {
  if (c < 0x80) return 1;
  if (c < 0x800) return 2;
  return c < 0x10000 ? 3 : 4;
}

std::array<uint8_t, 4> utf8_bytes(char32_t c, size_t length) {
  constexpr std::array<uint8_t, 5> lead = {0, 0, 0xC0, 0xE0, 0xF0};
  std::array<uint8_t, 4> out{};
  for (size_t i = length; i-- > 1; c >>= 6U) out[i] = static_cast<uint8_t>(0x80U | (c & 0x3FU));
  out[0] = static_cast<uint8_t>(lead[length] | c);
  return out;
}

// Cuts [first, last], which are equally long in UTF-8, where their bytes stop being independent ranges.
void append_sequences(char32_t first, char32_t last, std::vector<ByteSequence>& out) {
  const size_t length = utf8_length(first);
  for (unsigned bits = 6; bits <= 6 * (length - 1); bits += 6) {
    const char32_t mask = (char32_t{1} << bits) - 1;
    if ((first & ~mask) == (last & ~mask)) continue;
    if ((first & mask) != 0) {
      append_sequences(first, first | mask, out);
      append_sequences((first | mask) + 1, last, out);
      return;
    }
    if ((last & mask) != mask) {
      append_sequences(first, (last & ~mask) - 1, out);
      append_sequences(last & ~mask, last, out);
      return;
    }
  }
  const auto low = utf8_bytes(first, length);
  const auto high = utf8_bytes(last, length);
  ByteSequence sequence;
  sequence.length = length;
  for (size_t i = 0; i < length; ++i) sequence.bytes[i] = {low[i], high[i]};
  out.push_back(sequence);
}

}  // namespace

void CodePointSet::add(char32_t first, char32_t last) {
  if (first > last) return;
  // The ranges that touch the new one are swallowed by it.
  const auto begin = std::ranges::find_if(
      ranges_, [first](const CodePointRange& range) { return first == 0 || range.last >= first - 1; });
  auto end = begin;
  while (end != ranges_.end() && end->first <= last + 1) {
    first = std::min(first, end->first);
    last = std::max(last, end->last);
    ++end;
  }
  ranges_.insert(ranges_.erase(begin, end), {first, last});
}

void CodePointSet::add(const CodePointSet& other) {
  for (const auto& [first, last] : other.ranges_) add(first, last);
}

CodePointSet CodePointSet::complement() const {
  CodePointSet out;
  char32_t next = 0;
  for (const auto& [first, last] : ranges_) {
    if (first > next) out.ranges_.push_back({next, first - 1});
    next = last + 1;
  }
  if (next <= last_code_point) out.ranges_.push_back({next, last_code_point});
  return out;
}

CodePointSet CodePointSet::folded() const {
  CodePointSet out;
  if (ranges_.size() == 1 && ranges_[0].first == ranges_[0].last) {
    if (const char32_t to = fold_code_point(ranges_[0].first); to != folds_away) out.add(to, to);
    return out;
  }
  const std::vector<Move>& all = moves();
  for (const auto& [first, last] : ranges_) {
    char32_t next = first;
    for (auto move = std::ranges::lower_bound(all, first, {}, &Move::from); move != all.end() && move->from <= last;
         ++move) {
      if (move->from > next) out.add(next, move->from - 1);
      if (move->to != folds_away) out.add(move->to, move->to);
      next = move->from + 1;
    }
    out.add(next, last);
  }
  return out;
}

bool CodePointSet::contains(char32_t code_point) const {
  return std::ranges::any_of(ranges_, [code_point](const CodePointRange& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

size_t CodePointSet::size() const {
  size_t sum = 0;
  for (const auto& [first, last] : ranges_) sum += size_t{last} - first + 1;
  return sum;
}

std::vector<ByteSequence> CodePointSet::byte_sequences() const {
  const auto has = [this](char32_t first, char32_t last) {
    return std::ranges::any_of(
        ranges_, [first, last](const CodePointRange& range) { return range.first <= first && last <= range.last; });
  };
  std::vector<ByteSequence> out;
  // Where all characters of one length are meant, well-formed text needs no finer distinction.
  const bool all_of_three = has(0x800, first_surrogate - 1) && has(last_surrogate + 1, 0xFFFF);
  const bool all_of_four = has(0x10000, last_code_point);
  constexpr ByteRange tail{0x80, 0xBF};
  if (all_of_three) out.push_back({{{{0xE0, 0xEF}, tail, tail, {}}}, 3});
  if (all_of_four) out.push_back({{{{0xF0, 0xF4}, tail, tail, tail}}, 4});

  constexpr CodePointRange same_length[] = {
      {0, 0x7F}, {0x80, 0x7FF}, {0x800, first_surrogate - 1}, {last_surrogate + 1, 0xFFFF}, {0x10000, last_code_point}};
  for (const auto& range : ranges_) {
    for (const auto& part : same_length) {
      const size_t length = utf8_length(part.first);
      if ((length == 3 && all_of_three) || (length == 4 && all_of_four)) continue;
      const char32_t first = std::max(range.first, part.first);
      const char32_t last = std::min(range.last, part.last);
      if (first <= last) append_sequences(first, last, out);
    }
  }
  return out;
}

}  // namespace tijori
