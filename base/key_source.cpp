#include "base/key_source.h"

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

namespace tijori {
namespace {

// A sealed credential is Base64 of a structure that begins with 16 bytes: the kind of its key (systemd,
// src/shared/creds-util.h). 126 bits of them are these 21 digits.
struct Seal {
  std::string_view digits;
  std::string_view to;
};
constexpr Seal seals[] = {
    {"Whxqht+dQJax1aZeCGLxm", "host"},       // CRED_AES256_GCM_BY_HOST
    {"DHzAexF2RZGcSwvqCLwg/", "tpm2"},       // …_BY_TPM2_HMAC
    {"+vfrk0HjQSyhpDb5Wik2L", "tpm2"},       // …_BY_TPM2_HMAC_WITH_PK
    {"k6iUCUh0RJCQyvL8k8q1U", "host+tpm2"},  // …_BY_HOST_AND_TPM2_HMAC
    {"r0lQqEkTTrGnOEYwT/MMB", "host+tpm2"},  // …_BY_HOST_AND_TPM2_HMAC_WITH_PK
    {"BYRp2vb1QySABUnaD46i+", "null"},       // …_BY_NULL
};

std::optional<std::string> seal_of(const std::filesystem::path& sealed) {
  const Result<UniqueFd> fd = open_file(sealed, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (!fd) return std::nullopt;
  std::array<char, 64> head{};
  const ssize_t size = ::read(fd->get(), head.data(), head.size());
  const std::string_view text(head.data(), size > 0 ? static_cast<size_t>(size) : 0);
  for (const Seal& seal : seals)
    if (text.starts_with(seal.digits)) return std::string(seal.to);
  return std::nullopt;
}

}  // namespace

KeySource find_key(const std::string& name, const std::filesystem::path& file, const SealedFolders& folders) {
  KeySource key{file, name, "file", ""};
  const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (credentials == nullptr) return key;
  const std::filesystem::path handed_over = std::filesystem::path(credentials) / name;
  std::error_code ignored;
  if (!std::filesystem::exists(handed_over, ignored)) return key;
  key.path = handed_over;
  key.from = "credential";
  for (const auto& folder : {folders.system, folders.runtime}) {
    const auto seal = seal_of(folder / name);
    if (!seal) continue;
    key.sealed_to = *seal;
    break;
  }
  return key;
}

}  // namespace tijori
