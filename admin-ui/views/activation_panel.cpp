#include "admin-ui/views/activation_panel.h"

#include <QHeaderView>
#include <algorithm>

namespace tijori {
namespace {

constexpr int most_failures_high = 4;

struct StepSign {
  const char* icon;
  Colour ink;
  const char* word;  // for those who don't see the icon
};

StepSign sign_of(ActivationStep::State state) {
  switch (state) {
    case ActivationStep::State::running:
      return {"arrow-repeat", Colour::text2, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "running")};
    case ActivationStep::State::done:
      return {"check-circle-fill", Colour::ok, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "done")};
    case ActivationStep::State::warn:
      return {"exclamation-triangle-fill", Colour::warn, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "look at it")};
    case ActivationStep::State::wrong:
      return {"x-octagon-fill", Colour::danger, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "wrong")};
    case ActivationStep::State::not_needed:
      return {"dash-circle", Colour::text2, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "not needed")};
    case ActivationStep::State::open:
      break;
  }
  return {"circle", Colour::text2, QT_TRANSLATE_NOOP("tijori::ActivationPanel", "to do")};
}

void set_act(Button* button, const ActivationAct& act) {
  button->setVisible(act.is_shown);
  button->set_refusal(act.refusal);
}

}  // namespace

ActivationPanel::ActivationPanel(QWidget* parent)
    : Panel(tr("To activate"), {}, parent),
      next_(new TextLabel(Type::label, Colour::text)),
      failures_(new PackFailures(this)),
      failed_(new DataTable(DataTable::Rows::two_lines, tr("Cases that fail"))),
      save_(new Button(tr("Ask for approval"), ButtonKind::primary, QStringLiteral("send"))),
      approve_(new Button(tr("Approve…"), ButtonKind::primary, QStringLiteral("check-lg"))),
      activate_(new Button(tr("Activate"), ButtonKind::primary)),
      roll_back_(new Button(tr("Roll back…"), ButtonKind::standard, QStringLiteral("arrow-counterclockwise"))) {
  auto* rows = new QVBoxLayout;
  rows->setContentsMargins(16, 10, 16, 12);
  rows->setSpacing(5);
  rows_ = {add_row(rows, tr("Lint"), "guardrails.lint_step"), add_row(rows, tr("Bench"), "guardrails.bench_step"),
           add_row(rows, tr("Regression pack"), "guardrails.pack_step"),
           add_row(rows, tr("Second person"), "guardrails.person_step")};
  failed_->setObjectName(QStringLiteral("guardrails.failures"));
  failed_->setModel(failures_);
  failed_->horizontalHeader()->hide();
  failed_->set_columns({0});
  failed_->hide();
  rows->addWidget(failed_);
  next_->setObjectName(QStringLiteral("guardrails.next"));
  rows->addSpacing(3);
  rows->addWidget(next_);
  rows->addSpacing(3);
  save_->setObjectName(QStringLiteral("guardrails.save"));
  approve_->setObjectName(QStringLiteral("guardrails.approve"));
  activate_->setObjectName(QStringLiteral("guardrails.activate"));
  roll_back_->setObjectName(QStringLiteral("guardrails.roll_back"));
  auto* first = new QHBoxLayout;
  first->setSpacing(8);
  first->addWidget(save_, 1);
  first->addWidget(approve_, 1);
  first->addWidget(activate_, 1);
  rows->addLayout(first);
  rows->addWidget(roll_back_);
  body()->addLayout(rows);
}

ActivationPanel::Row ActivationPanel::add_row(QVBoxLayout* rows, const QString& name, const char* object) {
  Row row{new QLabel, new TextLabel(Type::label, Colour::text2)};
  row.picture->setFixedSize(metric::icon, metric::icon);
  row.note->setObjectName(QLatin1String(object));
  row.note->set_elide(Qt::ElideRight);
  row.note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(row.picture);
  line->addWidget(new TextLabel(name, Type::body));
  line->addWidget(row.note, 1);
  rows->addLayout(line);
  return row;
}

void ActivationPanel::show_activation(const Activation& activation, const ActivationFacts& facts) {
  for (size_t i = 0; i < rows_.size(); ++i) {
    const ActivationStep& step = activation.steps.at(i);
    const StepSign sign = sign_of(step.state);
    rows_.at(i).picture->setPixmap(icon_pixmap(QLatin1String(sign.icon), sign.ink, *this));
    rows_.at(i).picture->setAccessibleName(tr(sign.word));
    rows_.at(i).note->setText(step.note);
  }
  next_->set_paragraph(activation.next);
  save_->setText(facts.approvals > 1 ? tr("Ask for approval") : tr("Save draft"));
  save_->setToolTip(facts.approvals > 1 ? tr("Saves the draft; another guardrail editor finds it here and approves it.")
                                        : tr("Saves the draft; nothing is in force by that."));
  set_act(save_, activation.save);
  set_act(approve_, activation.approve);
  set_act(activate_, activation.activate);
  set_act(roll_back_, activation.roll_back);
  if (facts.previous) roll_back_->setText(tr("Roll back to %1…").arg(facts.previous->version));
}

void ActivationPanel::show_failures(const std::vector<CheckFailure>& failures) {
  failures_->set(failures);
  const int rows = std::min(failures_->rowCount(), most_failures_high);
  failed_->setVisible(rows > 0);
  failed_->setFixedHeight(rows * (static_cast<int>(DataTable::Rows::two_lines) + Theme::instance().script_growth()) +
                          2);
}

}  // namespace tijori
