#include "admin-ui/models/rule_form.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QRegularExpression>
#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr qsizetype most_words_looked_at = 100'000;
constexpr int rule_indent = 4;

struct RuleWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::RuleForm)
};

QString text(const QJsonObject& object, const char* field) {
  return object.value(QLatin1String(field)).toString();
}

QStringList strings(const QJsonValue& list) {
  QStringList found;
  for (const QJsonValue& item : list.toArray()) {
    if (found.size() >= most_words_looked_at) break;
    found << item.toString();
  }
  return found;
}

QString type_of(RuleForm::Kind kind) {
  if (kind == RuleForm::Kind::builtin) return QStringLiteral("builtin");
  return kind == RuleForm::Kind::words ? QStringLiteral("literals") : QStringLiteral("patterns");
}

using Fields = QList<std::pair<QString, QString>>;  // names and JSON texts, in their order

QString object_text(const Fields& fields, int indent) {
  const QString inner(indent + 2, QLatin1Char(' '));
  QStringList lines;
  for (const auto& [name, value] : fields) lines << inner + json_of(name) + QStringLiteral(": ") + value;
  return QStringLiteral("{\n") + lines.join(QStringLiteral(",\n")) + QLatin1Char('\n') +
         QString(indent, QLatin1Char(' ')) + QLatin1Char('}');
}

QString list_text(const QStringList& list) {
  return json_of(QJsonArray::fromStringList(list));
}

Fields detector_fields(const RuleForm& form) {
  Fields fields{{QStringLiteral("type"), json_of(type_of(form.kind))}, {QStringLiteral("label"), json_of(form.label)}};
  if (form.kind == RuleForm::Kind::builtin) {
    fields.append({QStringLiteral("min_score"), json_of(form.min_score)});
  } else {
    fields.append({type_of(form.kind), list_text(form.words)});
    if (form.kind == RuleForm::Kind::words && !form.whole_words)
      fields.append({QStringLiteral("whole_words"), QStringLiteral("false")});
  }
  return fields;
}

bool fits(const QString& value, const char* pattern) {
  static thread_local QHash<QByteArray, QRegularExpression> made;
  QRegularExpression& expression = made[pattern];
  if (expression.pattern().isEmpty()) expression.setPattern(QLatin1String(pattern));
  return expression.match(value).hasMatch();
}

}  // namespace

QList<RuleChoice> rule_actions() {
  return {{QStringLiteral("allow"), RuleWords::tr("allow")},
          {QStringLiteral("annotate"), RuleWords::tr("annotate")},
          {QStringLiteral("mask"), RuleWords::tr("mask")},
          {QStringLiteral("mask-last-four"), RuleWords::tr("mask, last 4")},
          {QStringLiteral("stop"), RuleWords::tr("stop")},
          {QStringLiteral("block"), RuleWords::tr("block")}};
}

QList<RuleChoice> rule_stages() {
  return {{QStringLiteral("request_text"), RuleWords::tr("request")},
          {QStringLiteral("rendered_prompt"), RuleWords::tr("prompt")},
          {QStringLiteral("output_stream"), RuleWords::tr("output")},
          {QStringLiteral("final_output"), RuleWords::tr("whole output")}};
}

QStringList builtin_labels() {
  return QStringLiteral(
             "AADHAAR PAYMENT_CARD PAN GSTIN IFSC PHONE_MOBILE EMAIL UPI_VPA HIDDEN_UNICODE BIDI_CONTROL PRIVATE_KEY "
             "SECRET_TOKEN")
      .split(QLatin1Char(' '));
}

QString action_code(const QJsonObject& rule) {
  const QString action = text(rule, "action");
  return action == QLatin1String("mask") && text(rule, "mask") == QLatin1String("last_four")
             ? QStringLiteral("mask-last-four")
             : action;
}

QString action_text(const QString& action, const QString& mask) {
  const QString code = mask == QLatin1String("last_four") ? action + QStringLiteral("-last-four") : action;
  for (const RuleChoice& choice : rule_actions())
    if (choice.code == code) return choice.text;
  return action.left(32);
}

