#!/bin/bash
# Makes the offline bundle of this build and installs from it, by its install.sh, a machine that has its own systemd and no
# network: sockets, certificates, a model, chats, the log verified; reads the journal; probes each service's sandbox from
# inside; kills each process, keeps the daemon from starting, reboots, pulls the plug, upgrades by another bundle under a
# running answer, refuses a downgrade, uninstalls, purges.
#
#   tests/vm/install_test.sh [--keep] [--package FILE]
#
#   --keep          leave the machine's files in place, and say where
#   --package FILE  the package of the appliance, instead of making this build's
#
# TIJORI_BUILD_DIR is the build folder, TIJORI_DEMO_MODEL a GGUF file. Debian's packages are fetched. Ends with 77,
# and says why, where no such machine can be.
# shellcheck disable=SC2016  # what is in single quotes is for the machine
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/steps.sh
. "$here/../../packaging/steps.sh"
# shellcheck source=tests/vm/machine.sh
. "$here/machine.sh"
# shellcheck source=tests/vm/package.sh
. "$here/package.sh"

keep=no
package=
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    --package)
      [ -r "${2:-}" ] || die "--package needs a file"
      package=$(realpath "$2")
      shift
      ;;
    -h | --help)
      sed -n '2,/^# shellcheck/s/^# \{0,1\}//p' "$0" | head -n -1
      exit 0
      ;;
    *)
      say "unknown option: $1; see --help" >&2
      exit 2
      ;;
  esac
  shift
done
started=$SECONDS

skip() {
  say "skipped: $*"
  exit 77
}
build=${TIJORI_BUILD_DIR:-$here/../../build/package}
model=${TIJORI_DEMO_MODEL:-}
reason=$(machine_reason)
[ -z "$reason" ] || skip "$reason"
[ -r "$model" ] || skip "TIJORI_DEMO_MODEL names no file"
for program in cc lowdown dpkg-deb dpkg-shlibdeps dpkg-scanpackages gpg; do
  command -v "$program" > /dev/null || skip "$program is not here"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/tijori-vm.XXXXXX")
root=$work/root
finish() {
  local status=$?
  if [ "$status" != 0 ] && [ "$status" != 77 ] && [ -n "$machine_pid" ]; then
    say "   The last lines of the machine's journal:" >&2
    machine_run journalctl --no-pager -n 60 -o short-precise >&2 || true
  fi
  machine_cut || true
  if [ "$keep" = yes ]; then say "   The machine's files: $root"; else rm -rf "$work"; fi
}
trap finish EXIT

faults=0
# want WHAT COMMAND…: the command succeeds.
want() {
  local what=$1
  shift
  if "$@" > "$work/output" 2>&1; then
    say "   ok: $what"
  else
    say "   FAULT: $what"
    sed 's/^/      /' "$work/output" | head -n 40
    faults=$((faults + 1))
  fi
}
# want_text WHAT EXPECTED COMMAND…: the command prints this.
want_text() {
  local what=$1 expected=$2 got
  shift 2
  got=$("$@" 2>&1) || true
  if [ "$got" = "$expected" ]; then
    say "   ok: $what"
  else
    say "   FAULT: $what: expected \"$expected\", got \"$got\""
    faults=$((faults + 1))
  fi
}
# refused WHAT COMMAND…: the command fails.
refused() {
  local what=$1
  shift
  if "$@" > "$work/output" 2>&1; then
    say "   FAULT: $what"
    faults=$((faults + 1))
  else
    say "   ok: $what"
  fi
}
inside() { machine_run bash -euo pipefail -c "$*"; }

# bundle NAME PACKAGE: a bundle of the package and what it needs, in the machine's /media/NAME.
bundle() {
  rm -rf "$work/packages"
  mkdir "$work/packages"
  cp "$2" "$work/packages/tijori_$(dpkg-deb -f "$2" Version)_$(dpkg-deb -f "$2" Architecture).deb"
  "$here/../../packaging/bundle.sh" "$root/media/$1" --packages "$work/packages" --new-key "$work/key" --model "$work/model.gguf" \
    > "$work/bundle.log" 2>&1 || { cat "$work/bundle.log"; exit 1; }
}
# by BUNDLE ARGUMENT…: its install.sh; what it says is kept in $work/said.
by() { inside "bash /media/$1/install.sh ${*:2}" 2>&1 | tee "$work/said"; }

