// What a health condition of the daemon means, in the console's language: its state in words, what to do, and the
// command that does it. Codes that this console doesn't know say what the daemon says.
#pragma once

#include <QString>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

struct Finding {
  QString code;
  QString title;    // what is so: "The audit log's disk is nearly full."
  QString advice;   // what to do: "Free 2 GiB or add a disk."; may be empty
  QString command;  // may be empty
  QString screen;   // where it is seen to: "models"; may be empty
  QString detail;   // the daemon's own words, for tooltips and copies
};

// What this console itself finds beside the daemon's conditions: its witness saw the log break.
inline constexpr const char* witness_alarm_code = "log-witness";

Finding finding_of(const Condition& condition);

// "Models": how the screen that a finding names is called.
QString finding_screen_title(const QString& screen);

// The gravest first, among equals the oldest; at most `most`.
std::vector<Condition> by_weight(const std::vector<Condition>& conditions, size_t most);

// "State. What to do." of the whole appliance: one line.
QString health_sentence(const DaemonStatus& status);

}  // namespace tijori
