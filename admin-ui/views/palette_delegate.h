// Draws the rows of the command palette: the names of groups, and acts with icon, title, note, keys or lock, where what
// was typed is underlined.
#pragma once

#include <QStyledItemDelegate>

namespace tijori {

class PaletteDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  enum Role : int {
    number_role = Qt::UserRole + 1,  // uint: index into the commands; none in a group's head
    icon_role,
    note_role,
    keys_role,
    refusal_role,
    objects_role,  // bool: Tab chooses among several
    typed_role,
  };
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace tijori
