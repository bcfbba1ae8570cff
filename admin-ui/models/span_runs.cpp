#include "admin-ui/models/span_runs.h"

#include <QTextBoundaryFinder>
#include <algorithm>
#include <numeric>

namespace tijori {
namespace {

// Places in UTF-16 of ascending code points, in one walk over the text.
class Walk {
 public:
  explicit Walk(const QString& text) : text_(text) {}
  qsizetype to(int64_t code_point) {
    if (code_point < passed_) {
      passed_ = 0;
      place_ = 0;
    }
    for (; passed_ < code_point && place_ < text_.size(); ++passed_)
      place_ += text_.at(place_).isHighSurrogate() && place_ + 1 < text_.size() ? 2 : 1;
    return place_;
  }

 private:
  const QString& text_;
  int64_t passed_ = 0;
  qsizetype place_ = 0;
};

}  // namespace

qsizetype utf16_offset(const QString& text, int64_t code_point) {
  return Walk(text).to(code_point);
}

QList<SpanRun> span_runs(const QString& whole, const std::vector<BenchSpan>& spans) {
  QString text = whole.left(max_drawn_characters);
  if (!text.isEmpty() && text.back().isHighSurrogate()) text.chop(1);
  std::vector<size_t> order(spans.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const size_t drawn = std::min(order.size(), max_drawn_spans);
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(drawn), [&](size_t one, size_t other) {
    return std::pair(spans[one].start, spans[one].end) < std::pair(spans[other].start, spans[other].end);
  });
  order.resize(drawn);
  QTextBoundaryFinder letters(QTextBoundaryFinder::Grapheme, text);
  Walk walk(text);
  QList<SpanRun> runs;
  qsizetype done = 0;
  for (const size_t number : order) {
    const BenchSpan& span = spans[number];
    if (span.start < 0 || span.end <= span.start) continue;
    qsizetype begin = walk.to(span.start);
    qsizetype end = walk.to(span.end);
    letters.setPosition(begin);
    if (begin > 0 && !letters.isAtBoundary()) begin = std::max<qsizetype>(0, letters.toPreviousBoundary());
    letters.setPosition(end);
    if (end < text.size() && !letters.isAtBoundary()) {
      const qsizetype next = letters.toNextBoundary();
      end = next < 0 ? text.size() : next;
    }
    begin = std::max(begin, done);
    if (end <= begin) continue;
    if (begin > done) runs.append({text.mid(done, begin - done), -1});
    runs.append({text.mid(begin, end - begin), static_cast<int>(number)});
    done = end;
  }
  if (done < text.size()) runs.append({text.mid(done), -1});
  return runs;
}

}  // namespace tijori
