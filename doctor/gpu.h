// NVIDIA cards, and the driver that CUDA needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_gpu(const Machine& machine);

struct NvidiaCard {
  std::string place;   // "0000:01:00.0"
  std::string driver;  // the kernel module that has it; "" when none does
};
std::vector<NvidiaCard> nvidia_cards(const Machine& machine);
bool is_nvidia_driver_loaded(const Machine& machine);

// "580.65.06" out of /sys/module/nvidia/version or /proc/driver/nvidia/version; "" when there is none in it.
std::string driver_version(std::string_view text);
std::optional<uint64_t> major_of(std::string_view version);

}  // namespace tijori
