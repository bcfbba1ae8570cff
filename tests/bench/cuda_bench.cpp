// Speed of the CUDA kernels on a GPU, on the shapes of Llama 4 Scout (hidden 5120, 40 heads over 8 KV heads of 128),
// beside what the device can do: the bandwidth of a copy within its memory, and cuBLAS's rate for the same product in
// F16 where a libcublas is found. TIJORI_CUDA_PLUGIN names the plug-in. Prints a table, checks nothing.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <dlfcn.h>

#include "kernels/cuda/packed_tile.h"
#include "tests/kernels/cuda_device.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr uint32_t hidden = 5120;
constexpr uint32_t wide_rows = 16384;
constexpr double seconds_per_figure = 0.2;
// Weights and caches take turns with copies of themselves, more in all than the second-level cache of any GPU holds.
constexpr uint64_t least_footprint_bytes = uint64_t{768} << 20;

// Seconds of one call, of as many in a row as take seconds_per_figure; the best of three.
template <class Enqueue>
double seconds_of(CudaDevice& device, Enqueue enqueue) {
  using Clock = std::chrono::steady_clock;
  char message[cuda::message_bytes] = {};
  const auto run = [&](uint32_t times) {
    const auto start = Clock::now();
    for (uint32_t i = 0; i < times; ++i) enqueue();
    if (!device.runtime().synchronize(message)) stop(message);
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  run(1);
  const double once = run(2) / 2;
  const auto times = static_cast<uint32_t>(std::clamp(seconds_per_figure / once, 1.0, 10000.0));
  double best = run(times);
  for (int i = 0; i < 2; ++i) best = std::min(best, run(times));
  return best / times;
}

template <class Function>
Function* symbol(void* library, const char* name) {
  return library == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(library, name));
}

// Bytes read and written per second by the driver's own copy; 0 where there is no driver.
double copy_bandwidth(CudaDevice& device) {
  constexpr size_t size = size_t{256} << 20;
  const auto copy =
      symbol<int(uint64_t, uint64_t, size_t, void*)>(dlopen("libcuda.so.1", RTLD_NOW), "cuMemcpyDtoDAsync_v2");
  if (copy == nullptr) return 0;
  const cuda::DeviceAddress from = device.runtime().allocate(size);
  const cuda::DeviceAddress to = device.runtime().allocate(size);
  return 2.0 * size / seconds_of(device, [&] { copy(to, from, size, device.runtime().stream()); });
}

// Floating-point operations per second of cublasGemmEx, F16 in and F32 out; 0 where there is no cuBLAS.
class Cublas {
 public:
  Cublas() {
    for (const char* const name : {"libcublas.so.13", "libcublas.so.12", "libcublas.so"}) {
      if (library_ == nullptr) library_ = dlopen(name, RTLD_NOW);
    }
    const auto create = symbol<int(void**)>(library_, "cublasCreate_v2");
    if (create == nullptr || create(&handle_) != 0) handle_ = nullptr;
  }

  double rate(CudaDevice& device, uint32_t rows, uint32_t columns, uint32_t n) {
    if (handle_ == nullptr) return 0;
    const auto set_stream = symbol<int(void*, void*)>(library_, "cublasSetStream_v2");
    const auto gemm = symbol<int(void*, int, int, int, int, int, const void*, uint64_t, int, int, uint64_t, int, int,
                                 const void*, uint64_t, int, int, int, int)>(library_, "cublasGemmEx");
    set_stream(handle_, device.runtime().stream());
    const cuda::DeviceAddress weights = device.runtime().allocate(uint64_t{rows} * columns * 2);
    const cuda::DeviceAddress x = device.runtime().allocate(uint64_t{n} * columns * 2);
    const cuda::DeviceAddress y = device.runtime().allocate(uint64_t{n} * rows * 4);
    const float one = 1;
    const float zero = 0;
    // CUDA_R_16F 2, CUDA_R_32F 0, CUBLAS_COMPUTE_32F 68, CUBLAS_OP_T 1.
    const double seconds = seconds_of(device, [&] {
      gemm(handle_, 1, 0, static_cast<int>(rows), static_cast<int>(n), static_cast<int>(columns), &one, weights, 2,
           static_cast<int>(columns), x, 2, static_cast<int>(columns), &zero, y, 0, static_cast<int>(rows), 68, -1);
    });
    return 2.0 * rows * columns * n / seconds;
  }

 private:
  void* library_ = nullptr;
  void* handle_ = nullptr;
};

uint64_t copies_of(uint64_t size_bytes) {
  return (least_footprint_bytes + size_bytes - 1) / size_bytes;
}
uint64_t footprint_of(uint64_t size_bytes) {
  return copies_of(size_bytes) * size_bytes;
}

void print_share(double part, double whole) {
  if (whole > 0) {
    std::printf(" | %5.1f %% |\n", 100 * part / whole);
  } else {
    std::printf(" | – |\n");
  }
}

