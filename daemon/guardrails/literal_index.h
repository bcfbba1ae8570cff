// Which literals may have begun and not ended yet at the end of a text.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tijori {

class LiteralIndex {
 public:
  // The literals, folded, without empty ones.
  LiteralIndex(std::vector<std::string> plain, std::vector<std::string> whole_words);

  size_t memory_bytes() const;

  // The smallest offset from which the rest of `text` begins a literal and is shorter than it; a whole word is open
  // until its boundary is known. O(text) but for places that look like the beginning of some literal.
  std::optional<size_t> earliest_open(std::string_view text) const;

 private:
  // Sorted texts behind a filter on their first four bytes.
  struct Texts {
    std::vector<std::string> sorted;
    std::bitset<1U << 16U> beginnings;

    explicit Texts(std::vector<std::string> texts);
    bool may_hold(std::string_view beginning) const;
    // Whether one begins with `beginning` and is longer or, where that counts, equal.
    enum class Equal { excluded, included };
    bool has_longer(std::string_view beginning, Equal equal) const;
  };
  Texts plain_;
  Texts whole_words_;
};

// Whether a whole word's literal may begin or end between these two texts.
bool is_boundary(std::string_view before, std::string_view after);

}  // namespace tijori
