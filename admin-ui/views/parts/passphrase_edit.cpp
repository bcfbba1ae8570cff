#include "admin-ui/views/parts/passphrase_edit.h"

#include <QAction>
#include <QKeyEvent>

#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int reveal_ms = 10'000;
constexpr size_t max_utf8_bytes = 3;  // of one UTF-16 unit

// Also the text that the field shares with us: a copy made here would leave that one behind.
void overwrite(QString& text) {
  auto* const units = const_cast<QChar*>(text.constData());
  wipe({reinterpret_cast<uint8_t*>(units), static_cast<size_t>(text.size()) * sizeof(QChar)});
}

// Moves `at` to the last unit of the code point.
char32_t next_code_point(const QString& text, qsizetype& at) {
  const QChar unit = text.at(at);
  if (!unit.isHighSurrogate() || at + 1 == text.size() || !text.at(at + 1).isLowSurrogate()) return unit.unicode();
  return QChar::surrogateToUcs4(unit, text.at(++at));
}

// By hand, since toUtf8() would leave a copy that nobody wipes.
void append_utf8(Bytes& bytes, char32_t code) {
  if (code < 0x80U) return bytes.push_back(static_cast<uint8_t>(code));
  const unsigned more = code < 0x800U ? 1 : code < 0x10000U ? 2 : 3;
  constexpr uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
  bytes.push_back(static_cast<uint8_t>(leads[more] | (code >> (6 * more))));
  for (unsigned left = more; left > 0; --left)
    bytes.push_back(static_cast<uint8_t>(0x80U | ((code >> (6 * (left - 1))) & 0x3FU)));
}

}  // namespace

PassphraseEdit::PassphraseEdit(QWidget* parent)
    : QLineEdit(parent), eye_(addAction(QIcon(), QLineEdit::TrailingPosition)) {
  setEchoMode(QLineEdit::Password);
  setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
  setMaxLength(512);
  eye_->setToolTip(tr("Show it for 10 seconds (Alt+V)"));
  eye_->setShortcut(QKeySequence(QStringLiteral("Alt+V")));
  eye_->setShortcutContext(Qt::WidgetShortcut);
  connect(eye_, &QAction::triggered, this, &PassphraseEdit::reveal);
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &PassphraseEdit::hide_again);
  connect(&Theme::instance(), &Theme::changed, this, &PassphraseEdit::restyle);
  restyle();
}

Secret PassphraseEdit::take() {
  hide_again();
  QString typed = text();
  // One allocation: a vector that grows leaves its old bytes behind.
  Bytes bytes;
  bytes.reserve(static_cast<size_t>(typed.size()) * max_utf8_bytes);
  for (qsizetype at = 0; at < typed.size(); ++at) append_utf8(bytes, next_code_point(typed, at));
  typed.clear();
  forget();
  return Secret(std::move(bytes));
}

void PassphraseEdit::forget() {
  QString typed = text();
  overwrite(typed);
  setText(QString());  // drops the history of edits as well
}

// A history of edits is a second copy of a passphrase.
void PassphraseEdit::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo) || event->matches(QKeySequence::Redo)) return;
  QLineEdit::keyPressEvent(event);
}

void PassphraseEdit::reveal() {
  if (echoMode() == QLineEdit::Normal) return hide_again();
  setEchoMode(QLineEdit::Normal);
  timer_.start(reveal_ms);
  restyle();
}

void PassphraseEdit::hide_again() {
  timer_.stop();
  setEchoMode(QLineEdit::Password);
  restyle();
}

void PassphraseEdit::restyle() {
  const bool shown = echoMode() == QLineEdit::Normal;
  eye_->setIcon(QIcon(icon_pixmap(shown ? QStringLiteral("eye-slash") : QStringLiteral("eye"), Colour::text2, *this)));
}

}  // namespace tijori
