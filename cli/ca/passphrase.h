// Where a passphrase comes from: a file, a descriptor, or the terminal, where it is not shown. Never an argument or the
// environment, which other programs can read.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

struct PassphraseSource {
  std::string file;
  int descriptor = -1;
};

enum class PassphraseUse {
  open,    // asked once
  choose,  // asked twice on the terminal, and held against the limits of base/certificate.h
};

// The first line, without its line end.
Result<Secret> read_passphrase(const PassphraseSource& source, std::string_view prompt, PassphraseUse use);

}  // namespace tijori
