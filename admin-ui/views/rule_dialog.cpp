#include "admin-ui/views/rule_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

constexpr int lint_after_ms = 300;
constexpr int wide_px = 620;
constexpr int words_px = 92;
constexpr int frame_px = 210;  // title, verdict and buttons around the fields
constexpr qsizetype most_words_edited = 2'000;

QVBoxLayout* field(const QString& name, QWidget* control, const char* object) {
  auto* column = new QVBoxLayout;
  column->setSpacing(2);
  column->addWidget(new TextLabel(name, Type::label, Colour::text2));
  column->addWidget(control);
  control->setAccessibleName(name);
  control->setObjectName(QLatin1String(object));
  return column;
}

}  // namespace

RuleDialog::RuleDialog(PolicyDesk& desk, const PolicyDraft& draft, int row, QWidget* parent)
    : QDialog(parent),
      desk_(desk),
      draft_(draft),
      row_(row),
      kind_(new Segment({tr("Words"), tr("Pattern"), tr("Built in")}, tr("Looks for"))),
      words_name_(new TextLabel(Type::label, Colour::text2)),
      words_(new QPlainTextEdit),
      whole_words_(new QCheckBox(tr("Not inside a longer word"))),
      builtin_row_(new QWidget),
      builtin_(new QComboBox),
      score_(new QDoubleSpinBox),
      id_(new QLineEdit),
      label_(new QLineEdit),
      description_(new QLineEdit),
      action_(new QComboBox),
      fail_open_(new QCheckBox(tr("Let text pass when it can't be judged"))),
      reason_(new QLineEdit),
      picture_(new QLabel),
      verdict_(new TextLabel(Type::label, Colour::text2)),
      accept_(new Button(row < 0 ? tr("Add rule") : tr("Change rule"), ButtonKind::primary)) {
  const QString title = row < 0 ? tr("Add a rule") : tr("Rule %1").arg(draft.id(row));
  setWindowTitle(title);
  setObjectName(QStringLiteral("guardrails.rule_dialog"));
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(24, 20, 24, 20);
  outer->setSpacing(12);
  outer->addWidget(new TextLabel(title, Type::dialog_title));
  auto* fields = new QWidget;
  auto* column = new QVBoxLayout(fields);
  column->setContentsMargins(0, 0, 4, 0);
  column->setSpacing(10);
  make_fields(column);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(fields);
  outer->addWidget(scroll, 1);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  line->addWidget(picture_, 0, Qt::AlignTop);
  verdict_->setObjectName(QStringLiteral("guardrails.rule_verdict"));
  verdict_->setAlignment(Qt::AlignTop);
  verdict_->setMinimumHeight(2 * Theme::instance().line_height(Type::label));
  line->addWidget(verdict_, 1);
  outer->addLayout(line);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addStretch();
  auto* leave = new Button(tr("Cancel"));
  foot->addWidget(leave);
  accept_->setObjectName(QStringLiteral("guardrails.rule_accept"));
  accept_->setDefault(true);
  accept_->setToolTip(tr("Ctrl+Enter"));
  foot->addWidget(accept_);
  outer->addLayout(foot);
  const QSize room = parent == nullptr ? QSize(wide_px, 800) : parent->window()->size() - QSize(32, 32);
  resize(std::min(wide_px, room.width()), std::min(fields->sizeHint().height() + frame_px, room.height()));
  connect(leave, &Button::clicked, this, &QDialog::reject);
  connect(accept_, &Button::clicked, this, &QDialog::accept);
  auto* done = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Return")), this);
  connect(done, &QShortcut::activated, accept_, &Button::click);
  lint_timer_.setSingleShot(true);
  lint_timer_.setInterval(lint_after_ms);
  connect(&lint_timer_, &QTimer::timeout, this, &RuleDialog::lint);
  before_ = row_ < 0 ? RuleForm{} : form_of(draft_.rule(row_));
  if (row_ < 0) {
    before_.id = free_rule_id(draft_.ids());
    before_.label = QStringLiteral("TERM");
  }
  fill(before_);
  changed();
  (before_.kind == RuleForm::Kind::builtin ? static_cast<QWidget*>(builtin_) : words_)->setFocus();
}

