#include "admin-ui/views/load_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/models/fit.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

constexpr int ask_after_ms = 200;
constexpr int dialog_width_px = 620;
constexpr int most_context_tokens = 16'777'216;
constexpr int most_sequences = 1'024;

void mark_wrong(QWidget* field, bool wrong) {
  if (field->property("wrong").toBool() == wrong) return;
  field->setProperty("wrong", wrong);
  field->style()->unpolish(field);
  field->style()->polish(field);
}

}  // namespace

LoadDialog::LoadDialog(ModelDesk& desk, const ModelTable& models, const std::string& alias, QWidget* parent)
    : QDialog(parent),
      desk_(desk),
      models_(models),
      model_(new QComboBox),
      context_(new QSpinBox),
      sequences_(new QSpinBox),
      kv_(new QComboBox),
      trained_(new TextLabel(Type::label, Colour::text2)),
      need_(new TextLabel(Type::body_strong)),
      bar_(new StackedBar(StackedBar::Legend::none)),
      parts_(new TextLabel(Type::label, Colour::text2)),
      verdict_(new TextLabel(Type::body)),
      nearest_(new Button(tr("Use the nearest that fits"))),
      load_(new Button(tr("Load"), ButtonKind::primary, QStringLiteral("play"))) {
  setWindowTitle(tr("Load a model"));
  setObjectName(QStringLiteral("models.load-dialog"));
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  setMinimumWidth(std::min(dialog_width_px, parent == nullptr ? dialog_width_px : parent->width()));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(12);
  column->addWidget(new TextLabel(tr("Load a model"), Type::dialog_title));
  column->addWidget(make_fields());
  auto* head = new QHBoxLayout;
  head->addWidget(new TextLabel(tr("Fit before load"), Type::body_strong));
  head->addStretch();
  need_->setObjectName(QStringLiteral("models.need"));
  head->addWidget(need_);
  column->addLayout(head);
  bar_->setObjectName(QStringLiteral("models.fit"));
  column->addWidget(bar_);
  parts_->set_elide(Qt::ElideRight);
  column->addWidget(parts_);
  verdict_->setObjectName(QStringLiteral("models.verdict"));
  verdict_->setMinimumHeight(2 * Theme::instance().line_height(Type::body));
  column->addWidget(verdict_);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  auto* copy = new Button(tr("Copy as command"), ButtonKind::link, QStringLiteral("terminal"));
  foot->addWidget(copy);
  foot->addStretch();
  nearest_->setObjectName(QStringLiteral("models.nearest"));
  nearest_->hide();
  foot->addWidget(nearest_);
  auto* leave = new Button(tr("Cancel"));
  foot->addWidget(leave);
  load_->setObjectName(QStringLiteral("models.load-now"));
  load_->setDefault(true);
  foot->addWidget(load_);
  column->addLayout(foot);

  ask_timer_.setSingleShot(true);
  ask_timer_.setInterval(ask_after_ms);
  connect(&ask_timer_, &QTimer::timeout, this, &LoadDialog::ask);
  connect(model_, &QComboBox::currentTextChanged, this, [this] { begin(this->alias()); });
  const auto changed = [this] {
    if (filling_) return;
    configured_ = false;
    ask_soon();
  };
  connect(context_, &QSpinBox::valueChanged, this, changed);
  connect(sequences_, &QSpinBox::valueChanged, this, changed);
  connect(kv_, &QComboBox::currentTextChanged, this, changed);
  connect(nearest_, &Button::clicked, this, [this] {
    if (!plan_ || !plan_->fitting) return;
    configured_ = false;
    show_choice(*plan_->fitting);
    context_->setFocus();
    ask();
  });
  connect(copy, &Button::clicked, this, [this] {
    const QString command = load_command(QStringLiteral("load"), model_->currentText(), choice());
    QApplication::clipboard()->setText(command);
    emit copied(command);
  });
  connect(leave, &Button::clicked, this, &QDialog::reject);
  connect(load_, &Button::clicked, this, [this] {
    emit load_chosen(this->alias(), choice());
    accept();
  });

  filling_ = true;
  for (int row = 0; row < models_.rowCount(); ++row)
    if (const ModelAct act = models_.act(row); act == ModelAct::load || act == ModelAct::plan)
      model_->addItem(QString::fromStdString(models_.model(row).alias));
  model_->setCurrentText(QString::fromStdString(alias));
  filling_ = false;
  begin(this->alias());
  context_->setFocus();
}

QWidget* LoadDialog::make_fields() {
  auto* fields = new QWidget;
  auto* grid = new QGridLayout(fields);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  const auto add = [&](int column, const QString& name, QWidget* field, const char* object) {
    auto* label = new TextLabel(name, Type::label, Colour::text2);
    label->setBuddy(field);
    grid->addWidget(label, 2, column);
    grid->addWidget(field, 3, column);
    field->setAccessibleName(name);
    field->setObjectName(QLatin1String(object));
  };
  auto* label = new TextLabel(tr("Model"), Type::label, Colour::text2);
  grid->addWidget(label, 0, 0, 1, 3);
  grid->addWidget(model_, 1, 0, 1, 3);
  model_->setAccessibleName(tr("Model"));
  model_->setObjectName(QStringLiteral("models.load-model"));
  context_->setRange(0, most_context_tokens);
  context_->setSingleStep(1024);
  context_->setGroupSeparatorShown(true);
  context_->setSpecialValueText(tr("as configured"));
  sequences_->setRange(0, most_sequences);
  sequences_->setSpecialValueText(tr("as configured"));
  kv_->addItems({tr("as configured"), QStringLiteral("f32"), QStringLiteral("f16"), QStringLiteral("q8")});
  add(0, tr("Context of one sequence, tokens"), context_, "models.context");
  add(1, tr("Sequences at once"), sequences_, "models.sequences");
  add(2, tr("KV type"), kv_, "models.kv");
  grid->addWidget(trained_, 4, 0, 1, 3);
  grid->setColumnStretch(0, 3);
  grid->setColumnStretch(1, 2);
  grid->setColumnStretch(2, 2);
  return fields;
}

