
# The service, the model, the accounts.

store=/var/lib/tijori/models
restart_wanted=no

# What the package's own scripts do, should a cut have lost it; and the daemon from the machine's start on.
prepare_service() {
  systemd-sysusers tijori.conf
  systemd-tmpfiles --create tijori.conf || true
  systemctl daemon-reload
  quiet systemctl enable tijorid-api.socket tijorid-admin.socket tijori-audit.socket || die "the sockets can't be enabled"
  quiet systemctl start tijorid-api.socket tijorid-admin.socket tijori-audit.socket ||
    die "the sockets can't be started; systemctl status tijorid-api.socket tijorid-admin.socket tijori-audit.socket says why"
}

start_service() {
  if ! set_up_already; then
    note "The daemon isn't started before it has certificates"
    return
  fi
  [ "$restart_wanted" = no ] || systemctl try-restart tijorid.service
  quiet systemctl enable tijorid.service || die "tijorid can't be enabled"
  quiet systemctl start tijorid.service || {
    journalctl -u tijorid.service --no-pager -n 12 -o cat 2> /dev/null | sed 's/^/   | /' >&2 || true
    die "the daemon doesn't start (above); tijorid check-config says what is wrong with its settings"
  }
  note "tijorid runs, and starts with the machine"
}

as_admin() { tijori --profile "$profile" "$@"; }
have_profile() { there "$profile/ca.crt" "$profile/client.crt" "$profile/client.key"; }

# What a cut left of a model that was being added: nobody adds one while the list is locked.
clear_store() {
  [ -d "$store" ] || return 0
  (
    umask 077
    exec 8>> "$store/allowed.lock"
    flock 8
    find "$store" -maxdepth 1 -type f -name '.incoming-*' -delete
  )
}

add_model() {
  local file=$model alias digest=
  model_alias=
  if [ "$no_model" = yes ]; then
    note "None, as --no-model asks"
    return
  fi
  if [ -z "$file" ]; then
    if grep -qs '"alias"' "$store/allowed.json"; then
      note "The store has models, and is left as it is"
      return
    fi
    for file in "$bundle"/model/*.gguf; do break; done
    if [ ! -e "$file" ]; then
      note "The bundle holds none; tijori models add FILE"
      return
    fi
  fi
  clear_store
  alias=$(alias_of "$file")
  if [ -z "$model" ]; then
    digest=$(sed -n "s|^\([0-9a-f]\{64\}\)  model/$(basename "$file")\$|\1|p" "$bundle/SHA256SUMS")
  elif [ -s "$store/allowed.json" ] || [ -e "$store/$alias.gguf" ]; then
    note "Comparing $file with what the store has"
    digest=$(sha256sum < "$file" | cut -c1-64)
  fi
  if [ -n "$digest" ] && grep -qs "\"sha256\":\"$digest\"" "$store/allowed.json"; then
    alias=$(sed -n "s/.*\"alias\":\"\([^\"]*\)\".*\"sha256\":\"$digest\".*/\1/p" "$store/allowed.json" | head -n 1)
    note "The store has it, as $alias"
  else
    # Copied whole, but a cut came before the list was written.
    if [ -e "$store/$alias.gguf" ] && ! grep -qs "\"file\":\"$alias.gguf\"" "$store/allowed.json" &&
      [ "$(sha256sum < "$store/$alias.gguf" | cut -c1-64)" = "$digest" ]; then
      rm -f "$store/$alias.gguf"
    fi
    note "Copying $file into the store, $(du -h "$file" | cut -f1)"
    copy_model "$file" ${digest:+--sha256 "$digest"} || die "the model was not added (above); give another file with --model, or --no-model"
  fi
  model_alias=$alias
}

# On a terminal one sees how far it is.
copy_model() {
  if [ -t 2 ]; then tijori models add "$@" > /dev/null; else quiet tijori models add "$@"; fi
}

# As `tijori models add` names it.
alias_of() {
  basename "$1" | sed -e 's/\.[^.]*$//' | tr 'A-Z' 'a-z' | LC_ALL=C sed -e 's/[^a-z0-9._-]\{1,\}/-/g' -e 's/^[^a-z0-9]*//' | cut -c1-64
}

# wait_for SECONDS PATTERN: until a line of the status is like it.
wait_for() {
  local end=$((SECONDS + $1)) shown=$SECONDS
  until as_admin status > "$work/status" 2>&1 && grep -qE "$2" "$work/status"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    if grep -qE '^ +model .*: failed' "$work/status"; then return 1; fi
    if [ $((SECONDS - shown)) -ge 15 ]; then
      shown=$SECONDS
      note "… $(head -n 1 "$work/status")"
    fi
    sleep 0.5
  done
}

load_model() {
  if ! set_up_already || ! have_profile; then
    [ -z "$model_alias" ] || note "The administrator loads it: tijori models load $model_alias"
    return
  fi
  wait_for 120 '^ready|^ +daemon ' || die "the daemon doesn't answer the administrator of $profile: $(head -n 3 "$work/status")
journalctl -u tijorid says more."
  # What an administrator chose stays.
  if [ -n "$model_alias" ] && ! grep -qE "^ +model +$model_alias: (ready|loading)" "$work/status" &&
    { [ -n "$model" ] || [ ! -e /var/lib/tijori/state/models.json ]; }; then
    # At its start the daemon may have begun by itself.
    as_admin models load "$model_alias" > "$work/output" 2>&1 || grep -q 'being loaded already\|loaded already' "$work/output" ||
      die "the model $model_alias was not loaded: $(tail -n 2 "$work/output")"
  fi
  if grep -qE '^ +model ' "$work/status" || [ -n "$model_alias" ]; then
    wait_for 900 "^ +model +${model_alias:-.*}: ready" || true
  fi
  note "$(head -n 1 "$work/status")"
}

give_account() {
  if [ -z "$account" ]; then
    note "None: usermod -a -G tijori-admin,tijori-api USER lets an account connect (--admin-account USER)"
    return
  fi
  quiet usermod -a -G tijori-admin,tijori-api "$account" || die "the account $account didn't get its groups"
  note "$account may connect (groups tijori-admin, tijori-api; from the next login on)"
  have_profile || return 0
  local home
  home=$(getent passwd "$account" | cut -d: -f6)
  if [ "$(stat -c %U "$home" 2> /dev/null)" != "$account" ]; then
    note "It has no folder of its own; $profile is for her, with ca.crt, client.crt and client.key"
    return 0
  fi
  # As the account, so that root follows no link there.
  if runuser -u "$account" -- test -s "$home/.config/tijori/client.key"; then
    runuser -u "$account" -- cat "$home/.config/tijori/ca.crt" 2> /dev/null | cmp -s - "$profile/ca.crt" ||
      note "$home/.config/tijori holds the profile of another appliance, and stays; the one for this is in $profile"
    return 0
  fi
  # shellcheck disable=SC2016  # for the account's shell
  tar -C "$profile" -c ca.crt client.crt client.key | runuser -u "$account" -- sh -c '
    umask 077; set -e; mkdir -p "$1"; rm -rf "$1.part"; mkdir "$1.part"
    tar -x --no-same-owner -C "$1.part"; sync "$1.part"/*
    mv "$1.part"/* "$1/"; rmdir "$1.part"; sync "$1"' sh "$home/.config/tijori" ||
    die "$home/.config/tijori: the profile was not written"
  note "Her certificate and key also lie in $home/.config/tijori"
}
