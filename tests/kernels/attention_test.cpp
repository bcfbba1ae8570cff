// Attention over a paged cache: against a softmax in double, with chunk starts and block edges, and bit by bit against
// itself for other neighbours and splits.
#include <QTest>
#include <cmath>
#include <string>

#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr size_t positions = 101;
constexpr size_t blocks = (positions + kv_block_positions - 1) / kv_block_positions;

struct Case {
  size_t n_heads, n_kv_heads, head_dim;
};
constexpr Case cases[] = {{9, 3, 64}, {4, 2, 32}, {8, 2, 16},  {5, 1, 128},
                          {2, 2, 24}, {24, 2, 8}, {3, 3, 256}, {12, 2, 80}};

// One sequence whose blocks lie scattered in a pool of NaN.
struct Sequence {
  const CpuKernels& kernels;
  Attention attention;
  std::vector<int32_t> table;
  std::vector<float> k, v, q;  // [positions, heads, head_dim]
  AlignedBytes pool;
  KvTable kv;

  Sequence(const CpuKernels& set, const Case& c, KvType type, unsigned seed)
      : kernels(set),
        attention{.shape = {.type = type, .n_kv_heads = c.n_kv_heads, .head_dim = c.head_dim},
                  .n_heads = c.n_heads,
                  .queries = {}},
        k(normal_floats(positions * c.n_kv_heads * c.head_dim, seed)),
        v(normal_floats(positions * c.n_kv_heads * c.head_dim, seed + 1)),
        q(normal_floats(positions * c.n_heads * c.head_dim, seed + 2)),
        pool(kv_block_bytes(attention.shape) * 2 * blocks) {
    for (size_t b = 0; b < blocks; ++b) table.push_back(static_cast<int32_t>((2 * blocks - 1) - 2 * b));
    kv = {.base = pool.data(), .stride_bytes = kv_block_bytes(attention.shape), .table = table.data()};
    for (size_t p = 0; p < positions; ++p) write(p);
  }
  size_t kv_width() const { return attention.shape.n_kv_heads * attention.shape.head_dim; }
  size_t width() const { return attention.n_heads * attention.shape.head_dim; }
  void write(size_t p) {
    kernels.kv_write(attention.shape, k.data() + p * kv_width(), v.data() + p * kv_width(), kv, p);
  }

  AttentionQuery query(size_t position, size_t first, float* out) const {
    return {.q = q.data() + position * width(),
            .out = out,
            .kv = kv,
            .first = first,
            .last = position,
            .scale = 1.1F / std::sqrt(static_cast<float>(attention.shape.head_dim))};
  }
  // [count, width] for positions of a row, all seeing from chunk_start(position) on.
  std::vector<float> run(size_t position, size_t count, size_t chunk, size_t parts) {
    std::vector<float> out(count * width(), NAN);
    std::vector<AttentionQuery> queries;
    queries.reserve(count);
    for (size_t i = 0; i < count; ++i)
      queries.push_back(query(position + i, (position + i) / chunk * chunk, out.data() + i * width()));
    attention.queries = queries;
    const size_t heads = attention.shape.n_kv_heads;
    for (size_t part = 0; part < parts; ++part) {
      kernels.attention(attention, count * part / parts, count * (part + 1) / parts, 0, heads / 2);
      kernels.attention(attention, count * part / parts, count * (part + 1) / parts, heads / 2, heads);
    }
    return out;
  }
  double expected(size_t position, size_t first, size_t head, size_t d) const {
    const size_t dim = attention.shape.head_dim;
    const size_t kv_head = head / (attention.n_heads / attention.shape.n_kv_heads);
    double total = 0, sum = 0;
    const double factor = static_cast<double>(query(position, first, nullptr).scale);
    for (size_t p = first; p <= position; ++p) {
      double score = 0;
      for (size_t i = 0; i < dim; ++i)
        score += static_cast<double>(q[position * width() + head * dim + i]) *
                 static_cast<double>(k[p * kv_width() + kv_head * dim + i]);
      const double weight = std::exp(score * factor);
      total += weight;
      sum += weight * static_cast<double>(v[p * kv_width() + kv_head * dim + d]);
    }
    return sum / total;
  }
};

}  // namespace

class AttentionTest : public QObject {
  Q_OBJECT

  void isas_types_and_cases() {
    QTest::addColumn<int>("isa");
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("index");
    const char* types[] = {"f32", "f16", "q8"};
    for (const Isa isa : all_isas)
      for (int type = 0; type < 3; ++type)
        for (int i = 0; i < static_cast<int>(std::size(cases)); ++i)
          QTest::addRow("%s %s %zu heads, %zu kv, dim %zu", isa_name(isa), types[type], cases[i].n_heads,
                        cases[i].n_kv_heads, cases[i].head_dim)
              << static_cast<int>(isa) << type << i;
  }
  const CpuKernels* kernels() {
    QFETCH(int, isa);
    return find_cpu_kernels(static_cast<Isa>(isa));
  }
  Sequence sequence(unsigned seed) {
    QFETCH(int, type);
    QFETCH(int, index);
    return Sequence(*kernels(), cases[index], static_cast<KvType>(type), seed);
  }

