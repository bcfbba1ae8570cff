// What a load would take, in numbers, and what the file says of itself, both from its head alone.
#pragma once

#include <filesystem>

#include "engine/model.h"
#include "engine/programs/model_file.h"

namespace tijori {

// Fails where the load would fail before it reads weights; a plan that doesn't fit is no failure. The digest isn't
// checked: that takes reading the whole file, which the load does.
Result<PlannedReply> plan_model(const std::filesystem::path& store, const LoadRequest& request, StoreMode mode);

// With as many sequences, up to the default, as keep the model on one backend; where even one doesn't, with as many as
// fit at all; where none do, the default's plan, which says so. The context is as asked.
Result<LoadPlan> choose_sequences(const GgufModel& files, const ModelOptions& options);

}  // namespace tijori
