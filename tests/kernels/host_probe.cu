// Kernels that try the host executor: right ones whose results are known, and wrong ones that it has to end.
#include <cstring>

#include "kernels/cuda/launchers.h"
#include "tests/kernels/host_probe.h"

namespace tijori::test {

using namespace tijori::cuda;

namespace {

constexpr unsigned all_lanes = 0xFFFFFFFFU;

struct Partials {
  Array<float, 32> sums;
};
struct Values {
  Array<float, 1024> values;
};

// Lanes that the block doesn't have are shuffled from too, and what comes is left aside.
__device__ __forceinline__ float warp_sum(float value, unsigned lane, unsigned lanes) {
  for (unsigned step = 16; step > 0; step /= 2) {
    const float other = __shfl_down_sync(all_lanes, value, step);
    if (lane + step < lanes) value += other;
  }
  return value;
}

__global__ void sum_by_shuffles_kernel(Global<float> out, Global<const float> values) {
  Partials& shared = shared_memory<Partials>();
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = (blockDim.x + 31) / 32;
  const float sum = warp_sum(values[blockIdx.x * blockDim.x + threadIdx.x], lane, min(32U, blockDim.x - warp * 32));
  if (lane == 0) shared.sums[warp] = sum;
  __syncthreads();
  if (threadIdx.x != 0) return;
  float total = 0;
  for (unsigned i = 0; i < warps; ++i) total += shared.sums[i];
  out[blockIdx.x] = total;
}

__global__ void sum_in_shared_kernel(Global<float> out, Global<const float> values) {
  Values& shared = shared_memory<Values>();
  shared.values[threadIdx.x] = values[blockIdx.x * blockDim.x + threadIdx.x];
  __syncthreads();
  for (unsigned count = blockDim.x; count > 1;) {
    const unsigned half_count = (count + 1) / 2;
    if (threadIdx.x + half_count < count) shared.values[threadIdx.x] += shared.values[threadIdx.x + half_count];
    count = half_count;
    __syncthreads();
  }
  if (threadIdx.x == 0) out[blockIdx.x] = shared.values[0];
}

struct Tally {
  int sum;
  float exact;
};

__global__ void count_atomically_kernel(Global<unsigned> out, Global<float> of) {
  Tally& tally = shared_memory<Tally>();
  const unsigned number = blockIdx.x * blockDim.x + threadIdx.x;
  if (threadIdx.x == 0) tally = {0, 0};
  __syncthreads();
  atomicAdd(&tally.sum, static_cast<int>(number));
  atomicAdd(&tally.exact, static_cast<float>(number));
  const auto signed_out = out.as<int>();
  atomicMax(&signed_out[1], static_cast<int>(number) - 5);
  atomicAdd(&out[2], number);
  atomicMin(&out[3], number + 7);
  __syncthreads();
  if (threadIdx.x == 0) {
    atomicAdd(&signed_out[0], tally.sum);
    atomicAdd(&of[0], tally.exact);
  }
}

__global__ void name_threads_kernel(Global<unsigned> out) {
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  unsigned name = 0;
  for (const unsigned part : {threadIdx.x, threadIdx.y, threadIdx.z, blockIdx.x, blockIdx.y, blockIdx.z, blockDim.x,
                              blockDim.y, blockDim.z, gridDim.x, gridDim.y, gridDim.z})
    name = name * 31 + part;
  out[block * (blockDim.x * blockDim.y * blockDim.z) + thread] = name;
}

__global__ void try_warp_kernel(Global<unsigned> out) {
  const unsigned lane = threadIdx.x;
  const Global<unsigned> own = out + lane * 8;
  own[0] = __shfl_sync(all_lanes, lane * 3, 5);
  own[1] = __shfl_sync(all_lanes, lane * 3, 5, 8);
  own[2] = __shfl_up_sync(all_lanes, lane * 3, 4, 16);
  own[3] = __shfl_xor_sync(all_lanes, lane * 3, 9);
  const double wide = __shfl_down_sync(all_lanes, 1e9 + lane, 7);
  own[4] = static_cast<unsigned>(wide - 1e9);
  own[5] = __ballot_sync(all_lanes, lane % 3 == 0);
  // Two parts of the warp, each in a collective of its own at the same time.
  if (lane < 12)
    own[6] = __ballot_sync(0x00000FFFU, lane % 2);
  else
    own[6] = __shfl_sync(0xFFFFF000U, lane, 31);
  __syncwarp();
  own[7] = static_cast<unsigned>(__any_sync(all_lanes, lane == 31)) |
           static_cast<unsigned>(__all_sync(all_lanes, lane < 31)) << 1 |
           static_cast<unsigned>(__all_sync(all_lanes, lane < 32)) << 2;
}

struct Tile {
  Array<float4, 4> parts;
};

__global__ void copy_in_groups_kernel(Global<float> out, Global<const float> values) {
  Tile& tile = shared_memory<Tile>();
  for (int i = 0; i < 3; ++i) {
    copy_async_16(&tile.parts[i].x, values + 4 * i);
    copy_async_commit();
  }
  const auto look = [&](int moment) {
    for (int i = 0; i < 4; ++i) out[4 * moment + i] = tile.parts[i].w;
  };
  copy_async_wait<2>();
  look(0);
  copy_async_wait<1>();
  look(1);
  copy_async_16(&tile.parts[3].x, values + 12);
  copy_async_wait<0>();
  look(2);
  copy_async_wait_all();
  look(3);
}

__global__ void copy_and_not_wait_kernel(Global<float> out, Global<const float> values) {
  Tile& tile = shared_memory<Tile>();
  tile.parts[0] = make_float4(1, 1, 1, 1);
  copy_async_16(&tile.parts[0].x, values);
  copy_async_commit();
  __syncthreads();
  for (int i = 0; i < 4; ++i) out[i] = (&tile.parts[0].x)[i];
}

__device__ __forceinline__ uint32_t pair_of(half low, half high) {
  const half2 pair = __halves2half2(low, high);
  uint32_t bits;
  memcpy(&bits, &pair, sizeof bits);
  return bits;
}

__global__ void multiply_kernel(Global<float> d, Global<const half> a, Global<const half> b) {
  const int group = static_cast<int>(threadIdx.x) / 4, pair = static_cast<int>(threadIdx.x) % 4 * 2;
  uint32_t of_a[4], of_b[2];
  float sums[4];
  for (int i = 0; i < 4; ++i) {
    const int row = group + i % 2 * 8, column = pair + i / 2 * 8;
    of_a[i] = pair_of(a[row * 16 + column], a[row * 16 + column + 1]);
  }
  for (int i = 0; i < 2; ++i) of_b[i] = pair_of(b[(pair + i * 8) * 8 + group], b[(pair + i * 8 + 1) * 8 + group]);
  for (int i = 0; i < 4; ++i) sums[i] = d[(group + i / 2 * 8) * 8 + pair + i % 2];
  mma_m16n8k16(sums, of_a, of_b);
  for (int i = 0; i < 4; ++i) d[(group + i / 2 * 8) * 8 + pair + i % 2] = sums[i];
}

__global__ void half_arithmetic_kernel(Global<half2> out, Global<const half2> a, Global<const half2> b,
                                       Global<const half2> c, unsigned count) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= count) return;
  out[4 * i] = __hadd2(a[i], b[i]);
  out[4 * i + 1] = __hsub2(a[i], b[i]);
  out[4 * i + 2] = __hmul2(a[i], b[i]);
  out[4 * i + 3] = __hfma2(a[i], b[i], c[i]);
}

