#include "daemon/guardrails/policy_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "daemon/guardrails/pattern.h"

namespace tijori {
namespace {

constexpr size_t max_token_bytes = 48;
constexpr size_t max_label_bytes = 32;
constexpr std::string_view token_rule = "a token is 1 to 48 of a-z, 0-9, '_', '.' and '-', a letter or digit first";
constexpr std::string_view label_rule = "a label is 1 to 32 of A-Z, 0-9 and '_'";

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= max_token_bytes && is_lower_or_digit(text[0]) &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= max_label_bytes &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

template <class All>
std::string names_of(const All& all) {
  std::string names;
  for (const auto value : all) {
    if (!names.empty()) names += ", ";
    names += name_of(value);
  }
  return names;
}

std::string live_stages() {
  std::string names;
  for (const Stage stage : all_stages) {
    if (!is_live(stage)) continue;
    if (!names.empty()) names += ", ";
    names += name_of(stage);
  }
  return names;
}

// One walk over the tree; the path grows and shrinks with it.
class Reader {
 public:
  explicit Reader(PolicyReading& out) : out_(out) {}

  void read(const PolicyNode& root) {
    object(root, {"format", "name", "version", "description", "message", "rules", "cases"}, [&](const auto& field) {
      required(field, root, "format", [&](const PolicyNode& node) {
        const std::string format = text(node);
        if (format != "tijori-policy-1") problem(node, "this release reads \"tijori-policy-1\"");
      });
      required(field, root, "name", [&](const PolicyNode& node) { out_.policy.name = token(node); });
      required(field, root, "version", [&](const PolicyNode& node) { out_.policy.version = version(node); });
      optional(field, "description", [&](const PolicyNode& node) { out_.policy.description = prose(node); });
      required(field, root, "message", [&](const PolicyNode& node) {
        out_.policy.message = messages(node);
        if (std::holds_alternative<PolicyNode::Object>(node.value) && !out_.policy.message.contains(Language::english))
          problem(node, "\"en\" is missing: the message for readers of every other language");
      });
      required(field, root, "rules", [&](const PolicyNode& node) {
        list(node, max_policy_rules, [&](const PolicyNode& item) { out_.policy.rules.push_back(rule(item)); });
        unique_ids(node, out_.policy.rules);
      });
      optional(field, "cases", [&](const PolicyNode& node) {
        list(node, max_policy_cases, [&](const PolicyNode& item) { out_.policy.cases.push_back(policy_case(item)); });
        unique_ids(node, out_.policy.cases);
      });
    });
  }

 private:
  using Visit = std::function<void(const PolicyNode&)>;
  using Find = std::function<const PolicyNode*(std::string_view)>;

