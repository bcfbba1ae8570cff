// Where the panels of the Guardrails screen stand, and its dialogs.
#include <QApplication>

#include "admin-ui/models/policy_versions.h"
#include "admin-ui/views/guardrails_screen.h"
#include "admin-ui/views/policy_diff_dialog.h"
#include "admin-ui/views/reason_dialog.h"
#include "admin-ui/views/rule_dialog.h"
#include "admin-ui/views/versions_dialog.h"

namespace tijori {
namespace {

constexpr int side_px = 344;
constexpr int one_column_below_px = 900;
constexpr int rules_px = 400;
constexpr int hits_px = 240;

}  // namespace

void GuardrailsScreen::lay_out() {
  differences_->setObjectName(QStringLiteral("guardrails.differences"));
  versions_->setObjectName(QStringLiteral("guardrails.versions"));
  check_->setObjectName(QStringLiteral("guardrails.check"));
  unavailable_->setObjectName(QStringLiteral("guardrails.unavailable"));
  trouble_->setObjectName(QStringLiteral("guardrails.trouble"));
  waiting_->setObjectName(QStringLiteral("guardrails.waiting"));
  add_to_title_row(differences_);
  add_to_title_row(versions_);
  add_to_title_row(check_);
  auto* again = new Button(tr("Try now"), ButtonKind::standard, QStringLiteral("arrow-repeat"), ButtonSize::compact);
  auto* shut = new Button(tr("Close"), ButtonKind::quiet, {}, ButtonSize::compact);
  trouble_->add_button(again);
  trouble_->add_button(shut);
  connect(again, &Button::clicked, this, &GuardrailsScreen::refresh);
  connect(shut, &Button::clicked, trouble_, &QWidget::hide);
  auto* open = new Button(tr("Open it"), ButtonKind::standard, {}, ButtonSize::compact);
  open->setObjectName(QStringLiteral("guardrails.open_waiting"));
  waiting_->add_button(open);
  connect(open, &Button::clicked, this, [this] { open_policy(waiting_digest_); });

  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  for (Notice* const notice : {unavailable_, trouble_, waiting_}) column->addWidget(notice);
  side_->setSpacing(metric::gap);
  side_->addWidget(activation_);
  side_->addWidget(hits_, 1);
  hits_->setMinimumHeight(hits_px);
  upper_->setSpacing(metric::gap);
  upper_->addWidget(rules_, 1);
  upper_->addLayout(side_);
  rules_->setMinimumHeight(rules_px);
  column->addLayout(upper_, 3);
  column->addWidget(bench_, 2);
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setWidget(inner);
  // The viewport has its size after the scroll area has.
  scroll_->viewport()->installEventFilter(this);
  set_content(scroll_);
  // Focus that comes by a command or a shortcut is seen as well as one that comes by Tab.
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget* /*from*/, QWidget* to) {
    if (to != nullptr && to != &rules_->table() && scroll_->widget()->isAncestorOf(to))
      scroll_->ensureWidgetVisible(to);
  });
  hits_->setVisible(desk_->may_see_hits());
}

// The right column stands beside the rules, or below them where there is no room for both.
void GuardrailsScreen::place_panes() {
  const bool one_column = scroll_->width() < one_column_below_px;
  rules_->fit(scroll_->viewport()->width() - (one_column ? 0 : side_px + metric::gap));
  upper_->setDirection(one_column ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  for (QWidget* const panel : {static_cast<QWidget*>(activation_), static_cast<QWidget*>(hits_)}) {
    panel->setMinimumWidth(one_column ? 0 : side_px);
    panel->setMaximumWidth(one_column ? QWIDGETSIZE_MAX : side_px);
  }
}

bool GuardrailsScreen::eventFilter(QObject* watched, QEvent* event) {
  if (watched == scroll_->viewport() && event->type() == QEvent::Resize) place_panes();
  return Screen::eventFilter(watched, event);
}

void GuardrailsScreen::ask_for_rule(int row) {
  if (!draft_->is_editable()) return;
  const QString id = row < 0 ? QString() : draft_->id(row);
  auto* dialog = new RuleDialog(*desk_, *draft_, row, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, id] {
    const RuleForm form = dialog->form();
    const int now = id.isEmpty() ? -1 : draft_->row_of(id);
    if (id.isEmpty()) {
      draft_->add_rule(form);
    } else if (now >= 0) {
      draft_->change_rule(now, form);
    }
    rules_->table().choose(form.id);
  });
  connect(dialog, &QDialog::finished, &rules_->table(), [this] { rules_->table().setFocus(); });
  dialog->open();
}

void GuardrailsScreen::ask_for_reason(int row) {
  if (row < 0 || row >= draft_->rowCount()) return;
  auto* dialog = new ReasonDialog(draft_->id(row), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, id = draft_->id(row)] {
    if (const int now = draft_->row_of(id); now >= 0) draft_->set_fail(now, dialog->reason());
  });
  connect(dialog, &QDialog::finished, &rules_->table(), [this] { rules_->table().setFocus(); });
  dialog->open();
}

void GuardrailsScreen::show_differences() {
  take_typed();
  const PolicySummary* const other = desk_->find(compared_);
  auto* dialog = new PolicyDiffDialog(
      tr("Differences"), {tr("From %1 to what is open here.").arg(other == nullptr ? QString() : policy_text(*other))},
      {}, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->show_documents(draft_->base(), draft_->document());
  dialog->open();
}

void GuardrailsScreen::show_versions() {
  auto* dialog = new VersionsDialog(*desk_, open_, compared_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &VersionsDialog::open_asked, this, &GuardrailsScreen::open_policy);
  dialog->open();
}

}  // namespace tijori
