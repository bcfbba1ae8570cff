// tijori audit count: how many records match, by hour or any other span.
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/audit_filter.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/audit_messages.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

constexpr int64_t us_per_s = 1'000'000;

struct CountArguments {
  int64_t every_s = 0;
  bool json = false;
};

Answer<Exit> count_records(const Context& context, const CountArguments& arguments,
                           const AuditFilterArguments& filter) {
  TRY_ASSIGN(HttpClient client, context.admin());
  const std::string target = "/admin/v1/audit/count?bucket_us=" + std::to_string(arguments.every_s * us_per_s);
  TRY_ASSIGN(const AuditCounts counts, get<AuditCounts>(client, target + filter_query(filter)));
  if (arguments.json) {
    print(to_json(counts) + "\n");
    return Exit::done;
  }
  if (!counts.buckets.empty()) {
    Table table({"FROM", "RECORDS", "TURNED AWAY"});
    for (const AuditCountBucket& bucket : counts.buckets)
      table.add({human_time(bucket.start_us), std::to_string(bucket.records), std::to_string(bucket.turned_away)});
    table.print();
  }
  print(std::to_string(counts.matching) + " of " + std::to_string(counts.records) + " records\n");
  return Exit::done;
}

}  // namespace

void add_audit_count(CLI::App& audit, Context& context) {
  CLI::App* verb = audit.add_subcommand("count", "How many records there are, and when they were made");
  const auto arguments = std::make_shared<CountArguments>();
  const auto filter = std::make_shared<AuditFilterArguments>();
  add_filter_options(*verb, filter);
  verb->add_option("--every", arguments->every_s, "Counts by spans of so many seconds, from --since on")
      ->check(CLI::PositiveNumber);
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback([&context, arguments, filter] {
    context.verb = [&context, arguments, filter] { return count_records(context, *arguments, *filter); };
  });
}

}  // namespace tijori
