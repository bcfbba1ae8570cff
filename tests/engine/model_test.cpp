// The model against published figures of tiny models, and what may not change its bits.
#include "engine/model.h"

#include <QTest>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "tests/support/golden.h"
#include "tests/support/tiny_models.h"

using namespace tijori;
using namespace tijori::test;

namespace {

struct Row {
  Tiny variant;
  uint32_t position;
  std::array<double, 8> logits;  // the first 8
  double sum;
  double l2;
  double log_sum_exp;
};

constexpr Row published[] = {
    {Tiny::scout,
     0,
     {-1.071183, -0.492319, 0.897452, -0.329444, 1.340310, -0.003878, -0.100422, 0.132405},
     -8.76917,
     6.62845,
     4.105343},
    {Tiny::scout,
     7,
     {-2.036125, -0.167450, 0.793560, 0.865652, -0.006133, -0.016033, 0.038439, -1.359892},
     -4.47728,
     6.42838,
     4.173958},
    {Tiny::scout,
     8,
     {0.556972, 0.080560, -0.263056, 0.692357, -1.895137, -0.156601, -0.260644, -0.313495},
     -2.54133,
     6.77375,
     4.257033},
    {Tiny::scout,
     15,
     {1.051473, -0.645912, -0.736664, 0.706602, 0.316423, 0.324677, 1.213149, 0.924279},
     -1.23370,
     6.36865,
     4.221837},
    {Tiny::scout,
     16,
     {0.029648, -1.111978, -0.124047, -1.707242, 0.496876, 0.328522, 0.066981, 0.988924},
     -6.89366,
     7.07079,
     4.205241},
    {Tiny::scout,
     19,
     {0.390534, -0.309079, -0.829449, 0.494148, -1.259616, -0.082335, -0.325417, 2.053327},
     -9.70112,
     6.41045,
     4.088279},
    {Tiny::maverick,
     0,
     {-1.550736, -0.288343, 0.745286, -0.761359, 0.233691, -0.441999, 1.395674, 0.658282},
     1.50477,
     6.63628,
     4.385467},
    {Tiny::maverick,
     7,
     {-0.667685, -0.899975, -0.179589, -1.063722, -0.065814, -0.158774, -0.117523, -0.300795},
     -3.65101,
     5.82141,
     4.125300},
    {Tiny::maverick,
     8,
     {2.215700, -0.075331, 0.149023, 0.929237, 0.076561, 0.897067, -1.664695, -0.190375},
     1.48441,
     5.84226,
     4.261225},
    {Tiny::maverick,
     15,
     {-0.245717, 0.608799, -1.334593, -0.023384, -0.682294, -0.285015, -0.115858, 1.786499},
     5.62231,
     5.47627,
     4.281604},
    {Tiny::maverick,
     16,
     {-0.394387, -0.060551, -0.496936, -2.632735, 0.542910, 1.129084, 0.048501, 0.803702},
     5.08752,
     7.29841,
     4.590920},
    {Tiny::maverick,
     19,
     {0.309993, -0.027728, -0.528209, -0.462437, -0.700951, 0.866860, -0.587192, 0.750603},
     -0.13635,
     6.25193,
     4.229094},
    {Tiny::guard,
     0,
     {-0.787878, -0.628022, 0.748329, 0.574537, -0.701053, -0.165466, 1.254526, 0.016557},
     -2.21566,
     6.47598,
     4.239790},
    {Tiny::guard,
     7,
     {-1.593385, -0.427143, -0.004468, 0.591169, -0.480677, 1.110204, -1.114455, -0.749013},
     -8.52305,
     6.53866,
     4.218949},
    {Tiny::guard,
     8,
     {-0.159244, 0.743909, -0.188826, -0.219003, 0.181944, 2.299698, -0.715757, -0.734000},
     -0.32743,
     7.38415,
     4.645593},
    {Tiny::guard,
     15,
     {-0.087869, 0.703405, 1.201782, 1.151899, -0.460797, 0.041477, -1.453621, 1.003469},
     3.46254,
     6.99613,
     4.385501},
    {Tiny::guard,
     16,
     {-0.223821, -0.645405, -0.037674, 1.867747, -1.713892, -0.304654, -0.251157, -0.601957},
     -6.56325,
     7.02985,
     4.240068},
    {Tiny::guard,
     19,
     {-0.010166, 0.394350, 2.016164, -1.310794, -0.101185, 1.906505, -2.324039, 0.452070},
     -12.72830,
     7.79797,
     4.156750},
};

constexpr std::array<std::array<uint32_t, 20>, 3> published_argmax = {{
    {36, 36, 38, 19, 36, 24, 30, 29, 27, 12, 24, 27, 44, 39, 20, 11, 22, 24, 42, 7},
    {38, 38, 38, 38, 34, 19, 6, 36, 0, 44, 34, 13, 27, 14, 20, 7, 34, 31, 34, 26},
    {38, 32, 38, 42, 5, 34, 38, 26, 38, 15, 33, 42, 26, 38, 45, 26, 3, 26, 16, 2},
}};

constexpr std::array<uint32_t, 20> scout_routes_0 = {0, 1, 1, 0, 1, 0, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0};
constexpr std::array<uint32_t, 20> scout_routes_1 = {0, 0, 0, 2, 1, 1, 1, 1, 2, 0, 3, 0, 3, 2, 1, 3, 0, 3, 0, 0};
constexpr std::array<uint32_t, 20> maverick_routes_1 = {2, 3, 3, 3, 1, 2, 1, 2, 2, 2, 3, 2, 2, 3, 3, 3, 1, 3, 2, 2};

constexpr double tolerance = 2e-4;

struct Setup {
  BackendKind backend = BackendKind::reference;
  uint32_t n_threads = 1;
  uint32_t max_batch_tokens = 64;
  uint32_t max_sequences = 1;
  KvType kv_type = KvType::f32;
  DType weights = DType::f32;
};

std::unique_ptr<Model> load(Tiny variant, const Setup& setup) {
  const Bytes bytes = tiny_model(variant, setup.weights);
  const auto files = GgufModel::from_bytes(bytes, "tiny");
  if (!files) qFatal("%s", files.error().message.c_str());
  auto model = Model::load(*files,
                           {.backend = setup.backend,
                            .n_threads = setup.n_threads,
                            .context_tokens = 256,
                            .max_sequences = setup.max_sequences,
                            .kv_type = setup.kv_type,
                            .max_batch_tokens = setup.max_batch_tokens,
                            .max_logit_rows = setup.max_batch_tokens,
                            .keep_routes = KeepRoutes::yes},
                           {});
  if (!model) qFatal("%s", model.error().message.c_str());
  return *std::move(model);
}

// The logits of every token, fed in slices.
std::vector<float> run(Model& model, std::span<const uint32_t> tokens, uint32_t slice) {
  const SequenceId sequence = model.kv_cache().open().value();
  std::vector<float> all;
  for (uint32_t begin = 0; begin < tokens.size(); begin += slice) {
    Batch batch;
    for (uint32_t i = begin; i < std::min<size_t>(tokens.size(), begin + slice); ++i) {
      batch.push_back({tokens[i], sequence, i, true});
    }
    const auto logits = model.forward(batch);
    if (!logits) qFatal("%s", logits.error().message.c_str());
    all.insert(all.end(), logits->values.begin(), logits->values.end());
  }
  model.kv_cache().close(sequence);
  return all;
}

// A row for each backend that this CPU has, or for the one that is asked for.
template <class AddRow>
void for_backends(AddRow add_row) {
  if (const char* const asked = std::getenv("TIJORI_TEST_BACKEND")) {
    add_row(std::string(asked), parse_backend_kind(asked).value());
    return;
  }
  for (const auto& [name, kind] :
       {std::pair{"reference", BackendKind::reference}, {"avx2", BackendKind::avx2}, {"avx512", BackendKind::avx512}}) {
    if (create_backend(kind, 1)) add_row(std::string(name), kind);
  }
}

bool on_cuda() {
  const char* const asked = std::getenv("TIJORI_TEST_BACKEND");
  return asked != nullptr && is_cuda(parse_backend_kind(asked).value());
}

}  // namespace