void LoadDialog::set_choice(const ModelChoice& choice) {
  configured_ = false;
  show_choice(choice);
  ask();
}

// With the configured choice, whatever it is: its numbers come with the plan.
void LoadDialog::begin(const std::string& /*alias*/) {
  if (filling_) return;
  configured_ = true;
  plan_.reset();
  show_choice({});
  say_trained();
  ask();
}

ModelChoice LoadDialog::choice() const {
  ModelChoice made{context_->value(), sequences_->value(), {}};
  if (kv_->currentIndex() > 0) made.kv_type = kv_->currentText().toStdString();
  return made;
}

void LoadDialog::show_choice(const ModelChoice& choice) {
  filling_ = true;
  context_->setValue(static_cast<int>(std::clamp<int64_t>(choice.context_tokens, 0, most_context_tokens)));
  sequences_->setValue(static_cast<int>(std::clamp<int64_t>(choice.max_sequences, 0, most_sequences)));
  kv_->setCurrentIndex(std::max(0, kv_->findText(QString::fromStdString(choice.kv_type))));
  filling_ = false;
}

void LoadDialog::say_trained() {
  const ModelFile* const file = models_.details(alias());
  const int64_t trained = file == nullptr ? 0 : file->details.trained_context_tokens;
  context_->setMaximum(trained > 0 ? static_cast<int>(std::min<int64_t>(trained, most_context_tokens))
                                   : most_context_tokens);
  trained_->setText(file == nullptr || file->details.trained_context_tokens == 0
                        ? QString()
                        : tr("Trained on %1 tokens of context").arg(count_text(file->details.trained_context_tokens)));
}

void LoadDialog::ask_soon() {
  load_->set_refusal(tr("The appliance is asked whether it fits."));
  ask_timer_.start();
}

// One question under way at most; what was changed meanwhile is asked after it.
void LoadDialog::ask() {
  ask_timer_.stop();
  if (asked_) {
    again_ = true;
    return;
  }
  if (!desk_.may_plan() || alias().empty()) return;
  asked_ = true;
  load_->set_refusal(tr("The appliance is asked whether it fits."));
  desk_.plan(alias(), configured_ ? ModelChoice{} : choice(), this,
             [this, of = alias()](const Answer<ModelPlan>& answer) {
               asked_ = false;
               if (std::exchange(again_, false) || of != alias()) return ask();
               take(answer);
             });
}

void LoadDialog::take(const Answer<ModelPlan>& answer) {
  if (ask_timer_.isActive()) return;  // changed again: the next answer counts
  if (!answer) {
    plan_.reset();
    need_->setText({});
    bar_->set({}, 1, {}, {}, {});
    parts_->setText({});
    verdict_->set_role(Colour::danger);
    verdict_->set_paragraph(sentence_of(answer.error()));
    nearest_->hide();
    load_->set_refusal(tr("The appliance gave no plan for this choice."));
    return;
  }
  plan_ = *answer;
  if (configured_) show_choice({plan_->context_tokens, plan_->max_sequences, plan_->kv_type});
  const Fit fit = to_fit(*plan_);
  using Bar = StackedBar;
  bar_->set({{static_cast<double>(fit.parts.at(0).bytes), Bar::Fill::solid, {}},
             {static_cast<double>(fit.parts.at(1).bytes), Bar::Fill::hatched, {}},
             {static_cast<double>(fit.parts.at(2).bytes), Bar::Fill::grey, {}}},
            fit.scale_bytes, fit.free_bytes == 0 ? std::nullopt : std::optional(static_cast<double>(fit.free_bytes)),
            {}, need_text(fit) + QStringLiteral("; ") + parts_text(fit));
  need_->setText(need_text(fit));
  need_->set_role(fit.fits ? Colour::text : Colour::danger);
  parts_->setText(fit.free_bytes == 0 ? parts_text(fit) : tr("%1; red line: free").arg(parts_text(fit)));
  mark_wrong(context_, !fit.fits);
  mark_wrong(sequences_, !fit.fits);
  verdict_->set_role(fit.fits ? Colour::text : Colour::danger);
  verdict_->set_paragraph(
      fit.fits ? tr("It fits. %1 stays free.").arg(memory_text(std::max<int64_t>(0, fit.free_bytes - fit.needed_bytes)))
               : tr("It doesn't fit. %1").arg(nearest_text(*plan_)));
  if (fit.fits && fit.free_bytes == 0) verdict_->set_paragraph(tr("It fits, as far as can be known."));
  nearest_->setVisible(!fit.fits && plan_->fitting.has_value());
  load_->set_refusal(fit.fits ? QString() : tr("It doesn't fit."));
}

}  // namespace tijori
