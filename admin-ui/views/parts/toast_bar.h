// One sentence in the title row about what was just done, with Undo for as long as it can be undone.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <functional>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class ToastBar : public QWidget {
  Q_OBJECT

 public:
  explicit ToastBar(QWidget* over);
  void show_toast(const QString& sentence, std::function<void()> undo = {});
  bool can_undo() const { return isVisible() && static_cast<bool>(undo_); }
  void undo();
  // Away with it, and with what it could undo.
  void dismiss();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void tick();
  void place();

  QLabel* picture_;
  TextLabel* sentence_;
  Button* undo_button_;
  TextLabel* seconds_;
  QTimer timer_;
  int left_ms_ = 0;
  std::function<void()> undo_;
};

}  // namespace tijori
