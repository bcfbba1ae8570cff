#include "admin-ui/views/rules_panel.h"

#include <QTabBar>

#include "admin-ui/models/policy_versions.h"

namespace tijori {
namespace {

constexpr int label_from_px = 760;
constexpr int compact_below_px = 640;
constexpr int box_px = 216;
constexpr int narrow_box_px = 176;

}  // namespace

RulesPanel::RulesPanel(PolicyDraft& draft, QWidget* parent)
    : Panel(tr("Draft"), {}, parent),
      draft_(draft),
      table_(new RuleTable(draft)),
      editor_(new DocumentEditor),
      tabs_(new QTabWidget),
      lint_(new LintLine),
      policies_(new QComboBox),
      compare_label_(new TextLabel(tr("Compare with"), Type::label, Colour::text2)),
      compared_(new QComboBox),
      add_(new Button(tr("Add rule…"), ButtonKind::standard, QStringLiteral("plus-lg"), ButtonSize::compact)),
      remove_(new Button({}, ButtonKind::quiet, QStringLiteral("x-lg"), ButtonSize::compact)) {
  policies_->setObjectName(QStringLiteral("guardrails.policies"));
  policies_->setAccessibleName(tr("Policy to open"));
  compared_->setObjectName(QStringLiteral("guardrails.compared"));
  compared_->setAccessibleName(tr("Compare with"));
  compared_->setToolTip(tr("What the marks, the bench and the differences compare with"));
  add_->setObjectName(QStringLiteral("guardrails.add_rule"));
  remove_->setObjectName(QStringLiteral("guardrails.remove_rule"));
  remove_->setToolTip(tr("Remove the chosen rule  Delete"));
  add_to_head(policies_);
  add_to_head(compare_label_);
  add_to_head(compared_);
  add_to_head(add_);
  add_to_head(remove_);
  tabs_->setObjectName(QStringLiteral("guardrails.tabs"));
  tabs_->addTab(table_, tr("Rules"));
  tabs_->addTab(editor_, tr("Document"));
  tabs_->setDocumentMode(true);
  tabs_->tabBar()->setDrawBase(false);
  tabs_->tabBar()->setAccessibleName(tr("Rules or document"));
  body()->addWidget(tabs_, 1);
  add_divider();
  body()->addWidget(lint_);
  connect(add_, &Button::clicked, this, [this] { emit rule_asked(-1); });
  connect(remove_, &Button::clicked, table_, &RuleTable::remove_chosen);
  connect(table_, &RuleTable::rule_asked, this, &RulesPanel::rule_asked);
  connect(lint_, &LintLine::go, this, &RulesPanel::go_to);
  connect(policies_, &QComboBox::activated, this,
          [this](int place) { emit policy_chosen(policies_->itemData(place).toString().toStdString()); });
  connect(compared_, &QComboBox::activated, this,
          [this](int place) { emit compared_with(compared_->itemData(place).toString().toStdString()); });
}

void RulesPanel::fill(QComboBox* box, const std::vector<PolicySummary>& policies, const std::string& chosen) {
  QStringList texts;
  QStringList digests;
  for (const PolicySummary& policy : policies) {
    if (static_cast<size_t>(texts.size()) >= max_shown_policies) break;
    texts << policy_text(policy);
    digests << QString::fromStdString(policy.digest);
  }
  QStringList shown;
  for (int i = 0; i < box->count(); ++i) shown << box->itemText(i);
  // Filling it anew would close it under somebody's hands.
  if (shown != texts) {
    box->clear();
    for (qsizetype i = 0; i < texts.size(); ++i) box->addItem(texts.at(i), digests.at(i));
  } else {
    for (int i = 0; i < box->count(); ++i) box->setItemData(i, digests.at(i));
  }
  if (!box->view()->isVisible()) box->setCurrentIndex(box->findData(QString::fromStdString(chosen)));
}

void RulesPanel::set_policies(const std::vector<PolicySummary>& policies, const std::string& open,
                              const std::string& compared) {
  fill(policies_, policies, open);
  fill(compared_, policies, compared);
}

void RulesPanel::set_refusal(const QString& why) {
  add_->set_refusal(why);
  remove_->set_refusal(why);
  editor_->set_read_only(!why.isEmpty());
}

void RulesPanel::go_to(const PolicyFinding& finding) {
  const int row = finding.rule.empty() ? -1 : draft_.row_of(QString::fromStdString(finding.rule));
  if (row >= 0 && (tabs_->currentIndex() == 0 || finding.line == 0)) {
    tabs_->setCurrentIndex(0);
    table_->choose(row);
    table_->setFocus(Qt::OtherFocusReason);
  } else if (finding.line > 0) {
    tabs_->setCurrentIndex(1);
    editor_->go_to({finding.line, finding.column});
  }
}

void RulesPanel::fit(int wide_px) {
  const bool narrow = wide_px < compact_below_px;
  compare_label_->setVisible(wide_px >= label_from_px);
  for (QComboBox* const box : {policies_, compared_}) box->setFixedWidth(narrow ? narrow_box_px : box_px);
  remove_->setAccessibleName(tr("Remove rule"));
  add_->setText(narrow ? QString() : tr("Add rule…"));
  add_->setAccessibleName(tr("Add rule"));
}

}  // namespace tijori
