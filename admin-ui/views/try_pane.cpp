#include "admin-ui/views/try_pane.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int default_max_tokens = 400;
constexpr int most_tokens = 1'000'000;
constexpr double default_temperature = 0.2;
constexpr qsizetype most_question_characters = 200'000;
constexpr int question_lines = 2;
constexpr int asked_lines = 3;

}  // namespace

TryPane::TryPane(Session& session, QWidget* parent)
    : Panel(tr("Try it"), {}, parent),
      session_(session),
      stream_(new ChatStream(session, this)),
      model_(new QComboBox),
      sampler_text_(new TextLabel(Type::label, Colour::text2)),
      temperature_(new QDoubleSpinBox),
      top_p_(new QDoubleSpinBox),
      max_tokens_(new QSpinBox),
      asked_(new TextLabel(Type::body)),
      answer_(new AnswerView),
      verdict_(new TextLabel(Type::label, Colour::danger)),
      figures_(new TextLabel(Type::label, Colour::text2)),
      question_(new QPlainTextEdit),
      ask_button_(new Button(tr("Ask"), ButtonKind::primary, QStringLiteral("send"))),
      stop_button_(new Button(tr("Stop"), ButtonKind::danger, QStringLiteral("stop-circle"))),
      record_(new Button({}, ButtonKind::link, QStringLiteral("journal-check"), ButtonSize::compact)),
      copy_(new Button(tr("Copy as command"), ButtonKind::link, {}, ButtonSize::compact)) {
  auto* sliders = new Button({}, ButtonKind::quiet, QStringLiteral("sliders"), ButtonSize::compact);
  sliders->setObjectName(QStringLiteral("try.sliders"));
  sliders->setAccessibleName(tr("Sampler"));
  sliders->setToolTip(tr("Temperature, top-p, longest answer"));
  add_to_head(sliders);

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(16, 12, 16, 10);
  column->setSpacing(8);
  auto* top = new QHBoxLayout;
  top->setSpacing(10);
  model_->setAccessibleName(tr("Model"));
  model_->setObjectName(QStringLiteral("try.model"));
  model_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  model_->setMinimumWidth(120);
  model_->setMaximumWidth(190);
  top->addWidget(model_);
  sampler_text_->set_elide(Qt::ElideRight);
  sampler_text_->setObjectName(QStringLiteral("try.sampler"));
  top->addWidget(sampler_text_, 1);
  column->addLayout(top);
  sampler_ = make_sampler();
  sampler_->hide();
  column->addWidget(sampler_);
  asked_->setContentsMargins(12, 8, 12, 8);
  asked_->setProperty("fill", "sunken");
  asked_->setAttribute(Qt::WA_StyledBackground);
  asked_->setMaximumHeight(asked_lines * Theme::instance().line_height(Type::body) + 16);
  asked_->hide();
  column->addWidget(asked_);
  answer_->setObjectName(QStringLiteral("try.answer"));
  answer_->setAccessibleName(tr("Answer"));
  column->addWidget(answer_, 1);
  verdict_->setObjectName(QStringLiteral("try.verdict"));
  verdict_->hide();
  column->addWidget(verdict_);
  figures_->setObjectName(QStringLiteral("try.figures"));
  figures_->set_elide(Qt::ElideRight);
  column->addWidget(figures_);
  column->addWidget(make_foot());
  states_ = new StateView(content);
  states_->setObjectName(QStringLiteral("try.state"));
  body()->addWidget(states_, 1);

  connect(sliders, &Button::clicked, this, [this] {
    sampler_->setVisible(!sampler_->isVisible());
    if (sampler_->isVisible()) temperature_->setFocus();
  });
  for (QDoubleSpinBox* box : {temperature_, top_p_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &TryPane::say_sampler);
  connect(max_tokens_, &QSpinBox::valueChanged, this, &TryPane::say_sampler);
  connect(ask_button_, &Button::clicked, this, &TryPane::ask);
  connect(stop_button_, &Button::clicked, this, &TryPane::stop);
  connect(record_, &Button::clicked, this, [this] { emit record_asked(record_seq_); });
  connect(copy_, &Button::clicked, this, &TryPane::copy_command);
  connect(question_, &QPlainTextEdit::textChanged, this, [this] { set_running(stream_->running()); });
  connect(stream_, &ChatStream::recorded, this, &TryPane::say_recorded);
  connect(stream_, &ChatStream::text_came, this, &TryPane::take_text);
  connect(stream_, &ChatStream::ended, this, &TryPane::take_end);
  say_sampler();
  say_figures();
  set_running(false);
  say_recorded({});
}

QWidget* TryPane::make_sampler() {
  auto* fields = new QWidget;
  auto* grid = new QGridLayout(fields);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(2);
  const auto add = [&](int column, const QString& name, QWidget* field, const char* object) {
    grid->addWidget(new TextLabel(name, Type::label, Colour::text2), 0, column);
    grid->addWidget(field, 1, column);
    grid->setColumnStretch(column, 1);
    field->setAccessibleName(name);
    field->setObjectName(QLatin1String(object));
  };
  temperature_->setRange(0, 2);
  temperature_->setSingleStep(0.1);
  temperature_->setDecimals(2);
  temperature_->setValue(default_temperature);
  top_p_->setRange(0.01, 1);
  top_p_->setSingleStep(0.05);
  top_p_->setDecimals(2);
  top_p_->setValue(1);
  max_tokens_->setRange(1, most_tokens);
  max_tokens_->setValue(default_max_tokens);
  add(0, tr("Temperature"), temperature_, "try.temperature");
  add(1, tr("Top-p"), top_p_, "try.top-p");
  add(2, tr("Longest answer"), max_tokens_, "try.max-tokens");
  return fields;
}

QWidget* TryPane::make_foot() {
  auto* foot = new QWidget;
  auto* column = new QVBoxLayout(foot);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  question_->setObjectName(QStringLiteral("try.question"));
  question_->setAccessibleName(tr("Question"));
  question_->setPlaceholderText(tr("Ask. Ctrl+Enter sends"));
  question_->setTabChangesFocus(true);
  question_->setFixedHeight(question_lines * Theme::instance().line_height(Type::body) + 16);
  question_->installEventFilter(this);
  line->addWidget(question_, 1);
  ask_button_->setObjectName(QStringLiteral("try.ask"));
  stop_button_->setObjectName(QStringLiteral("try.stop"));
  stop_button_->setToolTip(tr("Stop  Esc"));
  line->addWidget(ask_button_, 0, Qt::AlignBottom);
  line->addWidget(stop_button_, 0, Qt::AlignBottom);
  column->addLayout(line);
  auto* last = new QHBoxLayout;
  last->setSpacing(4);
  record_->setObjectName(QStringLiteral("try.record"));
  last->addWidget(record_);
  last->addStretch(1);
  copy_->setObjectName(QStringLiteral("try.copy"));
  last->addWidget(copy_);
  column->addLayout(last);
  return foot;
}

bool TryPane::may_ask() const {
  return session_.capabilities() && session_.capabilities()->roles.has(Role::application);
}

void TryPane::refresh() {
  if (!session_.capabilities()) return;
  set_note(tr("as %1").arg(QString::fromStdString(session_.capabilities()->client)));
  if (!may_ask()) {
    if (states_->state() != StateView::State::no_permission)
      states_->show_no_permission(QStringLiteral("application"), roles_text(session_.capabilities()->roles));
    return;
  }
  if (session_.appliance().api_socket.isEmpty()) {
    if (states_->state() != StateView::State::empty)
      states_->show_empty(QStringLiteral("plug"), tr("No inference socket is known"),
                          tr("Questions go to api.sock, not to admin.sock. Say where it is in the appliance's entry."));
    return;
  }
  if (states_->state() != StateView::State::content) states_->show_content();
}

void TryPane::set_models(const QStringList& ready) {
  QStringList shown;
  for (int i = 0; i < model_->count(); ++i) shown << model_->itemText(i);
  if (shown != ready) {
    const QString chosen = model_->currentText();
    model_->clear();
    model_->addItems(ready);
    if (const int place = model_->findText(chosen); place >= 0) model_->setCurrentIndex(place);
  }
  set_running(stream_->running());
}

void TryPane::choose_model(const QString& alias) {
  if (stream_->running()) return;
  if (const int place = model_->findText(alias); place >= 0) model_->setCurrentIndex(place);
}

void TryPane::focus_question() {
  question_->setFocus();
}

ChatQuestion TryPane::question() const {
  ChatQuestion asked;
  asked.model = model_->currentText().toStdString();
  asked.messages = {{"user", question_->toPlainText().left(most_question_characters).trimmed().toStdString()}};
  asked.max_tokens = max_tokens_->value();
  asked.temperature = temperature_->value();
  if (top_p_->value() < 1) asked.top_p = top_p_->value();
  return asked;
}

void TryPane::say_sampler() {
  QString text = tr("temperature %1, at most %2 tokens")
                     .arg(QString::number(temperature_->value()), count_text(max_tokens_->value()));
  if (top_p_->value() < 1)
    text = tr("temperature %1, top-p %2, at most %3 tokens")
               .arg(QString::number(temperature_->value()), QString::number(top_p_->value()),
                    count_text(max_tokens_->value()));
  sampler_text_->setText(text);
}

void TryPane::ask() {
  const ChatQuestion asked = question();
  if (stream_->running() || asked.messages.front().content.empty() || asked.model.empty() || !may_ask()) return;
  asked_->set_paragraph(QString::fromStdString(asked.messages.front().content));
  asked_->show();
  answer_->begin();
  verdict_->hide();
  say_recorded({});
  meter_.begin(steady_us());
  stream_->ask(asked);
  set_running(true);
  say_figures();
  stop_button_->setFocus();
}

bool TryPane::stop() {
  if (!stream_->running()) return false;
  stream_->stop();
  stop_button_->set_pending(tr("Stopping"));
  return true;
}

void TryPane::take_text(const QString& text, qint64 first_us, qint64 last_us, qint64 pieces) {
  meter_.come(first_us, last_us, pieces);
  answer_->append_text(text);
  say_figures();
}

void TryPane::take_end(const ChatOutcome& outcome, const ChatHead& head) {
  if (outcome.usage.completion_tokens > 0) meter_.count(outcome.usage.completion_tokens);
  answer_->end();
  const bool good =
      outcome.end == ChatEnd::complete || outcome.end == ChatEnd::at_limit || outcome.end == ChatEnd::stopped;
  const QString sentence = sentence_of(outcome);
  verdict_->set_role(good ? Colour::text2 : (outcome.end == ChatEnd::filtered ? Colour::warn : Colour::danger));
  verdict_->set_paragraph(sentence);
  verdict_->setVisible(!sentence.isEmpty());
  say_recorded(head);
  say_figures();
  const bool had_focus = stop_button_->hasFocus() || focusWidget() == stop_button_ || !stop_button_->isEnabled();
  stop_button_->end_pending();
  set_running(false);
  if (had_focus && isVisible()) question_->setFocus();
}

void TryPane::say_figures() {
  QStringList words;
  if (const auto rate = meter_.tokens_per_s()) words << tr("%1 tokens/s").arg(decimal_text(*rate, 1));
  if (const auto first = meter_.first_token_us()) words << tr("first token %1").arg(duration_text(*first));
  const int64_t most = max_tokens_->value();
  if (meter_.tokens() > 0)
    words << (meter_.is_exact() ? tr("%1 of %2 tokens") : tr("≈ %1 of %2 tokens"))
                 .arg(count_text(meter_.tokens()), count_text(most));
  if (words.isEmpty() && stream_->running()) words << tr("Waiting for the first token");
  figures_->setText(words.join(QStringLiteral("   ")));
  figures_->setVisible(!words.isEmpty());
}

void TryPane::say_recorded(const ChatHead& head) {
  record_seq_ = -1;
  QString text;
  if (head.receipt && head.receipt->received) {
    record_seq_ = head.receipt->received->seq;
    text = head.receipt->released
               ? tr("Records %1 and %2").arg(count_text(record_seq_), count_text(head.receipt->released->seq))
               : tr("Recorded as %1").arg(count_text(record_seq_));
  }
  record_->setText(text);
  record_->setToolTip(head.request_id.empty() ? QString()
                                              : tr("Request %1").arg(QString::fromStdString(head.request_id)));
  record_->set_icon(QStringLiteral("journal-check"));
  record_->setVisible(!text.isEmpty());
}

void TryPane::set_running(bool running) {
  ask_button_->setVisible(!running);
  stop_button_->setVisible(running);
  model_->setEnabled(!running);
  const bool empty = question_->toPlainText().trimmed().isEmpty();
  ask_button_->set_refusal(model_->count() == 0 ? tr("No model is loaded.")
                           : empty              ? tr("Write a question first.")
                                                : QString());
  copy_->set_refusal(empty ? tr("Write a question first.") : QString());
}

void TryPane::copy_command() {
  const QString command = chat_command(question());
  QApplication::clipboard()->setText(command);
  emit copied(command);
}

bool TryPane::eventFilter(QObject* watched, QEvent* event) {
  if (watched == question_ && event->type() == QEvent::KeyPress) {
    const auto* const key = static_cast<QKeyEvent*>(event);
    if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) &&
        (key->modifiers() & Qt::ControlModifier) != 0) {
      ask();
      return true;
    }
  }
  return Panel::eventFilter(watched, event);
}

std::vector<Command> TryPane::commands() {
  const QString refusal = may_ask() ? QString() : tr("needs the role application");
  std::vector<Command> made;
  made.push_back({QStringLiteral("try.ask"),
                  tr("Actions"),
                  tr("Ask the model"),
                  QStringLiteral("try chat question पूछें"),
                  {},
                  [this] { question_->toPlainText().trimmed().isEmpty() ? focus_question() : ask(); },
                  [this] { return chat_command(question()); },
                  refusal});
  if (stream_->running())
    made.push_back({QStringLiteral("try.stop"),
                    tr("Actions"),
                    tr("Stop the answer"),
                    QStringLiteral("stop रोकें"),
                    QKeySequence(Qt::Key_Escape),
                    [this] { stop(); },
                    {},
                    {}});
  return made;
}

}  // namespace tijori
