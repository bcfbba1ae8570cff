#include "admin-ui/views/section_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/painted_text.h"

namespace tijori {
namespace {

constexpr int row_px = 36;
constexpr int bar_px = 3;
constexpr int id_role = Qt::UserRole;
constexpr int found_role = Qt::UserRole + 1;

class SectionDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    const bool hovered = (option.state & QStyle::State_MouseOver) != 0;
    const QRectF cell = QRectF(option.rect).adjusted(0, 1, 0, -1);
    const int found = index.data(found_role).toInt();
    if (chosen || hovered) {
      painter->setPen(Qt::NoPen);
      painter->setBrush(tijori::paint(chosen ? Colour::accent_soft : Colour::hover));
      painter->drawRoundedRect(cell, metric::radius_control, metric::radius_control);
    }
    if (chosen)
      painter->fillRect(QRectF(cell.left(), cell.top() + 8, bar_px, cell.height() - 16), tijori::paint(Colour::accent));
    const Type kind = chosen ? Type::body_strong : Type::body;
    const QString count = found < 0 ? QString() : count_text(found);
    const double room = cell.width() - 24 - (count.isEmpty() ? 0 : text_width(count, Type::label) + 8);
    const QString title =
        QFontMetricsF(type(kind)).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, room);
    paint_text(*painter, {cell.left() + 12, cell.center().y()}, title, kind, found == 0 ? Colour::text3 : Colour::text);
    if (!count.isEmpty())
      paint_text(*painter, {cell.right() - 12 - text_width(count, Type::label), cell.center().y()}, count, Type::label,
                 Colour::text2);
    if (chosen && (option.state & QStyle::State_HasFocus) != 0) {
      painter->setPen(QPen(tijori::paint(Colour::focus), 2));
      painter->setBrush(Qt::NoBrush);
      painter->drawRoundedRect(cell.adjusted(1, 1, -1, -1), metric::radius_control, metric::radius_control);
    }
    painter->restore();
  }

  QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override {
    return {100, row_px + Theme::instance().script_growth()};
  }
};

}  // namespace

SectionList::SectionList(QWidget* parent) : QListWidget(parent) {
  setItemDelegate(new SectionDelegate(this));
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  setStyleSheet(QStringLiteral("QListWidget { background: transparent; }"));
  connect(this, &QListWidget::currentItemChanged, this, [this] { emit chosen_changed(chosen()); });
}

void SectionList::add(const QString& id, const QString& title) {
  auto* item = new QListWidgetItem(title, this);
  item->setData(id_role, id);
  item->setData(found_role, -1);
}

QString SectionList::chosen() const {
  return currentItem() == nullptr ? QString() : currentItem()->data(id_role).toString();
}

void SectionList::choose(const QString& id) {
  for (int row = 0; row < count(); ++row)
    if (item(row)->data(id_role).toString() == id) setCurrentRow(row);
}

void SectionList::set_found(int row, int found) {
  item(row)->setData(found_role, found);
  item(row)->setData(Qt::AccessibleTextRole,
                     found < 0 ? item(row)->text() : tr("%1, %n found", nullptr, found).arg(item(row)->text()));
}

}  // namespace tijori
