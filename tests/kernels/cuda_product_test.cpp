// The device's matrix products: against a sum in double over the weights and activations that they read, and bit by bit
// against themselves for other batches, tiles and neighbours.
#include <QTest>
#include <optional>

#include "kernels/cpu/quant_block.h"
#include "kernels/cuda/packed_tile.h"
#include "kernels/cuda/packing.h"
#include "tests/kernels/cuda_device.h"
#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;
using cuda::DeviceMatrix;
using cuda::ExpertTile;

namespace {

// Those that kernels read, and two that become F16.
constexpr DType types[] = {DType::f32,  DType::f16,  DType::q8_0, DType::q4_0,
                           DType::q4_k, DType::q6_k, DType::bf16, DType::q5_k};

float rounded_to_half(float value) {
  return float_of_half(half_of_float(value));
}

// The weights as the kernels multiply with them: quantised ones decoded in half precision, scale and minimum rounded
// first.
std::vector<float> kernel_weights(DType type, const Bytes& raw, size_t rows, size_t columns) {
  std::vector<float> out = dequantized(type, raw, rows, columns);
  if (type == DType::f32) return out;
  if (cuda::device_type(type) == DType::f16) {
    std::transform(out.begin(), out.end(), out.begin(), rounded_to_half);
    return out;
  }
  const DTypeTraits& traits = traits_of(type);
  QuantBlock block;
  for (size_t first = 0; first < out.size(); first += traits.block_elements) {
    decode_block(type, raw.data() + first / traits.block_elements * traits.block_bytes, block);
    for (size_t e = 0; e < traits.block_elements; ++e) {
      const float scale = rounded_to_half(block.scale[e / 16]);
      const float minimum = has_minima(type) ? rounded_to_half(block.minimum[e / 16]) : 0.0F;
      out[first + e] = rounded_to_half(std::fma(scale, static_cast<float>(block.q[e]), minimum));
    }
  }
  return out;
}

struct Matrices {
  DType type;
  uint32_t rows, columns, count;
  Bytes raw;

  Matrices(DType t, uint32_t r, uint32_t c, uint32_t n, unsigned seed)
      : type(t), rows(r), columns(c), count(n), raw(random_rows(t, size_t{r} * n, c, seed)) {}

  DeviceMatrix upload(CudaDevice& device) const {
    DeviceMatrix to;
    to.type = cuda::device_type(type);
    to.rows = rows;
    to.columns = columns;
    to.matrices = count;
    to.stride_bytes = cuda::packed_matrix_bytes(to.type, rows, columns);
    if (type == DType::f32) {
      to.at = device.upload(raw);
      return to;
    }
    std::vector<std::byte> packed(to.stride_bytes * count);
    const uint32_t tiles = (rows + cuda::tile_rows - 1) / cuda::tile_rows;
    const size_t raw_bytes = rows * row_bytes(type, columns);
    for (uint32_t m = 0; m < count; ++m) {
      const auto* from = reinterpret_cast<const std::byte*>(raw.data()) + m * raw_bytes;
      cuda::pack_tiles(type, from, rows, columns, 0, tiles, packed.data() + m * to.stride_bytes);
    }
    to.at = device.upload(packed);
    return to;
  }
};

struct Tiles {
  std::vector<ExpertTile> tiles;
  uint32_t width = 0;
};

class Product {
 public:
  explicit Product(const Matrices& matrices) : device_(), matrix_(matrices.upload(device_)) {}