template <bool with_barrier>
__global__ void shift_kernel(Global<float> out) {
  Values& shared = shared_memory<Values>();
  shared.values[threadIdx.x] = static_cast<float>(threadIdx.x);
  if constexpr (with_barrier) __syncthreads();
  out[threadIdx.x] = threadIdx.x == 0 ? 0 : shared.values[threadIdx.x - 1];
}

__global__ void add_one_kernel(Global<float> values, unsigned count) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) values[i] += 1;
}

__global__ void divergent_barrier_kernel() {
  if (threadIdx.x < 16)
    __syncthreads();
  else if (threadIdx.x < 32)
    __syncwarp();
}
__global__ void left_barrier_kernel() {
  if (threadIdx.x == 40) return;
  __syncthreads();
}
__global__ void two_barriers_kernel() {
  if (threadIdx.x < 32)
    __syncthreads();
  else
    __syncthreads();
}
__global__ void exited_lane_kernel() {
  if (threadIdx.x == 3) return;
  __syncwarp();
}
__global__ void other_line_kernel() {
  if (threadIdx.x < 16)
    __shfl_xor_sync(all_lanes, 1, 1);
  else
    __shfl_xor_sync(all_lanes, 1, 2);
}
__global__ void other_mask_kernel() {
  __syncwarp(threadIdx.x < 16 ? 0x0001FFFFU : all_lanes);
}
__global__ void outside_mask_kernel() {
  if (threadIdx.x < 16) __shfl_xor_sync(0x0000FFFFU, 1, 16);
}
__global__ void not_in_mask_kernel() {
  __syncwarp(0x0000FFFFU);
}
__global__ void global_bounds_kernel(Global<float> values, unsigned count) {
  values[count + threadIdx.x] = 1;
}
__global__ void global_plus_kernel(Global<float> values) {
  (values + 8)[-9] = 1;
}
__global__ void global_alignment_kernel(Global<float> values) {
  (values + 1).as<float4>()[0] = make_float4(1, 1, 1, 1);
}
__global__ void nowhere_kernel(Global<float> values) {
  if (!values) values[0] = 1;
}
__global__ void array_bounds_kernel() {
  shared_memory<Partials>().sums[threadIdx.x + 30] = 1;
}
__global__ void shared_bytes_kernel() {
  shared_memory<Values>().values[0] = 1;
}
__global__ void part_of_mma_kernel() {
  float d[4] = {};
  const uint32_t a[4] = {}, b[2] = {};
  mma_m16n8k16(d, a, b);
}
__global__ void copy_outside_kernel(Global<const float> values) {
  copy_async_16(&shared_memory<Tile>().parts[0].x, values + 8);
}

