// The JSON forms of what appears in answers of its own and inside others: findings of lint, what is in force.
#pragma once

#include "protocol/fields.h"
#include "protocol/guardrail_types.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<PolicyFinding> auto& finding) {
  form.required("severity", finding.severity);
  form.required("code", finding.code);
  form.required("rule", finding.rule);
  form.required("path", finding.path);
  form.required("message", finding.message);
  form.required("line", finding.line);
  form.required("column", finding.column);
}

template <class Form>
void describe(Form& form, Is<GuardrailsInForce> auto& in_force) {
  form.required("state", in_force.state);
  form.required("digest", in_force.digest);
  form.required("name", in_force.name);
  form.required("version", in_force.version);
  form.required("approvals", in_force.approvals);
}

}  // namespace tijori
