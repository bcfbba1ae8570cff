// What host_executor_test launches. Each enqueues one kernel of host_probe.cu.
#pragma once

#include "kernels/cuda/language.h"
#include "kernels/cuda/runtime.h"

namespace tijori::test {

using cuda::DeviceAddress;
using cuda::Runtime;

// out[block] is the sum of values[block * threads…], one value a thread.
void sum_by_shuffles(Runtime& runtime, DeviceAddress out, DeviceAddress values, unsigned blocks, unsigned threads);
void sum_in_shared(Runtime& runtime, DeviceAddress out, DeviceAddress values, unsigned blocks, unsigned threads);

// out[0…3]: int sum and maximum, unsigned sum and minimum; of[0]: float sum. Each thread gives its number in the grid.
void count_atomically(Runtime& runtime, DeviceAddress out, DeviceAddress of, unsigned blocks, unsigned threads);

// out[thread], in the order of the blocks: the six indices and the six sizes folded into one number.
void name_threads(Runtime& runtime, DeviceAddress out, dim3 grid, dim3 block);

// out[lane * 8…], by one warp: what shuffles, votes and votes under masks gave.
void try_warp(Runtime& runtime, DeviceAddress out);

// out[0…15]: four numbers out of shared memory at four moments: after wait<2> with three groups, after wait<1>, after
// wait<0> with a copy that no group has, after wait_all.
void copy_in_groups(Runtime& runtime, DeviceAddress out, DeviceAddress values);
void copy_and_not_wait(Runtime& runtime, DeviceAddress out, DeviceAddress values);

// d [16, 8] += a [16, 16] * b [16, 8] by mma.
void multiply(Runtime& runtime, DeviceAddress d, DeviceAddress a, DeviceAddress b);

// out[4 i…]: a + b, a - b, a * b and a * b + c of the ith half2 of each.
void half_arithmetic(Runtime& runtime, DeviceAddress out, DeviceAddress a, DeviceAddress b, DeviceAddress c,
                     unsigned count);

// out[thread] = the value of the thread before it, through shared memory, with the barrier in between or without.
void shift(Runtime& runtime, DeviceAddress out, unsigned threads, bool with_barrier);

void add_one(Runtime& runtime, DeviceAddress values, unsigned count);

// A kernel that ends the process, and one that ThreadSanitizer finds a race in, by their names in host_executor_test.
void misuse(Runtime& runtime, const char* name);
void race(Runtime& runtime, const char* name);

}  // namespace tijori::test