  // Adds a step to the path for as long as it lives.
  class Step {
   public:
    Step(std::string& path, std::string_view name) : path_(path), before_(path.size()) {
      if (!path.empty() && !name.starts_with('[')) path += '.';
      path += name;
    }
    ~Step() { path_.resize(before_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::string& path_;
    size_t before_;
  };

  void problem(const PolicyNode& node, std::string message) {
    if (out_.problems.size() < max_policy_problems) out_.problems.push_back({path_, std::move(message), node.offset});
  }
  void wrong_kind(const PolicyNode& node, std::string_view expected) {
    problem(node, "expected " + std::string(expected) + ", found " + std::string(node.kind()));
  }

  void object(const PolicyNode& node, std::initializer_list<std::string_view> allowed,
              const std::function<void(const Find&)>& visit) {
    const auto* members = std::get_if<PolicyNode::Object>(&node.value);
    if (members == nullptr) return wrong_kind(node, "an object");
    for (const auto& [name, value] : *members) {
      if (std::ranges::find(allowed, std::string_view(name)) != allowed.end()) continue;
      std::string known;
      for (const std::string_view field : allowed) known += (known.empty() ? "" : ", ") + std::string(field);
      // An unknown name is the author's text and may be anything: it is named only when it looks like a field.
      const bool is_plain = is_token(name);
      const Step step(path_, is_plain ? std::string_view(name) : std::string_view("?"));
      problem(value, "there is no such field here; known: " + known);
    }
    visit([members](std::string_view name) -> const PolicyNode* {
      const auto found = std::ranges::find(*members, name, [](const auto& member) { return member.first; });
      return found == members->end() ? nullptr : &found->second;
    });
  }

  void required(const Find& find, const PolicyNode& parent, std::string_view name, const Visit& visit) {
    const PolicyNode* node = find(name);
    const Step step(path_, name);
    if (node == nullptr) return problem(parent, "is missing");
    visit(*node);
  }
  void optional(const Find& find, std::string_view name, const Visit& visit) {
    const PolicyNode* node = find(name);
    if (node == nullptr) return;
    const Step step(path_, name);
    visit(*node);
  }

  void list(const PolicyNode& node, size_t most, const Visit& visit) {
    const auto* items = std::get_if<PolicyNode::List>(&node.value);
    if (items == nullptr) return wrong_kind(node, "a list");
    if (items->size() > most)
      return problem(node, std::to_string(items->size()) + " entries, at most " + std::to_string(most) + " are taken");
    for (size_t i = 0; i < items->size(); ++i) {
      const Step step(path_, "[" + std::to_string(i) + "]");
      visit((*items)[i]);
    }
  }
  void filled_list(const PolicyNode& node, size_t most, const Visit& visit) {
    if (const auto* items = std::get_if<PolicyNode::List>(&node.value); items != nullptr && items->empty())
      return problem(node, "is empty: name at least one");
    list(node, most, visit);
  }

  std::string text(const PolicyNode& node) {
    if (const auto* value = std::get_if<std::string>(&node.value)) return *value;
    wrong_kind(node, "text");
    return {};
  }
  std::string bounded(const PolicyNode& node, size_t most) {
    std::string value = text(node);
    if (value.size() > most)
      problem(node, std::to_string(value.size()) + " bytes, at most " + std::to_string(most) + " are taken");
    return value;
  }
  std::string filled(const PolicyNode& node, size_t most) {
    std::string value = bounded(node, most);
    if (std::holds_alternative<std::string>(node.value) && value.empty()) problem(node, "is empty");
    return value;
  }
  std::string prose(const PolicyNode& node) {
    std::string value = bounded(node, max_policy_text_bytes);
    if (has_control(value)) problem(node, "holds a control character");
    return value;
  }
  std::string checked(const PolicyNode& node, bool (*is_right)(std::string_view), std::string_view rule) {
    std::string value = text(node);
    if (std::holds_alternative<std::string>(node.value) && !is_right(value)) problem(node, std::string(rule));
    return value;
  }
  std::string token(const PolicyNode& node) { return checked(node, is_token, token_rule); }
  std::string label(const PolicyNode& node) { return checked(node, is_label, label_rule); }

  template <class T, class FromName, class All>
  T choice(const PolicyNode& node, FromName from_name, const All& all) {
    const std::string name = text(node);
    if (const std::optional<T> value = from_name(name)) return *value;
    if (std::holds_alternative<std::string>(node.value)) problem(node, "unknown; one of " + names_of(all));
    return T{};
  }

  int64_t version(const PolicyNode& node) {
    const auto* value = std::get_if<int64_t>(&node.value);
    if (value != nullptr && *value >= 1) return *value;
    problem(node, "expected a whole number from 1 on");
    return 1;
  }

  std::map<Language, std::string> messages(const PolicyNode& node) {
    std::map<Language, std::string> out;
    const auto* members = std::get_if<PolicyNode::Object>(&node.value);
    if (members == nullptr) {
      wrong_kind(node, "an object of language and sentence");
      return out;
    }
    for (const auto& [name, value] : *members) {
      const auto language = language_from_name(name);
      const Step step(path_, language ? std::string_view(name) : std::string_view("?"));
      if (!language) {
        problem(value, "unknown language; one of " + names_of(all_languages));
        continue;
      }
      std::string sentence = prose(value);
      if (std::holds_alternative<std::string>(value.value) && sentence.empty()) problem(value, "is empty");
      out.emplace(*language, std::move(sentence));
    }
    return out;
  }

  template <class T>
  void unique_ids(const PolicyNode& node, const std::vector<T>& entries) {
    const auto* items = std::get_if<PolicyNode::List>(&node.value);
    if (items == nullptr || items->size() != entries.size()) return;
    std::set<std::string_view> seen;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].id.empty() || seen.insert(entries[i].id).second) continue;
      const Step index(path_, "[" + std::to_string(i) + "]");
      const Step id(path_, "id");
      problem((*items)[i], "another entry has this id: ids are unique");
    }
  }

  Stage stage(const PolicyNode& node) {
    const auto value = stage_from_name(text(node));
    if (value && is_live(*value)) return *value;
    if (value)
      problem(node, "no request passes " + std::string(name_of(*value)) + " in this release; live: " + live_stages());
    else if (std::holds_alternative<std::string>(node.value))
      problem(node, "unknown stage; one of " + live_stages());
    return Stage::request_text;
  }

  // Entries of a list of names; one twice is refused.
  std::vector<std::string> names(const PolicyNode& node, size_t most, size_t most_bytes) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    list(node, most, [&](const PolicyNode& item) {
      std::string name = filled(item, most_bytes);
      if (!name.empty() && !seen.insert(name).second) problem(item, "stands twice in this list");
      out.push_back(std::move(name));
    });
    return out;
  }

