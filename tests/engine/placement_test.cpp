// Models shared out over two backends: which part goes where, and that the place doesn't show in the result.
#include "engine/placement.h"

#include <QTest>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/forward.h"
#include "engine/model.h"
#include "tests/support/golden.h"
#include "tests/support/tiny_models.h"

using namespace tijori;
using namespace tijori::test;

namespace {

// A dense layer and three with experts.
PartSizes made_up_sizes() {
  PartSizes sizes{.embedding = 50, .output = 40, .layers = {}, .workspace = 5, .expert_workspace = 7, .exchange = 3};
  sizes.layers.assign(4, {.attention = 10, .feed_forward = 20, .routed_experts = 100});
  sizes.layers[0].routed_experts = 0;
  return sizes;
}

// "D DD DC CC D": embedding, attention and routed experts of each layer, output; D device, C CPU. The feed-forward part
// must be with the attention.
std::string text_of(const Placement& placement) {
  const auto letter = [](uint32_t device) { return device == main_device ? 'D' : device == cpu_device ? 'C' : '?'; };
  std::string text(1, letter(placement.embedding()));
  for (uint32_t layer = 0; layer < placement.n_layers(); ++layer) {
    const uint32_t attention = placement.device(layer, LayerPart::attention);
    const bool is_together = placement.device(layer, LayerPart::feed_forward) == attention;
    text += ' ';
    text += is_together ? letter(attention) : '!';
    text += letter(placement.device(layer, LayerPart::routed_experts));
  }
  text += ' ';
  return text + letter(placement.output());
}

constexpr auto automatic = RoutedExperts::automatic;
constexpr auto all = std::optional<uint32_t>();

struct Split {
  const char* name;
  PlacementWish wish;
};
constexpr Split splits[] = {
    {"routed experts", {.device_layers = all, .routed_experts = RoutedExperts::cpu}},
    {"first half of the layers", {.device_layers = tiny_layers / 2 + 1, .routed_experts = RoutedExperts::device}},
    {"both", {.device_layers = tiny_layers / 2 + 1, .routed_experts = RoutedExperts::cpu}},
    {"first layer and embedding", {.device_layers = tiny_layers, .routed_experts = RoutedExperts::device}},
    {"all but the output", {.device_layers = 1, .routed_experts = automatic}},
};

struct Setup {
  std::optional<BackendKind> cpu_backend = BackendKind::reference;
  PlacementWish wish{};
  uint32_t n_threads = 1;
  uint64_t limit_bytes = 0;
  uint64_t cpu_limit_bytes = 0;
};

ModelOptions options_of(const Setup& setup) {
  return {.backend = BackendKind::reference,
          .cpu_backend = setup.cpu_backend,
          .placement = setup.wish,
          .n_threads = setup.n_threads,
          .context_tokens = 256,
          .kv_type = KvType::f32,
          .max_batch_tokens = 64,
          .max_logit_rows = 64,
          .keep_routes = KeepRoutes::yes,
          .memory_limit_bytes = setup.limit_bytes,
          .cpu_memory_limit_bytes = setup.cpu_limit_bytes};
}

// Keeps the file's bytes for as long as its views are used.
class TinyFile {
 public:
  explicit TinyFile(Tiny variant, DType type = DType::f32, const TinySize& size = {})
      : bytes_(tiny_model(variant, type, size)), files_(GgufModel::from_bytes(bytes_, "tiny")) {
    if (!files_) qFatal("%s", files_.error().message.c_str());
  }
  std::unique_ptr<Model> load(const Setup& setup) const {
    auto model = Model::load(*files_, options_of(setup), {});
    if (!model) qFatal("%s", model.error().message.c_str());
    return *std::move(model);
  }
  Result<LoadPlan> plan(const Setup& setup) const { return Model::plan(*files_, options_of(setup)); }
  const GgufModel& operator*() const { return *files_; }

