// tijori guardrails save, approve, activate and rollback: how a policy comes into force.
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/guardrails.h"
#include "cli/output.h"

namespace tijori {

namespace {

constexpr int64_t change_quiet_timeout_ms = 300'000;  // compiling a large policy and running its pack take their time

template <class T, class Body>
Answer<T> change(HttpClient& client, const std::string& target, const Body& body) {
  ClientRequest request{.method = "POST", .target = target, .body = to_json(body)};
  request.quiet_timeout_ms = change_quiet_timeout_ms;
  return read_answer<T>(call(client, request), target);
}

Answer<Exit> save(const Context& context, const std::string& file, OutputForm form) {
  TRY_ASSIGN(const std::string document, read_policy_document(file));
  // Here too, since only here the findings have their lines.
  const auto findings = lint_document(document);
  print_note(findings_text(file, findings));
  if (has_errors(findings))
    return fail(ErrorCode::invalid_argument, file + ": not saved; mend what is marked as an error");
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const DraftReply reply,
             change<DraftReply>(client, std::string(guardrails_path) + "/policies", PolicyDocument{document}));
  if (form == OutputForm::json)
    print(to_json(reply) + "\n");
  else
    print("saved " + title_of(reply.summary) + ": " + std::string(name_of(reply.summary.state)) + "\n");
  return Exit::done;
}

Answer<Exit> approve(const Context& context, const std::string& wanted, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const GuardrailsStatus status, guardrails_status(client));
  TRY_ASSIGN(const PolicySummary found, find_policy(status, wanted));
  const std::string target = policy_target(found.digest, "approve");
  TRY_ASSIGN(const PolicySummary reply, post<PolicySummary>(client, target));
  if (form == OutputForm::json)
    print(to_json(reply) + "\n");
  else
    print("approved " + title_of(reply) + " of " + printable(reply.author) + "\n");
  return Exit::done;
}

// Who changed the active policy since it was looked at is told, not overruled.
ChangeActive as_seen(const GuardrailsStatus& status) {
  ChangeActive change;
  if (status.active) change.expected_active = status.active->digest;
  return change;
}

Exit print_active(const GuardrailsStatus& status, OutputForm form) {
  if (form == OutputForm::json)
    print(to_json(status) + "\n");
  else if (status.active)
    print("active: " + title_of(*status.active) +
          (status.previous ? "; a roll back brings " + title_of(*status.previous) : "") + "\n");
  return Exit::done;
}

Answer<Exit> activate(const Context& context, const std::string& wanted, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const GuardrailsStatus status, guardrails_status(client));
  TRY_ASSIGN(const PolicySummary found, find_policy(status, wanted));
  TRY_ASSIGN(const GuardrailsStatus now,
             change<GuardrailsStatus>(client, policy_target(found.digest, "activate"), as_seen(status)));
  return print_active(now, form);
}

Answer<Exit> roll_back(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const GuardrailsStatus status, guardrails_status(client));
  TRY_ASSIGN(const GuardrailsStatus now,
             change<GuardrailsStatus>(client, std::string(guardrails_path) + "/rollback", as_seen(status)));
  return print_active(now, form);
}

using Work = std::function<Answer<Exit>(const Context&, const std::string&, OutputForm)>;

// A verb with one argument and --json.
void add_verb(CLI::App& guardrails, Context& context, const std::string& name, const std::string& about,
              const std::string& argument, const std::string& argument_about, Work work) {
  struct Arguments {
    std::string value;
    bool json = false;
  };
  CLI::App* verb = guardrails.add_subcommand(name, about);
  const auto arguments = std::make_shared<Arguments>();
  if (!argument.empty()) verb->add_option(argument, arguments->value, argument_about)->required();
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback([&context, arguments, work = std::move(work)] {
    context.verb = [&context, arguments, work] {
      return work(context, arguments->value, arguments->json ? OutputForm::json : OutputForm::people);
    };
  });
}

}  // namespace

void add_guardrails_change(CLI::App& guardrails, Context& context) {
  add_verb(guardrails, context, "save", "Store a policy as a draft; nothing is in force by that", "FILE",
           "The policy's document", save);
  add_verb(guardrails, context, "approve", "Consent to a policy that somebody else wrote", "POLICY",
           "Its digest or the beginning of it", approve);
  add_verb(guardrails, context, "activate", "Judge requests by this policy from now on", "POLICY",
           "Its digest or the beginning of it", activate);
  add_verb(guardrails, context, "rollback", "Back to the policy that was active before", "", "",
           [](const Context& own, const std::string&, OutputForm form) { return roll_back(own, form); });
}

}  // namespace tijori
