// Matrix products of every type and instruction set: against a double sum over dequantised weights, and bit by bit
// against themselves for other batches and splits.
#include <QTest>
#include <cmath>
#include <string>

#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr size_t column_counts[] = {1, 2, 3, 4, 5, 7, 33, 64, 65};
constexpr size_t max_columns = 65;

// Integers with a 127 in every block of 32, times a power of two per block: quantisation holds them exactly.
std::vector<float> exact_activations(size_t n, size_t cols, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> out(n * cols);
  for (size_t i = 0; i < out.size(); ++i) {
    const int exponent = static_cast<int>(i / 32 % 5) - 2;
    const int value = i % 32 == 7 ? 127 : static_cast<int>(random() % 255) - 127;
    out[i] = std::ldexp(static_cast<float>(value), exponent);
  }
  return out;
}

struct Product {
  const CpuKernels& kernels;
  DType dtype;
  size_t rows, cols;
  AlignedBytes packed;
  MatmulStore store = MatmulStore::assign;

  Product(const CpuKernels& k, DType t, size_t r, size_t c, const Bytes& raw)
      : kernels(k), dtype(t), rows(r), cols(c), packed(packed_bytes(k, t, r, c)) {
    const auto* from = reinterpret_cast<const std::byte*>(raw.data());
    const size_t middle = group_count(rows) / 2;
    kernels.pack(dtype, from, rows, cols, packed.data(), middle, group_count(rows));
    kernels.pack(dtype, from, rows, cols, packed.data(), 0, middle);
  }

  // y [n, rows] of x [n, cols], in `parts` ranges of groups; the spare floats around y must stay as they are.
  std::vector<float> run(const float* x, size_t n, size_t parts, float before = NAN) const {
    constexpr float guard = 12345;
    const size_t stride = rows + 3;
    AlignedBytes quantised(kernels.quantised_bytes(n, cols));
    if (kernels.needs_quantised(dtype)) {
      kernels.quantise(x, cols, n, cols, quantised.data(), n / 2, n);
      kernels.quantise(x, cols, n, cols, quantised.data(), 0, n / 2);
    }
    std::vector<float> y(n * stride, guard);
    for (size_t c = 0; c < n; ++c)
      for (size_t r = 0; r < rows; ++r) y[c * stride + r] = before;
    const Matmul m = {.dtype = dtype,
                      .rows = rows,
                      .cols = cols,
                      .weights = packed.data(),
                      .n = n,
                      .x = x,
                      .x_stride = cols,
                      .quantised = quantised.data(),
                      .y = y.data(),
                      .y_stride = stride,
                      .store = store};
    const size_t groups = group_count(rows);
    for (size_t part = 0; part < parts; ++part) kernels.matmul(m, groups * part / parts, groups * (part + 1) / parts);
    std::vector<float> out(n * rows);
    for (size_t c = 0; c < n; ++c) {
      std::memcpy(out.data() + c * rows, y.data() + c * stride, rows * sizeof(float));
      for (size_t r = rows; r < stride; ++r)
        if (y[c * stride + r] != guard) return {};
    }
    return out;
  }
};

bool same_bits(const float* a, const float* b, size_t count) {
  return std::memcmp(a, b, count * sizeof(float)) == 0;
}

size_t cols_unit(DType dtype) {
  return traits_of(dtype).block_elements;
}

}  // namespace

class MatmulTest : public QObject {
  Q_OBJECT

  void isas_and_types() {
    QTest::addColumn<int>("isa");
    QTest::addColumn<uint>("type");
    for (const Isa isa : all_isas)
      for (const DType dtype : all_dtypes)
        QTest::addRow("%s %s", isa_name(isa), std::string(traits_of(dtype).name).c_str())
            << static_cast<int>(isa) << static_cast<uint>(dtype);
  }
  const CpuKernels* kernels() {
    QFETCH(int, isa);
    const CpuKernels* found = find_cpu_kernels(static_cast<Isa>(isa));
    if (found != nullptr && (found->isa != static_cast<Isa>(isa) || found->name != isa_name(found->isa)))
      qFatal("another set");
    return found;
  }
  DType dtype() {
    QFETCH(uint, type);
    return static_cast<DType>(type);
  }

