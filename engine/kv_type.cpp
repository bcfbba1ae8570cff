#include "engine/kv_type.h"

#include <string>

namespace tijori {

std::string_view name_of(KvType type) {
  switch (type) {
    case KvType::f32:
      return "f32";
    case KvType::f16:
      return "f16";
    case KvType::q8:
      return "q8";
  }
  return "unknown";
}

Result<KvType> parse_kv_type(std::string_view name) {
  for (const KvType type : {KvType::f32, KvType::f16, KvType::q8}) {
    if (name == name_of(type)) return type;
  }
  return fail(ErrorCode::invalid_argument, "KV cache type \"" + std::string(name) + "\": expected f32, f16 or q8");
}

}  // namespace tijori
