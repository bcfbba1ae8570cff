// The device's kernels that work on one row at a time, and the order in which matrices lie in its memory. References
// are in double; where the operations are prescribed, the bits are compared.
#include <QTest>

#include "kernels/cuda/packed_tile.h"
#include "kernels/cuda/packing.h"
#include "tests/kernels/cuda_device.h"
#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;
using cuda::DeviceAddress;
using cuda::DeviceRows;
using cuda::StepToken;

namespace {

// What kernels write of rows, and what came of it.
struct Output {
  DeviceRows at;
  uint32_t n, columns;

  Output(CudaDevice& device, uint32_t n_rows, uint32_t n_columns, bool floats = true, bool halves = true)
      : n(n_rows), columns(n_columns) {
    if (floats) at.floats = device.output<float>(size_t{n} * columns);
    if (halves) {
      at.halves = device.output<uint16_t>(padded());
      at.scales = device.output<float>(n);
    }
  }
  size_t padded() const { return 2 * ((size_t{columns} + 31) / 32 * 32) * n; }
  std::vector<float> floats(CudaDevice& device) const { return device.download<float>(at.floats, size_t{n} * columns); }
  bool halves_are_of(CudaDevice& device, const std::vector<float>& floats) const {
    const HalfRows expected = as_half_rows(floats, n, columns);
    const std::vector<uint16_t> found = device.download<uint16_t>(at.halves, padded());
    if (!same_bits(device.download<float>(at.scales, n), expected.scales)) return false;
    for (size_t i = 0; i < found.size(); ++i) {
      const bool both_nan = std::isnan(float_of_half(found[i])) && std::isnan(float_of_half(expected.halves[i]));
      if (found[i] != expected.halves[i] && !both_nan) return false;
    }
    return true;
  }
};

constexpr uint32_t column_counts[] = {1, 31, 33, 256, 300, 1000};

// Value of a packed matrix as packed_tile.h describes it.
float unpacked(DType type, const std::byte* packed, uint32_t columns, size_t row, size_t column) {
  const auto* tile = reinterpret_cast<const uint8_t*>(packed) + row / 16 * cuda::tile_bytes(type, columns);
  const size_t row_in_tile = row % 16, r = row_in_tile / 8;
  const size_t chunk = column / 32, i = column % 32 / 8, pair = column % 8 / 2, odd = column % 2;
  const size_t lane = row_in_tile % 8 * 4 + pair;
  const auto half_of = [](const uint8_t* at) { return float_of_half(load_le<uint16_t>(at)); };
  const auto nibble = [&](const uint8_t* words) {
    return static_cast<int>(load_le<uint32_t>(words + (lane * 2 + r) * 4) >> (4 * i + 16 * odd) & 15U);
  };
  if (type == DType::f16) {
    // A fragment's registers: rows group and group + 8 of the first 8 columns, then of the next 8.
    const uint8_t* word = tile + chunk * 1024 + (i / 2 * 32 + lane) * 16 + (i % 2 * 2 + r) * 4;
    return half_of(word + 2 * odd);
  }
  if (type == DType::q8_0) {
    const uint8_t* at = tile + chunk * (32 + 512);
    const int value = at[32 + lane * 16 + r * 8 + i * 2 + odd] - 128;
    return half_of(at + 2 * row_in_tile) * static_cast<float>(value);
  }
  if (type == DType::q4_0) {
    const uint8_t* at = tile + chunk * (32 + 256);
    return half_of(at + 2 * row_in_tile) * static_cast<float>(nibble(at + 32) - 8);
  }
  const size_t j = chunk % 8;
  if (type == DType::q4_k) {
    const uint8_t* at = tile + chunk / 8 * (256 + 8 * 256);
    const uint8_t* header = at + row_in_tile * 16;
    const uint8_t* bits = header + 4;
    const uint32_t scale = j < 4 ? bits[j] & 63U : (bits[j + 4] & 15U) | (bits[j - 4] >> 6U) << 4U;
    const uint32_t minimum = j < 4 ? bits[j + 4] & 63U : (bits[j + 4] >> 4U) | (bits[j] >> 6U) << 4U;
    const float product = half_of(header) * static_cast<float>(scale) * static_cast<float>(nibble(at + 256 + j * 256));
    return product - half_of(header + 2) * static_cast<float>(minimum);
  }
  const uint8_t* at = tile + chunk / 8 * (32 + 256 + 8 * 256 + 8 * 128);
  const auto scale = static_cast<float>(static_cast<int8_t>(at[32 + row_in_tile * 16 + j * 2 + column % 32 / 16]));
  const uint32_t high = load_le<uint32_t>(at + 32 + 256 + 2048 + j * 128 + lane * 4) >> (4 * i + 2 * r + 16 * odd) & 3U;
  const int q = (nibble(at + 32 + 256 + j * 256) | static_cast<int>(high << 4)) - 32;
  return half_of(at + 2 * row_in_tile) * scale * static_cast<float>(q);
}

}  // namespace

