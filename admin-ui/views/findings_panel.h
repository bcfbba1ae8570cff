// What there is to do, the gravest first: what is so, what to do, the code that never changes its meaning, and a button
// that leads there. Nothing to do is said too, with the time of the check.
#pragma once

#include "admin-ui/views/parts/panel.h"
#include "protocol/admin_types.h"

namespace tijori {

class FindingsPanel : public Panel {
  Q_OBJECT

 public:
  explicit FindingsPanel(QWidget* parent = nullptr);
  void show_status(const DaemonStatus& status);

 signals:
  void open_screen(const QString& id);
  void copied(const QString& command);

 private:
  void fill(const std::vector<Condition>& conditions, size_t count);
  void add_finding(QVBoxLayout& column, const Condition& condition);

  QWidget* rows_ = nullptr;
  TextLabel* checked_ = nullptr;  // while there is nothing to do
  QString shown_;                 // what the rows were made of
};

}  // namespace tijori
