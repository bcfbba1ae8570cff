#include "daemon/guardrails/literal_index.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr size_t filtered_bytes = 4;

size_t slot_of(std::string_view text) {
  uint32_t four = 0;
  std::memcpy(&four, text.data(), filtered_bytes);
  return (four * 0x9E3779B1U) >> 16U;
}

}  // namespace

LiteralIndex::Texts::Texts(std::vector<std::string> texts) : sorted(std::move(texts)) {
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  for (const std::string& text : sorted)
    if (text.size() >= filtered_bytes) beginnings.set(slot_of(text));
}

bool LiteralIndex::Texts::may_hold(std::string_view beginning) const {
  return beginning.size() < filtered_bytes ? !sorted.empty() : beginnings.test(slot_of(beginning));
}

bool LiteralIndex::Texts::has_longer(std::string_view beginning, Equal equal) const {
  auto found =
      std::ranges::lower_bound(sorted, beginning, {}, [](const std::string& text) -> std::string_view { return text; });
  if (found != sorted.end() && *found == beginning) {
    if (equal == Equal::included) return true;
    ++found;
  }
  return found != sorted.end() && found->starts_with(beginning);
}

LiteralIndex::LiteralIndex(std::vector<std::string> plain, std::vector<std::string> whole_words)
    : plain_(std::move(plain)), whole_words_(std::move(whole_words)) {}

size_t LiteralIndex::memory_bytes() const {
  size_t sum = sizeof *this;
  for (const Texts* texts : {&plain_, &whole_words_})
    for (const std::string& text : texts->sorted) sum += sizeof(std::string) + text.capacity();
  return sum;
}

std::optional<size_t> LiteralIndex::earliest_open(std::string_view text) const {
  // Of a character that is cut here nothing is known: a word before it may end there, one may begin with it.
  const size_t complete = complete_utf8_prefix(text);
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (plain_.may_hold(rest) && plain_.has_longer(rest, Texts::Equal::excluded)) return i;
    const std::string_view known = text.substr(std::min(i, complete), complete - std::min(i, complete));
    if (whole_words_.may_hold(known) && is_boundary(text.substr(0, i), known) &&
        whole_words_.has_longer(known, Texts::Equal::included))
      return i;
  }
  return std::nullopt;
}

bool is_boundary(std::string_view before, std::string_view after) {
  if (before.empty() || after.empty()) return true;
  return !is_word_character(last_character(before).code_point) || !is_word_character(first_character(after).code_point);
}

}  // namespace tijori
