#include "admin-ui/models/memory_line.h"

#include <QCoreApplication>
#include <algorithm>

#include "admin-ui/models/model_table.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct MemoryWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::MemoryWords)
};

}  // namespace

MemoryLine to_memory_line(const MemoryUse& memory, const std::vector<ModelInfo>& models) {
  static constexpr int64_t most = INT64_MAX / 1024;
  const auto bounded = [](int64_t bytes) { return std::clamp<int64_t>(bytes, 0, most); };
  MemoryLine line;
  line.total_bytes = bounded(memory.total_bytes);
  for (const ModelInfo& model : models) {
    if (model.state == ModelState::ready || model.state == ModelState::unloading) {
      const int64_t all = std::min(memory_bytes(model), most);
      const int64_t resident = model.resident_bytes > 0 ? bounded(model.resident_bytes) : all;
      line.serving_bytes = bounded(line.serving_bytes + resident);
      line.reserved_bytes = bounded(line.reserved_bytes + std::max<int64_t>(0, all - resident));
    } else if (model.state == ModelState::loading && model.stage == "load") {
      const int64_t done = bounded(model.done_bytes);
      line.loaded_bytes = bounded(line.loaded_bytes + done);
      line.reserved_bytes = bounded(line.reserved_bytes + std::max<int64_t>(0, bounded(model.total_bytes) - done));
    }
  }
  const int64_t available = std::min(bounded(memory.available_bytes), line.total_bytes);
  line.other_bytes = std::max<int64_t>(0, line.total_bytes - available - line.serving_bytes - line.loaded_bytes);
  line.free_bytes = std::max<int64_t>(0, available - line.reserved_bytes);
  return line;
}

QString memory_sentence(const MemoryLine& line) {
  if (line.total_bytes == 0) return MemoryWords::tr("How much memory the machine has is not known.");
  return MemoryWords::tr("Memory of this machine: serving %1, loaded so far %2, reserved %3, other %4, free %5 of %6.")
      .arg(memory_text(line.serving_bytes), memory_text(line.loaded_bytes), memory_text(line.reserved_bytes),
           memory_text(line.other_bytes), memory_text(line.free_bytes), memory_text(line.total_bytes));
}

}  // namespace tijori
