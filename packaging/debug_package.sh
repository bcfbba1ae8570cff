#!/bin/bash
# Puts a package of debug symbols, as CPack leaves it, into the form that Debian's have: its checksums name its own files
# rather than the folder it was made in, and it links to the documents of the package that it belongs to.
#
#   packaging/debug_package.sh FILE.ddeb      in place
#
# SOURCE_DATE_EPOCH is the time of what is added.
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# = 1 ] || { echo "debug_package.sh: expected FILE.ddeb" >&2; exit 2; }
package=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
umask 022

dpkg-deb --raw-extract "$package" "$folder/tree"
cd "$folder/tree"
chmod 755 .
owner=$(sed -n 's/^Depends: \([^ ]*\).*/\1/p' DEBIAN/control)
mkdir -p usr/share/doc
ln -s "$owner" "usr/share/doc/$owner-dbgsym"
find usr/lib/debug -type f -exec chmod 644 {} +
find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum > DEBIAN/md5sums
# Each build id once, in an order of their own.
ids=$(sed -n 's/^Build-Ids: //p' DEBIAN/control | tr ' ' '\n' | sort -u | tr '\n' ' ')
sed -i -e "s/^Build-Ids: .*/Build-Ids: ${ids% }/" -e '/^Package-Type: /d' DEBIAN/control
find . -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build . "$folder/made.deb" > /dev/null
mv "$folder/made.deb" "$package"
