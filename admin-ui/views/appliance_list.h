// The saved appliances: name, how each is reached, and its last seen state in words.
#pragma once

#include <QListWidget>
#include <vector>

#include "admin-ui/client/appliance.h"

namespace tijori {

class ApplianceList : public QListWidget {
  Q_OBJECT

 public:
  explicit ApplianceList(QWidget* parent = nullptr);
  void fill(const std::vector<Appliance>& appliances);
  // By name; nothing is chosen when it isn't there.
  void choose(const QString& name);

 private:
  void fit();
};

}  // namespace tijori
