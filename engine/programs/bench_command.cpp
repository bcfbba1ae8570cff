// tijori-engine bench MODEL: tokens per second of prefill and decode, without tokenizer and sampling.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "engine/model.h"
#include "engine/programs/command.h"
#include "engine/programs/placement_options.h"

namespace tijori {
namespace {

struct BenchArguments {
  std::string model;
  std::string backend = "auto";
  std::string kv = "f16";
  PlacementArguments placement;
  uint32_t prompt = 512;
  uint32_t generate = 128;
  uint32_t n_threads = 0;
  uint32_t batch = 512;
  bool json = false;
};

using Seconds = std::chrono::duration<double>;

// Feeds tokens of a fixed pattern from the sequence's end on; only the last asks for logits, as in serving.
Status feed(Model& model, SequenceId sequence, uint32_t count, uint32_t slice) {
  Batch batch;
  const uint32_t vocabulary = model.hyperparameters().vocabulary;
  for (uint32_t done = 0; done < count;) {
    const uint32_t here = std::min(slice, count - done);
    const uint32_t start = model.kv_cache().length(sequence);
    batch.clear();
    for (uint32_t i = 0; i < here; ++i) {
      batch.push_back({.token = (100 + (start + i) * 7 % 400) % vocabulary,
                       .sequence = sequence,
                       .position = start + i,
                       .wants_logits = done + i + 1 == count});
    }
    TRY(model.forward(batch));
    done += here;
  }
  return {};
}

Status bench(const BenchArguments& arguments) {
  TRY_ASSIGN(const BackendKind backend, parse_backend_kind(arguments.backend));
  TRY_ASSIGN(const KvType kv_type, parse_kv_type(arguments.kv));
  ModelOptions options{.backend = backend,
                       .n_threads = arguments.n_threads,
                       .context_tokens = arguments.prompt + arguments.generate,
                       .kv_type = kv_type,
                       .max_batch_tokens = arguments.batch,
                       .max_logit_rows = 1};
  TRY(set_placement(arguments.placement, options));
  const auto load_start = std::chrono::steady_clock::now();
  TRY_ASSIGN(const GgufModel files, GgufModel::open(arguments.model));
  TRY_ASSIGN(const LoadPlan plan, Model::plan(files, options));
  print_plan(std::cerr, plan);
  TRY_ASSIGN(const std::unique_ptr<Model> model, Model::load(files, options, {}));
  TRY_ASSIGN(const SequenceId sequence, model->kv_cache().open());
  const auto warm_start = std::chrono::steady_clock::now();
  TRY(feed(*model, sequence, std::min(8U, arguments.prompt), arguments.batch));
  model->kv_cache().truncate(sequence, 0);

  const auto start = std::chrono::steady_clock::now();
  TRY(feed(*model, sequence, arguments.prompt, arguments.batch));
  const auto middle = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < arguments.generate; ++i) TRY(feed(*model, sequence, 1, 1));
  const auto end = std::chrono::steady_clock::now();

  const double load_s = Seconds(warm_start - load_start).count();
  const double prefill = arguments.prompt / Seconds(middle - start).count();
  const double decode = arguments.generate / Seconds(end - middle).count();
  if (arguments.json) {
    std::cout << R"({"backend":")" << model->backend_name() << R"(","threads":)" << model->n_threads()
              << R"(,"load_s":)" << load_s << R"(,"prefill_tokens_per_s":)" << prefill << R"(,"decode_tokens_per_s":)"
              << decode << "}\n";
  } else {
    std::cout << "backend " << model->backend_name() << ", " << model->n_threads() << " threads, KV "
              << name_of(kv_type) << ": load " << load_s << " s, prefill of " << arguments.prompt << " tokens "
              << prefill << " tokens/s, decode of " << arguments.generate << " tokens " << decode << " tokens/s\n";
  }
  return {};
}

}  // namespace

void add_bench_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("bench", "Measure prefill and decode speed");
  const auto arguments = std::make_shared<BenchArguments>();
  verb->add_option("MODEL", arguments->model, "GGUF file, or part 1 of a split one")->required();
  verb->add_option("--prompt", arguments->prompt, "Tokens of the prompt")->check(CLI::Range(1, 1 << 20));
  verb->add_option("--generate", arguments->generate, "Tokens to decode one by one")->check(CLI::Range(1, 1 << 20));
  verb->add_option("--threads", arguments->n_threads, "Threads; 0: one for each CPU");
  verb->add_option("--batch", arguments->batch, "Tokens in one prefill step")->check(CLI::Range(1, 65536));
  verb->add_option("--backend", arguments->backend, "auto, reference, avx2, avx512, cuda or cuda-host");
  add_placement_options(*verb, arguments->placement);
  verb->add_option("--kv", arguments->kv, "Numbers of the KV cache: f32, f16 or q8");
  verb->add_flag("--json", arguments->json, "One JSON object instead of a sentence");
  verb->callback([arguments, &exit_code] {
    const Status done = bench(*arguments);
    if (done) return;
    std::cerr << "tijori-engine bench: " << done.error().message << "\n";
    exit_code = exit_failed;
  });
}

}  // namespace tijori
