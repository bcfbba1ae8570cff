// Text that must not outlive its use.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/crypto.h"

namespace tijori {

// Overwrites the text and empties it.
inline void wipe(std::string& text) {
  text.resize(text.capacity());
  wipe(std::span(reinterpret_cast<uint8_t*>(text.data()), text.size()));
  text.clear();
}

}  // namespace tijori
