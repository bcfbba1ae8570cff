// The device's choice of a token against the CPU's sampler, on logits that are hard to tell apart.
#include <QTest>
#include <limits>
#include <random>
#include <vector>

#include "engine/sampler.h"
#include "tests/kernels/cuda_device.h"

using namespace tijori;
using namespace tijori::test;

Q_DECLARE_METATYPE(tijori::SamplingParameters)

namespace {

constexpr uint32_t n_rows = 8;

struct Chosen {
  std::vector<uint32_t> by_device;
  std::vector<uint32_t> by_sampler;
};

// Row i is drawn from with seed i; no_token where the sampler refuses.
Chosen choose(const std::vector<float>& logits, uint32_t vocabulary, SamplingParameters parameters) {
  Chosen chosen;
  std::vector<cuda::SampleParameters> rows;
  const auto n = static_cast<uint32_t>(logits.size() / vocabulary);
  for (uint32_t i = 0; i < n; ++i) {
    parameters.seed = i;
    const SampleChoice choice = Sampler::create(parameters).value().next_choice();
    rows.push_back({choice.uniform, choice.temperature, choice.top_p, choice.min_p, choice.top_k});
    const auto token =
        Sampler::create(parameters).value().sample(std::span(logits).subspan(size_t{i} * vocabulary, vocabulary));
    chosen.by_sampler.push_back(token ? *token : cuda::no_token);
  }
  CudaDevice device;
  const cuda::DeviceAddress out = device.output<uint32_t>(n);
  device.kernels().sample(device.runtime(), {.logits = device.upload(logits),
                                             .n = n,
                                             .vocabulary = vocabulary,
                                             .parameters = device.upload(rows),
                                             .chosen = out});
  chosen.by_device = device.download<uint32_t>(out, n);
  return chosen;
}

// Normal numbers, cut to steps of `step` so that many are equal.
std::vector<float> stepped_logits(uint32_t vocabulary, float step, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> logits(size_t{n_rows} * vocabulary);
  for (float& logit : logits) {
    logit = normal(random);
    if (step > 0) logit = std::round(logit / step) * step;
  }
  return logits;
}

}  // namespace

class CudaSamplingTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    if (const std::string why = why_no_device(); !why.empty()) QSKIP(why.c_str());
  }

  void chooses_what_the_sampler_does_data() {
    QTest::addColumn<SamplingParameters>("parameters");
    QTest::newRow("greedy") << SamplingParameters{.temperature = 0};
    QTest::newRow("as it is") << SamplingParameters{};
    QTest::newRow("hot") << SamplingParameters{.temperature = 100};
    QTest::newRow("cold") << SamplingParameters{.temperature = 0.01F};
    QTest::newRow("top-k") << SamplingParameters{.temperature = 2, .top_k = 3};
    QTest::newRow("top-k through a tie") << SamplingParameters{.temperature = 100, .top_k = 17};
    QTest::newRow("top-p") << SamplingParameters{.temperature = 2, .top_p = 0.6F};
    QTest::newRow("top-p of nearly all") << SamplingParameters{.temperature = 5, .top_p = 0.99999F};
    QTest::newRow("a tiny top-p") << SamplingParameters{.top_p = 1e-7F};
    QTest::newRow("min-p") << SamplingParameters{.temperature = 3, .min_p = 0.2F};
    QTest::newRow("min-p of 1") << SamplingParameters{.temperature = 3, .min_p = 1};
    QTest::newRow("all") << SamplingParameters{.temperature = 4, .top_p = 0.9F, .top_k = 40, .min_p = 0.01F};
  }
  void chooses_what_the_sampler_does() {
    QFETCH(SamplingParameters, parameters);
    const std::vector<uint32_t> vocabularies =
        only_small_half() ? std::vector<uint32_t>{33} : std::vector<uint32_t>{1, 2, 31, 511, 513, 5003};
    for (const uint32_t vocabulary : vocabularies) {
      for (const float step : {0.0F, 0.5F, 4.0F}) {
        const Chosen chosen = choose(stepped_logits(vocabulary, step, vocabulary), vocabulary, parameters);
        QCOMPARE(chosen.by_device, chosen.by_sampler);
      }
    }
  }

  void takes_the_first_of_equals() {
    const uint32_t vocabulary = 600;
    std::vector<float> logits(size_t{n_rows} * vocabulary, 1.0F);
    const Chosen greedy = choose(logits, vocabulary, {.temperature = 0});
    QCOMPARE(greedy.by_device, std::vector<uint32_t>(n_rows, 0));
    const Chosen drawn = choose(logits, vocabulary, {.temperature = 1, .top_k = 5});
    QCOMPARE(drawn.by_device, drawn.by_sampler);
    for (const uint32_t token : drawn.by_device) QVERIFY(token < 5);
  }

  void both_zeros_are_one() {
    std::vector<float> logits = {-0.0F, 0.0F, -0.0F, 0.0F};
    for (const uint32_t top_k : {1U, 2U, 3U}) {
      const Chosen chosen = choose(logits, 4, {.temperature = 1, .top_k = top_k});
      QCOMPARE(chosen.by_device, chosen.by_sampler);
    }
  }

  void leaves_out_what_cannot_be() {
    constexpr float never = -std::numeric_limits<float>::infinity();
    std::vector<float> logits(700, never);
    logits[301] = -2;
    logits[650] = -3;
    for (const SamplingParameters& parameters :
         {SamplingParameters{.temperature = 0}, SamplingParameters{.temperature = 50},
          SamplingParameters{.temperature = 50, .top_p = 0.9F, .top_k = 600}}) {
      const Chosen chosen = choose(logits, 700, parameters);
      QCOMPARE(chosen.by_device, chosen.by_sampler);
      QVERIFY(chosen.by_device[0] == 301 || chosen.by_device[0] == 650);
    }
  }

  void refuses_broken_logits_in_their_own_row_alone_data() {
    QTest::addColumn<float>("value");
    QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("infinity") << std::numeric_limits<float>::infinity();
  }
  void refuses_broken_logits_in_their_own_row_alone() {
    QFETCH(float, value);
    std::vector<float> logits = stepped_logits(100, 0, 1);
    logits[3 * 100 + 77] = value;
    std::fill(logits.begin() + 500, logits.begin() + 600, -std::numeric_limits<float>::infinity());
    const Chosen chosen = choose(logits, 100, {});
    QCOMPARE(chosen.by_device, chosen.by_sampler);
    QCOMPARE(chosen.by_device[3], cuda::no_token);
    QCOMPARE(chosen.by_device[5], cuda::no_token);
  }
};

QTEST_GUILESS_MAIN(CudaSamplingTest)
#include "cuda_sampling_test.moc"
