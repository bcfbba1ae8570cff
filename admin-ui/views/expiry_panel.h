// The certificates that end next.
#pragma once

#include "admin-ui/models/expiry.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {

class ExpiryPanel : public Panel {
  Q_OBJECT

 public:
  explicit ExpiryPanel(QWidget* parent = nullptr);
  void show_expiries(const std::vector<Expiry>& expiries, int64_t now_us);
  void show_trouble(const QString& sentence);

 private:
  QVBoxLayout* fresh_rows();
  QWidget* rows_ = nullptr;
};

}  // namespace tijori
