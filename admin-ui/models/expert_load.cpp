#include "admin-ui/models/expert_load.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

struct ExpertWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::ExpertWords)
};

// Below it a share says nothing: with even odds the busiest of 16 still looks twice as busy as the mean.
constexpr int64_t least_choices_per_expert = 32;
// From here on an expert that was never chosen is no chance any more.
constexpr int64_t unused_choices_per_expert = 500;
// The busiest of many is farther from the mean: the bound grows with the root of the most that imbalance can be, 2.5 of
// 16 experts and 7 of 128. Half of the most is beyond what texts of one kind do.
constexpr double watch_from = 0.625;
constexpr double least_watch = 1.5;
constexpr double act_from = 0.5;

double share_of(int64_t count, int64_t sum) {
  return sum == 0 ? 0 : static_cast<double>(count) / static_cast<double>(sum);
}

QString words(const ExpertVerdict& verdict, const ExpertCounts& counts) {
  const QString index = decimal_text(verdict.imbalance, 2);
  const int layer = counts.layers.at(verdict.layer);
  const auto expert = static_cast<qulonglong>(verdict.expert);
  const QString share = percent_text(verdict.share);
  switch (verdict.kind) {
    case ExpertVerdict::Kind::nothing_yet:
      return ExpertWords::tr("Too few tokens to judge. It takes some %1 tokens until the shares mean something.")
          .arg(count_text(least_choices_per_expert * static_cast<int64_t>(counts.experts()) /
                          std::max<int64_t>(1, counts.top_k)));
    case ExpertVerdict::Kind::even_enough:
      return ExpertWords::tr(
                 "Imbalance %1, where 1 is even. No action needed: layer %2 leans most, on expert %3 (%4), "
                 "and all experts lie in the same memory, so it costs no speed.")
          .arg(index)
          .arg(layer)
          .arg(expert)
          .arg(share);
    case ExpertVerdict::Kind::watch:
      return ExpertWords::tr(
                 "Imbalance %1, where 1 is even. Nothing to do yet: layer %2 sends %4 to expert %3. "
                 "Questions of one kind do that; compare with another day.")
          .arg(index)
          .arg(layer)
          .arg(expert)
          .arg(share);
    case ExpertVerdict::Kind::act:
      break;
  }
  if (verdict.unused > 0)
    return ExpertWords::tr(
               "Imbalance %1, where 1 is even. %n expert(s) of a layer were never chosen. Compare the "
               "model's digest with its publisher's: a damaged router looks like this.",
               nullptr, static_cast<int>(std::min<int64_t>(verdict.unused, 1'000'000)))
        .arg(index);
  return ExpertWords::tr(
             "Imbalance %1, where 1 is even. Layer %2 sends %4 to expert %3. Look at what is asked: one text "
             "over and over does this; if it is not that, compare the model's digest with its publisher's.")
      .arg(index)
      .arg(layer)
      .arg(expert)
      .arg(share);
}

}  // namespace

int64_t ExpertCounts::sum(size_t layer) const {
  const auto& row = counts.at(layer);
  return std::accumulate(row.begin(), row.end(), int64_t{0});
}

int64_t ExpertCounts::tokens() const {
  int64_t most = 0;
  for (size_t layer = 0; layer < counts.size(); ++layer) most = std::max(most, sum(layer));
  return most / std::max<int64_t>(1, top_k);
}

ExpertCounts to_counts(const ExpertLoad& load) {
  // So that a sum over a row can't overflow, whatever a daemon says.
  constexpr int64_t most = INT64_MAX / static_cast<int64_t>(2 * max_layer_experts);
  ExpertCounts counts;
  counts.top_k = std::clamp<int64_t>(load.experts_per_token, 1, static_cast<int64_t>(max_layer_experts));
  for (const LayerExperts& layer : load.layers) {
    if (counts.layers.size() >= max_expert_layers) break;
    std::vector<int64_t> row = layer.counts;
    row.resize(std::min(row.size(), max_layer_experts));
    if (row.empty() || (!counts.counts.empty() && row.size() != counts.experts())) return {};
    for (int64_t& count : row) count = std::clamp<int64_t>(count, 0, most);
    counts.layers.push_back(static_cast<int>(std::clamp<int64_t>(layer.layer, 0, INT32_MAX)));
    counts.counts.push_back(std::move(row));
  }
  return counts;
}

std::optional<ExpertCounts> difference(const ExpertCounts& newer, const ExpertCounts& older) {
  if (newer.layers != older.layers || newer.experts() != older.experts() || newer.top_k != older.top_k)
    return std::nullopt;
  ExpertCounts between = newer;
  for (size_t layer = 0; layer < newer.counts.size(); ++layer)
    for (size_t expert = 0; expert < newer.experts(); ++expert) {
      const int64_t before = older.counts[layer][expert];
      int64_t& now = between.counts[layer][expert];
      if (now < before) return std::nullopt;
      now -= before;
    }
  return between;
}

double imbalance(const ExpertCounts& counts) {
  double total = 0;
  size_t layers = 0;
  for (size_t layer = 0; layer < counts.counts.size(); ++layer) {
    const int64_t sum = counts.sum(layer);
    if (sum == 0) continue;
    total += share_of(*std::ranges::max_element(counts.counts.at(layer)), sum) * static_cast<double>(counts.experts());
    ++layers;
  }
  return layers == 0 ? 0 : total / static_cast<double>(layers);
}

