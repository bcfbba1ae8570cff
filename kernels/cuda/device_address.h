// Where something lies in a device's memory.
#pragma once

#include <cstdint>

namespace tijori::cuda {

// Not a pointer: the CPU can't look at it, and what a kernel gets has passed Global's constructor (language.h). 0 is
// nowhere.
using DeviceAddress = uint64_t;

}  // namespace tijori::cuda