# repacked VERSION [SED-SCRIPT]: this build's package under another version, its preinst changed by the script.
repacked() {
  local version=$1 script=${2:-} tree=$work/repack
  rm -rf "$tree"
  dpkg-deb --raw-extract "$package" "$tree"
  sed -i "s/^Version: .*/Version: $version/" "$tree/DEBIAN/control"
  [ -z "$script" ] || sed -i "$script" "$tree/DEBIAN/preinst"
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$root/media/tijori_$version.deb" > /dev/null
}

# Files of the machine that are there, but for those that belong to the system's own bookkeeping.
files() {
  inside 'find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /media -o -path /var/log -o -path /var/cache \
    -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path "/run/systemd" -o -path "/run/udev" -o -path "/run/user" -o -path "/etc/*-" \
    -o -path /root -o -path "/var/tmp/*" -o -path "/var/lib/systemd/*" \) -prune -o -print; find /run -path /run/systemd -prune -o -name "*tijori*" -print;
    find /var/lib/systemd -name "*tijori*" -print; getent passwd; getent group' | sort -u
}

ask="curl -sS --fail-with-body --max-time 300 --unix-socket /run/tijori/api.sock --cacert /srv/front-desk/ca.crt \
 --cert /srv/front-desk/client.crt --key /srv/front-desk/client.key https://localhost/v1/chat/completions -H content-type:application/json"
question='{"messages":[{"role":"user","content":"What is the capital of India?"}],"temperature":0,"max_tokens":24}'
admin="tijori"

# Waits until the appliance is ready.
ready() { inside "for i in \$(seq 600); do $admin status 2> /dev/null | grep '^ready' > /dev/null && exit 0; sleep 0.2; done; $admin status; exit 1"; }
chats() {
  want "$1: an application is answered, by curl" inside "runuser -u www-data -- $ask -d '$question' | grep 'New Delhi' > /dev/null"
  want "$1: and by tijori chat" \
    inside "runuser -u www-data -- tijori --profile /srv/front-desk chat --temperature 0 --max-tokens 24 'What is the capital of India?' | grep . > /dev/null"
  want "$1: the log is whole" inside "$admin audit verify"
}
# Where applications and administrators connect, and nobody else.
places() {
  for unit in tijorid-api.socket tijorid-admin.socket tijori-audit.socket; do
    want_text "$1: $unit" $'active\nenabled' inside "systemctl is-active $unit; systemctl is-enabled $unit"
  done
  want_text "$1: who may connect to api.sock" "660 root:tijori-api" inside 'stat -c "%a %U:%G" /run/tijori/api.sock'
  want_text "$1: who may connect to admin.sock" "660 root:tijori-admin" inside 'stat -c "%a %U:%G" /run/tijori/admin.sock'
  want_text "$1: who may reach the inner sockets" "700 tijori:tijori" inside 'stat -c "%a %U:%G" /run/tijori/private'
  want_text "$1: whose the log's folder is" "700 tijori-audit:tijori-audit" inside 'stat -c "%a %U:%G" /var/lib/tijori/audit'
}
# The record numbers of every receipt that a client got stand for the request that the client made.
nothing_lost() {
  inside "while read -r id seq; do
      $admin audit show \$seq --json | grep \"\${id#*-}\" > /dev/null || { echo \"record \$seq is not that of \$id\"; exit 1; }
    done < /srv/acknowledged; wc -l < /srv/acknowledged; test -s /srv/acknowledged"
}

step "The packages"
if [ -z "$package" ]; then
  appliance_package "$build" "$work/built"
  package=$(ls "$work"/built/tijori_*.deb)
fi
say "   $(basename "$package"), $(($(stat -c %s "$package") / 1024)) kB"
machine_base
machine_new "$root"
ln "$model" "$work/model.gguf" 2> /dev/null || cp "$model" "$work/model.gguf"
cc -std=gnu11 -O1 -static -o "$root/media/probe" "$here/probe.c"

