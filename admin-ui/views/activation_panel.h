// To activate: the four steps with how each stands, what is next, the cases of the regression pack that fail, and the
// acts.
#pragma once

#include <QBoxLayout>
#include <array>

#include "admin-ui/models/activation.h"
#include "admin-ui/models/policy_versions.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {

class ActivationPanel : public Panel {
  Q_OBJECT

 public:
  explicit ActivationPanel(QWidget* parent = nullptr);

  void show_activation(const Activation& activation, const ActivationFacts& facts);
  void show_failures(const std::vector<CheckFailure>& failures);
  Button& save() { return *save_; }
  Button& approve() { return *approve_; }
  Button& activate() { return *activate_; }
  Button& roll_back() { return *roll_back_; }

 private:
  struct Row {
    QLabel* picture = nullptr;
    TextLabel* note = nullptr;
  };
  Row add_row(QVBoxLayout* rows, const QString& name, const char* object);

  std::array<Row, Activation::step_count> rows_;
  TextLabel* next_;
  PackFailures* failures_;
  DataTable* failed_;
  Button* save_;
  Button* approve_;
  Button* activate_;
  Button* roll_back_;
};

}  // namespace tijori
