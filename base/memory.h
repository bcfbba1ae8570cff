// What memory the machine has and this process holds, as the kernel says it.
#pragma once

#include <cstdint>
#include <string_view>

namespace tijori {

struct MachineMemory {
  int64_t total_bytes = 0;      // 0: not known
  int64_t available_bytes = 0;  // without swapping
};
// From the text of /proc/meminfo; what it lacks stays 0.
MachineMemory parse_meminfo(std::string_view text);
MachineMemory machine_memory();

int64_t own_resident_bytes();  // 0: not known

}  // namespace tijori
