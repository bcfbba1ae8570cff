// The device's attention over the paged cache: against a softmax in double, with page, chunk and partition edges, and
// bit by bit against itself for other tiles and splits. What a query may not see is NaN.
#include <QTest>
#include <limits>
#include <random>

#include "tests/kernels/cuda_device.h"
#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;
using cuda::AttentionTile;
using cuda::KvElement;
using cuda::StepToken;

namespace {

constexpr uint32_t page = 32;

struct Shape {
  uint32_t n_heads, n_kv_heads, head_dim;
  KvElement element;
};

// Some neighbouring tokens at the end of one sequence.
struct Run {
  uint32_t last = 0;
  uint32_t n_tokens = 1;
};

struct Options {
  uint32_t chunk = 0;
  double temperature_scale = 0;
  uint32_t temperature_length = 1;
  bool split = false;
  uint32_t tile_tokens = 0;  // most tokens of a tile; 0: as many as fill a block
};

// Sequences whose pages lie scattered in a cache of NaN, and the queries of one step.
class Step {
 public:
  Step(const Shape& shape, const std::vector<Run>& runs, unsigned seed) : shape_(shape), runs_(runs) {
    layout_.element = shape.element;
    layout_.n_kv_heads = shape.n_kv_heads;
    layout_.head_dim = shape.head_dim;
    std::vector<uint32_t> pages;
    for (const Run& run : runs) {
      tables_at_.push_back(static_cast<uint32_t>(pages.size()));
      for (uint32_t p = 0; p <= run.last / page; ++p) pages.push_back(static_cast<uint32_t>(pages.size()));
    }
    layout_.n_blocks = static_cast<uint32_t>(pages.size()) + 3;
    std::mt19937 random(seed);
    std::vector<uint32_t> all(layout_.n_blocks);
    for (uint32_t b = 0; b < layout_.n_blocks; ++b) all[b] = b;
    std::shuffle(all.begin(), all.end(), random);
    std::copy_n(all.begin(), pages.size(), pages.begin());
    tables_ = pages;
    cache_.assign(layout_.bytes(), 0xFF);
    for (size_t s = 0; s < runs.size(); ++s) {
      const size_t count = size_t{runs[s].last + 1} * shape.n_kv_heads * shape.head_dim;
      keys_.push_back(normal_floats(count, seed + 10 + static_cast<unsigned>(s)));
      values_.push_back(normal_floats(count, seed + 110 + static_cast<unsigned>(s)));
      for (uint32_t p = 0; p <= runs[s].last; ++p) write(s, p);
      for (uint32_t t = 0; t < runs[s].n_tokens; ++t)
        tokens_.push_back({0, runs[s].last + 1 - runs[s].n_tokens + t, tables_at_[s]});
      tokens_of_.push_back(static_cast<uint32_t>(tokens_.size()) - runs[s].n_tokens);
    }
    queries_ = normal_floats(tokens_.size() * shape.n_heads * shape.head_dim, seed + 7);
  }

  size_t n_tokens() const { return tokens_.size(); }
  size_t row() const { return size_t{shape_.n_heads} * shape_.head_dim; }

  // [n_tokens, n_heads, head_dim]
  std::vector<float> run(const Options& options) const {
    std::vector<AttentionTile> tiles;
    const uint32_t most =
        options.tile_tokens != 0 ? options.tile_tokens : cuda::attention_tile_tokens(shape_.n_heads, shape_.n_kv_heads);
    for (size_t s = 0; s < runs_.size(); ++s)
      for (uint32_t done = 0; done < runs_[s].n_tokens; done += most)
        tiles.push_back({tokens_of_[s] + done, std::min(most, runs_[s].n_tokens - done)});
    return launch(options, tokens_, tiles, queries_, cache_);
  }

  // One token's row where nothing after its position has been written and no other token is there.
  std::vector<float> alone(const Options& options, size_t token) const {
    const size_t s = sequence_of(token);
    std::vector<uint8_t> cache = cache_;
    for (uint32_t p = tokens_[token].position + 1; p <= runs_[s].last; ++p)
      for (uint32_t h = 0; h < shape_.n_kv_heads; ++h)
        for (const bool value : {false, true})
          std::memset(cache.data() + place(s, p, h, value) * layout_.element_bytes(), 0xFF,
                      layout_.padded_head_dim() * layout_.element_bytes());
    const auto query = queries_.begin() + static_cast<ptrdiff_t>(token * row());
    return launch(options, {tokens_[token]}, {{0, 1}}, {query, query + static_cast<ptrdiff_t>(row())}, cache);
  }

