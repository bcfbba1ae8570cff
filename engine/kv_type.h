// The number formats of cached keys and values, by the names the operator uses.
//   f32  exact: what was computed is what is read back
//   f16  IEEE half, rounded to nearest even
//   q8   int8 with one float32 scale per head and position
#pragma once

#include <string_view>

#include "base/error.h"
#include "kernels/cpu/kernels.h"

namespace tijori {

std::string_view name_of(KvType type);

// "f32", "f16" or "q8"; anything else is refused by name.
Result<KvType> parse_kv_type(std::string_view name);

}  // namespace tijori
