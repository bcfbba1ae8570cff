#include "engine/programs/loaded_model.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "engine/programs/model_file.h"
#include "engine/programs/model_plan.h"
#include "engine/tokenizer_file.h"
#include "engine/utf8.h"

namespace tijori {
namespace {

constexpr size_t hash_slice_bytes = 4U << 20;

// The parts of "PREFIX-00001-of-00003.gguf"; the path itself when it has another form.
std::vector<std::filesystem::path> parts_of(const std::filesystem::path& path) {
  constexpr std::string_view first = "-00001-of-";
  constexpr size_t tail_bytes = std::string_view("-00001-of-00003.gguf").size();
  const std::string text = path.string();
  if (text.size() <= tail_bytes || text.compare(text.size() - tail_bytes, first.size(), first) != 0) return {path};
  uint32_t count = 0;
  for (const char c : text.substr(text.size() - 10, 5)) {
    if (c < '0' || c > '9') return {path};
    count = count * 10 + static_cast<uint32_t>(c - '0');
  }
  if (count <= 1 || count > max_gguf_parts) return {path};
  std::vector<std::filesystem::path> parts;
  for (uint32_t number = 1; number <= count; ++number) {
    char tail[32];
    std::snprintf(tail, sizeof tail, "-%05u-of-%05u.gguf", number, count);
    parts.emplace_back(text.substr(0, text.size() - tail_bytes) + tail);
  }
  return parts;
}

Result<std::string> digest_of(const std::vector<MappedFile>& maps, const LoadStageProgress& progress) {
  uint64_t total = 0;
  for (const MappedFile& map : maps) total += map.bytes().size();
  Sha256 hash;
  uint64_t done = 0;
  for (const MappedFile& map : maps) {
    const ByteView bytes = map.bytes();
    for (size_t offset = 0; offset < bytes.size(); offset += hash_slice_bytes) {
      const ByteView slice = bytes.subspan(offset, std::min(hash_slice_bytes, bytes.size() - offset));
      hash.update(slice);
      done += slice.size();
      if (!progress("verify", done, total)) return fail(ErrorCode::cancelled, "load: cancelled");
    }
  }
  return to_hex(hash.finish());
}

Status check_digest(const std::string& wanted, const std::string& found, StoreMode mode, const std::string& file) {
  if (wanted.empty() && mode == StoreMode::developer) return {};
  const auto bytes = from_hex(wanted);
  if (!bytes || bytes->size() != digest_bytes) {
    return fail(ErrorCode::invalid_argument, "sha256: expected 64 hexadecimal digits");
  }
  if (to_hex(*bytes) == found) return {};
  return fail(ErrorCode::corrupted, file + ": SHA-256 is " + found + ", expected " + to_hex(*bytes));
}

// With max_sequences 0 as many as choose_sequences() finds.
Result<std::unique_ptr<Model>> load_weights(const GgufModel& files, ModelOptions options,
                                            const LoadStageProgress& progress) {
  const LoadProgress on_progress = [&progress](uint64_t done, uint64_t total) { return progress("load", done, total); };
  if (options.max_sequences == 0) {
    TRY_ASSIGN(const LoadPlan plan, choose_sequences(files, options));
    options.max_sequences = plan.max_sequences;
  }
  return Model::load(files, with_sequences(options, options.max_sequences), on_progress);
}

}  // namespace

std::string whole_utf8(std::string_view text) {
  Utf8Assembler assembler;
  std::string whole = assembler.push(text);
  return whole + assembler.flush();
}

Result<std::unique_ptr<LoadedModel>> load_model(const std::filesystem::path& store, const LoadRequest& request,
                                                StoreMode mode, const LoadStageProgress& progress) {
  TRY_ASSIGN(const std::filesystem::path path, find_model_file(store, request.file, mode));
  TRY_ASSIGN(const ModelOptions options, model_options_of(request));
  std::vector<MappedFile> maps;
  for (const std::filesystem::path& part : parts_of(path)) {
    TRY_ASSIGN(MappedFile map, MappedFile::open(part));
    maps.push_back(std::move(map));
  }
  auto loaded = std::make_unique<LoadedModel>();
  TRY_ASSIGN(loaded->sha256, digest_of(maps, progress));
  TRY(check_digest(request.sha256, loaded->sha256, mode, request.file));

  if (maps.size() == 1) {
    loaded->map.emplace(std::move(maps.front()));
    TRY_ASSIGN(loaded->files, GgufModel::from_bytes(loaded->map->bytes(), request.file));
  } else {
    TRY_ASSIGN(loaded->files, GgufModel::open(path));
  }
  const GgufMetadata& metadata = loaded->files->metadata();
  auto tokenizer = load_tokenizer(metadata);
  if (!tokenizer) return fail(tokenizer.error().in(request.file));
  loaded->tokenizer.emplace(*std::move(tokenizer));
  TRY_ASSIGN(const std::string_view chat_template, chat_template_of(metadata));
  auto chat_format = ChatFormat::create(*loaded->tokenizer, chat_template, request.chat_format);
  if (!chat_format) return fail(chat_format.error().in(request.file));
  loaded->chat_format.emplace(*std::move(chat_format));
  if (!chat_template.empty()) loaded->template_sha256 = to_hex(sha256(as_bytes(chat_template)));
  if (const auto license = metadata.string("general.license")) loaded->license = *license;

  TRY_ASSIGN(loaded->model, load_weights(*loaded->files, options, progress));
  const uint32_t vocabulary = loaded->model->hyperparameters().vocabulary;
  if (loaded->tokenizer->vocabulary() > vocabulary) {
    return fail(ErrorCode::malformed, request.file + ": tokenizer.ggml.tokens has " +
                                          std::to_string(loaded->tokenizer->vocabulary()) +
                                          " entries, the output tensor " + std::to_string(vocabulary) + " rows");
  }
  return loaded;
}

LoadedReply LoadedModel::describe() const {
  const Hyperparameters& hyper = model->hyperparameters();
  LoadedReply reply;
  reply.architecture = name_of(hyper.architecture);
  reply.name = whole_utf8(hyper.name);
  reply.sha256 = sha256;
  reply.chat_format = name_of(chat_format->kind());
  reply.template_sha256 = template_sha256;
  reply.license = whole_utf8(license);
  reply.context_tokens = model->kv_cache().max_positions();
  reply.max_sequences = model->kv_cache().max_sequences();
  reply.vocabulary = hyper.vocabulary;
  reply.layers = hyper.n_layers();
  reply.experts = hyper.n_experts;
  reply.backend = model->backend_name();
  reply.gpu = model->gpu();
  reply.threads = model->n_threads();
  reply.kv_type = name_of(model->kv_type());
  reply.weights_bytes = static_cast<int64_t>(model->memory().weights_bytes);
  reply.kv_bytes = static_cast<int64_t>(model->memory().kv_bytes);
  reply.workspace_bytes = static_cast<int64_t>(model->memory().activation_bytes);
  reply.pid = ::getpid();
  return reply;
}

}  // namespace tijori
