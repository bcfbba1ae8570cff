// Dequantisation: known sums and samples of one block of each type, and every golden block bit by bit.
#include <QTest>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "tests/kernels/samples.h"
#include "tests/support/golden.h"

using namespace tijori;
using namespace tijori::test;

namespace {

// Byte i of the block is (37 i + 11) mod 256, then the halves are set. Sums of y, y^2 and (e + 1) y[e].
struct Vector {
  DType dtype;
  std::vector<std::pair<size_t, uint16_t>> halves;
  double sum, squares, weighted;
  std::vector<std::pair<size_t, float>> samples;
};
const std::vector<Vector> vectors = {
    {DType::q4_0,
     {{0, 0x3800}},
     -10.5,
     161.25,
     -259,
     {{0, -1.5F}, {1, 1.0F}, {15, -4.0F}, {16, -1.5F}, {17, -0.5F}, {31, 0.0F}}},
    {DType::q4_1,
     {{0, 0x3800}, {2, 0xB400}},
     114.5,
     572.5,
     1859.5,
     {{0, 7.25F}, {1, 1.75F}, {15, 4.75F}, {16, 4.25F}, {17, 5.75F}, {31, 5.75F}}},
    {DType::q5_0,
     {{0, 0x3800}},
     7.5,
     656.75,
     56,
     {{0, 4.5F}, {1, -1.0F}, {15, -6.0F}, {16, 7.0F}, {17, 0.0F}, {31, 0.5F}}},
    {DType::q5_1,
     {{0, 0x3800}, {2, 0xB400}},
     244.5,
     2572,
     3818.5,
     {{0, 9.25F}, {1, 11.75F}, {15, 14.75F}, {16, 9.25F}, {17, 2.25F}, {31, 2.25F}}},
    {DType::q8_0,
     {{0, 0x2C00}},
     -11,
     743.1875,
     -505,
     {{0, 5.3125F}, {1, 7.625F}, {15, -8.0F}, {16, -5.6875F}, {17, -3.375F}, {31, -3.0F}}},
    {DType::mxfp4, {}, 6.25, 71.0625, 159.5, {{0, 0.0F}, {1, 1.5F}, {15, -0.75F}, {16, 0.75F}, {17, 1.5F}, {31, 1.5F}}},
    {DType::iq4_nl,
     {{0, 0x2C00}},
     -16.0625,
     524.582031,
     -432.4375,
     {{0, -2.1875F}, {1, 1.5625F}, {15, -7.9375F}, {16, -2.1875F}, {17, -0.625F}, {31, 0.0625F}}},
    {DType::q2_k,
     {{80, 0x3800}, {82, 0x3400}},
     1029.5,
     13619,
     121565,
     {{0, 16.5F},
      {1, 0.0F},
      {15, 11.0F},
      {16, -0.75F},
      {32, 3.75F},
      {63, 3.25F},
      {64, 5.25F},
      {100, 10.0F},
      {127, 21.0F},
      {128, 3.75F},
      {160, 11.25F},
      {200, 4.0F},
      {255, 2.25F}}},
    {DType::q3_k,
     {{108, 0x2C00}},
     59.875,
     2221.50781,
     11071.5625,
     {{0, 5.0625F},
      {1, -6.75F},
      {15, -3.375F},
      {16, -6.0F},
      {17, 8.0F},
      {32, -1.375F},
      {63, 0.625F},
      {64, 2.125F},
      {100, 0.0F},
      {127, 4.5F},
      {128, 0.125F},
      {160, 1.625F},
      {200, 1.5625F},
      {255, 2.625F}}},
    {DType::q4_k,
     {{0, 0x3400}, {2, 0x3800}},
     10442,
     1231033,
     1536426,
     {{0, 59.75F},
      {1, -25.5F},
      {15, 21.0F},
      {32, -7.0F},
      {63, 1.0F},
      {64, 82.25F},
      {100, 11.0F},
      {127, 7.5F},
      {128, 101.25F},
      {160, 120.0F},
      {200, 28.25F},
      {255, -1.0F}}},
    {DType::q5_k,
     {{0, 0x3400}, {2, 0x3800}},
     25886,
     5766835,
     3650078,
     {{0, 183.75F},
      {1, -25.5F},
      {15, 21.0F},
      {32, 19.0F},
      {63, 11.0F},
      {64, 82.25F},
      {100, 46.0F},
      {127, -13.5F},
      {128, 257.25F},
      {160, 30.0F},
      {200, 28.25F},
      {255, 14.0F}}},
    {DType::q6_k,
     {{208, 0x2C00}},
     288.25,
     1851172.89,
     49026.25,
     {{0, -89.4375F},
      {1, 106.0F},
      {15, -19.875F},
      {16, -27.0F},
      {17, 32.0F},
      {32, 14.4375F},
      {63, -36.25F},
      {64, -190.0F},
      {100, 157.6875F},
      {127, 93.75F},
      {128, -21.9375F},
      {160, 41.9375F},
      {200, 68.0625F},
      {255, -3.75F}}},
    {DType::iq4_xs,
     {{0, 0x2800}},
     -343.90625,
     237296.247,
     -65347.9375,
     {{0, 2.03125F},
      {1, -0.03125F},
      {15, -2.78125F},
      {17, 1.09375F},
      {32, 14.21875F},
      {63, -5.46875F},
      {64, 24.375F},
      {100, 1.25F},
      {127, 6.125F},
      {128, -18.28125F},
      {160, -28.4375F},
      {200, 35.625F},
      {255, -0.5F}}},
};

std::string name_of_type(DType dtype) {
  return std::string(traits_of(dtype).name);
}

}  // namespace