void bench_products(CudaDevice& device, double bandwidth, Cublas& cublas) {
  constexpr DType types[] = {DType::f16, DType::q8_0, DType::q6_k, DType::q4_k, DType::q4_0};
  const uint32_t n = 512;
  cuda::DeviceRows rows;
  rows.halves = device.upload(std::vector<uint16_t>(size_t{n} * cuda::row_halves(hidden), 0x3c00));
  rows.scales = device.upload(std::vector<float>(n, 1.0F));
  const cuda::DeviceAddress out = device.output<float>(size_t{n} * wide_rows);
  const auto matrix_of = [&](DType type) {
    cuda::DeviceMatrix matrix;
    matrix.type = type;
    matrix.rows = wide_rows;
    matrix.columns = hidden;
    matrix.stride_bytes = cuda::packed_matrix_bytes(type, wide_rows, hidden);
    matrix.at = device.upload(std::vector<uint8_t>(footprint_of(matrix.stride_bytes), 0x11));
    return matrix;
  };
  const auto seconds_for = [&](const cuda::DeviceMatrix& matrix, uint32_t tokens) {
    cuda::ProductArguments a;
    a.matrix = matrix;
    a.rows = rows;
    a.n = tokens;
    a.out = out;
    uint64_t turn = 0;
    return seconds_of(device, [&] {
      a.matrix.at = matrix.at + turn++ % copies_of(matrix.stride_bytes) * matrix.stride_bytes;
      device.kernels().product(device.runtime(), a);
    });
  };
  std::printf("\n| %u x %u times one token | GB/s of weights | of a copy's reading and writing |\n|---|---|---|\n",
              wide_rows, hidden);
  for (const DType type : types) {
    const cuda::DeviceMatrix matrix = matrix_of(type);
    const double rate = static_cast<double>(matrix.stride_bytes) / seconds_for(matrix, 1);
    std::printf("| %s | %.0f", std::string(traits_of(type).name).c_str(), rate / 1e9);
    print_share(rate, bandwidth);
  }
  const double peer = cublas.rate(device, wide_rows, hidden, n);
  std::printf("\n| the same times %u tokens | TFLOP/s | of cuBLAS, F16 (%.0f TFLOP/s) |\n|---|---|---|\n", n,
              peer / 1e12);
  for (const DType type : types) {
    const double rate = 2.0 * wide_rows * hidden * n / seconds_for(matrix_of(type), n);
    std::printf("| %s | %.1f", std::string(traits_of(type).name).c_str(), rate / 1e12);
    print_share(rate, peer);
  }
}

void bench_attention(CudaDevice& device, double bandwidth) {
  constexpr uint32_t n_heads = 40;
  cuda::KvLayout layout;
  layout.n_kv_heads = 8;
  layout.head_dim = 128;
  std::printf("\n| attention, F16 cache | µs | GB/s of keys and values | of a copy |\n|---|---|---|---|\n");
  for (const auto& [tokens, context] : {std::pair{1U, 2048U}, {1U, 8192U}, {1U, 32768U}, {512U, 8192U}}) {
    const uint32_t blocks = context / 32;
    layout.n_blocks = blocks;
    std::vector<cuda::StepToken> step;
    std::vector<cuda::AttentionTile> tiles;
    std::vector<uint32_t> table;
    const uint32_t tile_tokens = cuda::attention_tile_tokens(n_heads, layout.n_kv_heads);
    for (uint32_t i = 0; i < tokens; ++i) {
      step.push_back({0, context - tokens + i, 0});
      if (i % tile_tokens == 0) tiles.push_back({i, std::min(tile_tokens, tokens - i)});
    }
    for (uint32_t i = 0; i < blocks; ++i) table.push_back(i);
    cuda::AttentionArguments a;
    const size_t row = size_t{n_heads} * layout.head_dim;
    a.queries = device.upload(std::vector<float>(tokens * row, 0.01F));
    a.attended = device.output<float>(tokens * row);
    a.n_heads = n_heads;
    a.layout = layout;
    const cuda::DeviceAddress caches = device.upload(std::vector<uint16_t>(footprint_of(layout.bytes()) / 2, 0x2000));
    a.step.tokens = device.upload(step);
    a.step.block_tables = device.upload(table);
    a.step.n_tokens = tokens;
    a.step.n_table_entries = blocks;
    a.tiles = device.upload(tiles);
    a.n_tiles = static_cast<uint32_t>(tiles.size());
    if (tokens == 1) {
      a.n_partitions = context / cuda::attention_partition;
      a.partials = device.output<float>(size_t{n_heads} * a.n_partitions * (layout.head_dim + 2));
    }
    uint64_t turn = 0;
    const double seconds = seconds_of(device, [&] {
      a.cache = caches + turn++ % copies_of(layout.bytes()) * layout.bytes();
      device.kernels().attention(device.runtime(), a);
    });
    const double rate = static_cast<double>(layout.bytes()) / seconds;
    std::printf("| %u tokens at %u positions | %.0f | %.0f", tokens, context, seconds * 1e6, rate / 1e9);
    print_share(rate, bandwidth);
  }
}

}  // namespace

int main() {
  if (const std::string why = why_no_device(); !why.empty()) {
    std::fprintf(stderr, "cuda_bench: %s\n", why.c_str());
    return 77;
  }
  CudaDevice device;
  const cuda::DeviceProperties& properties = device.runtime().properties();
  std::printf("%s, %.0f GB, compute capability %u.%u, driver for CUDA %u.%u\n", properties.name,
              static_cast<double>(properties.memory_bytes) / 1e9, properties.compute_major, properties.compute_minor,
              properties.driver_version / 1000, properties.driver_version % 1000 / 10);
  const double bandwidth = copy_bandwidth(device);
  std::printf("a copy within its memory reads and writes %.0f GB/s\n", bandwidth / 1e9);
  Cublas cublas;
  bench_products(device, bandwidth, cublas);
  bench_attention(device, bandwidth);
}
