# The key, the checksums, the signatures. To be sourced by packaging/bundle.sh.
# shellcheck shell=bash disable=SC2154

signing() {
  if [ -n "$key_home" ]; then gpg --homedir "$key_home" --batch --no-tty --quiet "$@"; else gpg --batch --quiet "$@"; fi
}

# The fingerprint of the key to sign with; with --new-key the key is made unless it is there.
open_key() {
  if [ -n "$key_home" ]; then
    mkdir -p "$key_home"
    chmod 700 "$key_home"
    if [ -z "$(ls -A "$key_home")" ]; then
      signing --passphrase '' --quick-generate-key "Tijori bundles" ed25519 sign never 2> "$work/output" ||
        { cat "$work/output" >&2; die "   No key can be made in $key_home."; }
      say "   A new key in $key_home, without a passphrase: who has this folder can sign bundles"
    fi
    key=$(signing --list-secret-keys --with-colons | sed -n 's/^fpr:::::::::\([0-9A-F]*\):.*/\1/p' | head -n 1)
  fi
  [ -z "$key" ] || fingerprint=$(signing --list-secret-keys --with-colons "$key" 2> /dev/null | sed -n 's/^fpr:::::::::\([0-9A-F]*\):.*/\1/p' | head -n 1)
  [ -n "$fingerprint" ] || die "   ${key:-$key_home}: gpg has no such secret key"
  # Only the key itself: what others signed of it changes, and proves nothing here.
  signing --export --export-options export-minimal "$fingerprint" > "$part/key.gpg"
  say "   $fingerprint"
}

sign_bundle() {
  signing --yes --local-user "$fingerprint" --digest-algo SHA256 --detach-sign --armor --output "$part/apt/Release.gpg" "$part/apt/Release"
  signing --yes --local-user "$fingerprint" --digest-algo SHA256 --clearsign --output "$part/apt/InRelease" "$part/apt/Release"
  (cd "$part" && find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.gpg ! -path ./apt/InRelease ! -path ./apt/Release.gpg \
    -printf '%P\0' | sort -z | xargs -0 sha256sum) > "$work/SHA256SUMS"
  mv "$work/SHA256SUMS" "$part/SHA256SUMS"
  signing --yes --local-user "$fingerprint" --digest-algo SHA256 --detach-sign --output "$part/SHA256SUMS.gpg" "$part/SHA256SUMS"
  # As install.sh will.
  bash "$part/install.sh" verify --fingerprint "$fingerprint" | sed -n 's/^   /   /p'
}
