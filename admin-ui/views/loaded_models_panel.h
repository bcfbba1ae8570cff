// The models that are loaded or on their way: memory, and how many of their sequences are busy; then the idle ones.
#pragma once

#include "admin-ui/views/parts/panel.h"
#include "protocol/admin_types.h"

namespace tijori {

class BusyBar;

class LoadedModelsPanel : public Panel {
  Q_OBJECT

 public:
  explicit LoadedModelsPanel(QWidget* parent = nullptr);
  void show_models(const std::vector<ModelInfo>& models);

 private:
  struct Row {
    TextLabel* line = nullptr;
    BusyBar* bar = nullptr;
  };
  void fill(const std::vector<const ModelInfo*>& models, size_t count);

  QWidget* rows_ = nullptr;
  std::vector<Row> lines_;
  QString shown_;  // what the rows were made of
};

}  // namespace tijori