  Rule rule(const PolicyNode& node) {
    Rule out;
    object(node,
           {"id", "description", "detector", "stages", "scope", "action", "mask", "fail", "fail_reason", "except",
            "message"},
           [&](const Find& field) {
             required(field, node, "id", [&](const PolicyNode& value) { out.id = token(value); });
             optional(field, "description", [&](const PolicyNode& value) { out.description = prose(value); });
             required(field, node, "detector", [&](const PolicyNode& value) { out.detector = detector(value); });
             required(field, node, "stages", [&](const PolicyNode& value) {
               filled_list(value, all_stages.size(), [&](const PolicyNode& item) {
                 const Stage named = stage(item);
                 if (std::ranges::find(out.stages, named) == out.stages.end())
                   out.stages.push_back(named);
                 else
                   problem(item, "stands twice in this list");
               });
             });
             optional(field, "scope", [&](const PolicyNode& value) { out.scope = scope(value); });
             required(field, node, "action", [&](const PolicyNode& value) {
               out.action = choice<Action>(value, action_from_name, all_actions);
             });
             optional(field, "mask", [&](const PolicyNode& value) {
               out.mask =
                   choice<MaskStyle>(value, mask_style_from_name, std::array{MaskStyle::token, MaskStyle::last_four});
             });
             optional(field, "fail", [&](const PolicyNode& value) {
               const auto from_name = [](std::string_view name) -> std::optional<FailMode> {
                 if (name == "closed") return FailMode::closed;
                 if (name == "open") return FailMode::open;
                 return std::nullopt;
               };
               out.fail = choice<FailMode>(value, from_name, std::array{FailMode::closed, FailMode::open});
             });
             optional(field, "fail_reason", [&](const PolicyNode& value) { out.fail_reason = prose(value); });
             if (out.fail == FailMode::open && out.fail_reason.empty()) {
               const Step step(path_, "fail_reason");
               problem(node, "is missing: a rule that fails open needs a reason, or \"fail\": \"closed\"");
             }
             optional(field, "except", [&](const PolicyNode& value) {
               list(value, max_policy_exceptions, [&](const PolicyNode& item) { out.except.push_back(literal(item)); });
             });
             optional(field, "message", [&](const PolicyNode& value) { out.message = messages(value); });
           });
    return out;
  }

  std::string literal(const PolicyNode& node) {
    std::string value = text(node);
    if (!std::holds_alternative<std::string>(node.value)) return value;
    if (const auto folded = fold_literal(value); !folded) problem(node, folded.error().message);
    return value;
  }

  std::string pattern(const PolicyNode& node) {
    std::string value = text(node);
    if (!std::holds_alternative<std::string>(node.value)) return value;
    if (const auto parsed = Pattern::parse(value); !parsed) problem(node, parsed.error().message);
    return value;
  }

  void count_patterns(const PolicyNode& node, size_t more) {
    patterns_ += more;
    if (patterns_ > max_policy_patterns && patterns_ - more <= max_policy_patterns)
      problem(node,
              "with these the policy has more than " + std::to_string(max_policy_patterns) + " literals and patterns");
  }

  Detector detector(const PolicyNode& node) {
    const auto* members = std::get_if<PolicyNode::Object>(&node.value);
    if (members == nullptr) {
      wrong_kind(node, "an object");
      return BuiltinDetector{};
    }
    const auto found = std::ranges::find(*members, "type", [](const auto& member) { return member.first; });
    const auto* type = found == members->end() ? nullptr : std::get_if<std::string>(&found->second.value);
    if (type != nullptr && *type == "builtin") return builtin(node);
    if (type != nullptr && *type == "literals") return literals(node);
    if (type != nullptr && *type == "patterns") return patterns(node);
    const Step step(path_, "type");
    problem(found == members->end() ? node : found->second, "one of \"builtin\", \"literals\", \"patterns\"");
    return BuiltinDetector{};
  }

  BuiltinDetector builtin(const PolicyNode& node) {
    BuiltinDetector out;
    object(node, {"type", "label", "min_score"}, [&](const Find& field) {
      required(field, node, "label",
               [&](const PolicyNode& value) { out.label = choice<Label>(value, label_from_name, all_labels); });
      optional(field, "min_score", [&](const PolicyNode& value) {
        if (const auto* whole = std::get_if<int64_t>(&value.value))
          out.min_score = static_cast<double>(*whole);
        else if (const auto* real = std::get_if<double>(&value.value))
          out.min_score = *real;
        else
          return wrong_kind(value, "a number");
        if (!std::isfinite(out.min_score) || out.min_score < 0) problem(value, "expected a number from 0 to 1");
      });
    });
    return out;
  }

