// tijori history
#include <algorithm>
#include <iomanip>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "cli/output.h"
#include "cli/time_text.h"
#include "cli/verbs.h"
#include "protocol/client/api_client.h"
#include "protocol/history_types.h"

namespace tijori {
namespace {

enum class HistoryForm : uint8_t { people, json, csv };

struct HistoryArguments {
  std::string since;
  bool json = false;
  bool csv = false;
};

std::string fixed(double value, int decimals) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(decimals) << value;
  return out.str();
}

std::string csv_or_empty(const std::optional<int64_t>& value) {
  return value ? std::to_string(*value) : "";
}

std::string duration_or_dash(const std::optional<int64_t>& value_us) {
  return value_us ? human_duration_us(*value_us) : "-";
}

void print_csv(const History& history) {
  print(
      "time_utc,tokens_per_second,ttft_p50_us,ttft_p95_us,running,queued,answered,refused,kv_used_bytes,kv_bytes,"
      "resident_bytes\n");
  for (const HistorySample& sample : history.samples) {
    std::string line = to_rfc3339(sample.time_us) + "," + fixed(sample.tokens_per_second, 3);
    line += "," + csv_or_empty(sample.ttft_p50_us) + "," + csv_or_empty(sample.ttft_p95_us);
    for (const int64_t number : {sample.running, sample.queued, sample.answered, sample.refused, sample.kv_used_bytes,
                                 sample.kv_bytes, sample.resident_bytes})
      line += "," + std::to_string(number);
    print(line + "\n");
  }
}

void print_table(const History& history) {
  Table table({"TIME", "TOKENS/S", "FIRST TOKEN", "95 %", "RUNNING", "QUEUED", "ANSWERED", "REFUSED", "KV", "MEMORY"});
  for (const HistorySample& sample : history.samples)
    table.add({human_time(sample.time_us), fixed(sample.tokens_per_second, 1), duration_or_dash(sample.ttft_p50_us),
               duration_or_dash(sample.ttft_p95_us), std::to_string(sample.running), std::to_string(sample.queued),
               std::to_string(sample.answered), std::to_string(sample.refused), human_bytes(sample.kv_used_bytes),
               human_bytes(sample.resident_bytes)});
  table.print();
  for (const HistoryMark& mark : history.marks)
    print(human_time(mark.time_us) + "  " + printable(mark.what) +
          (mark.object.empty() ? "" : " " + printable(mark.object)) + "\n");
}

Answer<Exit> show_history(const Context& context, int64_t since_us, HistoryForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const History history,
             get<History>(client, "/admin/v1/history?since_us=" + std::to_string(std::max<int64_t>(0, since_us))));
  if (form == HistoryForm::json)
    print(to_json(history) + "\n");
  else if (form == HistoryForm::csv)
    print_csv(history);
  else
    print_table(history);
  return Exit::done;
}

}  // namespace

void add_history(CLI::App& program, Context& context) {
  constexpr int64_t default_span_us = 15LL * 60 * 1'000'000;
  CLI::App* verb = program.add_subcommand("history", "The daemon's own figures over the last day, in steps of 10 s");
  const auto arguments = std::make_shared<HistoryArguments>();
  verb->add_option("--since", arguments->since,
                   "Only from this time on, such as 2026-12-03T14:30+05:30; else the last 15 minutes")
      ->type_name("TIME")
      ->check([](const std::string& text) {
        const auto time = parse_time(text);
        return time ? std::string() : time.error().message;
      });
  CLI::Option* json = verb->add_flag("--json", arguments->json, "As JSON");
  verb->add_flag("--csv", arguments->csv, "As comma-separated values, times in UTC")->excludes(json);
  verb->callback([&context, arguments] {
    context.verb = [&context, arguments] {
      const HistoryForm form = arguments->json  ? HistoryForm::json
                               : arguments->csv ? HistoryForm::csv
                                                : HistoryForm::people;
      const auto since_us = parse_time(arguments->since);
      return show_history(context, since_us ? *since_us : wall_clock_us() - default_span_us, form);
    };
  });
}

}  // namespace tijori
