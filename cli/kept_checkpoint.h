// Checkpoints that somebody kept away from the appliance, as a signed note or as a trust file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/proof/checkpoint.h"
#include "audit/proof/signed_note.h"
#include "base/error.h"

namespace tijori {

// The file; "-" is standard input.
Result<std::string> read_kept_file(const std::string& file);

// Those of the log whose key this is, by size: none when they are another log's or another key's. malformed when the
// text is neither, or holds no checkpoint over any record; corrupted when a note claims the key and its signature is
// wrong.
Result<std::vector<Checkpoint>> kept_checkpoints(std::string_view text, const VerifierKey& key);

}  // namespace tijori
