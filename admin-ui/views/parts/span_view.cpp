#include "admin-ui/views/parts/span_view.h"

#include "admin-ui/models/numbers.h"
#include "admin-ui/models/span_runs.h"
#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/badge.h"

namespace tijori {
namespace {

constexpr int tag_px = 11;
constexpr qsizetype max_label_characters = 32;

Tone tone_of(const std::string& action) {
  if (action == "block" || action == "stop") return Tone::danger;
  if (action == "mask") return Tone::warn;
  if (action == "annotate") return Tone::info;
  return Tone::plain;
}

QString escaped(const QString& text) {
  return text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br/>"));
}

}  // namespace

SpanView::SpanView(const QString& accessible_name, QWidget* parent) : QTextEdit(parent) {
  setReadOnly(true);
  setAccessibleName(accessible_name);
  setFrameShape(QFrame::NoFrame);
  setTabChangesFocus(true);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  connect(&Theme::instance(), &Theme::changed, this, &SpanView::draw);
}

void SpanView::show_spans(const QString& text, const std::vector<BenchSpan>& spans) {
  text_ = text;
  spans_ = spans;
  draw();
}

void SpanView::draw() {
  QString html = QStringLiteral("<p style=\"margin:0; line-height:%1%\">")
                     .arg(Theme::instance().script() == Script::devanagari ? 190 : 165);
  for (const SpanRun& run : span_runs(text_, spans_)) {
    if (run.span < 0) {
      html += escaped(run.text);
      continue;
    }
    const BenchSpan& span = spans_.at(static_cast<size_t>(run.span));
    const Tone tone = tone_of(span.action);
    html += QStringLiteral(
                "<span style=\"background:%1; color:%2; text-decoration:underline\">%3</span>"
                "<span style=\"background:%4; color:%5; font-size:%7px; font-weight:600\">&nbsp;%6&nbsp;</span>")
                .arg(paint(fill_of(tone)).name(), paint(Colour::text).name(), escaped(run.text),
                     paint(ink_of(tone)).name(), paint(Colour::surface).name(),
                     QString::fromStdString(span.label).left(max_label_characters).toHtmlEscaped())
                .arg(tag_px);
  }
  html += QStringLiteral("</p>");
  if (text_.size() > max_drawn_characters)
    html += QStringLiteral("<p style=\"color:%1\">%2</p>")
                .arg(paint(Colour::text2).name(),
                     tr("The first %1 characters are shown.").arg(count_text(max_drawn_characters)));
  setHtml(html);
}

}  // namespace tijori
