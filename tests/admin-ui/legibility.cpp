#include "tests/admin-ui/legibility.h"

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <cmath>

namespace tijori::test {
namespace {

constexpr int rounding_px = 1;

bool can_be_scrolled_to(const QWidget& widget) {
  for (const QWidget* above = widget.parentWidget(); above != nullptr && !above->isWindow();
       above = above->parentWidget())
    if (qobject_cast<const QScrollArea*>(above) != nullptr) return true;
  return false;
}

bool lies_outside(const QWidget& widget) {
  if (can_be_scrolled_to(widget)) return false;
  QRect visible(QPoint(0, 0), widget.size());
  for (const QWidget* above = widget.parentWidget(); above != nullptr; above = above->parentWidget()) {
    visible &= QRect(widget.mapFrom(above, QPoint(0, 0)), above->size());
    if (above->isWindow()) break;
  }
  return visible.width() + rounding_px < widget.width() || visible.height() + rounding_px < widget.height();
}

QString fault_of(const QLabel& label) {
  if (label.text().isEmpty()) return {};
  if (label.wordWrap()) {
    return label.height() + rounding_px < label.heightForWidth(label.width()) ? QStringLiteral("too low") : QString();
  }
  // minimumSizeHint is smaller than sizeHint where the text is shortened with an ellipsis.
  return label.width() + rounding_px < label.minimumSizeHint().width() ? QStringLiteral("too narrow") : QString();
}

QString fault_of(const QComboBox& box) {
  QStyleOptionComboBox option;
  option.initFrom(&box);
  option.editable = box.isEditable();
  const int room =
      box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box).width();
  return room + rounding_px < box.fontMetrics().horizontalAdvance(box.currentText()) ? QStringLiteral("too narrow")
                                                                                     : QString();
}

QStringList faults_of(const QHeaderView& header) {
  QStringList found;
  for (int section = 0; header.model() != nullptr && section < header.count(); ++section) {
    if (header.isSectionHidden(section)) continue;
    const QString text = header.model()->headerData(section, header.orientation()).toString();
    if (header.sectionSize(section) < header.fontMetrics().horizontalAdvance(text))
      found << QStringLiteral("column head \"%1\" is too narrow").arg(text);
  }
  return found;
}

}  // namespace

QStringList cut_off(const QWidget& window) {
  QStringList found;
  const auto note = [&](const QWidget& widget, const QString& text, const QString& fault) {
    if (!fault.isEmpty())
      found << QStringLiteral("%1 \"%2\" is %3: %4 × %5 px")
                   .arg(QLatin1String(widget.metaObject()->className()), text.left(60), fault)
                   .arg(widget.width())
                   .arg(widget.height());
  };
  for (const QWidget* const widget : window.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->window() != &window) continue;
    QString text;
    if (const auto* const label = qobject_cast<const QLabel*>(widget)) {
      text = label->text();
      note(*widget, text, fault_of(*label));
    } else if (const auto* const button = qobject_cast<const QPushButton*>(widget)) {
      text = button->text();
      if (!text.isEmpty() && button->width() + rounding_px < button->minimumSizeHint().width())
        note(*widget, text, QStringLiteral("too narrow"));
    } else if (const auto* const box = qobject_cast<const QComboBox*>(widget)) {
      text = box->currentText();
      note(*widget, text, fault_of(*box));
    } else if (const auto* const header = qobject_cast<const QHeaderView*>(widget)) {
      if (header->orientation() == Qt::Horizontal) found << faults_of(*header);
    }
    if (!text.isEmpty() && lies_outside(*widget)) note(*widget, text, QStringLiteral("partly outside"));
  }
  return found;
}

}  // namespace tijori::test
