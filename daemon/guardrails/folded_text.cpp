#include "daemon/guardrails/folded_text.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/fold_table.h"
#include "daemon/guardrails/utf8.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

// Code points in a run of unchanged characters are counted from its beginning, so runs are kept short.
constexpr size_t max_unchanged_run_bytes = 1024;
// Forgotten heads are cleared away once they are this long and longer than the rest.
constexpr size_t min_cleared_bytes = 4096;
constexpr size_t min_cleared_entries = 64;

bool is_continuation(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80;
}

// Of well-formed text, or of its end.
size_t count_characters(std::string_view text) {
  size_t n = 0;
  for (const char c : text) n += is_continuation(c) ? 0 : 1;
  return n;
}

size_t ascii_length(std::string_view text) {
  size_t i = 0;
  constexpr uint64_t high_bits = 0x8080808080808080;
  for (; i + 16 <= text.size(); i += 16) {
    uint64_t words[2];
    std::memcpy(words, text.data() + i, sizeof words);
    if (((words[0] | words[1]) & high_bits) != 0) break;
  }
  while (i < text.size() && static_cast<uint8_t>(text[i]) < 0x80) ++i;
  return i;
}

// Only A … Z change: the bytes of longer characters lie elsewhere.
void append_lower(std::string& out, std::string_view text) {
  const size_t at = out.size();
  out.append(text);
  for (size_t i = at; i < out.size(); ++i) {
    const auto byte = static_cast<uint8_t>(out[i]);
    const bool is_upper = static_cast<uint8_t>(byte - 'A') < 26;
    out[i] = static_cast<char>(byte | (is_upper ? 0x20U : 0U));
  }
}

