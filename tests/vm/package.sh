# The appliance's package, of a build folder. To be sourced by bash with `set -euo pipefail`, after packaging/steps.sh.
# shellcheck shell=bash

# appliance_package BUILD OUT: into the folder OUT, without the debug symbols, which take minutes to pack.
appliance_package() (
  local build=$1 out=$2
  mkdir -p "$out"
  if ! { cmake --build "$build" -j "$(compile_jobs)" --target appliance && cd "$build" &&
    cpack -G DEB -B "$out" -D "CPACK_COMPONENTS_ALL=appliance;appliance_deb" -D CPACK_DEBIAN_DEBUGINFO_PACKAGE=OFF -D CPACK_STRIP_FILES=ON; } \
    > "$out.log" 2>&1; then
    tail -n 20 "$out.log"
    return 1
  fi
)
