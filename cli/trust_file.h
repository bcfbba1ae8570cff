// The auditor's trust file, from what the appliance says of itself.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tijori {

// Holds the key and the checkpoint of the note. corrupted when the note isn't signed by that key.
Result<std::string> make_trust_file(std::string_view verifier_key, std::string_view checkpoint_note);

}  // namespace tijori
