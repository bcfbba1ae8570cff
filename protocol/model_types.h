// The bodies of /admin/v1/models/{alias}/… (docs/admin-api.yaml).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/engine_messages.h"
#include "protocol/json_form.h"

namespace tijori {

// POST models/{alias}/plan and …/load. 0 and "": as configured, or chosen by the engine.
struct ModelChoice {
  int64_t context_tokens = 0;  // of one sequence
  int64_t max_sequences = 0;
  std::string kv_type;
};

// POST models/{alias}/plan: what loading would take, in numbers; nothing is allocated.
struct ModelPlan {
  std::string alias;
  bool fits = false;
  int64_t context_tokens = 0;
  int64_t max_sequences = 0;
  std::string kv_type;
  std::string backend;
  int64_t weights_bytes = 0;
  int64_t kv_bytes = 0;
  int64_t workspace_bytes = 0;
  int64_t free_bytes = 0;              // 0: not known
  std::optional<ModelChoice> fitting;  // the nearest choice that fits, when this one doesn't and one does
};
// POST models/{alias}/load answers 202 and a ModelInfo, which GET models follows; 409 `does_not_fit` with the numbers
// in words; 409 `already_loaded`; 503 `no_slot` when as many models are loaded as there are engines.

// POST models/{alias}/unload answers 202 and a ModelInfo. New requests are refused at once, running ones may finish
// within the time; a load under way is cancelled.
struct UnloadModel {
  int64_t drain_s = 20;  // 0: end them now
};
inline constexpr int64_t max_drain_s = 3'600;

// What the daemon keeps in state/models.json: the models an administrator chose to be loaded, so that they are there
// again after a restart. `configured` is the setting models.load at that time: once it is another, it counts again.
struct ChosenModel {
  std::string alias;
  ModelChoice choice;
};
struct ModelChoices {
  std::vector<std::string> configured;
  std::vector<ChosenModel> models;
};
inline constexpr size_t max_model_choices_bytes = 64U << 10;

// GET models/{alias}/details, loaded or not.
struct ModelFile {
  std::string alias;
  std::string file;
  std::string sha256;
  int64_t size_bytes = 0;
  ModelDetails details;
};

// GET models/{alias}/experts: exact counts since it was loaded.
struct ExpertLoad {
  std::string alias;
  int64_t time_us = 0;
  int64_t experts_per_token = 0;
  std::vector<LayerExperts> layers;  // none when the model has no experts
};

}  // namespace tijori
