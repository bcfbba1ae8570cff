// What `tijori doctor` learns from the daemon, or of why it can't be asked.
#pragma once

#include "cli/context.h"
#include "doctor/examination.h"

namespace tijori {

// Adds the daemon's conditions to what was found, or the reason why there are none.
void ask_daemon(const Context& context, const Machine& machine, Examination& examination);

}  // namespace tijori
