// How much of a certificate's life is over, as a bar; what is left is written above it by the caller.
#pragma once

#include <QWidget>

#include "admin-ui/theme/theme.h"

namespace tijori {

class LifeBar : public QWidget {
  Q_OBJECT

 public:
  // `spent` 0 … 1; `words` say the same.
  LifeBar(double spent, Colour ink, const QString& words, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double spent_;
  Colour ink_;
};

}  // namespace tijori
