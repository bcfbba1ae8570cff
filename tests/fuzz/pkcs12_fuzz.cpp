// An administrator's certificate file, as it may come from anywhere.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Deep key derivation is a matter of time alone: base/certificate.h says how much is taken.
  const tijori::ByteView file(data, size);
  const std::string_view passphrase = "open-sesame";
  const auto bytes = tijori::as_bytes(passphrase);
  (void)tijori::read_pkcs12(file, tijori::Secret(tijori::Bytes(bytes.begin(), bytes.end())));
  (void)tijori::read_pkcs12(file, tijori::Secret());
  return 0;
}
