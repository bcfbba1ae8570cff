// The device's choice of experts and the order of their rows, and what is written into the cache of keys and values.
#include <QTest>
#include <numeric>

#include "tests/kernels/cuda_device.h"
#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;
using cuda::ExpertTile;
using cuda::KvElement;
using cuda::StepToken;

class CudaRoutingTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    if (const std::string why = why_no_device(); !why.empty()) QSKIP(why.c_str());
  }

  void routes_as_the_cpu_does_and_sorts_stably_data() {
    QTest::addColumn<uint>("experts");
    QTest::addColumn<uint>("per_token");
    QTest::addColumn<uint>("tokens");
    for (const uint32_t experts : {1U, 16U, 33U, 128U, 1000U})
      for (const uint32_t per_token : {1U, 2U, 3U, 4U})
        for (const uint32_t tokens : {1U, 5U, 37U, 130U}) {
          if (per_token > experts || (experts == 1000 && tokens == 130)) continue;
          if (only_small_half() && (tokens == 130 || experts > 33 || per_token == 3)) continue;
          QTest::addRow("%u of %u experts, %u tokens", per_token, experts, tokens) << experts << per_token << tokens;
        }
  }
  void routes_as_the_cpu_does_and_sorts_stably() {
    QFETCH(uint, experts);
    QFETCH(uint, per_token);
    QFETCH(uint, tokens);
    std::vector<float> logits = normal_floats(size_t{tokens} * experts, experts + tokens);
    // Every other token has many equal logits; some have what is no number, one nothing else.
    for (size_t i = 0; i < logits.size(); ++i) {
      const size_t token = i / experts;
      if (token % 2 == 1) logits[i] = std::round(logits[i]);
      if (token % 5 == 2 && i % 3 != 0) logits[i] = NAN;
      if (token % 7 == 3 && i % 4 == 0) logits[i] = INFINITY;
      if (token % 7 == 4 && i % 4 == 0) logits[i] = -INFINITY;
      if (token == 6) logits[i] = NAN;
    }
    for (const uint32_t width : {cuda::narrow_tile, cuda::wide_tile}) {
      const uint32_t n_rows = tokens * per_token;
      const uint32_t most_tiles = cuda::most_expert_tiles(n_rows, experts, width);
      CudaDevice device;
      cuda::RouteArguments a;
      a.logits = device.upload(logits);
      a.n = tokens;
      a.n_experts = experts;
      a.experts_per_token = per_token;
      a.tile_width = width;
      a.choices = device.output<uint32_t>(n_rows);
      a.scores = device.output<float>(n_rows);
      a.row_of_choice = device.output<uint32_t>(n_rows);
      a.token_of_row = device.output<uint32_t>(n_rows);
      a.score_of_row = device.output<float>(n_rows);
      a.tiles = device.output<ExpertTile>(most_tiles);
      a.tile_count = device.output<uint32_t>(1);
      device.kernels().route(device.runtime(), a);

      const auto choices = device.download<uint32_t>(a.choices, n_rows);
      const auto scores = device.download<float>(a.scores, n_rows);
      for (uint32_t t = 0; t < tokens; ++t) {
        std::vector<ExpertChoice> expected(per_token);
        route_experts({logits.data() + size_t{t} * experts, experts}, expected);
        std::sort(expected.begin(), expected.end(), [](const auto& x, const auto& y) { return x.expert < y.expert; });
        for (uint32_t j = 0; j < per_token; ++j) {
          QCOMPARE(choices[t * per_token + j], static_cast<uint32_t>(expected[j].expert));
          const float score = scores[t * per_token + j];
          // expf is off by at most two steps, and two operations are rounded.
          QVERIFY(std::isnan(expected[j].weight)
                      ? std::isnan(score)
                      : std::abs(score - expected[j].weight) <= 0x1p-21F * expected[j].weight);
        }
      }

      std::vector<uint32_t> order(n_rows);
      std::iota(order.begin(), order.end(), 0U);
      std::stable_sort(order.begin(), order.end(), [&](uint32_t x, uint32_t y) { return choices[x] < choices[y]; });
      std::vector<uint32_t> row_of_choice(n_rows), token_of_row(n_rows);
      std::vector<float> score_of_row(n_rows);
      std::vector<ExpertTile> tiles;
      for (uint32_t row = 0; row < n_rows; ++row) {
        row_of_choice[order[row]] = row;
        token_of_row[row] = order[row] / per_token;
        score_of_row[row] = scores[order[row]];
        const uint32_t expert = choices[order[row]];
        if (tiles.empty() || tiles.back().expert != expert || tiles.back().n_rows == width)
          tiles.push_back({expert, row, 0});
        ++tiles.back().n_rows;
      }
      QVERIFY(same_bits(device.download<uint32_t>(a.row_of_choice, n_rows), row_of_choice));
      QVERIFY(same_bits(device.download<uint32_t>(a.token_of_row, n_rows), token_of_row));
      QVERIFY(same_bits(device.download<float>(a.score_of_row, n_rows), score_of_row));
      QCOMPARE(device.download<uint32_t>(a.tile_count, 1)[0], static_cast<uint32_t>(tiles.size()));
      QVERIFY(tiles.size() <= most_tiles);
      QVERIFY(same_bits(device.download<ExpertTile>(a.tiles, tiles.size()), tiles));
    }
  }

  void rotates_and_fills_the_cache_data() {
    QTest::addColumn<uint>("heads");
    QTest::addColumn<uint>("kv_heads");
    QTest::addColumn<uint>("head_dim");
    QTest::addColumn<bool>("half");
    constexpr uint32_t shapes[][3] = {{4, 2, 32}, {5, 5, 2},   {3, 1, 40}, {8, 1, 64},
                                      {6, 3, 20}, {2, 2, 128}, {1, 1, 256}};
    for (const auto& [heads, kv_heads, head_dim] : shapes)
      for (const bool half : {false, true})
        QTest::addRow("%u and %u heads of %u, %s", heads, kv_heads, head_dim, half ? "F16" : "F32")
            << heads << kv_heads << head_dim << half;
  }
  void rotates_and_fills_the_cache() {
    QFETCH(uint, heads);
    QFETCH(uint, kv_heads);
    QFETCH(uint, head_dim);
    QFETCH(bool, half);
    cuda::KvLayout layout;
    layout.element = half ? KvElement::f16 : KvElement::f32;
    layout.n_kv_heads = kv_heads;
    layout.head_dim = head_dim;
    layout.n_blocks = 9;
    // Two sequences; positions on both sides of page edges.
    const std::vector<uint32_t> tables = {7, 2, 5, 0, 8, 3};
    const std::vector<StepToken> tokens = {{0, 0, 0},  {0, 31, 0}, {0, 32, 0}, {0, 64, 0},
                                           {0, 31, 3}, {0, 33, 3}, {0, 95, 3}};
    const auto n = static_cast<uint32_t>(tokens.size());
    const std::vector<float> queries = normal_floats(size_t{n} * heads * head_dim, 1);
    const std::vector<float> keys = normal_floats(size_t{n} * kv_heads * head_dim, 2);
    const std::vector<float> values = normal_floats(size_t{n} * kv_heads * head_dim, 3);
    std::vector<float> cos_sin;
    for (uint32_t i = 0; i < n * head_dim / 2; ++i) {
      cos_sin.push_back(static_cast<float>(std::cos(0.37 * i)));
      cos_sin.push_back(static_cast<float>(std::sin(0.37 * i)));
    }
    for (const bool turns : {false, true})
      for (const bool norms : {false, true}) {
        CudaDevice device;
        cuda::RotateArguments a;
        a.queries = device.upload(queries);
        a.keys = device.upload(keys);
        a.values = device.upload(values);
        if (turns) a.cos_sin = device.upload(cos_sin);
        a.norms = norms;
        a.epsilon = 1e-5F;
        a.n_heads = heads;
        a.layout = layout;
        a.cache = device.output<uint8_t>(layout.bytes());
        a.step.tokens = device.upload(tokens);
        a.step.n_tokens = n;
        a.step.block_tables = device.upload(tables);
        a.step.n_table_entries = static_cast<uint32_t>(tables.size());
        device.kernels().rotate(device.runtime(), a);

        const auto turned_keys = device.download<float>(a.keys, keys.size());
        const auto check = [&](const std::vector<float>& before, const std::vector<float>& after, uint32_t n_heads) {
          for (size_t head = 0; head < size_t{n} * n_heads; ++head) {
            std::vector<double> expected(head_dim);
            double squares = 0;
            for (uint32_t d = 0; d < head_dim; d += 2) {
              const float* angle = cos_sin.data() + head / n_heads * head_dim + d;
              const double c = turns ? static_cast<double>(angle[0]) : 1, s = turns ? static_cast<double>(angle[1]) : 0;
              const auto x = static_cast<double>(before[head * head_dim + d]);
              const auto y = static_cast<double>(before[head * head_dim + d + 1]);
              expected[d] = x * c - y * s;
              expected[d + 1] = x * s + y * c;
              squares += x * x + y * y;
            }
            const double factor = norms ? 1 / std::sqrt(squares / head_dim + static_cast<double>(a.epsilon)) : 1;
            for (uint32_t d = 0; d < head_dim; ++d) {
              const auto found = static_cast<double>(after[head * head_dim + d]);
              const double size = std::abs(static_cast<double>(before[head * head_dim + d])) +
                                  std::abs(static_cast<double>(before[head * head_dim + (d ^ 1U)]));
              // Two roundings of the rotation; a norm's sum has 8 + 5 steps, halved by the root, and five operations
              // more.
              const double most = (turns || norms ? 16 * 0x1p-24 : 0) * size * factor;
              if (!(std::abs(found - expected[d] * factor) <= most)) return false;
            }
          }
          return true;
        };
        QVERIFY(check(keys, turned_keys, kv_heads));
        QVERIFY(check(queries, device.download<float>(a.queries, queries.size()), heads));

        // [block][kv_head][K, V][position][padded head_dim]; what isn't written stays as it was.
        std::vector<uint8_t> expected(layout.bytes(), 0xFF);
        for (uint32_t t = 0; t < n; ++t)
          for (uint32_t h = 0; h < kv_heads; ++h)
            for (uint32_t d = 0; d < layout.padded_head_dim(); ++d)
              for (const bool value : {false, true}) {
                const std::vector<float>& from = value ? values : turned_keys;
                const float number = d < head_dim ? from[(size_t{t} * kv_heads + h) * head_dim + d] : 0.0F;
                const size_t block = tables[tokens[t].block_table + tokens[t].position / 32];
                const size_t at = (((block * kv_heads + h) * 2 + (value ? 1 : 0)) * 32 + tokens[t].position % 32) *
                                      layout.padded_head_dim() +
                                  d;
                if (half)
                  store_le(expected.data() + 2 * at, half_of_float(number));
                else
                  store_le(expected.data() + 4 * at, number);
              }
        QVERIFY(same_bits(device.download<uint8_t>(a.cache, layout.bytes()), expected));
      }
  }
};

QTEST_GUILESS_MAIN(CudaRoutingTest)
#include "cuda_routing_test.moc"