__global__ void read_after_shuffle_kernel(Global<float> out) {
  Values& shared = shared_memory<Values>();
  shared.values[threadIdx.x] = 1;
  __shfl_sync(all_lanes, 1, 0);
  out[threadIdx.x] = shared.values[threadIdx.x ^ 1U];
}
__global__ void read_after_warp_barrier_kernel(Global<float> out) {
  Values& shared = shared_memory<Values>();
  for (int i = 0; i < 5; ++i) {
    shared.values[threadIdx.x] = 1;
    __syncwarp();
    out[blockIdx.x * blockDim.x + threadIdx.x] = shared.values[threadIdx.x ^ 1U];
    __syncwarp();
  }
}
__global__ void write_over_what_is_read_kernel(Global<float> out) {
  Values& shared = shared_memory<Values>();
  for (int i = 0; i < 2; ++i) {
    shared.values[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = shared.values[blockDim.x - 1 - threadIdx.x];
  }
}
__global__ void write_from_two_blocks_kernel(Global<float> out) {
  if (threadIdx.x == blockIdx.x) out[0] += 1;
}
__global__ void copy_and_not_meet_kernel(Global<float> out, Global<const float> values) {
  Tile& tile = shared_memory<Tile>();
  if (threadIdx.x == 0) copy_async_16(&tile.parts[0].x, values);
  copy_async_wait_all();
  if (threadIdx.x < 4) out[threadIdx.x] = (&tile.parts[0].x)[threadIdx.x];
}

}  // namespace

