#!/bin/bash
# Writes the offline bundle: one folder to be carried to a machine without a network, whose install.sh does the rest. It
# holds our packages, every Debian package they need as a signed apt repository with the licence texts, the demo model, an
# SBOM, checksums and their signature. Runs as any user, on Debian 12, where Debian's packages can be fetched.
#
#   packaging/bundle.sh OUT [--packages DIR] (--key ID | --new-key DIR) [--sources FILE]
#                           [--with-sources] [--model FILE | --no-model]
#
#   OUT             the folder to write, which must not be there, or be empty
#   --packages DIR  our packages (*.deb, and *.rpm if there are any); else `packages` of the preset "package" is built
#   --key ID        sign with this key of gpg's ($GNUPGHOME, or ~/.gnupg)
#   --new-key DIR   sign with the key in DIR, which is made unless it is there; it has no passphrase: guard DIR
#   --sources FILE  fetch from what FILE says, in lines as in apt's sources.list; else from this machine's sources of Debian
#   --with-sources  the sources of every Debian package too, gigabytes with the console; what is in sources.txt otherwise
#                   says where they are
#   --model FILE    this GGUF file in place of the demo model, SmolLM2-135M-Instruct in the Llama 4 layout
#   --no-model      no model
#
# SOURCE_DATE_EPOCH is the time of everything in it, else that of the changelog. The same packages, from the same state of
# Debian's archive, give the same bytes, but for the signatures.
set -euo pipefail
export LC_ALL=C.UTF-8
umask 022
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=packaging/steps.sh
. "$here/steps.sh"
# shellcheck source=packaging/bundle/repository.sh
. "$here/bundle/repository.sh"
# shellcheck source=packaging/bundle/documents.sh
. "$here/bundle/documents.sh"
# shellcheck source=packaging/bundle/signature.sh
. "$here/bundle/signature.sh"

out=
packages=
key=
key_home=
fingerprint=
with_sources=no
sources=
model=
want_model=yes
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    --packages | --key | --new-key | --sources | --model)
      [ -n "${2:-}" ] || die "$1 needs a value; see --help"
      case $1 in
        --packages) packages=$(realpath "$2") ;;
        --key) key=$2 ;;
        --new-key) key_home=$(realpath -m "$2") ;;
        --sources) sources=$(realpath "$2") ;;
        --model) model=$(realpath "$2") ;;
      esac
      shift
      ;;
    --with-sources) with_sources=yes ;;
    --no-model) want_model=no ;;
    -*)
      say "unknown option: $1; see --help" >&2
      exit 2
      ;;
    *)
      [ -z "$out" ] || { say "one OUT is enough; see --help" >&2; exit 2; }
      out=$(realpath -m "$1")
      ;;
  esac
  shift
done
[ -n "$out" ] || { say "expected OUT, the folder to write; see --help" >&2; exit 2; }
[ -n "$key$key_home" ] || die "a bundle is signed: give --key ID, or --new-key DIR"
[ -z "$key" ] || [ -z "$key_home" ] || die "either --key or --new-key, not both"
[ ! -e "$out" ] || { [ -d "$out" ] && [ -z "$(ls -A "$out")" ]; } || die "$out: there already, and not empty; choose another folder"
[ -z "$packages" ] || [ -d "$packages" ] || die "--packages $packages: no such folder"
[ -z "$sources" ] || [ -s "$sources" ] || die "--sources $sources: not there, or empty"
[ -z "$model" ] || [ -s "$model" ] || die "--model $model: not there, or empty"
for program in apt-get dpkg-deb dpkg-scanpackages gpg gpgv python3 sha256sum; do
  command -v "$program" > /dev/null || die "$program is not here (apt, dpkg-dev, gnupg, gpgv, python3)"
done

part=$out.part
work=$(mktemp -d)
finish() {
  rm -rf "$work"
  [ -z "$key_home" ] || gpgconf --homedir "$key_home" --kill gpg-agent 2> /dev/null || true
}
trap finish EXIT
rm -rf "$part"
mkdir -p "$part"
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -d "$(sed -n 's/^ -- .*>  //p' "$here/debian/changelog" | head -n 1)" +%s)}

step "Our packages"
if [ -z "$packages" ]; then
  (cd "$here/.." && build package packages)
  packages=$here/../build/package/packages
fi
take_packages "$packages"

step "The key"
open_key

step "What they need of Debian"
fetch_dependencies
write_repository

step "Licences and sources"
write_licences
write_sources

step "The model"
if [ "$want_model" = yes ]; then take_model; else say "   None, as --no-model asks"; fi

step "install.sh, SBOM, checksums and their signature"
write_documents
sign_bundle

find "$part" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
[ ! -d "$out" ] || rmdir "$out"
sync "$part"
mv -T "$part" "$out"
last_step_done
say
say "The bundle is $out, $(du -sh "$out" | cut -f1)."
say "It is signed by $fingerprint."
say "Tell this fingerprint to whoever installs it, by another way than the bundle's. There:"
say "  sudo bash install.sh --fingerprint $fingerprint"
