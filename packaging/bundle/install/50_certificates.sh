
# Certificates: the authority, the daemon's, the first administrator's. Each is made aside, put on disk, and moved into
# place; what a cut left in between is carried on with, or made anew.

handover=/etc/tijori/handover # for `tijorid enrol`: there from when it is complete until it was taken in
renewed=/etc/tijori/renewed   # for tls/, likewise
tls=/etc/tijori/tls
sealed_key=/etc/credstore.encrypted/tls-server.key

# put_down FOLDER: its files, and the names of them, are on the disk.
put_down() {
  find "$1" -maxdepth 1 -type f -exec sync {} +
  sync "$1" "$(dirname "$1")"
}
# new_folder FOLDER: an empty one, for root alone.
new_folder() {
  rm -rf "$1"
  install -d -m 0700 "$1"
}
# complete PART FOLDER: PART, whole and on the disk, becomes FOLDER.
complete() {
  put_down "$1"
  mv -T "$1" "$2"
  sync "$(dirname "$2")"
}

ask_passphrase() {
  [ -z "${passphrase:-}" ] || return 0
  if [ -n "$passphrase_file" ]; then
    IFS= read -r passphrase < "$passphrase_file" || [ -n "${passphrase:-}" ] || die "$passphrase_file: its first line is empty"
    passphrase=${passphrase%$'\r'}
    [ "${#passphrase}" -ge 8 ] || die "$passphrase_file: the passphrase (its first line) needs at least 8 characters"
    return
  fi
  local again
  [ -t 0 ] || die "the authority's passphrase can't be asked for without a terminal; give --passphrase-file FILE"
  if [ "$1" = open ]; then
    IFS= read -rsp "   Passphrase of the authority in $ca: " passphrase
    echo
    return
  fi
  note "The authority's key is kept under a passphrase. Whoever has both can let anyone in."
  while :; do
    IFS= read -rsp "   New passphrase: " passphrase
    echo
    if [ "${#passphrase}" -lt 8 ]; then
      note "At least 8 characters."
      continue
    fi
    IFS= read -rsp "   Once more:      " again
    echo
    [ "$passphrase" != "$again" ] || break
    note "The two are not the same."
  done
}

# By a pipe: never as an argument, in the environment or in a file.
with_passphrase() { "$@" --passphrase-fd 4 4< <(printf '%s\n' "$passphrase"); }

# none, half (cut off before anything was issued), whole, or damaged
authority_state() {
  if [ ! -e "$ca" ] || { [ -d "$ca" ] && [ -z "$(ls -A "$ca")" ]; }; then
    echo none
  elif there "$ca/ca.key" "$ca/ca.crt" "$ca/index.json" "$ca/crl.pem" && tijori-ca list --ca "$ca" > /dev/null 2>&1; then
    echo whole
  elif [ -z "$(find "$ca" -mindepth 1 ! -path "$ca/issued" ! -path "$ca/lock" ! -path "$ca/ca.key*" ! -path "$ca/ca.crt*" \
    ! -path "$ca/index.json*" ! -path "$ca/crl.pem*")" ] && ! grep -qs serial "$ca/index.json"; then
    echo half
  else
    echo damaged
  fi
}

make_authority() {
  local state
  state=$(authority_state)
  case $state in
    whole)
      note "The authority in $ca is used"
      ask_passphrase open
      return
      ;;
    damaged) die "$ca: no whole authority, and not one that was just begun. Restore it from its copy, or choose another folder with --ca." ;;
    half)
      # Aside and not away, should it be what was saved of another.
      note "The authority in $ca was begun and is made anew; what was there is in $ca.begun.$(date +%s)"
      mv -T "$ca" "$ca.begun.$(date +%s)"
      ;;
  esac
  ask_passphrase new
  mkdir -p "$(dirname "$ca")"
  quiet with_passphrase tijori-ca init "$ca" --name "$site" || die "no authority was made in $ca"
  put_down "$ca"
  note "An authority, \"$site\", in $ca"
}

# issue FOLDER NAME OPTION…: NAME.crt and NAME.key in FOLDER. One that a cut made useless doesn't stand in the way.
issue() {
  local folder=$1
  shift
  quiet with_passphrase tijori-ca issue "$@" --force --ca "$ca" --out "$folder" ||
    die "no certificate was issued for $1 by the authority in $ca. Is it the right passphrase?"
}

