#include "daemon/model_router.h"

#include <algorithm>

#include "base/log.h"

namespace tijori {

Result<std::unique_ptr<ModelRouter>> ModelRouter::create(ModelCatalog catalog, const RouterOptions& options,
                                                         EngineLauncher& launcher, AuditLog& audit,
                                                         const std::function<void()>& on_change) {
  std::unique_ptr<ModelRouter> router(new ModelRouter());
  std::vector<const CatalogModel*> chosen;
  for (const std::string& alias : options.load) {
    const CatalogModel* model = catalog.find(alias);
    if (model == nullptr)
      return fail(ErrorCode::not_found, "models.load: " + alias + " isn't in the allow-list; see tijori models add");
    chosen.push_back(model);
  }
  if (options.load.empty())
    for (const CatalogModel& model : catalog.models) chosen.push_back(&model);
  if (chosen.size() > static_cast<size_t>(max_engine_slots)) {
    log_warning("models: " + std::to_string(chosen.size()) + " are allowed, the first " +
                std::to_string(max_engine_slots) + " are loaded; choose with models.load");
    chosen.resize(static_cast<size_t>(max_engine_slots));
  }
  router->default_model_ = options.default_model;
  if (router->default_model_.empty() && !chosen.empty()) router->default_model_ = chosen.front()->alias;
  const auto served = [&](const CatalogModel* model) { return model->alias == router->default_model_; };
  if (!options.default_model.empty() && std::ranges::none_of(chosen, served))
    return fail(ErrorCode::not_found, "models.default: " + options.default_model + " isn't among the loaded models");
  int slot = 0;
  for (const CatalogModel* model : chosen)
    router->engines_.push_back(std::make_unique<Engine>(*model, options.engine, slot++, launcher, audit, on_change));
  router->catalog_ = std::move(catalog);
  return router;
}

Refusable<Engine*> ModelRouter::route(const std::string& model) const {
  const std::string& wanted = model.empty() ? default_model_ : model;
  for (const auto& engine : engines_)
    if (engine->model().alias == wanted) return engine.get();
  if (engines_.empty())
    return std::unexpected(
        ApiError{503, "no_model", "No model is loaded; an operator adds one with tijori models add.", "model", 30});
  return std::unexpected(ApiError{404, "model_not_found",
                                  "That model isn't served here; GET /v1/models lists those that are.", "model", 0});
}

std::vector<ModelInfo> ModelRouter::models() const {
  std::vector<ModelInfo> models;
  for (const auto& engine : engines_) {
    models.push_back(engine->info());
    models.back().is_default = models.back().alias == default_model_;
  }
  for (const CatalogModel& allowed : catalog_.models) {
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
  return static_cast<size_t>(
      std::ranges::count_if(engines_, [](const auto& engine) { return engine->channel().has_value(); }));
}

void ModelRouter::stop() {
  for (const auto& engine : engines_) engine->stop();
}

}  // namespace tijori
