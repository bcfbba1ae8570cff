#include "daemon/guardrails/folded_text.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr char32_t ill_formed = 0xFFFD;

// Foldings of 256 code points each, made when first needed: ICU is asked once a code point.
constexpr size_t page_code_points = 256;
constexpr size_t page_count = 0x110000 / page_code_points;
using Page = std::array<char32_t, page_code_points>;

const Page& page_of(char32_t code_point) {
  static std::array<std::atomic<const Page*>, page_count> pages{};
  std::atomic<const Page*>& place = pages.at(code_point / page_code_points);
  if (const Page* const made = place.load(std::memory_order_acquire)) return *made;
  auto page = std::make_unique<Page>();
  const auto first = static_cast<char32_t>(code_point / page_code_points * page_code_points);
  for (size_t i = 0; i < page_code_points; ++i) (*page)[i] = fold_code_point(first + static_cast<char32_t>(i));
  const Page* other = nullptr;
  if (place.compare_exchange_strong(other, page.get(), std::memory_order_acq_rel)) return *page.release();
  return *other;
}

char32_t cached_fold(char32_t code_point) {
  return page_of(code_point)[code_point % page_code_points];
}

size_t ascii_prefix(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + i, sizeof eight);
    const uint64_t high = eight & 0x8080808080808080U;
    if (high != 0) return i + static_cast<size_t>(std::countr_zero(high)) / 8;
  }
  while (i < text.size() && static_cast<uint8_t>(text[i]) < 0x80) ++i;
  return i;
}

uint8_t utf8_length(char32_t code_point) {
  if (code_point < 0x80) return 1;
  if (code_point < 0x800) return 2;
  return code_point < 0x10000 ? 3 : 4;
}

}  // namespace

void FoldedText::append(std::string_view source) {
  source_.append(source);
  while (folded_bytes_source_ < source_size()) {
    const std::string_view rest = std::string_view(source_).substr(folded_bytes_source_ - source_base_);
    if (const size_t ascii = ascii_prefix(rest); ascii > 0) {
      fold_ascii(rest.substr(0, ascii));
      continue;
    }
    const Utf8Character next = first_character(rest);
    if (next.kind == Utf8Character::Kind::cut) return;
    fold_character(next.code_point, next.length);
  }
}

void FoldedText::finish() {
  while (folded_bytes_source_ < source_size()) fold_character(ill_formed, 1);
}

void FoldedText::fold_ascii(std::string_view ascii) {
  const size_t old_size = folded_.size();
  folded_.resize(old_size + ascii.size());
  char* const out = folded_.data() + old_size;
  for (size_t i = 0; i < ascii.size(); ++i) {
    const char c = ascii[i];
    out[i] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  add_to_run(ascii.size(), 1, 1);
}

void FoldedText::fold_character(char32_t code_point, size_t source_length) {
  const char32_t folded = cached_fold(code_point);
  if (folded == folds_away) {
    invisibles_.push_back({code_point, {folded_bytes_source_, code_points_}, end()});
    folded_bytes_source_ += source_length;
    ++code_points_;
    return;
  }
  append_utf8(folded_, folded);
  add_to_run(1, utf8_length(folded), static_cast<uint8_t>(source_length));
}

// The characters were put into folded_ just now.
void FoldedText::add_to_run(size_t characters, uint8_t folded_length, uint8_t source_length) {
  const TextOffset here{folded_bytes_source_, code_points_};
  const size_t folded_here = end() - characters * folded_length;
  const bool goes_on = !runs_.empty() && runs_.back().folded_length == folded_length &&
                       runs_.back().source_length == source_length &&
                       runs_.back().source.byte + runs_.back().characters * source_length == here.byte;
  if (!goes_on) runs_.push_back({folded_here, here, folded_length, source_length, 0});
  runs_.back().characters += characters;
  folded_bytes_source_ += characters * source_length;
  code_points_ += characters;
}

const FoldedText::Run& FoldedText::run_at(size_t folded) const {
  const auto after = std::ranges::upper_bound(runs_, folded, {}, &Run::folded);
  CHECK(after != runs_.begin());
  return *std::prev(after);
}

TextOffset FoldedText::source_begin(size_t folded) const {
  if (runs_.empty()) return {};
  const Run& run = run_at(folded);
  const size_t number = (folded - run.folded) / run.folded_length;
  return {run.source.byte + number * run.source_length, run.source.code_point + number};
}

TextOffset FoldedText::source_end(size_t folded) const {
  if (runs_.empty() || folded == runs_.front().folded) return source_begin(folded);
  const Run& run = run_at(folded - 1);
  const size_t number = (folded - 1 - run.folded) / run.folded_length + 1;
  return {run.source.byte + number * run.source_length, run.source.code_point + number};
}

void FoldedText::forget(size_t folded) {
  if (folded <= folded_base_) return;
  const size_t source_byte = source_begin(folded).byte;
  // Erasing from the front moves all that follows: done when it is worth it.
  forgotten_ = source_byte - source_base_;
  if (forgotten_ > source_.size() / 2) {
    source_.erase(0, forgotten_);
    source_base_ += forgotten_;
    forgotten_ = 0;
  }
  folded_.erase(0, folded - folded_base_);
  folded_base_ = folded;
  // The run that holds the offset stays whole, so that its arithmetic does.
  const auto keep = std::prev(std::ranges::upper_bound(runs_, folded, {}, &Run::folded));
  runs_.erase(runs_.begin(), keep);
  std::erase_if(invisibles_, [folded](const Invisible& one) { return one.folded < folded; });
}

}  // namespace tijori
