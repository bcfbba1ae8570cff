#!/bin/bash
# Runs in a machine: applications that ask without end. What each got whole is told at once, a line each on standard error:
# "answered REQUEST RECEIPT", the receipt as it came; what it didn't get, "turned away CODE".
#
#   asking.sh PROFILE APPLICATIONS
set -uo pipefail
profile=$1
folder=${RUNTIME_DIRECTORY:?}
address=https://localhost/v1/chat/completions
question='{"messages":[{"role":"user","content":"What is the capital of India?"}],"temperature":0,"max_tokens":6'
curl=(curl -sS --max-time 120 --unix-socket /run/tijori/api.sock --cacert "$profile/ca.crt" --cert "$profile/client.crt"
  --key "$profile/client.key" -H content-type:application/json)

# Answers in one piece, many on one connection: curl tells of each as it ends, before the next is asked for.
whole() {
  while :; do
    "${curl[@]}" --no-progress-meter -o "$folder/$1.#1" -d "$question}" "$address#[1-40]" \
      -w '%{stderr}%{http_code} %header{x-request-id} %header{tijori-receipt}\n' 2>&1 |
      sed -u 's/^200 /answered /; t; s/^/turned away /' >&2
    sleep 0.2
  done
}
# Streams: the receipt comes behind the answer, just before its end.
streamed() {
  local got=$folder/$1
  while :; do
    : > "$got.body"
    if "${curl[@]}" --fail -N -D "$got.head" -o "$got.body" -d "$question,\"stream\":true}" "$address" 2> "$got.error" &&
      [ "$(tail -n 2 "$got.body" | head -n 1)" = 'data: [DONE]' ]; then
      printf 'answered %s %s\n' "$(sed -n 's/^x-request-id: *\([^\r]*\).*/\1/pI' "$got.head")" \
        "$(sed -n 's/^: tijori-receipt //p' "$got.body")" >&2
    else
      printf 'turned away %s\n' "$(head -c 100 "$got.error" | tr '\n' ' ')" >&2
      sleep 0.2
    fi
  done
}
# Whatever an earlier cut left of a line ends here.
echo >&2
for ((number = 1; number < $2; ++number)); do whole "$number" & done
streamed "$2" &
wait
