#include "engine/sampler.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <map>

using namespace tijori;

namespace {

// How often each token comes in n draws of fresh samplers' sequences.
std::map<TokenId, int> count_draws(SamplingParameters parameters, const std::vector<float>& logits, int n) {
  std::map<TokenId, int> counts;
  auto sampler = Sampler::create(parameters);
  for (int i = 0; i < n; ++i) ++counts[*sampler->sample(logits)];
  return counts;
}

std::vector<float> log_probabilities(std::initializer_list<double> probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)));
  return logits;
}

}  // namespace

class SamplerTest : public QObject {
  Q_OBJECT

 private slots:
  void greedy_takes_the_lowest_id_on_ties() {
    auto sampler = Sampler::create({.temperature = 0});
    QCOMPARE(*sampler->sample(std::vector<float>{1, 3, 3, 2}), TokenId{1});
    QCOMPARE(*sampler->sample(std::vector<float>{-std::numeric_limits<float>::infinity(), -5}), TokenId{1});
  }

  void draws_with_the_given_probabilities() {
    const auto counts = count_draws({.seed = 3}, log_probabilities({0.5, 0.3, 0.2}), 20000);
    QVERIFY(std::abs(counts.at(0) / 20000.0 - 0.5) < 0.02);
    QVERIFY(std::abs(counts.at(1) / 20000.0 - 0.3) < 0.02);
    QVERIFY(std::abs(counts.at(2) / 20000.0 - 0.2) < 0.02);
  }

  void temperature_sharpens() {
    // At temperature 1/2 the probabilities are squared: 0.64 to 0.04 of 0.68.
    const auto counts = count_draws({.temperature = 0.5F}, log_probabilities({0.8, 0.2}), 20000);
    QVERIFY(std::abs(counts.at(0) / 20000.0 - 0.64 / 0.68) < 0.02);
  }

  void keeps_only_what_the_filters_leave_data() {
    QTest::addColumn<float>("top_p");
    QTest::addColumn<int>("top_k");
    QTest::addColumn<float>("min_p");
    QTest::addColumn<int>("kept");
    QTest::newRow("nothing filtered") << 1.0F << 0 << 0.0F << 5;
    QTest::newRow("top-k") << 1.0F << 2 << 0.0F << 2;
    QTest::newRow("top-p crosses inside a token") << 0.75F << 0 << 0.0F << 3;
    QTest::newRow("tiny top-p keeps the likeliest") << 1e-6F << 0 << 0.0F << 1;
    QTest::newRow("min-p") << 1.0F << 0 << 0.4F << 3;
    QTest::newRow("min-p of 1") << 1.0F << 0 << 1.0F << 1;
    QTest::newRow("top-p counts after top-k") << 0.75F << 3 << 0.0F << 2;
  }

  void keeps_only_what_the_filters_leave() {
    QFETCH(float, top_p);
    QFETCH(int, top_k);
    QFETCH(float, min_p);
    QFETCH(int, kept);
    // In id order, not in order of probability: 0.05, 0.2, 0.4, 0.25, 0.1.
    const auto logits = log_probabilities({0.05, 0.2, 0.4, 0.25, 0.1});
    const TokenId by_rank[] = {2, 3, 1, 4, 0};
    const auto counts =
        count_draws({.top_p = top_p, .top_k = static_cast<uint32_t>(top_k), .min_p = min_p}, logits, 3000);
    QCOMPARE(static_cast<int>(counts.size()), kept);
    for (int i = 0; i < kept; ++i) QVERIFY(counts.contains(by_rank[i]));
  }

  void top_p_sorts_far_enough_in_a_flat_distribution() {
    const std::vector<float> logits(1000, 1.0F);
    const auto counts = count_draws({.top_p = 0.5F}, logits, 2000);
    for (const auto& [token, count] : counts) QVERIFY(token < 500);
    QVERIFY(counts.size() > 450);
  }

