#include "engine/programs/model_file.h"

#include <algorithm>

namespace tijori {
namespace {

Result<uint32_t> bounded(int64_t value, uint32_t limit, const char* field) {
  if (value >= 0 && value <= int64_t{limit}) return static_cast<uint32_t>(value);
  return fail(ErrorCode::invalid_argument, std::string(field) + ": expected 0 to " + std::to_string(limit));
}

}  // namespace

Result<std::filesystem::path> find_model_file(const std::filesystem::path& store, const std::string& file,
                                              StoreMode mode) {
  if (file.empty()) return fail(ErrorCode::invalid_argument, "file: empty");
  std::filesystem::path path(file);
  if (mode == StoreMode::developer && path.is_absolute()) return path;
  if (file.find('/') != std::string::npos || file.front() == '.' || file.find('\0') != std::string::npos) {
    return fail(ErrorCode::invalid_argument, "file: expected the name of a file in the model store, without a path");
  }
  return store / path;
}

Result<ModelOptions> model_options_of(const LoadRequest& request) {
  ModelOptions options;
  options.keep_routes = KeepRoutes::yes;
  TRY_ASSIGN(options.backend, parse_backend_kind(request.backend.empty() ? "auto" : request.backend));
  if (!request.kv_type.empty()) {
    TRY_ASSIGN(options.kv_type, parse_kv_type(request.kv_type));
  }
  TRY_ASSIGN(options.n_threads, bounded(request.threads, max_asked_threads, "threads"));
  TRY_ASSIGN(options.context_tokens, bounded(request.context_tokens, max_context_length, "context_tokens"));
  TRY_ASSIGN(options.max_sequences, bounded(request.max_sequences, max_asked_sequences, "max_sequences"));
  return options;
}

ModelOptions with_sequences(ModelOptions options, uint32_t max_sequences) {
  options.max_sequences = max_sequences;
  options.max_logit_rows = max_sequences;
  options.max_batch_tokens = std::max(options.max_batch_tokens, max_sequences);
  return options;
}

}  // namespace tijori
