#include "admin-ui/views/document_editor.h"

#include <QTextBlock>
#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

qsizetype longest_line(const QString& text) {
  qsizetype longest = 0;
  for (qsizetype at = 0; at <= text.size();) {
    qsizetype end = text.indexOf(QLatin1Char('\n'), at);
    if (end < 0) end = text.size();
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  return longest;
}

}  // namespace

DocumentEditor::DocumentEditor(QWidget* parent)
    : QWidget(parent),
      stack_(new QStackedLayout(this)),
      editor_(new QPlainTextEdit),
      too_long_(new TextLabel(Type::body, Colour::text2)) {
  editor_->setObjectName(QStringLiteral("guardrails.document"));
  editor_->setFont(type(Type::mono));
  editor_->setAccessibleName(tr("Policy document"));
  editor_->setTabChangesFocus(true);
  editor_->setLineWrapMode(QPlainTextEdit::NoWrap);
  editor_->setFrameShape(QFrame::NoFrame);
  too_long_->setContentsMargins(24, 24, 24, 24);
  too_long_->setAlignment(Qt::AlignTop);
  stack_->setContentsMargins(0, 0, 0, 0);
  stack_->addWidget(editor_);
  stack_->addWidget(too_long_);
  setFocusProxy(editor_);
  connect(&Theme::instance(), &Theme::changed, this, [this] { editor_->setFont(type(Type::mono)); });
  connect(editor_, &QPlainTextEdit::textChanged, this, [this] {
    if (!filling_) emit typed(text());
  });
}

// toPlainText() would turn no-break spaces into spaces, and the document would be another one.
QString DocumentEditor::text() const {
  QString raw = editor_->document()->toRawText();
  raw.replace(QChar::ParagraphSeparator, QLatin1Char('\n'));
  return raw;
}

void DocumentEditor::set_text(const QString& new_text) {
  filling_ = true;
  const qsizetype longest = longest_line(new_text);
  const bool fits = longest <= max_line_characters && new_text.size() <= max_shown_characters;
  if (!fits) {
    editor_->clear();
    too_long_->set_paragraph(
        tr("The document has %1 characters, %2 of them on one line: it is too long to be edited here. Its rules can be "
           "edited in the table; tijori guardrails show --document prints it.")
            .arg(count_text(new_text.size()), count_text(longest)));
  } else if (text() != new_text) {
    const int position = editor_->textCursor().position();
    editor_->setPlainText(new_text);
    QTextCursor cursor(editor_->document());
    cursor.setPosition(std::min(position, editor_->document()->characterCount() - 1));
    editor_->setTextCursor(cursor);
  }
  stack_->setCurrentIndex(fits ? 0 : 1);
  filling_ = false;
}

void DocumentEditor::go_to(TextPosition position) {
  QTextCursor cursor(editor_->document());
  cursor.setPosition(
      static_cast<int>(std::min<qsizetype>(offset_of(text(), position), editor_->document()->characterCount() - 1)));
  editor_->setTextCursor(cursor);
  editor_->centerCursor();
  editor_->setFocus(Qt::OtherFocusReason);
}

}  // namespace tijori
