#include "admin-ui/models/palette_match.h"

#include <algorithm>
#include <vector>

namespace tijori {
namespace {

constexpr QChar nukta(0x093C);

// Lower case and without nukta; places[i] is where the i-th character comes from.
struct Folded {
  QString text;
  std::vector<qsizetype> places;

  explicit Folded(const QString& from) {
    const QString lower = from.toLower();
    if (lower.size() != from.size()) {
      text = from;
    } else {
      text = lower;
    }
    QString kept;
    for (qsizetype i = 0; i < text.size(); ++i) {
      if (text.at(i) == nukta) continue;
      kept += text.at(i);
      places.push_back(i);
    }
    text = kept;
    places.push_back(from.size());
  }

  TextSpan find(const QString& word) const {
    const qsizetype at = text.indexOf(word);
    if (at < 0) return {};
    const qsizetype start = places.at(static_cast<size_t>(at));
    return {start, places.at(static_cast<size_t>(at + word.size())) - start};
  }
};

QStringList words_of(const QString& typed) {
  QStringList words;
  for (const QString& word : typed.normalized(QString::NormalizationForm_C).split(QLatin1Char(' '), Qt::SkipEmptyParts))
    words << Folded(word).text;
  return words;
}

}  // namespace

QList<TextSpan> spans_of(const QString& typed, const QString& text) {
  QList<TextSpan> found;
  const Folded folded(text);
  for (const QString& word : words_of(typed))
    if (const TextSpan span = folded.find(word); span.length > 0) found.append(span);
  std::ranges::sort(found, {}, &TextSpan::start);
  return found;
}

PaletteMatch match_palette(const QString& typed, const QString& title, const QString& note, const QStringList& aliases,
                           const QString& hidden) {
  PaletteMatch match;
  match.fits = true;
  const Folded in_title(title);
  const Folded in_note(note);
  const Folded in_hidden(hidden);
  for (const QString& word : words_of(typed)) {
    if (const TextSpan span = in_title.find(word); span.length > 0) {
      match.title.append(span);
      if (span.start > 0) match.rank = std::max(match.rank, title.at(span.start - 1).isSpace() ? 1 : 2);
      continue;
    }
    match.rank = 3;
    if (const TextSpan span = in_note.find(word); span.length > 0) {
      match.note.append(span);
      continue;
    }
    const auto alias =
        std::ranges::find_if(aliases, [&](const QString& known) { return Folded(known).find(word).length > 0; });
    if (alias != aliases.end()) {
      match.alias = alias - aliases.begin();
    } else if (in_hidden.find(word).length == 0) {
      return {};
    }
  }
  return match;
}

}  // namespace tijori
