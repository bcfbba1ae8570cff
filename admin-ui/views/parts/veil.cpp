#include "admin-ui/views/parts/veil.h"

#include <QEvent>
#include <QPainter>

#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {
// What is left of the contrast keeps text above 4.5 to 1 on every look but for notes.
constexpr int veil_alpha = 70;
}  // namespace

Veil::Veil(QWidget* over) : QWidget(over) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setFocusPolicy(Qt::NoFocus);
  over->installEventFilter(this);
  hide();
}

void Veil::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  QColor fill = tijori::paint(Colour::canvas);
  fill.setAlpha(veil_alpha);
  painter.fillRect(rect(), fill);
}

bool Veil::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize) resize(parentWidget()->size());
  if (watched == parentWidget() && event->type() == QEvent::ChildAdded) raise();
  return QWidget::eventFilter(watched, event);
}

}  // namespace tijori
