#include "cli/audit_filter.h"

#include <CLI/CLI.hpp>

#include "cli/time_text.h"
#include "protocol/client/http_client.h"

namespace tijori {

namespace {

void add_time(CLI::App& verb, const char* option, const char* what,
              const std::shared_ptr<AuditFilterArguments>& arguments,
              std::optional<int64_t> AuditFilterArguments::* field) {
  verb.add_option_function<std::string>(
          option,
          [arguments, field, option](const std::string& text) {
            const auto time_us = parse_time(text);
            if (!time_us) throw CLI::ValidationError(option, time_us.error().message);
            (*arguments).*field = *time_us;
          },
          what)
      ->type_name("TIME");
}

}  // namespace

void add_filter_options(CLI::App& verb, const std::shared_ptr<AuditFilterArguments>& arguments) {
  verb.add_option("--event", arguments->event, "Only this event, such as inference.released");
  verb.add_option("--outcome", arguments->outcome,
                  "Only this outcome: ok, answered, refused, blocked, aborted, failed");
  verb.add_option("--actor", arguments->actor, "Only of the client with this id")->type_name("ID");
  verb.add_option("--request", arguments->request, "Only of this request")->type_name("ID");
  add_time(verb, "--since", "Only from this time on, such as 2026-12-03T14:30+05:30", arguments,
           &AuditFilterArguments::since_us);
  add_time(verb, "--until", "Only up to this time", arguments, &AuditFilterArguments::until_us);
}

std::string filter_query(const AuditFilterArguments& arguments) {
  std::string query;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) query.append("&").append(name).append("=").append(percent_encode(value));
  };
  add("event", arguments.event);
  add("outcome", arguments.outcome);
  add("actor", arguments.actor);
  add("request_id", arguments.request);
  if (arguments.since_us) add("since_us", std::to_string(*arguments.since_us));
  if (arguments.until_us) add("until_us", std::to_string(*arguments.until_us));
  return query;
}

}  // namespace tijori
