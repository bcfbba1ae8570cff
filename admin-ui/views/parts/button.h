// Buttons in the console's kinds. Plain QPushButtons underneath, so that keyboard, mouse and screen readers know them.
#pragma once

#include <QPushButton>

#include "admin-ui/theme/theme.h"

namespace tijori {

enum class ButtonKind : uint8_t { standard, primary, quiet, link, danger, confirm };
enum class ButtonSize : uint8_t { normal, compact };

class Button : public QPushButton {
  Q_OBJECT

 public:
  explicit Button(const QString& text, ButtonKind kind = ButtonKind::standard, const QString& icon_name = {},
                  ButtonSize size = ButtonSize::normal, QWidget* parent = nullptr);

  // Disabled, saying why in the tooltip; "" enables it.
  void set_refusal(const QString& why);
  // While an answer is awaited: disabled, another word, width kept.
  void set_pending(const QString& word);
  void end_pending();
  void set_icon(const QString& icon_name);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void restyle();

  ButtonKind kind_;
  ButtonSize size_;
  QString icon_name_;
  QString resting_text_;
  QString resting_icon_;
  QString tooltip_;
};

}  // namespace tijori
