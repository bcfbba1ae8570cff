#include "admin-ui/views/parts/answer_view.h"

#include <QPainter>
#include <QScrollBar>
#include <utility>

namespace tijori {
namespace {
constexpr int caret_width = 5;
constexpr int least_px = 48;
constexpr int flush_ms = 40;
}  // namespace

AnswerView::AnswerView(QWidget* parent) : QPlainTextEdit(parent) {
  setReadOnly(true);
  setFrameShape(QFrame::NoFrame);
  document()->setDocumentMargin(0);
  setUndoRedoEnabled(false);
  setTabChangesFocus(true);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMinimumHeight(least_px);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  flush_.setSingleShot(true);
  flush_.setInterval(flush_ms);
  connect(&flush_, &QTimer::timeout, this, &AnswerView::flush);
  connect(&Theme::instance(), &Theme::changed, this, &AnswerView::restyle);
  restyle();
}

void AnswerView::restyle() {
  setFont(type(Type::body));
  setStyleSheet(QStringLiteral("QPlainTextEdit { background: %1; border: none; padding: 0; }")
                    .arg(paint(Colour::surface).name()));
}

void AnswerView::begin() {
  clear();
  waiting_.clear();
  line_length_ = 0;
  writing_ = true;
  viewport()->update();
}

void AnswerView::append_text(const QString& text) {
  waiting_ += text;
  if (!flush_.isActive()) flush_.start();
}

void AnswerView::flush() {
  if (waiting_.isEmpty()) return;
  QString text;
  for (const QChar c : std::exchange(waiting_, {})) {
    text += c;
    line_length_ = c == QLatin1Char('\n') ? 0 : line_length_ + 1;
    if (line_length_ < max_line_characters || c.isHighSurrogate()) continue;
    text += QLatin1Char('\n');
    line_length_ = 0;
  }
  QScrollBar* const bar = verticalScrollBar();
  const bool follows = bar->value() >= bar->maximum() - 1;
  QTextCursor end(document());
  end.movePosition(QTextCursor::End);
  end.insertText(text);  // plain: whatever a model writes stays text
  if (follows) bar->setValue(bar->maximum());
}

void AnswerView::end() {
  flush_.stop();
  flush();
  writing_ = false;
  viewport()->update();
}

void AnswerView::paintEvent(QPaintEvent* event) {
  QPlainTextEdit::paintEvent(event);
  if (!writing_) return;
  QTextCursor end(document());
  end.movePosition(QTextCursor::End);
  const QRect place = cursorRect(end);
  QPainter painter(viewport());
  painter.fillRect(QRect(place.left() + 1, place.top() + 2, caret_width, place.height() - 4),
                   tijori::paint(Colour::accent));
}

}  // namespace tijori
