#include "admin-ui/views/bench_pane.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int text_px = 96;
constexpr int label_from_px = 540;
constexpr int least_rows = 3;
constexpr int most_rows = 8;

}  // namespace

BenchPane::BenchPane(const QString& name, const QString& object, QWidget* parent)
    : QWidget(parent),
      spans_(new BenchTable(this)),
      title_(new TextLabel(name, Type::body_strong)),
      badge_(new Badge),
      time_(new TextLabel(Type::label, Colour::text2)),
      text_(new SpanView(name)),
      verdict_(new TextLabel(Type::label, Colour::text2)),
      table_(new DataTable(DataTable::Rows::dense, tr("Spans, %1").arg(name))) {
  text_->setObjectName(object + QStringLiteral("_text"));
  verdict_->setObjectName(object + QStringLiteral("_verdict"));
  table_->setObjectName(object + QStringLiteral("_spans"));
  badge_->setObjectName(object + QStringLiteral("_badge"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(4);
  auto* inner = new QVBoxLayout;
  inner->setContentsMargins(16, 0, 16, 6);
  inner->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(title_);
  head->addWidget(badge_);
  head->addStretch();
  head->addWidget(time_);
  inner->addLayout(head);
  text_->setMinimumHeight(text_px);
  text_->setMaximumHeight(2 * text_px);
  inner->addWidget(text_, 1);
  verdict_->set_elide(Qt::ElideRight);
  inner->addWidget(verdict_);
  column->addLayout(inner);
  column->addWidget(make_divider(Qt::Horizontal));
  table_->setModel(spans_);
  table_->set_columns({0, 118, 104, 64, 110});
  column->addWidget(table_, 1);
  clear({});
}

// The label stands in its tag above: its column goes where there is no room.
void BenchPane::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  table_->setColumnHidden(BenchTable::label_column, width() < label_from_px);
}

void BenchPane::set_name(const QString& name) {
  title_->setText(name);
  text_->setAccessibleName(name);
}

void BenchPane::clear(const QString& why) {
  spans_->clear();
  badge_->hide();
  time_->clear();
  text_->show_spans({}, {});
  verdict_->setText(why);
  table_->setMinimumHeight((least_rows + 1) * 32);
}

void BenchPane::set_old(bool old) {
  verdict_->set_role(old ? Colour::text3 : Colour::text2);
  table_->setEnabled(!old);
}

void BenchPane::show_side(const BenchSide& side, const BenchSide& other, const QString& text,
                          const std::string& stage) {
  spans_->set(side, other);
  time_->setText(duration_text(std::max<int64_t>(0, side.time_us)));
  const int found = static_cast<int>(side.spans.size());
  if (!side.error.empty()) {
    badge_->set({Tone::danger, QStringLiteral("x-octagon-fill"), tr("not judged")});
  } else if (spans_->differing() > 0) {
    badge_->set({Tone::info, QStringLiteral("plus-circle"),
                 tr("%n span(s), %1 differ", nullptr, found).arg(spans_->differing())});
  } else {
    badge_->set({Tone::plain, {}, tr("%n span(s)", nullptr, found)});
  }
  badge_->show();
  text_->show_spans(text, side.spans);
  verdict_->setText(verdict_text(side, stage));
  const int rows = std::clamp(spans_->rowCount(), least_rows, most_rows);
  const int growth = Theme::instance().script_growth();
  table_->setMinimumHeight(rows * (static_cast<int>(DataTable::Rows::dense) + growth) + 32 + growth + 2);
}

}  // namespace tijori
