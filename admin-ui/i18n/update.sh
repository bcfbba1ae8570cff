#!/bin/bash
# Takes new and changed strings of the console into its catalogues and drops those that are gone; then translate what is
# marked unfinished. English has plural forms only: every other string is its own translation.
#
#   admin-ui/i18n/update.sh [FOLDER]   FOLDER: where the catalogues lie; this folder when not given
set -euo pipefail
here=$(realpath "$(dirname "$0")")
folder=$(realpath "${1:-$here}")
lupdate=${LUPDATE:-/usr/lib/qt6/bin/lupdate}
cd "$here/../.."
mapfile -t sources < <(find admin-ui -name '*.cpp' -o -name '*.h' | LC_ALL=C sort)
options=(-silent -I . -locations none -no-obsolete)
"$lupdate" "${options[@]}" "${sources[@]}" -ts "$folder/tijori-console_hi.ts"
"$lupdate" "${options[@]}" -pluralonly "${sources[@]}" -ts "$folder/tijori-console_en.ts"
