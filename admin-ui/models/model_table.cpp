#include "admin-ui/models/model_table.h"

#include <algorithm>
#include <array>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

// Three digits and the short scale that people know from model names.
QString short_count(int64_t number) {
  struct Step {
    double of;
    QLatin1String unit;
  };
  static constexpr std::array steps{Step{1e12, QLatin1String("T")}, Step{1e9, QLatin1String("B")},
                                    Step{1e6, QLatin1String("M")}, Step{1e3, QLatin1String("K")}};
  const auto value = static_cast<double>(number);
  for (const Step& step : steps)
    if (value >= step.of) {
      const double scaled = value / step.of;
      return QString::number(scaled, 'f', scaled < 10 ? 1 : 0) + step.unit;
    }
  return QString::number(number);
}

// Of a column whose head says GiB: small models keep a figure that isn't 0.
QString gib_cell(int64_t bytes) {
  constexpr int64_t small = (int64_t{1} << 30) / 10;
  return bytes < small ? decimal_text(static_cast<double>(bytes) / (int64_t{1} << 30), 3) : gib_text(bytes);
}

}  // namespace

QString shown_text(const std::string& text) {
  constexpr size_t most_bytes = 4 * max_shown_characters;
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), most_bytes)))
      .left(max_shown_characters);
}

QString parameters_text(const ModelDetails& details) {
  if (details.parameters <= 0) return QStringLiteral("–");
  if (details.experts > 0 && details.active_parameters > 0 && details.active_parameters < details.parameters)
    return ModelTable::tr("%1 active of %2")
        .arg(short_count(details.active_parameters), short_count(details.parameters));
  return ModelTable::tr("%1 dense").arg(short_count(details.parameters));
}

int64_t memory_bytes(const ModelInfo& model) {
  const auto bounded = [](int64_t bytes) { return std::clamp<int64_t>(bytes, 0, INT64_MAX / 4); };
  return bounded(model.weights_bytes) + bounded(model.kv_bytes) + bounded(model.workspace_bytes);
}

bool is_moving(ModelState state) {
  return state == ModelState::starting || state == ModelState::loading || state == ModelState::unloading;
}

