#!/bin/bash
# Makes the bash completion of one program out of what its --help says, verb by verb.
#
#   packaging/completion/make.sh PROGRAM > FILE
set -euo pipefail
export LC_ALL=C.UTF-8

case ${1:-} in
  -h | --help)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac
[ $# = 1 ] || { echo "make.sh: expected PROGRAM" >&2; exit 2; }
program=$1
name=$(basename "$program")
# The console asks for no display to say what it takes.
export QT_QPA_PLATFORM=offscreen

# options_of HELP: each option of an option line, with "=" behind those that want a value.
options_of() {
  awk '
    /^ +-/ {
      sub(/^ +/, "")
      value = 0
      head = $0
      if (match(head, /  /)) head = substr(head, 1, RSTART - 1)
      count = split(head, words, /[ ,]+/)
      for (i = 1; i <= count; ++i) if (words[i] !~ /^-/) value = 1
      for (i = 1; i <= count; ++i) {
        sub(/\{.*/, "", words[i])
        if (words[i] ~ /^--[a-z]/) print words[i] (value ? "=" : "")
      }
    }' <<< "$1"
}

# verbs_of HELP
verbs_of() {
  awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside && /^  [a-z]/ { print $1 }' <<< "$1"
}

# cases VERB…: a line of the table for this verb, then those of the verbs below it.
cases() {
  local help verb verbs options words
  help=$("$program" "$@" --help 2> /dev/null)
  mapfile -t verbs < <(verbs_of "$help")
  mapfile -t options < <(options_of "$help")
  words=("${verbs[@]}" "${options[@]}")
  printf "    '%s') echo '%s' ;;\n" "$*" "${words[*]}"
  for verb in "${verbs[@]}"; do cases "$@" "$verb"; done
}

table=$(cases)
function=_${name//-/_}
cat << BASH
# bash completion of $name, made from its --help.
${function}_words() {
  case \$1 in
$table
  esac
}

$function() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local verbs='' offered known i
  known=" \$(${function}_words '') "
  offered=\$known
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "\$offered" in *" \${COMP_WORDS[i]} "*) ;; *) continue ;; esac
    case \${COMP_WORDS[i]} in -*) continue ;; esac
    verbs="\${verbs:+\$verbs }\${COMP_WORDS[i]}"
    offered=" \$(${function}_words "\$verbs") "
  done
  # The options of the program itself may stand behind any verb.
  for i in \$known; do
    case \$i in -*) case "\$offered" in *" \$i "*) ;; *) offered+="\$i " ;; esac ;; esac
  done
  COMPREPLY=()
  case "\$offered" in
    *" \$before= "*) ;;
    *) mapfile -t COMPREPLY < <(compgen -W "\${offered//= / }" -- "\$word") ;;
  esac
}
complete -o bashdefault -o default -F $function $name
BASH
