// The audit log: how far it is proven, a list of all records, one record with its place in the chain, verification,
// export.
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QProgressBar>

#include "admin-ui/models/audit_list.h"
#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/drawer.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class AuditScreen : public Screen {
  Q_OBJECT

 public:
  explicit AuditScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void refresh() override;
  void focus_search() override;
  void show_at(const QString& argument) override;  // a record number
  bool step_back() override;

 private:
  QWidget* make_verdict();
  QWidget* make_filters();
  void take_status();
  void apply_filter();
  void clear_filter();
  void search();
  void show_record(int row);
  void ask_proof(int64_t seq);
  void verify();
  void take_verdict(const Answer<AuditVerdict>& answer);
  void export_rows();
  void say_count();

  AuditList* list_;
  DataTable* table_;
  Drawer* drawer_;
  QLineEdit* search_;
  QComboBox* time_;
  QComboBox* event_;
  QComboBox* outcome_;
  TextLabel* count_;
  Badge* verdict_badge_;
  TextLabel* verdict_line_;
  TextLabel* verdict_note_;
  Button* verify_;
  std::unique_ptr<Lane> verifying_;
  QElapsedTimer verify_since_;
  QTimer verify_tick_;
  int open_row_ = -1;
  int64_t wanted_seq_ = -1;
};

}  // namespace tijori
