// tijori models
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

Answer<Exit> list_models(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ModelList list, get<ModelList>(client, "/admin/v1/models"));
  if (form == OutputForm::json) {
    print(to_json(list) + "\n");
    return Exit::done;
  }
  Table table({"ALIAS", "STATE", "ARCHITECTURE", "BACKEND", "CONTEXT", "SIZE", "SHA-256", ""});
  for (const ModelInfo& model : list.models)
    table.add({model.alias, std::string(name_of(model.state)), model.architecture.empty() ? "-" : model.architecture,
               model.backend.empty() ? "-" : model.backend,
               model.context_tokens == 0 ? "-" : std::to_string(model.context_tokens), human_bytes(model.size_bytes),
               model.sha256.substr(0, 16), std::string(model.is_default ? "default " : "") + printable(model.message)});
  table.print();
  return Exit::done;
}

}  // namespace

void add_models(CLI::App& program, Context& context) {
  CLI::App* models = program.add_subcommand("models", "List the models, load and unload them, add one to the store");
  models->require_subcommand(0, 1);
  const auto json = std::make_shared<bool>(false);
  const auto list = [&context, json] {
    context.verb = [&context, json] { return list_models(context, *json ? OutputForm::json : OutputForm::people); };
  };
  models->add_flag("--json", *json, "As JSON");
  models->callback([models, list] {
    if (models->get_subcommands().empty()) list();
  });
  CLI::App* verb = models->add_subcommand("list", "What the store allows and what is loaded");
  verb->add_flag("--json", *json, "As JSON");
  verb->callback(list);
  add_model_showing(*models, context);
  add_model_loading(*models, context);
  add_model_adding(*models, context);
}

}  // namespace tijori