bool is_bidi_control(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
bool is_tag(char32_t c) {
  return c >= 0xE0000 && c <= 0xE007F;
}
bool is_selector(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

size_t utf8_length(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

// Drops the first entries of a vector once they outnumber the rest.
template <typename T>
void clear_head(std::vector<T>& entries, size_t& n_forgotten) {
  if (n_forgotten < min_cleared_entries || n_forgotten < entries.size() / 2) return;
  entries.erase(entries.begin(), entries.begin() + static_cast<ptrdiff_t>(n_forgotten));
  n_forgotten = 0;
}

}  // namespace

FoldedText::Window::~Window() {
  wipe(bytes);
}

void FoldedText::Window::forget(size_t offset) {
  begin = offset;
  const size_t n_forgotten = begin - base;
  if (n_forgotten < min_cleared_bytes || n_forgotten < bytes.size() / 2) return;
  bytes.erase(0, n_forgotten);
  base = begin;
}

void FoldedText::append(std::string_view source) {
  CHECK(!is_finished_);
  source_.bytes.append(source);
  fold_more();
}

void FoldedText::finish() {
  is_finished_ = true;
  fold_more();
}

void FoldedText::fold_more() {
  const std::string_view rest = std::string_view(source_.bytes).substr(next_.byte - source_.base);
  size_t unchanged = 0;  // where those begin that only need lower case
  size_t at = 0;
  const auto flush = [&] {
    if (at > unchanged) add_unchanged(rest.substr(unchanged, at - unchanged));
  };
  while (at < rest.size()) {
    at += ascii_length(rest.substr(at));
    if (at == rest.size()) break;
    const Utf8Character c = first_character(rest.substr(at));
    if (c.kind == Utf8Character::Kind::cut && !is_finished_) break;
    if (c.kind == Utf8Character::Kind::whole) {
      const char32_t folded = folded_form(c.code_point);
      if (folded == c.code_point) {
        at += c.length;
        continue;
      }
      flush();
      folded == folds_away ? add_vanished(c.code_point, c.length) : add_changed(folded, c.length);
      at += c.length;
    } else {
      flush();
      add_changed(0xFFFD, 1);
      at += 1;
    }
    unchanged = at;
  }
  flush();
}

void FoldedText::begin_run(uint8_t folded_length, uint8_t source_length) {
  if (!run_is_broken_ && !runs().empty()) {
    const Run& last = runs_.back();
    if (last.folded_length == folded_length && last.source_length == source_length &&
        (folded_length != 0 || end() - last.folded < max_unchanged_run_bytes))
      return;
  }
  runs_.push_back({end(), next_, folded_length, source_length});
  run_is_broken_ = false;
}

void FoldedText::add_unchanged(std::string_view bytes) {
  while (!bytes.empty()) {
    begin_run(0, 0);
    const size_t length = std::min(bytes.size(), max_unchanged_run_bytes - (end() - runs_.back().folded));
    const std::string_view piece = bytes.substr(0, length);
    append_lower(folded_.bytes, piece);
    next_.byte += length;
    next_.code_point += count_characters(piece);
    bytes.remove_prefix(length);
  }
}

void FoldedText::add_changed(char32_t code_point, size_t source_length) {
  const size_t folded_length = utf8_length(code_point);
  if (folded_length == source_length)
    begin_run(0, 0);
  else
    begin_run(static_cast<uint8_t>(folded_length), static_cast<uint8_t>(source_length));
  append_utf8(folded_.bytes, code_point);
  next_.byte += source_length;
  ++next_.code_point;
}

void FoldedText::add_vanished(char32_t code_point, size_t source_length) {
  if (vanished().empty() || vanished_.back().folded != end())
    vanished_.push_back({.folded = end(), .place = {next_, next_}});
  next_.byte += source_length;
  ++next_.code_point;
  VanishedRun& run = vanished_.back();
  run.place.end = next_;
  ++run.n_characters;
  run.n_tags += is_tag(code_point) ? 1 : 0;
  run.n_selectors += is_selector(code_point) ? 1 : 0;
  run.n_bidi_controls += is_bidi_control(code_point) ? 1 : 0;
  run_is_broken_ = true;
}

std::span<const FoldedText::Run> FoldedText::runs() const {
  return std::span(runs_).subspan(n_runs_forgotten_);
}

std::span<const VanishedRun> FoldedText::vanished() const {
  return std::span(vanished_).subspan(n_vanished_forgotten_);
}

TextOffset FoldedText::within(const Run& run, size_t folded) const {
  const size_t distance = folded - run.folded;
  if (run.folded_length == 0) {
    const std::string_view characters = std::string_view(folded_.bytes).substr(run.folded - folded_.base, distance);
    return {run.source.byte + distance, run.source.code_point + count_characters(characters)};
  }
  const size_t n_characters = distance / run.folded_length;
  return {run.source.byte + n_characters * run.source_length, run.source.code_point + n_characters};
}

TextOffset FoldedText::source_begin(size_t folded) const {
  CHECK(folded >= begin() && folded <= end());
  if (folded == end()) return is_finished_ ? next_ : source_end(folded);
  const auto after = std::ranges::upper_bound(runs(), folded, {}, &Run::folded);
  return within(*std::prev(after), folded);
}

TextOffset FoldedText::source_end(size_t folded) const {
  CHECK(folded >= begin() && folded <= end());
  if (folded == begin()) return front_;
  const auto after = std::ranges::lower_bound(runs(), folded, {}, &Run::folded);
  return within(*std::prev(after), folded);
}

TextSpan FoldedText::source_span(size_t folded_begin, size_t folded_end) const {
  if (folded_begin == folded_end) return {source_end(folded_begin), source_begin(folded_begin)};
  return {source_begin(folded_begin), source_end(folded_end)};
}

void FoldedText::forget(size_t folded) {
  while (folded > begin() && folded < end() && is_continuation(folded_.bytes[folded - folded_.base])) --folded;
  if (folded <= begin()) return;
  const TextOffset front = source_end(folded);
  if (folded == end()) {
    n_runs_forgotten_ = runs_.size();
    run_is_broken_ = true;
  } else {
    const auto after = std::ranges::upper_bound(runs(), folded, {}, &Run::folded);
    const auto first = n_runs_forgotten_ + static_cast<size_t>(after - runs().begin()) - 1;
    runs_[first].source = within(runs_[first], folded);
    runs_[first].folded = folded;
    n_runs_forgotten_ = first;
  }
  front_ = front;
  while (n_vanished_forgotten_ < vanished_.size() && vanished_[n_vanished_forgotten_].folded < folded)
    ++n_vanished_forgotten_;
  clear_head(runs_, n_runs_forgotten_);
  clear_head(vanished_, n_vanished_forgotten_);
  folded_.forget(folded);
  source_.forget(front_.byte);
}

}  // namespace tijori
