#!/bin/bash
# Runs nvcc and keeps what ptxas reports in a file beside the object; prints everything else.
set -uo pipefail
object=
for ((i = 1; i < $#; ++i)); do
  if [ "${!i}" = -o ]; then
    next=$((i + 1))
    object=${!next}
  fi
done
exec 3>&1
report=$("$@" 2>&1 1>&3)
status=$?
is_report='^ptxas info|^ *[0-9]+ bytes stack frame|^ptxas .*(Compile time|Used )'
[ -z "$object" ] || grep -E "$is_report" <<< "$report" > "$object.ptxas" || true
grep -vE "$is_report" <<< "$report" | grep -v '^$' >&2 || true
exit "$status"