  // Empty, or what is wrong with `attended`.
  QString fault_of(const std::vector<float>& attended, const Options& options) const {
    const uint32_t group = shape_.n_heads / shape_.n_kv_heads;
    for (size_t t = 0; t < tokens_.size(); ++t) {
      const size_t s = sequence_of(t);
      const uint32_t last = tokens_[t].position;
      const uint32_t first = options.chunk == 0 ? 0 : last - last % options.chunk;
      double scale = 1 / std::sqrt(static_cast<double>(shape_.head_dim));
      if (options.temperature_scale != 0)
        scale *= 1 + options.temperature_scale * std::log(std::floor((last + 1.0) / options.temperature_length) + 1);
      for (uint32_t h = 0; h < shape_.n_heads; ++h) {
        const float* q = queries_.data() + t * row() + size_t{h} * shape_.head_dim;
        std::vector<double> weights(last - first + 1);
        double highest = -std::numeric_limits<double>::infinity(), largest = 0;
        for (uint32_t p = first; p <= last; ++p) {
          double score = 0, size = 0;
          for (uint32_t d = 0; d < shape_.head_dim; ++d) {
            const double term = static_cast<double>(q[d]) * stored(keys_[s], p, h / group, d) * scale;
            score += term;
            size += std::abs(term);
          }
          weights[p - first] = score;
          highest = std::max(highest, score);
          largest = std::max(largest, size);
        }
        double sum = 0;
        for (double& w : weights) sum += w = std::exp(w - highest);
        // A score is a chain of head_dim fused steps over a query that was rounded once when it was scaled. Its error
        // is a relative one of its weight, and counts again in the sum of weights. Sums are chains of one step a tile,
        // or a position.
        const double eps = 0x1p-24;
        const double relative = 2 * (shape_.head_dim + 2.0) * eps * largest + (last - first + 33.0) * 4 * eps;
        for (uint32_t d = 0; d < shape_.head_dim; ++d) {
          double expected = 0, size = 0;
          for (uint32_t p = first; p <= last; ++p) {
            const double term = weights[p - first] / sum * stored(values_[s], p, h / group, d);
            expected += term;
            size += std::abs(term);
          }
          const double found = static_cast<double>(attended[t * row() + size_t{h} * shape_.head_dim + d]);
          if (!(std::abs(found - expected) <= relative * size))
            return QString("position %1, head %2, dim %3: %4, expected %5")
                .arg(last)
                .arg(h)
                .arg(d)
                .arg(found)
                .arg(expected);
        }
      }
    }
    return {};
  }

 private:
  std::vector<float> launch(const Options& options, const std::vector<StepToken>& tokens,
                            const std::vector<AttentionTile>& tiles, const std::vector<float>& queries,
                            const std::vector<uint8_t>& cache) const {
    CudaDevice device;
    cuda::AttentionArguments a;
    uint32_t longest = 0;
    for (const StepToken& token : tokens) longest = std::max(longest, token.position);
    a.queries = device.upload(queries);
    a.attended = device.output<float>(queries.size());
    a.n_heads = shape_.n_heads;
    a.layout = layout_;
    a.cache = device.upload(cache);
    a.step.tokens = device.upload(tokens);
    a.step.n_tokens = static_cast<uint32_t>(tokens.size());
    a.step.block_tables = device.upload(tables_);
    a.step.n_table_entries = static_cast<uint32_t>(tables_.size());
    a.tiles = device.upload(tiles);
    a.n_tiles = static_cast<uint32_t>(tiles.size());
    a.chunk = options.chunk;
    a.temperature_scale = options.temperature_scale;
    a.temperature_length = options.temperature_length;
    if (options.split) {
      a.n_partitions = longest / cuda::attention_partition + 1;
      if (a.n_partitions > 1)
        a.partials =
            device.output<float>(tokens.size() * shape_.n_heads * a.n_partitions * (size_t{shape_.head_dim} + 2));
    }
    device.kernels().attention(device.runtime(), a);
    return device.download<float>(a.attended, queries.size());
  }

