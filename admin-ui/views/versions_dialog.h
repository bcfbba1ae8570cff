// All policies that are stored: who wrote and approved each, when it was in force, and what differs between any two.
#pragma once

#include <QComboBox>
#include <QDialog>

#include "admin-ui/client/policy_desk.h"
#include "admin-ui/models/policy_versions.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/policy_diff_view.h"

namespace tijori {

class VersionsDialog : public QDialog {
  Q_OBJECT

 public:
  // The desk must outlive it. `chosen` and `compared` are digests.
  VersionsDialog(PolicyDesk& desk, const std::string& chosen, const std::string& compared, QWidget* parent);

 signals:
  void open_asked(const std::string& digest);

 private:
  void list();
  void compare();
  std::string chosen() const;

  PolicyDesk& desk_;
  PolicyVersions* versions_;
  DataTable* table_;
  QComboBox* compared_;
  PolicyDiffView* difference_;
  Button* open_;
  std::string chosen_;
  std::string wanted_compared_;
  int asked_ = 0;  // the newest comparison: an older one that comes late is dropped
};

}  // namespace tijori