# take_over FOLDER DESTINATION: moves each file; a cut in between leaves FOLDER, and the next run goes on.
take_over() {
  local file
  for file in "$1"/*; do
    [ ! -e "$file" ] || mv -fT "$file" "$2/$(basename "$file")"
  done
  rmdir "$1"
  sync "$2" "$(dirname "$1")"
}

make_profile() {
  local part=$profile/.new.part new=$profile/.new
  install -d -m 0700 "$profile"
  [ ! -d "$new" ] || take_over "$new" "$profile"
  if there "$profile/ca.crt" "$profile/client.crt" "$profile/client.key"; then
    cmp -s "$profile/ca.crt" "$ca/ca.crt" ||
      die "$profile: holds the profile of another authority than $ca. Move it away, or choose another folder with --profile."
    note "The administrator's certificate in $profile is used"
    return
  fi
  new_folder "$part"
  issue "$part" "$admin" --role operator --role auditor --role application
  mv "$part/$admin.crt" "$part/client.crt"
  mv "$part/$admin.key" "$part/client.key"
  install -m 0600 "$ca/ca.crt" "$part/ca.crt"
  complete "$part" "$new"
  take_over "$new" "$profile"
  note "The administrator's certificate, $admin (operator, auditor, application), in $profile"
}

make_handover() {
  local part=$handover.part file
  rm -rf "$handover"
  new_folder "$part"
  if [ -n "$enrol_folder" ]; then
    for file in ca.crt crl.pem server.crt server.key administrator.crt; do
      there "$enrol_folder/$file" || die "$enrol_folder/$file: not there, or empty. FOLDER has to be made as docs/install.md says."
      install -m 0600 "$enrol_folder/$file" "$part/$file"
    done
  else
    make_authority
    make_profile
    issue "$part" server --server
    for file in ca.crt crl.pem; do install -m 0600 "$ca/$file" "$part/$file"; done
    install -m 0600 "$profile/client.crt" "$part/administrator.crt"
  fi
  complete "$part" "$handover"
}

# The daemon has what it needs to serve, and nobody was interrupted in giving it.
set_up_already() {
  [ ! -e "$handover" ] && there "$tls/ca.crt" "$tls/server.crt" "$tls/crl.pem" /var/lib/tijori/state/state.db &&
    { there "$tls/server.key" || there "$sealed_key"; }
}

enrol() {
  # Its sockets too, or a client that waits there makes systemd start it meanwhile.
  quiet systemctl stop tijorid.service tijorid-api.socket tijorid-admin.socket || die "the daemon can't be stopped (above)"
  if tijorid enrol "$handover" > "$work/output" 2>&1; then
    sed -n 's/^\(installed\|enrolled\|fingerprint\|  \) /   &/p' "$work/output"
  elif grep -q 'there is an administrator already' "$work/output"; then
    note "The register has its administrator"
    restore_tls
  else
    die "the administrator was not enrolled: $(tail -n 2 "$work/output")"
  fi
  # By one name away, so that what a cut leaves of it isn't taken for one that is to be taken in.
  mv -T "$handover" "$handover.part"
  sync /etc/tijori
  rm -rf "$handover.part"
  quiet systemctl start tijorid-api.socket tijorid-admin.socket || die "the sockets can't be started again (above)"
  [ -z "$enrol_folder" ] || note "Erase $enrol_folder now: it holds the appliance's key (shred -u)"
}

# The administrator was enrolled, and since then files of tls/ were lost.
restore_tls() {
  local file
  if there "$tls/ca.crt" "$tls/server.crt" "$tls/crl.pem" && { there "$tls/server.key" || there "$sealed_key"; }; then return 0; fi
  ! there "$tls/ca.crt" || cmp -s "$tls/ca.crt" "$handover/ca.crt" ||
    die "$tls: files are missing, and those made now are of another authority. Give the appliance's own with --ca or --enrol."
  new_folder "$renewed.part"
  for file in ca.crt crl.pem server.crt server.key; do install -m 0600 "$handover/$file" "$renewed.part/$file"; done
  complete "$renewed.part" "$renewed"
  put_renewed_into_place
  note "Files that were missing in $tls are there again"
}

set_up_certificates() {
  if set_up_already; then
    note "The appliance has its certificates, and they stay"
    [ -z "$enrol_folder" ] || note "$enrol_folder is not needed and was not read: the first administrator is enrolled."
    renew_server_certificate
    return
  fi
  if [ "$no_ca" = yes ]; then
    note "None, as --no-ca asks. To go on: install.sh install --enrol FOLDER"
    return
  fi
  # A folder that is there is complete: it was put on the disk before it got its name.
  if [ -e "$handover" ] && there "$handover"/{ca.crt,crl.pem,server.crt,server.key,administrator.crt}; then
    note "Certificates were made and not yet taken in; going on with them"
  else
    make_handover
  fi
  enrol
}

# is_ending: the certificate that the daemon has ends within 30 days, or has ended.
is_ending() {
  tijori doctor --json > "$work/doctor" 2> /dev/null || true
  grep -q '"code":"certificate-expiring"' "$work/doctor"
}

renew_server_certificate() {
  if [ -d "$renewed" ]; then
    note "The daemon's certificate was renewed and not yet put into place; going on with it"
  else
    if [ "$no_ca" = yes ] || [ "$(authority_state)" != whole ] || ! cmp -s "$ca/ca.crt" "$tls/ca.crt"; then return 0; fi
    # One that a cut left was issued and never used.
    if [ ! -e "$renewed.part" ] && ! is_ending; then
      note "The daemon's is good for 30 days and more"
      return 0
    fi
    note "The daemon's certificate ends within 30 days, or was about to be renewed; it is renewed"
    ask_passphrase open
    new_folder "$renewed.part"
    issue "$renewed.part" server --server
    complete "$renewed.part" "$renewed"
  fi
  put_renewed_into_place
}

# What lies complete in $renewed becomes the daemon's; a key that was sealed stays sealed.
put_renewed_into_place() {
  if there "$sealed_key" && [ -e "$renewed/server.key" ]; then
    quiet systemd-creds encrypt --name=tls-server.key "$renewed/server.key" "$sealed_key.part" ||
      die "$sealed_key: the new key can't be sealed (above)"
    chmod 0644 "$sealed_key.part"
    sync "$sealed_key.part"
    mv -f "$sealed_key.part" "$sealed_key"
    sync "$(dirname "$sealed_key")"
    rm -f "$renewed/server.key"
  fi
  find "$renewed" -type f -exec chown tijori:tijori {} +
  find "$renewed" -type f ! -name server.key -exec chmod 0644 {} +
  take_over "$renewed" "$tls"
  restart_wanted=yes
}