class DequantizeTest : public QObject {
  Q_OBJECT

  void types() {
    QTest::addColumn<uint>("type");
    for (const DType dtype : all_dtypes) QTest::addRow("%s", name_of_type(dtype).c_str()) << static_cast<uint>(dtype);
  }

 private slots:
  void knows_types_by_their_ids() {
    std::set<uint32_t> known;
    for (uint32_t id = 0; id < 64; ++id)
      if (const auto dtype = dtype_of_id(id)) known.insert(static_cast<uint32_t>(*dtype));
    QCOMPARE(known, (std::set<uint32_t>{0, 1, 2, 3, 6, 7, 8, 10, 11, 12, 13, 14, 20, 23, 30, 39}));
    QVERIFY(!dtype_of_id(UINT32_MAX).has_value());
    QCOMPARE(row_bytes(DType::q4_1, 576), size_t{360});
    QCOMPARE(row_bytes(DType::q6_k, 512), size_t{420});
    QCOMPARE(row_bytes(DType::bf16, 3), size_t{6});
  }

  void gives_known_values_of_one_block_data() {
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < vectors.size(); ++i)
      QTest::addRow("%s", name_of_type(vectors[i].dtype).c_str()) << static_cast<int>(i);
  }
  void gives_known_values_of_one_block() {
    QFETCH(int, index);
    const Vector& known = vectors[static_cast<size_t>(index)];
    const DTypeTraits& traits = traits_of(known.dtype);
    Bytes block(traits.block_bytes);
    for (size_t i = 0; i < block.size(); ++i) block[i] = static_cast<uint8_t>(37 * i + 11);
    for (const auto& [offset, half] : known.halves) store_le(block.data() + offset, half);
    if (known.dtype == DType::mxfp4) block[0] = 126;
    std::vector<float> y(traits.block_elements);
    dequantize_row(known.dtype, reinterpret_cast<const std::byte*>(block.data()), y.size(), y.data());
    double sum = 0, squares = 0, weighted = 0;
    for (size_t e = 0; e < y.size(); ++e) {
      const double v = y[e];
      sum += v;
      squares += v * v;
      weighted += static_cast<double>(e + 1) * v;
    }
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-7 * std::abs(b); };
    QVERIFY(near(sum, known.sum) && near(squares, known.squares) && near(weighted, known.weighted));
    for (const auto& [e, value] : known.samples) QCOMPARE(y[e], value);
  }

  void equals_every_golden_block_data() { types(); }
  void equals_every_golden_block() {
    QFETCH(uint, type);
    const auto dtype = static_cast<DType>(type);
    if (dtype == DType::f32) QSKIP("F32 rows are copied; no golden file");
    const auto directory = golden_directory();
    if (!directory) QSKIP(golden_absent);
    const std::vector<float> want = read_floats(*directory / "blocks" / (name_of_type(dtype) + ".f32"));
    std::ifstream in(*directory / "blocks" / (name_of_type(dtype) + ".bin"), std::ios::binary);
    const std::vector<char> raw{std::istreambuf_iterator<char>(in), {}};
    QVERIFY(!want.empty());
    QCOMPARE(raw.size(), row_bytes(dtype, want.size()));
    std::vector<float> got(want.size());
    dequantize_row(dtype, reinterpret_cast<const std::byte*>(raw.data()), got.size(), got.data());
    for (size_t i = 0; i < want.size(); ++i) {
      if (std::isnan(want[i])) {
        QVERIFY(std::isnan(got[i]));
      } else {
        QCOMPARE(std::bit_cast<uint32_t>(got[i]), std::bit_cast<uint32_t>(want[i]));
      }
    }
  }

  void rounds_floats_to_the_nearest_half() {
    for (uint32_t half = 0; half < 0x10000; ++half) {
      const float value = float_of_half(static_cast<uint16_t>(half));
      if (std::isnan(value)) {
        QVERIFY(std::isnan(float_of_half(half_of_float(value))));
        continue;
      }
      QCOMPARE(static_cast<uint32_t>(half_of_float(value)), half);
      if ((half & 0x7FFF) >= 0x7BFF) continue;
      // Halfway to the next half goes to the even one, anything beyond it to the next.
      const float next = float_of_half(static_cast<uint16_t>(half + 1));
      const float middle = (value + next) / 2;
      QCOMPARE(static_cast<uint32_t>(half_of_float(middle)), half + (half & 1));
      QCOMPARE(static_cast<uint32_t>(half_of_float(std::nextafter(middle, next))), half + 1);
    }
    QCOMPARE(half_of_float(65519.0F), uint16_t{0x7BFF});
    QCOMPARE(half_of_float(65520.0F), uint16_t{0x7C00});
    QCOMPARE(half_of_float(-1e30F), uint16_t{0xFC00});
  }
};

QTEST_GUILESS_MAIN(DequantizeTest)
#include "dequantize_test.moc"
