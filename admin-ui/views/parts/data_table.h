// A table in the console's style: head, rows of one height, badges, digests, numbers. Selection by row, focus ring
// inside the row. Where the model can sort and setSortingEnabled() is called: by a click on the head, or Ctrl+left and
// right for the column, Ctrl+up and down for the order.
//
// What a cell shows comes from the model, by the roles below; text is Qt::DisplayRole, alignment
// Qt::TextAlignmentRole.
#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableView>
#include <functional>

#include "admin-ui/views/parts/badge.h"

namespace tijori {

class RowDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  explicit RowDelegate(int row_height, QObject* parent = nullptr) : QStyledItemDelegate(parent), height_(row_height) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  int height_;
};

// Names of columns on the baseline of the rows and aligned as their columns are. A right click, or the menu key,
// chooses which columns are shown.
class TableHead : public QHeaderView {
  Q_OBJECT

 public:
  explicit TableHead(QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void paintSection(QPainter* painter, const QRect& area, int section) const override;

 private:
  void offer_columns(const QPoint& place);
};

class DataTable : public QTableView {
  Q_OBJECT

 public:
  enum class Rows : int { dense = 30, one_line = 34, two_lines = 46 };
  explicit DataTable(Rows rows, const QString& accessible_name, QWidget* parent = nullptr);
  // px; 0: takes what is left.
  void set_columns(const QList<int>& widths);
  // As high as its rows, of which at most so many are seen at once.
  void fit_height(int most_rows);
  // Rows that come in above don't move what is looked at; while `at_top_too` says so, not at the very top either.
  void set_keeps_place(std::function<bool()> at_top_too);

 signals:
  // Enter or double click on a row.
  void opened(const QModelIndex& index);
  void chosen(const QModelIndex& index);  // the current row changed; invalid when none
  void came_above(int rows);              // out of sight

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void rowsInserted(const QModelIndex& parent, int start, int end) override;

 private:
  friend class RowDelegate;
  int hovered_row_ = -1;
  std::function<bool()> holds_top_;
};

}  // namespace tijori
