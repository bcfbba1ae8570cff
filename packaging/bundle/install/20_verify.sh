
# The bundle itself. Nothing of it is run or installed before verify_bundle returned.

# What the list of checksums doesn't hold: itself, and signatures.
not_listed=(SHA256SUMS SHA256SUMS.gpg apt/InRelease apt/Release.gpg)

# signer SIGNATURE [FILE]: checks it and prints the fingerprint of the key that made it.
signer() {
  gpgv --homedir "$work" --keyring "$bundle/key.gpg" --status-fd 3 "$@" 3> "$work/signature" > /dev/null 2> "$work/output" ||
    die "$1: the signature is not that of key.gpg beside it. The bundle was changed or damaged: fetch it anew.
$(cat "$work/output")"
  # The last field is the primary key, whichever subkey has signed.
  local fingerprints
  fingerprints=$(sed -n 's/^\[GNUPG:\] VALIDSIG .* \([0-9A-F]\{40\}\)$/\1/p' "$work/signature")
  [[ $fingerprints =~ ^[0-9A-F]{40}$ ]] || die "$1: expected one signature, found: ${fingerprints:-none}"
  ! grep -q '^\[GNUPG:\] REVKEYSIG' "$work/signature" || die "$1: its key was revoked"
  printf '%s\n' "$fingerprints"
}

check_kinds() {
  local odd
  odd=$(find . -mindepth 1 ! -type f ! -type d -printf '%P\n' | sed -n 1,5p)
  [ -z "$odd" ] || die "the bundle holds what is neither file nor folder (a link, a device), and is refused:
$odd"
  odd=$(find . -mindepth 1 \( -name '*[!A-Za-z0-9._+~%:@=-]*' -o -name '[.-]*' \) -printf '%P\n' | sed -n 1,5p)
  [ -z "$odd" ] || die "the bundle holds a file that isn't its own, and is refused; take it away, or copy the bundle anew:
$odd"
}

check_names() {
  local name differing
  if grep -vqE '^[0-9a-f]{64}  [A-Za-z0-9][A-Za-z0-9._+~%:@=/-]*$' SHA256SUMS || grep -qE '/\.|//|/$' SHA256SUMS; then
    die "$bundle/SHA256SUMS: holds a line that is no checksum of a file in the bundle"
  fi
  sed 's/^.\{66\}//' SHA256SUMS > "$work/listed"
  for name in "${not_listed[@]}"; do echo "$name" >> "$work/listed"; done
  sort -u "$work/listed" -o "$work/listed"
  find . -type f -printf '%P\n' | sort > "$work/found"
  differing=$(comm -13 "$work/listed" "$work/found" | sed -n 1,5p)
  [ -z "$differing" ] || die "the bundle holds a file that isn't its own, and is refused; take it away, or copy the bundle anew:
$differing"
  differing=$(comm -23 "$work/listed" "$work/found" | sed -n 1,5p)
  [ -z "$differing" ] || die "the bundle is not whole; copy it anew. Missing:
$differing"
}

# The signer is the one of --fingerprint, or else of the bundle that this machine was installed from.
check_signer() {
  local fingerprint=$1 expected=$wanted_fingerprint why="--fingerprint names"
  if [ -z "$expected" ] && there "$record/key"; then
    expected=$(cat "$record/key")
    why="the bundle that this machine was installed from was signed by"
  fi
  [ -z "$expected" ] || [ "$fingerprint" = "$expected" ] || die "the bundle is signed by another key, and is refused.
   it is signed by $fingerprint
   $why $expected
If the key was changed for a good reason, have its fingerprint told to you and give it with --fingerprint."
  if [ -n "$expected" ]; then
    note "Signed by $fingerprint, as expected"
  else
    note "Signed by $fingerprint"
    note "Compare this fingerprint with the one that the bundle's maker told you by another way."
  fi
}

verify_bundle() {
  local fingerprint
  command -v gpgv > /dev/null || die "gpgv is not here, which checks signatures (package gpgv, or gnupg2 on an RPM machine)"
  there "$bundle/key.gpg" "$bundle/SHA256SUMS" "$bundle/SHA256SUMS.gpg" ||
    die "$bundle: expected key.gpg, SHA256SUMS and SHA256SUMS.gpg beside install.sh. Is this the whole bundle?"
  cd "$bundle"
  check_kinds
  fingerprint=$(signer SHA256SUMS.gpg SHA256SUMS)
  check_signer "$fingerprint"
  check_names
  sha256sum --check --strict --quiet SHA256SUMS > "$work/output" 2>&1 ||
    die "the bundle is damaged; copy it anew.
$(head -n 5 "$work/output")"
  check_release "$fingerprint"
  cd /
  note "$(wc -l < "$bundle/SHA256SUMS") files are what was signed, and there is no other"
  bundle_fingerprint=$fingerprint
}

# Both signatures of the apt repository are by the same key, and over the same Release.
check_release() {
  local name
  for name in Release.gpg InRelease; do
    local over=()
    [ "$name" = InRelease ] || over=(apt/Release)
    [ "$(signer "apt/$name" "${over[@]}")" = "$1" ] || die "apt/$name: signed by another key than the bundle"
  done
  gpgv --homedir "$work" --keyring "$bundle/key.gpg" --output "$work/release" apt/InRelease > /dev/null 2>&1 &&
    cmp -s "$work/release" apt/Release || die "apt/InRelease: signs something else than apt/Release"
}
