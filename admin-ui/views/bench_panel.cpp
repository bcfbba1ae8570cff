#include "admin-ui/views/bench_panel.h"

#include <QResizeEvent>

namespace tijori {
namespace {

constexpr int one_column_below_px = 820;
constexpr int entry_px = 250;
constexpr int entry_high_px = 96;
constexpr qsizetype max_text_characters = 250'000;  // below what the daemon takes, in any script

}  // namespace

BenchPanel::BenchPanel(QWidget* parent)
    : Panel(tr("Bench"), tr("nothing is sent to a model and nothing is stored"), parent),
      samples_(new QComboBox),
      stage_(new Segment({tr("Request"), tr("Answer")}, tr("Judged as"))),
      run_(new Button(tr("Run"), ButtonKind::standard, QStringLiteral("play"), ButtonSize::compact)),
      text_(new QPlainTextEdit),
      across_(new QBoxLayout(QBoxLayout::LeftToRight)),
      compared_(new BenchPane(tr("Active"), QStringLiteral("guardrails.active"))),
      draft_(new BenchPane(tr("Draft"), QStringLiteral("guardrails.draft"))),
      first_line_(make_divider(Qt::Vertical)),
      second_line_(make_divider(Qt::Vertical)),
      caption_(new TextLabel(tr("Text"), Type::label, Colour::text2)) {
  samples_->setObjectName(QStringLiteral("guardrails.samples"));
  samples_->setAccessibleName(tr("Text to try"));
  samples_->setMinimumWidth(140);
  for (const BenchSample& sample : bench_samples()) samples_->addItem(sample.name, sample.text);
  samples_->addItem(tr("Own text"));
  stage_->setObjectName(QStringLiteral("guardrails.bench_stage"));
  run_->setObjectName(QStringLiteral("guardrails.bench"));
  run_->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
  run_->setToolTip(tr("Run  Ctrl+Enter"));
  add_to_head(caption_);
  add_to_head(samples_);
  add_to_head(stage_);
  add_to_head(run_);
  entry_ = make_entry();
  across_->setSpacing(0);
  across_->addWidget(entry_);
  across_->addWidget(first_line_);
  across_->addWidget(compared_, 1);
  across_->addWidget(second_line_);
  across_->addWidget(draft_, 1);
  body()->addLayout(across_, 1);
  text_->setPlainText(samples_->itemData(0).toString());
  connect(run_, &Button::clicked, this, &BenchPanel::run_asked);
  connect(stage_, &Segment::chosen_changed, this, &BenchPanel::run_asked);
  connect(samples_, &QComboBox::activated, this, [this](int place) {
    const QVariant text = samples_->itemData(place);
    if (!text.isValid()) {
      focus_text();
      return;
    }
    filling_ = true;
    text_->setPlainText(text.toString());
    filling_ = false;
    emit run_asked();
  });
  connect(text_, &QPlainTextEdit::textChanged, this, [this] {
    if (!filling_) samples_->setCurrentIndex(samples_->count() - 1);
    emit text_changed();
  });
}

QWidget* BenchPanel::make_entry() {
  auto* entry = new QWidget;
  auto* column = new QVBoxLayout(entry);
  column->setContentsMargins(16, 8, 16, 10);
  column->setSpacing(4);
  column->addWidget(new TextLabel(tr("Text to try"), Type::body_strong));
  text_->setObjectName(QStringLiteral("guardrails.bench_text"));
  text_->setAccessibleName(tr("Text to try"));
  text_->setTabChangesFocus(true);
  column->addWidget(text_, 1);
  return entry;
}

// As it was typed or pasted; toPlainText() would change no-break spaces.
QString BenchPanel::text() const {
  QString raw = text_->document()->toRawText().left(max_text_characters);
  if (!raw.isEmpty() && raw.back().isHighSurrogate()) raw.chop(1);
  raw.replace(QChar::ParagraphSeparator, QLatin1Char('\n'));
  return raw;
}

std::string BenchPanel::stage() const {
  return stage_->chosen() == 0 ? "request_text" : "output_stream";
}

void BenchPanel::set_refusal(const QString& why) {
  run_->set_refusal(why);
}

void BenchPanel::set_running(bool running) {
  if (running) {
    run_->set_pending(tr("Running"));
  } else {
    run_->end_pending();
  }
}

void BenchPanel::set_names(const QString& compared, const QString& draft) {
  compared_->set_name(compared);
  draft_->set_name(draft);
}

void BenchPanel::show_pair(const BenchPair& pair, const QString& text, const std::string& stage) {
  compared_->show_side(pair.a, pair.b, text, stage);
  draft_->show_side(pair.b, pair.a, text, stage);
  set_old(false);
}

void BenchPanel::show_failure(const QString& sentence) {
  compared_->clear(sentence);
  draft_->clear(sentence);
}

void BenchPanel::set_old(bool old) {
  compared_->set_old(old);
  draft_->set_old(old);
}

void BenchPanel::focus_text() {
  text_->setFocus(Qt::OtherFocusReason);
  text_->selectAll();
}

void BenchPanel::resizeEvent(QResizeEvent* event) {
  Panel::resizeEvent(event);
  const bool one_column = width() < one_column_below_px;
  across_->setDirection(one_column ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  entry_->setMinimumWidth(one_column ? 0 : entry_px);
  entry_->setMaximumWidth(one_column ? QWIDGETSIZE_MAX : entry_px);
  text_->setMinimumHeight(entry_high_px);
  text_->setMaximumHeight(one_column ? entry_high_px : QWIDGETSIZE_MAX);
  for (QFrame* const line : {first_line_, second_line_}) {
    line->setFixedSize(QWIDGETSIZE_MAX, QWIDGETSIZE_MAX);
    line->setMinimumSize(0, 0);
    one_column ? line->setFixedHeight(1) : line->setFixedWidth(1);
  }
  caption_->setVisible(!one_column);
}

}  // namespace tijori
