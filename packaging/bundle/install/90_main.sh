
install_appliance() {
  local packages=(tijori)
  step_count=8
  [ "$console" != only ] || { packages=(tijori-console) step_count=3; }
  [ "$console" != yes ] || packages+=(tijori-console)
  step "The bundle"
  verify_bundle
  step "This machine"
  look_at_machine
  check_choices
  repair_packages
  # The console where it is goes along with an upgrade.
  if [ "$console" = no ] && [ -n "$(version_of tijori-console)" ]; then packages+=(tijori-console); fi
  check_versions "${packages[@]}"
  step "Packages"
  remember key "$bundle_fingerprint"
  install_packages "${packages[@]}"
  if [ "$console" = only ]; then
    say
    say "Done. Start tijori-console, or find Tijori among the applications."
    return
  fi
  remember ca "$ca"
  remember profile "$profile"
  step "Certificates"
  prepare_service
  set_up_certificates
  step "The model"
  add_model
  step "The service"
  start_service
  load_model
  step "The administrator's account"
  give_account
  # What systemctl and usermod changed.
  sync
  step "Self-test"
  self_test
  [ "$faults" = 0 ] || die "installed, but $faults of the checks failed (above)"
  three_commands
}

# Before anything is changed.
check_choices() {
  [[ $admin =~ ^[a-z0-9][a-z0-9._-]{0,63}$ ]] || die "--admin \"$admin\": a name is made of a-z 0-9 . _ -, up to 64 of them"
  [ -z "$account" ] || getent passwd "$account" > /dev/null || die "--admin-account $account: there is no such account"
  [ -z "$passphrase_file" ] || there "$passphrase_file" || die "--passphrase-file $passphrase_file: not there, or empty"
  [ -z "$model" ] || there "$model" || die "--model $model: not there, or empty"
  [ -z "$enrol_folder" ] || [ -d "$enrol_folder" ] || die "--enrol $enrol_folder: no such folder"
}

family=
home=$(getent passwd root | cut -d: -f6)
verb=install
wanted_fingerprint=
passphrase_file=
ca=
site="Tijori at $(uname -n | cut -c1-40)"
enrol_folder=
no_ca=no
admin=
account=
profile=
model=
no_model=no
console=no
downgrade=no
site_repositories=no
yes=no
with_dependencies=no
with_ca=no

main() {
  case ${1:-} in
    install | verify | self-test | uninstall | purge)
      verb=$1
      shift
      ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        sed -n '2,/^set -/s/^# \{0,1\}//p' "$self" | sed '/^set -/d'
        exit 0
        ;;
      --no-ca) no_ca=yes ;;
      --no-model) no_model=yes ;;
      --console) console=yes ;;
      --console-only) console=only ;;
      --downgrade) downgrade=yes ;;
      --site-repositories) site_repositories=yes ;;
      --yes) yes=yes ;;
      --with-dependencies) with_dependencies=yes ;;
      --with-ca) with_ca=yes ;;
      --fingerprint | --passphrase-file | --ca | --site | --enrol | --admin | --admin-account | --profile | --out | --model)
        [ $# -gt 1 ] && [ -n "$2" ] || usage "$1 needs a value"
        case $1 in
          --fingerprint)
            wanted_fingerprint=$(printf '%s' "$2" | tr -d ' :' | tr 'a-f' 'A-F')
            wanted_fingerprint=${wanted_fingerprint#0x}
            [[ $wanted_fingerprint =~ ^[0-9A-F]{40}$ ]] || usage "--fingerprint: a fingerprint has 40 hexadecimal digits"
            ;;
          --passphrase-file) passphrase_file=$(realpath -m "$2") ;;
          --ca) ca=$(realpath -m "$2") ;;
          --site) site=$2 ;;
          --enrol) enrol_folder=$(realpath -m "$2") ;;
          --admin) admin=$2 ;;
          --admin-account) account=$2 ;;
          --profile | --out) profile=$(realpath -m "$2") ;;
          --model) model=$(realpath -m "$2") ;;
        esac
        shift
        ;;
      *) usage "unknown: $1" ;;
    esac
    shift
  done
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ "$verb" = verify ]; then
    work=$(mktemp -d)
    step_count=1
    step "The bundle"
    verify_bundle
    return
  fi
  [ "$(id -u)" = 0 ] || die "this needs root: sudo bash $self $verb …"
  work=$(mktemp -d /run/tijori-install.XXXXXX)
  only_once
  # What an earlier run chose, then what is usual.
  [ -n "$ca" ] || ca=$(cat "$record/ca" 2> /dev/null) || ca=$home/tijori-ca
  [ -n "$profile" ] || profile=$(cat "$record/profile" 2> /dev/null) || profile=$home/.config/tijori
  case ${SUDO_USER:-root} in
    root) ;;
    *)
      # Whoever calls a later run is somebody else, perhaps, and the certificate isn't hers.
      [ -n "$account" ] || [ -e "$record/profile" ] || account=$SUDO_USER
      [ -n "$admin" ] || ! [[ $SUDO_USER =~ ^[a-z0-9][a-z0-9._-]{0,63}$ ]] || admin=$SUDO_USER
      ;;
  esac
  [ -n "$admin" ] || admin="admin"
  case $verb in
    install) install_appliance ;;
    self-test)
      step_count=1
      step "Self-test"
      self_test
      [ "$faults" = 0 ] || die "$faults of the checks failed (above)"
      ;;
    uninstall | purge)
      look_at_machine
      "$verb"
      ;;
  esac
}

# All of it has been read before any of it runs.
main "$@"
exit