class CudaRowsTest : public QObject {
  Q_OBJECT

  static void all_types() {
    QTest::addColumn<uint>("type");
    for (const DType type : all_dtypes)
      QTest::addRow("%s", std::string(traits_of(type).name).c_str()) << static_cast<uint>(type);
  }
  static DType type() {
    QFETCH(uint, type);
    return static_cast<DType>(type);
  }

 private slots:
  void initTestCase() {
    if (const std::string why = why_no_device(); !why.empty()) QSKIP(why.c_str());
  }

  void packing_loses_nothing_data() { all_types(); }
  void packing_loses_nothing() {
    if (type() == DType::f32) return;
    const DType to = cuda::device_type(type());
    const uint32_t unit = traits_of(type()).block_elements;
    for (const uint32_t columns :
         unit == 1 ? std::vector<uint32_t>{1, 40, 300} : std::vector<uint32_t>{unit, 3 * unit, 512})
      for (const uint32_t rows : {1U, 17U, 40U}) {
        const Bytes raw = random_rows(type(), rows, columns, rows);
        const std::vector<float> values = dequantized(type(), raw, rows, columns);
        const uint32_t tiles = (rows + 15) / 16;
        std::vector<std::byte> packed(cuda::packed_matrix_bytes(to, rows, columns), std::byte{0xFF});
        const auto* from = reinterpret_cast<const std::byte*>(raw.data());
        cuda::pack_tiles(type(), from, rows, columns, tiles / 2, tiles,
                         packed.data() + tiles / 2 * cuda::tile_bytes(to, columns));
        cuda::pack_tiles(type(), from, rows, columns, 0, tiles / 2, packed.data());
        for (uint32_t row = 0; row < tiles * 16; ++row)
          for (uint32_t column = 0; column < columns; ++column) {
            const float found = unpacked(to, packed.data(), columns, row, column);
            if (row >= rows) {
              QVERIFY(found == 0);
              continue;
            }
            const float value = values[size_t{row} * columns + column];
            const float expected = to == DType::f16 ? float_of_half(half_of_float(value)) : value;
            if (!same_bits(&found, &expected, 1))
              QFAIL(qPrintable(QString("%1 x %2, (%3, %4): %5, expected %6")
                                   .arg(rows)
                                   .arg(columns)
                                   .arg(row)
                                   .arg(column)
                                   .arg(found)
                                   .arg(expected)));
          }
        if (to == DType::f16)
          for (uint32_t column = columns; column < (columns + 31) / 32 * 32; ++column)
            QVERIFY(unpacked(to, packed.data(), columns, 0, column) == 0);
      }
  }

