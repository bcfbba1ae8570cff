// Text that is still being written: read-only, selectable, with a caret at its end while more comes.
#pragma once

#include <QPlainTextEdit>

#include "admin-ui/theme/theme.h"

namespace tijori {

class AnswerView : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit AnswerView(QWidget* parent = nullptr);
  void begin();
  // Stays at the end if the end was in view.
  void append_text(const QString& text);
  void end();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void restyle();

  bool writing_ = false;
};

}  // namespace tijori
