
# The self-test: what a person would try first.

faults=0
passed() { note "ok: $*"; }
failed() {
  note "FAILED: $*"
  faults=$((faults + 1))
}

self_test() {
  local unit
  for unit in tijorid-api.socket tijorid-admin.socket tijori-audit.socket; do
    if systemctl is-active --quiet "$unit"; then passed "$unit is active"; else failed "$unit isn't active: systemctl status $unit"; fi
  done
  if ! set_up_already; then
    note "The rest can't be tried before the appliance has certificates: install.sh install --enrol FOLDER"
    return
  fi
  if tijorid check-config > "$work/output" 2>&1; then passed "the settings are right"; else failed "the settings: $(tail -n 3 "$work/output")"; fi
  if systemctl is-active --quiet tijorid.service; then passed "tijorid runs"; else failed "tijorid doesn't run: journalctl -u tijorid"; fi
  if ! have_profile; then
    note "Root has no profile in $profile, so the rest is for the administrator: tijori status, tijori chat, tijori audit verify"
    return
  fi
  if as_admin status > "$work/status" 2>&1 && grep -qE '^ +model .*: ready' "$work/status" && ! grep -q '^blocked' "$work/status"; then
    # A degraded one answers too; why it is degraded, the doctor says below.
    passed "$(head -n 1 "$work/status")"
    test_chat
  elif grep -qE '^ +daemon ' "$work/status" && ! grep -qE '^blocked|^ +model .*: (failed|loading)' "$work/status"; then
    note "No model is loaded, so nothing was asked ($(head -n 1 "$work/status"))"
  else
    failed "status: $(head -n 4 "$work/status")"
  fi
  if as_admin audit verify > "$work/output" 2>&1; then passed "the audit log: $(head -n 1 "$work/output")"; else failed "the audit log: $(head -n 3 "$work/output")"; fi
  test_doctor
}

test_chat() {
  local question="What is the capital of India?" body
  if as_admin chat --temperature 0 --max-tokens 16 "$question" > "$work/answer" 2> "$work/output" < /dev/null && grep -q . "$work/answer"; then
    passed "tijori chat: \"$question\" \"$(tr '\n' ' ' < "$work/answer" | cut -c1-60)\""
  elif grep -qiE 'role|not granted|permission' "$work/output"; then
    note "The administrator's certificate is not an application's, so nothing was asked"
    return
  else
    failed "tijori chat: $(tail -n 3 "$work/output")"
  fi
  command -v curl > /dev/null || return 0
  body="{\"messages\":[{\"role\":\"user\",\"content\":\"$question\"}],\"temperature\":0,\"max_tokens\":8}"
  if curl -sS --fail-with-body --max-time 300 --unix-socket /run/tijori/api.sock --cacert "$profile/ca.crt" --cert "$profile/client.crt" \
    --key "$profile/client.key" https://localhost/v1/chat/completions -H 'content-type: application/json' -d "$body" \
    > "$work/output" 2>&1 && grep -q '"choices"' "$work/output"; then
    passed "curl --unix-socket /run/tijori/api.sock: answered"
  else
    failed "curl: $(head -c 300 "$work/output")"
  fi
}

test_doctor() {
  local status=0
  tijori --help 2> /dev/null | grep -q "^ *doctor " || return 0
  as_admin doctor > "$work/output" 2>&1 || status=$?
  sed 's/^/   | /' "$work/output"
  # It ends with 1 for warnings too, which are for a person to judge.
  if [ "$status" -gt 1 ] || grep -q '^error ' "$work/output"; then
    failed "tijori doctor finds errors (above)"
  elif [ "$status" = 1 ]; then
    passed "tijori doctor finds no error, and warns (above)"
  else
    passed "tijori doctor finds nothing wrong"
  fi
}

three_commands() {
  local as="" authority=$ca
  [ -d "$ca" ] || authority=CA
  say
  if ! have_profile || ! set_up_already; then
    say "Use next, as the administrator, once she is enrolled:"
  else
    say "Use next$([ -z "$account" ] || echo ", as $account after the next login"):"
    [ "$profile" = "$home/.config/tijori" ] || [ -n "$account" ] || as=" --profile $profile"
  fi
  say "  tijori$as status"
  say "  tijori$as chat"
  say "  tijori$as clients add APPLICATION.crt     (tijori-ca issue NAME --role application --ca $authority)"
  if [ -d "$ca" ]; then
    say
    say "The authority in $ca belongs on another machine than this: move it there, and keep a copy. man tijori-ca"
  fi
}
