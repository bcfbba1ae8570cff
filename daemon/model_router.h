// Which models are loaded, and the way from the name a request gives to the engine that runs it. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/engine_channel.h"
#include "daemon/model_choices.h"
#include "protocol/chat_request.h"
#include "protocol/model_types.h"

namespace tijori {

struct RouterOptions {
  std::vector<std::string> load;  // aliases; empty: all that are allowed, as far as there are slots
  std::string default_model;      // "" : the first that is loaded
  EngineOptions engine;
  std::filesystem::path choices;  // file of what administrators loaded and unloaded; empty: not kept
};

// The allow-list as it is now; read anew for every question, since models are added while the daemon runs.
using CatalogSource = std::function<Result<ModelCatalog>()>;

class ModelRouter {
 public:
  // not_found when the options name a model that the catalogue doesn't allow. Engines start at once.
  static Result<std::unique_ptr<ModelRouter>> create(CatalogSource catalog, RouterOptions options,
                                                     EngineLauncher& launcher, AuditLog& audit,
                                                     std::function<void()> on_change);

  // model_not_found (404) for a name that isn't allowed here, model_not_loaded (503) for one that is.
  Refusable<std::shared_ptr<Engine>> route(const std::string& model) const;
  std::vector<ModelInfo> models() const;  // all that are allowed
  size_t ready_count() const;
  std::vector<std::string> altered() const;  // aliases whose file an engine found to be another than was allowed

  // What loading it would take; asks the engine that has it, or one in a free slot, which is ended again.
  Refusable<ModelPlan> plan(const std::string& alias, const ModelChoice& choice);
  Refusable<ModelFile> details(const std::string& alias);
  Refusable<ExpertLoad> experts(const std::string& alias) const;

  // Both change something only after `record`, which gets the model's digest, has succeeded; both return at once, and
  // models() tells how far it is.
  using Record = std::function<Refusable<void>(const std::string& sha256)>;
  Refusable<ModelInfo> load(const std::string& alias, const ModelChoice& choice, const Record& record);
  Refusable<ModelInfo> unload(const std::string& alias, std::chrono::seconds drain_limit, const Record& record);

  void stop();

 private:
  struct Loaded {
    std::shared_ptr<Engine> engine;
    ModelChoice choice;
  };

  ModelRouter(CatalogSource catalog, RouterOptions options, EngineLauncher& launcher, AuditLog& audit,
              std::function<void()> on_change)
      : catalog_(std::move(catalog)),
        options_(std::move(options)),
        choices_(options_.choices, options_.load),
        launcher_(launcher),
        audit_(audit),
        on_change_(std::move(on_change)) {}
  Result<std::vector<ChosenModel>> first_choices(const ModelCatalog& catalog) const;
  Refusable<CatalogModel> allowed(const std::string& alias) const;
  EngineOptions options_for(const ModelChoice& choice) const;
  Refusable<PlannedReply> ask_plan(const CatalogModel& model, const ModelChoice& choice);
  std::shared_ptr<Engine> find(const std::string& alias) const;  // not one that has been unloaded
  std::string default_model_locked() const;
  void start_locked(const CatalogModel& model, const ModelChoice& choice, int slot);
  void reap();
  Refusable<int> free_slot();
  Status keep_choices_locked() const;

  const CatalogSource catalog_;
  const RouterOptions options_;
  const ModelChoiceFile choices_;
  EngineLauncher& launcher_;
  AuditLog& audit_;
  const std::function<void()> on_change_;

  std::mutex changes_mutex_;  // one plan, load or unload at a time: they share the free slots
  mutable std::mutex mutex_;
  std::vector<Loaded> loaded_;  // guarded by mutex_
};

}  // namespace tijori