 private:
  Bytes bytes_;
  Result<GgufModel> files_;
};

struct Outcome {
  std::vector<float> logits;
  std::vector<std::vector<uint32_t>> routes;  // of each layer, for all tokens
};

// Every token's, fed in slices.
Outcome run(Model& model, std::span<const uint32_t> tokens, uint32_t slice) {
  const SequenceId sequence = model.kv_cache().open().value();
  Outcome outcome{.logits = {}, .routes = std::vector<std::vector<uint32_t>>(model.hyperparameters().n_layers())};
  for (uint32_t begin = 0; begin < tokens.size(); begin += slice) {
    Batch batch;
    for (uint32_t i = begin; i < std::min<size_t>(tokens.size(), begin + slice); ++i) {
      batch.push_back({tokens[i], sequence, i, true});
    }
    const auto logits = model.forward(batch);
    if (!logits) qFatal("%s", logits.error().message.c_str());
    outcome.logits.insert(outcome.logits.end(), logits->values.begin(), logits->values.end());
    for (uint32_t layer = 0; layer < outcome.routes.size(); ++layer) {
      const auto routes = model.routes(layer);
      outcome.routes[layer].insert(outcome.routes[layer].end(), routes.begin(), routes.end());
    }
  }
  model.kv_cache().close(sequence);
  return outcome;
}

// Writes down what it is asked for, in the order of all backends that share the list.
class RecordingBackend final : public Backend {
 public:
  RecordingBackend(std::string name, std::vector<std::string>& calls) : name_(std::move(name)), calls_(calls) {}

  std::string_view name() const override { return name_; }
  uint32_t n_threads() const override { return 1; }
  uint64_t available_bytes() const override { return 0; }
  uint64_t matrix_bytes(const HostMatrix&) const override { return 0; }
  uint64_t table_bytes(const HostMatrix&) const override { return 0; }
  uint64_t kv_bytes(const BackendPlan&) const override { return 0; }
  uint64_t workspace_bytes(const BackendPlan&) const override { return 0; }
  Status reserve(uint64_t) override { return {}; }
  Status configure(const BackendPlan&) override { return {}; }
  Result<WeightId> load_matrix(const HostMatrix&) override { return WeightId::none; }
  Result<WeightId> load_table(const HostMatrix&) override { return WeightId::none; }
  Result<WeightId> load_vector(std::string_view, std::span<const float>) override { return WeightId::none; }
  Result<BufferId> allocate(uint64_t) override { return BufferId::none; }
  Result<BufferId> allocate_kv() override { return BufferId::none; }
  void begin_step(const Step&) override {}
  void embed(const EmbedOp&) override { note("embed"); }
  void attention_input(const AttentionInputOp&) override {}
  void attention(const AttentionOp&) override {}
  void attention_output(const AttentionOutputOp&) override { note("attention_output"); }
  void dense_ffn(const DenseFfnOp&) override { note("dense_ffn"); }
  void moe_ffn(const MoeFfnOp&) override { note("moe_ffn"); }
  void add(const AddOp&) override { note("add"); }
  void logits(const LogitsOp&) override { note("logits"); }
  void all_reduce(BufferId, uint64_t) override {}
  void upload(BufferId, ByteView) override { note("upload"); }
  Status synchronize() override { return {}; }
  void download(BufferId, std::span<uint8_t>) override { note("download"); }

 private:
  void note(const char* operation) { calls_.push_back(name_ + " " + operation); }

  std::string name_;
  std::vector<std::string>& calls_;
};

}  // namespace

Q_DECLARE_METATYPE(tijori::PlacementWish)
Q_DECLARE_METATYPE(tijori::test::Tiny)
Q_DECLARE_METATYPE(tijori::DType)

class PlacementTest : public QObject {
  Q_OBJECT

 private slots:
  void gives_the_device_what_fits_data() {
    QTest::addColumn<uint64_t>("limit");
    QTest::addColumn<PlacementWish>("wish");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* name, uint64_t limit, const PlacementWish& wish, const char* expected) {
      QTest::newRow(name) << limit << wish << std::string(expected);
    };
    row("no known limit", 0, {}, "D DD DD DD DD D");
    row("all", 522, {}, "D DD DD DD DD D");
    row("all but the embedding", 521, {}, "C DD DD DD DD D");
    row("just without it", 472, {}, "C DD DD DD DD D");
    row("one layer's experts out", 471, {}, "C DD DC DD DD D");
    row("just with the others", 375, {}, "C DD DC DD DD D");
    row("two layers' experts out", 374, {}, "C DD DC DC DD D");
    row("all experts out", 274, {}, "C DD DC DC DC D");
    row("just without experts", 168, {}, "C DD DC DC DC D");
    row("a layer out", 167, {}, "C CC DC DC DC D");
    row("two layers out", 137, {}, "C CC CC DC DC D");
    row("one layer left", 78, {}, "C CC CC CC DC D");
    row("the output left", 77, {}, "C CC CC CC CC D");
    row("just the output", 45, {}, "C CC CC CC CC D");
    row("nothing fits", 44, {}, "C CC CC CC CC C");