 private slots:
  void equals_a_double_sum_when_quantisation_is_exact_data() { isas_and_types(); }
  void equals_a_double_sum_when_quantisation_is_exact() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t unit = cols_unit(dtype());
    for (const size_t cols : {unit, 3 * unit, (unit == 256 ? 2 : 9) * unit, unit == 1 ? size_t{577} : 18 * unit})
      for (const size_t rows : {size_t{1}, size_t{16}, size_t{53}}) {
        const Bytes raw = random_rows(dtype(), rows, cols, 7);
        const std::vector<float> w = dequantized(dtype(), raw, rows, cols);
        const std::vector<float> x = exact_activations(5, cols, 3);
        const std::vector<float> y = Product(*k, dtype(), rows, cols, raw).run(x.data(), 5, 1);
        QCOMPARE(y.size(), 5 * rows);
        for (size_t c = 0; c < 5; ++c)
          for (size_t r = 0; r < rows; ++r) {
            double sum = 0, size = 0;
            for (size_t i = 0; i < cols; ++i) {
              const double term = static_cast<double>(w[r * cols + i]) * static_cast<double>(x[c * cols + i]);
              sum += term;
              size += std::abs(term);
            }
            const double error = std::abs(static_cast<double>(y[c * rows + r]) - sum);
            if (!(error <= 2e-5 * size + 1e-30))
              QFAIL(qPrintable(QString("cols %1 rows %2: y[%3][%4] is %5, expected %6")
                                   .arg(cols)
                                   .arg(rows)
                                   .arg(c)
                                   .arg(r)
                                   .arg(y[c * rows + r])
                                   .arg(sum)));
          }
      }
  }

  void comes_near_the_exact_product_of_ordinary_activations_data() { isas_and_types(); }
  void comes_near_the_exact_product_of_ordinary_activations() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t rows = 64, cols = 512;
    const Bytes raw = random_rows(dtype(), rows, cols, 8);
    const std::vector<float> w = dequantized(dtype(), raw, rows, cols);
    const std::vector<float> x = normal_floats(3 * cols, 4);
    const std::vector<float> y = Product(*k, dtype(), rows, cols, raw).run(x.data(), 3, 1);
    double error = 0, size = 0;
    for (size_t c = 0; c < 3; ++c)
      for (size_t r = 0; r < rows; ++r) {
        double sum = 0;
        for (size_t i = 0; i < cols; ++i)
          sum += static_cast<double>(w[r * cols + i]) * static_cast<double>(x[c * cols + i]);
        error += std::pow(static_cast<double>(y[c * rows + r]) - sum, 2);
        size += sum * sum;
      }
    // A step of max / 16256 makes a relative error near 4e-5 for normal values.
    const double limit = k->needs_quantised(dtype()) ? 8e-5 : 1e-6;
    QVERIFY2(std::sqrt(error / size) < limit, qPrintable(QString::number(std::sqrt(error / size))));
  }

  void gives_the_same_bits_for_any_batch_and_split_data() { isas_and_types(); }
  void gives_the_same_bits_for_any_batch_and_split() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t unit = cols_unit(dtype()) == 256 ? 256 : 96;
    for (const size_t cols : {unit, 3 * unit}) {
      const size_t rows = 117;  // 8 groups, the last of 5 rows
      const Product product(*k, dtype(), rows, cols, random_rows(dtype(), rows, cols, 9));
      const std::vector<float> x = normal_floats(max_columns * cols, 5);
      std::vector<float> alone;
      for (size_t c = 0; c < max_columns; ++c) {
        const std::vector<float> y = product.run(x.data() + c * cols, 1, 1);
        alone.insert(alone.end(), y.begin(), y.end());
      }
      QCOMPARE(alone.size(), max_columns * rows);
      for (const size_t n : column_counts)
        for (const size_t parts : {size_t{1}, size_t{2}, size_t{3}, size_t{8}}) {
          const std::vector<float> y = product.run(x.data(), n, parts);
          QCOMPARE(y.size(), n * rows);
          QVERIFY2(same_bits(y.data(), alone.data(), y.size()),
                   qPrintable(QString("n %1, %2 parts").arg(n).arg(parts)));
        }
    }
  }

  void avx2_and_avx512_give_the_same_bits_data() {
    QTest::addColumn<uint>("type");
    for (const DType dtype : all_dtypes)
      QTest::addRow("%s", std::string(traits_of(dtype).name).c_str()) << static_cast<uint>(dtype);
  }
  void avx2_and_avx512_give_the_same_bits() {
    const CpuKernels* avx2 = find_cpu_kernels(Isa::avx2);
    const CpuKernels* avx512 = find_cpu_kernels(Isa::avx512);
    if (avx2 == nullptr || avx512 == nullptr) QSKIP("this CPU lacks one of the instruction sets");
    const size_t rows = 40, cols = cols_unit(dtype()) == 256 ? 768 : 608;
    const Bytes raw = random_rows(dtype(), rows, cols, 10);
    const std::vector<float> x = normal_floats(9 * cols, 6);
    const std::vector<float> a = Product(*avx2, dtype(), rows, cols, raw).run(x.data(), 9, 1);
    const std::vector<float> b = Product(*avx512, dtype(), rows, cols, raw).run(x.data(), 9, 1);
    QCOMPARE(a.size(), 9 * rows);
    QVERIFY(same_bits(a.data(), b.data(), a.size()));
  }

  void adds_to_the_output_when_asked_data() { isas_and_types(); }
  void adds_to_the_output_when_asked() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t rows = 21, cols = 256;
    Product product(*k, dtype(), rows, cols, random_rows(dtype(), rows, cols, 11));
    const std::vector<float> x = normal_floats(6 * cols, 7);
    const std::vector<float> assigned = product.run(x.data(), 6, 1);
    product.store = MatmulStore::add;
    const std::vector<float> added = product.run(x.data(), 6, 2, 0.75F);
    QCOMPARE(added.size(), 6 * rows);
    for (size_t i = 0; i < added.size(); ++i) QCOMPARE(added[i], 0.75F + assigned[i]);
  }

  void keeps_nan_and_infinity_in_their_own_column_data() { isas_and_types(); }
  void keeps_nan_and_infinity_in_their_own_column() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t rows = 33, cols = 512, n = 7;
    const Product product(*k, dtype(), rows, cols, random_rows(dtype(), rows, cols, 12));
    std::vector<float> x = normal_floats(n * cols, 8);
    const std::vector<float> clean = product.run(x.data(), n, 1);
    x[2 * cols + 40] = NAN;
    x[4 * cols + 300] = INFINITY;
    x[5 * cols + 11] = -INFINITY;
    const std::vector<float> y = product.run(x.data(), n, 1);
    QCOMPARE(y.size(), n * rows);
    for (size_t c = 0; c < n; ++c)
      for (size_t r = 0; r < rows; ++r) {
        if (c == 2 || c == 4 || c == 5) {
          QVERIFY(!std::isfinite(y[c * rows + r]));
        } else {
          QVERIFY(same_bits(&y[c * rows + r], &clean[c * rows + r], 1));
        }
      }
  }

  void follows_scales_of_any_size_data() { isas_and_types(); }
  void follows_scales_of_any_size() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t rows = 20, cols = 256;
    for (const float scale : {0.0F, 1e-6F, 60000.0F}) {  // zero, subnormal halves, near the largest half
      Bytes raw = random_rows(dtype(), rows, cols, 13, scale);
      if (dtype() == DType::mxfp4)
        for (size_t i = 0; i < raw.size(); i += 17) raw[i] = scale == 0 ? 0 : scale < 1 ? 107 : 143;
      const std::vector<float> w = dequantized(dtype(), raw, rows, cols);
      bool finite = true;
      for (const float v : w) finite = finite && std::isfinite(v);
      const std::vector<float> x = exact_activations(2, cols, 14);
      const std::vector<float> y = Product(*k, dtype(), rows, cols, raw).run(x.data(), 2, 1);
      QCOMPARE(y.size(), 2 * rows);
      if (!finite) continue;  // halves that overflowed: it is enough that nothing broke
      for (size_t c = 0; c < 2; ++c)
        for (size_t r = 0; r < rows; ++r) {
          double sum = 0, size = 0;
          for (size_t i = 0; i < cols; ++i) {
            const double term = static_cast<double>(w[r * cols + i]) * static_cast<double>(x[c * cols + i]);
            sum += term;
            size += std::abs(term);
          }
          QVERIFY(std::abs(static_cast<double>(y[c * rows + r]) - sum) <= 2e-5 * size + 1e-30);
        }
    }
  }

  void takes_huge_tiny_and_zero_activations_data() { isas_and_types(); }
  void takes_huge_tiny_and_zero_activations() {
    const CpuKernels* k = kernels();
    if (k == nullptr) QSKIP("this CPU lacks the instruction set");
    const size_t rows = 20, cols = 256;
    const Product product(*k, dtype(), rows, cols, random_rows(dtype(), rows, cols, 15));
    const std::vector<float> zero(cols, 0.0F), tiny(cols, 1e-42F), huge(cols, 1e30F);
    for (const float v : product.run(zero.data(), 1, 1)) QCOMPARE(v, 0.0F);
    for (const float v : product.run(tiny.data(), 1, 1)) QVERIFY(std::abs(v) < 1e-30F);
    for (const float v : product.run(huge.data(), 1, 1)) QVERIFY(std::isfinite(v));
  }
};

QTEST_GUILESS_MAIN(MatmulTest)
#include "matmul_test.moc"
