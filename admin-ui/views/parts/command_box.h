// A command to be copied: mono on sunken, with Copy and room for more buttons. It wraps; nothing of it is cut.
#pragma once

#include <QFrame>
#include <QHBoxLayout>

#include "admin-ui/views/parts/button.h"

class QLabel;

namespace tijori {

class CommandBox : public QFrame {
  Q_OBJECT

 public:
  explicit CommandBox(const QString& command = {}, QWidget* parent = nullptr);
  void set_command(const QString& command);
  const QString& command() const { return command_; }
  // Right of Copy.
  void add_button(Button* button);
  void copy();

 private:
  void restyle();

  QString command_;
  QLabel* text_;
  Button* copy_;
  QHBoxLayout* row_;
};

}  // namespace tijori
