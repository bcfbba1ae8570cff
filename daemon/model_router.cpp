#include "daemon/model_router.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/clock.h"
#include "base/log.h"

namespace tijori {
namespace {

constexpr std::chrono::milliseconds connect_limit{10'000};
constexpr std::chrono::milliseconds connect_interval{20};
constexpr std::chrono::milliseconds plan_limit{30'000};
constexpr int retry_s = 5;

std::unexpected<ApiError> refuse(int status, std::string code, std::string message, int retry_after_s = 0) {
  return std::unexpected(
      ApiError{status, std::move(code), std::move(message), status == 404 ? "model" : "", retry_after_s, {}});
}

std::string gib(int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f GiB", static_cast<double>(bytes) / (1024.0 * 1024 * 1024));
  return text;
}

std::string shortage(const PlannedReply& plan) {
  std::string text = "It needs " + gib(plan.weights_bytes + plan.kv_bytes + plan.workspace_bytes) + " (weights " +
                     gib(plan.weights_bytes) + ", KV cache " + gib(plan.kv_bytes) + " for " +
                     std::to_string(plan.max_sequences) + " sequences of " + std::to_string(plan.context_tokens) +
                     " tokens, workspace " + gib(plan.workspace_bytes) + "); " + gib(plan.free_bytes) +
                     " are free. Nothing was allocated. ";
  if (plan.fitting_max_sequences == 0) return text + "No choice fits; unload another model or add memory.";
  return text + "What fits: " + std::to_string(plan.fitting_max_sequences) + " sequences of " +
         std::to_string(plan.fitting_context_tokens) + " tokens.";
}

// A process for one question: started, asked, ended.
Result<PlannedReply> ask_spare_engine(EngineLauncher& launcher, int slot, const LoadRequest& request) {
  TRY_ASSIGN(const InnerSocket socket, launcher.start(slot));
  const auto deadline = std::chrono::steady_clock::now() + connect_limit;
  auto channel = InnerChannel::connect(socket, {});
  while (!channel && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(connect_interval);
    channel = InnerChannel::connect(socket, {});
  }
  if (!channel) {
    launcher.finish(slot);
    return fail(channel.error());
  }
  const auto reply = (*channel)->ask(MessageType::plan, to_json(request), MessageType::planned, plan_limit);
  (void)InnerChannel::Conversation(*channel).send(MessageType::leave, "{}");
  (*channel)->close();
  launcher.finish(slot);
  if (!reply) return fail(reply.error());
  return parse_message<PlannedReply>("planned", *reply);
}

}  // namespace

Result<std::unique_ptr<ModelRouter>> ModelRouter::create(CatalogSource catalog, RouterOptions options,
                                                         EngineLauncher& launcher, AuditLog& audit,
                                                         std::function<void()> on_change) {
  std::unique_ptr<ModelRouter> router(
      new ModelRouter(std::move(catalog), std::move(options), launcher, audit, std::move(on_change)));
  TRY_ASSIGN(const ModelCatalog known, router->catalog_());
  TRY_ASSIGN(const std::vector<ChosenModel> chosen, router->first_choices(known));
  const std::string& wanted = router->options_.default_model;
  if (!wanted.empty() && known.find(wanted) == nullptr)
    return fail(ErrorCode::not_found, "models.default: " + wanted + " isn't in the allow-list; see tijori models add");
  const std::lock_guard lock(router->mutex_);
  int slot = 0;
  for (const ChosenModel& each : chosen) router->start_locked(*known.find(each.alias), each.choice, slot++);
  return router;
}

Result<std::vector<ChosenModel>> ModelRouter::first_choices(const ModelCatalog& catalog) const {
  std::vector<ChosenModel> chosen;
  TRY_ASSIGN(const auto kept, choices_.read());
  if (kept) {
    for (const ChosenModel& each : *kept) {
      if (catalog.find(each.alias) != nullptr)
        chosen.push_back(each);
      else
        log_warning(message::model_not_allowed,
                    "models: " + each.alias + " was loaded before, but isn't in the allow-list any more");
    }
  } else if (!options_.load.empty()) {
    for (const std::string& alias : options_.load) {
      if (catalog.find(alias) == nullptr)
        return fail(ErrorCode::not_found, "models.load: " + alias + " isn't in the allow-list; see tijori models add");
      chosen.push_back({alias, {}});
    }
  } else {
    for (const CatalogModel& model : catalog.models) chosen.push_back({model.alias, {}});
  }
  if (chosen.size() > static_cast<size_t>(max_engine_slots)) {
    log_warning(message::models_too_many, "models: " + std::to_string(chosen.size()) + " are allowed, the first " +
                                              std::to_string(max_engine_slots) +
                                              " are loaded; choose with models.load");
    chosen.resize(static_cast<size_t>(max_engine_slots));
  }
  return chosen;
}

EngineOptions ModelRouter::options_for(const ModelChoice& choice) const {
  EngineOptions options = options_.engine;
  if (choice.context_tokens != 0) options.context_tokens = choice.context_tokens;
  if (choice.max_sequences != 0) options.max_sequences = choice.max_sequences;
  if (!choice.kv_type.empty()) options.kv_type = choice.kv_type;
  return options;
}

void ModelRouter::start_locked(const CatalogModel& model, const ModelChoice& choice, int slot) {
  loaded_.push_back(
      {std::make_shared<Engine>(model, options_for(choice), slot, launcher_, audit_, on_change_), choice});
}

std::string ModelRouter::default_model_locked() const {
  if (!options_.default_model.empty()) return options_.default_model;
  for (const Loaded& each : loaded_)
    if (!each.engine->unloaded()) return each.engine->model().alias;
  return "";
}

Refusable<std::shared_ptr<Engine>> ModelRouter::route(const std::string& model) const {
  std::string wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted = model.empty() ? default_model_locked() : model;
    for (const Loaded& each : loaded_)
      if (each.engine->model().alias == wanted && !each.engine->unloaded()) return each.engine;
  }
  if (wanted.empty())
    return std::unexpected(
        ApiError{503, "no_model", "No model is loaded; an operator adds one with tijori models add.", "model", 30});
  const auto catalog = catalog_();
  if (catalog && catalog->find(wanted) != nullptr)
    return std::unexpected(ApiError{503, "model_not_loaded",
                                    "That model isn't loaded; an operator loads it with tijori models load.", "model",
                                    30});
  return refuse(404, "model_not_found", "That model isn't served here; GET /v1/models lists those that are.");
}

std::vector<std::string> ModelRouter::altered() const {
  std::vector<std::string> aliases;
  const std::lock_guard lock(mutex_);
  for (const Loaded& each : loaded_)
    if (each.engine->found_altered()) aliases.push_back(each.engine->info().alias);
  return aliases;
}

std::vector<ModelInfo> ModelRouter::models() const {
  std::vector<ModelInfo> models;
  {
    const std::lock_guard lock(mutex_);
    const std::string default_model = default_model_locked();
    for (const Loaded& each : loaded_) {
      ModelInfo info = each.engine->info();
      if (each.engine->unloaded()) continue;
      info.is_default = info.alias == default_model;
      models.push_back(std::move(info));
    }
  }
  const auto catalog = catalog_();
  if (!catalog) return models;
  for (const CatalogModel& allowed : catalog->models) {
    if (std::ranges::find(models, allowed.alias, &ModelInfo::alias) != models.end()) continue;
    ModelInfo& model = models.emplace_back();
    model.alias = allowed.alias;
    model.file = allowed.file;
    model.sha256 = allowed.sha256;
    model.size_bytes = allowed.size_bytes;
  }
  return models;
}

size_t ModelRouter::ready_count() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::ranges::count_if(loaded_, [](const Loaded& each) { return each.engine->channel().has_value(); }));
}