void RuleDialog::make_fields(QVBoxLayout* column) {
  kind_->setObjectName(QStringLiteral("guardrails.rule_kind"));
  column->addWidget(kind_);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(words_name_);
  words->addWidget(words_);
  words->addWidget(whole_words_);
  words_->setObjectName(QStringLiteral("guardrails.rule_words"));
  words_->setTabChangesFocus(true);
  words_->setFixedHeight(words_px);
  whole_words_->setObjectName(QStringLiteral("guardrails.rule_whole"));
  column->addLayout(words);
  auto* builtin = new QHBoxLayout(builtin_row_);
  builtin->setContentsMargins(0, 0, 0, 0);
  builtin->setSpacing(12);
  builtin_->addItems(builtin_labels());
  score_->setRange(0, 1);
  score_->setDecimals(2);
  score_->setSingleStep(0.05);
  builtin->addLayout(field(tr("Detector"), builtin_, "guardrails.rule_builtin"), 2);
  builtin->addLayout(field(tr("Score from"), score_, "guardrails.rule_score"), 1);
  column->addWidget(builtin_row_);
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(10);
  grid->addLayout(field(tr("Id"), id_, "guardrails.rule_id"), 0, 0);
  grid->addLayout(field(tr("Label, as masks and records show it"), label_, "guardrails.rule_label"), 0, 1);
  for (const RuleChoice& choice : rule_actions()) action_->addItem(choice.text, choice.code);
  grid->addLayout(field(tr("Action"), action_, "guardrails.rule_action"), 1, 0);
  grid->addLayout(field(tr("Description"), description_, "guardrails.rule_description"), 1, 1);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  column->addLayout(grid);
  column->addWidget(new TextLabel(tr("Stages"), Type::label, Colour::text2));
  auto* stages = new QGridLayout;
  stages->setHorizontalSpacing(12);
  for (const RuleChoice& stage : rule_stages()) {
    auto* box = new QCheckBox(stage.text);
    box->setObjectName(QStringLiteral("guardrails.rule_stage.") + stage.code);
    box->setProperty("code", stage.code);
    stages->addWidget(box, static_cast<int>(stages_.size()) / 2, static_cast<int>(stages_.size()) % 2);
    stages_ << box;
    connect(box, &QCheckBox::toggled, this, &RuleDialog::changed);
  }
  column->addLayout(stages);
  fail_open_->setObjectName(QStringLiteral("guardrails.rule_open"));
  column->addWidget(fail_open_);
  column->addLayout(field(tr("Reason, which the approver sees"), reason_, "guardrails.rule_reason"));
  column->addStretch();
  connect(kind_, &Segment::chosen_changed, this, [this] {
    follow_kind();
    changed();
  });
  connect(words_, &QPlainTextEdit::textChanged, this, &RuleDialog::changed);
  for (QLineEdit* const edit : {id_, label_, description_, reason_})
    connect(edit, &QLineEdit::textChanged, this, &RuleDialog::changed);
  for (QComboBox* const box : {builtin_, action_})
    connect(box, &QComboBox::currentIndexChanged, this, &RuleDialog::changed);
  connect(score_, &QDoubleSpinBox::valueChanged, this, &RuleDialog::changed);
  for (QCheckBox* const box : {whole_words_, fail_open_}) connect(box, &QCheckBox::toggled, this, &RuleDialog::changed);
}

void RuleDialog::fill(const RuleForm& form) {
  filling_ = true;
  kind_->choose(static_cast<int>(form.kind));
  if (form.words.size() <= most_words_edited) {
    words_->setPlainText(form.words.join(QLatin1Char('\n')));
  } else {
    words_->setPlaceholderText(
        tr("%n word(s): edit them in the document", nullptr, static_cast<int>(form.words.size())));
    words_->setReadOnly(true);
  }
  whole_words_->setChecked(form.whole_words);
  builtin_->setCurrentIndex(std::max(0, builtin_->findText(form.label)));
  score_->setValue(form.min_score);
  id_->setText(form.id);
  label_->setText(form.label);
  description_->setText(form.description);
  action_->setCurrentIndex(std::max(0, action_->findData(form.action)));
  for (QCheckBox* const stage : stages_) stage->setChecked(form.stages.contains(stage->property("code").toString()));
  fail_open_->setChecked(!form.fail_reason.isEmpty());
  reason_->setText(form.fail_reason);
  filling_ = false;
  follow_kind();
}