  void embeds_the_file_s_own_values_data() { all_types(); }
  void embeds_the_file_s_own_values() {
    const uint32_t unit = traits_of(type()).block_elements, rows = 7;
    const DType to = cuda::device_type(type());
    for (const uint32_t columns : unit == 1 ? std::vector<uint32_t>{1, 300} : std::vector<uint32_t>{unit, 3 * unit}) {
      const Bytes raw = random_rows(type(), rows, columns, 21);
      std::vector<float> values = dequantized(type(), raw, rows, columns);
      Bytes table = raw;
      if (to != type()) {
        std::vector<uint16_t> halves(values.size());
        for (uint32_t row = 0; row < rows; ++row)
          cuda::expand_to_f16(type(), reinterpret_cast<const std::byte*>(raw.data()) + row * row_bytes(type(), columns),
                              columns, halves.data() + size_t{row} * columns);
        table.resize(halves.size() * 2);
        std::memcpy(table.data(), halves.data(), table.size());
        for (float& v : values) v = float_of_half(half_of_float(v));
      }
      CudaDevice device;
      const std::vector<uint32_t> ids = {6, 0, 3, 3, 1};
      std::vector<StepToken> tokens;
      for (const uint32_t id : ids) tokens.push_back({id, 0, 0});
      cuda::EmbedArguments a;
      a.table.type = to;
      a.table.rows = rows;
      a.table.columns = columns;
      a.table.stride_bytes = table.size();
      a.table.at = device.upload(table);
      a.step.tokens = device.upload(tokens);
      a.step.n_tokens = static_cast<uint32_t>(tokens.size());
      a.residual = device.output<float>(tokens.size() * columns);
      device.kernels().embed(device.runtime(), a);
      const std::vector<float> found = device.download<float>(a.residual, tokens.size() * columns);
      for (size_t t = 0; t < ids.size(); ++t)
        QVERIFY(same_bits(found.data() + t * columns, values.data() + size_t{ids[t]} * columns, columns));
    }
  }

  // A position of some millions has an angle of as many radians: all of it but the last rounding is done in double.
  void angles_are_right_at_far_positions() {
    constexpr uint32_t head_dim = 40, n_frequencies = 17;
    std::vector<double> frequencies(n_frequencies);
    for (uint32_t i = 0; i < n_frequencies; ++i) frequencies[i] = std::pow(500000.0, -2.0 * i / head_dim);
    const std::vector<uint32_t> positions = {0, 1, 31, 8191, 10'000'000};
    std::vector<StepToken> tokens;
    for (const uint32_t position : positions) tokens.push_back({0, position, 0});
    CudaDevice device;
    cuda::AnglesArguments a;
    a.step.tokens = device.upload(tokens);
    a.step.n_tokens = static_cast<uint32_t>(tokens.size());
    a.frequencies = device.upload(frequencies);
    a.n_frequencies = n_frequencies;
    a.head_dim = head_dim;
    a.cos_sin = device.output<float>(tokens.size() * head_dim);
    device.kernels().angles(device.runtime(), a);
    const std::vector<float> found = device.download<float>(a.cos_sin, tokens.size() * head_dim);
    for (size_t t = 0; t < positions.size(); ++t)
      for (uint32_t i = 0; i < head_dim / 2; ++i) {
        const float* pair = found.data() + t * head_dim + size_t{2} * i;
        if (i >= n_frequencies) {
          QCOMPARE(pair[0], 1.0F);
          QCOMPARE(pair[1], 0.0F);
          continue;
        }
        const long double angle = static_cast<long double>(positions[t]) * static_cast<long double>(frequencies[i]);
        // Half a step of float below 1, and the product's rounding in double.
        const long double most = 0x1.01p-25L + 0x1p-53L * angle;
        QVERIFY(std::abs(static_cast<long double>(pair[0]) - std::cos(angle)) <= most);
        QVERIFY(std::abs(static_cast<long double>(pair[1]) - std::sin(angle)) <= most);
      }
  }

