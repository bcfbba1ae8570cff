// A label in one of the console's types. One line is drawn on the fixed baseline of theme/type.h; a wrapping one has
// its script's line height.
#pragma once

#include <QLabel>
#include <array>

#include "admin-ui/theme/theme.h"

namespace tijori {

class TextLabel : public QLabel {
  Q_OBJECT

 public:
  explicit TextLabel(Type kind, Colour role = Colour::text, QWidget* parent = nullptr);
  TextLabel(const QString& text, Type kind, Colour role = Colour::text, QWidget* parent = nullptr);

  // Of a text that somebody else wrote, however long, one line's worth is taken.
  void setText(const QString& text);
  void set_role(Colour role);
  // Plain text that wraps to the label's width.
  void set_paragraph(const QString& text);
  // Cuts what doesn't fit: at the end, or in the middle for digests. The whole text is in the tooltip.
  void set_elide(Qt::TextElideMode mode);

  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void restyle();
  Qt::TextElideMode elide() const;

  Type kind_;
  Colour role_;
  QString paragraph_;
  // Layouts ask for the same few widths again and again, and each answer lays the whole text out.
  struct Height {
    int width = -1;
    int height = 0;
  };
  mutable std::array<Height, 4> heights_;
  mutable size_t next_height_ = 0;
  Qt::TextElideMode elide_ = Qt::ElideNone;
};

}  // namespace tijori
