// From the model a request names to the engine that runs it. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/engine_channel.h"
#include "protocol/chat_request.h"

namespace tijori {

struct RouterOptions {
  std::vector<std::string> load;  // aliases; empty: all that are allowed, as far as there are slots
  std::string default_model;      // "" : the first that is loaded
  EngineOptions engine;
};

class ModelRouter {
 public:
  // not_found when the options name a model that the catalogue doesn't allow. Engines start at once.
  static Result<std::unique_ptr<ModelRouter>> create(ModelCatalog catalog, const RouterOptions& options,
                                                     EngineLauncher& launcher, AuditLog& audit,
                                                     const std::function<void()>& on_change);

  // model_not_found (404) for a name that isn't served here.
  Refusable<Engine*> route(const std::string& model) const;
  std::vector<ModelInfo> models() const;  // all that are allowed
  const std::string& default_model() const { return default_model_; }
  size_t ready_count() const;
  size_t served_count() const { return engines_.size(); }
  void stop();

 private:
  ModelRouter() = default;

  ModelCatalog catalog_;
  std::string default_model_;
  std::vector<std::unique_ptr<Engine>> engines_;
};

}  // namespace tijori
