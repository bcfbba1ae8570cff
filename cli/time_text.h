// Times as people give them on a command line.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace tijori {

// RFC 3339 with a zone, seconds optional: "2026-12-03T14:30+05:30", "2026-12-03T09:00:00Z". Microseconds since 1970.
Result<int64_t> parse_time(std::string_view text);

}  // namespace tijori
