#!/bin/bash
# Makes the .rpm packages of a build and tries everything that can be tried without a system of the EL family: what they
# declare, held against what EL 10 provides (packaging/rpm/el10.provides), what is in them, that dnf installs them with no
# network into a root that has nothing but a stand-in for such a system, what their scriptlets call there, that every program
# starts with the private libraries and not without them, that they can be upgraded, that a downgrade behind the state is
# refused, and that an erase leaves nothing. The console is installed, not run. SELinux and a real EL are not seen.
#
#   tests/packaging/rpm.sh [--packages FOLDER]
#
#   --packages FOLDER   try those in the folder, instead of making this build's
#
# TIJORI_BUILD_DIR is the build folder, build/package unless set. Ends with 77, and says why, where it can't be done.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=packaging/steps.sh
. "$here/packaging/steps.sh"

packages=
while [ $# -gt 0 ]; do
  case $1 in
    --packages)
      [ -d "${2:-}" ] || die "--packages needs a folder"
      packages=$(realpath "$2")
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
started=$SECONDS

skip() {
  say "skipped: $*"
  exit 77
}
[ "$(id -u)" = 0 ] || skip "it needs root"
for tool in rpmbuild dnf createrepo_c rpmlint busybox objdump lowdown dpkg-query; do
  command -v "$tool" > /dev/null || skip "$tool is not here (rpm, dnf, createrepo-c, rpmlint, busybox-static, binutils, lowdown)"
