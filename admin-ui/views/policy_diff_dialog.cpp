#include "admin-ui/views/policy_diff_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int wide_px = 880;
constexpr int high_px = 600;

}  // namespace

PolicyDiffDialog::PolicyDiffDialog(const QString& title, const QStringList& lines, const Act& act, QWidget* parent)
    : QDialog(parent), view_(new PolicyDiffView) {
  setWindowTitle(title);
  setObjectName(QStringLiteral("guardrails.diff"));
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  const QSize room = parent == nullptr ? QSize(wide_px, high_px) : parent->window()->size() - QSize(32, 32);
  resize(std::min(wide_px, room.width()), std::min(high_px, room.height()));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(10);
  column->addWidget(new TextLabel(title, Type::dialog_title));
  for (const QString& line : lines) {
    auto* text = new TextLabel(Type::body, Colour::text2);
    text->set_paragraph(line);
    column->addWidget(text);
  }
  view_->clear({});
  column->addWidget(view_, 1);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addStretch();
  auto* leave = new Button(act.text.isEmpty() ? tr("Close") : act.leave,
                           act.text.isEmpty() ? ButtonKind::primary : ButtonKind::standard);
  leave->setObjectName(QStringLiteral("guardrails.diff_leave"));
  leave->setDefault(true);
  connect(leave, &Button::clicked, this, &QDialog::reject);
  foot->addWidget(leave);
  if (!act.text.isEmpty()) {
    confirm_ = new Button(act.text, act.kind);
    confirm_->setObjectName(QStringLiteral("guardrails.diff_confirm"));
    confirm_->setAutoDefault(false);
    confirm_->set_refusal(tr("The difference is still being read."));
    connect(confirm_, &Button::clicked, this, &QDialog::accept);
    foot->addWidget(confirm_);
  }
  column->addLayout(foot);
  leave->setFocus();
}

void PolicyDiffDialog::show_documents(const QString& old_document, const QString& new_document) {
  view_->show_difference(old_document, new_document);
  if (confirm_ != nullptr) confirm_->set_refusal({});
}

void PolicyDiffDialog::show_failure(const QString& sentence) {
  view_->clear(sentence);
}

}  // namespace tijori
