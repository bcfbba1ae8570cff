// The locked console: nothing of the appliance is shown until the passphrase of the administrator's certificate is
// given again.
#pragma once

#include <QLineEdit>
#include <QWidget>

#include "admin-ui/client/appliance.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class LockView : public QWidget {
  Q_OBJECT

 public:
  explicit LockView(QWidget* parent = nullptr);
  void open(const Appliance& appliance);

 signals:
  void unlocked();
  void left();  // back to the list of appliances

 private:
  void try_unlock();

  Appliance appliance_;
  TextLabel* title_;
  QLineEdit* passphrase_;
  TextLabel* failure_;
};

}  // namespace tijori
