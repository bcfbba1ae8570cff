
# The machine: what it is, and what an earlier run left of it.

look_at_machine() {
  [ -d /run/systemd/system ] || die "systemd doesn't run this machine; Tijori's units need it"
  if command -v dpkg-query > /dev/null && [ -e /var/lib/dpkg/status ]; then
    family=deb
  elif command -v rpm > /dev/null; then
    family=rpm
  else
    die "neither dpkg nor rpm is here: this bundle is for Debian 12, and for EL 10 with what rpm/rpm-needs.txt lists"
  fi
  # shellcheck disable=SC1091
  note "$(. /etc/os-release && echo "$PRETTY_NAME"), host $(uname -n)"
  if [ "$family" = deb ]; then
    # shellcheck disable=SC1091
    [ "$(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}")" = debian12 ] || note "This is not Debian 12, for which the packages were built."
  fi
}

only_once() {
  exec 9< /run
  flock -n 9 || die "another install.sh is running here"
}

# version_of PACKAGE: what is installed of it, whole or not.
version_of() {
  if [ "$family" = deb ]; then
    dpkg-query -W -f '${db:Status-Abbrev} ${Version}\n' "$1" 2> /dev/null | sed -n 's/^[^ ][^ nc][^ ]* *\(..*\)/\1/p' || true
  else
    rpm -q --qf '%{VERSION}-%{RELEASE}\n' "$1" 2> /dev/null | grep -v 'not installed' || true
  fi
}
# whole PACKAGE VERSION: it is installed, in that version, and configured.
whole() {
  if [ "$family" = deb ]; then
    [ "$(dpkg-query -W -f '${Status} ${Version}' "$1" 2> /dev/null)" = "install ok installed $2" ]
  else
    [ "$(version_of "$1")" = "$2" ]
  fi
}

# A package that is neither whole nor away.
unfinished() {
  [ -n "$(ls -A /var/lib/dpkg/updates)" ] ||
    [ -n "$(dpkg-query -W -f '${db:Status-Eflag} ${db:Status-Status}\n' | grep -vE '^ok (installed|config-files|not-installed)$')" ]
}

# Finishes what a power cut or a killed apt left half done.
repair_packages() {
  if [ "$family" = rpm ]; then
    quiet rpm --rebuilddb || die "rpm's database can't be read (/var/lib/rpm)"
    return
  fi
  dpkg-query -W > /dev/null 2> "$work/output" ||
    die "dpkg's database can't be read; /var/lib/dpkg/status-old and /var/backups hold copies of it.
$(head -n 3 "$work/output")"
  if unfinished; then
    note "An installation was cut off here; finishing it"
    # What it can't finish for want of files, the bundle's packages finish below.
    dpkg --configure -a --force-confdef --force-confold > "$work/output" 2>&1 < /dev/null || true
  fi
  ldconfig
}

# Files of ours that are not as their package has them: what a cut can do to a file that was written a moment before.
# Settings are not looked at, and documents are what minimal machines leave out.
damaged() {
  local package
  for package in "$@"; do
    if [ "$family" = deb ]; then
      dpkg --verify "$package" 2> /dev/null || true
    else
      rpm -V "$package" 2> /dev/null || true
    fi | grep -v ' c /' | grep -qE ' /(usr/|)(bin|sbin|lib|libexec|lib64)/' && echo "$package" || true
  done
}
