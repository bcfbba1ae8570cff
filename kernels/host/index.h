// An index that knows the line it was written in: operator[] has no room for a source_location of its own.
#pragma once

#include <concepts>
#include <cstddef>
#include <source_location>

namespace tijori::cuda::host {

struct Index {
  size_t value;
  std::source_location at;
  template <std::integral Integer>
  [[gnu::always_inline]] Index(Integer index, std::source_location where = std::source_location::current())
      : value(static_cast<size_t>(index)), at(where) {}
};

}  // namespace tijori::cuda::host
