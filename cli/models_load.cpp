// tijori models plan|load|unload
#include <chrono>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"
#include "protocol/model_types.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_interval{250};

std::string target_of(const std::string& alias, const char* verb) {
  return "/admin/v1/models/" + percent_encode(alias) + "/" + verb;
}

struct LoadArguments {
  std::string alias;
  ModelChoice choice;
  bool wait = true;
  bool json = false;
};

std::string choice_text(int64_t context_tokens, int64_t max_sequences, const std::string& kv_type) {
  return std::to_string(max_sequences) + " sequences of " + std::to_string(context_tokens) + " tokens, KV cache " +
         kv_type;
}

Answer<Exit> plan_model(const Context& context, const LoadArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ModelPlan plan, post<ModelPlan>(client, target_of(arguments.alias, "plan"), arguments.choice));
  const Exit exit = plan.fits ? Exit::done : Exit::failed;
  if (arguments.json) {
    print(to_json(plan) + "\n");
    return exit;
  }
  print(printable(plan.alias) + ": " + choice_text(plan.context_tokens, plan.max_sequences, plan.kv_type) +
        ", backend " + plan.backend + "\n");
  Table table({"", "BYTES"});
  table.add({"weights", human_bytes(plan.weights_bytes)});
  table.add({"KV cache", human_bytes(plan.kv_bytes)});
  table.add({"workspace", human_bytes(plan.workspace_bytes)});
  table.add({"together", human_bytes(plan.weights_bytes + plan.kv_bytes + plan.workspace_bytes)});
  table.add({"free", plan.free_bytes == 0 ? "not known" : human_bytes(plan.free_bytes)});
  table.print();
  if (plan.fits)
    print("It fits.\n");
  else if (plan.fitting)
    print("It doesn't fit. What does: " +
          choice_text(plan.fitting->context_tokens, plan.fitting->max_sequences, plan.fitting->kv_type) + ".\n");
  else
    print("It doesn't fit, and no shorter context does.\n");
  return exit;
}

Answer<ModelInfo> find_model(HttpClient& client, const std::string& alias) {
  TRY_ASSIGN(ModelList list, get<ModelList>(client, "/admin/v1/models"));
  for (ModelInfo& model : list.models)
    if (model.alias == alias) return std::move(model);
  return fail(ErrorCode::not_found, "model " + alias + " isn't in the allow-list any more");
}

Answer<Exit> await_load(HttpClient& client, const std::string& alias) {
  Progress progress("Loading " + alias);
  for (;;) {
    TRY_ASSIGN(const ModelInfo model, find_model(client, alias));
    if (model.state == ModelState::ready) {
      progress.finish();
      print(printable(alias) + ": " + choice_text(model.context_tokens, model.max_sequences, model.kv_type) +
            ", backend " + model.backend + "\n");
      return Exit::done;
    }
    if (model.state == ModelState::failed || model.state == ModelState::allowed ||
        model.state == ModelState::unloading) {
      progress.finish();
      print_note(printable(alias) + ": " +
                 (model.state == ModelState::failed ? printable(model.message) : "the load was cancelled") + "\n");
      return Exit::failed;
    }
    if (model.total_bytes > 0) progress.update(model.done_bytes, model.total_bytes);
    std::this_thread::sleep_for(poll_interval);
  }
}

Answer<Exit> load_model(const Context& context, const LoadArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ModelInfo begun, post<ModelInfo>(client, target_of(arguments.alias, "load"), arguments.choice));
  if (!arguments.wait) {
    print(printable(begun.alias) + ": loading\n");
    return Exit::done;
  }
  return await_load(client, arguments.alias);
}

struct UnloadArguments {
  std::string alias;
  UnloadModel wanted;
};

Answer<Exit> unload_model(const Context& context, const UnloadArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ModelInfo begun, post<ModelInfo>(client, target_of(arguments.alias, "unload"), arguments.wanted));
  if (begun.running > 0)
    print_note(std::to_string(begun.running) + " requests are running; they have " +
               std::to_string(arguments.wanted.drain_s) + " s to end\n");
  for (;;) {
    TRY_ASSIGN(const ModelInfo model, find_model(client, arguments.alias));
    if (model.state != ModelState::unloading) break;
    std::this_thread::sleep_for(poll_interval);
  }
  print(printable(arguments.alias) + ": unloaded\n");
  return Exit::done;
}

void add_choice(CLI::App& verb, LoadArguments& arguments) {
  verb.add_option("MODEL", arguments.alias, "Its alias")->required();
  verb.add_option("--context", arguments.choice.context_tokens, "Tokens of one sequence; else as configured")
      ->check(CLI::PositiveNumber);
  verb.add_option("--sequences", arguments.choice.max_sequences, "Requests at once; else as configured, or what fits")
      ->check(CLI::PositiveNumber);
  verb.add_option("--kv", arguments.choice.kv_type, "Numbers of the KV cache: f32, f16 or q8; else as configured")
      ->check(CLI::IsMember({"f32", "f16", "q8"}));
}

}  // namespace

void add_model_loading(CLI::App& models, Context& context) {
  CLI::App* verb = models.add_subcommand("plan", "What loading a model would take; exit code 1 when it doesn't fit");
  const auto planned = std::make_shared<LoadArguments>();
  add_choice(*verb, *planned);
  verb->add_flag("--json", planned->json, "As JSON");
  verb->callback([&context, planned] { context.verb = [&context, planned] { return plan_model(context, *planned); }; });

  verb = models.add_subcommand("load", "Load a model, now and after restarts; refused when it doesn't fit");
  const auto loaded = std::make_shared<LoadArguments>();
  add_choice(*verb, *loaded);
  verb->add_flag("!--no-wait", loaded->wait, "Return when the load has begun");
  verb->callback([&context, loaded] { context.verb = [&context, loaded] { return load_model(context, *loaded); }; });

  verb = models.add_subcommand("unload", "Unload a model, or cancel its load");
  const auto unloaded = std::make_shared<UnloadArguments>();
  verb->add_option("MODEL", unloaded->alias, "Its alias")->required();
  verb->add_option("--drain", unloaded->wanted.drain_s, "Seconds that running requests have to end; 0: end them now")
      ->check(CLI::Range(int64_t{0}, max_drain_s));
  verb->callback(
      [&context, unloaded] { context.verb = [&context, unloaded] { return unload_model(context, *unloaded); }; });
}

}  // namespace tijori
