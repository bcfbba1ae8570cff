// What a load would take, in numbers, and what the file says of itself, both from its head alone.
#pragma once

#include <filesystem>

#include "engine/programs/model_file.h"

namespace tijori {

// Fails where the load would fail before it reads weights; a plan that doesn't fit is no failure. The digest isn't
// checked: that takes reading the whole file, which the load does.
Result<PlannedReply> plan_model(const std::filesystem::path& store, const LoadRequest& request, StoreMode mode);

}  // namespace tijori
