// Which file of the store a LoadRequest means, and with what options: the same for a load and for its plan.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "engine/model.h"
#include "protocol/engine_messages.h"

namespace tijori {

enum class StoreMode : uint8_t {
  strict,     // files of the store alone, each with the digest it must have
  developer,  // any path, and the digest may be left out
};

// Sequences a model is given when nobody says how many; fewer when memory is short.
inline constexpr uint32_t default_max_sequences = 8;
inline constexpr uint32_t max_asked_sequences = 1024;
inline constexpr uint32_t max_asked_threads = 4096;

Result<std::filesystem::path> find_model_file(const std::filesystem::path& store, const std::string& file,
                                              StoreMode mode);

// max_sequences stays 0 when the request leaves it open.
Result<ModelOptions> model_options_of(const LoadRequest& request);

// The same for so many sequences, with room for one token of each in a step.
ModelOptions with_sequences(ModelOptions options, uint32_t max_sequences);

}  // namespace tijori