  LiteralDetector literals(const PolicyNode& node) {
    LiteralDetector out;
    object(node, {"type", "label", "literals", "whole_words"}, [&](const Find& field) {
      required(field, node, "label", [&](const PolicyNode& value) { out.label = label(value); });
      required(field, node, "literals", [&](const PolicyNode& value) {
        filled_list(value, max_policy_patterns, [&](const PolicyNode& item) { out.literals.push_back(literal(item)); });
        count_patterns(value, out.literals.size());
      });
      optional(field, "whole_words", [&](const PolicyNode& value) {
        if (const auto* whole = std::get_if<bool>(&value.value))
          out.whole_words = *whole;
        else
          wrong_kind(value, "true or false");
      });
    });
    return out;
  }

  PatternDetector patterns(const PolicyNode& node) {
    PatternDetector out;
    object(node, {"type", "label", "patterns"}, [&](const Find& field) {
      required(field, node, "label", [&](const PolicyNode& value) { out.label = label(value); });
      required(field, node, "patterns", [&](const PolicyNode& value) {
        filled_list(value, max_policy_patterns, [&](const PolicyNode& item) { out.patterns.push_back(pattern(item)); });
        count_patterns(value, out.patterns.size());
      });
    });
    return out;
  }

  Scope scope(const PolicyNode& node) {
    Scope out;
    object(node, {"applications", "roles", "models", "languages"}, [&](const Find& field) {
      const auto read_names = [&](std::string_view name, std::vector<std::string>& into) {
        optional(field, name, [&](const PolicyNode& value) {
          into = names(value, max_policy_scope_entries, max_policy_name_bytes);
        });
      };
      read_names("applications", out.applications);
      read_names("roles", out.roles);
      read_names("models", out.models);
      optional(field, "languages", [&](const PolicyNode& value) {
        list(value, all_languages.size(), [&](const PolicyNode& item) {
          const auto language = choice<Language>(item, language_from_name, all_languages);
          if (std::ranges::find(out.languages, language) == out.languages.end())
            out.languages.push_back(language);
          else
            problem(item, "stands twice in this list");
        });
      });
    });
    return out;
  }

  PolicyCase policy_case(const PolicyNode& node) {
    PolicyCase out;
    object(node, {"id", "text", "stage", "expect", "labels"}, [&](const Find& field) {
      required(field, node, "id", [&](const PolicyNode& value) { out.id = token(value); });
      required(field, node, "text", [&](const PolicyNode& value) { out.text = filled(value, max_policy_case_bytes); });
      optional(field, "stage", [&](const PolicyNode& value) { out.stage = stage(value); });
      required(field, node, "expect", [&](const PolicyNode& value) {
        constexpr std::array all{Expectation::pass, Expectation::mask, Expectation::block};
        const auto from_name = [&all](std::string_view name) -> std::optional<Expectation> {
          const auto* const found =
              std::ranges::find(all, name, [](Expectation expectation) { return name_of(expectation); });
          return found == all.end() ? std::nullopt : std::optional(*found);
        };
        out.expect = choice<Expectation>(value, from_name, all);
      });
      optional(field, "labels", [&](const PolicyNode& value) {
        list(value, max_policy_scope_entries, [&](const PolicyNode& item) { out.labels.push_back(label(item)); });
      });
    });
    return out;
  }

  PolicyReading& out_;
  std::string path_;
  size_t patterns_ = 0;
};

}  // namespace

PolicyReading read_policy(std::string_view document) {
  PolicyReading out;
  if (document.size() > max_policy_bytes) {
    out.json_error = Error{ErrorCode::resource_exhausted, std::to_string(document.size()) + " bytes, at most " +
                                                              std::to_string(max_policy_bytes) + " are taken"};
    return out;
  }
  auto root = parse_policy_json(document);
  if (!root) {
    out.json_error = std::move(root).error();
    return out;
  }
  out.root = *std::move(root);
  Reader(out).read(*out.root);
  out.policy.digest = sha256(as_bytes(document));
  return out;
}

size_t offset_of(const PolicyNode& root, std::string_view path) {
  const PolicyNode* node = &root;
  while (!path.empty()) {
    const PolicyNode* next = nullptr;
    if (path[0] == '[') {
      size_t index = 0;
      const char* const end = path.data() + path.size();
      const auto [after, error] = std::from_chars(path.data() + 1, end, index);
      const auto* list = std::get_if<PolicyNode::List>(&node->value);
      if (error != std::errc() || after == end || list == nullptr || index >= list->size()) break;
      next = &(*list)[index];
      path.remove_prefix(static_cast<size_t>(after + 1 - path.data()));
    } else {
      if (path[0] == '.') path.remove_prefix(1);
      const std::string_view name = path.substr(0, path.find_first_of(".["));
      const auto* object = std::get_if<PolicyNode::Object>(&node->value);
      if (object == nullptr) break;
      const auto found = std::ranges::find(*object, name, [](const auto& member) { return member.first; });
      if (found == object->end()) break;
      next = &found->second;
      path.remove_prefix(name.size());
    }
    node = next;
  }
  return node->offset;
}

}  // namespace tijori
