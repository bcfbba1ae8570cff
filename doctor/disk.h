// Whether there is room for what the appliance writes.
#pragma once

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_disk(const Machine& machine);

enum class Room : uint8_t { enough, tight, none };
// By the thresholds of the audit log (audit/store/log_writer.cpp).
Room room_of(const DiskSpace& space);

}  // namespace tijori
