// The JSON form that lint's findings have wherever they appear: in answers and in error objects.
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

}  // namespace tijori