std::shared_ptr<Engine> ModelRouter::find(const std::string& alias) const {
  const std::lock_guard lock(mutex_);
  for (const Loaded& each : loaded_)
    if (each.engine->model().alias == alias && !each.engine->unloaded()) return each.engine;
  return nullptr;
}

// Those that were unloaded make room; their threads have ended too.
void ModelRouter::reap() {
  const std::lock_guard lock(mutex_);
  std::erase_if(loaded_, [](const Loaded& each) { return each.engine->unloaded(); });
}

Refusable<int> ModelRouter::free_slot() {
  reap();
  std::array<bool, max_engine_slots> taken{};
  const std::lock_guard lock(mutex_);
  for (const Loaded& each : loaded_) taken[static_cast<size_t>(each.engine->slot())] = true;
  const auto* const free = std::ranges::find(taken, false);
  if (free != taken.end()) return static_cast<int>(free - taken.begin());
  return refuse(503, "no_slot",
                "All " + std::to_string(max_engine_slots) + " engines have a model; unload one of them first.");
}

Refusable<CatalogModel> ModelRouter::allowed(const std::string& alias) const {
  const auto catalog = catalog_();
  if (!catalog) return std::unexpected(api_error(catalog.error()));
  const CatalogModel* const model = catalog->find(alias);
  if (model == nullptr)
    return refuse(404, "model_not_found", "There is no such model in the allow-list; see tijori models.");
  return *model;
}

Refusable<PlannedReply> ModelRouter::ask_plan(const CatalogModel& model, const ModelChoice& choice) {
  const LoadRequest request = load_request(model, options_for(choice));
  const auto engine = find(model.alias);
  const auto answer = [&]() -> Result<PlannedReply> {
    if (engine != nullptr && engine->channel()) return engine->plan(request);
    return fail(ErrorCode::unavailable, "");
  }();
  if (answer) return *answer;
  TRY_ASSIGN(const int slot, free_slot());
  auto planned = ask_spare_engine(launcher_, slot, request);
  if (!planned) {
    ApiError error = api_error(planned.error());
    if (error.http_status == 503) error.retry_after_s = retry_s;
    return std::unexpected(std::move(error));
  }
  return *std::move(planned);
}

