// tijori-engine logits MODEL TOKENS OUT.f32: what the model answers to a fixed sequence, for checks from outside.
// The ids are fed as one sequence from position 0, in slices of --batch tokens.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "engine/model.h"
#include "engine/programs/command.h"
#include "engine/programs/placement_options.h"

namespace tijori {
namespace {

constexpr uint64_t max_tokens_file_bytes = 1U << 30;

struct LogitsArguments {
  std::string model;
  std::string tokens;
  std::string out;
  std::string backend = "auto";
  std::string kv = "f32";
  PlacementArguments placement;
  uint32_t last = 0;
  uint32_t n_threads = 0;
  uint32_t batch = 256;
};

Result<std::vector<uint32_t>> read_tokens(const std::string& path) {
  TRY_ASSIGN(const std::string text, read_file(path, max_tokens_file_bytes));
  std::vector<uint32_t> ids;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    if (at == end) break;
    uint32_t id = 0;
    const auto [next, error] = std::from_chars(at, end, id);
    if (error != std::errc() || (next != end && *next != ' ' && *next != '\n' && *next != '\r' && *next != '\t')) {
      return fail(ErrorCode::malformed,
                  path + ": offset " + std::to_string(at - text.data()) + ": expected a token id");
    }
    ids.push_back(id);
    at = next;
  }
  if (ids.empty()) return fail(ErrorCode::malformed, path + ": no token ids");
  return ids;
}

Status write_logits(const LogitsArguments& arguments, ModelOptions options) {
  TRY_ASSIGN(const std::vector<uint32_t> ids, read_tokens(arguments.tokens));
  const auto n = static_cast<uint32_t>(ids.size());
  const uint32_t slice = std::min(arguments.batch, n);
  options.n_threads = arguments.n_threads;
  options.context_tokens = n;
  options.max_batch_tokens = slice;
  options.max_logit_rows = slice;
  TRY_ASSIGN(const GgufModel files, GgufModel::open(arguments.model));
  TRY_ASSIGN(const LoadPlan plan, Model::plan(files, options));
  print_plan(std::cerr, plan);
  TRY_ASSIGN(const std::unique_ptr<Model> model, Model::load(files, options, {}));
  TRY_ASSIGN(const SequenceId sequence, model->kv_cache().open());

  std::ofstream out(arguments.out, std::ios::binary | std::ios::trunc);
  const uint32_t first_wanted = arguments.last == 0 || arguments.last >= n ? 0 : n - arguments.last;
  Batch batch;
  for (uint32_t begin = 0; begin < n; begin += slice) {
    batch.clear();
    for (uint32_t i = begin; i < std::min(n, begin + slice); ++i) {
      batch.push_back({.token = ids[i], .sequence = sequence, .position = i, .wants_logits = i >= first_wanted});
    }
    TRY_ASSIGN(const Logits logits, model->forward(batch));
    out.write(reinterpret_cast<const char*>(logits.values.data()),
              static_cast<std::streamsize>(logits.values.size_bytes()));
  }
  out.close();
  if (!out) return fail_errno("write", arguments.out);
  std::cerr << "backend " << model->backend_name() << ", " << model->n_threads() << " threads, " << n - first_wanted
            << " rows of " << model->hyperparameters().vocabulary << " logits\n";
  return {};
}

int run(const LogitsArguments& arguments) {
  const auto backend = parse_backend_kind(arguments.backend);
  const auto kv_type = parse_kv_type(arguments.kv);
  const auto complain = [](const Error& error) {
    std::cerr << "tijori-engine logits: " << error.message << "\n";
    return error.code == ErrorCode::invalid_argument ? exit_usage : exit_failed;
  };
  if (!backend) return complain(backend.error());
  if (!kv_type) return complain(kv_type.error());
  ModelOptions options{.backend = *backend, .kv_type = *kv_type};
  const Status placed = set_placement(arguments.placement, options);
  if (!placed) return complain(placed.error());
  const Status written = write_logits(arguments, options);
  if (written) return exit_done;
  complain(written.error());
  return exit_failed;
}

}  // namespace

void add_logits_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("logits", "Write the logits of a token sequence as little-endian float32");
  const auto arguments = std::make_shared<LogitsArguments>();
  verb->add_option("MODEL", arguments->model, "GGUF file, or part 1 of a split one")->required();
  verb->add_option("TOKENS", arguments->tokens, "File of token ids, separated by white space")->required();
  verb->add_option("OUT", arguments->out, "Gets the logits, [tokens, vocabulary]")->required();
  verb->add_option("--last", arguments->last, "Only the logits of the last N tokens")->check(CLI::PositiveNumber);
  verb->add_option("--backend", arguments->backend, "auto, reference, avx2, avx512, cuda or cuda-host");
  add_placement_options(*verb, arguments->placement);
  verb->add_option("--kv", arguments->kv, "Numbers of the KV cache: f32, f16 or q8");
  verb->add_option("--threads", arguments->n_threads, "Threads; 0: one for each CPU");
  verb->add_option("--batch", arguments->batch, "Tokens in one step")->check(CLI::Range(1, 65536));
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace tijori