void RuleDialog::follow_kind() {
  const bool builtin = kind_->chosen() == static_cast<int>(RuleForm::Kind::builtin);
  const bool words = kind_->chosen() == static_cast<int>(RuleForm::Kind::words);
  words_name_->setText(words ? tr("Words or phrases, one on a line") : tr("Patterns, one on a line"));
  words_->setAccessibleName(words_name_->text());
  words_->setFont(type(words ? Type::body : Type::mono));
  words_name_->setVisible(!builtin);
  words_->setVisible(!builtin);
  whole_words_->setVisible(words);
  builtin_row_->setVisible(builtin);
  label_->setEnabled(!builtin);
}

RuleForm RuleDialog::form() const {
  RuleForm form = before_;
  form.kind = static_cast<RuleForm::Kind>(kind_->chosen());
  form.id = id_->text().trimmed();
  form.description = description_->text().trimmed();
  form.action = action_->currentData().toString();
  form.whole_words = whole_words_->isChecked();
  if (!words_->isReadOnly()) {
    form.words.clear();
    for (const QString& line : words_->toPlainText().split(QLatin1Char('\n'))) {
      const QString word = form.kind == RuleForm::Kind::words ? line.trimmed() : line;
      if (!word.trimmed().isEmpty()) form.words << word;
    }
  }
  if (form.kind == RuleForm::Kind::builtin) {
    form.label = builtin_->currentText();
    form.min_score = score_->value();
  } else {
    form.label = label_->text().trimmed();
  }
  form.stages.clear();
  for (const QCheckBox* const stage : stages_)
    if (stage->isChecked()) form.stages << stage->property("code").toString();
  form.fail_reason = fail_open_->isChecked() ? reason_->text().trimmed() : QString();
  return form;
}

void RuleDialog::say(Colour ink, const QString& icon, const QString& text) {
  picture_->setPixmap(icon_pixmap(icon, ink, *this));
  verdict_->set_paragraph(text.left(400));
}

void RuleDialog::changed() {
  if (filling_) return;
  ++asked_;
  reason_->setEnabled(fail_open_->isChecked());
  QStringList others = draft_.ids();
  if (row_ >= 0) others.removeOne(before_.id);
  QString problem = form_problem(form(), others);
  if (problem.isEmpty() && fail_open_->isChecked() && reason_->text().trimmed().isEmpty())
    problem = tr("Write why text may pass unjudged: the approver sees it.");
  accept_->set_refusal(problem);
  if (!problem.isEmpty()) {
    lint_timer_.stop();
    return say(Colour::text2, QStringLiteral("info-circle-fill"), problem);
  }
  lint_timer_.start();
}

void RuleDialog::lint() {
  if (!desk_.may_lint()) return;
  const int number = asked_;
  desk_.lint(draft_.with_rule(row_, form()), this, [this, number](const Answer<LintReply>& answer) {
    if (number != asked_) return;
    if (!answer) return say(Colour::danger, QStringLiteral("x-octagon-fill"), sentence_of(answer.error()));
    show_findings(*answer);
  });
}

// The worst of what lint says about this rule; what it says of others was there before.
void RuleDialog::show_findings(const LintReply& reply) {
  const QString id = form().id;
  const auto found = std::ranges::find_if(reply.findings, [&](const PolicyFinding& finding) {
    const QString rule = draft_.rule_of(finding, row_ < 0 ? id : QString());
    return rule == id || (row_ >= 0 && rule == before_.id);
  });
  if (found == reply.findings.end())
    return say(Colour::ok, QStringLiteral("check-circle-fill"), tr("Lint has nothing to say about this rule."));
  const QString message = QString::fromStdString(found->message);
  switch (found->severity) {
    case FindingSeverity::error:
      accept_->set_refusal(tr("Lint finds an error in it."));
      return say(Colour::danger, QStringLiteral("x-octagon-fill"), message);
    case FindingSeverity::warning:
      return say(Colour::warn, QStringLiteral("exclamation-triangle-fill"), message);
    case FindingSeverity::note:
      return say(Colour::accent, QStringLiteral("info-circle-fill"), message);
  }
}

}  // namespace tijori