QString action_text(const QJsonObject& rule) {
  return action_text(text(rule, "action"),
                     text(rule, "action") == QLatin1String("mask") ? text(rule, "mask") : QString());
}

QString stages_text(const QJsonObject& rule) {
  const QList<RuleChoice> known = rule_stages();
  QStringList words;
  for (const QString& stage : strings(rule.value(QLatin1String("stages"))).mid(0, 16)) {
    const auto found = std::ranges::find(known, stage, &RuleChoice::code);
    words << (found == known.end() ? stage.left(32) : found->text);
  }
  return words.join(QStringLiteral(", "));
}

QString detector_text(const QJsonObject& rule) {
  const QJsonObject detector = rule.value(QLatin1String("detector")).toObject();
  const QString type = text(detector, "type");
  const QString label = text(detector, "label").left(64);
  const auto count = [&](const char* field) {
    return static_cast<int>(detector.value(QLatin1String(field)).toArray().size());
  };
  if (type == QLatin1String("literals"))
    return RuleWords::tr("%1, %n literal(s)", nullptr, count("literals")).arg(label);
  if (type == QLatin1String("patterns"))
    return RuleWords::tr("%1, %n pattern(s)", nullptr, count("patterns")).arg(label);
  const QJsonValue score = detector.value(QLatin1String("min_score"));
  return score.isDouble() ? QStringLiteral("%1 ≥ %2").arg(label, decimal_text(score.toDouble(), 2)) : label;
}

RuleForm form_of(const QJsonObject& rule) {
  RuleForm form;
  const QJsonObject detector = rule.value(QLatin1String("detector")).toObject();
  const QString type = text(detector, "type");
  form.kind = type == QLatin1String("builtin")    ? RuleForm::Kind::builtin
              : type == QLatin1String("patterns") ? RuleForm::Kind::patterns
                                                  : RuleForm::Kind::words;
  form.id = text(rule, "id");
  form.description = text(rule, "description");
  form.label = text(detector, "label");
  if (form.kind != RuleForm::Kind::builtin) form.words = strings(detector.value(type_of(form.kind)));
  form.whole_words = detector.value(QLatin1String("whole_words")).toBool(true);
  form.min_score = detector.value(QLatin1String("min_score")).toDouble(0.5);
  form.stages = strings(rule.value(QLatin1String("stages")));
  form.action = action_code(rule);
  form.fail_reason = text(rule, "fail") == QLatin1String("open") ? text(rule, "fail_reason") : QString();
  return form;
}

QString form_problem(const RuleForm& form, const QStringList& taken) {
  if (!fits(form.id, "^[a-z0-9][a-z0-9_.-]{0,47}$"))
    return RuleWords::tr("The id is 1 to 48 of a-z 0-9 _ . -, a letter or digit first.");
  if (taken.contains(form.id)) return RuleWords::tr("%1 is the id of another rule.").arg(form.id);
  if (form.kind == RuleForm::Kind::words && form.words.isEmpty())
    return RuleWords::tr("Write the words to look for, one on a line.");
  if (form.kind == RuleForm::Kind::patterns && form.words.isEmpty())
    return RuleWords::tr("Write the pattern to look for, one on a line.");
  if (!fits(form.label, "^[A-Z0-9_]{1,32}$")) return RuleWords::tr("The label is 1 to 32 of A-Z 0-9 _.");
  if (form.stages.isEmpty()) return RuleWords::tr("Choose at least one stage.");
  return {};
}

QString free_rule_id(const QStringList& taken) {
  qsizetype number = taken.size() + 1;
  while (taken.contains(QStringLiteral("rule-%1").arg(number))) ++number;
  return QStringLiteral("rule-%1").arg(number);
}

