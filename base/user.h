// Users of this machine, as its own files name them.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/error.h"

namespace tijori {

// The uid of a user, given by name or by number. not_found for a name that nobody has.
Result<uid_t> user_id(const std::string& name_or_number);

// For messages: "name (uid N)", or "uid N" when nobody has it.
std::string user_text(uid_t uid);

}  // namespace tijori
