#include "daemon/guardrails/policy.h"

#include <charconv>
#include <functional>
#include <utility>

#include "daemon/guardrails/policy_json.h"
#include "daemon/guardrails/policy_reader.h"

namespace tijori {
namespace {

// Indented JSON.
class Writer {
 public:
  void object(const std::function<void()>& fields) {
    open('{');
    fields();
    close('}');
  }
  void field(std::string_view name, std::string_view text) {
    key(name);
    append_quoted(out_, text);
  }
  void literal_field(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
  }
  void object_field(std::string_view name, const std::function<void()>& fields) {
    key(name);
    object(fields);
  }
  template <class List, class Text>
  void texts_field(std::string_view name, const List& list, Text text) {
    key(name);
    open('[');
    for (const auto& entry : list) {
      separate();
      append_quoted(out_, text(entry));
    }
    close(']');
  }
  template <class List, class Item>
  void objects_field(std::string_view name, const List& list, Item item) {
    key(name);
    open('[');
    for (const auto& entry : list) {
      separate();
      object([&] { item(entry); });
    }
    close(']');
  }
  std::string take() { return std::move(out_) + "\n"; }

 private:
  void separate() {
    if (!is_first_) out_ += ',';
    is_first_ = false;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }
  void key(std::string_view name) {
    separate();
    append_quoted(out_, name);
    out_ += ": ";
  }
  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    is_first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!is_first_) {
      out_ += '\n';
      out_.append(depth_ * 2, ' ');
    }
    is_first_ = false;
    out_ += bracket;
  }

  std::string out_;
  size_t depth_ = 0;
  bool is_first_ = true;
};

constexpr auto as_it_is = [](const std::string& text) -> std::string_view { return text; };
constexpr auto by_name = [](auto value) { return name_of(value); };

void write_messages(Writer& writer, const std::map<Language, std::string>& messages) {
  writer.object_field("message", [&] {
    for (const auto& [language, sentence] : messages) writer.field(name_of(language), sentence);
  });
}

void write_detector(Writer& writer, const Detector& detector) {
  if (const auto* builtin = std::get_if<BuiltinDetector>(&detector)) {
    writer.field("type", "builtin");
    writer.field("label", name_of(builtin->label));
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, builtin->min_score).ptr;
    writer.literal_field("min_score", {digits, static_cast<size_t>(end - digits)});
  } else if (const auto* literals = std::get_if<LiteralDetector>(&detector)) {
    writer.field("type", "literals");
    writer.field("label", literals->label);
    writer.literal_field("whole_words", literals->whole_words ? "true" : "false");
    writer.texts_field("literals", literals->literals, as_it_is);
  } else if (const auto* patterns = std::get_if<PatternDetector>(&detector)) {
    writer.field("type", "patterns");
    writer.field("label", patterns->label);
    writer.texts_field("patterns", patterns->patterns, as_it_is);
  }
}

void write_scope(Writer& writer, const Scope& scope) {
  writer.object_field("scope", [&] {
    if (!scope.applications.empty()) writer.texts_field("applications", scope.applications, as_it_is);
    if (!scope.roles.empty()) writer.texts_field("roles", scope.roles, as_it_is);
    if (!scope.models.empty()) writer.texts_field("models", scope.models, as_it_is);
    if (!scope.languages.empty()) writer.texts_field("languages", scope.languages, by_name);
  });
}

void write_rule(Writer& writer, const Rule& rule) {
  writer.field("id", rule.id);
  if (!rule.description.empty()) writer.field("description", rule.description);
  writer.object_field("detector", [&] { write_detector(writer, rule.detector); });
  writer.texts_field("stages", rule.stages, by_name);
  if (rule.scope != Scope{}) write_scope(writer, rule.scope);
  writer.field("action", name_of(rule.action));
  if (rule.mask != MaskStyle::token) writer.field("mask", name_of(rule.mask));
  if (rule.fail != FailMode::closed) writer.field("fail", name_of(rule.fail));
  if (!rule.fail_reason.empty()) writer.field("fail_reason", rule.fail_reason);
  if (!rule.except.empty()) writer.texts_field("except", rule.except, as_it_is);
  if (!rule.message.empty()) write_messages(writer, rule.message);
}

void write_case(Writer& writer, const PolicyCase& entry) {
  writer.field("id", entry.id);
  writer.field("text", entry.text);
  writer.field("stage", name_of(entry.stage));
  writer.field("expect", name_of(entry.expect));
  if (!entry.labels.empty()) writer.texts_field("labels", entry.labels, as_it_is);
}

}  // namespace

std::string_view name_of(FailMode mode) {
  return mode == FailMode::closed ? "closed" : "open";
}

std::string_view name_of(Expectation expectation) {
  switch (expectation) {
    case Expectation::pass:
      return "pass";
    case Expectation::mask:
      return "mask";
    case Expectation::block:
      return "block";
  }
  return "";
}

std::string_view label_of(const Detector& detector) {
  if (const auto* builtin = std::get_if<BuiltinDetector>(&detector)) return name_of(builtin->label);
  if (const auto* literals = std::get_if<LiteralDetector>(&detector)) return literals->label;
  return std::get<PatternDetector>(detector).label;
}

Result<Policy> parse_policy(std::string_view document) {
  PolicyReading reading = read_policy(document);
  if (reading.json_error) return fail(*std::move(reading.json_error));
  if (!reading.problems.empty()) {
    const PolicyProblem& first = reading.problems.front();
    return fail(ErrorCode::invalid_argument, (first.path.empty() ? "the document" : first.path) + ": " + first.message);
  }
  return std::move(reading.policy);
}

std::string to_document(const Policy& policy) {
  Writer writer;
  writer.object([&] {
    writer.field("format", "tijori-policy-1");
    writer.field("name", policy.name);
    writer.literal_field("version", std::to_string(policy.version));
    if (!policy.description.empty()) writer.field("description", policy.description);
    write_messages(writer, policy.message);
    writer.objects_field("rules", policy.rules, [&](const Rule& rule) { write_rule(writer, rule); });
    if (!policy.cases.empty())
      writer.objects_field("cases", policy.cases, [&](const PolicyCase& entry) { write_case(writer, entry); });
  });
  return writer.take();
}

}  // namespace tijori
