#include "admin-ui/views/plot_table_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "admin-ui/models/numbers.h"
#include "admin-ui/models/series_table.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int width_px = 760;
constexpr int height_px = 560;

}  // namespace

PlotTableDialog::PlotTableDialog(const Plot& plot, const PlotTime& time, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("plot_table"));
  setWindowTitle(plot.title());
  QStringList names;
  for (const PlotSeries& series : plot.series())
    names << (plot.unit().isEmpty() ? series.name : tr("%1, %2").arg(series.name, plot.unit()));
  auto* model = new SeriesTable(plot.store(), names, plot.decimals() + 1, time.from_us(), time.to_us(), this);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, 0, 1, 0);
  column->setSpacing(0);
  auto* title = new TextLabel(plot.title(), Type::dialog_title);
  title->setContentsMargins(24, 16, 24, 0);
  column->addWidget(title);
  auto* range = new TextLabel(
      tr("%1 to %2, %n row(s)", nullptr, model->rowCount()).arg(ist_stamp(time.from_us()), ist_stamp(time.to_us())),
      Type::label, Colour::text2);
  range->set_elide(Qt::ElideRight);
  range->setContentsMargins(24, 0, 24, 12);
  column->addWidget(range);
  auto* table = new DataTable(DataTable::Rows::dense, plot.title());
  table->setObjectName(QStringLiteral("plot_table.rows"));
  table->setModel(model);
  QList<int> widths{200, 200};
  for (qsizetype i = 0; i < names.size(); ++i) widths << 0;
  table->set_columns(widths);
  if (model->rowCount() > 0) table->setCurrentIndex(model->index(0, 0));
  column->addWidget(table, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(24, 12, 24, 12);
  foot->addStretch();
  auto* close = new Button(tr("Close"), ButtonKind::primary);
  foot->addWidget(close);
  column->addLayout(foot);
  connect(close, &Button::clicked, this, &QDialog::accept);
  const QSize room = parent == nullptr ? QSize(width_px, height_px) : parent->size() - QSize(48, 48);
  resize(QSize(width_px, height_px).boundedTo(room));
  table->setFocus();
}

}  // namespace tijori
