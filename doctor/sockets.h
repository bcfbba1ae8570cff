// Whether the sockets are there, and open to their groups and to nobody else.
#pragma once

#include <optional>
#include <string_view>

#include <sys/types.h>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_sockets(const Machine& machine);

// The number of a group by /etc/group, which is where ours are; none when it isn't there.
std::optional<gid_t> group_id(std::string_view group_file, std::string_view name);
// True when the file lists the user as a member.
bool is_group_member(std::string_view group_file, std::string_view name, std::string_view user);

}  // namespace tijori