  void rms_norm_is_that_of_the_picked_rows() {
    for (const uint32_t columns : column_counts)
      for (const bool picks : {false, true}) {
        const uint32_t n_rows = 5;
        std::vector<float> rows = normal_floats(size_t{n_rows} * columns, columns);
        for (uint32_t c = 0; c < columns; ++c) rows[2 * size_t{columns} + c] *= 1e15F;
        for (uint32_t c = 0; c < columns; ++c) rows[3 * size_t{columns} + c] *= 1e-4F;
        const std::vector<float> weight = normal_floats(columns, columns + 1);
        const std::vector<uint32_t> picked = picks ? std::vector<uint32_t>{4, 2} : std::vector<uint32_t>{0, 1, 2, 3, 4};
        const auto n = static_cast<uint32_t>(picked.size());
        CudaDevice device;
        cuda::RmsNormArguments a;
        a.rows = device.upload(rows);
        a.n_rows = n_rows;
        if (picks) a.picked = device.upload(picked);
        a.weight = device.upload(weight);
        a.epsilon = 1e-5F;
        a.n = n;
        a.columns = columns;
        const Output both(device, n, columns), only_floats(device, n, columns, true, false),
            only_halves(device, n, columns, false);
        for (const Output* out : {&both, &only_floats, &only_halves}) {
          a.out = out->at;
          device.kernels().rms_norm(device.runtime(), a);
        }
        const std::vector<float> found = both.floats(device);
        for (uint32_t i = 0; i < n; ++i) {
          const float* x = rows.data() + size_t{picked[i]} * columns;
          double squares = 0;
          for (uint32_t c = 0; c < columns; ++c) squares += static_cast<double>(x[c]) * static_cast<double>(x[c]);
          const double factor = 1 / std::sqrt(squares / columns + static_cast<double>(a.epsilon));
          for (uint32_t c = 0; c < columns; ++c) {
            const double expected = static_cast<double>(x[c]) * factor * static_cast<double>(weight[c]);
            // The root halves the error of a sum of at most 4 + 5 + 8 steps; six more operations are rounded.
            QVERIFY(std::abs(static_cast<double>(found[size_t{i} * columns + c]) - expected) <=
                    16 * 0x1p-24 * std::abs(expected));
          }
        }
        QVERIFY(both.halves_are_of(device, found));
        QVERIFY(same_bits(only_floats.floats(device), found));
        QVERIFY(only_halves.halves_are_of(device, found));
      }
  }

  void halves_are_gathered_and_scaled() {
    for (const uint32_t columns : column_counts) {
      const std::vector<uint32_t> source = {3, 0, 0, 7, 5, 6, 2, 1, 4};
      std::vector<float> rows = normal_floats(size_t{8} * columns, columns);
      // Rows of numbers at the ends of what there is, and of what is no number.
      for (uint32_t c = 0; c < columns; ++c) {
        rows[1 * size_t{columns} + c] = 0;
        rows[2 * size_t{columns} + c] *= 1e37F;
        rows[3 * size_t{columns} + c] *= 1e-37F;
        rows[4 * size_t{columns} + c] = 1e-42F;
      }
      rows[5 * size_t{columns} + columns / 2] = NAN;
      rows[6 * size_t{columns} + columns / 3] = -INFINITY;
      const std::vector<float> factor = {0.5F, 1.0F, 0.3F, 0.9F, 0.7F, 0.6F, 0.2F, 1.0F, 0.8F};
      const auto n = static_cast<uint32_t>(source.size());
      CudaDevice device;
      cuda::HalvesArguments a;
      a.rows = device.upload(rows);
      a.n_rows = 8;
      a.columns = columns;
      a.n = 8;
      const Output plain(device, 8, columns);
      a.out = plain.at;
      device.kernels().halves(device.runtime(), a);
      a.source = device.upload(source);
      a.factor = device.upload(factor);
      a.n = n;
      const Output both(device, n, columns), only_halves(device, n, columns, false);
      for (const Output* out : {&both, &only_halves}) {
        a.out = out->at;
        device.kernels().halves(device.runtime(), a);
      }
      std::vector<float> expected;
      for (size_t i = 0; i < source.size(); ++i)
        for (uint32_t c = 0; c < columns; ++c) expected.push_back(rows[size_t{source[i]} * columns + c] * factor[i]);
      QVERIFY(plain.halves_are_of(device, rows));
      QVERIFY(both.halves_are_of(device, expected));
      QVERIFY(only_halves.halves_are_of(device, expected));
      const std::vector<float> found = both.floats(device);
      for (size_t i = 0; i < found.size(); ++i)
        QVERIFY(std::isnan(expected[i]) ? std::isnan(found[i]) : same_bits(&found[i], &expected[i], 1));
    }
  }