void sum_by_shuffles(Runtime& runtime, DeviceAddress out, DeviceAddress values, unsigned blocks, unsigned threads) {
  TIJORI_LAUNCH(sum_by_shuffles_kernel, blocks, threads, sizeof(Partials), cuda::stream_of(runtime),
                Global<float>(out, blocks), Global<const float>(values, blocks * threads));
}
void sum_in_shared(Runtime& runtime, DeviceAddress out, DeviceAddress values, unsigned blocks, unsigned threads) {
  TIJORI_LAUNCH(sum_in_shared_kernel, blocks, threads, sizeof(Values), cuda::stream_of(runtime),
                Global<float>(out, blocks), Global<const float>(values, blocks * threads));
}
void count_atomically(Runtime& runtime, DeviceAddress out, DeviceAddress of, unsigned blocks, unsigned threads) {
  TIJORI_LAUNCH(count_atomically_kernel, blocks, threads, sizeof(Tally), cuda::stream_of(runtime),
                Global<unsigned>(out, 4), Global<float>(of, 1));
}
void name_threads(Runtime& runtime, DeviceAddress out, dim3 grid, dim3 block) {
  TIJORI_LAUNCH(name_threads_kernel, grid, block, 0, cuda::stream_of(runtime),
                Global<unsigned>(out, size_t{grid.x} * grid.y * grid.z * block.x * block.y * block.z));
}
void try_warp(Runtime& runtime, DeviceAddress out) {
  TIJORI_LAUNCH(try_warp_kernel, 1, 32, 0, cuda::stream_of(runtime), Global<unsigned>(out, 32 * 8));
}
void copy_in_groups(Runtime& runtime, DeviceAddress out, DeviceAddress values) {
  TIJORI_LAUNCH(copy_in_groups_kernel, 1, 1, sizeof(Tile), cuda::stream_of(runtime), Global<float>(out, 16),
                Global<const float>(values, 16));
}
void copy_and_not_wait(Runtime& runtime, DeviceAddress out, DeviceAddress values) {
  TIJORI_LAUNCH(copy_and_not_wait_kernel, 1, 1, sizeof(Tile), cuda::stream_of(runtime), Global<float>(out, 4),
                Global<const float>(values, 4));
}
void multiply(Runtime& runtime, DeviceAddress d, DeviceAddress a, DeviceAddress b) {
  TIJORI_LAUNCH(multiply_kernel, 1, 32, 0, cuda::stream_of(runtime), Global<float>(d, 128), Global<const half>(a, 256),
                Global<const half>(b, 128));
}
void half_arithmetic(Runtime& runtime, DeviceAddress out, DeviceAddress a, DeviceAddress b, DeviceAddress c,
                     unsigned count) {
  TIJORI_LAUNCH(half_arithmetic_kernel, (count + 255) / 256, 256, 0, cuda::stream_of(runtime),
                Global<half2>(out, 4 * size_t{count}), Global<const half2>(a, count), Global<const half2>(b, count),
                Global<const half2>(c, count), count);
}
void shift(Runtime& runtime, DeviceAddress out, unsigned threads, bool with_barrier) {
  if (with_barrier)
    TIJORI_LAUNCH((shift_kernel<true>), 1, threads, sizeof(Values), cuda::stream_of(runtime),
                  Global<float>(out, threads));
  else
    TIJORI_LAUNCH(shift_kernel<false>, 1, threads, sizeof(Values), cuda::stream_of(runtime),
                  Global<float>(out, threads));
}
void add_one(Runtime& runtime, DeviceAddress values, unsigned count) {
  TIJORI_LAUNCH(add_one_kernel, (count + 63) / 64, 64, 0, cuda::stream_of(runtime), Global<float>(values, count),
                count);
}

