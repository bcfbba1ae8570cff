// The locked console: nothing of the appliance is shown or asked until the passphrase of the administrator's
// certificate is given again.
#pragma once

#include <QTimer>
#include <QWidget>

#include "admin-ui/client/credentials.h"
#include "admin-ui/client/lock_guard.h"
#include "admin-ui/client/session.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/passphrase_edit.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class LockView : public QWidget {
  Q_OBJECT

 public:
  explicit LockView(QWidget* parent = nullptr);
  void open(const Session& session);

 signals:
  void unlocked();
  void left();  // back to the list of appliances

 private:
  void try_unlock();
  void take(std::expected<Credentials, ConnectFailure>& credentials);
  void tick();
  void restyle();

  Appliance appliance_;
  std::string sha256_;
  Passphrase passphrase_kind_ = Passphrase::used;
  LockGuard guard_;
  QTimer timer_;
  bool trying_ = false;
  QLabel* picture_;
  TextLabel* title_;
  TextLabel* note_;
  PassphraseEdit* passphrase_;
  Button* unlock_;
  Notice* failure_;
};

}  // namespace tijori
