#include "protocol/request_id.h"

#include <array>

#include "base/bytes.h"
#include "base/crypto.h"

namespace tijori {

std::string new_request_id() {
  std::array<uint8_t, 16> bytes{};
  random_bytes(bytes);
  return to_hex(bytes);
}

}  // namespace tijori
