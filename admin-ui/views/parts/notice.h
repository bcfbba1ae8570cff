// A sentence that matters, in its place: icon, title, what to do, and the command for it. Soft fill, border of its
// tone.
#pragma once

#include <QFrame>
#include <QVBoxLayout>

#include "admin-ui/models/cell.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/command_box.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class Notice : public QFrame {
  Q_OBJECT

 public:
  explicit Notice(Tone tone, QWidget* parent = nullptr);

  // An empty command leaves the box out. Shows the notice; screen readers are told.
  void say(const QString& title, const QString& advice = {}, const QString& command = {});
  void set_tone(Tone tone);
  // Below the words, at the left.
  void add_button(Button* button);
  TextLabel* title() const { return title_; }

 private:
  void restyle();

  Tone tone_;
  QLabel* picture_;
  TextLabel* title_;
  TextLabel* advice_;
  CommandBox* command_;
  QHBoxLayout* buttons_;
};

}  // namespace tijori
