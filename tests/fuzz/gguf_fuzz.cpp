// Any bytes as a model file: parsed, every entry read in every way, hyperparameters and weights planned.
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/backend.h"
#include "engine/gguf.h"
#include "engine/hyperparameters.h"
#include "engine/placement.h"
#include "engine/weights.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const auto files = GgufModel::from_bytes({data, size}, "fuzz");
  if (!files) return 0;
  const GgufMetadata& metadata = files->metadata();
  for (const auto& [key, value] : metadata.entries()) {
    (void)metadata.unsigned_integer(key);
    (void)metadata.number(key);
    (void)metadata.boolean(key);
    (void)metadata.string(key);
    (void)metadata.strings(key);
    (void)metadata.integers(key);
    (void)metadata.floats(key);
  }
  const auto model = read_hyperparameters(*files);
  if (!model) return 0;
  static const auto backends = [] {
    std::vector<std::unique_ptr<Backend>> all;
    all.push_back(create_backend(BackendKind::reference, 1).value());
    return all;
  }();
  (void)plan_weights(*files, *model, Placement(model->n_layers()), backends);
  return 0;
}
