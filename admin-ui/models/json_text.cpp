#include "admin-ui/models/json_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

namespace tijori {
namespace {

bool is_space(QChar c) {
  return c == QLatin1Char(' ') || c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t');
}

qsizetype after_space(QStringView text, qsizetype at) {
  while (at < text.size() && is_space(text.at(at))) ++at;
  return at;
}

// Behind the closing quote; nothing when there is none.
std::optional<qsizetype> after_string(QStringView text, qsizetype at) {
  for (++at; at < text.size(); ++at) {
    if (text.at(at) == QLatin1Char('\\')) {
      ++at;
    } else if (text.at(at) == QLatin1Char('"')) {
      return at + 1;
    }
  }
  return {};
}

std::optional<qsizetype> after_value(QStringView text, qsizetype at) {
  if (at >= text.size()) return {};
  if (text.at(at) == QLatin1Char('"')) return after_string(text, at);
  if (text.at(at) != QLatin1Char('{') && text.at(at) != QLatin1Char('[')) {
    const qsizetype begin = at;
    while (at < text.size() && !is_space(text.at(at)) && text.at(at) != QLatin1Char(',') &&
           text.at(at) != QLatin1Char('}') && text.at(at) != QLatin1Char(']'))
      ++at;
    return at > begin ? std::optional(at) : std::nullopt;
  }
  qsizetype depth = 0;
  while (at < text.size()) {
    const QChar c = text.at(at);
    if (c == QLatin1Char('"')) {
      const auto behind = after_string(text, at);
      if (!behind) return {};
      at = *behind;
      continue;
    }
    if (c == QLatin1Char('{') || c == QLatin1Char('[')) ++depth;
    if ((c == QLatin1Char('}') || c == QLatin1Char(']')) && --depth == 0) return at + 1;
    ++at;
  }
  return {};
}

QString string_of(QStringView quoted) {
  return QJsonDocument::fromJson(QByteArray("[") + quoted.toUtf8() + "]").array().at(0).toString();
}

// What separates the items of a container: "\n      " of a document that is indented, "" or " " of one line.
QString spacing(const QString& text, qsizetype opening, qsizetype first_item) {
  return text.mid(opening + 1, first_item - opening - 1);
}

// A new last item, or the first.
QString appended(const QString& text, JsonPlace container, qsizetype first_item, qsizetype last_end,
                 const QString& item) {
  if (last_end < 0) return text.left(container.begin + 1) + item + text.mid(container.end - 1);
  QString gap = spacing(text, container.begin, first_item);
  if (gap.isEmpty()) gap = QStringLiteral(" ");
  return text.left(last_end) + QLatin1Char(',') + gap + item + text.mid(last_end);
}

// Without text[begin, end), an item: its comma and the space that goes with it go too.
QString cut(const QString& text, JsonPlace container, qsizetype begin, qsizetype end) {
  const qsizetype behind = after_space(text, end);
  if (behind < container.end && text.at(behind) == QLatin1Char(','))
    return text.left(begin) + text.mid(after_space(text, behind + 1));
  qsizetype before = begin;
  while (before > container.begin + 1 && is_space(text.at(before - 1))) --before;
  if (before > container.begin + 1 && text.at(before - 1) == QLatin1Char(','))
    return text.left(before - 1) + text.mid(end);
  return text.left(container.begin + 1) + text.mid(container.end - 1);
}

}  // namespace

std::optional<JsonPlace> json_root(QStringView text) {
  const qsizetype begin = after_space(text, 0);
  const auto end = after_value(text, begin);
  if (!end) return {};
  return JsonPlace{begin, *end};
}

std::optional<QList<JsonMember>> json_members(QStringView text, JsonPlace object) {
  if (object.end > text.size() || object.end - object.begin < 2 || text.at(object.begin) != QLatin1Char('{')) return {};
  QList<JsonMember> members;
  qsizetype at = after_space(text, object.begin + 1);
  while (at < object.end && text.at(at) == QLatin1Char('"')) {
    JsonMember member;
    member.begin = at;
    const auto name_end = after_string(text, at);
    if (!name_end) return {};
    member.name = string_of(text.mid(at, *name_end - at));
    at = after_space(text, *name_end);
    if (at >= object.end || text.at(at) != QLatin1Char(':')) return {};
    member.value.begin = after_space(text, at + 1);
    const auto end = after_value(text, member.value.begin);
    if (!end || *end > object.end) return {};
    member.value.end = *end;
    members << member;
    at = after_space(text, *end);
    if (at < object.end && text.at(at) == QLatin1Char(',')) at = after_space(text, at + 1);
  }
  return members;
}

std::optional<QList<JsonPlace>> json_elements(QStringView text, JsonPlace array) {
  if (array.end > text.size() || array.end - array.begin < 2 || text.at(array.begin) != QLatin1Char('[')) return {};
  QList<JsonPlace> elements;
  qsizetype at = after_space(text, array.begin + 1);
  while (at < array.end - 1) {
    const auto end = after_value(text, at);
    if (!end || *end >= array.end) return {};
    elements << JsonPlace{at, *end};
    at = after_space(text, *end);
    if (at < array.end && text.at(at) == QLatin1Char(',')) at = after_space(text, at + 1);
  }
  return elements;
}

std::optional<JsonPlace> json_member(QStringView text, JsonPlace object, QStringView name) {
  const auto members = json_members(text, object);
  if (!members) return {};
  for (const JsonMember& member : *members)
    if (member.name == name) return member.value;
  return {};
}

QString with_member(const QString& text, JsonPlace object, const QString& name, const QString& value) {
  const auto members = json_members(text, object);
  if (!members) return text;
  for (const JsonMember& member : *members)
    if (member.name == name) return text.left(member.value.begin) + value + text.mid(member.value.end);
  return appended(text, object, members->isEmpty() ? 0 : members->front().begin,
                  members->isEmpty() ? -1 : members->back().value.end, json_of(name) + QStringLiteral(": ") + value);
}

QString without_member(const QString& text, JsonPlace object, const QString& name) {
  const auto members = json_members(text, object);
  if (!members) return text;
  for (const JsonMember& member : *members)
    if (member.name == name) return cut(text, object, member.begin, member.value.end);
  return text;
}

QString with_element(const QString& text, JsonPlace array, qsizetype place, const QString& value) {
  const auto elements = json_elements(text, array);
  if (!elements) return text;
  if (elements->isEmpty() || place >= elements->size())
    return appended(text, array, elements->isEmpty() ? 0 : elements->front().begin,
                    elements->isEmpty() ? -1 : elements->back().end, value);
  QString gap = spacing(text, array.begin, elements->front().begin);
  if (gap.isEmpty()) gap = QStringLiteral(" ");
  const qsizetype at = elements->at(std::max<qsizetype>(place, 0)).begin;
  return text.left(at) + value + QLatin1Char(',') + gap + text.mid(at);
}

QString without_element(const QString& text, JsonPlace array, qsizetype place) {
  const auto elements = json_elements(text, array);
  if (!elements || place < 0 || place >= elements->size()) return text;
  return cut(text, array, elements->at(place).begin, elements->at(place).end);
}

QString json_of(const QJsonValue& value) {
  const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
  QString plain = QString::fromUtf8(text.mid(1, text.size() - 2));
  if (!value.isArray()) return plain;
  QStringList items;
  for (const QJsonValue& item : value.toArray()) items << json_of(item);
  return QLatin1Char('[') + items.join(QStringLiteral(", ")) + QLatin1Char(']');
}

TextPosition position_of(QStringView text, qsizetype offset) {
  TextPosition position;
  const qsizetype end = std::min(offset, text.size());
  for (qsizetype at = 0; at < end; ++at) {
    if (text.at(at) == QLatin1Char('\n')) {
      ++position.line;
      position.column = 1;
    } else if (!text.at(at).isLowSurrogate()) {
      ++position.column;
    }
  }
  return position;
}

qsizetype offset_of(QStringView text, TextPosition position) {
  qsizetype at = 0;
  for (int64_t line = 1; line < position.line; ++line) {
    const qsizetype newline = text.indexOf(QLatin1Char('\n'), at);
    if (newline < 0) return text.size();
    at = newline + 1;
  }
  for (int64_t column = 1; column < position.column && at < text.size() && text.at(at) != QLatin1Char('\n'); ++column)
    at += text.at(at).isHighSurrogate() && at + 1 < text.size() ? 2 : 1;
  return at;
}

}  // namespace tijori