done
floor=$here/packaging/rpm/el10.provides
expected=$here/tests/packaging/rpm
build=${TIJORI_BUILD_DIR:-$here/build/package}
work=$(mktemp -d "${TMPDIR:-/tmp}/tijori-rpm.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root

faults=0
ok() { say "   ok: $*"; }
fault() {
  say "   FAULT: $*"
  faults=$((faults + 1))
}
# want WHAT COMMAND…: the command succeeds; refused WHAT COMMAND…: it doesn't. What it said is in $work/said afterwards.
want() {
  local what=$1
  shift
  if "$@" > "$work/output" 2>&1; then ok "$what"; else fault "$what"; sed 's/^/      /' "$work/output" | head -n 40; fi
  mv "$work/output" "$work/said"
}
refused() {
  local what=$1
  shift
  if "$@" > "$work/output" 2>&1; then
    fault "$what"
    sed 's/^/      /' "$work/output" | head -n 40
  else
    ok "$what"
  fi
  mv "$work/output" "$work/said"
}
query() { rpm -qp "$@" 2> "$work/query.err" || { cat "$work/query.err" >&2; return 1; }; }

if [ -z "$packages" ]; then
  step "Packing"
  cmake --build "$build" -j "$(compile_jobs)" --target rpm-packages > "$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
  packages=$build/packages
  # The same once more, from another folder.
  epoch=$(query --qf '%{BUILDTIME}' "$packages"/tijori-[0-9]*.x86_64.rpm)
  (cd "$build" && cpack -G RPM -B "$work/another/folder") > "$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
  SOURCE_DATE_EPOCH=$epoch DIST=.el10 "$here/packaging/rpm/source.sh" "$build/packaging/rpm/tijori.spec" "$work/another/folder"
  for package in "$work"/another/folder/*.rpm; do
    want "packed twice, $(basename "$package") is the same" cmp "$package" "$packages/$(basename "$package")"
  done
fi
shopt -s nullglob
appliance=("$packages"/tijori-[0-9]*.x86_64.rpm)
console=("$packages"/tijori-console-[0-9]*.x86_64.rpm)
debuginfo=("$packages"/tijori-debuginfo-*.x86_64.rpm "$packages"/tijori-console-debuginfo-*.x86_64.rpm)
sources=("$packages"/tijori-[0-9]*.src.rpm)
[ ${#appliance[@]} = 1 ] || die "expected one tijori-VERSION.x86_64.rpm in $packages"
[ ${#sources[@]} = 1 ] || die "expected one tijori-VERSION.src.rpm in $packages"
all=("${appliance[@]}" "${console[@]}" "${debuginfo[@]}")

step "What they declare"
names=()
for package in "${all[@]}"; do
  name=$(query --qf '%{name}' "$package")
  names+=("$name")
  told=$(query --qf '%{license}|%{vendor}|%{buildhost}|%{arch}|%{sourcerpm}' "$package")
  want "$name tells its licence, vendor and sources, and not where it was built" \
    test "$told" = "Apache-2.0|Tijori maintainers|tijori.invalid|x86_64|$(basename "${sources[0]}")"
done
# The names of what is needed; rpm's own abilities are not the system's. Versions of packages are for dnf to judge.
"$here/packaging/rpm/needs.sh" "${all[@]}" > "$work/needs"
sed 's/ [<>=].*//' "$floor" | sort -u > "$work/provided"
want "everything needed is in $(basename "$floor"), each symbol version" \
  test -z "$(sed 's/ [<>=].*//' "$work/needs" | sort -u | comm -23 - "$work/provided" | tee "$work/missing")"
sed 's/^/      /' "$work/missing"
want "the list of needs holds a symbol version" grep -qE '^libc\.so\.6\(GLIBC_2\.[0-9]+\)' "$work/needs"
if [ ${#console[@]} = 1 ]; then
  want "the console asks for Qt 6.4 or newer" grep -qx 'qt6-qtbase >= 6.4' "$work/needs"
fi
refused "nobody is offered the private libraries" grep -E '\.so' <(query --provides "${appliance[@]}")
for package in "${all[@]}"; do
  scripts=$(query --scripts "$package")
  refused "$(basename "$package"): no tool of Debian in scriptlets" grep -E 'apt|dpkg|deb-systemd|lintian' <<< "$scripts"
done

step "What is in them"
for package in "${appliance[@]}" "${console[@]}"; do
  name=$(query --qf '%{name}' "$package")
  query --qf '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILEFLAGS:fflags}|%{FILENAMES}\n]' "$package" |
    sed -E 's/ ([a-z]*)\|/ \1 /; s/  / - /' > "$work/contents"
  want "$name holds what tests/packaging/rpm/$name.contents lists" diff -u "$expected/$name.contents" "$work/contents"
done
mkdir "$work/extracted"
for package in "${all[@]}"; do (cd "$work/extracted" && rpm2cpio "$package" | cpio -idm --quiet); done
programs=(usr/bin/tijori usr/bin/tijori-ca usr/bin/tijori-audit-verify usr/sbin/tijorid usr/libexec/tijori/tijori-audit
  usr/libexec/tijori/tijori-engine)
for program in "${programs[@]}" ${console:+usr/bin/tijori-console}; do
  file=$work/extracted/$program
  id=$(readelf -n "$file" | sed -n 's/^ *Build ID: //p')
  want "$program is stripped, and its symbols are packed" \
    sh -c "! readelf -S '$file' | grep -q debug_info && readelf -S '$file.debug' > /dev/null 2>&1 ||
      readelf -S '$work/extracted/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug' | grep -q debug_info"
done
want "the licences of the private libraries are packed" \
  sh -c "zcat '$work/extracted/usr/share/licenses/tijori/private-libraries-notices.gz' | grep -q -i 'unicode' &&
    zcat '$work/extracted/usr/share/licenses/tijori/private-libraries-notices.gz' | grep -q -i 'hyperscan\|vectorscan'"
want "each private library is listed with its version" \
  diff <(cd "$work/extracted/usr/lib/tijori" && ls) <(awk 'NF == 3 { print $1 }' "$work/extracted/usr/share/licenses/tijori/private-libraries")
for unit in "$work"/extracted/usr/lib/systemd/system/*.service; do
  want "$(basename "$unit") may run EL's libraries and the private ones" \
    grep -qE '^ExecPaths=.* /usr/lib64 -/usr/lib/tijori( |$)' "$unit"
done

step "A stand-in for EL 10: what its list provides, and programs that only note that they were called"
stub=$work/stub
mkdir -p "$stub/bin" "$stub/usr/bin" "$stub/usr/lib64" "$work/repository"
cp "$(command -v busybox)" "$stub/bin/busybox"
for applet in sh cat od chmod rm mkdir ls; do ln -s busybox "$stub/bin/$applet"; done
for program in systemctl systemd-sysusers systemd-tmpfiles; do
  printf '#!/bin/sh\necho "%s $*" >> /calls\n' "$program" > "$stub/usr/bin/$program"
  chmod 755 "$stub/usr/bin/$program"
done
# This system's own libraries stand for those that EL's would be, and what those need in turn.
for program in "${programs[@]}"; do
  ldd "$work/extracted/$program" | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }'
done | sort -u > "$work/libraries"
while read -r name file; do
  [ -e "$work/extracted/usr/lib/tijori/$name" ] || cp -L "$file" "$stub/usr/lib64/$name"
done < "$work/libraries"
loader=$(readelf -l "$work/extracted/usr/sbin/tijorid" | sed -n 's/.*interpreter: \(.*\)\]$/\1/p')
mkdir -p "$stub$(dirname "$loader")"
cp -L "$loader" "$stub$loader"
{
  printf 'Name: stand-in\nVersion: 1\nRelease: 1\nSummary: stand-in\nLicense: none\nAutoReqProv: no\n'
  grep -v '^#' "$floor" | sed 's/^/Provides: /'
  printf '%%description\n.\n%%install\ncp -a %s/. %%{buildroot}/\n%%files\n' "$stub"
  (cd "$stub" && find . ! -type d -printf '/%P\n')
} > "$work/stand-in.spec"
rpmbuild --quiet -bb --define "_topdir $work/top" --define "_rpmdir $work/repository" --define '__os_install_post %{nil}' \
  --define 'debug_package %{nil}' --define '_build_id_links none' --define '_binary_payload w1.gzdio' "$work/stand-in.spec" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cp "${all[@]}" "$work/repository/"
createrepo_c -q "$work/repository"
offline() {
  dnf -q -y --installroot="$root" --setopt=reposdir=/nonexistent --setopt=cachedir="$work/cache" --setopt=plugins=0 \
    --setopt=gpgcheck=0 --setopt=install_weak_deps=0 --releasever=10 --repofrompath="here,file://$work/repository" --repo=here "$@"
}
inside() { rpm --root "$root" --dbpath "$(rpm --root "$root" -E '%_dbpath')" "$@"; }
want "dnf installs the stand-in alone" offline install stand-in
mkdir -p "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
calls() { cat "$root/calls" 2> /dev/null || true; rm -f "$root/calls"; }
tree() { (cd "$root" && find . \( -path ./var/lib/dnf -o -path ./var/cache -o -path ./var/log -o -path "./$(realpath -m --relative-to=/ "$(rpm -E '%_dbpath')")" \) -prune -o -print | sort); }
tree > "$work/before"

step "Installing"
sockets="tijorid-api.socket tijorid-admin.socket tijori-audit.socket"
want "dnf installs ${names[*]} with no network" offline install "${names[@]}"
refused "no scriptlet complains" grep -iE 'scriptlet|warning|error' "$work/said"
calls > "$work/calls"
want "users, folders and presets are made, and nothing is started where no systemd runs" \
  diff "$work/calls" - << CALLS
systemd-sysusers tijori.conf
systemd-tmpfiles --create tijori.conf
systemctl --no-reload preset $sockets tijorid.service
CALLS
for name in "${names[@]}"; do want "rpm -V $name finds nothing changed" inside -V --nodeps "$name"; done

step "Programs start with the private libraries, and not without"
run() { chroot "$root" /bin/busybox env -i LD_LIBRARY_PATH=/usr/lib64 "/$1" --version; }
for program in "${programs[@]}"; do want "$program starts" run "$program"; done
needing=0
for library in "$root"/usr/lib/tijori/*; do
  mv "$library" "$work/away"
  for program in usr/bin/tijori usr/sbin/tijorid usr/libexec/tijori/tijori-engine; do
    # Which of them need it, themselves or by way of another.
    [[ "$(ldd "$work/extracted/$program")" == *"$(basename "$library") "* ]] || continue
    needing=$((needing + 1))
    refused "$program does not start without $(basename "$library")" run "$program"
  done
  mv "$work/away" "$library"
done
want "some program needs each of them" test "$needing" -ge "$(find "$root/usr/lib/tijori" -type f | wc -l)"

step "Upgrade, downgrade"
mkdir -p "$root/run/systemd/system"
echo '# of the site' >> "$root/etc/tijori/tijorid.toml"
want "reinstalls under a running systemd" offline reinstall "${names[@]}"
calls > "$work/calls"
for call in "systemctl daemon-reload" "systemctl is-enabled --quiet tijorid-api.socket" "systemctl start tijorid-api.socket" \
  "systemctl try-restart tijorid.service tijori-audit.service tijori-engine@*.service"; do
  want "calls $call" grep -qxF "$call" "$work/calls"
done
refused "stops nothing, and leaves presets alone" grep -E 'systemctl (stop|.*preset|.*disable)' "$work/calls"
want "the site's settings are kept" grep -q 'of the site' "$root/etc/tijori/tijorid.toml"
# A state of a newer release: SQLite keeps the schema's number in bytes 60 to 63.
mkdir -p "$root/var/lib/tijori/state"
{ head -c 60 /dev/zero; printf '\000\000\047\017'; head -c 36 /dev/zero; } > "$root/var/lib/tijori/state/state.db"
refused "is not installed over a newer state" inside -U --force --nodeps "${appliance[@]}"
want "says why" grep -q 'is of schema 9999; this release' "$work/said"
want "has changed nothing then" test "$(inside -V --nodeps tijori | grep -vc 'tijorid.toml$')" = 0
rm -r "$root/var/lib/tijori"
calls > /dev/null

step "Erase"
want "erases" offline remove "${names[@]}"
calls > "$work/calls"
for call in "systemctl stop tijorid.service tijori-audit.service tijori-engine@*.service tijori-engine@*.socket $sockets" \
  "systemctl --no-reload disable $sockets tijorid.service" "systemctl daemon-reload" \
  "systemctl stop system-tijori\\x2dengine.slice"; do
  want "calls $call" grep -qxF "$call" "$work/calls"
done
want "keeps settings that the site changed" test -s "$root/etc/tijori/tijorid.toml.rpmsave"
rm -rf "$root/etc/tijori" "$root/run/systemd"
rmdir --ignore-fail-on-non-empty "$root/run" 2> /dev/null || true
tree > "$work/after"
# Directories that are a system's own, which the stand-in didn't have.
want "nothing is left" test -z "$(comm -13 "$work/before" "$work/after" | (cd "$root" && while read -r path; do
  [ -d "$path" ] && [ -z "$(find "$path" ! -type d)" ] && [[ $path != *tijori* ]] || echo "$path"; done) | tee "$work/left")"
sed 's/^/      /' "$work/left"

step "The source package"
mkdir "$work/source"
(cd "$work/source" && rpm2cpio "${sources[0]}" | cpio -idm --quiet && tar -xzf tijori-*.tar.gz)
spec=$work/source/tijori.spec
extracted=$(echo "$work"/source/tijori-*/)
for release in 9 10; do
  want "its spec can be read on EL $release" rpmspec -P --define "rhel $release" --define "dist .el$release" "$spec"
  want "there it asks for what it is built with" grep -q '^BuildRequires:  pkgconfig(icu-uc) >= 72' "$work/said"
done
want "its spec can be read without the console" rpmspec -P --without console "$spec"
refused "there is no console then" grep -q 'tijori-console.desktop\|Qt6' "$work/said"
epoch=$(query --qf '%{BUILDTIME}' "${sources[0]}")
(
  # No git in the sources of a package.
  cd "$extracted"
  SOURCE_DATE_EPOCH=$epoch DIST=.el10 packaging/rpm/source.sh "$spec" "$work/again" .
)
want "its own sources make the same package" cmp "$work"/again/*.src.rpm "${sources[0]}"
want "its sources are complete enough to be configured" \
  sh -c "cd '$extracted' && cmake --preset package -DTIJORI_PRIVATE_LIBRARIES=OFF -DTIJORI_WARNINGS_ARE_ERRORS=OFF"

step "What rpmlint says"
rpmlint -c "$expected/rpmlint.toml" "${all[@]}" "${sources[@]}" > "$work/lint" 2> /dev/null || true
want "rpmlint looked" grep -qE '[0-9]+ packages? and [0-9]+ specfiles? checked' "$work/lint"
want "no error" test -z "$(grep ': E: ' "$work/lint")"
grep ': E: ' "$work/lint" | sed 's/^/      /' || true

last_step_done
say
[ "$faults" = 0 ] || die "$faults faults."
say "All as it should be in $((SECONDS - started)) s."
