// What each code means and what to do: the one table, for `tijori doctor` and for whoever reads `tijori status`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tijori {

// Who finds it: the daemon, as a condition of its status, or `tijori doctor` alone.
enum class FoundBy : uint8_t { status, doctor };

struct Explanation {
  std::string_view code;  // never changes its meaning
  FoundBy found_by;
  std::string_view meaning;
  std::string_view fix;
};

std::span<const Explanation> explanations();               // by code
const Explanation* explanation_of(std::string_view code);  // nullptr for a code of another release

}  // namespace tijori
