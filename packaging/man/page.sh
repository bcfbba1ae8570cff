#!/bin/bash
# Makes a manual page of one of docs/man/*.md.
#
#   packaging/man/page.sh PAGE.md VERSION > PAGE
#
# The first line names the page and its section, the first sentence after it is its NAME, the first block of code its
# SYNOPSIS, and what follows its DESCRIPTION; the headings of the second level stand beside these. Needs lowdown.
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# = 2 ] || { echo "page.sh: expected PAGE.md VERSION" >&2; exit 2; }
page=$1
version=$2

heading=$(sed -n '1s/^# \([a-z.-]*([1-8])\)$/\1/p' "$page")
[ -n "$heading" ] || { echo "$page:1: expected \"# NAME(SECTION)\"" >&2; exit 1; }
name=${heading%(*}
section=${heading#*(}
section=${section%)}

awk -v name="$name" '
  NR == 1 { next }
  # The first paragraph, whole; its first sentence is the name line.
  !named && /^$/ && paragraph != "" {
    named = 1
    if (match(paragraph, /\.( |$)/)) {
      sentence = substr(paragraph, 1, RSTART - 1)
      rest = substr(paragraph, RSTART + RLENGTH)
    } else {
      sentence = paragraph
    }
    print "# NAME\n\n" name " - " sentence "\n"
    next
  }
  !named { if ($0 != "") paragraph = paragraph (paragraph == "" ? "" : " ") $0; next }
  /^```/ && !synopsis { synopsis = 1; print "# SYNOPSIS\n"; print; next }
  /^```/ && synopsis == 1 {
    synopsis = 2
    print "```\n\n# DESCRIPTION\n"
    if (rest != "") print rest "\n"
    next
  }
  /^## / && synopsis != 1 { print "# " toupper(substr($0, 4)); next }
  { print }
' "$page" |
  lowdown -s -Tman -M "title=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')" -M "section=$section" \
    -M "source=Tijori $version" -M "date= " --parse-no-metadata |
  # man runs tbl when the first line asks for it; commands are to be copied, so their dashes are dashes.
  sed -z -e "s/^[^\n]*/'\\\\\" t/" -e 's/\(\n\.TH[^\n]*\n\)/\1.ad l\n/' -e 's/\n\.SH\n\([^\n]*\)\n\.LP\n/\n.SH \1\n/g' |
  sed -e '/^\.EX/,/^\.EE/{/^\./!s/-/\\-/g}' -e 's/\\fC\([^\\]*\)\\fR/\\fB\1\\fR/g' -e 's/\\e|/|/g'
