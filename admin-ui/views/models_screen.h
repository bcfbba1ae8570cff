// Models: what is in the store and what is loaded, loading and unloading, the load of the experts, and a pane to try
// one.
#pragma once

#include <QBoxLayout>
#include <QPointer>
#include <QScrollArea>

#include "admin-ui/client/model_desk.h"
#include "admin-ui/models/model_table.h"
#include "admin-ui/views/expert_panel.h"
#include "admin-ui/views/models_panel.h"
#include "admin-ui/views/parts/drawer.h"
#include "admin-ui/views/screen.h"
#include "admin-ui/views/try_pane.h"

namespace tijori {

class ModelsScreen : public Screen {
  Q_OBJECT

 public:
  explicit ModelsScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void left() override;
  void refresh() override;
  void focus_search() override;
  void show_at(const QString& argument) override;
  bool step_back() override;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  enum class Drawn : uint8_t { nothing, details, unload };

  void connect_desk();
  void take_list();
  void take_failure(const ClientError& error);
  void say_context();
  void choose(const std::string& alias);
  void follow_experts();
  void act(const std::string& alias, ModelAct act);
  void open_load(const std::string& alias, const ModelChoice* choice = nullptr);
  void ask_unload(const std::string& alias);
  void cancel(const std::string& alias);
  void show_details(const std::string& alias);
  void close_drawer();
  void place_drawer();
  void place_panes();
  void export_experts();
  QString load_refusal() const;
  QString unload_refusal() const;
  const ModelInfo* current() const;

  ModelTable* models_;
  ModelDesk* desk_;
  ModelsPanel* panel_;
  ExpertPanel* experts_;
  TryPane* try_;
  Drawer* drawer_;
  Button* load_;
  QWidget* content_;
  QHBoxLayout* across_;
  QBoxLayout* lower_;
  QScrollArea* scroll_;
  Drawn drawn_ = Drawn::nothing;
  std::string drawn_alias_;
  QPointer<TextLabel> losses_;  // of the unload question, while it is drawn
  std::string notice_alias_;
  std::string just_loaded_;
  std::string chosen_;  // outlives a table that is filled anew
  bool listed_ = false;
  bool stale_ = false;  // the last question had no answer
};

}  // namespace tijori
