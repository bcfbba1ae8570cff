// Secure Boot, where it keeps the NVIDIA driver from being loaded. In itself it is welcome.
#pragma once

#include <string_view>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_secure_boot(const Machine& machine);

// There is an NVIDIA card, its driver is installed but not loaded, and Secure Boot is on.
bool does_secure_boot_block(const Machine& machine);

// By the bytes of the variable SecureBoot: four of attributes, then 1.
bool is_secure_boot_on(std::string_view variable);
// By the modules.dep of a kernel.
bool has_nvidia_module(std::string_view modules);

}  // namespace tijori
