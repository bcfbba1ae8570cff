// Whether what was typed fits something in the command palette, and where. Case doesn't count, nor does the nukta,
// which many leave out: सर्टिफिकेट finds सर्टिफ़िकेट.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace tijori {

struct TextSpan {
  qsizetype start = 0;
  qsizetype length = 0;
  bool operator==(const TextSpan&) const = default;
};

struct PaletteMatch {
  bool fits = false;
  int rank = 0;           // lower is better: at the start of the title, of a word in it, anywhere in it, elsewhere
  QList<TextSpan> title;  // what to underline
  QList<TextSpan> note;
  qsizetype alias = -1;  // index of the alias that a word was found in, when neither title nor note had it
};

// Every typed word must be in the title, the note, an alias or the hidden words.
PaletteMatch match_palette(const QString& typed, const QString& title, const QString& note, const QStringList& aliases,
                           const QString& hidden);

// Where each typed word lies in a text.
QList<TextSpan> spans_of(const QString& typed, const QString& text);

}  // namespace tijori
