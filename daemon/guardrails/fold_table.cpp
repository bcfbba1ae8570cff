#include "daemon/guardrails/fold_table.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "daemon/guardrails/fold.h"

namespace tijori {
namespace {

constexpr size_t page_size = 256;
constexpr char32_t code_point_end = 0x110000;
using Page = std::array<char32_t, page_size>;

// Each page is made when a text first has a character of it, and stays: 4 MiB at most, a few KiB in practice.
std::array<std::atomic<const Page*>, code_point_end / page_size> pages;

const Page& make_page(size_t number) {
  auto made = std::make_unique<Page>();
  for (size_t i = 0; i < page_size; ++i) (*made)[i] = fold_code_point(static_cast<char32_t>(number * page_size + i));
  const Page* there = nullptr;
  if (pages[number].compare_exchange_strong(there, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *there;
}

}  // namespace

char32_t folded_form(char32_t code_point) {
  if (code_point >= code_point_end) return code_point;
  const size_t number = code_point / page_size;
  const Page* page = pages[number].load(std::memory_order_acquire);
  return (page != nullptr ? *page : make_page(number))[code_point % page_size];
}

}  // namespace tijori
