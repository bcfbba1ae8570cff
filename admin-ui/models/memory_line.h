// Where the machine's memory is: models that serve, what was read so far of those that load, what is promised to them,
// everything else, and what is free.
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

struct MemoryLine {
  int64_t total_bytes = 0;  // 0: not known
  int64_t serving_bytes = 0;
  int64_t loaded_bytes = 0;    // of models that are loading
  int64_t reserved_bytes = 0;  // promised to models, not touched yet
  int64_t other_bytes = 0;
  int64_t free_bytes = 0;
};
MemoryLine to_memory_line(const MemoryUse& memory, const std::vector<ModelInfo>& models);

// "Memory: serving 78.1, …, free 90.5 of 251.4 GiB"
QString memory_sentence(const MemoryLine& line);

}  // namespace tijori
