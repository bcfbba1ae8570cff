// Loading a model: context, sequences and KV type, what that needs against what is free as it is changed, and no way
// to load what doesn't fit.
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QSpinBox>
#include <QTimer>

#include "admin-ui/client/model_desk.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/stacked_bar.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class LoadDialog : public QDialog {
  Q_OBJECT

 public:
  // Of the models that can be loaded, `alias` chosen. Both must outlive it.
  LoadDialog(ModelDesk& desk, const ModelTable& models, const std::string& alias, QWidget* parent);
  // Begins with this choice in place of the configured one.
  void set_choice(const ModelChoice& choice);

 signals:
  void load_chosen(const std::string& alias, const tijori::ModelChoice& choice);
  void copied(const QString& command);

 private:
  QWidget* make_fields();
  void begin(const std::string& alias);
  ModelChoice choice() const;
  void show_choice(const ModelChoice& choice);
  void ask_soon();
  void ask();
  void take(const Answer<ModelPlan>& answer);
  void say_trained();
  std::string alias() const { return model_->currentText().toStdString(); }

  ModelDesk& desk_;
  const ModelTable& models_;
  QComboBox* model_;
  QSpinBox* context_;
  QSpinBox* sequences_;
  QComboBox* kv_;
  TextLabel* trained_;
  TextLabel* need_;
  StackedBar* bar_;
  TextLabel* parts_;
  TextLabel* verdict_;
  Button* nearest_;
  Button* load_;
  QTimer ask_timer_;
  std::optional<ModelPlan> plan_;
  bool configured_ = true;  // nothing was changed: the configured choice, whose numbers the first plan brings
  bool filling_ = false;
  bool asked_ = false;
  bool again_ = false;
};

}  // namespace tijori
