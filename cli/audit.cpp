// tijori audit list and show; audit_*.cpp have the others.
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/audit_filter.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/audit_messages.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

struct ListArguments {
  int64_t limit = 20;
  int64_t before = -1;
  bool json = false;
};

std::string list_target(const ListArguments& arguments, const AuditFilterArguments& filter) {
  std::string target = "/admin/v1/audit/records?limit=" + std::to_string(arguments.limit);
  if (arguments.before >= 0) target += "&before_seq=" + std::to_string(arguments.before);
  return target + filter_query(filter);
}

std::string text_of(const AuditDecision& decision) {
  return decision.rule + ": " + decision.label + " " + decision.action + ", part " + std::to_string(decision.part) +
         ", bytes " + std::to_string(decision.begin) + " to " + std::to_string(decision.end) + ", score " +
         std::to_string(decision.score) + "/1000";
}

std::string text_of(const DetailValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* decisions = std::get_if<std::vector<AuditDecision>>(&value)) return std::to_string(decisions->size());
  return std::get<std::string>(value);
}

// What a reader looks for first; `show` has everything.
std::string summary(const AuditDetail& detail) {
  constexpr size_t longest_value = 16;
  std::string line;
  for (const auto& [name, value] : detail.fields()) {
    const std::string text = text_of(value);
    line.append(line.empty() ? "" : " ").append(name).append("=");
    line += text.size() > longest_value ? text.substr(0, longest_value) + "…" : text;
  }
  return line;
}

Answer<Exit> list_records(const Context& context, const ListArguments& arguments, const AuditFilterArguments& filter) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const AuditRecords list, get<AuditRecords>(client, list_target(arguments, filter)));
  if (arguments.json) {
    print(to_json(list) + "\n");
    return Exit::done;
  }
  Table table({"SEQ", "TIME", "EVENT", "OUTCOME", "ACTOR", "REQUEST", "DETAIL"});
  for (const AuditRecord& record : list.records)
    table.add({std::to_string(record.seq), human_time(record.time_us), record.event, record.outcome,
               record.actor.empty() ? record.actor_type : record.actor_type + " " + record.actor.substr(0, 8),
               record.request_id.empty() ? "-" : record.request_id.substr(0, 8), summary(record.detail)});
  table.print();
  return Exit::done;
}

void print_field(std::string_view name, const std::string& value) {
  if (value.empty()) return;
  std::string label(name);
  label.resize(std::max<size_t>(label.size() + 1, 16), ' ');
  print("  " + label + printable(value) + "\n");
}

Answer<Exit> show_record(const Context& context, int64_t seq, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const AuditRecord record, get<AuditRecord>(client, "/admin/v1/audit/records/" + std::to_string(seq)));
  if (form == OutputForm::json) {
    print(to_json(record) + "\n");
    return Exit::done;
  }
  print("record " + std::to_string(record.seq) + ": " + record.event + ", " + record.outcome + "\n");
  print_field("time", human_time(record.time_us) + " (clock " + record.time_status + ")");
  print_field("actor", record.actor.empty() ? record.actor_type : record.actor_type + " " + record.actor);
  print_field("certificate", record.auth);
  if (record.peer_uid >= 0) print_field("peer uid", std::to_string(record.peer_uid));
  print_field("object", record.object);
  print_field("request", record.request_id);
  print_field("purpose", record.purpose);
  print_field("basis", record.basis);
  for (const std::string& subject : record.subjects) print_field("subject", subject);
  if (record.approvals > 0) print_field("approvals", std::to_string(record.approvals));
  for (const auto& [name, value] : record.detail.fields()) {
    const auto* decisions = std::get_if<std::vector<AuditDecision>>(&value);
    if (decisions == nullptr)
      print_field(name, text_of(value));
    else
      for (const AuditDecision& decision : *decisions) print_field("decision", text_of(decision));
  }
  print_field("segment", std::to_string(record.segment));
  print_field("leaf", record.leaf);
  print_field("chain", record.chain);
  return Exit::done;
}

void add_listing(CLI::App& audit, Context& context) {
  CLI::App* verb = audit.add_subcommand("list", "The newest records, newest first");
  const auto arguments = std::make_shared<ListArguments>();
  verb->add_option("--limit", arguments->limit, "How many")
      ->check(CLI::Range(int64_t{1}, max_records_per_list))
      ->capture_default_str();
  verb->add_option("--before", arguments->before, "Only records before this number")->check(CLI::NonNegativeNumber);
  const auto filter = std::make_shared<AuditFilterArguments>();
  add_filter_options(*verb, filter);
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback([&context, arguments, filter] {
    context.verb = [&context, arguments, filter] { return list_records(context, *arguments, *filter); };
  });
}

}  // namespace

void add_audit(CLI::App& program, Context& context) {
  CLI::App* audit = program.add_subcommand("audit", "Read, export and verify the audit log; readings are recorded too");
  audit->require_subcommand(1);
  add_listing(*audit, context);

  const auto json = std::make_shared<bool>(false);
  const auto form = [json] { return *json ? OutputForm::json : OutputForm::people; };
  CLI::App* show = audit->add_subcommand("show", "One record, all of it");
  const auto seq = std::make_shared<int64_t>(0);
  show->add_option("SEQ", *seq, "Its number")->required()->check(CLI::NonNegativeNumber);
  show->add_flag("--json", *json, "As JSON");
  show->callback(
      [&context, seq, form] { context.verb = [&context, seq, form] { return show_record(context, *seq, form()); }; });

  add_audit_count(*audit, context);
  add_audit_verify(*audit, context);
  add_audit_compare(*audit, context);
  add_audit_export(*audit, context);
  add_audit_trust(*audit, context);
}

}  // namespace tijori
