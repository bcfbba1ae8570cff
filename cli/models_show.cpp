// tijori models show|experts
#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>

#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/client/api_client.h"
#include "protocol/model_types.h"

namespace tijori {
namespace {

struct ShowArguments {
  std::string alias;
  bool json = false;
};

std::string target_of(const std::string& alias, const char* what) {
  return "/admin/v1/models/" + percent_encode(alias) + "/" + what;
}

Answer<Exit> show_model(const Context& context, const ShowArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ModelFile model, get<ModelFile>(client, target_of(arguments.alias, "details")));
  if (arguments.json) {
    print(to_json(model) + "\n");
    return Exit::done;
  }
  const ModelDetails& details = model.details;
  const auto number = [](int64_t value) { return std::to_string(value); };
  Table facts({"", printable(model.alias)});
  facts.add({"file", model.file + ", " + human_bytes(model.size_bytes)});
  facts.add({"sha256", model.sha256});
  facts.add({"name", printable(details.name)});
  facts.add({"architecture", details.architecture});
  facts.add({"parameters", number(details.parameters) + ", " + number(details.active_parameters) + " for a token"});
  facts.add({"layers", number(details.layers) + ", " + number(details.expert_layers) + " with experts"});
  facts.add({"experts", number(details.experts) + ", " + number(details.experts_per_token) + " for a token"});
  facts.add({"attention", number(details.heads) + " heads of " + number(details.head_dim) + ", " +
                              number(details.kv_heads) + " for keys and values"});
  facts.add({"context", number(details.trained_context_tokens) + " tokens" +
                            (details.chunk_tokens > 0 ? ", chunks of " + number(details.chunk_tokens) : "")});
  facts.add({"vocabulary", number(details.vocabulary)});
  facts.add({"chat format", details.chat_format});
  facts.add({"license", details.license.empty() ? "not stated" : printable(details.license)});
  facts.print();
  print("\n");
  Table tensors({"PART", "TYPE", "TENSORS", "BYTES"});
  for (const TensorClass& each : details.tensors)
    tensors.add({each.part, each.type, number(each.tensors), human_bytes(each.bytes)});
  tensors.print();
  return Exit::done;
}

Answer<Exit> show_experts(const Context& context, const ShowArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ExpertLoad load, get<ExpertLoad>(client, target_of(arguments.alias, "experts")));
  if (arguments.json) {
    print(to_json(load) + "\n");
    return Exit::done;
  }
  if (load.layers.empty()) {
    print(printable(load.alias) + " has no experts.\n");
    return Exit::done;
  }
  Table table({"LAYER", "TOKENS", "BUSIEST", "SHARE", "TIMES EVEN", "NEVER CHOSEN"});
  for (const LayerExperts& layer : load.layers) {
    const int64_t sum = std::accumulate(layer.counts.begin(), layer.counts.end(), int64_t{0});
    const auto busiest = std::ranges::max_element(layer.counts);
    const double share = sum == 0 ? 0 : static_cast<double>(*busiest) / static_cast<double>(sum);
    char percent[32];
    char times[32];
    std::snprintf(percent, sizeof percent, "%.1f %%", share * 100);
    std::snprintf(times, sizeof times, "%.2f", share * static_cast<double>(layer.counts.size()));
    table.add({std::to_string(layer.layer), std::to_string(sum / std::max<int64_t>(load.experts_per_token, 1)),
               std::to_string(busiest - layer.counts.begin()), percent, times,
               std::to_string(std::ranges::count(layer.counts, 0))});
  }
  table.print();
  return Exit::done;
}

}  // namespace

void add_model_showing(CLI::App& models, Context& context) {
  const auto add = [&](const char* name, const char* description, auto act) {
    CLI::App* verb = models.add_subcommand(name, description);
    const auto arguments = std::make_shared<ShowArguments>();
    verb->add_option("MODEL", arguments->alias, "Its alias")->required();
    verb->add_flag("--json", arguments->json, "As JSON");
    verb->callback(
        [&context, arguments, act] { context.verb = [&context, arguments, act] { return act(context, *arguments); }; });
  };
  add("show", "What a model's file says of it: layers, experts, tensors", show_model);
  add("experts", "How often each expert of a loaded model was chosen", show_experts);
}

}  // namespace tijori
