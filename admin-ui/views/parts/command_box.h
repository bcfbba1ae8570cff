// A command to be copied: mono on sunken, with Copy and room for more buttons. It wraps; nothing of it is cut.
#pragma once

#include <QBoxLayout>
#include <QFrame>

#include "admin-ui/views/parts/button.h"

class QLabel;

namespace tijori {

class CommandBox : public QFrame {
  Q_OBJECT

 public:
  // Below: for a narrow column.
  enum class Buttons : uint8_t { beside, below };

  explicit CommandBox(Buttons buttons = Buttons::beside, QWidget* parent = nullptr);
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
  QBoxLayout* buttons_;
};

}  // namespace tijori
