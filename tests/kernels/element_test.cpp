// Element kernels of every instruction set against double arithmetic at sizes that leave part of a vector, the choice
// of experts, and that nothing past the end is touched.
#include <QTest>
#include <array>
#include <cmath>

#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr size_t counts[] = {1, 2, 15, 16, 17, 31, 64, 66, 100, 576};
constexpr float guard = 4242;

// `count` values followed by guards.
std::vector<float> guarded(size_t count, unsigned seed) {
  std::vector<float> out = normal_floats(count, seed);
  out.resize(count + 20, guard);
  return out;
}
bool guards_hold(const std::vector<float>& v, size_t count) {
  for (size_t i = count; i < v.size(); ++i)
    if (v[i] != guard) return false;
  return true;
}
bool near(float got, double want, double relative) {
  return std::abs(static_cast<double>(got) - want) <= relative * std::abs(want) + 1e-30;
}

}  // namespace

class ElementTest : public QObject {
  Q_OBJECT

  void isas() {
    QTest::addColumn<int>("isa");
    for (const Isa isa : all_isas) QTest::addRow("%s", isa_name(isa)) << static_cast<int>(isa);
  }
  const CpuKernels* kernels() {
    QFETCH(int, isa);
    return find_cpu_kernels(static_cast<Isa>(isa));
  }

 private slots:
  void normalises_rows_data() { isas(); }
  void normalises_rows() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    for (const size_t count : counts)
      for (const bool weighted : {false, true}) {
        const std::vector<float> x = normal_floats(2 * (count + 5), 1), weight = normal_floats(count, 2);
        std::vector<float> out(2 * (count + 3), guard);
        k->rms_norm(x.data(), count + 5, weighted ? weight.data() : nullptr, 1e-5F, 2, count, out.data(), count + 3);
        for (size_t row = 0; row < 2; ++row) {
          double square = 0;
          for (size_t i = 0; i < count; ++i) square += std::pow(static_cast<double>(x[row * (count + 5) + i]), 2);
          const double root = std::sqrt(square / static_cast<double>(count) + 1e-5);
          for (size_t i = 0; i < count; ++i) {
            const double want = static_cast<double>(x[row * (count + 5) + i]) / root *
                                (weighted ? static_cast<double>(weight[i]) : 1.0);
            QVERIFY(near(out[row * (count + 3) + i], want, 1e-6));
          }
          for (size_t i = count; i < count + 3; ++i) QCOMPARE(out[row * (count + 3) + i], guard);
        }
      }
  }

  void rotates_adjacent_pairs_data() { isas(); }
  void rotates_adjacent_pairs() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    for (const size_t dim : {size_t{2}, size_t{8}, size_t{24}, size_t{64}, size_t{128}}) {
      std::vector<float> x = guarded(3 * dim, 3);
      const std::vector<float> before = x;
      std::vector<float> angles(dim);
      for (size_t i = 0; i < dim; i += 2) {
        angles[i] = std::cos(static_cast<float>(i) + 0.3F);
        angles[i + 1] = std::sin(static_cast<float>(i) + 0.3F);
      }
      k->rope(x.data(), 3, dim, angles.data());
      QVERIFY(guards_hold(x, 3 * dim));
      for (size_t i = 0; i < 3 * dim; i += 2) {
        const double a = before[i], b = before[i + 1], c = angles[i % dim], s = angles[i % dim + 1];
        QVERIFY(std::abs(static_cast<double>(x[i]) - (a * c - b * s)) < 1e-6);
        QVERIFY(std::abs(static_cast<double>(x[i + 1]) - (a * s + b * c)) < 1e-6);
      }
    }
  }

  void multiplies_by_the_gates_silu_data() { isas(); }
  void multiplies_by_the_gates_silu() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    for (const size_t count : counts) {
      std::vector<float> gate = normal_floats(count, 4), up = normal_floats(count, 5), out = guarded(count, 6);
      for (float& g : gate) g *= 8;
      gate[0] = count % 2 != 0 ? -200.0F : 200.0F;
      k->swiglu(gate.data(), up.data(), count, out.data());
      QVERIFY(guards_hold(out, count));
      for (size_t i = 0; i < count; ++i) {
        const double g = gate[i];
        const double want = g / (1 + std::exp(-g)) * static_cast<double>(up[i]);
        QVERIFY2(near(out[i], want, 1e-6) || std::abs(want) < 1e-30, qPrintable(QString("silu of %1").arg(g)));
      }
      out = gate;
      k->swiglu(out.data(), up.data(), count, out.data());
      QVERIFY(near(out[count - 1],
                   static_cast<double>(gate[count - 1]) / (1 + std::exp(-static_cast<double>(gate[count - 1]))) *
                       static_cast<double>(up[count - 1]),
                   1e-6) ||
              std::abs(out[count - 1]) < 1e-30F);
    }
    const float nan = NAN, one = 1;
    float out = 0;
    k->swiglu(&nan, &one, 1, &out);
    QVERIFY(std::isnan(out));
  }

  void adds_and_scales_with_one_rounding_a_step_data() { isas(); }
  void adds_and_scales_with_one_rounding_a_step() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    for (const size_t count : counts) {
      const std::vector<float> x = guarded(count, 7), y = normal_floats(count, 8);
      std::vector<float> sum = x, scaled_sum = x, scaled = x;
      k->add(sum.data(), y.data(), count);
      k->scaled_add(scaled_sum.data(), y.data(), 0.3F, count);
      k->scale(y.data(), 0.3F, count, scaled.data());
      QVERIFY(guards_hold(sum, count) && guards_hold(scaled_sum, count) && guards_hold(scaled, count));
      for (size_t i = 0; i < count; ++i) {
        const volatile float product = 0.3F * y[i];
        QCOMPARE(sum[i], x[i] + y[i]);
        QCOMPARE(scaled_sum[i], x[i] + product);
        QCOMPARE(scaled[i], static_cast<float>(product));
      }
    }
  }

  void avx2_and_avx512_give_the_same_bits() {
    const CpuKernels* a = find_cpu_kernels(Isa::avx2);
    const CpuKernels* b = find_cpu_kernels(Isa::avx512);
    if (a == nullptr || b == nullptr) QSKIP("this CPU lacks one of the instruction sets");
    for (const size_t count : counts) {
      const std::vector<float> x = normal_floats(count, 9), y = normal_floats(count, 10);
      std::vector<float> first(count), second(count);
      a->rms_norm(x.data(), count, y.data(), 1e-5F, 1, count, first.data(), count);
      b->rms_norm(x.data(), count, y.data(), 1e-5F, 1, count, second.data(), count);
      QVERIFY(first == second);
      a->swiglu(x.data(), y.data(), count, first.data());
      b->swiglu(x.data(), y.data(), count, second.data());
      QVERIFY(first == second);
    }
  }

  void chooses_the_best_experts_with_ties_to_the_lower_index() {
    const std::array logits = {0.5F, 2.0F, NAN, 2.0F, -1.0F};
    std::array<ExpertChoice, 5> choices;
    route_experts(logits, choices);
    const std::array<int32_t, 5> order = {1, 3, 0, 4, 2};
    for (size_t i = 0; i < order.size(); ++i) QCOMPARE(choices[i].expert, order[i]);
    QCOMPARE(choices[0].weight, static_cast<float>(1 / (1 + std::exp(-2.0))));
    QVERIFY(std::isnan(choices[4].weight));
  }
};

QTEST_GUILESS_MAIN(ElementTest)
#include "element_test.moc"