Refusable<ModelPlan> ModelRouter::plan(const std::string& alias, const ModelChoice& choice) {
  TRY_ASSIGN(const CatalogModel model, allowed(alias));
  const std::lock_guard lock(changes_mutex_);
  TRY_ASSIGN(const PlannedReply planned, ask_plan(model, choice));
  ModelPlan plan;
  plan.alias = alias;
  plan.fits = planned.fits;
  plan.context_tokens = planned.context_tokens;
  plan.max_sequences = planned.max_sequences;
  plan.kv_type = planned.kv_type;
  plan.backend = planned.backend;
  plan.weights_bytes = planned.weights_bytes;
  plan.kv_bytes = planned.kv_bytes;
  plan.workspace_bytes = planned.workspace_bytes;
  plan.free_bytes = planned.free_bytes;
  if (!planned.fits && planned.fitting_max_sequences > 0)
    plan.fitting = ModelChoice{planned.fitting_context_tokens, planned.fitting_max_sequences, planned.kv_type};
  return plan;
}

Refusable<ModelFile> ModelRouter::details(const std::string& alias) {
  TRY_ASSIGN(const CatalogModel model, allowed(alias));
  const std::lock_guard lock(changes_mutex_);
  TRY_ASSIGN(PlannedReply planned, ask_plan(model, {}));
  return ModelFile{alias, model.file, model.sha256, model.size_bytes, std::move(planned.details)};
}

Refusable<ExpertLoad> ModelRouter::experts(const std::string& alias) const {
  TRY_ASSIGN(const std::shared_ptr<Engine> engine, route(alias));
  auto counts = engine->experts();
  if (!counts) {
    ApiError error = api_error(counts.error());
    if (error.http_status == 503) error.retry_after_s = retry_s;
    return std::unexpected(std::move(error));
  }
  return ExpertLoad{alias, wall_clock_us(), counts->experts_per_token, std::move(counts->layers)};
}

Refusable<ModelInfo> ModelRouter::load(const std::string& alias, const ModelChoice& choice, const Record& record) {
  TRY_ASSIGN(const CatalogModel model, allowed(alias));
  const std::lock_guard changes(changes_mutex_);
  if (const auto engine = find(alias); engine != nullptr && engine->failed_for_good()) {
    engine->unload(std::chrono::seconds(0));
  } else if (engine != nullptr) {
    const ModelState state = engine->info().state;
    if (state == ModelState::unloading)
      return refuse(409, "unloading", "Model " + alias + " is being unloaded; ask again when it is.");
    return refuse(409, "already_loaded",
                  "Model " + alias + " is " + (state == ModelState::ready ? "loaded" : "being loaded") + " already.");
  }
  TRY_ASSIGN(const int slot, free_slot());
  TRY_ASSIGN(const PlannedReply planned, ask_plan(model, choice));
  if (!planned.fits) return refuse(409, "does_not_fit", "Model " + alias + " doesn't fit. " + shortage(planned));
  TRY(record(model.sha256));
  const std::lock_guard lock(mutex_);
  start_locked(model, choice, slot);
  if (const Status kept = keep_choices_locked(); !kept)
    log_error(message::models_not_kept,
              "models: what is loaded can't be kept for the next start: " + kept.error().message);
  return loaded_.back().engine->info();
}

Refusable<ModelInfo> ModelRouter::unload(const std::string& alias, std::chrono::seconds drain_limit,
                                         const Record& record) {
  TRY_ASSIGN(const CatalogModel model, allowed(alias));
  const std::lock_guard changes(changes_mutex_);
  reap();
  const auto engine = find(alias);
  if (engine == nullptr) return refuse(409, "not_loaded", "Model " + alias + " isn't loaded.");
  TRY(record(model.sha256));
  engine->unload(drain_limit);
  const std::lock_guard lock(mutex_);
  if (const Status kept = keep_choices_locked(); !kept)
    log_error(message::models_not_kept,
              "models: what is loaded can't be kept for the next start: " + kept.error().message);
  return engine->info();
}

Status ModelRouter::keep_choices_locked() const {
  std::vector<ChosenModel> chosen;
  for (const Loaded& each : loaded_)
    if (each.engine->info().state != ModelState::unloading) chosen.push_back({each.engine->model().alias, each.choice});
  return choices_.write(std::move(chosen));
}

void ModelRouter::stop() {
  std::vector<Loaded> loaded;
  {
    const std::lock_guard lock(mutex_);
    loaded = loaded_;
  }
  for (const Loaded& each : loaded) each.engine->stop();
}

}  // namespace tijori
