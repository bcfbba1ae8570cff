// What one side of the bench found, as rows; what the other side didn't find the same way is bold and counted.
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QString>
#include <vector>

#include "protocol/guardrail_types.h"

namespace tijori {

inline constexpr size_t max_bench_rows = 4'096;  // as many as the daemon decides in one text

class BenchTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { rule_column, label_column, span_column, score_column, action_column, column_count };
  using QAbstractTableModel::QAbstractTableModel;

  void set(const BenchSide& side, const BenchSide& other);
  void clear();
  int differing() const { return differing_; }
  bool differs(int row) const { return rows_.at(static_cast<size_t>(row)).differs; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    BenchSpan span;
    bool differs = false;
  };
  std::vector<Row> rows_;
  int differing_ = 0;
};

// "0.95"; a dash for what is no number.
QString score_text(double score);
// What becomes of the text, in a sentence: passes, is refused, ends.
QString verdict_text(const BenchSide& side, const std::string& stage);

// Texts to begin with: nobody's real numbers.
struct BenchSample {
  QString name;
  QString text;
};
QList<BenchSample> bench_samples();

}  // namespace tijori