  // [n, rows]; `before` is what stood there when it adds. `columns` of each row.
  std::vector<float> run(const std::vector<float>& x, uint32_t n, const std::optional<std::vector<float>>& before = {},
                         const Tiles* tiles = nullptr) {
    cuda::ProductArguments a;
    a.matrix = matrix_;
    a.n = n;
    const size_t count = size_t{n} * matrix_.rows;
    // What isn't this type's to read is left out: reading it would fault.
    if (matrix_.type == DType::f32) {
      a.rows.floats = device_.upload(x);
    } else {
      const HalfRows halves = as_half_rows(x, n, matrix_.columns);
      a.rows.halves = device_.upload(halves.halves);
      a.rows.scales = device_.upload(halves.scales);
    }
    a.adds = before.has_value();
    a.out = before ? device_.upload(*before) : device_.output<float>(count);
    if (tiles != nullptr) {
      a.most_tiles = cuda::most_expert_tiles(n, matrix_.matrices, tiles->width);
      a.tile_width = tiles->width;
      a.tile_count = device_.upload(std::vector{static_cast<uint32_t>(tiles->tiles.size())});
      std::vector<ExpertTile> padded = tiles->tiles;
      padded.resize(a.most_tiles, {~0U, ~0U, ~0U});
      a.tiles = device_.upload(padded);
    }
    device_.kernels().product(device_.runtime(), a);
    return device_.download<float>(a.out, count);
  }

 private:
  CudaDevice device_;
  DeviceMatrix matrix_;
};

std::vector<float> first_rows(const std::vector<float>& rows, size_t n, size_t columns, size_t first = 0) {
  const auto from = rows.begin() + static_cast<ptrdiff_t>(first * columns);
  return {from, from + static_cast<ptrdiff_t>(n * columns)};
}

// Products of two halves are exact in float32, and so is the scale. What is rounded is the sums: in a chain of steps of
// 16 columns per segment, each of which a tensor core adds up with an error of at most one part in 2^23 of its largest
// addend for each of its 17 addends, and then over the 8 segments. F16's chains go over the columns twice; F32's are
// shorter.
double tolerance(size_t columns, double sum_of_magnitudes) {
  const double steps = 2 * static_cast<double>(columns) / 16 / 8 + 2 + 8;
  return steps * 17 * 0x1p-23 * sum_of_magnitudes;
}

}  // namespace

class CudaProductTest : public QObject {
  Q_OBJECT

  void all_types() {
    QTest::addColumn<uint>("type");
    for (const DType type : types)
      QTest::addRow("%s", std::string(traits_of(type).name).c_str()) << static_cast<uint>(type);
  }
  DType type() {
    QFETCH(uint, type);
    return static_cast<DType>(type);
  }
  // One block, and several: an odd number of chunks leaves segments of unequal length, and empty ones.
  std::vector<uint32_t> column_counts() {
    const bool small = only_small_half();
    switch (traits_of(type()).block_elements) {
      case 1:
        return small ? std::vector<uint32_t>{33, 552} : std::vector<uint32_t>{2, 33, 40, 300, 1100};
      case 32:
        return small ? std::vector<uint32_t>{288} : std::vector<uint32_t>{32, 96, 288, 1056};
      default:
        return small ? std::vector<uint32_t>{512} : std::vector<uint32_t>{256, 512, 1280};
    }
  }
  uint32_t some_columns() { return traits_of(type()).block_elements == 1 ? 300 : traits_of(type()).block_elements * 2; }

 private slots:
  void initTestCase() {
    if (const std::string why = why_no_device(); !why.empty()) QSKIP(why.c_str());
  }

