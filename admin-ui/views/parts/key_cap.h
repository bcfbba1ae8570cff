// A key as it is printed on a keyboard: "Ctrl K".
#pragma once

#include <QWidget>

class QPainter;

namespace tijori {

class KeyCap : public QWidget {
  Q_OBJECT

 public:
  explicit KeyCap(const QString& key, QWidget* parent = nullptr);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString key_;
};

// For delegates: one that ends at `right`; returns where it begins.
double draw_key_cap(QPainter& painter, const QString& key, double right, double middle);

}  // namespace tijori
