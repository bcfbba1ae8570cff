# The bundle's apt repository: our packages and all that they need. To be sourced by packaging/bundle.sh.
# shellcheck shell=bash disable=SC2154

# take_packages FOLDER: the newest of each of our packages.
take_packages() {
  local file name
  mkdir -p "$part/apt/pool"
  for name in tijori tijori-console; do
    file=$(find "$1" -maxdepth 1 -name "${name}_*.deb" | sort -V | tail -n 1)
    if [ -n "$file" ]; then
      install -m 0644 "$file" "$part/apt/pool/"
      say "   $(basename "$file")"
    fi
  done
  compgen -G "$part/apt/pool/tijori_*.deb" > /dev/null || die "   $1: there is no tijori_*.deb"
  architecture=$(dpkg-deb -f "$(echo "$part"/apt/pool/tijori_*.deb)" Architecture)
  if compgen -G "$1/*.ddeb" > /dev/null; then
    mkdir -p "$part/debug"
    install -m 0644 "$1"/*.ddeb "$part/debug/"
    say "   debug symbols: $(cd "$part/debug" && echo *)"
  fi
  if compgen -G "$1/*.rpm" > /dev/null; then
    mkdir -p "$part/rpm"
    install -m 0644 "$1"/*.rpm "$part/rpm/"
    say "   $(cd "$part/rpm" && echo *)"
    "$here/rpm/needs.sh" "$part"/rpm/*.rpm > "$part/rpm/rpm-needs.txt"
  else
    say "   No .rpm in $1, so the bundle is for Debian alone"
  fi
}

apt_fetching() {
  apt-get -q -y -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::State::lists="$work/apt/lists" \
    -o Dir::Cache="$work/apt/cache" -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Default-Release= \
    -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
    -o APT::Install-Recommends=false -o Acquire::Languages=none -o APT::Sandbox::User=root -o Debug::NoLocking=1 \
    -o APT::Update::Post-Invoke::= -o DPkg::Post-Invoke::= "$@"
}

# Debian's own sources of this machine, and no others; where apt knows none yet, Debian's usual ones.
debian_sources() {
  local found uri suite component type types=(deb) keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016  # apt's fields
  found=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' "Architecture: $architecture" 2> /dev/null | sed -n 's/^Debian //p' | sort -u) || true
  [ -n "$found" ] || found="http://deb.debian.org/debian bookworm main
http://deb.debian.org/debian bookworm-updates main
http://deb.debian.org/debian-security bookworm-security main"
  [ "$with_sources" = no ] || types+=(deb-src)
  while read -r uri suite component; do
    for type in "${types[@]}"; do echo "$type [signed-by=$keyring] $uri $suite $component"; done
  done <<< "$found"
}

# Everything that our packages depend on, as if nothing at all were installed: the machine that it goes to may be of an
# older point release, and "= version" dependencies reach down to the C library.
fetch_dependencies() {
  local ours=("$part"/apt/pool/*.deb) uri file name count=0
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/preferences.d"
  : > "$work/apt/status"
  if [ -n "$sources" ]; then cp "$sources" "$work/apt/sources.list"; else debian_sources > "$work/apt/sources.list"; fi
  apt_fetching update > "$work/output" 2>&1 || { tail -n 5 "$work/output" >&2; die "   Debian's package lists can't be fetched."; }
  apt_fetching --print-uris install "${ours[@]}" > "$work/uris" 2> "$work/output" ||
    { tail -n 8 "$work/output" "$work/uris" >&2; die "   apt can't find what our packages need."; }
  apt_fetching --download-only install "${ours[@]}" > "$work/output" 2>&1 ||
    { tail -n 5 "$work/output" >&2; die "   Debian's packages can't be fetched."; }
  while read -r uri file _; do
    # Our own are there already.
    if [[ $uri != "'"* ]] || [ -e "$part/apt/pool/${file##*/}" ]; then continue; fi
    file=$work/apt/cache/archives/$file
    # A mirror on this machine's disk is not copied by apt.
    if [[ $uri = "'file:"* ]]; then
      uri=${uri#"'file:"} uri=${uri%"'"}
      file=$(printf '%b' "${uri//%/\\x}")
    fi
    # An epoch's colon is no character for every stick.
    name=$(dpkg-deb -f "$file" Package Version Architecture | sed 's/^[^:]*: //' | paste -sd_ | sed 's/_[0-9]*:/_/')
    install -m 0644 "$file" "$part/apt/pool/$name.deb"
    count=$((count + 1))
  done < "$work/uris"
  say "   $count packages of Debian, $(du -sh "$part/apt/pool" | cut -f1) with ours"
}

# A flat repository. Release is signed with the rest.
write_repository() (
  cd "$part/apt" || exit 1
  dpkg-scanpackages --multiversion pool /dev/null > Packages 2> "$work/output" ||
    { tail -n 5 "$work/output" >&2; die "   The packages can't be listed."; }
  {
    echo "Origin: Tijori"
    echo "Label: Tijori"
    echo "Suite: bundle"
    echo "Date: $(date -u -R -d "@$SOURCE_DATE_EPOCH" | sed 's/+0000/UTC/')"
    echo "Architectures: $architecture"
    echo "Description: Tijori and what it needs"
    echo "SHA256:"
    printf ' %s %s %s\n' "$(sha256sum < Packages | cut -c1-64)" "$(stat -c %s Packages)" Packages
  } > Release
)
