// What the drawer of the Models screen shows: a model's details, and the question before it is unloaded.
#pragma once

#include <functional>

#include "admin-ui/models/model_table.h"
#include "admin-ui/views/parts/drawer.h"

namespace tijori {

// Details of a model, as far as they are known; `details` may be nullptr. Returns nothing; the acts at the foot are the
// caller's to add before end().
void show_model(Drawer& drawer, const ModelTable& models, const ModelInfo& model, const ModelFile* details);

struct UnloadQuestion {
  Button* keep;
  Button* confirm;
  std::function<int64_t()> drain_s;
  TextLabel* losses;  // unload_words()
};
// How many requests unloading cuts and refuses.
QString unload_words(const ModelInfo& model);
// What unloading loses, in numbers.
UnloadQuestion show_unload(Drawer& drawer, const ModelInfo& model);

}  // namespace tijori
