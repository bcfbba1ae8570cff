#!/bin/bash
# Pulls the plug at random moments of a running load, of an upgrade and of an installation, each time on a machine that has its
# own systemd and no network. What clients had been told by then is known outside the machine; after each boot every record
# of it has to be in the log, the log has to be whole, and install.sh, run again, has to end in an appliance that answers.
#
#   tests/vm/power_test.sh [OPTION…]
#
#   --backend qemu     a cut loses what was written and not synced, as in a power cut; half a minute a boot (default)
#   --backend nspawn   all processes die at once, the files stay; seconds a boot
#   --cuts N           how many (default 20)
#   --phases LIST      of load, upgrade and install, in turn (default load,upgrade,install; under nspawn load)
#   --repair-every N   after a cut of the load, install.sh is run again every Nth time (default 1; under nspawn 10)
#   --seed N           the random moments of an earlier run
#   --bundle DIR       a bundle that is there, instead of making one of this build's package and a tiny model
#   --unsynced         the log's syncs do nothing: whether cuts lose records then, and this test sees it (qemu, load)
#   --keep             leave the machines' files in place, and say where
#
# TIJORI_BUILD_DIR is the build folder. Ends with 77, and says why, where no such machine can be.
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

backend=qemu
cuts=20
phases=
repair_every=
seed=$(($(od -An -N2 -tu2 /dev/urandom)))
bundle=
unsynced=no
keep=no
while [ $# -gt 0 ]; do
  case $1 in
    --backend | --cuts | --phases | --repair-every | --seed | --bundle)
      [ -n "${2:-}" ] || die "$1 needs a value; see --help"
      case $1 in
        --backend) backend=$2 ;;
        --cuts) cuts=$2 ;;
        --phases) phases=$2 ;;
        --repair-every) repair_every=$2 ;;
        --seed) seed=$2 ;;
        --bundle) bundle=$(realpath "$2") ;;
      esac
      shift
      ;;
    --unsynced) unsynced=yes ;;
    --keep) keep=yes ;;
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
if [ "$unsynced" = yes ]; then
  [ "$backend" = qemu ] || die "--unsynced is for --backend qemu: under nspawn nothing that was written is lost"
  phases=load
  command -v cc > /dev/null || die "--unsynced needs cc"
fi
case $backend in
  nspawn)
    load_ms=4000 patience=120
    phases=${phases:-load}
    repair_every=${repair_every:-10}
    ;;
  qemu)
    load_ms=20000 patience=1200
    phases=${phases:-load,upgrade,install}
    repair_every=${repair_every:-1}
    # shellcheck source=tests/vm/machine_qemu.sh
    . "$here/machine_qemu.sh"
    ;;
  *) die "--backend $backend: qemu or nspawn" ;;
esac
IFS=, read -r -a phase_list <<< "$phases"
for phase in "${phase_list[@]}"; do
  case $phase in load | upgrade | install) ;; *) die "--phases: no phase \"$phase\"" ;; esac
