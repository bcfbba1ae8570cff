// Text that is still being written: read-only, selectable, with a caret at its end while more comes.
#pragma once

#include <QPlainTextEdit>
#include <QTimer>

#include "admin-ui/theme/theme.h"

namespace tijori {

class AnswerView : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit AnswerView(QWidget* parent = nullptr);
  void begin();
  // Stays at the end if the end was in view. A line of more than max_line_characters is broken: laying out one of a
  // million would hold up the window.
  static constexpr qsizetype max_line_characters = 8'000;
  void append_text(const QString& text);
  void end();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void restyle();
  void flush();

  QTimer flush_;  // text that comes in many small pieces is laid out a few times a second
  QString waiting_;
  qsizetype line_length_ = 0;
  bool writing_ = false;
};

}  // namespace tijori