step "The bundle"
bundle bundle "$package"
fingerprint=$(sed -n 's/^It is signed by \(.*\)\./\1/p' "$work/bundle.log")
say "   $(du -sh "$root/media/bundle" | cut -f1), signed by $fingerprint"
machine_boot "$root"
want "the machine has no network but its own" inside '[ "$(ls /sys/class/net)" = lo ]'

step "Installing"
files > "$work/before"
want "the bundle is whole" by bundle verify --fingerprint "$fingerprint"
refused "a bundle that another key has signed is refused" by bundle install --no-ca --fingerprint "$(printf '0%.0s' {1..40})"
inside 'cp -r /media/bundle /media/changed; echo >> /media/changed/apt/Packages'
refused "a bundle that was changed is refused" by changed install --no-ca
inside 'rm -rf /media/changed'
files > "$work/after"
want "and nothing was done" cmp "$work/before" "$work/after"
want "install.sh installs the packages" by bundle install --fingerprint "$fingerprint" --no-ca --no-model
places installed
want "the settings are fine" inside 'tijorid check-config'
want "man knows the daemon" inside 'man -w tijorid tijorid.toml tijori tijori-ca tijori-engine'
refused "before there are certificates, nobody is answered" inside "curl -sS --max-time 5 -k --unix-socket /run/tijori/api.sock https://localhost/health"

step "Certificates, the first administrator, a model, an application"
inside 'umask 077; head -c 24 /dev/urandom | base64 > /srv/passphrase'
refused "install.sh asks for the passphrase, on a terminal alone" by bundle install --admin anita
want "install.sh makes the authority, enrols the administrator, adds the model, starts and tests" \
  by bundle install --passphrase-file /srv/passphrase --admin anita
sed 's/^/   | /' "$work/said"
want_text "it tested a chat, by curl too, and the log" 3 grep -cE '^   ok: (tijori chat|curl|the audit log)' "$work/said"
want "it ends with what to use next" grep '^  tijori chat' "$work/said"
want "tijorid is started with the machine" inside 'systemctl is-enabled tijorid'
want_text "the engines may read the model" "640 root:tijori-engine" inside 'stat -c "%a %U:%G" /var/lib/tijori/models/model.gguf'
want_text "nobody else the keys" "" inside 'find ~/tijori-ca ~/.config/tijori /etc/tijori/tls -name "*.key" -perm /077'
want "no key was left on its way" inside '! ls -d /etc/tijori/handover* /etc/tijori/renewed* ~/.config/tijori/.new* 2> /dev/null'
want "the appliance is ready" ready
inside 'umask 077
  cd /srv
  tijori-ca issue --ca ~/tijori-ca --passphrase-file passphrase front-desk --role application --out /srv
  mkdir front-desk
  cp ~/tijori-ca/ca.crt front-desk/
  mv front-desk.crt front-desk/client.crt
  mv front-desk.key front-desk/client.key
  chown -R www-data front-desk' > "$work/output" 2>&1 || { cat "$work/output"; exit 1; }
want "the administrator registers the application" inside "$admin clients add /srv/front-desk/client.crt"
refused "an account outside the group can't connect" inside "runuser -u www-data -- $ask -d '$question'"
want "the doctor tells it why" inside "(runuser -u www-data -- tijori doctor || true) | grep '\[not-in-group\]'"
inside 'usermod -a -G tijori-api www-data'
chats installed
want "an auditor's export is verified" inside "$admin audit trust > /srv/trust && $admin audit export /srv/log.export &&
  tijori-audit-verify /srv/log.export --trust /srv/trust | grep '^verified'"
want "the doctor finds nothing wrong, the model's digest included" inside "$admin doctor --deep"
want "and the daemon neither" inside "$admin status --json | grep '\"conditions\":\[\]'"
inside 'chmod 666 /run/tijori/api.sock'
want_text "it names a socket that is open to everybody" "1 socket-open" inside "
  ended=0; $admin doctor > /run/doctor.txt || ended=\$?
  echo \$ended \$(sed -n 's/^error \[\([a-z-]*\)\].*/\1/p' /run/doctor.txt)"
