// Banks of India, by the first four letters of their IFSCs.
#pragma once

#include <string_view>

namespace tijori {

// Four lower-case letters.
bool is_bank_code(std::string_view code);

}  // namespace tijori
