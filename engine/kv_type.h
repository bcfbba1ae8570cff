// The number formats of cached keys and values.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace tijori {

enum class KvType : uint8_t {
  f32,  // exact: what was computed is what is read back
  f16,  // IEEE half, rounded to nearest even
  q8,   // int8 with one float32 scale per head and position: scale = max |x| / 127
};

std::string_view name_of(KvType type);

// "f32", "f16" or "q8"; anything else is refused by name.
Result<KvType> parse_kv_type(std::string_view name);

// Bytes that one head of one position takes, for keys or for values.
uint64_t kv_row_bytes(KvType type, uint64_t head_dim);

}  // namespace tijori
