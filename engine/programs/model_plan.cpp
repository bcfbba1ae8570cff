#include "engine/programs/model_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/chat_format.h"
#include "engine/gguf.h"
#include "engine/programs/loaded_model.h"
#include "engine/tokenizer_file.h"

namespace tijori {
namespace {

constexpr uint32_t least_context_tokens = 512;

std::string_view part_of(std::string_view name) {
  const auto has = [name](std::string_view piece) { return name.find(piece) != std::string_view::npos; };
  if (name.starts_with("token_embd")) return "embedding";
  if (has("norm")) return "norms";
  if (name.starts_with("output.")) return "output";
  if (has("_exps.")) return "routed experts";
  if (has("_shexp.")) return "shared expert";
  if (has("ffn_gate_inp")) return "router";
  if (has(".attn_")) return "attention";
  if (has(".ffn_")) return "feed-forward";
  return "other";
}

uint64_t elements_of(const GgufTensor& tensor) {
  return tensor.dims[0] * tensor.dims[1] * tensor.dims[2] * tensor.dims[3];
}

void count_tensors(const GgufModel& files, ModelDetails& details) {
  std::map<std::pair<std::string_view, std::string_view>, TensorClass> classes;
  uint64_t parameters = 0;
  uint64_t routed = 0;
  for (const GgufTensor& tensor : files.tensors()) {
    const std::string_view part = part_of(tensor.name);
    const std::string_view type = traits_of(tensor.type).name;
    TensorClass& entry = classes[{part, type}];
    entry.part = part;
    entry.type = type;
    ++entry.tensors;
    entry.bytes += static_cast<int64_t>(tensor.data.size());
    parameters += elements_of(tensor);
    if (part == "routed experts") routed += elements_of(tensor);
  }
  for (auto& [key, entry] : classes) details.tensors.push_back(std::move(entry));
  std::ranges::sort(details.tensors, std::ranges::greater{}, &TensorClass::bytes);
  details.parameters = static_cast<int64_t>(parameters);
  const auto experts = static_cast<uint64_t>(std::max<int64_t>(details.experts, 1));
  details.active_parameters =
      static_cast<int64_t>(parameters - routed + routed / experts * static_cast<uint64_t>(details.experts_per_token));
}

ModelDetails describe(const GgufModel& files, const Hyperparameters& shape, std::string_view chat_format) {
  ModelDetails details;
  details.architecture = name_of(shape.architecture);
  details.name = whole_utf8(shape.name);
  details.chat_format = chat_format;
  if (const auto license = files.metadata().string("general.license")) details.license = whole_utf8(*license);
  details.layers = shape.n_layers();
  for (const LayerShape& layer : shape.layers) {
    if (layer.has_experts) ++details.expert_layers;
    details.chunk_tokens = std::max<int64_t>(details.chunk_tokens, layer.chunk);
  }
  details.experts = shape.n_experts;
  details.experts_per_token = shape.experts_per_token;
  details.embedding = shape.embedding;
  details.heads = shape.n_heads;
  details.kv_heads = shape.n_kv_heads;
  details.head_dim = shape.head_dim;
  details.vocabulary = shape.vocabulary;
  details.trained_context_tokens = shape.context_length;
  count_tensors(files, details);
  return details;
}

Result<std::string_view> chat_format_of(const GgufModel& files, const std::string& asked) {
  TRY_ASSIGN(const Tokenizer tokenizer, load_tokenizer(files.metadata()));
  TRY_ASSIGN(const std::string_view chat_template, chat_template_of(files.metadata()));
  TRY_ASSIGN(const ChatFormat format, ChatFormat::create(tokenizer, chat_template, asked));
  return name_of(format.kind());
}

// The first that fits: the context as asked with ever fewer sequences, then ever shorter contexts with one.
Result<LoadPlan> nearest_fitting(const GgufModel& files, ModelOptions options, LoadPlan plan) {
  while (!plan.memory.fits()) {
    if (options.max_sequences > 1) {
      options = with_sequences(options, options.max_sequences / 2);
    } else if (options.context_tokens / 2 >= least_context_tokens) {
      options.context_tokens /= 2;
    } else {
      return plan;
    }
    TRY_ASSIGN(plan, Model::plan(files, options));
  }
  return plan;
}

Result<PlannedReply> plan_files(const GgufModel& files, const LoadRequest& request, ModelOptions options) {
  const bool chooses = options.max_sequences == 0;
  if (!chooses) options = with_sequences(options, options.max_sequences);
  TRY_ASSIGN(const LoadPlan plan, chooses ? choose_sequences(files, options) : Model::plan(files, options));
  options = with_sequences(options, plan.max_sequences);
  options.context_tokens = plan.context_tokens;
  TRY_ASSIGN(const LoadPlan fitting, nearest_fitting(files, options, plan));

  PlannedReply reply;
  TRY_ASSIGN(const std::string_view chat_format, chat_format_of(files, request.chat_format));
  reply.details = describe(files, plan.hyperparameters, chat_format);
  reply.context_tokens = plan.context_tokens;
  reply.max_sequences = plan.max_sequences;
  reply.kv_type = name_of(options.kv_type);
  reply.backend = plan.backend_name;
  reply.weights_bytes = static_cast<int64_t>(plan.memory.weights_bytes);
  reply.kv_bytes = static_cast<int64_t>(plan.memory.kv_bytes);
  reply.workspace_bytes = static_cast<int64_t>(plan.memory.activation_bytes);
  reply.free_bytes = static_cast<int64_t>(plan.memory.limit_bytes);
  reply.fits = plan.memory.fits();
  if (fitting.memory.fits()) {
    reply.fitting_context_tokens = fitting.context_tokens;
    reply.fitting_max_sequences = fitting.max_sequences;
  }
  return reply;
}

}  // namespace

Result<LoadPlan> choose_sequences(const GgufModel& files, const ModelOptions& options) {
  std::optional<LoadPlan> first;
  std::optional<LoadPlan> fitting;
  for (uint32_t n = default_max_sequences; n >= 1; n /= 2) {
    TRY_ASSIGN(LoadPlan plan, Model::plan(files, with_sequences(options, n)));
    if (plan.memory.fits() && plan.memory.devices.size() == 1) return plan;
    if (plan.memory.fits() && !fitting) fitting = plan;
    if (!first) first = std::move(plan);
  }
  return fitting ? *fitting : *first;
}

Result<PlannedReply> plan_model(const std::filesystem::path& store, const LoadRequest& request, StoreMode mode) {
  TRY_ASSIGN(const std::filesystem::path path, find_model_file(store, request.file, mode));
  TRY_ASSIGN(const ModelOptions options, model_options_of(request));
  TRY_ASSIGN(const GgufModel files, GgufModel::open(path));
  auto planned = plan_files(files, request, options);
  if (!planned) return fail(planned.error().in(request.file));
  return planned;
}

}  // namespace tijori