done
[[ $cuts =~ ^[1-9][0-9]*$ && $repair_every =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] || die "--cuts, --repair-every and --seed are numbers"
started=$SECONDS

skip() {
  say "skipped: $*"
  exit 77
}
build=${TIJORI_BUILD_DIR:-$here/../../build/package}
reason=$(machine_reason)
[ -z "$reason" ] || skip "$reason"
[ -n "$bundle" ] || [ -e "$build/CMakeCache.txt" ] || skip "there is neither a bundle nor the build folder $build"
for program in dpkg-deb dpkg-shlibdeps dpkg-scanpackages gpg lowdown python3; do
  command -v "$program" > /dev/null || skip "$program is not here"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/tijori-power.XXXXXX")
main=$work/main
fresh=$work/fresh
carried=$work/media
results=$work/results
finish() {
  local status=$?
  if [ "$status" != 0 ] && [ "$status" != 77 ] && [ -n "$machine_pid" ]; then
    say "   The last lines of the machine's journal:" >&2
    machine_run journalctl --no-pager -n 60 -o short-precise >&2 || true
  fi
  machine_cut || true
  if [ "$keep" = yes ]; then say "   The machines' files: $work"; else rm -rf "$work"; fi
}
trap finish EXIT

RANDOM=$seed
# Milliseconds below the limit, into $moment.
choose_moment() { moment=$(((RANDOM * 32768 + RANDOM) % $1)); }
pause() { sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }
now_ms() { date +%s%3N; }

inside() { machine_run bash -euo pipefail -c "$*"; }
admin=tijori
installer="bash /media/bundle/install.sh install --passphrase-file /media/passphrase --admin anita"

verdict=      # of the cut under way: what is wrong, a sentence each
fault() {
  verdict+="${verdict:+; }$1"
  say "   FAULT: $1"
  [ ! -s "$work/output" ] || tail -n 15 "$work/output" | sed 's/^/      /'
}
# want WHAT COMMAND…: the command succeeds.
want() {
  local what=$1
  shift
  "$@" > "$work/output" 2>&1 || fault "$what"
}
ready() { inside "for i in \$(seq $((patience * 2))); do $admin status 2> /dev/null | grep -q '^ready' && exit 0; sleep 0.5; done; $admin status; exit 1"; }

# Services of the machine's own: they go on while this script waits for the moment.
asking_start() {
  inside "systemctl reset-failed asking 2> /dev/null || true
    systemd-run -q --unit=asking -p RuntimeDirectory=asking -p StandardError=append:$(machine_port acknowledged) bash /media/asking.sh \$HOME/.config/tijori 3"
}
# What the disk has of a file that nobody syncs, beside what was told of it: how much a cut loses.
canary_start() {
  inside "systemd-run -q --unit=canary -p StandardOutput=append:$(machine_port canary) \
    bash -c 'echo; for ((i = 0; ; ++i)); do echo $1.\$i >> /srv/unsynced; echo $1.\$i; sleep 0.2; done'"
}
installer_start() {
  inside "systemctl reset-failed installer 2> /dev/null || true
    systemd-run -q --unit=installer -p StandardOutput=append:$(machine_port told) -p StandardError=append:$(machine_port told) \
      bash -c 'echo; echo \"= cut $1\"; $installer && echo \"= done $1\"'"
}
told() { tail -c 4000 "$(machine_heard "$1" told)" | tr -d '\r' | grep -v '^ *$' | tail -n 1 | sed 's/^ *//' | cut -c 1-60; }
ended() { grep -q "^= done $2\$" "$(machine_heard "$1" told)" 2> /dev/null; }

# Until the moment has come, or the installer of this cut has ended; $moment is when that was.
await_moment() {
  local folder=$1 begun
  begun=$(now_ms)
  while [ $(($(now_ms) - begun)) -lt "$moment" ]; do
    sleep 0.1
    if ended "$folder" "$number"; then break; fi
  done
  moment=$(($(now_ms) - begun))
}

# lost_canary FOLDER: lines of the last cut's unsynced file that are gone.
lost_canary() {
  local last kept
  last=$(grep -a "^$2\." "$(machine_heard "$1" canary)" 2> /dev/null | tail -n 1 | cut -d. -f2) || true
  kept=$(inside "grep -a '^$2\.' /srv/unsynced 2> /dev/null | tail -n 1" | cut -d. -f2) || true
  echo $((${last:-0} - ${kept:--1}))
}

# All records from number $1 on, newest pages first, as files in $work/pages.
fetch_records() {
  local from=$1 before="" page=0 lowest
  rm -rf "$work/pages"
  mkdir "$work/pages"
  while :; do
    inside "$admin audit list --json --limit 1000 ${before:+--before $before}" > "$work/pages/$page.json" || return 1
    lowest=$(python3 -c 'import json, sys; seqs = [r["seq"] for r in json.load(open(sys.argv[1]))["records"]]; print(min(seqs, default=0), max(seqs, default=0))' "$work/pages/$page.json")
    [ "$page" != 0 ] || newest=${lowest#* }
    lowest=${lowest% *}
    [ "$lowest" -gt "$from" ] || return 0
    before=$lowest
    page=$((page + 1))
  done
}
seen_record=0   # up to where records were looked at, and lines of what was told
seen_line=0
newest=0
found=0
acknowledged=0
# held FROM-RECORD FROM-LINE
held() {
  local lines counts
  found=- acknowledged=-
  fetch_records "$1" > "$work/output" 2>&1 || { fault "the records can't be listed"; return; }
  counts=$(python3 "$here/held.py" --from-line "$2" "$(machine_heard "$main" acknowledged)" "$work"/pages/*.json 2> "$work/output") ||
    fault "an acknowledged record is lost"
  read -r found acknowledged lines <<< "$counts"
  [ -n "$lines" ] || return 0
  seen_line=$lines
  seen_record=$newest
}

# The log is whole, continues what it promised before, and every request in it has an end.
log_whole() {
  local trusted=
  want "tijori audit verify" inside "$admin audit verify"
  [ ! -s "$work/trust" ] || trusted="--trust /run/trust"
  want "an export is verified" inside "
    [ -z '$trusted' ] || base64 -d <<< '$(base64 -w 0 "$work/trust" 2> /dev/null)' > /run/trust
    rm -f /srv/log.export
    $admin audit export /srv/log.export > /dev/null
    tijori-audit-verify /srv/log.export $trusted --json > /run/report || [ \$? = 6 ]
    cat /run/report
    grep -q '\"requests_unfinished\":0' /run/report"
}
keep_trust() {
  if inside "$admin audit trust" > "$work/trust.new" 2> "$work/output"; then mv "$work/trust.new" "$work/trust"; else fault "no trust file"; fi
}

# Files of ours that a cut left empty, and files of the package that aren't as packed.
files_whole() {
  want "a file is empty" inside 'empty=$(find /etc/tijori /var/lib/tijori $HOME/tijori-ca $HOME/.config/tijori -type f -size 0 \
      ! -name "*.lock" ! -name lock ! -name "*-wal")
    [ -z "$empty" ] || { echo "$empty"; exit 1; }'
  # A setting that was changed is no damage.
  want "a file isn't as packed" inside 'changed=$(dpkg --verify tijori | grep -v "^??5?????? c ") || true
    [ -z "$changed" ] || { echo "$changed"; exit 1; }'
}

# again: install.sh once more, then everything works.
again() {
  want "install.sh, run again, doesn't end well" inside "$installer"
  want "the appliance isn't ready after install.sh" ready
  want "nobody is answered after install.sh" inside "$admin chat --temperature 0 --max-tokens 4 'Hello' | grep ."
  files_whole
}

number=0
# row PHASE MOMENT DOING LOST: a line of the table.
row() {
  local line
  line=$(printf '%3d  %-8s %6d.%01d  %9s %6s %7s  %-9s %s' "$number" "$1" $(($2 / 1000)) $(($2 % 1000 / 100)) "$acknowledged" "$found" "$4" \
    "${verdict:+FAULT}" "$3${verdict:+; $verdict}")
  echo "$line" >> "$results"
  say "  $line"
  [ -z "$verdict" ] || faults=$((faults + 1))
}
header='cut  phase     seconds  acknowl.  found  lost ⁽¹⁾ verdict   what was going on'
faults=0
canaries=0

step "The bundle, and a machine ($backend, seed $seed)"
machine_base
if [ -z "$bundle" ]; then
  bundle=$work/bundle
  appliance_package "$build" "$work/packages"
  cmake --build "$build" --target tiny_model > "$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; exit 1; }
  "$build/tests/tiny_model" "$work/tiny.gguf"
  "$here/../../packaging/bundle.sh" "$bundle" --new-key "$work/key" --model "$work/tiny.gguf" --packages "$work/packages" \
    > "$work/bundle.log" 2>&1 || { tail -n 20 "$work/bundle.log"; exit 1; }
fi
package=$(find "$bundle" -name 'tijori_*.deb')
mkdir "$carried"
cp -r "$bundle" "$carried/bundle"
cp "$here/asking.sh" "$carried/"
head -c 24 /dev/urandom | base64 > "$carried/passphrase"
if [ "$unsynced" = yes ]; then
  cc -shared -fPIC -x c -o "$carried/unsynced.so" - <<< 'int fsync(int fd) { (void)fd; return 0; } int fdatasync(int fd) { (void)fd; return 0; }'
fi
# The release before, to upgrade from.
dpkg-deb --raw-extract "$package" "$work/before"
sed -i 's/^Version: .*/&~before/' "$work/before/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/before" "$carried/before.deb" > /dev/null
rm -rf "$work/before"
say "   $(basename "$package"), $(($(stat -c %s "$package") / 1024)) kB; the bundle has $(($(du -sk "$bundle" | cut -f 1) / 1024)) MB"

step "An installation that nobody disturbs"
machine_new "$main"
machine_media "$main" "$carried"
: > "$(machine_heard "$main" acknowledged)"
machine_boot "$main"
want "the machine has no network but its own" inside '[ "$(ls /sys/class/net)" = lo ]'
installing=$(now_ms)
want "install.sh" inside "$installer"
install_ms=$(($(now_ms) - installing))
upgrade_ms=$install_ms
again
keep_trust
say "   install.sh took $((install_ms / 1000)) s"
[ -z "$verdict" ] || die "   Nothing is cut before that works."
if [ "$unsynced" = yes ]; then
  inside '# Where the unit may execute what it maps.
    library=/usr/lib/$(uname -m)-linux-gnu/unsynced.so
    install -m 755 /media/unsynced.so $library
    mkdir -p /etc/systemd/system/tijori-audit.service.d
    printf "[Service]\nEnvironment=LD_PRELOAD=$library\n" > /etc/systemd/system/tijori-audit.service.d/unsynced.conf
    systemctl daemon-reload
    systemctl restart tijori-audit
    grep -q "r-xp.*unsynced.so" /proc/$(systemctl show -P MainPID tijori-audit)/maps
    sync'
fi

# Until the next answer is acknowledged: the moment at which a record that isn't on the disk yet is missed.
await_answer() {
  local told waited
  told=$(grep -c '^answered' "$(machine_heard "$main" acknowledged)") || true
  for ((waited = 0; waited < 1200; ++waited)); do
    if [ "$(grep -c '^answered' "$(machine_heard "$main" acknowledged)")" -gt "$told" ]; then return; fi
    sleep 0.05
  done
}

cut_load() {
  local begun
  asking_start
  canary_start "$number"
  choose_moment "$load_ms"
  begun=$(now_ms)
  pause "$moment"
  doing="applications asked"
  if [ $((number % 2)) = 0 ] || [ "$unsynced" = yes ]; then
    await_answer
    doing="an answer had come"
  fi
  machine_cut
  moment=$(($(now_ms) - begun))
  machine_boot "$main"
  want "it doesn't come back without help" ready
  lost=$(lost_canary "$main" "$number")
  held "$seen_record" "$seen_line"
  log_whole
  if [ $((number % repair_every)) = 0 ]; then again; fi
}

cut_upgrade() {
  want "the release before can't be installed" inside 'dpkg -i /media/before.deb'
  want "the release before isn't ready" ready
  asking_start
  canary_start "$number"
  choose_moment "$upgrade_ms"
  installer_start "$number"
  await_moment "$main"
  doing=$(told "$main")
  machine_cut
  if ended "$main" "$number"; then upgrade_ms=$moment; fi
  machine_boot "$main"
  lost=$(lost_canary "$main" "$number")
  again
  held "$seen_record" "$seen_line"
  log_whole
}

cut_install() {
  machine_new "$fresh"
  machine_media "$fresh" "$carried"
  machine_boot "$fresh"
  canary_start "$number"
  choose_moment "$install_ms"
  installer_start "$number"
  await_moment "$fresh"
  doing=$(told "$fresh")
  machine_cut
  if ended "$fresh" "$number"; then install_ms=$moment; fi
  acknowledged=- found=-
  machine_boot "$fresh"
  lost=$(lost_canary "$fresh" "$number")
  again
  want "tijori audit verify" inside "$admin audit verify"
  machine_cut
}

step "$cuts cuts"
say "  $header"
# Installations last, each on a disk of its own; the others share one.
plan=()
installs=()
for ((number = 0; number < cuts; ++number)); do
  phase=${phase_list[number % ${#phase_list[@]}]}
  if [ "$phase" = install ]; then installs+=(install); else plan+=("$phase"); fi
done
number=0
for phase in "${plan[@]}" "${installs[@]}"; do
  number=$((number + 1))
  verdict='' moment=0 doing='' lost=-
  if [ "$phase" = install ] && [ -n "$machine_pid" ]; then machine_halt; fi
  "cut_$phase"
  [ "$phase" = install ] || keep_trust
  if [[ $lost =~ ^[0-9]+$ ]] && [ "$lost" -gt 1 ]; then canaries=$((canaries + 1)); fi
  row "$phase" "$moment" "$doing" "$lost"
  [ "$unsynced" = no ] || [ "$faults" = 0 ] || break
done

if [ "$unsynced" = yes ]; then
  [ "$faults" != 0 ] || die "Nothing was lost although nothing was synced: this test would not see a lost record."
  say "Cut $number lost what the log had not synced, as it should."
  exit 0
fi
step "Everything that was ever acknowledged"
[ -n "$machine_pid" ] || machine_boot "$main"
verdict=
want "the appliance is ready" ready
held 0 0
log_whole
again
[ -z "$verdict" ] || faults=$((faults + 1))
machine_halt
last_step_done

say
say "$header"
cat "$results"
say "⁽¹⁾ lines of a file that nobody synced, five a second"
say
say "$found of $acknowledged acknowledged answers are in the log, by both of their records."
if [ "$backend" = qemu ] && [ "$canaries" = 0 ]; then
  say "No cut lost anything that was not synced, so none of them proves anything."
  faults=$((faults + 1))
fi
if [ "$faults" = 0 ]; then say "All done in $((SECONDS - started)) s."; else say "$faults faults; --seed $seed has the same moments."; fi
[ "$faults" = 0 ]
