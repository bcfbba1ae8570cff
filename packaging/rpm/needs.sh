#!/bin/bash
# Prints what packages need of the system that they are installed on: what an RPM site's own repositories have to provide,
# one requirement a line. What the packages named give each other is left out.
#
#   packaging/rpm/needs.sh PACKAGE.rpm…
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# -gt 0 ] || { echo "needs.sh: expected PACKAGE.rpm…" >&2; exit 2; }

given=$(mktemp)
trap 'rm -f "$given"' EXIT
rpm -qp --provides "$@" | sort -u > "$given"
# rpm's own abilities are no packages.
rpm -qp --requires "$@" | sed 's/ *$//' | grep -vE '^(rpmlib|config)\(|^rtld\(' | sort -u | grep -vxF -f "$given"
