// Global<T> and Array<T, n> of kernels/cuda/language.h, which know their bounds.
#pragma once

#include <type_traits>

#include "kernels/host/device_memory.h"
#include "kernels/host/index.h"
#include "kernels/host/kernel_thread.h"

namespace tijori::cuda {

namespace host {
// Where a Global that points nowhere begins and ends: no element lies behind the one and before the other.
inline constexpr uintptr_t nowhere = UINTPTR_MAX;

[[noreturn]] [[gnu::cold]] inline void outside_global(const Index& index, size_t element_bytes, uintptr_t current,
                                                      uintptr_t begin, uintptr_t end) {
  if (begin == nowhere) die(index.at, "a Global that points nowhere is used");
  const auto before = static_cast<long long>(current - begin) / static_cast<long long>(element_bytes);
  die(index.at, "index %lld is out of bounds of a Global of %zu elements (%lld of them before the one it points to)",
      static_cast<long long>(index.value), (end - begin) / element_bytes, before);
}
[[noreturn]] [[gnu::cold]] inline void outside_array(const Index& index, int count) {
  die(index.at, "index %lld is out of bounds of an Array of %d", static_cast<long long>(index.value), count);
}
}  // namespace host

template <class T>
class Global {
 public:
  Global() = default;
  Global(DeviceAddress address, size_t count, std::source_location at = std::source_location::current())
      : current_(reinterpret_cast<T*>(host::translate(address, count, sizeof(T), alignof(T), at))) {
    if (current_ == nullptr) return;
    begin_ = place();
    end_ = begin_ + count * sizeof(T);
  }
  template <class Other>
    requires(!std::is_same_v<Other, T> && std::is_same_v<const Other, T>)
  Global(Global<Other> other) : current_(other.current_), begin_(other.begin_), end_(other.end_) {}

  [[gnu::always_inline]] T& operator[](host::Index index) const {
    const uintptr_t at = place() + index.value * sizeof(T);
    if (at < begin_ || at > end_ - sizeof(T)) [[unlikely]]
      host::outside_global(index, sizeof(T), place(), begin_, end_);
    return current_[static_cast<ptrdiff_t>(index.value)];
  }
  // Up to the place after the last element; nowhere stays nowhere.
  [[gnu::always_inline]] Global operator+(host::Index count) const {
    const uintptr_t at = place() + count.value * sizeof(T);
    if (at < begin_ || at > end_) [[unlikely]] {
      if (begin_ == host::nowhere) return *this;
      host::outside_global(count, sizeof(T), place(), begin_, end_);
    }
    return Global(current_ + static_cast<ptrdiff_t>(count.value), begin_, end_);
  }
  explicit operator bool() const { return begin_ != host::nowhere; }
  template <class Other>
  Global<Other> as(std::source_location at = std::source_location::current()) const {
    static_assert(std::is_const_v<Other> || !std::is_const_v<T>);
    if (place() % alignof(Other) != 0) [[unlikely]]
      host::die(at, "a Global whose address is not aligned to %zu bytes is taken as elements that are", alignof(Other));
    return Global<Other>(reinterpret_cast<Other*>(current_), begin_, end_);
  }
  T* raw() const { return current_; }

 private:
  template <class Other>
  friend class Global;
  Global(T* current, uintptr_t begin, uintptr_t end) : current_(current), begin_(begin), end_(end) {}
  // Bounds are held against numbers: a pointer must not so much as be made outside of them.
  [[gnu::always_inline]] uintptr_t place() const { return reinterpret_cast<uintptr_t>(current_); }

  T* current_ = nullptr;
  uintptr_t begin_ = host::nowhere, end_ = host::nowhere;
};

template <class T, int n>
struct Array {
  T values[n];
  [[gnu::always_inline]] T& operator[](host::Index index) {
    if (index.value >= static_cast<size_t>(n)) [[unlikely]]
      host::outside_array(index, n);
    return values[index.value];
  }
  [[gnu::always_inline]] const T& operator[](host::Index index) const {
    if (index.value >= static_cast<size_t>(n)) [[unlikely]]
      host::outside_array(index, n);
    return values[index.value];
  }
};

}  // namespace tijori::cuda