  size_t sequence_of(size_t token) const {
    size_t s = 0;
    while (s + 1 < runs_.size() && tokens_of_[s + 1] <= token) ++s;
    return s;
  }

  // In elements: [block][kv_head][K, V][position][padded head_dim]
  size_t place(size_t s, uint32_t position, uint32_t kv_head, bool value) const {
    const size_t block = tables_[tables_at_[s] + position / page];
    return (((block * shape_.n_kv_heads + kv_head) * 2 + (value ? 1 : 0)) * page + position % page) *
           layout_.padded_head_dim();
  }

  void write(size_t s, uint32_t position) {
    for (uint32_t h = 0; h < shape_.n_kv_heads; ++h)
      for (const bool value : {false, true}) {
        const std::vector<float>& from = value ? values_[s] : keys_[s];
        for (uint32_t d = 0; d < layout_.padded_head_dim(); ++d) {
          const size_t at = place(s, position, h, value) + d;
          const float number =
              d < shape_.head_dim ? from[(size_t{position} * shape_.n_kv_heads + h) * shape_.head_dim + d] : 0.0F;
          if (shape_.element == KvElement::f16)
            store_le(cache_.data() + 2 * at, half_of_float(number));
          else
            store_le(cache_.data() + 4 * at, number);
        }
      }
  }

  double stored(const std::vector<float>& from, uint32_t position, uint32_t kv_head, uint32_t d) const {
    const float number = from[(size_t{position} * shape_.n_kv_heads + kv_head) * shape_.head_dim + d];
    return static_cast<double>(shape_.element == KvElement::f16 ? float_of_half(half_of_float(number)) : number);
  }

  Shape shape_;
  std::vector<Run> runs_;
  cuda::KvLayout layout_;
  std::vector<uint32_t> tables_;
  std::vector<uint32_t> tables_at_;  // of each sequence, into tables_
  std::vector<uint32_t> tokens_of_;  // each sequence's first token
  std::vector<StepToken> tokens_;
  std::vector<float> queries_;
  std::vector<std::vector<float>> keys_, values_;  // of each sequence [positions, n_kv_heads, head_dim]
  std::vector<uint8_t> cache_;
};

std::vector<float> row_of(const Step& step, const std::vector<float>& attended, size_t token) {
  const auto from = attended.begin() + static_cast<ptrdiff_t>(token * step.row());
  return {from, from + static_cast<ptrdiff_t>(step.row())};
}

}  // namespace

class CudaAttentionTest : public QObject {
  Q_OBJECT

  static Shape shape() {
    QFETCH(uint, group);
    QFETCH(uint, kv_heads);
    QFETCH(uint, head_dim);
    QFETCH(bool, half);
    return {group * kv_heads, kv_heads, head_dim, half ? KvElement::f16 : KvElement::f32};
  }
  static void columns() {
    QTest::addColumn<uint>("group");
    QTest::addColumn<uint>("kv_heads");
    QTest::addColumn<uint>("head_dim");
    QTest::addColumn<bool>("half");
  }
  static void add(uint32_t group, uint32_t kv_heads, uint32_t head_dim, bool half) {
    QTest::addRow("%ux%u heads of %u, %s", kv_heads, group, head_dim, half ? "F16" : "F32")
        << group << kv_heads << head_dim << half;
  }
  static void few_shapes() {
    columns();
    add(5, 1, 40, true);
    if (only_small_half()) return;
    add(3, 2, 64, false);
    add(16, 1, 128, true);
    add(20, 1, 32, true);
  }

 private slots:
  void initTestCase() {
    if (const std::string why = why_no_device(); !why.empty()) QSKIP(why.c_str());
  }

