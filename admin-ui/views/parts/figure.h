// One figure of a strip: what it is, the number with its unit, and a second line. Opens the screen behind it.
#pragma once

#include <QAbstractButton>

#include "admin-ui/theme/theme.h"

namespace tijori {

class Figure : public QAbstractButton {
  Q_OBJECT

 public:
  explicit Figure(const QString& name, QWidget* parent = nullptr);
  void set(const QString& number, const QString& unit, const QString& second_line);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString name_;
  QString number_ = QStringLiteral("–");
  QString unit_;
  QString second_;
};

}  // namespace tijori