    row("experts on the CPU", 0, {.device_layers = all, .routed_experts = RoutedExperts::cpu}, "C DD DC DC DC D");
    row("experts on the CPU, layers as many as fit", 137, {.device_layers = all, .routed_experts = RoutedExperts::cpu},
        "C CC CC DC DC D");
    row("experts on the device", 300, {.device_layers = all, .routed_experts = RoutedExperts::device},
        "C CC CC CC DD D");
    row("one layer asked for is the output", 0, {.device_layers = 1, .routed_experts = automatic}, "C CC CC CC CC D");
    row("two layers", 0, {.device_layers = 2, .routed_experts = automatic}, "C CC CC CC DD D");
    row("two layers, experts as they fit", 151, {.device_layers = 2, .routed_experts = automatic}, "C CC CC CC DC D");
    row("as many as the model has leaves out one", 0, {.device_layers = 4, .routed_experts = automatic},
        "C CC DD DD DD D");
    row("one more is all", 0, {.device_layers = 5, .routed_experts = automatic}, "D DD DD DD DD D");
    row("any more is all", 0, {.device_layers = 4000000000, .routed_experts = automatic}, "D DD DD DD DD D");
    row("no layer", 0, {.device_layers = 0, .routed_experts = automatic}, "C CC CC CC CC C");
    row("a number that can't fit is kept", 1, {.device_layers = 3, .routed_experts = automatic}, "C CC CC DC DC D");
    row("experts that can't fit are kept", 1, {.device_layers = 5, .routed_experts = RoutedExperts::device},
        "C DD DD DD DD D");
  }
  void gives_the_device_what_fits() {
    QFETCH(uint64_t, limit);
    QFETCH(PlacementWish, wish);
    QFETCH(std::string, expected);
    QCOMPARE(text_of(choose_placement(made_up_sizes(), limit, wish)), expected);
  }

  // Where a layer is larger than all experts together, they come back once it is out.
  void fills_the_room_of_a_layer_with_experts() {
    PartSizes sizes = made_up_sizes();
    for (PartSizes::Layer& layer : sizes.layers) layer.attention = 1000;
    QCOMPARE(text_of(choose_placement(sizes, 4000, {})), std::string("C CC DD DD DD D"));
  }

  void knows_routed_experts_by_name() {
    QCOMPARE(parse_routed_experts("auto").value(), RoutedExperts::automatic);
    QCOMPARE(parse_routed_experts("device").value(), RoutedExperts::device);
    QCOMPARE(parse_routed_experts("cpu").value(), RoutedExperts::cpu);
    QCOMPARE(parse_routed_experts("gpu").error().code, ErrorCode::invalid_argument);
  }

  // The same kernels on both sides, and one thread against two: where one expert is chosen, every sum has the order it
  // has on one device.
  void gives_the_same_bits_shared_out_data() {
    QTest::addColumn<Tiny>("variant");
    QTest::addColumn<DType>("weights");
    QTest::addColumn<PlacementWish>("wish");
    for (const Tiny variant : {Tiny::scout, Tiny::maverick, Tiny::guard}) {
      for (const auto& [type_name, type] : {std::pair{" f32", DType::f32}, {" q8_0", DType::q8_0}}) {
        for (const Split& split : splits) {
          if (variant == Tiny::guard && !split.wish.device_layers) continue;
          const std::string name = name_of(variant) + std::string(type_name) + ", " + split.name;
          QTest::newRow(name.c_str()) << variant << type << split.wish;
        }
      }
    }
  }
  void gives_the_same_bits_shared_out() {
    QFETCH(Tiny, variant);
    QFETCH(DType, weights);
    QFETCH(PlacementWish, wish);
    const TinyFile file(variant, weights);
    const std::vector<uint32_t> tokens = tiny_tokens(100);
    const Outcome judge = run(*file.load({.cpu_backend = std::nullopt}), tokens, 64);
    const auto model = file.load({.wish = wish, .n_threads = 2});
    QCOMPARE(std::string(model->backend_name()), std::string("reference+reference"));
    for (const uint32_t slice : {1U, 2U, 7U, 64U}) {
      const Outcome found = run(*model, tokens, slice);
      QVERIFY2(same_bits(found.logits, judge.logits), ("slice " + std::to_string(slice)).c_str());
      QVERIFY(found.routes == judge.routes);
    }
    QCOMPARE(judge.routes[1].empty(), variant == Tiny::guard);
  }

  // With several experts a token the sum is another than on one device, but the batch still doesn't show in it.
  void gives_the_same_bits_in_every_batch_with_several_experts_a_token() {
    const TinyFile file(Tiny::scout, DType::f32, {.experts_per_token = 3});
    const std::vector<uint32_t> tokens = tiny_tokens(100);
    const Outcome whole = run(*file.load({.cpu_backend = std::nullopt}), tokens, 64);
    const auto model = file.load({.wish = splits[0].wish, .n_threads = 2});
    const Outcome judge = run(*model, tokens, 64);
    QCOMPARE(judge.routes[0].size(), size_t{300});
    QVERIFY(judge.routes == whole.routes);
    QVERIFY(distance(whole.logits, judge.logits, tiny_vocabulary).max_abs < 1e-5);
    for (const uint32_t slice : {1U, 2U, 7U}) QVERIFY(same_bits(run(*model, tokens, slice).logits, judge.logits));
  }

  // A copy waits for all that its source was given before, so a shared expert that came first would be waited for.
  void lets_the_shared_expert_run_beside_routed_experts_elsewhere() {
    std::vector<std::string> calls;
    RecordingBackend gpu("gpu", calls);
    RecordingBackend cpu("cpu", calls);
    const Device devices[] = {{.backend = &gpu}, {.backend = &cpu}};
    Hyperparameters model;
    model.layers.resize(2);
    model.layers[1].has_experts = true;
    Weights weights;
    weights.layers.resize(2);
    Placement placement(2);
    placement.place(1, LayerPart::routed_experts, cpu_device);
    const BufferId kv[2] = {};
    const Step::Token tokens[1] = {};
    const ForwardContext context{
        .model = model, .weights = weights, .placement = placement, .devices = devices, .kv = kv, .routes = {}};
    QVERIFY(forward(context, {.tokens = tokens, .block_tables = {}, .logit_rows = {}}).has_value());
    const std::vector<std::string> expected = {
        "gpu embed",     "gpu attention_output", "gpu dense_ffn", "gpu attention_output", "gpu download", "cpu upload",
        "gpu dense_ffn", "cpu moe_ffn",          "cpu download",  "gpu upload",           "gpu add",      "gpu logits"};
    QCOMPARE(calls, expected);
  }

  void plans_each_backends_memory_data() {
    QTest::addColumn<PlacementWish>("wish");
    QTest::addColumn<uint32_t>("layers");
    QTest::addColumn<uint32_t>("expert_layers");
    QTest::addColumn<uint32_t>("copied_norms");
    QTest::newRow("routed experts") << splits[0].wish << 8U << 0U << 8U;
    QTest::newRow("half") << splits[1].wish << 4U << 4U << 0U;
    QTest::newRow("both") << splits[2].wish << 4U << 0U << 4U;
    QTest::newRow("output") << splits[4].wish << 0U << 0U << 0U;
  }
  void plans_each_backends_memory() {
    QFETCH(PlacementWish, wish);
    QFETCH(uint32_t, layers);
    QFETCH(uint32_t, expert_layers);
    QFETCH(uint32_t, copied_norms);
    const TinyFile file(Tiny::scout);
    const MemoryPlan whole = file.plan({.cpu_backend = std::nullopt})->memory;
    QCOMPARE(whole.devices.size(), size_t{1});
    const auto plan = file.plan({.wish = wish, .limit_bytes = 10'000'000, .cpu_limit_bytes = 20'000'000});
    QVERIFY(plan.has_value());
    const MemoryPlan& memory = plan->memory;
    QCOMPARE(memory.devices.size(), size_t{2});
    QCOMPARE(memory.devices[0].n_layers, layers);
    QCOMPARE(memory.devices[1].n_layers, tiny_layers - layers);
    QCOMPARE(memory.devices[0].n_expert_layers, expert_layers);
    QCOMPARE(memory.devices[1].n_expert_layers, tiny_layers - expert_layers);
    QCOMPARE(memory.devices[0].kv_bytes, whole.kv_bytes / tiny_layers * layers);
    QCOMPARE(memory.kv_bytes, whole.kv_bytes);
    const uint64_t norm_bytes = plan->hyperparameters.embedding * sizeof(float);
    QCOMPARE(memory.weights_bytes, whole.weights_bytes + copied_norms * norm_bytes);
    QCOMPARE(memory.total_bytes(), memory.devices[0].total_bytes() + memory.devices[1].total_bytes());
    QCOMPARE(memory.limit_bytes, uint64_t{30'000'000});
  }

  // Whatever the device has, it gets as much as that and no more.
  void fills_the_device_and_never_overfills_it() {
    const TinyFile file(Tiny::maverick);
    const uint64_t all_bytes = file.plan({.cpu_backend = std::nullopt})->memory.total_bytes();
    QCOMPARE(file.plan({.limit_bytes = all_bytes})->backend_name, std::string("reference"));
    uint32_t last_layers = tiny_layers;
    uint32_t n_split = 0;
    for (uint64_t limit = all_bytes - 1; limit > 0;) {
      const auto plan = file.plan({.limit_bytes = limit});
      QVERIFY(plan.has_value() && plan->memory.fits());
      if (plan->memory.devices.size() == 1) break;
      const uint64_t bytes = plan->memory.devices[0].total_bytes();
      QVERIFY(bytes <= limit);
      // Planned to the byte: with exactly so much the same fits again.
      QCOMPARE(file.plan({.limit_bytes = bytes})->memory.devices[0].total_bytes(), bytes);
      limit = bytes - 1;
      last_layers = plan->memory.devices[0].n_layers;
      ++n_split;
    }
    // Without the embedding, four times without a layer's experts, then layer by layer down to the output; more where
    // the room of a layer takes experts back.
    QVERIFY(n_split >= 1 + 4 + 8);
    QCOMPARE(last_layers, 0U);
  }

  void names_the_backend_that_lacks_memory() {
    const TinyFile file(Tiny::scout);
    const std::string cpu(create_backend(BackendKind::automatic, 1).value()->name());
    const auto message = [&](const Setup& setup) {
      const auto model = Model::load(*file, options_of(setup), {});
      return model || model.error().code != ErrorCode::resource_exhausted ? std::string() : model.error().message;
    };
    const auto names = [](const std::string& text, const std::string& backend) {
      return text.find("of backend \"" + backend + "\"") != std::string::npos &&
             text.find("1000 are available") != std::string::npos;
    };
    const std::string device =
        message({.wish = {.device_layers = tiny_layers, .routed_experts = RoutedExperts::cpu}, .limit_bytes = 1000});
    QVERIFY2(names(device, "reference"), device.c_str());
    const std::string experts =
        message({.cpu_backend = BackendKind::automatic, .wish = splits[0].wish, .cpu_limit_bytes = 1000});
    QVERIFY2(names(experts, cpu), experts.c_str());
    const std::string neither =
        message({.cpu_backend = BackendKind::automatic, .limit_bytes = 1000, .cpu_limit_bytes = 1000});
    QVERIFY2(names(neither, cpu), neither.c_str());
  }

  void lets_go_of_a_backend_without_a_part() {
    const TinyFile file(Tiny::scout);
    const std::string cpu(create_backend(BackendKind::automatic, 1).value()->name());
    const auto everything = file.load({.cpu_backend = BackendKind::automatic});
    QCOMPARE(std::string(everything->backend_name()), std::string("reference"));
    const auto nothing = file.load({.cpu_backend = BackendKind::automatic,
                                    .wish = {.device_layers = 0, .routed_experts = automatic},
                                    .cpu_limit_bytes = 10'000'000});
    QCOMPARE(std::string(nothing->backend_name()), cpu);
    QCOMPARE(nothing->memory().devices.size(), size_t{1});
    QCOMPARE(nothing->memory().limit_bytes, uint64_t{10'000'000});
    QCOMPARE(run(*nothing, tiny_tokens(20), 7).logits.size(), size_t{20} * tiny_vocabulary);
  }

  void refuses_to_share_out_over_one_backend() {
    const TinyFile file(Tiny::scout);
    for (const Split& split : splits) {
      const auto plan = file.plan({.cpu_backend = std::nullopt, .wish = split.wish});
      QVERIFY(!plan);
      QCOMPARE(plan.error().code, ErrorCode::invalid_argument);
    }
  }
};

QTEST_GUILESS_MAIN(PlacementTest)
#include "placement_test.moc"
