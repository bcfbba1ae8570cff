#!/bin/bash
# Builds the packages of a checkout twice, in two folders of different names, and holds them against each other and against
# lintian. Half an hour on two cores; run by hand before a release.
#
#   tests/packaging/packages.sh [TARGET…]     appliance-package unless given; `packages` adds the console, `rpm-packages`
#                                             makes those of EL 10
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=packaging/steps.sh
. "$here/packaging/steps.sh"

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# -gt 0 ] || set -- appliance-package
command -v lintian > /dev/null || die "lintian is not here"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in one another/of/them; do
  step "Building in a folder called $folder"
  mkdir -p "$work/$folder"
  (cd "$here" && git ls-files -z | xargs -0 cp --parents -t "$work/$folder")
  cmake -S "$work/$folder" --preset package > "$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
  # Nothing that was compiled before, or it would be compared with itself.
  CCACHE_DISABLE=1 cmake --build "$work/$folder/build/package" -j "$(compile_jobs)" --target "$@" > "$work/log" 2>&1 ||
    { tail -n 20 "$work/log"; exit 1; }
done

step "Comparing"
shopt -s nullglob
differing=0
for package in "$work"/one/build/package/packages/*.{deb,ddeb,rpm}; do
  name=$(basename "$package")
  if cmp "$package" "$work/another/of/them/build/package/packages/$name"; then
    say "   $(sha256sum < "$package" | cut -c1-16) $name: the same in both"
  else
    differing=$((differing + 1))
  fi
done
if [ "$differing" != 0 ]; then
  trap - EXIT
  die "   $differing packages differ; both folders are kept in $work"
fi

debs=("$work"/one/build/package/packages/*.*deb)
if [ ${#debs[@]} -gt 0 ]; then
  step "What lintian says"
  lintian --fail-on error "${debs[@]}"
fi
last_step_done
