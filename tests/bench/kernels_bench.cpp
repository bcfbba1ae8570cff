// Speed of the CPU kernels on one thread, on the shapes of a small model (hidden 576, feed-forward 1536, 9 heads over 3
// KV heads of 64) or of the sizes given: kernels_bench [ISA [ROWS COLS]]. Best of several runs; prints, checks nothing.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/kernels/samples.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr double seconds_per_figure = 0.25;

template <class Work>
double best_seconds(Work work) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds_per_figure);
  double best = 1e9;
  do {
    const auto start = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  } while (Clock::now() < end);
  return best;
}

void bench_matmul(const CpuKernels& k, DType dtype, size_t rows, size_t cols) {
  const Bytes raw = random_rows(dtype, rows, cols, 1);
  AlignedBytes packed(packed_bytes(k, dtype, rows, cols));
  const double pack = best_seconds([&] {
    k.pack(dtype, reinterpret_cast<const std::byte*>(raw.data()), rows, cols, packed.data(), 0, group_count(rows));
  });
  std::printf("%-7s pack %6.2f GB/s |", std::string(traits_of(dtype).name).c_str(),
              static_cast<double>(raw.size()) / pack / 1e9);
  for (const size_t n : {1, 4, 8, 32, 512}) {
    const std::vector<float> x = normal_floats(n * cols, 2);
    std::vector<float> y(n * rows);
    AlignedBytes quantised(k.quantised_bytes(n, cols));
    k.quantise(x.data(), cols, n, cols, quantised.data(), 0, n);
    const Matmul m = {.dtype = dtype,
                      .rows = rows,
                      .cols = cols,
                      .weights = packed.data(),
                      .n = n,
                      .x = x.data(),
                      .x_stride = cols,
                      .quantised = quantised.data(),
                      .y = y.data(),
                      .y_stride = rows};
    const double seconds = best_seconds([&] { k.matmul(m, 0, group_count(rows)); });
    if (n == 1)
      std::printf(" matvec %5.1f GB/s |", static_cast<double>(packed_bytes(k, dtype, rows, cols)) / seconds / 1e9);
    std::printf(" n %zu: %5.0f", n, 2.0 * static_cast<double>(rows * cols * n) / seconds / 1e9);
  }
  std::printf(" Gop/s\n");
}

void bench_attention(const CpuKernels& k, KvType type, size_t count) {
  const KvShape shape = {.type = type, .n_kv_heads = 3, .head_dim = 64};
  const size_t heads = 9, width = heads * shape.head_dim, kv_width = shape.n_kv_heads * shape.head_dim;
  AlignedBytes pool(kv_block_bytes(shape) * (count / kv_block_positions + 1));
  std::vector<int32_t> table;
  table.reserve(count / kv_block_positions + 1);
  for (size_t i = 0; i <= count / kv_block_positions; ++i) table.push_back(static_cast<int32_t>(i));
  const KvTable kv = {pool.data(), kv_block_bytes(shape), table.data()};
  const std::vector<float> q = normal_floats(count * width, 3), keys = normal_floats(count * kv_width, 4);
  const double write = best_seconds([&] {
    for (size_t p = 0; p < count; ++p) k.kv_write(shape, keys.data() + p * kv_width, keys.data() + p * kv_width, kv, p);
  });
  std::vector<float> out(count * width);
  std::vector<AttentionQuery> queries;
  queries.reserve(count);
  for (size_t i = 0; i < count; ++i)
    queries.push_back({q.data() + i * width, out.data() + i * width, kv, 0, i, 0.125F});
  const Attention a = {.shape = shape, .n_heads = heads, .queries = queries};
  const double prefill = best_seconds([&] { k.attention(a, 0, count, 0, shape.n_kv_heads); });
  const double last = best_seconds([&] { k.attention(a, count - 1, count, 0, shape.n_kv_heads); });
  const double operations = 4.0 * static_cast<double>(heads * shape.head_dim) * static_cast<double>(count) *
                            static_cast<double>(count + 1) / 2;
  std::printf("%-4s %zu positions: write %6.0f us, prefill %7.0f us (%5.1f Gop/s), last query %6.1f us\n",
              type == KvType::f32   ? "f32"
              : type == KvType::f16 ? "f16"
                                    : "q8",
              count, write * 1e6, prefill * 1e6, operations / prefill / 1e9, last * 1e6);
}

void bench_elements(const CpuKernels& k) {
  const size_t n = 512, hidden = 576, inner = 1536;
  std::vector<float> x = normal_floats(n * inner, 5), y = normal_floats(n * inner, 6), out(n * inner);
  AlignedBytes quantised(k.quantised_bytes(n, inner));
  std::printf(
      "512 rows: rms_norm 576 %5.0f us, quantise 576 %5.0f us, swiglu 1536 %5.0f us, add 576 %5.0f us, rope 9x64 %5.0f "
      "us\n",
      1e6 * best_seconds([&] { k.rms_norm(x.data(), hidden, y.data(), 1e-5F, n, hidden, out.data(), hidden); }),
      1e6 * best_seconds([&] { k.quantise(x.data(), hidden, n, hidden, quantised.data(), 0, n); }),
      1e6 * best_seconds([&] { k.swiglu(x.data(), y.data(), n * inner, out.data()); }),
      1e6 * best_seconds([&] { k.add(out.data(), y.data(), n * hidden); }),
      1e6 * best_seconds([&] {
        for (size_t i = 0; i < n; ++i) k.rope(out.data() + i * hidden, 9, 64, x.data());
      }));
}

}  // namespace

int main(int argc, char** argv) {
  const CpuKernels* k = &best_cpu_kernels();
  for (const Isa isa : all_isas)
    if (argc > 1 && std::string(argv[1]) == isa_name(isa)) k = find_cpu_kernels(isa);
  if (k == nullptr) return 1;
  const size_t rows = argc > 3 ? std::strtoul(argv[2], nullptr, 10) : 1536;
  const size_t cols = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 576;
  std::printf("%s, %zu x %zu, one thread\n", isa_name(k->isa), rows, cols);
  for (const DType dtype : all_dtypes)
    if (cols % traits_of(dtype).block_elements == 0) bench_matmul(*k, dtype, rows, cols);
  for (const KvType type : {KvType::f32, KvType::f16, KvType::q8}) bench_attention(*k, type, 512);
  bench_elements(*k);
  return 0;
}
