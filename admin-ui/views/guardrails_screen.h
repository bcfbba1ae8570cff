// Guardrails: the rules of a draft beside the active policy, what is missing before it can be activated, a bench with
// two panes, hits.
#pragma once

#include <QComboBox>
#include <QPlainTextEdit>
#include <QTabWidget>

#include "admin-ui/models/policy_draft.h"
#include "admin-ui/models/series.h"
#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/plot.h"
#include "admin-ui/views/parts/span_view.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class GuardrailsScreen : public Screen {
  Q_OBJECT

 public:
  explicit GuardrailsScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void left() override;
  void refresh() override;
  void focus_search() override;
  bool step_back() override;

 private:
  struct Pane {
    TextLabel* title = nullptr;
    Badge* badge = nullptr;
    TextLabel* time = nullptr;
    SpanView* text = nullptr;
    TextLabel* verdict = nullptr;
  };

  QWidget* make_rules();
  QWidget* make_side();
  QWidget* make_bench();
  Pane make_pane(QHBoxLayout* row, const QString& name);
  void take_status(const Answer<GuardrailsStatus>& answer);
  void open_policy(const std::string& digest);
  void take_document(const std::string& digest, const QString& document);
  void say_steps();
  void edit_document();
  void lint_soon();
  void lint();
  void bench();
  void show_side(const Pane& pane, const BenchSide& side, const QString& text, const BenchSide* other);
  void ask_hits();
  void save();
  void approve();
  void activate();
  void roll_back();
  void check();
  void change_done(const Answer<GuardrailsStatus>& answer, const QString& sentence);
  const PolicySummary* summary(const std::string& digest) const;
  bool may_edit() const;

  std::optional<GuardrailsStatus> status_;
  std::string open_digest_;  // what the draft began as
  QString active_document_;
  QString stored_document_;  // of open_digest_, as the draft writes it
  PolicyDraft* draft_;
  DataTable* table_;
  QPlainTextEdit* editor_;
  QTabWidget* tabs_;
  Panel* rules_panel_;
  QComboBox* versions_;
  TextLabel* lint_line_;
  TextLabel* lint_step_;
  TextLabel* bench_step_;
  TextLabel* pack_step_;
  TextLabel* person_step_;
  Button* save_;
  Button* approve_;
  Button* activate_;
  Button* roll_back_;
  QPlainTextEdit* bench_text_;
  Pane active_pane_;
  Pane draft_pane_;
  SeriesStore hits_;
  PlotTime hits_time_;
  Plot* hits_plot_ = nullptr;
  Panel* hits_panel_ = nullptr;
  QTimer lint_timer_;
  QTimer hits_timer_;
  bool filling_ = false;
};

}  // namespace tijori