 private slots:
  void equals_a_softmax_in_double_data() { isas_types_and_cases(); }
  void equals_a_softmax_in_double() {
    if (kernels() == nullptr) QSKIP("this CPU lacks the instruction set");
    QFETCH(int, type);
    const double limit = type == 0 ? 2e-6 : type == 1 ? 2e-3 : 3e-2;
    for (const size_t chunk : {size_t{24}, size_t{32}, size_t{1000}}) {
      Sequence s = sequence(20);
      const std::vector<float> out = s.run(0, positions, chunk, 1);
      for (const size_t p :
           {size_t{0}, size_t{1}, size_t{23}, size_t{24}, size_t{31}, size_t{32}, size_t{33}, size_t{95}, size_t{100}})
        for (size_t head = 0; head < s.attention.n_heads; ++head)
          for (size_t d = 0; d < s.attention.shape.head_dim; d += 7) {
            const double want = s.expected(p, p / chunk * chunk, head, d);
            const double got = static_cast<double>(out[p * s.width() + head * s.attention.shape.head_dim + d]);
            if (!(std::abs(got - want) <= limit))
              QFAIL(qPrintable(
                  QString("position %1 head %2 d %3: %4, expected %5").arg(p).arg(head).arg(d).arg(got).arg(want)));
          }
    }
  }

  void gives_the_same_bits_for_any_neighbours_data() { isas_types_and_cases(); }
  void gives_the_same_bits_for_any_neighbours() {
    if (kernels() == nullptr) QSKIP("this CPU lacks the instruction set");
    for (const size_t chunk : {size_t{24}, size_t{1000}}) {
      Sequence s = sequence(30);
      const std::vector<float> together = s.run(0, positions, chunk, 1);
      const std::vector<float> split = s.run(0, positions, chunk, 7);
      QVERIFY(std::memcmp(together.data(), split.data(), together.size() * sizeof(float)) == 0);
      for (size_t p = 0; p < positions; p += 13) {
        const std::vector<float> alone = s.run(p, 1, chunk, 1);
        QVERIFY2(std::memcmp(alone.data(), together.data() + p * s.width(), alone.size() * sizeof(float)) == 0,
                 qPrintable(QString::number(p)));
      }
    }
  }

  void is_untouched_by_nan_at_positions_it_cannot_see_data() { isas_types_and_cases(); }
  void is_untouched_by_nan_at_positions_it_cannot_see() {
    if (kernels() == nullptr) QSKIP("this CPU lacks the instruction set");
    Sequence s = sequence(40);
    const std::vector<float> clean = s.run(0, positions, 1000, 1);
    const size_t poisoned = 77;
    s.k[poisoned * s.kv_width()] = NAN;
    s.v[poisoned * s.kv_width()] = INFINITY;
    s.write(poisoned);
    const std::vector<float> out = s.run(0, positions, 1000, 1);
    QVERIFY(std::memcmp(out.data(), clean.data(), poisoned * s.width() * sizeof(float)) == 0);
    QVERIFY(!std::isfinite(out[poisoned * s.width()]));
    QVERIFY(!std::isfinite(out[(positions - 1) * s.width()]));
  }

  void avx2_and_avx512_give_the_same_bits() {
    const CpuKernels* avx2 = find_cpu_kernels(Isa::avx2);
    const CpuKernels* avx512 = find_cpu_kernels(Isa::avx512);
    if (avx2 == nullptr || avx512 == nullptr) QSKIP("this CPU lacks one of the instruction sets");
    for (const KvType type : {KvType::f32, KvType::f16, KvType::q8})
      for (const Case& c : cases) {
        const std::vector<float> a = Sequence(*avx2, c, type, 50).run(0, positions, 1000, 1);
        const std::vector<float> b = Sequence(*avx512, c, type, 50).run(0, positions, 1000, 1);
        QVERIFY(std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
      }
  }

  void stands_scores_far_apart_data() { isas_types_and_cases(); }
  void stands_scores_far_apart() {
    if (kernels() == nullptr) QSKIP("this CPU lacks the instruction set");
    Sequence s = sequence(60);
    for (float& v : s.k) v *= 1000;
    for (size_t p = 0; p < positions; ++p) s.write(p);
    for (const float v : s.run(0, positions, 1000, 1)) QVERIFY(std::abs(v) < 10);
  }
};

QTEST_GUILESS_MAIN(AttentionTest)
#include "attention_test.moc"
