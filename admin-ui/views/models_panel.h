// The table of models with its line of refusals and the machine's memory: what the Models screen begins with.
#pragma once

#include <QLabel>
#include <map>

#include "admin-ui/models/memory_line.h"
#include "admin-ui/models/model_table.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/stacked_bar.h"

namespace tijori {

class ModelsPanel : public Panel {
  Q_OBJECT

 public:
  explicit ModelsPanel(ModelTable& models, QWidget* parent = nullptr);

  DataTable& table() { return *table_; }
  std::string current() const;  // alias of the chosen row; "" when none
  void choose(const std::string& alias);
  // Why the acts can't be used; "" when they can.
  void set_refusals(const QString& load, const QString& unload);
  // After the table's content changed.
  void refresh();
  void set_memory(const MemoryLine& line);
  // A line under the table, with up to one button; "" takes it away.
  void set_notice(const QString& sentence, const QString& button = {}, std::function<void()> act = {});
  bool has_notice() const { return notice_->isVisibleTo(this); }

 signals:
  void act_asked(const std::string& alias, tijori::ModelAct act);
  void opened(const std::string& alias);
  void chosen(const std::string& alias);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place_buttons();
  QWidget* make_button(int row);
  void fit_columns();

  ModelTable& models_;
  DataTable* table_;
  std::map<std::string, ModelAct> shown_acts_;
  QString load_refusal_;
  QString unload_refusal_;
  QWidget* notice_;
  TextLabel* notice_text_;
  Button* notice_button_;
  std::function<void()> notice_act_;
  StackedBar* memory_;
};

// "Load", "Cancel", …
QString act_text(ModelAct act);

}  // namespace tijori
