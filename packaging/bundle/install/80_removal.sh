
# Removal: what it says, and nothing else.

here() { # PACKAGE…: those that are installed, or of which dpkg still keeps something
  local package
  for package in "$@"; do
    if [ "$family" = deb ]; then
      case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) in
        '' | not-installed) ;;
        config-files) [ "$verb" = uninstall ] || echo "$package" ;;
        *) echo "$package" ;;
      esac
    else
      [ -z "$(version_of "$package")" ] || echo "$package"
    fi
  done
}

remove_packages() {
  local packages
  mapfile -t packages < <(here tijori-console tijori)
  if [ "${#packages[@]}" = 0 ]; then
    note "None is installed"
    return
  fi
  if [ "$family" = rpm ]; then
    quiet rpm -e "${packages[@]}" || die "the packages were not removed (above)"
  elif [ "$verb" = purge ]; then
    quiet dpkg --purge --force-remove-reinstreq "${packages[@]}" || die "the packages were not purged (above)"
  else
    quiet dpkg --remove --force-remove-reinstreq "${packages[@]}" || die "the packages were not removed (above)"
  fi
  sync
  note "Away: ${packages[*]}"
}

# Packages that came along with ours, and that nothing needs any more.
left_over() {
  [ "$family" = deb ] && [ -n "$came_along" ] || return 0
  env DEBIAN_FRONTEND=noninteractive apt-get -s -o Debug::NoLocking=1 autoremove 2> /dev/null |
    sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort | comm -12 - <(printf '%s\n' "$came_along" | sort) || true
}

remove_left_over() {
  local packages
  mapfile -t packages < <(left_over)
  if [ "${#packages[@]}" = 0 ]; then
    note "Nothing that came from the bundle is left over"
  elif [ "$with_dependencies" = yes ]; then
    # dpkg itself refuses what anything still needs.
    quiet dpkg --purge "${packages[@]}" || die "packages that came from the bundle were not removed (above)"
    sync
    note "Away: ${packages[*]}"
  else
    note "These came from the bundle, and nothing needs them any more: ${packages[*]}"
    note "They stay; --with-dependencies removes them, as does apt-get autoremove."
  fi
}

uninstall() {
  step_count=2
  step "Packages"
  repair_packages
  came_along=$(cat "$record/packages" 2> /dev/null) || true
  remove_packages
  step "What came along with them"
  remove_left_over
  [ "$with_dependencies" = no ] || rm -f "$record/packages"
  say
  say "Uninstalled. What stays:"
  say_what_stays /etc/tijori "settings and the daemon's certificates"
  say_what_stays /var/lib/tijori "models, state and the audit log"
  say_what_stays "$ca" "the authority"
  say_what_stays "$profile" "root's copy of the administrator's certificate and key"
  say "  the users and groups tijori, tijori-audit, tijori-engine, tijori-api, tijori-admin"
  say "install.sh brings it all back to work; install.sh purge takes it away."
}

say_what_stays() { [ ! -e "$1" ] || say "  $1   $2"; }

confirm_purge() {
  local answer
  say "Purging erases the audit log, the models, the state, the settings and the keys of this appliance, for good:"
  say "  /var/lib/tijori   $(du -sh /var/lib/tijori 2> /dev/null | cut -f1)"
  say "  /etc/tijori, what was sealed of its keys, its users and groups"
  [ "$with_ca" = no ] || say "  $ca and $profile: the authority and the administrator's key"
  say "Nothing is exported. If the law asks you to keep the log, end here and run: tijori audit export FILE; tijori audit trust > TRUST"
  [ "$yes" = no ] || return 0
  [ -t 0 ] || die "purge asks for this machine's name on a terminal; give --yes to do without"
  read -rp "Type this machine's name ($(uname -n)) to go on: " answer
  [ "$answer" = "$(uname -n)" ] || die "that is not its name; nothing was changed"
}

purge() {
  local folder
  confirm_purge
  step_count=3
  step "Packages, state, log and settings"
  repair_packages
  came_along=$(cat "$record/packages" 2> /dev/null) || true
  [ "$family" = rpm ] || remove_packages
  [ "$family" = deb ] || purge_rpm
  # Of a machine on which the package is not even known.
  rm -rf /var/lib/tijori /etc/tijori 2> /dev/null || note "What is a file system of its own below /var/lib/tijori stays, empty"
  step "What came along with them"
  remove_left_over
  step "The authority and the administrator's profile"
  if [ "$with_ca" = yes ]; then
    # By name: a folder may have been given that holds more.
    rm -f "$ca"/{ca.key,ca.crt,index.json,crl.pem,lock} "$profile"/{ca.crt,client.crt,client.key}
    rm -rf "$ca/issued" "$profile/.new" "$profile/.new.part"
    for folder in "$ca" "$profile" "$home/.config"; do
      [ ! -d "$folder" ] || rmdir --ignore-fail-on-non-empty "$folder"
    done
    note "Away: the authority in $ca, and the profile in $profile"
  else
    note "They stay; --with-ca removes them"
  fi
  sync
  say
  if [ ! -e "$ca" ] && ! have_profile; then
    say "Purged. Nothing stays but what is in people's own folders (~/.config/tijori)."
  else
    say "Purged. What stays:"
    say_what_stays "$ca" "the authority"
    ! have_profile || say_what_stays "$profile" "root's copy of the administrator's certificate and key"
    say "and what is in people's own folders (~/.config/tijori)."
  fi
}

# An .rpm has no purge of its own: what postrm of the Debian package takes away.
purge_rpm() {
  local name
  remove_packages
  rm -rf /etc/systemd/system/tijorid.service.d /etc/systemd/system/tijorid-{api,admin}.socket.d \
    /etc/systemd/system/tijori-audit.{service,socket}.d /etc/systemd/system/tijori-engine@.{service,socket}.d /run/tijori
  for name in tls-server.key audit-signing.key audit-subject.key; do rm -f /etc/credstore{,.encrypted}/$name; done
  for name in tijori tijori-audit tijori-engine; do ! getent passwd $name > /dev/null || userdel $name || true; done
  for name in tijori-api tijori-admin tijori tijori-audit tijori-engine; do ! getent group $name > /dev/null || groupdel $name || true; done
  systemctl daemon-reload
}
