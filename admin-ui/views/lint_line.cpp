#include "admin-ui/views/lint_line.h"

#include <QHBoxLayout>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr qsizetype max_message_characters = 500;

}  // namespace

LintLine::LintLine(QWidget* parent)
    : QWidget(parent),
      picture_(new QLabel),
      rule_(new TextLabel(Type::mono)),
      text_(new TextLabel(Type::label, Colour::text2)),
      place_(new TextLabel(Type::label, Colour::text3)),
      next_(new Button({}, ButtonKind::quiet, QStringLiteral("chevron-down"), ButtonSize::compact)),
      go_(new Button(tr("Go to rule"), ButtonKind::link, {}, ButtonSize::compact)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 4, 12, 4);
  row->setSpacing(8);
  rule_->setObjectName(QStringLiteral("guardrails.lint_rule"));
  text_->setObjectName(QStringLiteral("guardrails.lint"));
  text_->set_elide(Qt::ElideRight);
  next_->setObjectName(QStringLiteral("guardrails.lint_next"));
  next_->setAccessibleName(tr("Next finding"));
  next_->setToolTip(tr("Next finding"));
  go_->setObjectName(QStringLiteral("guardrails.lint_go"));
  row->addWidget(picture_);
  row->addWidget(rule_);
  row->addWidget(text_, 1);
  row->addWidget(place_);
  row->addWidget(next_);
  row->addWidget(go_);
  setFixedHeight(38 + Theme::instance().script_growth());
  connect(next_, &Button::clicked, this, [this] {
    if (findings_.empty()) return;
    current_ = (current_ + 1) % findings_.size();
    show_finding();
  });
  connect(go_, &Button::clicked, this, [this] {
    if (current_ < findings_.size()) emit go(findings_[current_]);
  });
  set_findings({});
}

void LintLine::show_text(const QString& icon, Colour ink, const QString& text) {
  picture_->setPixmap(icon_pixmap(icon, ink, *this));
  text_->setText(text);
}

void LintLine::set_findings(const std::vector<PolicyFinding>& findings) {
  findings_ = findings;
  current_ = 0;
  show_finding();
}

void LintLine::set_fault(const QString& sentence, int64_t line, int64_t column) {
  findings_.clear();
  current_ = 0;
  if (line > 0) {
    PolicyFinding fault;
    fault.severity = FindingSeverity::error;
    fault.message = sentence.toStdString();
    fault.line = line;
    fault.column = column;
    findings_.push_back(std::move(fault));
    return show_finding();
  }
  rule_->hide();
  next_->hide();
  go_->hide();
  place_->hide();
  show_text(QStringLiteral("x-octagon-fill"), Colour::danger, sentence);
}

void LintLine::show_finding() {
  const bool any = current_ < findings_.size();
  rule_->setVisible(any && !findings_[current_].rule.empty());
  next_->setVisible(findings_.size() > 1);
  place_->setVisible(findings_.size() > 1);
  if (!any) {
    go_->hide();
    return show_text(QStringLiteral("check-circle"), Colour::ok, tr("Lint has nothing to say."));
  }
  const PolicyFinding& finding = findings_[current_];
  const bool in_rule = !finding.rule.empty();
  go_->setVisible(in_rule || finding.line > 0);
  go_->setText(in_rule ? tr("Go to rule") : tr("Go to line %1").arg(finding.line));
  rule_->setText(QString::fromStdString(finding.rule).left(48));
  place_->setText(
      tr("%1 of %2")
          .arg(count_text(static_cast<int64_t>(current_) + 1), count_text(static_cast<int64_t>(findings_.size()))));
  const QString message = QString::fromStdString(finding.message).left(max_message_characters);
  switch (finding.severity) {
    case FindingSeverity::error:
      return show_text(QStringLiteral("x-octagon-fill"), Colour::danger, message);
    case FindingSeverity::warning:
      return show_text(QStringLiteral("exclamation-triangle-fill"), Colour::warn, message);
    case FindingSeverity::note:
      return show_text(QStringLiteral("info-circle-fill"), Colour::accent, message);
  }
}

}  // namespace tijori
