#include "admin-ui/views/reason_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {
namespace {

constexpr int wide_px = 480;

}  // namespace

ReasonDialog::ReasonDialog(const QString& rule, QWidget* parent) : QDialog(parent), reason_(new QLineEdit) {
  setWindowTitle(tr("Fail open"));
  setObjectName(QStringLiteral("guardrails.reason_dialog"));
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  setMinimumWidth(std::min(wide_px, parent == nullptr ? wide_px : parent->window()->width() - 32));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(10);
  column->addWidget(new TextLabel(tr("Let text pass that %1 can't judge?").arg(rule), Type::dialog_title));
  auto* what = new TextLabel(Type::body, Colour::text2);
  what->set_paragraph(tr("Each time is recorded, and it shows in the appliance's health."));
  column->addWidget(what);
  column->addWidget(new TextLabel(tr("Reason, which the approver sees"), Type::label, Colour::text2));
  reason_->setObjectName(QStringLiteral("guardrails.reason"));
  reason_->setAccessibleName(tr("Reason, which the approver sees"));
  column->addWidget(reason_);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addStretch();
  auto* leave = new Button(tr("Keep it closed"));
  leave->setAutoDefault(false);
  foot->addWidget(leave);
  auto* open = new Button(tr("Fail open"), ButtonKind::danger);
  open->setObjectName(QStringLiteral("guardrails.reason_accept"));
  open->setDefault(true);
  foot->addWidget(open);
  column->addLayout(foot);
  const auto follow = [this, open] { open->set_refusal(reason().isEmpty() ? tr("Write a reason first.") : QString()); };
  connect(reason_, &QLineEdit::textChanged, this, follow);
  connect(leave, &Button::clicked, this, &QDialog::reject);
  connect(open, &Button::clicked, this, &QDialog::accept);
  follow();
  reason_->setFocus();
}

}  // namespace tijori