void ModelTable::set(std::vector<ModelInfo> models, int64_t now_us) {
  // Before anything is kept by alias: a daemon may name others every time.
  if (models.size() > max_shown_models) models.resize(max_shown_models);
  // By name, so that no row moves when a model is loaded.
  std::ranges::sort(models, {}, &ModelInfo::alias);
  const auto is_gone = [&](const auto& kept) {
    return !std::ranges::binary_search(models, kept.first, {}, &ModelInfo::alias);
  };
  std::erase_if(files_, is_gone);
  std::erase_if(plans_, is_gone);
  std::erase_if(progress_, is_gone);
  for (const ModelInfo& model : models) {
    if (model.state == ModelState::loading || model.state == ModelState::starting) {
      progress_[model.alias].add(now_us, model);
    } else {
      progress_.erase(model.alias);
    }
  }
  const bool same_rows = std::ranges::equal(models, models_, {}, &ModelInfo::alias, &ModelInfo::alias);
  if (same_rows) {
    models_ = std::move(models);
    if (!models_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
    return;
  }
  beginResetModel();
  models_ = std::move(models);
  endResetModel();
}

void ModelTable::changed(const std::string& alias) {
  if (const int row = row_of(alias); row >= 0) emit dataChanged(index(row, 0), index(row, column_count - 1));
}

void ModelTable::set_details(const std::string& alias, ModelFile file) {
  files_[alias] = std::move(file);
  changed(alias);
}

void ModelTable::set_plan(const std::string& alias, ModelPlan plan) {
  plans_[alias] = std::move(plan);
  changed(alias);
}

void ModelTable::forget_plans() {
  plans_.clear();
  if (!models_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
}

int ModelTable::row_of(const std::string& alias) const {
  const auto found = std::ranges::find(models_, alias, &ModelInfo::alias);
  return found == models_.end() ? -1 : static_cast<int>(found - models_.begin());
}

const ModelInfo* ModelTable::find(const std::string& alias) const {
  const int row = row_of(alias);
  return row < 0 ? nullptr : &model(row);
}

const ModelFile* ModelTable::details(const std::string& alias) const {
  const ModelInfo* const model = find(alias);
  const auto found = files_.find(alias);
  // Of another file that had this alias before: not of this one.
  return found == files_.end() || model == nullptr || found->second.sha256 != model->sha256 ? nullptr : &found->second;
}

const ModelPlan* ModelTable::plan(const std::string& alias) const {
  const auto found = plans_.find(alias);
  return found == plans_.end() ? nullptr : &found->second;
}

const LoadProgress* ModelTable::progress(const std::string& alias) const {
  const auto found = progress_.find(alias);
  return found == progress_.end() ? nullptr : &found->second;
}

bool ModelTable::fits(const ModelInfo& model) const {
  const ModelPlan* const planned = plan(model.alias);
  return planned == nullptr || planned->fits;
}

ModelAct ModelTable::act(int row) const {
  const ModelInfo& model = this->model(row);
  switch (model.state) {
    case ModelState::allowed:
    case ModelState::failed:
      return fits(model) ? ModelAct::load : ModelAct::plan;
    case ModelState::starting:
    case ModelState::loading:
      return ModelAct::cancel;
    case ModelState::ready:
      return ModelAct::unload;
    case ModelState::unloading:
      return ModelAct::none;
  }
  return ModelAct::none;
}

bool ModelTable::is_moving() const {
  return std::ranges::any_of(models_, [](const ModelInfo& model) { return tijori::is_moving(model.state); });
}

int ModelTable::count(ModelState state) const {
  return static_cast<int>(std::ranges::count(models_, state, &ModelInfo::state));
}

int ModelTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(models_.size());
}

QString ModelTable::aliases_text(const ModelInfo& model) const {
  QStringList words;
  if (model.is_default) words << tr("default");
  for (const ModelInfo& other : models_)
    if (other.alias != model.alias && other.sha256 == model.sha256) words << shown_text(other.alias);
  return words.isEmpty() ? tr("none", "aliases") : words.join(QStringLiteral(", "));
}

QVariant ModelTable::state_data(const ModelInfo& model, int role) const {
  const LoadProgress* const loading = progress(model.alias);
  if (loading != nullptr && model.total_bytes > 0) {
    if (role == Qt::DisplayRole) return loading->sentence();
    if (role == Qt::ToolTipRole) return loading->stage_name();
    if (role == progress_role) return loading->share();
    if (role == type_role) return static_cast<int>(Type::label);
    return {};
  }
  if (role == Qt::ToolTipRole && !model.message.empty()) return shown_text(model.message);
  if (role != badge_role) return {};
  switch (model.state) {
    case ModelState::allowed:
      return QVariant::fromValue(fits(model)
                                     ? BadgeText{Tone::plain, QStringLiteral("dash-circle"), tr("idle")}
                                     : BadgeText{Tone::danger, QStringLiteral("slash-circle"), tr("does not fit")});
    case ModelState::starting:
      return QVariant::fromValue(BadgeText{Tone::info, QStringLiteral("arrow-repeat"), tr("starting")});
    case ModelState::loading:
      return QVariant::fromValue(BadgeText{Tone::info, QStringLiteral("arrow-repeat"), tr("loading")});
    case ModelState::ready:
      return QVariant::fromValue(BadgeText{Tone::ok, QStringLiteral("check-circle-fill"), tr("serving")});
    case ModelState::unloading:
      return QVariant::fromValue(BadgeText{Tone::info, QStringLiteral("hourglass-split"), tr("unloading")});
    case ModelState::failed:
      return QVariant::fromValue(BadgeText{Tone::danger, QStringLiteral("x-octagon-fill"), tr("failed")});
  }
  return {};
}

QString ModelTable::text(const ModelInfo& model, int column) const {
  const ModelFile* const file = details(model.alias);
  const ModelPlan* const planned = plan(model.alias);
  const bool loaded = model.state == ModelState::ready || model.state == ModelState::unloading;
  switch (column) {
    case name_column:
      return shown_text(model.alias);
    case parameters_column:
      return file == nullptr ? QStringLiteral("–") : parameters_text(file->details);
    case weights_column:
      return gib_cell(loaded && model.weights_bytes > 0 ? model.weights_bytes
                      : planned != nullptr              ? planned->weights_bytes
                                                        : model.size_bytes);
    case loaded_column:
      if (loaded) return gib_cell(memory_bytes(model));
      return planned == nullptr ? QStringLiteral("–")
                                : gib_cell(planned->weights_bytes + planned->kv_bytes + planned->workspace_bytes);
    case shape_column: {
      const int64_t context = loaded || planned == nullptr ? model.context_tokens : planned->context_tokens;
      const int64_t sequences = loaded || planned == nullptr ? model.max_sequences : planned->max_sequences;
      if (context == 0) return QStringLiteral("–");
      return QStringLiteral("%1 × %2").arg(count_text(context), count_text(sequences));
    }
    case aliases_column:
      return aliases_text(model);
    default:
      return {};
  }
}

QVariant ModelTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const ModelInfo& model = this->model(index.row());
  const int column = index.column();
  if (role == Qt::TextAlignmentRole)
    return QVariant((column == weights_column || column == loaded_column ? Qt::AlignRight : Qt::AlignLeft) |
                    Qt::AlignVCenter);
  if (column == state_column) return state_data(model, role);
  if (column == name_column) {
    if (role == type_role) return static_cast<int>(Type::mono);
    if (role == second_line_role) return QStringLiteral("sha256 ") + short_digest(model.sha256);
    if (role == Qt::ToolTipRole) return shown_text(model.file);
  }
  if (role == colour_role && !model.is_default && column == aliases_column) return static_cast<int>(Colour::text2);
  if (role == Qt::DisplayRole) return text(model, column);
  return {};
}

QVariant ModelTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant((section == weights_column || section == loaded_column ? Qt::AlignRight : Qt::AlignLeft) |
                    Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case name_column:
      return tr("Model");
    case state_column:
      return tr("State");
    case parameters_column:
      return tr("Parameters");
    case weights_column:
      return tr("Weights GiB");
    case loaded_column:
      return tr("Loaded GiB");
    case shape_column:
      return tr("Context × sequences");
    case aliases_column:
      return tr("Aliases");
    default:
      return {};
  }
}

}  // namespace tijori
