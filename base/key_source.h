// Where a key of a program lies: in a file, or handed over by the service manager as a credential, and what that
// credential was sealed to.
#pragma once

#include <filesystem>
#include <string>

namespace tijori {

struct KeySource {
  std::filesystem::path path;  // to read it from
  std::string name;            // "tls-server.key": the credential's, also of a key that comes from a file
  std::string from;            // "file" or "credential"
  // Of a credential: host, tpm2, host+tpm2, or null (no secret at all); "" when that can't be told.
  std::string sealed_to;
};

// What systemd looks through for sealed credentials.
struct SealedFolders {
  std::filesystem::path system = "/etc/credstore.encrypted";
  std::filesystem::path runtime = "/run/credstore.encrypted";
};

// The credential of that name in $CREDENTIALS_DIRECTORY, else the file. systemd doesn't tell a service whether what it
// handed over had been sealed: the sealed form says so itself, where the service may read it.
KeySource find_key(const std::string& name, const std::filesystem::path& file, const SealedFolders& folders = {});

}  // namespace tijori
