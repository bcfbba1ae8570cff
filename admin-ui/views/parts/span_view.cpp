#include "admin-ui/views/parts/span_view.h"

#include <algorithm>

#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/badge.h"

namespace tijori {
namespace {

Tone tone_of(const std::string& action) {
  if (action == "block" || action == "stop") return Tone::danger;
  if (action == "mask") return Tone::warn;
  if (action == "annotate") return Tone::info;
  return Tone::plain;
}

}  // namespace

int utf16_offset(const QString& text, int64_t code_point) {
  int place = 0;
  for (int64_t passed = 0; passed < code_point && place < text.size(); ++passed)
    place += text.at(place).isHighSurrogate() && place + 1 < text.size() ? 2 : 1;
  return place;
}

SpanView::SpanView(const QString& accessible_name, QWidget* parent) : QTextEdit(parent) {
  setReadOnly(true);
  setAccessibleName(accessible_name);
  setFrameShape(QFrame::NoFrame);
  setTabChangesFocus(true);
}

void SpanView::show_spans(const QString& text, const std::vector<BenchSpan>& spans) {
  std::vector<BenchSpan> ordered = spans;
  std::ranges::sort(ordered, [](const BenchSpan& one, const BenchSpan& other) {
    return one.start != other.start ? one.start < other.start : one.end < other.end;
  });
  QString html = QStringLiteral("<p style=\"margin:0; line-height:%1%\">")
                     .arg(Theme::instance().script() == Script::devanagari ? 190 : 165);
  int done = 0;
  for (const BenchSpan& span : ordered) {
    const int start = std::max(done, utf16_offset(text, span.start));
    const int end = std::max(start, utf16_offset(text, span.end));
    html += text.mid(done, start - done).toHtmlEscaped();
    const Tone tone = tone_of(span.action);
    html += QStringLiteral(
                "<span style=\"background:%1; color:%2; text-decoration:underline\">%3</span>"
                "<span style=\"background:%4; color:%5; font-size:11px; font-weight:600\">&nbsp;%6&nbsp;</span>")
                .arg(paint(fill_of(tone)).name(), paint(Colour::text).name(),
                     text.mid(start, end - start).toHtmlEscaped(), paint(ink_of(tone)).name(),
                     paint(Colour::surface).name(), QString::fromStdString(span.label).toHtmlEscaped());
    done = end;
  }
  html += text.mid(done).toHtmlEscaped() + QStringLiteral("</p>");
  setHtml(html);
}

}  // namespace tijori
