// A record's place in the chain: the one before, itself, the one after, and the signed checkpoint that covers it.
#pragma once

#include <QWidget>
#include <vector>

#include "admin-ui/theme/theme.h"

namespace tijori {

class ChainView : public QWidget {
  Q_OBJECT

 public:
  enum class Knot : uint8_t { open, here, sealed, missing };
  struct Link {
    Knot knot = Knot::open;
    QString name;    // "Previous"
    QString number;  // "8,41,213"
    QString digest;  // short, or when and how far
  };

  explicit ChainView(std::vector<Link> links, QWidget* parent = nullptr);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<Link> links_;
};

}  // namespace tijori
