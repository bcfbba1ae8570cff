#!/bin/bash
# Makes the source package: the sources of a checkout, or of the archive that such a package holds, and their spec file.
#
#   packaging/rpm/source.sh SPEC OUT [SOURCES]      OUT is a folder; SOURCES the checkout that this script lies in
#
# SOURCE_DATE_EPOCH is the time of everything in it. The same sources give the same package, wherever they lie.
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# -ge 2 ] || { echo "source.sh: expected SPEC OUT" >&2; exit 2; }
[ -n "${SOURCE_DATE_EPOCH:-}" ] || { echo "source.sh: SOURCE_DATE_EPOCH is not set" >&2; exit 2; }
spec=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "${3:-$(dirname "$0")/../..}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

# What a checkout's own git tracks; in an extracted archive there is no git, and everything but the build belongs to it.
files() {
  if [ "$(git rev-parse --show-toplevel 2> /dev/null)" = "$(pwd -P)" ]; then
    git ls-files -z
  else
    find . \( -path ./build -o -path ./.git \) -prune -o ! -type d -printf '%P\0'
  fi
}

archive=$(rpmspec -q --srpm --qf '%{name}-%{version}' "$spec")
mkdir -p "$work/SOURCES" "$work/SPECS"
files | sort -z | tar --create --no-recursion --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" \
  --format=gnu --transform="s,^,$archive/,S" --null --files-from=- |
  gzip -9n > "$work/SOURCES/$archive.tar.gz"
install -m 644 "$spec" "$work/SPECS/tijori.spec"
find "$work" -type f -exec chmod 644 {} + -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
# rpm writes the spec into the package with every macro replaced: a path in it would tell where this was done.
cd "$work"
rpmbuild --quiet -bs --define '_topdir .' --define "_srcrpmdir $out" --define "dist ${DIST:-%nil}" --target x86_64 \
  SPECS/tijori.spec > /dev/null
