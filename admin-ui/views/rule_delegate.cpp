#include "admin-ui/views/rule_delegate.h"

#include <QCheckBox>
#include <QComboBox>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/models/policy_draft.h"

namespace tijori {
namespace {

constexpr int switch_wide = 28;
constexpr int switch_high = 16;
constexpr int stages_wide = 190;

void paint_switch(QPainter& painter, const QRect& cell, bool on) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF body(cell.left() + 12.5, cell.top() + (cell.height() - switch_high) / 2.0 - 0.5, switch_wide,
                    switch_high);
  const double radius = switch_high / 2.0;
  painter.setPen(QPen(paint(on ? Colour::accent : Colour::edge), 1));
  painter.setBrush(paint(on ? Colour::accent : Colour::surface));
  painter.drawRoundedRect(body, radius, radius);
  painter.setPen(Qt::NoPen);
  painter.setBrush(paint(on ? Colour::on_accent : Colour::edge));
  const double middle = on ? body.right() - radius : body.left() + radius;
  painter.drawEllipse(QPointF(middle, body.center().y()), radius - 3.5, radius - 3.5);
  painter.restore();
}

QComboBox* make_box(QWidget* parent, const QString& name, const QList<RuleChoice>& choices) {
  auto* box = new QComboBox(parent);
  box->setAccessibleName(name);
  box->setObjectName(QStringLiteral("guardrails.cell"));
  for (const RuleChoice& choice : choices) box->addItem(choice.text, choice.code);
  return box;
}

}  // namespace

void RuleDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  RowDelegate::paint(painter, option, index);
  const QVariant checked = index.data(Qt::CheckStateRole);
  if (checked.isValid()) paint_switch(*painter, option.rect, checked.toInt() == Qt::Checked);
}

QWidget* RuleDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                                    const QModelIndex& index) const {
  switch (index.column()) {
    case PolicyDraft::action_column:
      return make_box(parent, tr("Action"), rule_actions());
    case PolicyDraft::fail_column:
      return make_box(parent, tr("Fail mode"),
                      {{QStringLiteral("closed"), tr("closed")}, {QStringLiteral("open"), tr("open…")}});
    case PolicyDraft::stages_column: {
      auto* frame = new QFrame(parent);
      frame->setObjectName(QStringLiteral("guardrails.cell"));
      frame->setAccessibleName(tr("Stages"));
      frame->setProperty("panel", true);
      frame->setAutoFillBackground(true);
      auto* column = new QVBoxLayout(frame);
      column->setContentsMargins(10, 8, 10, 8);
      column->setSpacing(4);
      for (const RuleChoice& stage : rule_stages()) {
        auto* box = new QCheckBox(stage.text, frame);
        box->setObjectName(stage.code);
        column->addWidget(box);
      }
      frame->setFocusProxy(frame->findChild<QCheckBox*>());
      return frame;
    }
    default:
      return nullptr;
  }
}

void RuleDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
  const QVariant value = index.data(Qt::EditRole);
  if (auto* const box = qobject_cast<QComboBox*>(editor)) {
    box->setCurrentIndex(std::max(0, box->findData(value)));
  } else {
    for (QCheckBox* const stage : editor->findChildren<QCheckBox*>())
      stage->setChecked(value.toStringList().contains(stage->objectName()));
  }
}

void RuleDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
  if (const auto* const box = qobject_cast<QComboBox*>(editor)) {
    model->setData(index, box->currentData().toString(), Qt::EditRole);
    return;
  }
  QStringList stages;
  for (const QCheckBox* const stage : editor->findChildren<QCheckBox*>())
    if (stage->isChecked()) stages << stage->objectName();
  if (!stages.isEmpty()) model->setData(index, stages, Qt::EditRole);
}

void RuleDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                        const QModelIndex& index) const {
  if (index.column() != PolicyDraft::stages_column) {
    // Fields are higher than rows: the editor stands over the row's middle.
    QRect place = option.rect;
    const int growth = std::max(0, editor->sizeHint().height() - place.height());
    editor->setGeometry(place.adjusted(0, -growth / 2, 0, growth - growth / 2));
    return;
  }
  QRect place(option.rect.topLeft(), QSize(std::max(stages_wide, option.rect.width()), editor->sizeHint().height()));
  const QRect room = editor->parentWidget()->rect();
  place.moveBottom(std::min(place.bottom(), room.bottom()));
  place.moveTop(std::max(place.top(), room.top()));
  editor->setGeometry(place);
}

}  // namespace tijori