  void weights_lose_no_more_than_a_half_does_data() { all_types(); }
  void weights_lose_no_more_than_a_half_does() {
    const Bytes raw = random_rows(type(), 20, 512, 3);
    const std::vector<float> exact = dequantized(type(), raw, 20, 512);
    const std::vector<float> weights = kernel_weights(type(), raw, 20, 512);
    const float largest = std::abs(
        *std::max_element(exact.begin(), exact.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }));
    // Three roundings of numbers that aren't larger than a block's scaled range.
    for (size_t i = 0; i < exact.size(); ++i) QVERIFY(std::abs(weights[i] - exact[i]) <= 4 * 0x1p-11F * largest);
  }

  void equals_a_double_sum_and_itself_in_any_batch_data() { all_types(); }
  void equals_a_double_sum_and_itself_in_any_batch() {
    const uint32_t n = only_small_half() ? 66 : 130;
    for (const uint32_t columns : column_counts()) {
      for (const uint32_t rows : only_small_half() ? std::vector<uint32_t>{33} : std::vector<uint32_t>{1, 17, 100}) {
        const Matrices matrices(type(), rows, columns, 1, rows + columns);
        const std::vector<float> w = kernel_weights(type(), matrices.raw, rows, columns);
        const std::vector<float> x = normal_floats(size_t{n} * columns, 5);
        Product product(matrices);
        const std::vector<float> y = product.run(x, n);
        std::vector<float> rounded = x;
        if (type() != DType::f32) {
          const HalfRows halves = as_half_rows(x, n, columns);
          for (size_t i = 0; i < x.size(); ++i) {
            const float scale = halves.scales[i / columns];
            const float value = rounded_to_half(x[i] / scale);
            const bool takes_rest = cuda::device_type(type()) == DType::f16;
            const float rest = takes_rest ? rounded_to_half(x[i] / scale - value) : 0;
            rounded[i] = (value + rest) * scale;
          }
        }
        for (uint32_t i = 0; i < n; ++i)
          for (uint32_t r = 0; r < rows; ++r) {
            double sum = 0, size = 0;
            for (uint32_t c = 0; c < columns; ++c) {
              const double term = static_cast<double>(w[size_t{r} * columns + c]) *
                                  static_cast<double>(rounded[size_t{i} * columns + c]);
              sum += term;
              size += std::abs(term);
            }
            const double found = static_cast<double>(y[size_t{i} * rows + r]);
            if (!(std::abs(found - sum) <= tolerance(columns, size)))
              QFAIL(qPrintable(QString("%1 x %2, row %3 of %4: %5 is %6, expected %7")
                                   .arg(rows)
                                   .arg(columns)
                                   .arg(i)
                                   .arg(n)
                                   .arg(r)
                                   .arg(found)
                                   .arg(sum)));
          }
        for (const uint32_t fewer : {1U, 3U, 8U, 9U, 64U, 65U})
          QVERIFY2(same_bits(product.run(first_rows(x, fewer, columns), fewer), first_rows(y, fewer, rows)),
                   qPrintable(QString("%1 x %2: %3 rows are not as in %4").arg(rows).arg(columns).arg(fewer).arg(n)));
        for (const uint32_t alone : {7U, 8U, 63U, n - 1})
          QVERIFY2(
              same_bits(product.run(first_rows(x, 1, columns, alone), 1), first_rows(y, 1, rows, alone)),
              qPrintable(QString("%1 x %2: row %3 alone is not as in %4").arg(rows).arg(columns).arg(alone).arg(n)));
      }
    }
  }

  void adds_the_rounded_product_data() { all_types(); }
  void adds_the_rounded_product() {
    const Matrices matrices(type(), 21, some_columns(), 1, 11);
    Product product(matrices);
    for (const uint32_t n : {5U, 20U}) {
      const std::vector<float> x = normal_floats(size_t{n} * matrices.columns, 6);
      const std::vector<float> before = normal_floats(size_t{n} * matrices.rows, 7);
      const std::vector<float> assigned = product.run(x, n);
      const std::vector<float> added = product.run(x, n, before);
      for (size_t i = 0; i < added.size(); ++i) QCOMPARE(added[i], before[i] + assigned[i]);
    }
  }

  void keeps_nan_and_infinity_in_their_own_row_data() { all_types(); }
  void keeps_nan_and_infinity_in_their_own_row() {
    const Matrices matrices(type(), 33, some_columns(), 1, 12);
    Product product(matrices);
    for (const uint32_t n : {7U, 20U}) {
      std::vector<float> x = normal_floats(size_t{n} * matrices.columns, 8);
      const std::vector<float> clean = product.run(x, n);
      x[2 * size_t{matrices.columns} + 40] = NAN;
      x[4 * size_t{matrices.columns} + 30] = INFINITY;
      x[6 * size_t{matrices.columns} + 11] = -INFINITY;
      const std::vector<float> y = product.run(x, n);
      for (uint32_t i = 0; i < n; ++i) {
        const std::vector<float> row = first_rows(y, 1, matrices.rows, i);
        if (i == 2 || i == 4 || i == 6)
          QVERIFY(std::none_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); }));
        else
          QVERIFY(same_bits(row, first_rows(clean, 1, matrices.rows, i)));
      }
    }
  }

  // A power of two passes through every rounding.
  void follows_rows_of_any_magnitude_data() { all_types(); }
  void follows_rows_of_any_magnitude() {
    const Matrices matrices(type(), 20, some_columns(), 1, 13);
    Product product(matrices);
    for (const uint32_t n : {3U, 12U}) {
      const std::vector<float> x = normal_floats(size_t{n} * matrices.columns, 9);
      const std::vector<float> y = product.run(x, n);
      for (const int exponent : {100, -80}) {
        std::vector<float> other = x;
        for (uint32_t c = 0; c < matrices.columns; ++c)
          other[matrices.columns + c] = std::ldexp(x[matrices.columns + c], exponent);
        std::vector<float> expected = y;
        for (uint32_t r = 0; r < matrices.rows; ++r)
          expected[matrices.rows + r] = std::ldexp(y[matrices.rows + r], exponent);
        QVERIFY(same_bits(product.run(other, n), expected));
      }
      for (const float v : product.run(std::vector<float>(x.size(), 1e-42F), n)) QVERIFY(std::abs(v) < 1e-36F);
      for (const float v : product.run(std::vector<float>(x.size(), 0.0F), n)) QCOMPARE(v, 0.0F);
    }
  }

  void gives_each_expert_its_own_rows_data() { all_types(); }
  void gives_each_expert_its_own_rows() {
    const Matrices matrices(type(), 40, some_columns(), 5, 14);
    Product product(matrices);
    const std::vector<std::vector<uint32_t>> all_counts = {
        {3, 0, 70, 1, 9}, {0, 0, 0, 66, 0}, {0, 1, 0, 0, 0}, {8, 8, 64, 0, 16}, {0, 0, 0, 0, 17}};
    for (const std::vector<uint32_t>& counts : all_counts) {
      uint32_t n = 0;
      for (const uint32_t count : counts) n += count;
      const std::vector<float> x = normal_floats(size_t{n} * matrices.columns, 10);
      std::vector<float> expected;
      for (uint32_t e = 0, row = 0; e < matrices.count; row += counts[e++]) {
        if (counts[e] == 0) continue;
        Matrices one(type(), matrices.rows, matrices.columns, 1, 0);
        const auto size = static_cast<ptrdiff_t>(one.raw.size());
        std::copy_n(matrices.raw.begin() + e * size, size, one.raw.begin());
        const std::vector<float> own = Product(one).run(first_rows(x, counts[e], matrices.columns, row), counts[e]);
        expected.insert(expected.end(), own.begin(), own.end());
      }
      for (const uint32_t width : {cuda::narrow_tile, cuda::wide_tile}) {
        Tiles tiles;
        tiles.width = width;
        for (uint32_t e = 0, row = 0; e < matrices.count; row += counts[e++])
          for (uint32_t done = 0; done < counts[e]; done += width)
            tiles.tiles.push_back({e, row + done, std::min(width, counts[e] - done)});
        QVERIFY2(same_bits(product.run(x, n, {}, &tiles), expected), qPrintable(QString("tiles of %1").arg(width)));
      }
    }
  }
};

QTEST_GUILESS_MAIN(CudaProductTest)
#include "cuda_product_test.moc"
