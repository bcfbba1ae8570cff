
# Packages: from the bundle's repository alone, whatever else this machine knows.

apt_bundle() {
  env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 apt-get -q -y \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::Check-Date=false -o Acquire::AllowInsecureRepositories=false \
    -o APT::Get::AllowUnauthenticated=false -o APT::Get::AutomaticRemove=false -o APT::Default-Release= \
    -o APT::Install-Recommends=false -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

open_repository() {
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  # By a name without spaces, and as the key that was verified.
  ln -sfn "$bundle" "$work/bundle"
  cp "$bundle/key.gpg" "$work/key.gpg"
  echo "deb [signed-by=$work/key.gpg] file:$work/bundle/apt ./" > "$work/sources.list"
  quiet apt_bundle update || die "apt can't read the bundle's repository, $bundle/apt"
}

# Of the .rpm files those that can be installed: NAME VERSION FILE.
rpms() {
  local file
  for file in "$bundle"/rpm/*.rpm; do
    case $file in *.src.rpm | *'*'*) continue ;; esac
    rpm -qp --nosignature --qf "%{NAME} %{VERSION}-%{RELEASE} $file\n" "$file"
  done
}

# bundled PACKAGE: the version of it that the bundle holds.
bundled() {
  if [ "$family" = deb ]; then
    awk -v RS= -v FS='\n' -v name="Package: $1" '$1 == name { for (i = 2; i <= NF; i++) if (sub(/^Version: /, "", $i)) print $i }' \
      "$bundle/apt/Packages" | tail -n 1
  else
    rpms | awk -v name="$1" '$1 == name { print $2 }' | tail -n 1
  fi
}

older() {
  if [ "$family" = deb ]; then
    dpkg --compare-versions "$1" lt "$2"
  else
    [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
  fi
}

# counting TOTAL COMMAND…: how many packages it has unpacked and set up, every ten seconds.
counting() {
  local total=$1 pid status=0 waited=0
  shift
  "$@" > "$work/output" 2>&1 < /dev/null 9<&- &
  pid=$!
  child=$pid
  while kill -0 "$pid" 2> /dev/null; do
    sleep 0.5
    waited=$((waited + 1))
    [ $((waited % 20)) != 0 ] || note "… of $total, $(grep -c '^Unpacking' "$work/output" || true) unpacked, $(grep -c '^Setting up' "$work/output" || true) set up"
  done
  wait "$pid" || status=$?
  child=
  [ "$status" = 0 ] || tail -n 25 "$work/output" | sed 's/^/   | /' >&2
  return "$status"
}

# Refuses to go back by mistake; tells what will be done.
check_versions() {
  local package installed
  for package in "$@"; do
    installed=$(version_of "$package")
    offered=$(bundled "$package")
    [ -n "$offered" ] || die "the bundle holds no $package for this machine$([ "$family" = deb ] || echo " (no rpm/$package-*.rpm)")"
    if [ -n "$installed" ] && older "$offered" "$installed" && [ "$downgrade" = no ]; then
      die "$package $installed is installed, and this bundle holds $offered, which is older. Nothing was changed.
Use the newer bundle; or, to go back, give --downgrade: the package refuses that if the state has a newer form already."
    fi
  done
}

# Kept before apt begins, so that a cut loses nothing: what comes along and wasn't here.
remember_new_packages() {
  apt_bundle -s --no-remove "${downgrading[@]}" install "$@" > "$work/plan" 2>&1 ||
    { sed 's/^/   | /' "$work/plan" >&2; die "apt can't install this from the bundle alone (above); nothing was changed"; }
  sed -n 's/^Inst \([^ ]*\) (.*/\1/p' "$work/plan" | grep -vxE 'tijori(-console)?' > "$work/new" || true
  remember packages "$(cat "$work/new" "$record/packages" 2> /dev/null | sort -u)"
  planned=$(grep -c '^Inst ' "$work/plan") || true
}

# remember WHAT TEXT: whole or not at all.
remember() {
  if [ -z "$2" ] || [ "$(cat "$record/$1" 2> /dev/null)" = "$2" ]; then return 0; fi
  mkdir -p "$record"
  printf '%s\n' "$2" > "$record/$1.part"
  sync "$record/$1.part"
  mv -f "$record/$1.part" "$record/$1"
  sync "$record" /etc/tijori /etc
}

install_packages() {
  if [ "$family" = deb ]; then install_debs "$@"; else install_rpms "$@"; fi
  # What maintainer scripts write is not synced by them.
  sync
}

install_debs() {
  local package wanted=() again=() planned=0 downgrading=()
  [ "$downgrade" = no ] || downgrading=(--allow-downgrades)
  open_repository
  # What an earlier cut left unconfigured for want of a package that the bundle holds.
  if unfinished; then
    quiet apt_bundle --no-remove -f install || note "(apt couldn't finish all of it; going on)"
  fi
  for package in "$@"; do wanted+=("$package=$(bundled "$package")"); done
  for package in "$@"; do
    whole "$package" "$(bundled "$package")" || planned=1
  done
  if [ "$planned" = 1 ]; then
    remember_new_packages "${wanted[@]}"
    note "Installing $planned packages: ${wanted[*]} and what they need. An upgrade lets running answers end first."
    counting "$planned" apt_bundle --no-remove "${downgrading[@]}" install "${wanted[@]}" || packages_failed "$@"
  else
    note "Installed already: ${wanted[*]}"
  fi
  # shellcheck disable=SC2046
  mapfile -t again < <(damaged "$@" $(cat "$record/packages" 2> /dev/null))
  [ -s /etc/tijori/tijorid.toml ] || [ "$1" != tijori ] || again+=(tijori)
  if [ "${#again[@]}" -gt 0 ]; then
    note "Installing again, since files of it are damaged: ${again[*]}"
    local versioned=()
    for package in "${again[@]}"; do
      [ -z "$(bundled "$package")" ] || versioned+=("$package")
    done
    [ -s /etc/tijori/tijorid.toml ] || rm -f /etc/tijori/tijorid.toml
    quiet apt_bundle --no-remove --reinstall -o Dpkg::Options::=--force-confmiss install "${versioned[@]}" || packages_failed "$@"
  fi
  for package in "$@"; do
    whole "$package" "$(bundled "$package")" || packages_failed "$@"
  done
}

packages_failed() {
  local reason
  reason=$(grep -hE '^(tijori: |E: |dpkg: error)' "$work/output" | head -n 6) || true
  die "the packages were not installed: ${reason:-see above}
Installed now: $(for package in "$@"; do echo "$package $(version_of "$package");"; done)"
}

install_rpms() {
  local package files=() with=dnf only=(--disablerepo='*')
  for package in "$@"; do
    if whole "$package" "$(bundled "$package")"; then
      [ -n "$(damaged "$package")" ] || continue
      with=rpm
    fi
    files+=("$(rpms | sed -n "s/^$package [^ ]* //p" | tail -n 1)")
  done
  if [ "${#files[@]}" = 0 ]; then
    note "Installed already: $*"
    return
  fi
  [ "$site_repositories" = no ] || only=()
  note "Installing ${files[*]##*/}"
  # For dnf there is nothing to do where the version is there, damaged or not.
  if [ "$with" = dnf ] && command -v dnf > /dev/null; then
    # The bundle's signature has been checked, over these files too.
    quiet dnf -y "${only[@]}" --setopt=localpkg_gpgcheck=0 --setopt=install_weak_deps=0 install "${files[@]}"
  else
    quiet rpm -U --replacepkgs --oldpackage --nosignature "${files[@]}"
  fi || die "the packages were not installed (above). What they need of the machine is in $bundle/rpm/rpm-needs.txt;
with --site-repositories it may come from the repositories that this machine knows."
}
