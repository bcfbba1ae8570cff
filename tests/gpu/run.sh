#!/bin/bash
# The checks that need a GPU, in one command and under ten minutes: every kernel test, the golden models, and the speed table.
#
#   tests/gpu/run.sh              builds what is missing, and runs
#   tests/gpu/run.sh --pack       builds only, into build/gpu: a folder that brings all it needs but NVIDIA's driver, to be
#                                 taken to a machine with a GPU and nothing else; there, run.sh of that folder runs it
#   --golden DIR                  the golden models (default: where tests/support/golden.h looks for them)
#
# Ends with 77, and says why, where there is no GPU.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)

pack_only=no
golden=
while [ $# -gt 0 ]; do
  case $1 in
    --pack) pack_only=yes ;;
    --golden)
      golden=$(realpath "${2:?--golden needs a folder}")
      shift
      ;;
    -h | --help)
      sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | head -n -1
      exit 0
      ;;
    *)
      echo "unknown option: $1; see --help" >&2
      exit 2
      ;;
  esac
  shift
done
tests=(kernels_cuda_rows_test kernels_cuda_product_test kernels_cuda_routing_test kernels_cuda_attention_test
  kernels_cuda_sampling_test model_test golden_test)

pack() {
  local root=$here/../.. program
  # shellcheck source=packaging/steps.sh
  . "$root/packaging/steps.sh"
  cd "$root"
  local build=build/dev packed=build/gpu
  command -v nvcc > /dev/null || { echo "skipped: there is no nvcc here to build for a GPU"; exit 77; }
  build dev tijori-cuda tijori-engine cuda_bench "${tests[@]}"
  rm -rf "$packed"
  mkdir -p "$packed/bin" "$packed/lib"
  cp "$build"/bin/{libtijori-cuda.so,tijori-engine} "$packed/bin/"
  for program in "${tests[@]}" cuda_bench; do cp "$build/tests/$program" "$packed/bin/"; done
  strip "$packed"/bin/*
  # With a loader of its own it doesn't matter how old the system is over there.
  for program in "$packed"/bin/*; do ldd "$program"; done | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u |
    xargs cp -L -t "$packed/lib"
  cp -L /lib64/ld-linux-x86-64.so.2 "$packed/bin/"
  golden=${golden:-$(realpath -q "$root/../shared/golden" || true)}
  if [ -d "$golden" ]; then
    mkdir "$packed/golden"
    find "$golden" -maxdepth 1 \( -name '*.gguf' -o -name '*.tokens' -o -name '*.f32' \) ! -name 'scout-8k*' -exec cp -t "$packed/golden" {} +
  fi
  [ ! -f build/demo/smollm2.gguf ] || cp build/demo/smollm2.gguf "$packed/demo.gguf"
  cp "$here/run.sh" "$packed/"
  echo "$packed: $(du -sh "$packed" | cut -f 1)"
}

# In a packed folder there is nothing to build.
if [ -d "$here/bin" ]; then
  packed=$here
else
  pack
  packed=$(cd "$here/../.." && pwd)/build/gpu
fi
[ "$pack_only" = no ] || exit 0

# The driver's library is the machine's own.
libraries=$packed/lib:/usr/lib/x86_64-linux-gnu:/usr/lib64:/usr/local/cuda/lib64:/usr/local/nvidia/lib64
with_libraries() {
  local program=$1
  shift
  "$packed/bin/ld-linux-x86-64.so.2" --library-path "$libraries" "$packed/bin/$program" "$@"
}
export TIJORI_CUDA_PLUGIN=$packed/bin/libtijori-cuda.so TIJORI_TEST_BACKEND=cuda TIJORI_GOLDEN_DIR=${golden:-$packed/golden}
started=$SECONDS
failed=0

with_libraries cuda_bench > "$packed/speed.md" || { status=$?; cat "$packed/speed.md"; exit "$status"; }
for program in "${tests[@]}"; do
  since=$SECONDS
  if with_libraries "$program" > "$packed/$program.log" 2>&1; then
    echo "$program: passed, $((SECONDS - since)) s: $(grep '^Totals' "$packed/$program.log")"
  else
    failed=$((failed + 1))
    grep -A 3 '^FAIL' "$packed/$program.log" | head -n 40 || tail -n 20 "$packed/$program.log"
    echo "$program: FAILED, $((SECONDS - since)) s; $packed/$program.log"
  fi
done
if command -v compute-sanitizer > /dev/null; then
  for tool in memcheck racecheck synccheck; do
    if TIJORI_CUDA_SMALL=1 timeout 120 compute-sanitizer --tool "$tool" --error-exitcode 1 \
      "$packed/bin/ld-linux-x86-64.so.2" --library-path "$libraries" "$packed/bin/kernels_cuda_attention_test" \
      > "$packed/$tool.log" 2>&1; then
      echo "compute-sanitizer $tool: clean"
    else
      failed=$((failed + 1))
      echo "compute-sanitizer $tool: see $packed/$tool.log"
    fi
  done
else
  echo "compute-sanitizer is not here"
fi
cat "$packed/speed.md"
if [ -f "$packed/demo.gguf" ]; then
  with_libraries tijori-engine bench "$packed/demo.gguf" --backend cuda --kv f16 || failed=$((failed + 1))
fi
echo "$failed failed, $((SECONDS - started)) s"
[ "$failed" = 0 ]