QString rule_text(const RuleForm& form) {
  Fields fields{{QStringLiteral("id"), json_of(form.id)}};
  if (!form.description.isEmpty()) fields.append({QStringLiteral("description"), json_of(form.description)});
  fields.append({QStringLiteral("detector"), object_text(detector_fields(form), rule_indent + 2)});
  fields.append({QStringLiteral("stages"), list_text(form.stages)});
  const bool last_four = form.action == QLatin1String("mask-last-four");
  fields.append({QStringLiteral("action"), json_of(last_four ? QStringLiteral("mask") : form.action)});
  if (last_four) fields.append({QStringLiteral("mask"), QStringLiteral("\"last_four\"")});
  if (!form.fail_reason.isEmpty()) {
    fields.append({QStringLiteral("fail"), QStringLiteral("\"open\"")});
    fields.append({QStringLiteral("fail_reason"), json_of(form.fail_reason)});
  }
  return object_text(fields, rule_indent);
}

namespace {

// The place of the rule after a change within it, which moved its end alone.
JsonPlace moved(JsonPlace rule, const QString& before, const QString& after) {
  return {rule.begin, rule.end + after.size() - before.size()};
}

class RuleEdit {
 public:
  RuleEdit(QString text, JsonPlace rule) : text_(std::move(text)), rule_(rule) {}
  void set(const char* name, const QString& value) { take(with_member(text_, rule_, QLatin1String(name), value)); }
  void remove(const char* name) { take(without_member(text_, rule_, QLatin1String(name))); }
  void set_in_detector(const QString& name, const QString& value) {
    if (const auto detector = json_member(text_, rule_, QStringLiteral("detector")))
      take(with_member(text_, *detector, name, value));
  }
  const QString& text() const { return text_; }

 private:
  void take(const QString& changed) {
    rule_ = moved(rule_, text_, changed);
    text_ = changed;
  }
  QString text_;
  JsonPlace rule_;
};

void set_action(RuleEdit& edit, const QString& code) {
  const bool last_four = code == QLatin1String("mask-last-four");
  edit.set("action", json_of(last_four ? QStringLiteral("mask") : code));
  if (last_four) {
    edit.set("mask", QStringLiteral("\"last_four\""));
  } else {
    edit.remove("mask");
  }
}

void set_fail(RuleEdit& edit, const QString& open_reason) {
  if (open_reason.isEmpty()) {
    edit.remove("fail");
    edit.remove("fail_reason");
  } else {
    edit.set("fail", QStringLiteral("\"open\""));
    edit.set("fail_reason", json_of(open_reason));
  }
}

}  // namespace

QString with_action(const QString& text, JsonPlace rule, const QString& code) {
  RuleEdit edit(text, rule);
  set_action(edit, code);
  return edit.text();
}

QString with_fail(const QString& text, JsonPlace rule, const QString& open_reason) {
  RuleEdit edit(text, rule);
  set_fail(edit, open_reason);
  return edit.text();
}

QString with_form(const QString& text, JsonPlace rule, const RuleForm& before, const RuleForm& form) {
  RuleEdit edit(text, rule);
  if (form.id != before.id) edit.set("id", json_of(form.id));
  if (form.description != before.description) {
    if (form.description.isEmpty()) {
      edit.remove("description");
    } else {
      edit.set("description", json_of(form.description));
    }
  }
  if (form.kind != before.kind) {
    edit.set("detector", object_text(detector_fields(form), rule_indent + 2));
  } else {
    if (form.label != before.label) edit.set_in_detector(QStringLiteral("label"), json_of(form.label));
    if (form.kind == RuleForm::Kind::builtin && form.min_score != before.min_score)
      edit.set_in_detector(QStringLiteral("min_score"), json_of(form.min_score));
    if (form.kind != RuleForm::Kind::builtin && form.words != before.words)
      edit.set_in_detector(type_of(form.kind), list_text(form.words));
    if (form.kind == RuleForm::Kind::words && form.whole_words != before.whole_words)
      edit.set_in_detector(QStringLiteral("whole_words"), json_of(form.whole_words));
  }
  if (form.stages != before.stages) edit.set("stages", list_text(form.stages));
  if (form.action != before.action) set_action(edit, form.action);
  if (form.fail_reason != before.fail_reason) set_fail(edit, form.fail_reason);
  return edit.text();
}

}  // namespace tijori
