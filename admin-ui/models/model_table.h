// The models of the store as a table: each alias, how it is, how large, how it is loaded, and the one act for its row.
#pragma once

#include <QAbstractTableModel>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin-ui/models/load_progress.h"
#include "protocol/admin_types.h"
#include "protocol/model_types.h"

namespace tijori {

// At most so many are shown, and so much of any text in them: a store holds a handful.
inline constexpr size_t max_shown_models = 200;
inline constexpr qsizetype max_shown_characters = 400;
QString shown_text(const std::string& text);

// What can be done to a model in its state; `none` while it is on its way out.
enum class ModelAct : uint8_t { load, plan, cancel, unload, none };

class ModelTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int {
    name_column,
    state_column,
    parameters_column,
    weights_column,  // GiB
    loaded_column,   // GiB, of a loaded one or as planned
    shape_column,    // context × sequences
    aliases_column,
    act_column,
    column_count
  };

  using QAbstractTableModel::QAbstractTableModel;
  // `now_us` of a steady clock. Keeps rows and selection where the aliases are the same.
  void set(std::vector<ModelInfo> models, int64_t now_us);
  // What isn't in the list: parameters of a file, and the plan with its configured choice.
  void set_details(const std::string& alias, ModelFile file);
  void set_plan(const std::string& alias, ModelPlan plan);
  // What changes when memory comes or goes.
  void forget_plans();

  const ModelInfo& model(int row) const { return models_.at(static_cast<size_t>(row)); }
  const ModelInfo* find(const std::string& alias) const;
  const ModelFile* details(const std::string& alias) const;
  const ModelPlan* plan(const std::string& alias) const;
  int row_of(const std::string& alias) const;  // −1 when there is none
  ModelAct act(int row) const;
  const LoadProgress* progress(const std::string& alias) const;
  // Something is starting, loading or being unloaded.
  bool is_moving() const;
  int count(ModelState state) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QVariant state_data(const ModelInfo& model, int role) const;
  QString text(const ModelInfo& model, int column) const;
  QString aliases_text(const ModelInfo& model) const;
  bool fits(const ModelInfo& model) const;
  void changed(const std::string& alias);

  std::vector<ModelInfo> models_;
  std::map<std::string, ModelFile> files_;
  std::map<std::string, ModelPlan> plans_;
  std::map<std::string, LoadProgress> progress_;
};

// "17B active of 109B", "135M dense"
QString parameters_text(const ModelDetails& details);
// What its process takes: weights, KV, workspace.
int64_t memory_bytes(const ModelInfo& model);
bool is_moving(ModelState state);

}  // namespace tijori
