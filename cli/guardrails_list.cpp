// tijori guardrails list, show and hits: what is stored, what is in force, what it did.
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/guardrails.h"
#include "cli/output.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

namespace {

Answer<Exit> list_policies(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const GuardrailsStatus status, guardrails_status(client));
  if (form == OutputForm::json) {
    print(to_json(status) + "\n");
    return Exit::done;
  }
  if (status.state != GuardrailsState::ok) print("unavailable: " + printable(status.message) + "\n");
  Table table({"STATE", "NAME", "VERSION", "RULES", "CASES", "AUTHOR", "APPROVED BY", "ACTIVATED", "DIGEST"});
  for (const PolicySummary& each : status.policies)
    table.add({std::string(name_of(each.state)), printable(each.name), std::to_string(each.version),
               std::to_string(each.rules), std::to_string(each.cases), printable(each.author),
               printable(each.approved_by.value_or("-")), human_time(each.activated_us.value_or(0)),
               short_digest(each.digest)});
  table.print();
  if (status.approvals > 1) print("Activation needs the approval of a guardrail editor other than the author.\n");
  return Exit::done;
}

std::string stages_of(const Rule& rule) {
  std::string out;
  for (const Stage stage : rule.stages) out.append(out.empty() ? "" : ",").append(name_of(stage));
  return out;
}

std::string detector_of(const Rule& rule) {
  if (const auto* literals = std::get_if<LiteralDetector>(&rule.detector))
    return literals->label + ", " + std::to_string(literals->literals.size()) + " literals";
  if (const auto* patterns = std::get_if<PatternDetector>(&rule.detector))
    return patterns->label + ", " + std::to_string(patterns->patterns.size()) + " patterns";
  return std::string(label_of(rule.detector));
}

void print_rules(const std::string& document) {
  const auto policy = parse_policy(document);
  // A newer daemon may know what this program doesn't.
  if (!policy) return print("  rules     " + printable(policy.error().message) + "; --document prints them\n");
  Table table({"  RULE", "ACTION", "DETECTOR", "STAGES"});
  for (const Rule& rule : policy->rules)
    table.add({"  " + rule.id, std::string(name_of(rule.action)) + (rule.fail == FailMode::open ? ", fails open" : ""),
               detector_of(rule), stages_of(rule)});
  table.print();
}

void print_policy(const StoredPolicy& stored) {
  const PolicySummary& policy = stored.summary;
  print(printable(policy.name) + " " + std::to_string(policy.version) + ": " + std::string(name_of(policy.state)) +
        "\n");
  if (!policy.description.empty()) print("  about     " + printable(policy.description) + "\n");
  print("  digest    " + policy.digest + "\n");
  print("  author    " + printable(policy.author) + ", " + human_time(policy.created_us) + "\n");
  if (policy.approved_by)
    print("  approved  " + printable(*policy.approved_by) + ", " + human_time(policy.approved_us.value_or(0)) + "\n");
  if (policy.activated_by)
    print("  activated " + printable(*policy.activated_by) + ", " + human_time(policy.activated_us.value_or(0)) + "\n");
  print("  cases     " + std::to_string(policy.cases) + " in its regression pack\n");
  print_rules(stored.document);
}

struct ShowArguments {
  std::string policy = "active";
  bool document = false;
  bool json = false;
};

Answer<Exit> show_policy(const Context& context, const ShowArguments& arguments) {
  if (arguments.policy == "default") {
    print(arguments.document ? std::string(default_policy_document()) : "");
    if (!arguments.document) print_rules(std::string(default_policy_document()));
    return Exit::done;
  }
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const GuardrailsStatus status, guardrails_status(client));
  TRY_ASSIGN(const PolicySummary found, find_policy(status, arguments.policy));
  TRY_ASSIGN(const StoredPolicy stored, get<StoredPolicy>(client, policy_target(found.digest)));
  if (arguments.document)
    print(stored.document);
  else if (arguments.json)
    print(to_json(stored) + "\n");
  else
    print_policy(stored);
  return Exit::done;
}

Answer<Exit> show_hits(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const HitsReply reply, get<HitsReply>(client, std::string(guardrails_path) + "/hits"));
  if (form == OutputForm::json) {
    print(to_json(reply) + "\n");
    return Exit::done;
  }
  std::map<std::pair<std::string, std::string>, RuleHits> sums;
  for (const RuleHits& each : reply.hits) {
    RuleHits& sum = sums[{each.policy, each.rule}];
    sum.allow += each.allow;
    sum.annotate += each.annotate;
    sum.mask += each.mask;
    sum.stop += each.stop;
    sum.block += each.block;
  }
  print("Requests in which a rule decided something, since " + human_time(reply.since_us) + ":\n");
  Table table({"RULE", "ALLOW", "ANNOTATE", "MASK", "STOP", "BLOCK", "POLICY"});
  for (const auto& [key, sum] : sums)
    table.add({printable(key.second), std::to_string(sum.allow), std::to_string(sum.annotate), std::to_string(sum.mask),
               std::to_string(sum.stop), std::to_string(sum.block), short_digest(key.first)});
  table.print();
  return Exit::done;
}

}  // namespace

void add_guardrails_list(CLI::App& guardrails, Context& context) {
  const auto json = std::make_shared<bool>(false);
  const auto form = [json] { return *json ? OutputForm::json : OutputForm::people; };
  CLI::App* list = guardrails.add_subcommand("list", "The policies that are stored, and which one is active");
  list->add_flag("--json", *json, "As JSON");
  list->callback([&context, form] { context.verb = [&context, form] { return list_policies(context, form()); }; });

  CLI::App* show = guardrails.add_subcommand("show", "One policy: its life, its rules, its document");
  const auto arguments = std::make_shared<ShowArguments>();
  show->add_option("POLICY", arguments->policy,
                   "active, previous, a digest or its beginning; default is the one this program ships, without a "
                   "daemon")
      ->capture_default_str();
  CLI::Option* document =
      show->add_flag("--document", arguments->document, "Only the document, byte for byte as it was saved");
  show->add_flag("--json", arguments->json, "As JSON")->excludes(document);
  show->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return show_policy(context, *arguments); }; });

  CLI::App* hits = guardrails.add_subcommand("hits", "What each rule did in the last 24 hours");
  hits->add_flag("--json", *json, "As JSON, by the hour");
  hits->callback([&context, form] { context.verb = [&context, form] { return show_hits(context, form()); }; });
}

}  // namespace tijori
