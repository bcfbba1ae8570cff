// What differs between two policies: by rule, and line by line. Bounded whatever the documents are.
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QString>

namespace tijori {

struct FieldDifference {
  QString field;   // "action", "detector.literals"
  QString before;  // JSON text, cut; "" where there is none
  QString after;
};

struct RuleDifference {
  enum class Kind : uint8_t { added, removed, changed } kind = Kind::changed;
  QString rule;  // id; "" for the document's own fields
  QList<FieldDifference> fields;
};

struct PolicyDifference {
  QList<RuleDifference> rules;  // in the order of the documents
  int added = 0;
  int removed = 0;
  int changed = 0;
  bool is_cut = false;  // there is more than is listed
};

inline constexpr qsizetype max_listed_differences = 2'000;
inline constexpr qsizetype max_value_characters = 240;

PolicyDifference compare_policies(const QString& old_document, const QString& new_document);
// "1 rule added, 2 changed"; says so when nothing differs.
QString difference_text(const PolicyDifference& difference);

struct DiffLine {
  enum class Kind : uint8_t { same, only_old, only_new, skipped } kind = Kind::same;
  QString text;
};
// The longest common subsequence of lines, with three lines around each change; what two documents begin and end with
// alike costs nothing. Where what is left has more than max_compared_cells pairs of lines, all of it differs.
inline constexpr qsizetype max_compared_cells = 4'000'000;
inline constexpr qsizetype max_diff_lines = 6'000;
QList<DiffLine> diff_lines(const QString& old_text, const QString& new_text);
// The document in the one form in which only what differs in meaning differs.
QString indented(const QString& document);

// The rules' differences as rows, one a field.
class PolicyDiffTable : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column : int { kind_column, rule_column, field_column, before_column, after_column, column_count };
  using QAbstractTableModel::QAbstractTableModel;
  void set(const PolicyDifference& difference);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : column_count; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Row {
    RuleDifference::Kind kind;
    QString rule;
    FieldDifference field;
  };
  QList<Row> rows_;
};

}  // namespace tijori
