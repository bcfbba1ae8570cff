// tijori settings: every setting of the daemon in force, and the line that it comes from
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {
namespace {

Answer<Exit> show_settings(const Context& context, bool as_json) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const Settings settings, get<Settings>(client, "/admin/v1/settings"));
  if (as_json) {
    print(to_json(settings) + "\n");
    return Exit::done;
  }
  Table table({"SETTING", "VALUE", "COMES FROM"});
  for (const Setting& setting : settings.settings)
    table.add(
        {printable(setting.name), setting.value.empty() ? "-" : printable(setting.value), printable(setting.source)});
  table.print();
  return Exit::done;
}

}  // namespace

void add_settings(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand("settings", "Every setting in force, and the line it comes from");
  const auto as_json = std::make_shared<bool>(false);
  verb->add_flag("--json", *as_json, "As JSON");
  verb->callback(
      [&context, as_json] { context.verb = [&context, as_json] { return show_settings(context, *as_json); }; });
}

}  // namespace tijori
