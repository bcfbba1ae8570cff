// Which experts of a model the tokens went to: exact counts since it was loaded, or within a window of time, what they
// come to, and whether anything is to be done about it.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/model_types.h"

namespace tijori {

// Counts of one model, exact: a row sums to tokens × top-k of its layer.
struct ExpertCounts {
  std::vector<int> layers;                   // the model's layer numbers, ascending: MoE layers only
  std::vector<std::vector<int64_t>> counts;  // [n_layers][n_experts]
  int64_t top_k = 1;
  size_t experts() const { return counts.empty() ? 0 : counts.front().size(); }
  int64_t sum(size_t layer) const;
  // That passed through the busiest layer; the same in all of them once nothing runs.
  int64_t tokens() const;
  bool operator==(const ExpertCounts&) const = default;
};

// At most so many are shown; what a daemon sends beyond is left out, and rows of unequal length make none at all.
inline constexpr size_t max_expert_layers = 256;
inline constexpr size_t max_layer_experts = 512;
ExpertCounts to_counts(const ExpertLoad& load);

// What came in between two polls; nothing when the model was loaded anew in between.
std::optional<ExpertCounts> difference(const ExpertCounts& newer, const ExpertCounts& older);

// Mean over layers of the busiest expert's share × experts: 1 is even. 0 without counts.
double imbalance(const ExpertCounts& counts);

struct ExpertVerdict {
  enum class Kind : uint8_t { nothing_yet, even_enough, watch, act } kind = Kind::nothing_yet;
  double imbalance = 0;
  size_t layer = 0;  // place of the most uneven one in `layers`
  size_t expert = 0;
  double share = 0;    // of that layer's choices
  int64_t unused = 0;  // experts that were never chosen
  QString sentence;    // imbalance and what to do, "No action needed" included, and why
};
ExpertVerdict judge(const ExpertCounts& counts);

// "layer,expert,tokens,share": full precision, never grouped.
QString to_csv(const ExpertCounts& counts);

// The polls of one model, kept as long as the longest window: GUI thread.
class ExpertWindow {
 public:
  static constexpr int64_t longest_us = int64_t{15} * 60 * 1'000'000;

  // Times ascend. Counts that fell begin anew.
  void add(int64_t time_us, ExpertCounts counts);
  void clear() { polls_.clear(); }
  // Of the last `span_us`, or of all since the model was loaded with 0. Empty before the first poll.
  ExpertCounts within(int64_t span_us) const;
  // How much of the window is covered so far.
  int64_t covered_us(int64_t span_us) const;

 private:
  static constexpr int64_t spacing_us = 5'000'000;
  static constexpr size_t max_kept_counts = 4'000'000;  // of all polls together; larger models have shorter windows
  struct Poll {
    int64_t time_us;
    ExpertCounts counts;
  };
  const Poll* base(int64_t span_us) const;

  std::deque<Poll> polls_;  // ascending; the last one is the newest whatever its distance
};

// The numbers of one layer, busiest expert first.
class ExpertTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { expert_column, tokens_column, share_column, column_count };

  using QAbstractTableModel::QAbstractTableModel;
  // `expert` is the one the cursor is on: shown strong.
  void set(const ExpertCounts& counts, size_t layer, size_t expert);
  int64_t sum() const { return sum_; }
  size_t expert_at(int row) const { return rows_.at(static_cast<size_t>(row)).expert; }
  int row_of(size_t expert) const;  // −1 when there is none

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    size_t expert;
    int64_t tokens;
  };
  std::vector<Row> rows_;
  int64_t sum_ = 0;
  size_t expert_ = 0;
};

}  // namespace tijori
