#include "daemon/guardrails/digit_groups.h"

#include <algorithm>

namespace tijori {
namespace {

constexpr size_t max_indent = 4;  // blanks that begin a line

bool is_dash(char32_t c) {
  return c == '-' || (c >= U'\u2010' && c <= U'\u2015') || c == U'\u2212';
}
bool is_tight(char32_t c) {
  return is_dash(c) || c == '.' || c == '_' || c == '/' || c == U'\u00B7' || c == U'\u2022' || c == U'\u2027' ||
         c == U'\u2219' || c == U'\u30FB';
}

// After an optional blank or hyphen: the end of a line and the blanks that begin the next. 0 when it isn't one.
size_t line_break_length(TextReader& reader, size_t position) {
  size_t at = position;
  if (reader.at(at) == ' ' || reader.at(at) == '-') ++at;
  if (reader.at(at) == '\r') ++at;
  if (reader.at(at) != '\n') return 0;
  ++at;
  for (size_t i = 0; i < max_indent && reader.at(at) == ' '; ++i) ++at;
  return at - position;
}

// "(", ") ", ")-", " (", "-("
size_t bracket_length(TextReader& reader, size_t position) {
  const int first = reader.at(position);
  if (first == ')') {
    const int second = reader.at(position + 1);
    return second == ' ' || second == '-' ? 2 : 1;
  }
  if (first == '(') return 1;
  if ((first == ' ' || first == '-') && reader.at(position + 1) == '(') return 2;
  return 0;
}

}  // namespace

SeparatorForm read_separator(TextReader& reader, size_t position) {
  const int lead = reader.at(position);
  if (is_letter(lead) || lead == ',' || lead == TextReader::nothing) return {};
  const Utf8Character first = reader.character(position);
  const size_t after = position + first.length;
  const auto leads = [&](size_t length) { return is_digit(reader.at(position + length)); };
  if (is_tight(first.code_point) && leads(first.length)) return {Separator::tight, first.code_point, first.length};
  if (first.code_point == ' ' || first.code_point == '\t') {
    if (leads(1)) return {Separator::space, ' ', 1};
    const Utf8Character second = reader.character(after);
    if (second.length != 0 && is_dash(second.code_point) && reader.at(after + second.length) == ' ' &&
        leads(second.length + 2))
      return {Separator::spaced, '-', second.length + 2};
  }
  if (const size_t length = line_break_length(reader, position); length > 0 && leads(length))
    return {Separator::line_break, '\n', length};
  if (const size_t length = bracket_length(reader, position); length > 0 && leads(length))
    return {Separator::bracket, first.code_point == ')' ? U')' : U'(', length};
  return {};
}

void DigitRuns::read_group(TextReader& reader, size_t position) {
  DigitGroup group{.begin = position, .end = position, .next = {}};
  // Nothing follows a group that is too long for any number.
  while (group.size() <= max_grouped_digits && is_digit(reader.at(group.end))) ++group.end;
  if (group.size() <= max_grouped_digits) group.next = read_separator(reader, group.end);
  groups_.push_back(group);
}

DigitRun DigitRuns::from(TextReader& reader, size_t position) {
  while (cursor_ < groups_.size() && groups_[cursor_].begin < position) ++cursor_;
  if (cursor_ == groups_.size() || groups_[cursor_].begin != position) {
    groups_.clear();
    cursor_ = 0;
    read_group(reader, position);
  }
  DigitRun run;
  size_t n_groups = 0;
  while (n_groups < max_digit_groups) {
    if (cursor_ + n_groups == groups_.size()) {
      if (!goes_on()) break;
      read_group(reader, groups_.back().end + groups_.back().next.length);
    }
    const DigitGroup& group = groups_[cursor_ + n_groups];
    if (run.n_digits + group.size() > max_grouped_digits) break;
    for (size_t i = group.begin; i < group.end; ++i) run.digits[run.n_digits++] = static_cast<char>(reader.behind(i));
    ++n_groups;
  }
  run.groups = std::span(groups_).subspan(cursor_, n_groups);
  return run;
}

GroupBefore group_before(const TextReader& reader, size_t position) {
  const Utf8Character last = reader.character_before(position);
  if (last.length == 0) return {};
  GroupBefore found;
  size_t at = position - last.length;
  if (is_tight(last.code_point)) {
    found.separator = {Separator::tight, last.code_point, last.length};
  } else if (last.code_point == ' ') {
    found.separator = {Separator::space, ' ', 1};
    const Utf8Character dash = reader.character_before(at);
    if (dash.length != 0 && is_dash(dash.code_point) && reader.before(at - dash.length) == ' ') {
      at -= dash.length + 1;
      found.separator = {Separator::spaced, '-', position - at};
    }
  } else if (last.code_point == '\n') {
    if (reader.before(at) == '\r') --at;
    found.separator = {Separator::line_break, '\n', position - at};
  } else if (last.code_point == ')') {
    found.separator = {Separator::bracket, ')', 1};
  } else {
    return {};
  }
  size_t begin = at;
  while (at - begin <= max_grouped_digits && is_digit(reader.before(begin))) --begin;
  found.begin = begin;
  found.size = at - begin;
  return found;
}

}  // namespace tijori
