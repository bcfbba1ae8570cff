// Ids that join the records, log lines and answers of one request.
#pragma once

#include <string>

namespace tijori {

// 16 random bytes as 32 lower-case hex digits.
std::string new_request_id();

}  // namespace tijori
