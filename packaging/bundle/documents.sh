# What goes with the packages: licences, sources, the model, install.sh, SBOM. To be sourced by packaging/bundle.sh.
# shellcheck shell=bash disable=SC2154

# copyright_of FILE: the copyright file of a package; where its folder of documents is another package's, that one's.
copyright_of() {
  local package target file
  package=$(dpkg-deb -f "$1" Package)
  if dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/share/doc/$package/copyright" 2> /dev/null | grep ''; then return; fi
  target=$(dpkg-deb --fsys-tarfile "$1" | tar -tv | sed -n 's#.* \./usr/share/doc/##p' |
    awk -v name="$package" '$2 == "->" && ($1 == name || $1 == name "/copyright") { print $3; exit }')
  target=${target%/copyright}
  for file in "$part/apt/pool/${target##*/}"_*.deb; do
    if [ -n "$target" ] && [ -e "$file" ]; then
      copyright_of "$file"
      return
    fi
  done
  die "   $(basename "$1"): it has no copyright file"
}

write_licences() {
  local file package
  mkdir -p "$part/licences/common"
  for file in "$part"/apt/pool/*.deb; do
    package=$(dpkg-deb -f "$file" Package)
    copyright_of "$file" > "$part/licences/$package.copyright"
  done
  # The texts that they point to.
  for file in /usr/share/common-licenses/*; do
    [ -L "$file" ] || install -m 0644 "$file" "$part/licences/common/"
  done
  say "   $(find "$part/licences" -maxdepth 1 -name '*.copyright' | wc -l) packages' licence texts in licences/"
}

# source_of FILE: the source package and its version.
source_of() {
  local source version
  source=$(dpkg-deb -f "$1" Source)
  version=$(dpkg-deb -f "$1" Version)
  if [ -z "$source" ]; then source=$(dpkg-deb -f "$1" Package); fi
  if [[ $source = *' ('*')' ]]; then
    version=${source##* (}
    version=${version%)}
    source=${source%% (*}
  fi
  echo "$source $version"
}

write_sources() {
  local file source version
  for file in "$part"/apt/pool/*.deb; do
    case $(basename "$file") in tijori_* | tijori-console_*) ;; *) source_of "$file" ;; esac
  done | sort -u > "$work/sources"
  {
    echo "The exact sources of the Debian packages in apt/pool$([ "$with_sources" = no ] || echo ", which lie in sources/")."
    echo
    while read -r source version; do
      echo "$source $version https://snapshot.debian.org/package/$source/$version/"
    done < "$work/sources"
  } > "$part/sources.txt"
  say "   $(wc -l < "$work/sources") sources, listed in sources.txt"
  [ "$with_sources" = yes ] || return 0
  mkdir -p "$part/sources"
  while read -r source version; do
    (cd "$part/sources" && apt_fetching source --download-only "$source=$version") > "$work/output" 2>&1 ||
      { tail -n 3 "$work/output" >&2; die "   The source of $source $version can't be fetched."; }
  done < "$work/sources"
  # From a mirror on this machine's disk, apt makes links.
  for file in "$part"/sources/*; do
    [ ! -L "$file" ] || cp --remove-destination "$(realpath "$file")" "$file"
  done
  chmod 644 "$part"/sources/*
  say "   $(du -sh "$part/sources" | cut -f1) of sources in sources/"
}

# The model that is given, or the demo model, made by the engine that is packed.
take_model() {
  local name
  mkdir -p "$part/model"
  if [ -n "$model" ]; then
    name=$(basename "$model" | tr -c 'A-Za-z0-9._\n-' -)
    install -m 0644 "$model" "$part/model/${name#[.-]}"
    say "   $name; its licence is for you to check"
    return
  fi
  local folder=$here/../build/demo
  dpkg-deb --extract "$(echo "$part"/apt/pool/tijori_*.deb)" "$work/appliance"
  demo_model "$folder" "$work/appliance/usr/libexec/tijori/tijori-engine" ||
    die "   The demo model can't be made: give another with --model FILE, or --no-model."
  install -m 0644 "$folder/smollm2-llama4-layout.gguf" "$part/model/demo.gguf"
  cat > "$part/model/NOTICE.txt" << NOTICE
demo.gguf is SmolLM2-135M-Instruct by Hugging Face, quantised to Q4_1, its tensors in the layout of Llama 4 so that the same
engine runs it. It is small, and shows that an appliance works; its answers are those of a small model. It is not a Llama
model. Licensed under the Apache License, Version 2.0: licences/common/Apache-2.0. https://huggingface.co/HuggingFaceTB
NOTICE
  say "   SmolLM2-135M-Instruct (Apache-2.0) in the Llama 4 layout, as model/demo.gguf"
}

write_documents() {
  cat "$here"/bundle/install/*.sh > "$part/install.sh"
  chmod 755 "$part/install.sh"
  install -m 0644 "$here/bundle/README.txt" "$part/README.txt"
  install -m 0644 "$here/../docs/install.md" "$part/install.md"
  python3 "$here/bundle/sbom.py" "$part" > "$part/sbom.spdx.json"
}
