#!/bin/bash
# Moves the debug symbols of every program below a folder to where debuggers look for them: usr/lib/debug/.build-id of it.
# Prints what it made, as the list of files of a spec names it.
#
#   packaging/rpm/split_symbols.sh FOLDER PROGRAM…      each PROGRAM as it lies below FOLDER: usr/bin/tijori
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# -gt 1 ] || { echo "split_symbols.sh: expected FOLDER PROGRAM…" >&2; exit 2; }
cd "$1"
shift
for program in "$@"; do
  id=$(readelf -n "$program" | sed -n 's/^ *Build ID: //p')
  [ -n "$id" ] || { echo "split_symbols.sh: $program has no build id" >&2; exit 1; }
  symbols=usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug
  mkdir -p "$(dirname "$symbols")" "usr/lib/debug/$(dirname "$program")"
  objcopy --only-keep-debug --compress-debug-sections "$program" "$symbols"
  chmod 644 "$symbols"
  # Under the program's own name too, which is what one looks for with open eyes.
  ln -sfr "$symbols" "usr/lib/debug/$program.debug"
  strip --strip-unneeded "$program"
  printf '%s\n' "%dir /usr/lib/debug/.build-id/${id:0:2}" "/$symbols" "/usr/lib/debug/$program.debug"
done
