#!/bin/bash
# Runs in a machine: applications that ask without end. What each got whole is told on standard output as soon as it has it, a
# line each: "answered REQUEST RECEIPT", the receipt as it came; what it didn't get, "turned away CODE".
#
#   asking.sh PROFILE APPLICATIONS
set -uo pipefail
profile=$1
folder=${RUNTIME_DIRECTORY:?}

ask() {
  curl -sS --fail-with-body --max-time 120 --unix-socket /run/tijori/api.sock --cacert "$profile/ca.crt" --cert "$profile/client.crt" \
    --key "$profile/client.key" https://localhost/v1/chat/completions -H content-type:application/json -D "$1.head" -o "$1.body" \
    -d "{\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of India?\"}],\"temperature\":0,\"max_tokens\":6,\"stream\":$2}" 2> "$1.error"
}
# The receipt of a stream comes behind the answer, just before its end.
receipt() {
  if [ "$2" = true ]; then
    grep -q '^data: \[DONE\]' "$1.body" && sed -n 's/^: tijori-receipt //p' "$1.body"
  else
    grep -q '"finish_reason"' "$1.body" && sed -n 's/^tijori-receipt: *\([^\r]*\).*/\1/pI' "$1.head"
  fi
}
application() {
  local files=$folder/$1 stream=false kept
  while :; do
    : > "$files.body"
    if ask "$files" "$stream" && kept=$(receipt "$files" "$stream") && [ -n "$kept" ]; then
      printf 'answered %s %s\n' "$(sed -n 's/^x-request-id: *\([^\r]*\).*/\1/pI' "$files.head")" "$kept"
    else
      printf 'turned away %s\n' "$(grep -o '"code":"[a-z_]*"' "$files.body" || head -c 100 "$files.error" | tr '\n' ' ')"
      sleep 0.3
    fi
    if [ "$stream" = true ]; then stream=false; else stream=true; fi
  done
}
# Whatever an earlier cut left of a line ends here.
echo
for ((number = 1; number <= $2; ++number)); do application "$number" & done
wait
