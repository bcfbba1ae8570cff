// Edits a rule's action in place: the five actions in a list.
#pragma once

#include <QComboBox>

#include "admin-ui/views/parts/data_table.h"

namespace tijori {

class ActionDelegate : public RowDelegate {
  Q_OBJECT

 public:
  using RowDelegate::RowDelegate;

  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                        const QModelIndex& /*index*/) const override {
    auto* box = new QComboBox(parent);
    box->setAccessibleName(tr("Action"));
    const QStringList actions{QStringLiteral("allow"), QStringLiteral("annotate"), QStringLiteral("mask"),
                              QStringLiteral("stop"), QStringLiteral("block")};
    box->addItems(actions);
    return box;
  }
  void setEditorData(QWidget* editor, const QModelIndex& index) const override {
    static_cast<QComboBox*>(editor)->setCurrentText(index.data(Qt::EditRole).toString());
  }
  void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override {
    model->setData(index, static_cast<QComboBox*>(editor)->currentText(), Qt::EditRole);
  }
};

}  // namespace tijori
