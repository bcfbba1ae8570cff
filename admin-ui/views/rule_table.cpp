#include "admin-ui/views/rule_table.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>

#include "admin-ui/views/rule_delegate.h"

namespace tijori {
namespace {

// The detector goes first where there is no room, then the stages.
constexpr int detector_from_px = 760;
constexpr int stages_from_px = 640;

bool is_in(const QWidget* part, const QWidget* editor) {
  return part != editor && editor != nullptr && editor->isAncestorOf(part);
}

}  // namespace

RuleTable::RuleTable(PolicyDraft& draft, QWidget* parent)
    : DataTable(DataTable::Rows::one_line, tr("Rules"), parent), draft_(draft) {
  setObjectName(QStringLiteral("guardrails.rules"));
  setModel(&draft_);
  setItemDelegate(new RuleDelegate(static_cast<int>(DataTable::Rows::one_line), this));
  fit_columns();
  connect(this, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (!index.isValid()) return;
    chosen_id_ = draft_.id(index.row());
    chosen_row_ = index.row();
  });
  // Rows that came or went leave the choice on its rule, or on the row in its place.
  connect(&draft_, &PolicyDraft::modelReset, this, [this] {
    if (draft_.rowCount() == 0) return;
    const int found = draft_.row_of(chosen_id_);
    choose(found >= 0 ? found : std::clamp(chosen_row_, 0, draft_.rowCount() - 1));
  });
}

void RuleTable::choose(int row) {
  if (row < 0 || row >= draft_.rowCount()) return;
  setCurrentIndex(draft_.index(row, PolicyDraft::rule_column));
  scrollTo(currentIndex());
}

void RuleTable::switch_chosen() {
  if (const int row = chosen_row(); row >= 0) draft_.switch_rule(row, !draft_.is_on(row));
}

void RuleTable::remove_chosen() {
  const int row = chosen_row();
  if (row < 0) return;
  const PolicyDraft::Removed taken = draft_.remove_rule(row);
  if (taken.text.isEmpty()) return;
  if (draft_.row_of(taken.id) < 0) choose(std::min(row, draft_.rowCount() - 1));
  emit removed(taken);
}

void RuleTable::edit_at(const QModelIndex& index) {
  if (!index.isValid() || !draft_.is_editable()) return;
  if ((draft_.flags(index) & Qt::ItemIsEditable) != 0) {
    edit(index);
  } else if (draft_.is_on(index.row())) {
    emit rule_asked(index.row());
  }
}

void RuleTable::edit_chosen() {
  const QModelIndex index = currentIndex();
  if (!index.isValid() || !isVisible()) return;
  const bool in_place = (draft_.flags(index) & Qt::ItemIsEditable) != 0;
  edit_at(in_place || index.column() == PolicyDraft::detector_column
              ? index
              : index.siblingAtColumn(PolicyDraft::action_column));
}

void RuleTable::keyPressEvent(QKeyEvent* event) {
  // What the editor of a cell leaves over is no act on the row.
  if (state() == EditingState) return event->accept();
  if (event->key() == Qt::Key_F2) return edit_chosen();
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) return switch_chosen();
  if (event->key() == Qt::Key_Delete) return remove_chosen();
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && event->modifiers() == Qt::NoModifier) {
    if (chosen_row() >= 0 && draft_.is_on(chosen_row())) emit rule_asked(chosen_row());
    return;
  }
  DataTable::keyPressEvent(event);
}

// Qt gives the focus back only from an editor that has it itself, not from one of the boxes in it.
void RuleTable::commitData(QWidget* editor) {
  const bool within = is_in(QApplication::focusWidget(), editor);
  DataTable::commitData(editor);
  if (within) setFocus(Qt::OtherFocusReason);
}

void RuleTable::closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) {
  const bool within = is_in(QApplication::focusWidget(), editor);
  DataTable::closeEditor(editor, hint);
  if (within) setFocus(Qt::OtherFocusReason);
}

void RuleTable::mousePressEvent(QMouseEvent* event) {
  DataTable::mousePressEvent(event);
  const QModelIndex index = indexAt(event->position().toPoint());
  if (event->button() == Qt::LeftButton && index.column() == PolicyDraft::on_column)
    draft_.switch_rule(index.row(), !draft_.is_on(index.row()));
}

void RuleTable::mouseDoubleClickEvent(QMouseEvent* event) {
  const QModelIndex index = indexAt(event->position().toPoint());
  if (index.column() != PolicyDraft::on_column) edit_at(index);
}

void RuleTable::fit_columns() {
  const int wide = width();
  const int fitting = (wide < detector_from_px ? 1 : 0) + (wide < stages_from_px ? 1 : 0);
  if (fitting == fitted_) return;
  fitted_ = fitting;
  setColumnHidden(PolicyDraft::detector_column, wide < detector_from_px);
  setColumnHidden(PolicyDraft::stages_column, wide < stages_from_px);
  set_columns({54, 36, wide < detector_from_px ? 0 : 144, wide < detector_from_px ? 120 : 0, 142, 124, 84, 80});
}

void RuleTable::resizeEvent(QResizeEvent* event) {
  DataTable::resizeEvent(event);
  fit_columns();
}

}  // namespace tijori
