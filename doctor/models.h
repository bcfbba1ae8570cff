// Whether the model store holds what its list allows, unchanged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

// sizes: names and sizes alone. digests: every file is read whole.
enum class ModelDepth : uint8_t { sizes, digests };
using HashProgress = std::function<void(const std::string& file, int64_t done_bytes, int64_t total_bytes)>;

SubjectReport examine_models(const Machine& machine, ModelDepth depth, const HashProgress& progress = {});

}  // namespace tijori
