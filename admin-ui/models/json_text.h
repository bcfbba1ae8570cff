// Where the values of a JSON document stand in its text, so that one can be changed and every other byte, the order of
// fields and what this console doesn't know included, stays as it was. For text that a parser has already found whole;
// of other text it says nothing rather than something wrong.
#pragma once

#include <QJsonValue>
#include <QList>
#include <QString>
#include <optional>

namespace tijori {

// Half-open, in UTF-16 units.
struct JsonPlace {
  qsizetype begin = 0;
  qsizetype end = 0;
  bool operator==(const JsonPlace&) const = default;
};

struct JsonMember {
  QString name;
  qsizetype begin = 0;  // of the name's quote
  JsonPlace value;
};

// The value that the text as a whole is.
std::optional<JsonPlace> json_root(QStringView text);
// Of an object, of an array; nothing when the value isn't one.
std::optional<QList<JsonMember>> json_members(QStringView text, JsonPlace object);
std::optional<QList<JsonPlace>> json_elements(QStringView text, JsonPlace array);
std::optional<JsonPlace> json_member(QStringView text, JsonPlace object, QStringView name);

// The object with a member that has this value (JSON text), or without it. Spacing follows what stands there.
QString with_member(const QString& text, JsonPlace object, const QString& name, const QString& value);
QString without_member(const QString& text, JsonPlace object, const QString& name);
// The array with an element before the place-th, or without it.
QString with_element(const QString& text, JsonPlace array, qsizetype place, const QString& value);
QString without_element(const QString& text, JsonPlace array, qsizetype place);

// A value on one line.
QString json_of(const QJsonValue& value);

// 1-based, as lint counts: columns in code points.
struct TextPosition {
  int64_t line = 1;
  int64_t column = 1;
};
TextPosition position_of(QStringView text, qsizetype offset);
qsizetype offset_of(QStringView text, TextPosition position);  // cut to the text

}  // namespace tijori
