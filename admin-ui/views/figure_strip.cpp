#include "admin-ui/views/figure_strip.h"

#include <algorithm>

namespace tijori {
namespace {
constexpr int divider_px = 56;
}

FigureStrip::FigureStrip(QWidget* parent) : Panel(parent), grid_(new QGridLayout) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(0);
  body()->addLayout(grid_);
}

Figure* FigureStrip::add(const QString& name, const QString& object_name, const QString& screen) {
  auto* figure = new Figure(name);
  figure->setObjectName(object_name);
  connect(figure, &Figure::clicked, this, [this, screen] { emit open_screen(screen); });
  figures_.push_back(figure);
  columns_ = 0;
  return figure;
}

void FigureStrip::set_columns(int columns) {
  if (columns == columns_) return;
  columns_ = columns;
  qDeleteAll(dividers_);
  dividers_.clear();
  const int count = static_cast<int>(figures_.size());
  for (int i = 0; i < count; ++i) {
    const int row = i / columns * 2;
    grid_->addWidget(figures_.at(static_cast<size_t>(i)), row, i % columns * 2);
    if (i % columns != 0) {
      auto* line = make_divider(Qt::Vertical);
      line->setFixedHeight(divider_px);
      grid_->addWidget(line, row, i % columns * 2 - 1, Qt::AlignVCenter);
      dividers_.push_back(line);
    }
    if (i % columns == 0 && row > 0) {
      auto* line = make_divider(Qt::Horizontal);
      grid_->addWidget(line, row - 1, 0, 1, columns * 2 - 1);
      dividers_.push_back(line);
    }
  }
  for (int i = 0; i < count * 2; ++i) grid_->setColumnStretch(i, i % 2 == 0 && i / 2 < columns ? 1 : 0);
}

}  // namespace tijori
