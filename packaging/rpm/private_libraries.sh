#!/bin/bash
# Collects the shared libraries that programs need and a target system lacks: what is not in the list of what the target
# provides, and what those libraries need in turn. Fails, naming program and symbol version, where a library that the target
# has would have to be newer there.
#
#   packaging/rpm/private_libraries.sh [--into FOLDER] FLOOR PROGRAM…
#
#   FLOOR          what the target provides, one of rpm's names a line: libc.so.6(GLIBC_2.34)(64bit)
#   --into FOLDER  leaves in it lib/ with the libraries, libraries with a line for each (name, Debian package, version) and
#                  notices with their licences; without it only the names are printed
set -euo pipefail
export LC_ALL=C.UTF-8

into=
while [ $# -gt 0 ]; do
  case $1 in
    --into)
      into=$2
      shift
      ;;
    -h | --help)
      sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 1 ] || { echo "private_libraries.sh: expected FLOOR PROGRAM…" >&2; exit 2; }
floor=$1
shift

# needs_of FILE: what the file needs, as rpm calls it; a library by its name, then each symbol version.
needs_of() {
  objdump -p "$1" | awk '
    $1 == "NEEDED" { print $2 "()(64bit)" }
    /^Version References:/ { inside = 1; next }
    inside && /^  required from/ { from = $3; sub(/:$/, "", from); next }
    inside && NF == 4 { print from "(" $4 ")(64bit)" }'
}
declare -A provided=()
while read -r line; do [ -z "$line" ] || provided[$line]=yes; done < "$floor"

declare -A library_at=()  # private ones: name to file
faults=0
files=("$@")
while [ ${#files[@]} -gt 0 ]; do
  file=${files[0]}
  files=("${files[@]:1}")
  while read -r need; do
    name=${need%%(*}
    if [ -n "${provided["$name()(64bit)"]:-}" ]; then
      if [ -z "${provided[$need]:-}" ]; then
        echo "private_libraries.sh: $file needs $need, which $floor does not list" >&2
        faults=$((faults + 1))
      fi
      continue
    fi
    [ -z "${library_at[$name]:-}" ] || continue
    found=$(ldd "$file" | awk -v name="$name" '$1 == name && $2 == "=>" { print $3 }')
    [ -e "$found" ] || { echo "private_libraries.sh: $file needs $name, which is not here" >&2; exit 1; }
    library_at[$name]=$(realpath "$found")
    files+=("${library_at[$name]}")
  done < <(needs_of "$file")
done
[ "$faults" = 0 ] || exit 1

names=()
[ ${#library_at[@]} = 0 ] || mapfile -t names < <(printf '%s\n' "${!library_at[@]}" | sort)
if [ -z "$into" ]; then
  [ ${#names[@]} = 0 ] || printf '%s\n' "${names[@]}"
  exit 0
fi

rm -rf "$into"
mkdir -p "$into/lib"
: > "$into/libraries"
declare -A noticed=()
for name in "${names[@]}"; do
  install -m 755 "${library_at[$name]}" "$into/lib/$name"
  owner=$(dpkg-query -S "${library_at[$name]}" | head -n 1 | cut -d: -f1)
  version=$(dpkg-query -W -f='${Version}' "$owner")
  printf '%s %s %s\n' "$name" "$owner" "$version" >> "$into/libraries"
  [ -z "${noticed[$owner]:-}" ] || continue
  noticed[$owner]=yes
  printf '%s %s\n%s\n\n' "$owner" "$version" "$(printf '=%.0s' {1..78})"
  cat "/usr/share/doc/$owner/copyright"
  printf '\n\n'
done > "$into/notices"
