#!/bin/bash
# Writes the notices of what other projects wrote and is compiled into our programs: header-only libraries, as the packages
# of them on this system, Debian's or of the EL family, state their licences. Shared libraries are packages of their own, with
# their own notices.
#
#   packaging/notices.sh [FILE…] > NOTICES      each FILE is added as it is
set -euo pipefail
export LC_ALL=C.UTF-8

rule=$(printf '=%.0s' {1..78})
debians() {
  local package notice
  for package in libboost1.81-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev; do
    notice=/usr/share/doc/$package/copyright
    [ -r "$notice" ] || { echo "notices.sh: $notice is not there; install $package" >&2; exit 1; }
    printf '%s\n%s\n\n' "$package $(dpkg-query -W -f='${Version}' "$package")" "$rule"
    if [ "$package" = libboost1.81-dev ]; then
      # Of its two megabytes, what holds for the parts used here: Asio and Beast.
      awk -v RS= '/^License: BSL-1.0\n Boost Software License/ && !done { print; done = 1 }' "$notice"
    else
      cat "$notice"
    fi
    printf '\n\n'
  done
}

rpms() {
  local package notice
  for package in boost-devel json-devel cli11-devel tomlplusplus-devel spdlog-devel fmt-devel; do
    rpm -q "$package" > /dev/null || { echo "notices.sh: $package is not installed" >&2; exit 1; }
    printf '%s\n%s\n\n' "$(rpm -q --qf '%{name} %{version}-%{release}, %{license}' "$package")" "$rule"
    # Where the text is in a package that this one needs, its name is above.
    while read -r notice; do [ ! -r "$notice" ] || cat "$notice"; done < <(rpm -q --licensefiles "$package")
    printf '\n\n'
  done
}

if command -v dpkg-query > /dev/null; then debians; else rpms; fi
for notice in "$@"; do
  printf '%s\n%s\n\n' "$(basename "$(dirname "$notice")")" "$rule"
  cat "$notice"
done
