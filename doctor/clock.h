// Whether the clock can be right. Certificates and the audit log rest on it, and an appliance without a network has
// nobody to ask.
#pragma once

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_clock(const Machine& machine);

}  // namespace tijori
