// Whether a crash can put prompts, answers or keys on a disk.
#pragma once

#include <string_view>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_core_dumps(const Machine& machine);

// By /proc/PID/limits; true as well when it doesn't tell.
bool may_dump_core(std::string_view limits);
// The program that gets every dump through a pipe, whatever the limit is (core(5)); "" when there is none, or when it
// is one that heeds the limit itself.
std::string_view careless_dump_handler(std::string_view core_pattern);

}  // namespace tijori
