#include "admin-ui/views/parts/data_table.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

namespace tijori {
namespace {
constexpr int side = 12;
constexpr int bar_width = 3;
constexpr int arrow_px = 10;
constexpr qsizetype most_drawn_characters = 500;
}  // namespace

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto* const table = qobject_cast<const DataTable*>(option.widget);
  const QRect cell = option.rect;
  const bool is_selected = (option.state & QStyle::State_Selected) != 0;
  const bool is_current = table != nullptr && table->currentIndex().row() == index.row();
  const bool is_hovered = table != nullptr && table->hovered_row_ == index.row();
  const double ratio = option.widget == nullptr ? 1.0 : option.widget->devicePixelRatioF();
  painter->save();
  Colour fill = Colour::surface;
  if (is_hovered) fill = Colour::hover;
  if (is_selected) fill = Colour::accent_soft;
  painter->fillRect(cell, tijori::paint(fill));
  painter->fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), tijori::paint(Colour::line));
  const bool is_first = table != nullptr && table->horizontalHeader()->visualIndex(index.column()) == 0;
  if (is_selected && is_first)
    painter->fillRect(QRect(cell.left(), cell.top(), bar_width, cell.height() - 1), tijori::paint(Colour::accent));

  QRect inner = cell.adjusted(side, 0, -side, -1);
  const QVariant badge = index.data(badge_role);
  if (badge.isValid() && !badge.value<BadgeText>().word.isEmpty()) {
    draw_badge(*painter, inner, badge.value<BadgeText>(), ratio);
  } else {
    const QString icon_name = index.data(icon_role).toString();
    if (!icon_name.isEmpty()) {
      const QVariant ink = index.data(icon_colour_role);
      const auto role = ink.isValid() ? static_cast<Colour>(ink.toInt()) : Colour::text2;
      painter->drawPixmap(QPointF(inner.left(), inner.top() + (inner.height() - metric::icon) / 2.0),
                          Theme::instance().icon(icon_name, role, metric::icon, ratio));
      inner.setLeft(inner.left() + metric::icon + 8);
    }
    const QVariant kind = index.data(type_role);
    const QFont letters =
        type(kind.isValid() ? static_cast<Type>(kind.toInt()) : (is_selected ? Type::body_strong : Type::body));
    const QVariant ink = index.data(colour_role);
    const QString second = index.data(second_line_role).toString();
    const QVariant progress = index.data(progress_role);
    const bool two = !second.isEmpty() || progress.isValid();
    const Qt::Alignment align{index.data(Qt::TextAlignmentRole).toInt()};
    const auto draw_line = [&](const QString& text, const QFont& with, Colour colour, double middle) {
      const QFontMetricsF metrics(with);
      const bool in_middle = index.data(elide_middle_role).toBool();
      const QString shown = metrics.elidedText(text.left(most_drawn_characters),
                                               in_middle ? Qt::ElideMiddle : Qt::ElideRight, inner.width());
      double left = inner.left();
      if ((align & Qt::AlignRight) != 0) left = inner.right() + 1 - metrics.horizontalAdvance(shown);
      painter->setFont(with);
      painter->setPen(tijori::paint(colour));
      painter->drawText(QPointF(left, middle + baseline_drop(with.pixelSize())), shown);
    };
    const double middle = inner.top() + inner.height() / 2.0;
    draw_line(index.data(Qt::DisplayRole).toString(), letters,
              ink.isValid() ? static_cast<Colour>(ink.toInt()) : Colour::text, two ? middle - 9 : middle);
    if (!second.isEmpty()) draw_line(second, type(Type::label), Colour::text2, middle + 10);
    if (progress.isValid()) {
      painter->setRenderHint(QPainter::Antialiasing);
      painter->setPen(Qt::NoPen);
      const QRectF track(inner.left(), middle + 7, inner.width(), 6);
      painter->setBrush(tijori::paint(Colour::line));
      painter->drawRoundedRect(track, 3, 3);
      painter->setBrush(tijori::paint(Colour::accent));
      QRectF done = track;
      done.setWidth(track.width() * std::clamp(progress.toDouble(), 0.0, 1.0));
      painter->drawRoundedRect(done, 3, 3);
    }
  }
  if (is_current && table->hasFocus()) {
    // One ring around the row: each cell draws its part.
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(Qt::NoPen);
    painter->setBrush(tijori::paint(Colour::focus));
    painter->drawRect(cell.left(), cell.top(), cell.width(), 2);
    painter->drawRect(cell.left(), cell.bottom() - 1, cell.width(), 2);
    if (is_first) painter->drawRect(cell.left(), cell.top(), 2, cell.height());
    if (table->horizontalHeader()->visualIndex(index.column()) == table->horizontalHeader()->count() - 1)
      painter->drawRect(cell.right() - 1, cell.top(), 2, cell.height());
  }
  painter->restore();
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QSize size = QStyledItemDelegate::sizeHint(option, index);
  size.setHeight(height_ + Theme::instance().script_growth());
  return size;
}

TableHead::TableHead(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
  setHighlightSections(false);
  setSectionsClickable(true);
  setContextMenuPolicy(Qt::CustomContextMenu);
  connect(this, &QWidget::customContextMenuRequested, this, &TableHead::offer_columns);
}