  void swiglu_is_the_gate_s_sigmoid_times_both() {
    for (const uint32_t columns : column_counts) {
      const uint32_t n = 4;
      std::vector<float> gate = normal_floats(size_t{n} * columns, 1), up = normal_floats(size_t{n} * columns, 2);
      for (uint32_t c = 0; c < columns; ++c) gate[columns + c] *= 50;
      CudaDevice device;
      const Output both(device, n, columns), only_halves(device, n, columns, false);
      cuda::SwigluArguments a;
      a.gate = device.upload(gate);
      a.up = device.upload(up);
      a.n = n;
      a.columns = columns;
      for (const Output* out : {&both, &only_halves}) {
        a.out = out->at;
        device.kernels().swiglu(device.runtime(), a);
      }
      const std::vector<float> found = both.floats(device);
      for (size_t i = 0; i < found.size(); ++i) {
        const auto g = static_cast<double>(gate[i]);
        const double expected = g / (1 + std::exp(-g)) * static_cast<double>(up[i]);
        // expf is off by at most two steps; three operations are rounded; below float's normal numbers nothing is
        // exact.
        QVERIFY(std::abs(static_cast<double>(found[i]) - expected) <= 8 * 0x1p-24 * std::abs(expected) + 1e-36);
      }
      QVERIFY(both.halves_are_of(device, found));
      QVERIFY(only_halves.halves_are_of(device, found));
    }
  }

  void combines_a_token_s_experts_in_order() {
    for (const uint32_t columns : column_counts)
      for (const uint32_t per_token : {1U, 3U})
        for (const bool from_zero : {false, true}) {
          const uint32_t n = 6, n_rows = n * per_token;
          const std::vector<float> outputs = normal_floats(size_t{n_rows} * columns, 3);
          const std::vector<float> before = normal_floats(size_t{n} * columns, 4);
          std::vector<uint32_t> row_of_choice(n_rows);
          for (uint32_t i = 0; i < n_rows; ++i) row_of_choice[i] = (i * 5 + 2) % n_rows;
          CudaDevice device;
          cuda::CombineArguments a;
          a.outputs = device.upload(outputs);
          a.row_of_choice = device.upload(row_of_choice);
          a.n = n;
          a.experts_per_token = per_token;
          a.columns = columns;
          a.residual = from_zero ? device.output<float>(before.size()) : device.upload(before);
          a.from_zero = from_zero;
          device.kernels().combine(device.runtime(), a);
          std::vector<float> expected = before;
          for (size_t i = 0; i < expected.size(); ++i) {
            if (from_zero) expected[i] = 0;
            for (uint32_t j = 0; j < per_token; ++j)
              expected[i] += outputs[size_t{row_of_choice[i / columns * per_token + j]} * columns + i % columns];
          }
          QVERIFY(same_bits(device.download<float>(a.residual, expected.size()), expected));
        }
  }

  void adds_one_to_one() {
    for (const size_t count : {size_t{1}, size_t{255}, size_t{256}, size_t{1001}}) {
      const std::vector<float> to = normal_floats(count, 5), from = normal_floats(count, 6);
      CudaDevice device;
      cuda::AddArguments a;
      a.to = device.upload(to);
      a.from = device.upload(from);
      a.count = count;
      device.kernels().add(device.runtime(), a);
      std::vector<float> expected = to;
      for (size_t i = 0; i < count; ++i) expected[i] += from[i];
      QVERIFY(same_bits(device.download<float>(a.to, count), expected));
    }
  }
};

QTEST_GUILESS_MAIN(CudaRowsTest)
#include "cuda_rows_test.moc"
