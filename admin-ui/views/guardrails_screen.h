// Guardrails: the rules of a draft beside another policy, what is missing before it can be activated, a bench with two
// panes, hits. It puts the panels together and decides which document is open.
#pragma once

#include <QBoxLayout>
#include <QScrollArea>
#include <QTimer>

#include "admin-ui/client/policy_desk.h"
#include "admin-ui/models/policy_draft.h"
#include "admin-ui/views/activation_panel.h"
#include "admin-ui/views/bench_panel.h"
#include "admin-ui/views/hits_panel.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/policy_acts.h"
#include "admin-ui/views/rules_panel.h"
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

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void lay_out();
  void connect_draft();
  void connect_desk();
  void place_panes();
  void take_list();
  void take_failure(const ClientError& error);
  void compare_with(const std::string& digest);
  void open_policy(const std::string& digest);
  void take_document(const std::string& digest, const QString& document);
  void document_changed();
  void take_typed();
  void say_all();
  void say_notices();
  void say_trouble(const QString& title, const QString& advice);
  void ask_for_rule(int row);
  void ask_for_reason(int row);
  void show_differences();
  void show_versions();
  void lint();
  void take_lint(const QString& text, const LintReply& reply);
  void bench();
  Activation now() const;
  ActivationFacts facts() const;

  PolicyDesk* desk_;
  PolicyDraft* draft_;
  PolicyActs* acts_;
  Notice* unavailable_;
  Notice* trouble_;
  Notice* waiting_;
  RulesPanel* rules_;
  ActivationPanel* activation_;
  HitsPanel* hits_;
  BenchPanel* bench_;
  Button* check_;
  Button* versions_;
  Button* differences_;
  QScrollArea* scroll_;
  QBoxLayout* upper_;
  QBoxLayout* side_;
  QTimer lint_timer_;
  std::string open_;      // what the draft began as
  std::string compared_;  // digest
  bool follows_active_ = true;
  std::string waiting_digest_;
  std::optional<QString> typed_;  // in the document, and not yet taken into the draft
  QString linted_text_;
  QString lint_fault_;
  QString benched_text_;
  int bench_spans_ = 0;
  QString bench_error_;
  bool benching_ = false;
  bool bench_again_ = false;
  bool stale_ = false;
};

}  // namespace tijori