  void the_same_seed_gives_the_same_tokens() {
    const std::vector<float> logits(1000, 0.0F);
    auto first = Sampler::create({.seed = 42});
    auto other_seed = Sampler::create({.seed = 43});
    std::vector<TokenId> expected;
    int same = 0;
    for (int i = 0; i < 100; ++i) {
      expected.push_back(*first->sample(logits));
      if (*other_seed->sample(logits) == expected.back()) ++same;
    }
    QVERIFY(same < 10);
    auto again = Sampler::create({.seed = 42});
    auto neighbour = Sampler::create({.seed = 7});
    for (const TokenId token : expected) {
      QVERIFY(neighbour->sample(logits));
      QCOMPARE(*again->sample(logits), token);
    }
  }

  void penalties_count_what_was_generated() {
    auto presence = Sampler::create({.temperature = 0, .presence_penalty = 1.0F});
    const std::vector<float> logits = {2.0F, 1.5F, 0.0F};
    const TokenId prompt[] = {1};
    presence->observe_prompt(prompt);  // the prompt counts for the repetition penalty alone
    QCOMPARE(*presence->sample(logits), TokenId{0});
    QCOMPARE(*presence->sample(logits), TokenId{1});
    QCOMPARE(*presence->sample(logits), TokenId{0});

    auto frequency = Sampler::create({.temperature = 0, .frequency_penalty = 0.4F});
    std::vector<TokenId> tokens;
    for (int i = 0; i < 4; ++i) tokens.push_back(*frequency->sample(logits));
    QCOMPARE(tokens, (std::vector<TokenId>{0, 0, 1, 0}));
  }

  void the_repetition_penalty_knows_the_prompt() {
    auto sampler = Sampler::create({.temperature = 0, .repetition_penalty = 2.0F});
    const TokenId prompt[] = {0, 2};
    sampler->observe_prompt(prompt);
    // 2 / 2 = 1 stays below 1.5; -0.1 * 2 = -0.2.
    QCOMPARE(*sampler->sample(std::vector<float>{2.0F, 1.5F, -0.1F}), TokenId{1});
    auto negative = Sampler::create({.temperature = 0, .repetition_penalty = 2.0F});
    negative->observe_prompt(prompt);
    QCOMPARE(*negative->sample(std::vector<float>{-0.1F, -0.15F, -3.0F}), TokenId{1});
  }

  void broken_logits_are_an_error() {
    const float infinity = std::numeric_limits<float>::infinity();
    for (const float temperature : {0.0F, 1.0F}) {
      auto sampler = Sampler::create({.temperature = temperature});
      QCOMPARE(sampler->sample(std::vector<float>{0, std::nanf(""), 1}).error().code, ErrorCode::internal);
      QCOMPARE(sampler->sample(std::vector<float>{0, infinity}).error().code, ErrorCode::internal);
      QCOMPARE(sampler->sample(std::vector<float>{-infinity, -infinity}).error().code, ErrorCode::internal);
    }
  }

  void refuses_parameters_out_of_range() {
    const float nan = std::nanf("");
    const std::pair<SamplingParameters, const char*> cases[] = {{{.temperature = -0.1F}, "temperature"},
                                                                {{.temperature = nan}, "temperature"},
                                                                {{.top_p = 0}, "top_p"},
                                                                {{.top_p = 1.1F}, "top_p"},
                                                                {{.min_p = -1}, "min_p"},
                                                                {{.presence_penalty = 2.5F}, "presence_penalty"},
                                                                {{.frequency_penalty = -3}, "frequency_penalty"},
                                                                {{.repetition_penalty = 0}, "repetition_penalty"}};
    for (const auto& [parameters, field] : cases) {
      const auto sampler = Sampler::create(parameters);
      QVERIFY(!sampler);
      QCOMPARE(sampler.error().code, ErrorCode::invalid_argument);
      QVERIFY(sampler.error().message.starts_with(field));
    }
  }
};

QTEST_GUILESS_MAIN(SamplerTest)
#include "sampler_test.moc"
