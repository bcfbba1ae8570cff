#include "daemon/health.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/clock.h"

namespace tijori {
namespace {

constexpr int64_t expiry_warning_us = 30LL * 86'400 * 1'000'000;

void add_log_conditions(const Vitals& vitals, std::vector<Condition>& conditions) {
  if (!vitals.audit_trouble.empty()) {
    const bool blocked = vitals.audit_state == "blocked";
    conditions.push_back({vitals.is_another_log ? "log-replaced"
                          : blocked             ? "log-blocked"
                                                : "audit-away",
                          Severity::error,
                          "The audit log takes no records, so nothing is answered: " + vitals.audit_trouble,
                          vitals.audit_away_since_us});
  } else if (vitals.audit_state == "reserve") {
    conditions.push_back({"log-reserve", Severity::error,
                          "The disk of the audit log is nearly full: inference is refused until there is room.", 0});
  } else if (vitals.audit_state == "tight") {
    conditions.push_back({"log-tight", Severity::warning, "The disk of the audit log is filling up; make room.", 0});
  }
}

void add_guardrail_conditions(const Vitals& vitals, std::vector<Condition>& conditions) {
  if (!vitals.guardrails_trouble.empty())
    conditions.push_back({"guardrails-unavailable", Severity::error, vitals.guardrails_trouble, 0});
  if (vitals.rules_failing_open.empty()) return;
  std::string rules;
  for (const std::string& rule : vitals.rules_failing_open) rules += (rules.empty() ? "" : "; ") + rule;
  conditions.push_back({"guardrail-fails-open", Severity::warning,
                        "Rules of the active policy let text pass when they can't judge it: " + rules, 0});
}

bool is_altered(const Vitals& vitals, const std::string& alias) {
  return std::ranges::find(vitals.altered_models, alias) != vitals.altered_models.end();
}

void add_model_conditions(const Vitals& vitals, std::vector<Condition>& conditions) {
  bool any_served = false;
  for (const ModelInfo& model : vitals.models) {
    if (model.state == ModelState::allowed || model.state == ModelState::unloading) continue;
    any_served = true;
    if (model.state == ModelState::failed && is_altered(vitals, model.alias))
      conditions.push_back({"model-altered", Severity::error, "Model " + model.alias + ": " + model.message, 0});
    else if (model.state == ModelState::failed)
      conditions.push_back({"model-failed", Severity::error, "Model " + model.alias + ": " + model.message, 0});
    else if (model.state == ModelState::ready && !model.message.empty())
      conditions.push_back({"engine-unresponsive", Severity::error, "Model " + model.alias + ": " + model.message, 0});
    else if (model.state != ModelState::ready)
      conditions.push_back({"model-loading", Severity::info, "Model " + model.alias + ": " + model.message, 0});
  }
  if (!any_served)
    conditions.push_back({"no-model", Severity::warning,
                          vitals.models.empty() ? "There is no model; add one with tijori models add FILE."
                                                : "No model is loaded; load one with tijori models load.",
                          0});
}

void add_certificate_conditions(const Vitals& vitals, std::vector<Condition>& conditions) {
  if (vitals.certificate_not_after_us > 0 && vitals.certificate_not_after_us - vitals.now_us < expiry_warning_us)
    conditions.push_back({"certificate-expiring",
                          vitals.certificate_not_after_us < vitals.now_us ? Severity::error : Severity::warning,
                          "The server's certificate ends at " + to_rfc3339(vitals.certificate_not_after_us) + ".", 0});
  if (vitals.crl_next_update_us > 0 && vitals.crl_next_update_us < vitals.now_us)
    conditions.push_back({"crl-stale", Severity::warning,
                          "The revocation list was due for renewal at " + to_rfc3339(vitals.crl_next_update_us) +
                              "; it is still enforced.",
                          0});
}

// What the daemon knows better itself stands: its certificate in force, say, over the one that lies on the disk.
void add_machine_conditions(const Vitals& vitals, std::vector<Condition>& conditions) {
  std::set<std::string> told;
  for (const Condition& condition : conditions) told.insert(condition.code);
  for (const Condition& found : vitals.machine)
    if (!told.contains(found.code)) conditions.push_back(found);
}

Health health_of(const Vitals& vitals, const std::vector<Condition>& conditions) {
  if (vitals.draining) return Health::draining;
  const auto has = [&](std::string_view code) {
    return std::ranges::find(conditions, code, &Condition::code) != conditions.end();
  };
  for (const std::string_view code :
       {"audit-away", "log-blocked", "log-replaced", "log-reserve", "guardrails-unavailable"})
    if (has(code)) return Health::blocked;
  const bool any_ready = std::ranges::find(vitals.models, ModelState::ready, &ModelInfo::state) != vitals.models.end();
  const bool is_machine_wrong =
      std::ranges::find(vitals.machine, Severity::error, &Condition::severity) != vitals.machine.end();
  if (any_ready)
    return is_machine_wrong || has("model-failed") || has("model-altered") || has("engine-unresponsive") ||
                   has("certificate-expiring")
               ? Health::degraded
               : Health::ready;
  return has("model-loading") ? Health::starting : Health::degraded;
}

std::string sentence_of(Health health, const Vitals& vitals, const std::vector<Condition>& conditions) {
  if (health == Health::draining) return "Stopping: running requests are being finished.";
  if (health != Health::ready && !conditions.empty()) return conditions.front().message;
  std::string names;
  for (const ModelInfo& model : vitals.models)
    if (model.state == ModelState::ready) names += (names.empty() ? "" : ", ") + model.alias;
  return "Ready, serving " + names + ".";
}

}  // namespace

HealthReport HealthJudge::judge(const Vitals& vitals) {
  HealthReport report;
  if (vitals.draining) report.conditions.push_back({"draining", Severity::info, "The daemon is stopping.", 0});
  add_log_conditions(vitals, report.conditions);
  add_guardrail_conditions(vitals, report.conditions);
  add_model_conditions(vitals, report.conditions);
  add_certificate_conditions(vitals, report.conditions);
  if (!vitals.reload_trouble.empty())
    report.conditions.push_back({"reload-failed", Severity::warning,
                                 "The last reload failed, and what was in force stays: " + vitals.reload_trouble, 0});
  add_machine_conditions(vitals, report.conditions);
  std::ranges::sort(report.conditions, [](const Condition& a, const Condition& b) {
    return std::tie(b.severity, a.code) < std::tie(a.severity, b.code);
  });

  std::map<std::string, int64_t> holding;
  const std::lock_guard lock(mutex_);
  for (Condition& condition : report.conditions) {
    const auto before = since_us_.find(condition.code);
    if (condition.since_us == 0) condition.since_us = before == since_us_.end() ? vitals.now_us : before->second;
    holding.emplace(condition.code, condition.since_us);
  }
  since_us_ = std::move(holding);
  report.health = health_of(vitals, report.conditions);
  report.sentence = sentence_of(report.health, vitals, report.conditions);
  return report;
}

}  // namespace tijori
