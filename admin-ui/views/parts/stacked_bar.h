// Amounts side by side in one bar: solid, hatched or grey, with a legend in words beside or below it, and a red line at
// a limit.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "admin-ui/theme/theme.h"

namespace tijori {

class StackedBar : public QWidget {
  Q_OBJECT

 public:
  enum class Fill : uint8_t { solid, hatched, grey_hatched, grey };
  struct Part {
    double amount;
    Fill fill;
    QString label;  // "weights 60.9"; "" is left out of the legend
  };
  enum class Legend : uint8_t { none, right };

  explicit StackedBar(Legend legend, QWidget* parent = nullptr);
  // `total` is the bar's whole length; `limit` gets the red line.
  void set(std::vector<Part> parts, double total, std::optional<double> limit, const QString& last_words,
           const QString& accessible_text);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double legend_width() const;
  void paint_bar(QPainter& painter, const QRectF& bar) const;

  Legend legend_;
  std::vector<Part> parts_;
  double total_ = 1;
  std::optional<double> limit_;
  QString last_words_;
};

}  // namespace tijori
