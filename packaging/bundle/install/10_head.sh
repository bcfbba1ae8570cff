#!/bin/bash
# Installs Tijori from this bundle, without a network, and sets it up. Running it again is always right: it looks at what
# is there, finishes what was cut off, upgrades what is older, and changes nothing else.
#
#   bash install.sh [install] [OPTION…]    verify the bundle, install, set up, test
#   bash install.sh verify [--fingerprint FPR]
#                                          the bundle is whole and signed, and by whom; as any user
#   bash install.sh self-test [--profile DIR]
#                                          the appliance is ready, answers, and its log is whole
#   bash install.sh uninstall [--with-dependencies]
#                                          the packages away; settings, certificates, models, state and log stay
#   bash install.sh purge [--yes] [--with-dependencies] [--with-ca]
#                                          all of it away, the audit log too
#
# Whose bundle it is
#   --fingerprint FPR       refuse a bundle that was signed by another key than this one
#
# Certificates
#   --passphrase-file FILE  the authority's passphrase is the first line of FILE, instead of being asked for
#   --ca DIR                the authority's folder, made unless it is there (default tijori-ca in root's home)
#   --site NAME             what a new authority is called (default: after this machine)
#   --enrol FOLDER          no authority here: FOLDER was made on the machine that has it (see docs/install.md)
#   --no-ca                 no authority here and no FOLDER yet: packages and model alone
#
# The first administrator
#   --admin NAME            her name in the certificate (default: who called sudo, or "admin")
#   --admin-account USER    the account by which she comes (default: who called sudo, the first time); it gets the groups and
#                           her certificate and key
#   --profile DIR           where root's copy of her certificate lies (default .config/tijori in root's home); --out is the same
#
# What is installed
#   --model FILE            this GGUF file in place of the bundle's
#   --no-model              no model
#   --console               the desktop console too
#   --console-only          the desktop console alone, on the machine at which administrators sit
#   --downgrade             go back to this bundle's older release, as far as the state allows it
#   --site-repositories     an RPM machine: what is missing comes from the repositories that the machine knows
#
# Removal
#   --yes                   purge without asking
#   --with-dependencies     also the packages that came from the bundle and that nothing else needs
#   --with-ca               purge: also the authority's folder and root's profile
#
# Exit codes: 0 done · 1 failed, with what to do · 2 usage
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
umask 022

bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
self=$bundle/$(basename "${BASH_SOURCE[0]}")
record=/etc/tijori/bundle # what later runs have to know: the signer, the packages that came along, the folders
work=

say() { printf '%s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
usage() {
  printf 'install.sh: %s; see --help\n' "$*" >&2
  exit 2
}

step_number=0
step_count=0
step() {
  step_number=$((step_number + 1))
  say
  say "[$step_number/$step_count] $*"
}

child= # apt, at work

finish() {
  local status=$?
  if [ -n "$child" ]; then
    say "Waiting for apt to end what it has begun, which it reads from here."
    wait "$child" 2> /dev/null || true
  fi
  [ -z "$work" ] || rm -rf "$work"
  if [ "$status" != 0 ] && [ "$status" != 2 ] && [ "$step_number" -gt 0 ]; then
    say "Stopped in step $step_number of $step_count. Once that is mended, run the same command again: it goes on from there." >&2
  fi
}

# quiet COMMAND…: what it prints is shown only when it fails.
quiet() {
  local status=0
  "$@" > "$work/output" 2>&1 < /dev/null || status=$?
  [ "$status" = 0 ] || tail -n 25 "$work/output" | sed 's/^/   | /' >&2
  return "$status"
}

# A file that a cut left empty is as good as none.
there() {
  local file
  for file in "$@"; do
    if [ ! -f "$file" ] || [ ! -s "$file" ]; then return 1; fi
  done
}
