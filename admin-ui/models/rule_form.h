// One rule of a policy as a form: what people fill in. What a form doesn't know of a rule (its scope, messages and
// exceptions) stays in the rule's text as it is.
#pragma once

#include <QJsonObject>
#include <QStringList>

#include "admin-ui/models/json_text.h"

namespace tijori {

struct RuleForm {
  enum class Kind : uint8_t { words, patterns, builtin };
  Kind kind = Kind::words;
  QString id;
  QString description;
  QString label;
  QStringList words;  // of words and patterns, in their order
  bool whole_words = true;
  double min_score = 0.5;  // of a built-in detector
  QStringList stages{QStringLiteral("request_text"), QStringLiteral("output_stream")};
  QString action = QStringLiteral("mask");  // a code of rule_actions()
  QString fail_reason;                      // "" fails closed
  bool operator==(const RuleForm&) const = default;
};

// Codes and words of what a rule can do, weak to strong: "mask" and "mask-last-four" are the two styles of one action.
struct RuleChoice {
  QString code;
  QString text;
};
QList<RuleChoice> rule_actions();
QList<RuleChoice> rule_stages();  // those that are live
QStringList builtin_labels();

RuleForm form_of(const QJsonObject& rule);
QString action_code(const QJsonObject& rule);
QString action_text(const QJsonObject& rule);  // "mask, last 4"
QString action_text(const QString& action, const QString& mask);
QString stages_text(const QJsonObject& rule);  // "request, output"
QString detector_text(const QJsonObject& rule);

// What is missing before anything else can judge the rule; "" when nothing is. `taken` are the ids of other rules.
QString form_problem(const RuleForm& form, const QStringList& taken);
// "rule-7": one that isn't taken.
QString free_rule_id(const QStringList& taken);

// A new rule as indented text, ready to stand in a document.
QString rule_text(const RuleForm& form);
// The text with the rule at this place as the form says; only what differs from `before` is written.
QString with_form(const QString& text, JsonPlace rule, const RuleForm& before, const RuleForm& form);
QString with_action(const QString& text, JsonPlace rule, const QString& code);
QString with_fail(const QString& text, JsonPlace rule, const QString& open_reason);

}  // namespace tijori
