// A field for a passphrase: hidden, an eye shows it for ten seconds. What was typed is overwritten as soon as it is
// taken.
#pragma once

#include <QLineEdit>
#include <QTimer>

#include "base/crypto.h"

class QKeyEvent;

namespace tijori {

class PassphraseEdit : public QLineEdit {
  Q_OBJECT

 public:
  explicit PassphraseEdit(QWidget* parent = nullptr);
  // Empties the field. The buffers of the field itself are overwritten too, as far as Qt lets one reach them.
  Secret take();
  // Empties it too. QLineEdit::clear() would leave what was typed to be undone.
  void forget();
  void reveal();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void hide_again();
  void restyle();

  QAction* eye_;
  QTimer timer_;
};

}  // namespace tijori
