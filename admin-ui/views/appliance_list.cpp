#include "admin-ui/views/appliance_list.h"

#include <QFileInfo>
#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>
#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int row_px = 54;
constexpr int max_rows_shown = 5;
constexpr int side = 14;
constexpr int text_left = 40;
constexpr int bar_px = 3;

struct SeenMark {
  QString icon;
  Colour ink;
};

SeenMark mark_of(const Appliance& appliance) {
  if (appliance.last_seen_us == 0) return {QStringLiteral("circle"), Colour::text2};
  if (!QFileInfo::exists(appliance.admin_socket)) return {QStringLiteral("dash-circle"), Colour::text2};
  if (appliance.health == QLatin1String("ready")) return {QStringLiteral("check-circle"), Colour::ok};
  return {QStringLiteral("exclamation-triangle"), Colour::warn};
}

class ApplianceDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override {
    return {0, row_px + Theme::instance().script_growth() * 2};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(0, 0, 0, -2);
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    const bool focused = chosen && (option.state & QStyle::State_HasFocus) != 0;
    if (chosen || (option.state & QStyle::State_MouseOver) != 0) {
      QPainterPath shape;
      shape.addRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), metric::radius_control, metric::radius_control);
      painter->fillPath(shape, tijori::paint(chosen ? Colour::surface : Colour::hover));
      if (chosen) {
        painter->setClipPath(shape);
        painter->fillRect(QRect(row.left(), row.top(), bar_px, row.height()), tijori::paint(Colour::accent));
        painter->setClipping(false);
        painter->setPen(QPen(tijori::paint(focused ? Colour::focus : Colour::line), focused ? 2 : 1));
        painter->drawPath(shape);
      }
    }
    const double ratio = option.widget->devicePixelRatioF();
    const auto icon = [&](const QString& name, Colour ink, int left) {
      painter->drawPixmap(left, row.center().y() - metric::icon / 2 + 1,
                          Theme::instance().icon(name, ink, metric::icon, ratio));
    };
    icon(QStringLiteral("hdd-network"), Colour::accent, row.left() + side);
    const QString seen = index.data(Qt::UserRole).toString();
    const QFont small = type(Type::label);
    const QFontMetricsF small_metrics(small);
    const double half = row.height() / 4.0 - 1;
    const auto line = [&](const QString& text, const QFont& letters, Colour ink, double centre, double width) {
      painter->setFont(letters);
      painter->setPen(tijori::paint(ink));
      painter->drawText(QPointF(row.left() + text_left, centre + baseline_drop(letters.pixelSize())),
                        QFontMetricsF(letters).elidedText(text, Qt::ElideRight, width));
    };
    const double width = row.width() - text_left - side;
    const double seen_width = small_metrics.horizontalAdvance(seen);
    line(index.data(Qt::DisplayRole).toString(), type(Type::body_strong), Colour::text, row.top() + half + 3,
         width - seen_width - 36);
    line(index.data(second_line_role).toString(), small, Colour::text2, row.bottom() - half - 2, width);
    painter->setFont(small);
    painter->setPen(tijori::paint(Colour::text2));
    const double left = row.right() - side - seen_width;
    painter->drawText(QPointF(left, row.top() + half + 3 + baseline_drop(small.pixelSize())), seen);
    painter->drawPixmap(
        QPointF(left - metric::icon - 8, row.top() + half + 3 - metric::icon / 2.0),
        Theme::instance().icon(index.data(icon_role).toString(),
                               static_cast<Colour>(index.data(icon_colour_role).toInt()), metric::icon, ratio));
    painter->restore();
  }
};

}  // namespace

ApplianceList::ApplianceList(QWidget* parent) : QListWidget(parent) {
  setItemDelegate(new ApplianceDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMouseTracking(true);
  setStyleSheet(QStringLiteral("QListView { background: transparent; }"));
  connect(&Theme::instance(), &Theme::changed, this, [this] {
    doItemsLayout();
    fit();
  });
}

void ApplianceList::fill(const std::vector<Appliance>& appliances) {
  clear();
  for (const Appliance& appliance : appliances) {
    auto* item = new QListWidgetItem(appliance.name, this);
    const SeenMark mark = mark_of(appliance);
    item->setData(Qt::UserRole, seen_text(appliance));
    item->setData(second_line_role, reach_text(appliance));
    item->setData(icon_role, mark.icon);
    item->setData(icon_colour_role, static_cast<int>(mark.ink));
    item->setData(Qt::AccessibleTextRole, appliance.name + QStringLiteral(", ") + reach_text(appliance) +
                                              QStringLiteral(", ") + seen_text(appliance));
    item->setToolTip(reach_text(appliance));
  }
  fit();
}

void ApplianceList::choose(const QString& name) {
  const auto found = findItems(name, Qt::MatchExactly);
  setCurrentItem(found.isEmpty() ? nullptr : found.first());
}

void ApplianceList::fit() {
  const int each = row_px + Theme::instance().script_growth() * 2;
  setFixedHeight(std::min(count(), max_rows_shown) * each);
  setVisible(count() > 0);
}

}  // namespace tijori
