// The next token of each row of logits, as engine/sampler.h defines it: a block a row. Weights are integers, so that
// their sums don't depend on the order in which threads add them, and the CPU's sampler finds the same token.
#include "kernels/cuda/launchers.h"
#include "kernels/cuda/warp.cuh"

namespace tijori::cuda {
namespace {

constexpr int threads = 512;
constexpr uint32_t bins = 256;

struct SampleShared {
  Array<unsigned long long, bins> sums;
  Array<unsigned long long, threads> parts;  // of each thread's range of tokens
  Array<float, threads / 32> highest;
  Array<uint32_t, threads / 32> best;
  unsigned long long found_sum;
  uint32_t found;
  uint32_t is_broken;
};

// A number that orders as the logits do.
__device__ __forceinline__ uint32_t key_of(float logit) {
  const uint32_t bits = __float_as_uint(logit == 0 ? 0.0F : logit);  // both zeros are one
  return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

// The likeliest tokens down to a key, of which at the key itself those up to an id.
struct Kept {
  uint32_t key = 0;
  uint32_t last_id = UINT32_MAX;
  __device__ __forceinline__ bool holds(uint32_t a_key, uint32_t id) const {
    return a_key > key || (a_key == key && id <= last_id);
  }
};

struct Row {
  Global<const float> logits;
  uint32_t vocabulary;
  float highest;
  SampleParameters parameters;

  // Tokens [begin, end) are this thread's, so that ranges in order of thread are tokens in order.
  __device__ __forceinline__ uint32_t range() const { return (vocabulary + threads - 1) / threads; }
  __device__ __forceinline__ uint32_t begin() const { return min(threadIdx.x * range(), vocabulary); }
  __device__ __forceinline__ uint32_t end() const { return min(begin() + range(), vocabulary); }

  __device__ __forceinline__ unsigned long long weight(uint32_t id) const {
    const double ratio = exp((static_cast<double>(logits[id]) - highest) / parameters.temperature);
    return static_cast<unsigned long long>(ratio * sample_one);
  }
};

// The sum of all threads' values; `values` holds each.
__device__ unsigned long long sum_of_parts(SampleShared& shared, unsigned long long mine) {
  shared.parts[static_cast<int>(threadIdx.x)] = mine;
  __syncthreads();
  unsigned long long total = 0;
  for (int i = 0; i < threads; ++i) total += shared.parts[i];
  __syncthreads();
  return total;
}

// The first token in order of id at which the running sum of value(id) reaches `wanted`, which the sum of all does.
template <class Value>
__device__ uint32_t first_reaching(const Row& row, SampleShared& shared, unsigned long long wanted, Value value) {
  unsigned long long mine = 0;
  for (uint32_t id = row.begin(); id < row.end(); ++id) mine += value(id);
  shared.parts[static_cast<int>(threadIdx.x)] = mine;
  __syncthreads();
  unsigned long long before = 0;
  for (uint32_t i = 0; i < threadIdx.x; ++i) before += shared.parts[static_cast<int>(i)];
  if (before < wanted && before + mine >= wanted) {
    uint32_t id = row.begin();
    for (unsigned long long sum = before + value(id); sum < wanted; sum += value(id)) ++id;
    shared.found = id;
  }
  __syncthreads();
  const uint32_t found = shared.found;
  __syncthreads();
  return found;
}

// The fewest tokens, likeliest first, whose values reach `wanted` together; the values of equal logits are equal. Byte
// by byte of the key: sums of all that share the bytes so far, from the highest down.
template <class Value>
__device__ Kept fewest_reaching(const Row& row, SampleShared& shared, unsigned long long wanted, const Kept& among,
                                Value value) {
  uint32_t prefix = 0;
  unsigned long long above = 0;  // of keys above the prefix's
  for (int shift = 24; shift >= 0; shift -= 8) {
    for (uint32_t bin = threadIdx.x; bin < bins; bin += threads) shared.sums[static_cast<int>(bin)] = 0;
    __syncthreads();
    for (uint32_t id = threadIdx.x; id < row.vocabulary; id += threads) {
      const uint32_t key = key_of(row.logits[id]);
      const bool shares = shift == 24 || key >> (shift + 8) == prefix >> (shift + 8);
      if (shares && among.holds(key, id)) atomicAdd(&shared.sums[static_cast<int>(key >> shift & 255U)], value(id));
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      unsigned long long sum = above;
      uint32_t bin = bins - 1;
      while (bin > 0 && sum + shared.sums[static_cast<int>(bin)] < wanted) sum += shared.sums[static_cast<int>(bin--)];
      shared.found = bin;
      shared.found_sum = sum;
    }
    __syncthreads();
    prefix |= shared.found << shift;
    above = shared.found_sum;
    __syncthreads();
  }
  const uint32_t last = first_reaching(row, shared, wanted - above, [&](uint32_t id) -> unsigned long long {
    const uint32_t key = key_of(row.logits[id]);
    return key == prefix && among.holds(key, id) ? value(id) : 0;
  });
  return {prefix, last};
}

__device__ uint32_t draw(const Row& row, SampleShared& shared) {
  Kept kept;
  const SampleParameters& parameters = row.parameters;
  if (parameters.top_k != 0 && parameters.top_k < row.vocabulary) {
    kept = fewest_reaching(row, shared, parameters.top_k, kept, [](uint32_t) -> unsigned long long { return 1; });
  }
  const auto weight = [&](uint32_t id) { return row.weight(id); };
  const auto total_of = [&](unsigned long long least) {
    unsigned long long mine = 0;
    for (uint32_t id = threadIdx.x; id < row.vocabulary; id += threads) {
      if (!kept.holds(key_of(row.logits[id]), id)) continue;
      const unsigned long long one = row.weight(id);
      if (one >= least) mine += one;
    }
    return sum_of_parts(shared, mine);
  };
  if (parameters.top_p < 1) {
    const auto wanted = static_cast<unsigned long long>(ceil(parameters.top_p * static_cast<double>(total_of(0))));
    kept = fewest_reaching(row, shared, max(wanted, 1ULL), kept, weight);
  }
  const auto least = static_cast<unsigned long long>(ceil(static_cast<double>(parameters.min_p) * sample_one));
  const unsigned long long total = total_of(least);
  const auto target = min(static_cast<unsigned long long>(parameters.uniform * static_cast<double>(total)), total - 1);
  return first_reaching(row, shared, target + 1, [&](uint32_t id) -> unsigned long long {
    if (!kept.holds(key_of(row.logits[id]), id)) return 0;
    const unsigned long long one = row.weight(id);
    return one >= least ? one : 0;
  });
}

__global__ void __launch_bounds__(threads)
    sample_kernel(Global<const float> logits, uint32_t vocabulary, Global<const SampleParameters> parameters,
                  Global<uint32_t> chosen) {
  SampleShared& shared = shared_memory<SampleShared>();
  if (threadIdx.x == 0) shared.is_broken = 0;
  __syncthreads();
  Row row{logits + static_cast<size_t>(blockIdx.x) * vocabulary, vocabulary, -INFINITY, parameters[blockIdx.x]};

  // The highest logit, of equals the lowest id.
  float highest = -INFINITY;
  uint32_t best = 0;
  for (uint32_t id = threadIdx.x; id < vocabulary; id += threads) {
    const float logit = row.logits[id];
    if (isnan(logit) || logit == INFINITY) atomicAdd(&shared.is_broken, 1U);
    if (logit > highest) {
      highest = logit;
      best = id;
    }
  }
  for (int distance = 16; distance > 0; distance /= 2) {
    const float other = __shfl_xor_sync(whole_warp, highest, distance);
    const uint32_t other_best = __shfl_xor_sync(whole_warp, best, distance);
    if (other > highest || (other == highest && other_best < best)) {
      highest = other;
      best = other_best;
    }
  }
  if (threadIdx.x % 32 == 0) {
    shared.highest[static_cast<int>(threadIdx.x / 32)] = highest;
    shared.best[static_cast<int>(threadIdx.x / 32)] = best;
  }
  __syncthreads();
  highest = shared.highest[0];
  best = shared.best[0];
  for (int w = 1; w < threads / 32; ++w) {
    if (shared.highest[w] > highest || (shared.highest[w] == highest && shared.best[w] < best)) {
      highest = shared.highest[w];
      best = shared.best[w];
    }
  }
  row.highest = highest;
  if (shared.is_broken != 0 || highest == -INFINITY) {
    if (threadIdx.x == 0) chosen[blockIdx.x] = no_token;
    return;
  }
  const bool is_greedy = row.parameters.temperature == 0 || row.parameters.top_k == 1;
  const uint32_t token = is_greedy ? best : draw(row, shared);
  if (threadIdx.x == 0) chosen[blockIdx.x] = token;
}

}  // namespace

void launch_sample(Runtime& runtime, const SampleArguments& a) {
  if (a.n == 0) return;
  TIJORI_LAUNCH(sample_kernel, dim3(a.n), dim3(threads), sizeof(SampleShared), stream_of(runtime),
                Global<const float>(a.logits, size_t{a.n} * a.vocabulary), a.vocabulary,
                Global<const SampleParameters>(a.parameters, a.n), Global<uint32_t>(a.chosen, a.n));
  runtime.check_launch("sample");
}

}  // namespace tijori::cuda