void misuse(Runtime& runtime, const char* name) {
  char message[message_bytes];
  const Stream stream = cuda::stream_of(runtime);
  const DeviceAddress sixteen = runtime.allocate(16 * sizeof(float));
  const Global<float> values(sixteen, 16);
  const auto is = [&](const char* other) { return strcmp(name, other) == 0; };
  if (is("divergent barrier")) TIJORI_LAUNCH(divergent_barrier_kernel, 1, 32, 0, stream);
  if (is("left barrier")) TIJORI_LAUNCH(left_barrier_kernel, 1, 64, 0, stream);
  if (is("two barriers")) TIJORI_LAUNCH(two_barriers_kernel, 1, 64, 0, stream);
  if (is("exited lane")) TIJORI_LAUNCH(exited_lane_kernel, 1, 32, 0, stream);
  if (is("other line")) TIJORI_LAUNCH(other_line_kernel, 1, 32, 0, stream);
  if (is("other mask")) TIJORI_LAUNCH(other_mask_kernel, 1, 32, 0, stream);
  if (is("outside mask")) TIJORI_LAUNCH(outside_mask_kernel, 1, 32, 0, stream);
  if (is("not in mask")) TIJORI_LAUNCH(not_in_mask_kernel, 1, 32, 0, stream);
  if (is("global bounds")) TIJORI_LAUNCH(global_bounds_kernel, dim3(2, 3), 4, 0, stream, values, 14U);
  if (is("global plus")) TIJORI_LAUNCH(global_plus_kernel, 1, 1, 0, stream, values);
  if (is("global alignment")) TIJORI_LAUNCH(global_alignment_kernel, 1, 1, 0, stream, values);
  if (is("nowhere")) TIJORI_LAUNCH(nowhere_kernel, 1, 1, 0, stream, Global<float>(0, 16));
  if (is("array bounds")) TIJORI_LAUNCH(array_bounds_kernel, 1, 4, sizeof(Partials), stream);
  if (is("shared bytes")) TIJORI_LAUNCH(shared_bytes_kernel, 1, 1, 4092, stream);
  if (is("part of mma")) TIJORI_LAUNCH(part_of_mma_kernel, 1, 48, 0, stream);
  if (is("copy outside"))
    TIJORI_LAUNCH(copy_outside_kernel, 1, 1, sizeof(Tile), stream, Global<const float>(sixteen, 10));
  if (is("host pointer")) {
    const float here[4] = {};
    TIJORI_LAUNCH(add_one_kernel, 1, 4, 0, stream, Global<float>(reinterpret_cast<DeviceAddress>(here), 4), 4U);
  }
  if (is("stale address")) {
    auto other = Runtime::open(0, message);
    const DeviceAddress stale = other->allocate(64);
    other.reset();
    auto again = Runtime::open(0, message);
    again->allocate(64);
    TIJORI_LAUNCH(add_one_kernel, 1, 4, 0, stream, Global<float>(stale, 4), 4U);
  }
  if (is("too many elements")) TIJORI_LAUNCH(add_one_kernel, 1, 4, 0, stream, Global<float>(sixteen + 4, 16), 16U);
  if (is("looked at by the CPU")) *reinterpret_cast<volatile float*>(sixteen) = 1;
  runtime.synchronize(message);
}

void race(Runtime& runtime, const char* name) {
  char message[message_bytes];
  const Stream stream = cuda::stream_of(runtime);
  const Global<float> out(runtime.allocate(256 * sizeof(float)), 256);
  const Global<const float> values(runtime.allocate(4 * sizeof(float)), 4);
  const auto is = [&](const char* other) { return strcmp(name, other) == 0; };
  if (is("no barrier")) TIJORI_LAUNCH(shift_kernel<false>, 1, 64, sizeof(Values), stream, out);
  if (is("shuffle for a barrier")) TIJORI_LAUNCH(read_after_shuffle_kernel, 1, 32, sizeof(Values), stream, out);
  if (is("one barrier of two")) TIJORI_LAUNCH(write_over_what_is_read_kernel, 1, 64, sizeof(Values), stream, out);
  if (is("two blocks")) TIJORI_LAUNCH(write_from_two_blocks_kernel, 4, 64, 0, stream, out);
  if (is("copy without a barrier")) TIJORI_LAUNCH(copy_and_not_meet_kernel, 1, 32, sizeof(Tile), stream, out, values);
  if (is("none")) {
    TIJORI_LAUNCH((shift_kernel<true>), 1, 64, sizeof(Values), stream, out);
    TIJORI_LAUNCH(read_after_warp_barrier_kernel, 4, 64, sizeof(Values), stream, out);
  }
  runtime.synchronize(message);
}

}  // namespace tijori::test
