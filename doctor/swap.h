// Whether memory of the appliance can be written to a disk as swap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_swap(const Machine& machine);

// What /proc/swaps lists; memory that is only compressed (zram) is no disk.
std::vector<std::string> swaps_on_disk(std::string_view swaps);

}  // namespace tijori
