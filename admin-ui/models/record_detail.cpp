#include "admin-ui/models/record_detail.h"

#include <QCoreApplication>
#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(tijori::RecordDetail)
};

constexpr size_t most_shown = 300;
constexpr size_t most_lines = 64;
constexpr size_t most_decisions = 64;
constexpr size_t short_id = 8;

struct Field {
  const char* name;
  const char* words;
};
// The fields of docs/audit-record.md.
constexpr Field fields[] = {
    {"code", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Code")},
    {"cause", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Cause")},
    {"count", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Count")},
    {"period_s", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Period")},
    {"version", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Version")},
    {"key", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Log's key")},
    {"previous_header", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Header before")},
    {"heartbeat_s", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Heartbeat every")},
    {"state", QT_TRANSLATE_NOOP("tijori::RecordDetail", "State")},
    {"unfinished", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Unfinished")},
    {"before_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Clock before")},
    {"after_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Clock after")},
    {"endpoint", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Endpoint")},
    {"number", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Request number")},
    {"stream", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Streamed")},
    {"body_bytes", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Size of request")},
    {"http_status", QT_TRANSLATE_NOOP("tijori::RecordDetail", "HTTP status")},
    {"finish_reason", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Ended by")},
    {"prompt_tokens", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Prompt tokens")},
    {"completion_tokens", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Answer tokens")},
    {"cached_tokens", QT_TRANSLATE_NOOP("tijori::RecordDetail", "From the cache")},
    {"template", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Chat template")},
    {"policy", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Policy")},
    {"queue_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Waited")},
    {"prompt_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Read the prompt")},
    {"decode_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Wrote the answer")},
    {"total_us", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Took")},
    {"roles", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Roles")},
    {"certificate", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Certificate")},
    {"verb", QT_TRANSLATE_NOOP("tijori::RecordDetail", "What was done")},
    {"before", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Before")},
    {"after", QT_TRANSLATE_NOOP("tijori::RecordDetail", "After")},
    {"approver", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Approved by")},
    {"what", QT_TRANSLATE_NOOP("tijori::RecordDetail", "What was read")},
    {"first_seq", QT_TRANSLATE_NOOP("tijori::RecordDetail", "First record")},
    {"last_seq", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Last record")},
    {"backend", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Runs on")},
    {"license", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Licence")},
    {"signal", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Signal")},
    {"exit_code", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Exit code")},
    {"config", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Configuration")},
    {"requests", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Requests")},
    {"refused", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Refused")},
    {"stage", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Stage")},
    {"action", QT_TRANSLATE_NOOP("tijori::RecordDetail", "Strongest action")},
    {"first", QT_TRANSLATE_NOOP("tijori::RecordDetail", "First decision")},
};

QString field_name(const std::string& name) {
  const auto* const found = std::ranges::find_if(fields, [&](const Field& each) { return name == each.name; });
  return found == std::end(fields) ? shown(name) : Words::tr(found->words);
}

bool is_digest(const std::string& word) {
  return word.size() >= 32 &&
         std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

QString number_text(const std::string& name, int64_t number) {
  static constexpr int64_t second_us = 1'000'000;
  static constexpr int64_t most_seconds = 1'000'000'000;
  if (name == "before_us" || name == "after_us") return ist_stamp(number);
  if (name.ends_with("_us")) return duration_text(number);
  if (name.ends_with("_s")) return duration_text(std::clamp<int64_t>(number, 0, most_seconds) * second_us);
  if (name.ends_with("_bytes")) return memory_text(number);
  if (name == "http_status" || name == "exit_code" || name == "signal") return QString::number(number);
  return count_text(number);
}

DetailLine line_of(const std::string& name, const DetailValue& value, const AuditNames& names) {
  DetailLine line;
  line.name = field_name(name);
  if (const auto* const flag = std::get_if<bool>(&value)) {
    line.value = *flag ? Words::tr("yes") : Words::tr("no");
  } else if (const auto* const number = std::get_if<int64_t>(&value)) {
    line.value = number_text(name, *number);
  } else if (const auto* const word = std::get_if<std::string>(&value)) {
    line.value = names.object(*word);
    line.is_looked_up = !line.value.isEmpty();
    if (!line.is_looked_up) {
      line.value = shown(*word);
      line.form = DetailLine::Form::mono;
    }
  }
  return line;
}

std::optional<int64_t> number_in(const AuditDetail& detail, std::string_view name) {
  const DetailValue* const value = detail.find(name);
  const auto* const number = value == nullptr ? nullptr : std::get_if<int64_t>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

QString word_in(const AuditDetail& detail, std::string_view name) {
  const DetailValue* const value = detail.find(name);
  const auto* const word = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return word == nullptr ? QString() : shown(*word);
}

QString clock_words(const std::string& status) {
  if (status == "synced") return Words::tr("synchronised");
  if (status == "holdover") return Words::tr("keeps time by itself since the last synchronisation");
  if (status == "free-running") return Words::tr("never synchronised");
  return Words::tr("not known");
}

QString actor_kind(const std::string& type) {
  if (type == "app") return Words::tr("application");
  if (type == "admin") return Words::tr("administrator");
  if (type == "auditor") return Words::tr("auditor");
  if (type == "system") return Words::tr("the appliance itself");
  return Words::tr("not known");
}

}  // namespace

QString shown(const std::string& text) {
  return QString::fromStdString(text.size() > most_shown ? text.substr(0, most_shown) + "…" : text);
}

QString grouped_digest(const std::string& hex) {
  QString text = shown(hex);
  for (qsizetype place = 4; place < text.size(); place += 5) text.insert(place, QLatin1Char(' '));
  return text;
}

BadgeText outcome_badge(const std::string& outcome) {
  if (outcome == "ok") return {Tone::plain, QStringLiteral("check-lg"), Words::tr("ok")};
  if (outcome == "answered") return {Tone::ok, QStringLiteral("check-circle"), Words::tr("answered")};
  if (outcome == "refused") return {Tone::warn, QStringLiteral("dash-circle"), Words::tr("refused")};
  if (outcome == "blocked") return {Tone::danger, QStringLiteral("shield-x"), Words::tr("blocked")};
  if (outcome == "aborted") return {Tone::warn, QStringLiteral("exclamation-triangle"), Words::tr("aborted")};
  if (outcome == "failed") return {Tone::danger, QStringLiteral("x-circle"), Words::tr("failed")};
  return {Tone::plain, {}, shown(outcome)};
}

QString actor_text(const AuditRecord& record, const AuditNames& names) {
  if (record.actor.empty()) return actor_kind(record.actor_type);
  const QString name = names.client(record.actor);
  return name.isEmpty() ? shown(record.actor.substr(0, short_id)) : name;
}

QString object_text(const AuditRecord& record, const AuditNames& names) {
  if (const QString name = names.object(record.object); !name.isEmpty()) return name;
  if (record.event == "log.read") {
    const auto count = number_in(record.detail, "count");
    const QString what = word_in(record.detail, "what");
    return count ? Words::tr("%1, %n record(s)", nullptr, static_cast<int>(std::clamp<int64_t>(*count, 0, 1 << 30)))
                       .arg(what)
                 : what;
  }
  if (is_digest(record.object)) return short_digest(record.object);
  for (const char* field : {"endpoint", "verb", "cause", "stage", "version", "state", "code"})
    if (QString word = word_in(record.detail, field); !word.isEmpty()) return word;
  return shown(record.object);
}

QString took_text(const AuditRecord& record) {
  const auto total = number_in(record.detail, "total_us");
  return total && *total >= 0 ? duration_text(*total) : QString();
}

DecodedRecord decode_record(const AuditRecord& record, const AuditNames& names) {
  using Form = DetailLine::Form;
  DecodedRecord decoded;
  const auto fact = [&](const QString& name, const QString& value, Form form = Form::plain, bool is_looked_up = false) {
    if (!value.isEmpty()) decoded.facts.push_back({form, name, value, is_looked_up});
  };
  fact(Words::tr("Time"), ist_stamp(record.time_us));
  fact(QStringLiteral("UTC"), utc_stamp(record.time_us));
  fact(Words::tr("Clock"), clock_words(record.time_status));
  fact(Words::tr("Event"), shown(record.event), Form::mono);
  const QString actor = names.client(record.actor);
  fact(Words::tr("Actor"), actor.isEmpty() ? actor_kind(record.actor_type) : actor, Form::plain, !actor.isEmpty());
  fact(Words::tr("Actor's id"), shown(record.actor), Form::mono);
  fact(Words::tr("Certificate"), shown(record.auth), Form::mono);
  if (record.peer_uid >= 0) fact(Words::tr("User id"), QString::number(record.peer_uid));
  const QString object = names.object(record.object);
  if (!object.isEmpty()) fact(Words::tr("Object"), object, Form::plain, true);
  fact(object.isEmpty() ? Words::tr("Object") : Words::tr("Object's digest"), shown(record.object), Form::mono);
  fact(Words::tr("Purpose"), shown(record.purpose), Form::mono);
  fact(Words::tr("Basis"), shown(record.basis), Form::mono);
  for (const std::string& subject : record.subjects) {
    if (decoded.facts.size() >= most_lines) break;
    fact(Words::tr("Data principal"), shown(subject), Form::mono);
  }
  fact(Words::tr("Request"), shown(record.request_id), Form::mono);
  if (record.approvals > 0) fact(Words::tr("Approvals needed"), count_text(record.approvals));
  for (const auto& [name, value] : record.detail.fields()) {
    if (const auto* const decisions = std::get_if<std::vector<AuditDecision>>(&value)) {
      for (const AuditDecision& decision : *decisions)
        if (decoded.decisions.size() < most_decisions) decoded.decisions.push_back(decision);
    } else if (decoded.details.size() < most_lines) {
      decoded.details.push_back(line_of(name, value, names));
    }
  }
  return decoded;
}

}  // namespace tijori