ExpertVerdict judge(const ExpertCounts& counts) {
  ExpertVerdict verdict;
  if (counts.counts.empty()) return verdict;
  const auto experts = static_cast<int64_t>(counts.experts());
  verdict.imbalance = imbalance(counts);
  int64_t least_sum = INT64_MAX;
  for (size_t layer = 0; layer < counts.counts.size(); ++layer) {
    const auto& row = counts.counts[layer];
    const int64_t sum = counts.sum(layer);
    least_sum = std::min(least_sum, sum);
    const auto busiest = std::ranges::max_element(row);
    if (share_of(*busiest, sum) > verdict.share) {
      verdict.share = share_of(*busiest, sum);
      verdict.layer = layer;
      verdict.expert = static_cast<size_t>(busiest - row.begin());
    }
    if (sum >= unused_choices_per_expert * experts)
      verdict.unused = std::max<int64_t>(verdict.unused, std::ranges::count(row, 0));
  }
  // A model that has only one expert, or chooses all of them, is even whatever happens.
  const double most_possible = static_cast<double>(experts) / static_cast<double>(counts.top_k);
  const double watch = std::max(least_watch, watch_from * std::sqrt(most_possible));
  const double act = std::max(1.25 * watch, act_from * most_possible);
  if (least_sum < least_choices_per_expert * experts) {
    verdict.kind = ExpertVerdict::Kind::nothing_yet;
  } else if (verdict.unused > 0 || verdict.imbalance >= act) {
    verdict.kind = ExpertVerdict::Kind::act;
  } else if (verdict.imbalance >= watch) {
    verdict.kind = ExpertVerdict::Kind::watch;
  } else {
    verdict.kind = ExpertVerdict::Kind::even_enough;
  }
  verdict.sentence = words(verdict, counts);
  return verdict;
}

QString to_csv(const ExpertCounts& counts) {
  QString out = QStringLiteral("layer,expert,tokens,share\n");
  for (size_t layer = 0; layer < counts.counts.size(); ++layer) {
    const int64_t sum = counts.sum(layer);
    for (size_t expert = 0; expert < counts.experts(); ++expert) {
      const int64_t count = counts.counts[layer][expert];
      out += QStringLiteral("%1,%2,%3,%4\n")
                 .arg(counts.layers[layer])
                 .arg(static_cast<qulonglong>(expert))
                 .arg(count)
                 .arg(share_of(count, sum), 0, 'g', 17);
    }
  }
  return out;
}

void ExpertWindow::add(int64_t time_us, ExpertCounts counts) {
  if (!polls_.empty() && (time_us <= polls_.back().time_us || !difference(counts, polls_.back().counts))) {
    if (time_us <= polls_.back().time_us && counts == polls_.back().counts) return;
    polls_.clear();
  }
  // The newest one moves along until the one before it is far enough away.
  if (polls_.size() >= 2 && polls_.back().time_us - polls_[polls_.size() - 2].time_us < spacing_us) polls_.pop_back();
  polls_.push_back({time_us, std::move(counts)});
  const ExpertCounts& newest = polls_.back().counts;
  const size_t most =
      std::max<size_t>(2, max_kept_counts / std::max<size_t>(1, newest.layers.size() * newest.experts()));
  while (polls_.size() > 2 && (polls_.size() > most || polls_[1].time_us <= time_us - longest_us)) polls_.pop_front();
}

// The last poll that is at least as old as the window; the oldest when there is none.
const ExpertWindow::Poll* ExpertWindow::base(int64_t span_us) const {
  const int64_t from = polls_.back().time_us - span_us;
  const auto after = std::ranges::upper_bound(polls_, from, {}, &Poll::time_us);
  return after == polls_.begin() ? &polls_.front() : &*std::prev(after);
}

ExpertCounts ExpertWindow::within(int64_t span_us) const {
  if (polls_.empty()) return {};
  if (span_us == 0) return polls_.back().counts;
  return difference(polls_.back().counts, base(span_us)->counts).value_or(ExpertCounts{});
}

int64_t ExpertWindow::covered_us(int64_t span_us) const {
  return polls_.empty() || span_us == 0 ? 0 : std::min(span_us, polls_.back().time_us - base(span_us)->time_us);
}

void ExpertTable::set(const ExpertCounts& counts, size_t layer, size_t expert) {
  std::vector<Row> rows;
  sum_ = 0;
  if (layer < counts.counts.size()) {
    for (size_t i = 0; i < counts.experts(); ++i) rows.push_back({i, counts.counts[layer][i]});
    sum_ = counts.sum(layer);
  }
  std::ranges::stable_sort(rows, std::ranges::greater{}, &Row::tokens);
  expert_ = expert;
  if (rows.size() == rows_.size()) {
    rows_ = std::move(rows);
    if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, column_count - 1));
    return;
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int ExpertTable::row_of(size_t expert) const {
  const auto found = std::ranges::find(rows_, expert, &Row::expert);
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int ExpertTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ExpertTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_.at(static_cast<size_t>(index.row()));
  if (role == Qt::TextAlignmentRole)
    return QVariant((index.column() == expert_column ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == type_role && row.expert == expert_) return static_cast<int>(Type::body_strong);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case expert_column:
      return QString::number(row.expert);
    case tokens_column:
      return count_text(row.tokens);
    case share_column:
      return decimal_text(share_of(row.tokens, sum_) * 100, 2);
    default:
      return {};
  }
}

QVariant ExpertTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant((section == expert_column ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case expert_column:
      return tr("Expert");
    case tokens_column:
      return tr("Tokens");
    case share_column:
      return QStringLiteral("%");
    default:
      return {};
  }
}

}  // namespace tijori