inside 'chmod 660 /run/tijori/api.sock; rm /run/doctor.txt'
want "and explains it" inside "tijori doctor --explain socket-open | grep '^    Fix'"
# A network could not be given back in a machine that has none, nor core dumps in a container that may have none.
inside 'mkdir -p /run/systemd/system/tijori-audit.service.d
  printf "[Service]\nProtectSystem=no\nCapabilityBoundingSet=CAP_KILL\n" > /run/systemd/system/tijori-audit.service.d/open.conf
  systemctl daemon-reload; systemctl restart tijori-audit'
want "it names what was taken out of a sandbox" inside '(tijori doctor || true) | tr "\n" " " |
  grep "\[sandbox-off\] tijori-audit.service .* CapabilityBoundingSet=, ProtectSystem=\."'
inside 'rm -r /run/systemd/system/tijori-audit.service.d; systemctl daemon-reload; systemctl restart tijori-audit'
want "the appliance is ready" ready
state_of() {
  inside 'find ~/tijori-ca ~/.config/tijori /etc/tijori /var/lib/tijori/models -type f -exec sha256sum {} + | sort
    systemctl show -P MainPID tijorid'
}

step "install.sh once more"
state_of > "$work/once"
want "it finds everything done" by bundle install
want "and has asked for no passphrase, installed nothing" grep "Installed already" "$work/said"
state_of > "$work/twice"
want "it changed nothing, and the daemon went on" cmp "$work/once" "$work/twice"
want "its self-test alone" by bundle self-test
inside "tijori-ca renew server --server --days 20 --ca ~/tijori-ca --passphrase-file /srv/passphrase --out /srv/short
  for name in crt key; do cat /srv/short/server.\$name > /etc/tijori/tls/server.\$name; done"