void TableHead::paintSection(QPainter* painter, const QRect& area, int section) const {
  painter->save();
  painter->fillRect(area, tijori::paint(Colour::sunken));
  painter->fillRect(QRect(area.left(), area.bottom(), area.width(), 1), tijori::paint(Colour::line));
  QRect inner = area.adjusted(side, 0, -side, -1);
  // As its column: what the model says of the head, or else of the first row.
  QVariant align = model()->headerData(section, orientation(), Qt::TextAlignmentRole);
  if (!align.isValid() && model()->rowCount() > 0) align = model()->index(0, section).data(Qt::TextAlignmentRole);
  const bool right = align.isValid() && (Qt::Alignment(align.toInt()) & Qt::AlignRight) != 0;
  if (isSortIndicatorShown() && sortIndicatorSection() == section) {
    const bool up = sortIndicatorOrder() == Qt::AscendingOrder;
    const QPixmap arrow =
        icon_pixmap(up ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"), Colour::text2, *this, arrow_px);
    const double left = right ? inner.left() : inner.right() - arrow_px;
    painter->drawPixmap(QPointF(left, area.top() + (area.height() - arrow_px) / 2.0), arrow);
    inner.adjust(right ? arrow_px + 4 : 0, 0, right ? 0 : -arrow_px - 4, 0);
  }
  const QFont letters = type(Type::badge);
  const QFontMetricsF metrics(letters);
  const QString shown =
      metrics.elidedText(model()->headerData(section, orientation()).toString(), Qt::ElideRight, inner.width() + 1);
  const double left = right ? inner.right() + 1 - metrics.horizontalAdvance(shown) : inner.left();
  painter->setFont(letters);
  painter->setPen(tijori::paint(Colour::text2));
  painter->drawText(QPointF(left, area.top() + area.height() / 2.0 + baseline_drop(letters.pixelSize())), shown);
  painter->restore();
}

void TableHead::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  painter.fillRect(viewport()->rect(), tijori::paint(Colour::sunken));
  painter.fillRect(QRect(0, viewport()->height() - 1, viewport()->width(), 1), tijori::paint(Colour::line));
  painter.end();
  QHeaderView::paintEvent(event);
}

// The first column names the row and stays.
void TableHead::offer_columns(const QPoint& place) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (int section = 1; section < count(); ++section) {
    const QString name = model()->headerData(section, orientation()).toString();
    if (name.isEmpty()) continue;
    QAction* const action = menu->addAction(name);
    action->setCheckable(true);
    action->setChecked(!isSectionHidden(section));
    connect(action, &QAction::toggled, this, [this, section](bool shown) { setSectionHidden(section, !shown); });
  }
  menu->popup(viewport()->mapToGlobal(place));
}

DataTable::DataTable(Rows rows, const QString& accessible_name, QWidget* parent) : QTableView(parent) {
  setHorizontalHeader(new TableHead(this));
  setAccessibleName(accessible_name);
  setItemDelegate(new RowDelegate(static_cast<int>(rows), this));
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setShowGrid(false);
  setMouseTracking(true);
  setTabKeyNavigation(false);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  const auto restyle = [this, rows] {
    verticalHeader()->setDefaultSectionSize(static_cast<int>(rows) + Theme::instance().script_growth());
    horizontalHeader()->setFixedHeight(32 + Theme::instance().script_growth());
    horizontalHeader()->setFont(type(Type::badge));
  };
  connect(&Theme::instance(), &Theme::changed, this, restyle);
  restyle();
  connect(this, &QTableView::doubleClicked, this, &DataTable::opened);
}

void DataTable::set_columns(const QList<int>& widths) {
  for (int column = 0; column < widths.size(); ++column) {
    if (widths.at(column) == 0) {
      horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    } else {
      horizontalHeader()->setSectionResizeMode(column, QHeaderView::Interactive);
      horizontalHeader()->resizeSection(column, widths.at(column));
    }
  }
}

void DataTable::fit_height(int most_rows) {
  const int rows = std::clamp(model()->rowCount(), 1, most_rows);
  setFixedHeight(horizontalHeader()->minimumHeight() + rows * verticalHeader()->defaultSectionSize() + 2);
}

void DataTable::set_keeps_place(std::function<bool()> at_top_too) {
  holds_top_ = std::move(at_top_too);
}

void DataTable::rowsInserted(const QModelIndex& parent, int start, int end) {
  const int before = verticalScrollBar()->value();
  const bool was_empty = model()->rowCount() == end - start + 1;
  QTableView::rowsInserted(parent, start, end);
  if (!holds_top_ || start != 0 || was_empty || (before == 0 && !holds_top_())) return;
  executeDelayedItemsLayout();
  verticalScrollBar()->setValue(before + (end - start + 1) * verticalHeader()->defaultSectionSize());
  emit came_above(end - start + 1);
}

void DataTable::keyPressEvent(QKeyEvent* event) {
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
    emit opened(currentIndex());
    return;
  }
  if (isSortingEnabled() && event->modifiers() == Qt::ControlModifier) {
    const int section = horizontalHeader()->sortIndicatorSection();
    const int count = horizontalHeader()->count();
    switch (event->key()) {
      case Qt::Key_Right:
        return sortByColumn((section + 1) % count, horizontalHeader()->sortIndicatorOrder());
      case Qt::Key_Left:
        return sortByColumn((section + count - 1) % count, horizontalHeader()->sortIndicatorOrder());
      case Qt::Key_Up:
        return sortByColumn(section, Qt::AscendingOrder);
      case Qt::Key_Down:
        return sortByColumn(section, Qt::DescendingOrder);
      default:
        break;
    }
  }
  QTableView::keyPressEvent(event);
}

void DataTable::mouseMoveEvent(QMouseEvent* event) {
  const int row = rowAt(static_cast<int>(event->position().y()));
  if (row != hovered_row_) {
    hovered_row_ = row;
    viewport()->update();
  }
  QTableView::mouseMoveEvent(event);
}

void DataTable::leaveEvent(QEvent* event) {
  hovered_row_ = -1;
  viewport()->update();
  QTableView::leaveEvent(event);
}

void DataTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  viewport()->update();
  emit chosen(current);
}

}  // namespace tijori
