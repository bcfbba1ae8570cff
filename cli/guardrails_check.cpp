// tijori guardrails check: runs a policy's regression pack, on the appliance or, for a file, here.
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/bytes.h"
#include "cli/guardrails.h"
#include "cli/output.h"
#include "daemon/guardrails/guard.h"
#include "daemon/guardrails/regression_pack.h"

namespace tijori {

namespace {

constexpr int64_t check_quiet_timeout_ms = 300'000;

struct CheckArguments {
  std::string policy = "active";
  std::string file;
  bool json = false;
};

Answer<CheckReply> check_stored(const Context& context, const std::string& wanted) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const auto status, guardrails_status(client));
  TRY_ASSIGN(const PolicySummary found, find_policy(status, wanted));
  ClientRequest request{.method = "POST", .target = policy_target(found.digest, "check")};
  request.quiet_timeout_ms = check_quiet_timeout_ms;
  return read_answer<CheckReply>(call(client, request), request.target);
}

Result<CheckReply> check_file(const std::string& file) {
  TRY_ASSIGN(Policy policy, policy_from_file(file));
  CheckReply reply;
  reply.digest = to_hex(policy.digest);
  TRY_ASSIGN(const auto compiled, CompiledPolicy::compile(std::move(policy)));
  const PackResult result = run_pack(compiled->policy(), [&compiled](const PolicyCase& each) -> Result<PackVerdict> {
    const GuardSubject subject{"", {}, "", detect_language(each.text)};
    MaskNames names;
    TRY_ASSIGN(const Judged judged, judge(compiled, each.stage, 0, subject, names, each.text));
    if (!judged.failed.empty()) return fail(ErrorCode::internal, judged.failed);
    PackVerdict verdict{judged.verdict, {}};
    for (const Decision& decision : judged.decisions) {
      verdict.action = std::max(verdict.action, decision.action);
      verdict.labels.push_back(decision.label);
    }
    return verdict;
  });
  reply.passed = result.passed();
  reply.cases = static_cast<int64_t>(result.cases);
  for (const PackFailure& failure : result.failures) reply.failures.push_back({failure.id, failure.reason});
  return reply;
}

Answer<Exit> check(const Context& context, const CheckArguments& arguments) {
  CheckReply reply;
  if (arguments.file.empty()) {
    TRY_ASSIGN(reply, check_stored(context, arguments.policy));
  } else {
    TRY_ASSIGN(reply, check_file(arguments.file));
  }
  if (arguments.json) {
    print(to_json(reply) + "\n");
  } else {
    Table table({"CASE", "FAILED"});
    for (const CheckFailure& each : reply.failures) table.add({printable(each.id), printable(each.reason)});
    if (!reply.failures.empty()) table.print();
    print(std::to_string(reply.cases) + " cases, " + std::to_string(reply.failures.size()) +
          " failed: " + (reply.passed ? "passed" : "a policy whose pack fails can't be activated") + "\n");
  }
  return reply.passed ? Exit::done : Exit::failed;
}

}  // namespace

void add_guardrails_check(CLI::App& guardrails, Context& context) {
  CLI::App* verb = guardrails.add_subcommand("check", "Run a policy's regression pack; 1 as exit code if a case fails");
  const auto arguments = std::make_shared<CheckArguments>();
  CLI::Option* policy = verb->add_option("POLICY", arguments->policy, "active, previous, a digest or its beginning")
                            ->capture_default_str();
  verb->add_option("--file", arguments->file, "This document instead, without a daemon")->excludes(policy);
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return check(context, *arguments); }; });
}

}  // namespace tijori