  void equals_a_softmax_at_page_edges_data() {
    columns();
    for (const uint32_t head_dim :
         only_small_half() ? std::vector<uint32_t>{2, 64} : std::vector<uint32_t>{2, 32, 40, 64, 128, 256})
      for (const uint32_t group : only_small_half() ? std::vector<uint32_t>{3} : std::vector<uint32_t>{1, 3, 5, 16, 20})
        for (const bool half : {false, true}) add(group, 2, head_dim, half);
  }
  // Single tokens of several sequences in one step.
  void equals_a_softmax_at_page_edges() {
    const Step step(shape(), {{33}, {0}, {31}, {32}, {5}}, 1);
    const QString fault = step.fault_of(step.run({}), {});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
  }

  void sees_its_own_chunk_only_data() { few_shapes(); }
  void sees_its_own_chunk_only() {
    for (const uint32_t chunk : {1U, 32U, 48U, 64U}) {
      const Options options{.chunk = chunk};
      // Tiles that begin in one chunk and end in the next; the first and last positions of a chunk.
      const Step step(shape(), {{47}, {48}, {49, 4}, {63}, {64, 3}, {97, 5}}, 2);
      const std::vector<float> attended = step.run(options);
      const QString fault = step.fault_of(attended, options);
      QVERIFY2(fault.isEmpty(), qPrintable(QString("chunk %1: %2").arg(chunk).arg(fault)));
      for (const size_t token : {size_t{0}, size_t{2}, size_t{5}, size_t{8}, step.n_tokens() - 3, step.n_tokens() - 1})
        QVERIFY2(same_bits(step.alone(options, token), row_of(step, attended, token)),
                 qPrintable(QString("chunk %1: token %2 alone is another").arg(chunk).arg(token)));
    }
  }

  void has_the_same_bits_in_tiles_of_any_size_data() { few_shapes(); }
  void has_the_same_bits_in_tiles_of_any_size() {
    const Step step(shape(), {{34, 35}, {70, 7}, {2, 2}}, 3);
    const std::vector<float> attended = step.run({});
    const QString fault = step.fault_of(attended, {});
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    QVERIFY(same_bits(step.run({.tile_tokens = 1}), attended));
    for (const size_t token : {size_t{0}, size_t{31}, size_t{32}, size_t{33}, size_t{35}, step.n_tokens() - 1})
      QVERIFY2(same_bits(step.alone({}, token), row_of(step, attended, token)),
               qPrintable(QString("token %1 alone is another").arg(token)));
  }

  void has_the_same_bits_split_into_partitions_data() {
    columns();
    add(5, 1, 40, true);
    if (only_small_half()) return;
    add(1, 2, 2, false);
    add(16, 1, 64, true);
    add(3, 1, 256, true);
  }
  void has_the_same_bits_split_into_partitions() {
    const std::vector<Run> runs = only_small_half() ? std::vector<Run>{{513, 3}, {31}}
                                                    : std::vector<Run>{{511}, {512}, {513, 3}, {1100}, {40}, {1024, 2}};
    const Step step(shape(), runs, 4);
    // Chunks that begin inside a partition or with one: a tile then has queries that see nothing of the one before.
    for (const uint32_t chunk :
         only_small_half() ? std::vector<uint32_t>{0, 512} : std::vector<uint32_t>{0, 500, 512}) {
      Options options{.chunk = chunk};
      const std::vector<float> whole = step.run(options);
      const QString fault = step.fault_of(whole, options);
      QVERIFY2(fault.isEmpty(), qPrintable(QString("chunk %1: %2").arg(chunk).arg(fault)));
      options.split = true;
      QVERIFY2(same_bits(step.run(options), whole), qPrintable(QString("chunk %1: split is another").arg(chunk)));
      QVERIFY(same_bits(step.alone(options, step.n_tokens() - 1), row_of(step, whole, step.n_tokens() - 1)));
    }
  }

  void grows_colder_with_the_position() {
    const Step step({4, 2, 32, KvElement::f16}, {{6}, {7}, {40, 3}}, 5);
    const Options options{.temperature_scale = 0.5, .temperature_length = 8};
    const std::vector<float> attended = step.run(options);
    const QString fault = step.fault_of(attended, options);
    QVERIFY2(fault.isEmpty(), qPrintable(fault));
    QVERIFY(!step.fault_of(step.run({}), options).isEmpty());
  }
};

QTEST_GUILESS_MAIN(CudaAttentionTest)
#include "cuda_attention_test.moc"
