#include "admin-ui/views/plot_grid.h"

#include <QAction>
#include <QPainter>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/painted_text.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/plot_table_dialog.h"

namespace tijori {

PlotGrid::PlotGrid(const StatusHistory& history, PlotTime& time, QWidget* parent)
    : QWidget(parent), time_(time), grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(metric::gap);
  using Form = PlotSeries::Form;
  add(new Plot(tr("Tokens per second"), {}, 1, {{tr("all sequences"), Form::line}}, history.tokens, time),
      QStringLiteral("overview.tokens"));
  add(new Plot(tr("Time to first token"), tr("seconds"), 2, {{tr("p50"), Form::line}, {tr("p95"), Form::line}},
               history.first_token, time),
      QStringLiteral("overview.first_token"));
  add(new Plot(tr("Queue and running"), tr("requests"), 0, {{tr("running"), Form::steps}, {tr("waiting"), Form::steps}},
               history.requests, time),
      QStringLiteral("overview.requests"));
  add(new Plot(tr("KV memory"), QStringLiteral("GiB"), 2, {{tr("KV in use"), Form::line}}, history.kv, time),
      QStringLiteral("overview.kv"));
  plots_.at(1)->set_area(false);
  set_columns(2);
}

void PlotGrid::add(Plot* plot, const QString& name) {
  plot->setObjectName(name);
  plot->set_names_gaps(plots_.empty());
  plot->set_empty_note(tr("No values yet"));
  auto* table = new QAction(tr("Show as table"), plot);
  connect(table, &QAction::triggered, this, [this, plot] { show_table(*plot); });
  auto* csv = new QAction(tr("Values as CSV…"), plot);
  connect(csv, &QAction::triggered, this, &PlotGrid::csv_asked);
  auto* png = new QAction(tr("Plots as PNG…"), plot);
  connect(png, &QAction::triggered, this, &PlotGrid::png_asked);
  auto* command = new QAction(tr("Copy as command"), plot);
  connect(command, &QAction::triggered, this, &PlotGrid::command_asked);
  plot->offer({table, csv, png, command});
  auto* panel = new Panel;
  panel->body()->addWidget(plot);
  plots_.push_back(plot);
  panels_.push_back(panel);
}

void PlotGrid::set_columns(int columns) {
  if (columns == columns_) return;
  columns_ = columns;
  for (int i = 0; i < static_cast<int>(panels_.size()); ++i) {
    grid_->addWidget(panels_.at(static_cast<size_t>(i)), i / columns, i % columns);
    // The time stands on the lowest axis.
    plots_.at(static_cast<size_t>(i))->set_shows_time_chip(i + columns >= static_cast<int>(panels_.size()));
  }
  for (int i = 0; i < 2; ++i) grid_->setColumnStretch(i, i < columns ? 1 : 0);
}

void PlotGrid::set_kv_reserved(int64_t bytes) {
  std::optional<PlotLimit> limit;
  if (bytes > 0) limit = PlotLimit{static_cast<double>(bytes) / (1LL << 30), tr("reserved %1").arg(memory_text(bytes))};
  plots_.at(3)->set_limit(std::move(limit));
}

QPixmap PlotGrid::picture(const QString& title, const QString& second) const {
  for (Plot* plot : plots_) plot->set_button_visible(false);
  const QPixmap plots = const_cast<PlotGrid*>(this)->grab();
  for (Plot* plot : plots_) plot->set_button_visible(true);
  const int head_px = Theme::instance().line_height(Type::page_title) + Theme::instance().line_height(Type::body) + 16;
  const double ratio = plots.devicePixelRatio();
  const QSize whole = plots.size() + QSize(2 * metric::gap, head_px + metric::gap) * ratio;
  QPixmap page(whole);
  page.setDevicePixelRatio(ratio);
  page.fill(paint(Colour::canvas));
  QPainter painter(&page);
  painter.setRenderHint(QPainter::Antialiasing);
  const double title_px = Theme::instance().line_height(Type::page_title);
  paint_text(painter, {metric::gap + 4.0, 8 + title_px / 2}, title, Type::page_title, Colour::text);
  paint_text(painter, {metric::gap + 4.0, 8 + title_px + Theme::instance().line_height(Type::body) / 2.0}, second,
             Type::body, Colour::text2);
  painter.drawPixmap(metric::gap, head_px, plots);
  return page;
}

void PlotGrid::show_table(const Plot& plot) {
  auto* dialog = new PlotTableDialog(plot, time_, window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace tijori