want "a daemon's certificate that is about to end is renewed" by bundle install --passphrase-file /srv/passphrase
want "and used" inside "! cmp /srv/short/server.crt /etc/tijori/tls/server.crt"
state_of > "$work/twice"
refused "which changed it" cmp "$work/once" "$work/twice"
inside "for file in /usr/bin/tijori-ca /etc/tijori/tijorid.toml /etc/tijori/tls/server.crt; do : > \$file; done"
refused "an authority whose passphrase isn't known is not used" by bundle install
want "files that a cut left empty are installed again" by bundle install --passphrase-file /srv/passphrase
want "each of them" inside "$admin status && tijori-ca --version && test -s /etc/tijori/tijorid.toml && [ -z \"\$(dpkg --verify tijori)\" ]"
for unit in tijorid tijori-audit tijori-engine@0; do
  want_text "$unit runs as its own user, with no right and no network" "$unit ok" inside "
    pid=\$(systemctl show -P MainPID $unit)
    [ \"\$(stat -c %U /proc/\$pid)\" = \"\$(systemctl show -P User $unit)\" ]
    grep -q '^CapBnd:.0000000000000000' /proc/\$pid/status
    grep -q '^Seccomp:.2' /proc/\$pid/status
    [ \"\$(grep -c : /proc/\$pid/net/dev)\" -le 1 ]
    echo $unit ok"
  want "$unit is exposed to no more than 0.5" inside "systemd-analyze security --threshold=5 --no-pager $unit"
done

step "Settings and the revocation list, taken in while it runs"
inside 'printf "[limits]\ndrain_s = 45\n" > /etc/tijori/conf.d/site.toml'
want "systemd reloads the daemon" inside 'systemctl reload tijorid'
want "the setting is in force" inside "$admin settings | grep 'drain_s.* 45 '"
want "the administrator puts a revocation list into force" inside "$admin crl ~/tijori-ca/crl.pem"

step "What the journal says"
want "systemd knows what the log lines mean" inside '[ "$(journalctl --list-catalog | grep -c " Tijori: ")" -ge 40 ]'
# An engine says nothing as long as all is well. One of another slot is started by root, whom it doesn't serve.
inside 'curl -s --max-time 20 --unix-socket /run/tijori/private/engine-1.sock http://localhost/ || true'
for program in tijorid tijori-audit tijori-engine; do
  want "every line of $program has an id" inside "
    journalctl -b -o json _COMM=$program > /run/lines.txt
    grep -q '\"MESSAGE_ID\"' /run/lines.txt
    ! grep -v '\"TIJORI_CODE\"' /run/lines.txt | grep ."
done
want "journalctl -x explains the daemon's" inside 'journalctl -b -x TIJORI_CODE=daemon-ready | grep "Subject: The daemon is ready"'
want "and the engine's, with its page" inside '
  journalctl -b -x TIJORI_CODE=peer-refused > /run/lines.txt
  grep "Subject: Somebody other than the daemon connected to an engine" /run/lines.txt
  grep "Documentation: man:tijori-engine(8)" /run/lines.txt'
inside 'systemctl stop -q tijori-engine@1 2> /dev/null'
want "no line holds what was asked or answered" inside '! journalctl -b -o cat | grep -e "capital of India" -e "New Delhi"'

step "From inside each sandbox"
# probe SERVICE OWN-FOLDER TRIED…: the unit as installed, with the probe in place of the program.
probe() {
  local service=$1 folder=$2 pid name=probe-${1%%@*}
  shift 2
  pid=$(inside 'systemctl show -P MainPID tijori-audit')
  [ "$service" != tijori-audit ] || pid=$(inside 'systemctl show -P MainPID tijorid')
  inside "install -m755 /media/probe /usr/local/lib/probe
    sed -e '/^Requires=/d; /^Wants=/d; /^After=/d; /^Restart/d; /^WatchdogSec=/d' \
      -e 's|^Type=.*|Type=oneshot\nStandardOutput=truncate:/run/probe.txt|' \
      -e 's|^ExecStart=.*|ExecStart=/usr/local/lib/probe $folder $pid $*|' \
      -e 's|^ExecPaths=|ExecPaths=/usr/local/lib/probe |' /lib/systemd/system/$service.service > /run/systemd/system/$name.service
    systemctl daemon-reload
    systemctl start $name"
  inside 'cat /run/probe.txt' > "$work/probe" 2>&1 || true
  if [ "$(tail -n 1 "$work/probe")" = looked ] && ! grep -q '^ALLOWED' "$work/probe"; then
    say "   ok: $service: $(grep -c '^refused' "$work/probe") things tried, all refused"
  else
    say "   FAULT: $service"
    grep -v '^refused' "$work/probe" | sed 's/^/      /'
    faults=$((faults + 1))
  fi
}
outside="read:/etc/shadow read:/srv/passphrase write:/etc write:/usr write:/run write:/var/lib write:/var/lib/tijori write:/root write:/srv
  connect:/run/dbus/system_bus_socket connect:/run/systemd/private"
log_file=$(inside 'find /var/lib/tijori/audit -type f | head -n 1')
# shellcheck disable=SC2086
{
  probe tijorid /var/lib/tijori/state $outside "read:$log_file" read:/var/lib/tijori/models/model.gguf write:/var/lib/tijori/models write:/etc/tijori
  probe tijori-audit /var/lib/tijori/audit $outside read:/var/lib/tijori/state/state.db read:/etc/tijori/tls/server.key \
    read:/var/lib/tijori/models/model.gguf connect:/run/tijori/api.sock connect:/run/tijori/admin.sock connect:/run/tijori/private/engine-0.sock
  probe tijori-engine@ - $outside read:/var/lib/tijori/state/state.db read:/etc/tijori/tls/server.key "read:$log_file" write:/var/lib/tijori/models \
    connect:/run/tijori/api.sock connect:/run/tijori/admin.sock connect:/run/tijori/private/audit.sock
}

step "Each process killed while applications ask"
# An application that asks without end, and keeps of each answer that it got whole the request's id and record.
cat > "$root/srv/client.sh" << CLIENT
while :; do
  : > /tmp/body.\$1
  if $ask -D /tmp/head.\$1 -o /tmp/body.\$1 -d '$question' 2> /dev/null && grep -q finish_reason /tmp/body.\$1; then
    id=\$(sed -n 's/^x-request-id: *\([^\r]*\).*/\1/pI' /tmp/head.\$1)
    seq=\$(sed -n 's/^tijori-receipt:.*"released":{[^}]*"seq":\([0-9]*\).*/\1/pI' /tmp/head.\$1)
    echo "\$id \$seq" >> /srv/acknowledged
  else
    code=\$(sed -n 's/.*"code":"\([a-z_]*\)".*/\1/p' /tmp/body.\$1)
    echo "\${code:-no answer}" >> /srv/turned-away
    sleep 0.2
  fi
done
CLIENT
inside ': > /srv/acknowledged; : > /srv/turned-away; chmod 666 /srv/acknowledged /srv/turned-away'
clients_start() { inside 'for i in 1 2; do systemd-run -q --unit=client-$i -p User=www-data bash /srv/client.sh $i; done'; }
clients_stop() { inside 'systemctl stop client-1 client-2'; }
acknowledged() { inside 'wc -l < /srv/acknowledged'; }
# more: five more answers than there were, within two minutes.
more() {
  local before waited
  before=$(acknowledged)
  for ((waited = 0; waited < 240; ++waited)); do
    [ "$(acknowledged)" -lt $((before + 5)) ] || return 0
    sleep 0.5
  done
  return 1
}
clients_start
want "applications are answered" more
for unit in tijori-engine@0 tijori-audit tijorid; do
  inside "systemctl kill -s KILL $unit"
  want "$unit comes back, and applications are answered again" more
done
inside 'systemctl kill -s STOP tijorid'
want "tijorid, when it hangs, is ended by its watchdog and comes back" more
clients_stop
want "no acknowledged record is lost" nothing_lost
say "   $(acknowledged) answers were acknowledged"
want "the log is whole" inside "$admin audit verify"

step "A daemon that can't start"
inside 'echo "nonsense = 1" > /etc/tijori/conf.d/broken.toml'
refused "a setting that nobody knows keeps it from starting" inside 'systemctl restart tijorid'
inside "systemd-run -q --unit=early -p User=www-data -p StandardOutput=truncate:/run/early.txt ${ask/ --fail-with-body/} -d '$question' -w '%{http_code}'"
want "it is tried again, each time later" inside 'for i in $(seq 240); do
    systemctl show -P StatusText tijorid | grep "waits 8 s" && break
    sleep 0.25
  done
  waits=$(journalctl -b TIJORI_CODE=start-delayed _COMM=tijorid -o cat | sed -n "s/.* waits \([0-9]*\) s$/\1/p" | tail -n 4 | tr "\n" " ")
  echo "waits: $waits"
  [ "$waits" = "1 2 4 8 " ]'
want "mended and restarted, it starts at once" inside 'rm /etc/tijori/conf.d/broken.toml
  before=$SECONDS; systemctl restart tijorid; took=$((SECONDS - before)); echo "took $took s"; [ $took -lt 6 ]'
want "who connected meanwhile is answered" inside 'for i in $(seq 240); do grep -E "(200|503)$" /run/early.txt && exit 0; sleep 0.25; done
  cat /run/early.txt; exit 1'
want "the appliance is ready" ready

step "A reboot"
machine_halt
machine_boot "$root"
want "the daemon is started" inside 'systemctl is-active tijorid'
want "the appliance is ready" ready
places rebooted
chats rebooted

step "The plug pulled while applications ask"
clients_start
want "applications are answered" more
machine_cut
machine_boot "$root"
want "the appliance is ready" ready
want "no acknowledged record is lost" nothing_lost
chats "after the cut"

step "An upgrade under a running answer"
version=$(inside "dpkg-query -W -f '\${Version}' tijori")
repacked "$version+1"
bundle newer "$root/media/tijori_$version+1.deb"
long='{"messages":[{"role":"user","content":"Write a long story about a river."}],"temperature":0,"max_tokens":400,"stream":true}'
inside "systemd-run -q --unit=long -p User=www-data -p StandardOutput=truncate:/run/long.txt -p RemainAfterExit=yes $ask -N -d '$long'"
want "an answer is under way" inside 'for i in $(seq 200); do [ "$(grep -c "^data" /run/long.txt)" -gt 3 ] && exit 0; sleep 0.1; done; exit 1'
before=$(inside 'systemctl show -P MainPID tijorid')
inside ': > /srv/turned-away'
clients_start
want "applications ask all the while" more
want "install.sh of the newer bundle upgrades" by newer install
want_text "the new version is there" "$version+1" inside "dpkg-query -W -f '\${Version}' tijori"
want "another daemon runs" inside "[ \"\$(systemctl show -P MainPID tijorid)\" != $before ]"
want "the answer that was under way came whole" inside 'tail -n 3 /run/long.txt | grep "^data: \[DONE\]" > /dev/null'
want "the applications are answered again" more
clients_stop
want "and none was cut off" inside '! grep "no answer" /srv/turned-away'
say "   turned away meanwhile, by code: $(inside 'sort /srv/turned-away | uniq -c | tr "\n" " "')"
want "the appliance is ready" ready
chats upgraded
want "no acknowledged record is lost" nothing_lost

step "A downgrade"
refused "the older bundle is not installed by mistake" by bundle install
want "and says why" grep "$version, which is older" "$work/said"
repacked "$version" 's/^knows=.*/knows=1/'
refused "a release that doesn't know the state is not installed" inside "dpkg -i /media/tijori_$version.deb"
want_text "and the one before stays" "install ok installed $version+1" inside "dpkg-query -W -f '\${Status} \${Version}' tijori"
want "and runs" inside 'systemctl is-active tijorid'

step "The key sealed"
want "systemd seals the daemon's key" inside '
  install -d -m 0755 /etc/credstore.encrypted
  systemd-creds encrypt --with-key=host --name=tls-server.key /etc/tijori/tls/server.key /etc/credstore.encrypted/tls-server.key
  chmod 0644 /etc/credstore.encrypted/tls-server.key
  shred -u /etc/tijori/tls/server.key
  systemctl restart tijorid'
want "the appliance is ready" ready
want "and says where its key is" inside "$admin status | grep 'tls-server.key: .*host'"
want "install.sh leaves it so" by newer install
want "with no other key beside it" inside '[ ! -e /etc/tijori/tls/server.key ]'
chats sealed

step "Uninstalled, then purged"
want "install.sh uninstalls" by newer uninstall
want "and says what stays" grep '/var/lib/tijori ' "$work/said"
want "state, log, settings, certificates and authority do" inside 'test -s /var/lib/tijori/state/state.db && ls /var/lib/tijori/audit | grep . > /dev/null &&
  test -s /etc/tijori/tijorid.toml && test -s /etc/tijori/conf.d/site.toml && test -s /etc/tijori/tls/ca.crt && test -s ~/tijori-ca/ca.key &&
  test -s ~/.config/tijori/client.key'
want_text "the programs don't" "" inside 'find /usr /lib -xdev -name "*tijori*"; command -v tijori tijorid || true'
want "nothing of it runs" inside '! pgrep -u tijori,tijori-audit,tijori-engine'
want "install.sh brings it back" by newer install
want "the appliance is ready" ready
chats "installed again"
refused "purge asks first" by newer purge
want "the appliance is ready" ready
want "install.sh purges it" by newer purge --yes --with-dependencies
want_text "but for the authority and the profile" ".config/tijori/client.key tijori-ca/ca.key" \
  inside 'cd; echo $(find .config tijori-ca -name "*.key" ! -path "*/issued/*" | sort)'
want "which a second purge takes" by newer purge --yes --with-ca
want_text "from root's folder too" "" inside 'find ~ -name "*tijori*"'
inside 'rm -rf /srv/* /usr/local/lib/probe /run/probe.txt /run/long.txt /run/lines.txt /run/early.txt; rmdir /etc/credstore.encrypted; systemctl reset-failed'
files > "$work/after"
want_text "nothing is left" "" comm -13 "$work/before" "$work/after"
want_text "and nothing else is gone" "" comm -23 "$work/before" "$work/after"
want "nor is a log line explained any more" inside '! journalctl --list-catalog | grep Tijori'
want "systemd knows no unit of it" inside '! systemctl list-units --all --no-legend "*tijori*" | grep . && ! systemctl list-unit-files --no-legend "*tijori*" | grep .'
machine_halt
last_step_done

say
if [ "$faults" = 0 ]; then say "All done in $((SECONDS - started)) s."; else say "$faults faults."; fi
[ "$faults" = 0 ]
