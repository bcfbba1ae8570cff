// A policy document: what is read is written and read again as the same; lint refuses what the parser refuses.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "daemon/guardrails/lint.h"
#include "daemon/guardrails/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const std::string_view document = as_text({data, size});
  const auto findings = lint_document(document);
  const auto policy = parse_policy(document);
  if (!policy) {
    CHECK(!policy.error().message.empty());
    CHECK(has_errors(findings));
    return 0;
  }
  const std::string written = to_document(*policy);
  auto again = parse_policy(written);
  CHECK(again.has_value());
  CHECK(to_document(*again) == written);
  again->digest = policy->digest;
  CHECK(*again == *policy);
  return 0;
}
