#include "protocol/guardrail_types.h"

#include "protocol/guardrail_forms.h"

namespace tijori {
namespace {

constexpr EnumName<PolicyState> policy_state_names[] = {{PolicyState::draft, "draft"},
                                                        {PolicyState::approved, "approved"},
                                                        {PolicyState::active, "active"},
                                                        {PolicyState::previous, "previous"},
                                                        {PolicyState::retired, "retired"}};
constexpr EnumName<GuardrailsState> guardrails_state_names[] = {{GuardrailsState::ok, "ok"},
                                                                {GuardrailsState::unavailable, "unavailable"}};
constexpr EnumName<FindingSeverity> finding_severity_names[] = {
    {FindingSeverity::note, "note"}, {FindingSeverity::warning, "warning"}, {FindingSeverity::error, "error"}};

}  // namespace

std::span<const EnumName<PolicyState>> names_of(PolicyState /*of*/) {
  return policy_state_names;
}
std::span<const EnumName<GuardrailsState>> names_of(GuardrailsState /*of*/) {
  return guardrails_state_names;
}
std::span<const EnumName<FindingSeverity>> names_of(FindingSeverity /*of*/) {
  return finding_severity_names;
}
std::string_view name_of(PolicyState state) {
  return enum_name(state);
}
std::string_view name_of(FindingSeverity severity) {
  return enum_name(severity);
}

template <class Form>
void describe(Form& form, Is<PolicySummary> auto& summary) {
  form.required("digest", summary.digest);
  form.required("name", summary.name);
  form.required("version", summary.version);
  form.required("description", summary.description);
  form.required("rules", summary.rules);
  form.required("cases", summary.cases);
  form.required("state", summary.state);
  form.required("author", summary.author);
  form.required("created_us", summary.created_us);
  form.optional("approved_by", summary.approved_by);
  form.optional("approved_us", summary.approved_us);
  form.optional("activated_us", summary.activated_us);
  form.optional("activated_by", summary.activated_by);
}

template <class Form>
void describe(Form& form, Is<GuardrailsStatus> auto& status) {
  form.required("state", status.state);
  form.required("message", status.message);
  form.nullable("active", status.active);
  form.nullable("previous", status.previous);
  form.required("policies", status.policies);
  form.required("approvals", status.approvals);
}

template <class Form>
void describe(Form& form, Is<StoredPolicy> auto& policy) {
  form.required("summary", policy.summary);
  form.required("document", policy.document);
}

template <class Form>
void describe(Form& form, Is<PolicyDocument> auto& request) {
  form.required("document", request.document);
}

template <class Form>
void describe(Form& form, Is<LintReply> auto& reply) {
  form.required("findings", reply.findings);
}

template <class Form>
void describe(Form& form, Is<DraftReply> auto& reply) {
  form.required("summary", reply.summary);
  form.required("findings", reply.findings);
}

template <class Form>
void describe(Form& form, Is<PolicyChoice> auto& choice) {
  form.optional("digest", choice.digest);
  form.optional("document", choice.document);
}

template <class Form>
void describe(Form& form, Is<BenchText> auto& text) {
  form.required("id", text.id);
  form.required("text", text.text);
}

template <class Form>
void describe(Form& form, Is<BenchRequest> auto& request) {
  form.required("a", request.a);
  form.required("b", request.b);
  form.optional("stage", request.stage);
  form.optional("application", request.application);
  form.optional("model", request.model);
  form.optional("language", request.language);
  form.required("texts", request.texts);
}

template <class Form>
void describe(Form& form, Is<BenchSpan> auto& span) {
  form.required("label", span.label);
  form.required("rule", span.rule);
  form.required("start", span.start);
  form.required("end", span.end);
  form.required("start_byte", span.start_byte);
  form.required("end_byte", span.end_byte);
  form.required("score", span.score);
  form.required("action", span.action);
}

template <class Form>
void describe(Form& form, Is<BenchSide> auto& side) {
  form.required("verdict", side.verdict);
  form.optional("rule", side.rule);
  form.required("spans", side.spans);
  form.required("time_us", side.time_us);
  form.optional("error", side.error);
}

template <class Form>
void describe(Form& form, Is<BenchPair> auto& pair) {
  form.required("id", pair.id);
  form.required("a", pair.a);
  form.required("b", pair.b);
  form.required("differs", pair.differs);
}

template <class Form>
void describe(Form& form, Is<BenchReply> auto& reply) {
  form.required("texts", reply.texts);
}

template <class Form>
void describe(Form& form, Is<CheckFailure> auto& failure) {
  form.required("id", failure.id);
  form.required("reason", failure.reason);
}

template <class Form>
void describe(Form& form, Is<CheckReply> auto& reply) {
  form.required("digest", reply.digest);
  form.required("passed", reply.passed);
  form.required("cases", reply.cases);
  form.required("failures", reply.failures);
}

template <class Form>
void describe(Form& form, Is<ChangeActive> auto& request) {
  form.optional("expected_active", request.expected_active);
}

template <class Form>
void describe(Form& form, Is<RuleHits> auto& hits) {
  form.required("policy", hits.policy);
  form.required("rule", hits.rule);
  form.required("hour_us", hits.hour_us);
  form.required("allow", hits.allow);
  form.required("annotate", hits.annotate);
  form.required("mask", hits.mask);
  form.required("stop", hits.stop);
  form.required("block", hits.block);
}

template <class Form>
void describe(Form& form, Is<HitsReply> auto& reply) {
  form.required("since_us", reply.since_us);
  form.required("now_us", reply.now_us);
  form.required("hits", reply.hits);
}

TIJORI_JSON_FORM(GuardrailsStatus)
TIJORI_JSON_FORM(PolicySummary)
TIJORI_JSON_FORM(StoredPolicy)
TIJORI_JSON_FORM(PolicyDocument)
TIJORI_JSON_FORM(LintReply)
TIJORI_JSON_FORM(DraftReply)
TIJORI_JSON_FORM(BenchRequest)
TIJORI_JSON_FORM(BenchReply)
TIJORI_JSON_FORM(CheckReply)
TIJORI_JSON_FORM(ChangeActive)
TIJORI_JSON_FORM(HitsReply)

}  // namespace tijori