Q_DECLARE_METATYPE(tijori::BackendKind)
Q_DECLARE_METATYPE(tijori::test::Tiny)
Q_DECLARE_METATYPE(tijori::DType)
Q_DECLARE_METATYPE(tijori::SamplingParameters)

class ModelTest : public QObject {
  Q_OBJECT

 private slots:
  void computes_the_published_logits_data() { add_variants(); }
  void computes_the_published_logits() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    const auto model = load(variant, {.backend = backend, .max_batch_tokens = 20});
    QFETCH(std::string, backend_name);
    QCOMPARE(std::string(model->backend_name()), backend_name);
    const std::vector<float> logits = run(*model, tiny_tokens(20), 20);
    for (const Row& row : published) {
      if (row.variant != variant) continue;
      const auto mine = std::span(logits).subspan(size_t{row.position} * tiny_vocabulary, tiny_vocabulary);
      double sum = 0;
      double squares = 0;
      for (const float value : mine) {
        sum += value;
        squares += static_cast<double>(value) * value;
      }
      for (size_t i = 0; i < row.logits.size(); ++i) {
        QVERIFY2(std::abs(mine[i] - row.logits[i]) <= tolerance, std::to_string(mine[i]).c_str());
      }
      QVERIFY(std::abs(sum - row.sum) <= 48 * tolerance);
      QVERIFY(std::abs(std::sqrt(squares) - row.l2) <= 7 * tolerance);
      QVERIFY(std::abs(log_sum_exp(mine) - row.log_sum_exp) <= tolerance);
    }
    for (uint32_t i = 0; i < 20; ++i) {
      const auto mine = std::span(logits).subspan(size_t{i} * tiny_vocabulary, tiny_vocabulary);
      const auto best = static_cast<uint32_t>(std::ranges::max_element(mine) - mine.begin());
      QCOMPARE(best, published_argmax[static_cast<size_t>(variant)][i]);
    }
    if (variant == Tiny::scout) {
      QVERIFY(std::ranges::equal(model->routes(0), scout_routes_0));
      QVERIFY(std::ranges::equal(model->routes(1), scout_routes_1));
    }
    if (variant == Tiny::maverick) {
      QVERIFY(model->routes(0).empty());
      QVERIFY(std::ranges::equal(model->routes(1), maverick_routes_1));
    }
  }

  void counts_every_choice_of_an_expert_data() { add_variants(); }
  void counts_every_choice_of_an_expert() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    const auto model = load(variant, {.backend = backend, .max_batch_tokens = 7});
    (void)run(*model, tiny_tokens(20), 7);
    const Hyperparameters& shape = model->hyperparameters();
    for (uint32_t layer = 0; layer < shape.n_layers() && shape.n_experts > 0; ++layer) {
      const auto counts = model->expert_tally().layer(layer);
      const uint64_t sum = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
      QCOMPARE(sum, shape.layers[layer].has_experts ? uint64_t{20} * shape.experts_per_token : uint64_t{0});
    }
    if (variant != Tiny::scout) return;
    const auto counts = model->expert_tally().layer(0);
    for (uint32_t expert = 0; expert < counts.size(); ++expert)
      QCOMPARE(counts[expert], static_cast<uint64_t>(std::ranges::count(scout_routes_0, expert)));
  }

  void gives_the_same_bits_in_every_batch_and_thread_count_data() {
    QTest::addColumn<BackendKind>("backend");
    QTest::addColumn<Tiny>("variant");
    QTest::addColumn<DType>("weights");
    for_backends([](const std::string& name, BackendKind kind) {
      for (const Tiny variant : {Tiny::scout, Tiny::maverick, Tiny::guard}) {
        for (const auto& [type_name, type] : {std::pair{" f32", DType::f32}, {" q8_0", DType::q8_0}}) {
          QTest::newRow((name + " " + name_of(variant) + type_name).c_str()) << kind << variant << type;
        }
      }
    });
  }
  void gives_the_same_bits_in_every_batch_and_thread_count() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    QFETCH(DType, weights);
    // The host executor's blocks are shared out by itself, and it takes its time; positions still pass a block's edge.
    const std::vector<uint32_t> tokens = tiny_tokens(on_cuda() ? 70 : 100);
    std::vector<float> judge;
    for (const uint32_t n_threads : {1U, 2U}) {
      if (on_cuda() && n_threads > 1) continue;
      const auto model = load(variant, {.backend = backend, .n_threads = n_threads, .weights = weights});
      for (const uint32_t slice : {1U, 2U, 7U, 64U}) {
        const std::vector<float> logits = run(*model, tokens, slice);
        if (judge.empty()) judge = logits;
        QVERIFY2(same_bits(logits, judge), ("slice " + std::to_string(slice)).c_str());
      }
    }
  }

  // Three sequences of other lengths, interleaved in one step after another, must not feel each other.
  void gives_the_same_bits_beside_other_sequences_data() { add_variants(); }
  void gives_the_same_bits_beside_other_sequences() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    const std::vector<uint32_t> tokens = tiny_tokens(60);
    const auto alone = load(variant, {.backend = backend});
    const std::array<std::span<const uint32_t>, 3> inputs = {std::span(tokens), std::span(tokens).subspan(3, 40),
                                                             std::span(tokens).subspan(11, 33)};
    std::array<std::vector<float>, 3> judges;
    for (size_t i = 0; i < 3; ++i) judges[i] = run(*alone, inputs[i], 5);

    const auto model = load(variant, {.backend = backend, .n_threads = 2, .max_sequences = 3});
    std::array<SequenceId, 3> sequences{};
    for (SequenceId& sequence : sequences) sequence = model->kv_cache().open().value();
    std::array<std::vector<float>, 3> found;
    for (uint32_t step = 0; found[0].size() < judges[0].size(); ++step) {
      Batch batch;
      std::vector<size_t> owners;
      for (size_t i = 0; i < 3; ++i) {
        const uint32_t start = model->kv_cache().length(sequences[i]);
        const size_t count = (step + i) % 4 + (i == 0 ? 1 : 0);
        for (uint32_t at = start; at < std::min<size_t>(start + count, inputs[i].size()); ++at) {
          batch.push_back({inputs[i][at], sequences[i], at, true});
          owners.push_back(i);
        }
      }
      const auto logits = model->forward(batch);
      QVERIFY(logits.has_value());
      for (uint32_t row = 0; row < logits->n_rows; ++row) {
        const auto values = logits->row(row);
        found[owners[row]].insert(found[owners[row]].end(), values.begin(), values.end());
      }
    }
    for (size_t i = 0; i < 3; ++i) {
      QVERIFY(!found[i].empty());
      QVERIFY(same_bits(found[i], std::span(judges[i]).first(found[i].size())));
    }
  }

  void gives_the_same_bits_after_going_back_data() { add_variants(); }
  void gives_the_same_bits_after_going_back() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    const std::vector<uint32_t> tokens = tiny_tokens(50);
    const auto model = load(variant, {.backend = backend});
    const std::vector<float> judge = run(*model, tokens, 64);
    const SequenceId sequence = model->kv_cache().open().value();
    Batch batch;
    for (uint32_t i = 0; i < 50; ++i) batch.push_back({i < 13 ? tokens[i] : 1, sequence, i, false});
    QVERIFY(model->forward(batch).has_value());
    model->kv_cache().truncate(sequence, 13);
    batch.clear();
    for (uint32_t i = 13; i < 50; ++i) batch.push_back({tokens[i], sequence, i, true});
    const auto logits = model->forward(batch);
    QVERIFY(logits.has_value());
    QVERIFY(same_bits(logits->values, std::span(judge).subspan(size_t{13} * tiny_vocabulary)));
  }

  void stays_close_with_a_smaller_kv_cache_data() { add_variants(); }
  void stays_close_with_a_smaller_kv_cache() {
    QFETCH(BackendKind, backend);
    QFETCH(Tiny, variant);
    const std::vector<uint32_t> tokens = tiny_tokens(60);
    const auto exact = load(variant, {.backend = backend});
    const std::vector<float> judge = run(*exact, tokens, 64);
    for (const KvType type : {KvType::f16, KvType::q8}) {
      if (on_cuda() && type == KvType::q8) continue;
      const auto model = load(variant, {.backend = backend, .kv_type = type});
      const Distance found = distance(judge, run(*model, tokens, 7), tiny_vocabulary);
      QVERIFY2(found.mean_kl < 1e-3, std::to_string(found.mean_kl).c_str());
      QVERIFY(found.max_abs > 0);
    }
  }

  // A device that chooses by itself chooses what the sampler does with its logits.
  void samples_on_the_device_as_the_sampler_does_data() {
    QTest::addColumn<SamplingParameters>("parameters");
    QTest::newRow("greedy") << SamplingParameters{.temperature = 0};
    QTest::newRow("as it is") << SamplingParameters{};
    QTest::newRow("hot") << SamplingParameters{.temperature = 3};
    QTest::newRow("cold") << SamplingParameters{.temperature = 0.05F};
    QTest::newRow("top-k of 1") << SamplingParameters{.top_k = 1};
    QTest::newRow("top-k") << SamplingParameters{.temperature = 2, .top_k = 5};
    QTest::newRow("top-k of more than there are") << SamplingParameters{.temperature = 2, .top_k = 1000};
    QTest::newRow("top-p") << SamplingParameters{.temperature = 2, .top_p = 0.5F};
    QTest::newRow("a tiny top-p") << SamplingParameters{.top_p = 1e-6F};
    QTest::newRow("min-p") << SamplingParameters{.temperature = 2, .min_p = 0.3F};
    QTest::newRow("all") << SamplingParameters{.temperature = 1.5F, .top_p = 0.8F, .top_k = 20, .min_p = 0.05F};
  }
  void samples_on_the_device_as_the_sampler_does() {
    if (!on_cuda()) QSKIP("the CPU's backends leave it to the sampler");
    QFETCH(SamplingParameters, parameters);
    const std::vector<uint32_t> tokens = tiny_tokens(40);
    const auto model = load(Tiny::scout, {.backend = parse_backend_kind(std::getenv("TIJORI_TEST_BACKEND")).value()});
    QVERIFY(model->samples());
    Batch batch;
    for (const bool on_device : {false, true}) {
      const SequenceId sequence = model->kv_cache().open().value();
      batch.clear();
      for (uint32_t i = 0; i < tokens.size(); ++i) batch.push_back({tokens[i], sequence, i, true});
      std::vector<Sampler> samplers;
      std::vector<SampleChoice> choices;
      for (uint32_t i = 0; i < tokens.size(); ++i) {
        parameters.seed = i;
        samplers.push_back(Sampler::create(parameters).value());
        if (on_device) choices.push_back(samplers.back().next_choice());
      }
      const auto logits = model->forward(batch, choices);
      QVERIFY(logits.has_value());
      if (on_device) {
        QVERIFY(logits->values.empty());
        QVERIFY(std::ranges::equal(logits->chosen, expected_));
      } else {
        expected_.clear();
        for (uint32_t i = 0; i < tokens.size(); ++i) expected_.push_back(samplers[i].sample(logits->row(i)).value());
      }
      model->kv_cache().close(sequence);
    }
  }

  void refuses_a_wrong_batch_without_effect() {
    const auto model = load(Tiny::scout, {.max_batch_tokens = 4});
    const SequenceId sequence = model->kv_cache().open().value();
    const auto refused = [&](const Batch& batch) {
      const auto result = model->forward(batch);
      return !result && result.error().code == ErrorCode::invalid_argument;
    };
    QVERIFY(refused({}));
    QVERIFY(refused({{tiny_vocabulary, sequence, 0, true}}));
    QVERIFY(refused({{1, SequenceId{1}, 0, true}}));
    QVERIFY(refused({{1, sequence, 1, true}}));
    QVERIFY(refused({{1, sequence, 0, true}, {1, sequence, 0, true}}));
    QVERIFY(refused(Batch(5, {1, sequence, 0, false})));
    QCOMPARE(model->kv_cache().length(sequence), 0U);
    QCOMPARE(model->kv_cache().n_used_blocks(), 0U);
    QVERIFY(model->forward({{1, sequence, 0, true}}).has_value());
    model->kv_cache().close(sequence);
    QVERIFY(refused({{1, sequence, 1, true}}));
  }

  void refuses_what_does_not_fit_with_numbers() {
    const Bytes bytes = tiny_model(Tiny::guard);
    const auto files = GgufModel::from_bytes(bytes, "tiny");
    const auto model = Model::load(*files, {.backend = BackendKind::reference, .memory_limit_bytes = 1000}, {});
    QVERIFY(!model);
    QCOMPARE(model.error().code, ErrorCode::resource_exhausted);
    QVERIFY(model.error().message.find("1000 are available") != std::string::npos);
    const auto longer = Model::load(*files, {.backend = BackendKind::reference, .context_tokens = 1025}, {});
    QVERIFY(!longer);
    QVERIFY(longer.error().message.find("1025, expected 1 to 1024") != std::string::npos);
  }

  void stops_loading_when_told() {
    const Bytes bytes = tiny_model(Tiny::guard);
    const auto files = GgufModel::from_bytes(bytes, "tiny");
    uint64_t seen = 0;
    const auto model = Model::load(*files, {.backend = BackendKind::reference}, [&](uint64_t done, uint64_t total) {
      seen = done;
      return done < total / 2;
    });
    QVERIFY(!model);
    QCOMPARE(model.error().code, ErrorCode::cancelled);
    QVERIFY(seen > 0);
  }

 private:
  std::vector<uint32_t> expected_;

  static void add_variants() {
    QTest::addColumn<BackendKind>("backend");
    QTest::addColumn<std::string>("backend_name");
    QTest::addColumn<Tiny>("variant");
    for_backends([](const std::string& name, BackendKind kind) {
      for (const Tiny variant : {Tiny::scout, Tiny::maverick, Tiny::guard}) {
        QTest::newRow((name + " " + name_of(variant)).c_str()) << kind << name << variant;
      }
    });
  }
};

QTEST_GUILESS_MAIN(ModelTest)
#include "model_test.moc"
