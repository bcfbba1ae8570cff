#include "kernels/host/mma.h"

#include <immintrin.h>

namespace tijori::cuda::host {

namespace {

void unpack(uint32_t pair, float& low, float& high) {
  low = _cvtsh_ss(static_cast<unsigned short>(pair));
  high = _cvtsh_ss(static_cast<unsigned short>(pair >> 16));
}

}  // namespace

void multiply_tiles_of_warp(const MmaFragments (&lanes)[32]) {
  float a[16][16];
  alignas(32) float b[16][8], d[16][8];
  for (unsigned lane = 0; lane < 32; ++lane) {
    const MmaFragments& part = lanes[lane];
    const unsigned group = lane / 4, pair = lane % 4 * 2;
    unpack(part.a[0], a[group][pair], a[group][pair + 1]);
    unpack(part.a[1], a[group + 8][pair], a[group + 8][pair + 1]);
    unpack(part.a[2], a[group][pair + 8], a[group][pair + 9]);
    unpack(part.a[3], a[group + 8][pair + 8], a[group + 8][pair + 9]);
    unpack(part.b[0], b[pair][group], b[pair + 1][group]);
    unpack(part.b[1], b[pair + 8][group], b[pair + 9][group]);
    d[group][pair] = part.d[0];
    d[group][pair + 1] = part.d[1];
    d[group + 8][pair] = part.d[2];
    d[group + 8][pair + 1] = part.d[3];
  }
  for (unsigned row = 0; row < 16; ++row) {
    __m256 sum = _mm256_load_ps(d[row]);
    for (unsigned k = 0; k < 16; ++k)
      sum = _mm256_add_ps(sum, _mm256_mul_ps(_mm256_set1_ps(a[row][k]), _mm256_load_ps(b[k])));
    _mm256_store_ps(d[row], sum);
  }
  for (unsigned lane = 0; lane < 32; ++lane) {
    const unsigned group = lane / 4, pair = lane % 4 * 2;
    float* out = lanes[lane].d;
    out[0] = d[group][pair];
    out[1] = d[group][pair + 1];
    out[2] = d[group + 8][pair];
    out[3] = d[group + 8][pair + 1];
  }
}

}  // namespace tijori::cuda::host
