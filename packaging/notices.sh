#!/bin/bash
# Writes the notices of what other projects wrote and is compiled into our programs: header-only libraries, as Debian's
# packages of them state their licences. Shared libraries are packages of their own, with their own notices.
#
#   packaging/notices.sh [FILE…] > NOTICES      each FILE is added as it is
set -euo pipefail
export LC_ALL=C.UTF-8

packages=(libboost1.81-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev)

for package in "${packages[@]}"; do
  notice=/usr/share/doc/$package/copyright
  [ -r "$notice" ] || { echo "notices.sh: $notice is not there; install $package" >&2; exit 1; }
  printf '%s\n%s\n\n' "$package $(dpkg-query -W -f='${Version}' "$package")" "$(printf '=%.0s' {1..78})"
  if [ "$package" = libboost1.81-dev ]; then
    # Of its two megabytes, what holds for the parts used here: Asio and Beast.
    awk -v RS= '/^License: BSL-1.0\n Boost Software License/ && !done { print; done = 1 }' "$notice"
  else
    cat "$notice"
  fi
  printf '\n\n'
done
for notice in "$@"; do
  printf '%s\n%s\n\n' "$(basename "$(dirname "$notice")")" "$(printf '=%.0s' {1..78})"
  cat "$notice"
done
