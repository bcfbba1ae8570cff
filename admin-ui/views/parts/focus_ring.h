// The ring around whatever has the keyboard's focus: 2 px, 2 px outside the control. One for the application.
#pragma once

#include <QFocusFrame>

class QApplication;

namespace tijori {

class FocusWatch;

class FocusRing : public QFocusFrame {
  Q_OBJECT

 public:
  // Follows the focus of the whole application from here on. Shown when the focus came by keyboard, and always in high
  // contrast.
  static void install(QApplication& application);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  friend class FocusWatch;
  using QFocusFrame::QFocusFrame;
};

}  // namespace tijori
