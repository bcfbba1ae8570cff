#include "daemon/guardrails/pattern_beginnings.h"

#include <algorithm>
#include <set>
#include <string>

namespace tijori {
namespace {

using Texts = std::set<std::string>;  // the first bytes of all matches; shorter ones are whole matches

uint32_t key_of(std::string_view text) {
  const auto byte = [&text](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  return byte(0) << 16U | byte(1) << 8U | byte(2);
}
size_t pair_of(std::string_view text) {
  return size_t{static_cast<uint8_t>(text[0])} << 8U | static_cast<uint8_t>(text[1]);
}
size_t slot_of(uint32_t key) {
  return (key * 0x9E3779B1U) >> 16U;
}

// Absent where they are too many.
std::optional<Texts> texts_of(const CodePointSet& set) {
  Texts out;
  for (const ByteSequence& sequence : set.byte_sequences()) {
    Texts begun{""};
    for (size_t i = 0; i < std::min(sequence.length, beginning_bytes); ++i) {
      const ByteRange range = sequence.bytes[i];
      Texts longer;
      if (begun.size() * (size_t{range.last} - range.first + 1) > max_beginnings) return std::nullopt;
      for (const std::string& text : begun)
        for (size_t byte = range.first; byte <= range.last; ++byte) longer.insert(text + static_cast<char>(byte));
      begun = std::move(longer);
    }
    out.merge(begun);
    if (out.size() > max_beginnings) return std::nullopt;
  }
  return out;
}

std::optional<Texts> joined(const Texts& left, const Texts& right) {
  Texts out;
  for (const std::string& begun : left) {
    if (begun.size() == beginning_bytes) {
      out.insert(begun);
    } else {
      for (const std::string& text : right) out.insert((begun + text).substr(0, beginning_bytes));
    }
    if (out.size() > max_beginnings) return std::nullopt;
  }
  return out;
}

std::optional<Texts> texts_of(const PatternNode& node) {
  switch (node.kind) {
    case PatternNode::Kind::set:
      return texts_of(node.set);
    case PatternNode::Kind::sequence: {
      Texts out{""};
      for (const PatternNode& child : node.children) {
        const bool is_done = std::ranges::all_of(out, [](const auto& text) { return text.size() == beginning_bytes; });
        if (is_done) break;
        const auto next = texts_of(child);
        if (!next) return std::nullopt;
        auto longer = joined(out, *next);
        if (!longer) return std::nullopt;
        out = *std::move(longer);
      }
      return out;
    }
    case PatternNode::Kind::choice: {
      Texts out;
      for (const PatternNode& child : node.children) {
        auto branch = texts_of(child);
        if (!branch) return std::nullopt;
        out.merge(*branch);
        if (out.size() > max_beginnings) return std::nullopt;
      }
      return out;
    }
    case PatternNode::Kind::repeat: {
      const auto once = texts_of(node.children[0]);
      if (!once) return std::nullopt;
      // Each round adds a byte at least or, where the repeated part may be empty, is reached by fewer.
      const uint32_t rounds = std::min<uint32_t>(node.max, beginning_bytes);
      Texts begun{""};
      Texts out;
      for (uint32_t i = 0; i < rounds; ++i) {
        if (i >= node.min) out.insert(begun.begin(), begun.end());
        auto longer = joined(begun, *once);
        if (!longer) return std::nullopt;
        begun = *std::move(longer);
      }
      out.merge(begun);
      if (out.size() > max_beginnings) return std::nullopt;
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace

void PatternBeginnings::add(const Pattern& pattern) {
  const uint32_t number = n_patterns_++;
  const auto texts = texts_of(pattern.root());
  const bool is_usable =
      texts && std::ranges::all_of(*texts, [](const auto& text) { return text.size() == beginning_bytes; });
  if (!is_usable) {
    anywhere_.push_back(number);
    return;
  }
  for (const std::string& text : *texts) {
    const uint32_t key = key_of(text);
    beginnings_.emplace_back(key, number);
    filter_.set(slot_of(key));
    first_byte_.set(static_cast<uint8_t>(text[0]));
    first_two_.set(pair_of(text));
  }
}

void PatternBeginnings::settle() {
  std::ranges::sort(beginnings_);
}

size_t PatternBeginnings::memory_bytes() const {
  return sizeof *this + beginnings_.capacity() * sizeof beginnings_[0] + anywhere_.capacity() * sizeof anywhere_[0];
}

std::optional<size_t> PatternBeginnings::open_at_end(std::string_view text) const {
  if (text.size() >= 2 && first_two_.test(pair_of(text.substr(text.size() - 2)))) return text.size() - 2;
  if (!text.empty() && first_byte_.test(static_cast<uint8_t>(text.back()))) return text.size() - 1;
  return std::nullopt;
}

void PatternBeginnings::candidates(std::string_view text, std::vector<uint32_t>& out) const {
  const auto first = static_cast<std::ptrdiff_t>(out.size());
  out.insert(out.end(), anywhere_.begin(), anywhere_.end());
  for (size_t i = 0; i + beginning_bytes <= text.size(); ++i) {
    const uint32_t key = key_of(text.substr(i, beginning_bytes));
    if (!filter_.test(slot_of(key))) continue;
    for (auto found = std::ranges::lower_bound(beginnings_, std::pair(key, uint32_t{0}));
         found != beginnings_.end() && found->first == key; ++found)
      out.push_back(found->second);
  }
  std::sort(out.begin() + first, out.end());
  out.erase(std::unique(out.begin() + first, out.end()), out.end());
}

}  // namespace tijori
