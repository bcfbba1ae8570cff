// The policy's text to edit as it is. Text that an editor can't lay out in time (a line of very many characters) isn't
// shown: it says so, and the rules can still be edited in their table.
#pragma once

#include <QPlainTextEdit>
#include <QStackedLayout>
#include <QWidget>

#include "admin-ui/models/json_text.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class DocumentEditor : public QWidget {
  Q_OBJECT

 public:
  static constexpr qsizetype max_line_characters = 20'000;
  static constexpr qsizetype max_shown_characters = 4'000'000;

  explicit DocumentEditor(QWidget* parent = nullptr);
  void set_text(const QString& text);  // emits nothing
  void set_read_only(bool read_only) { editor_->setReadOnly(read_only); }
  void go_to(TextPosition position);

 signals:
  void typed(const QString& text);

 private:
  QString text() const;

  QStackedLayout* stack_;
  QPlainTextEdit* editor_;
  TextLabel* too_long_;
  bool filling_ = false;
};

}  // namespace tijori
