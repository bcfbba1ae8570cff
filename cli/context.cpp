#include "cli/context.h"

#include <cstdlib>

#include "base/certificate.h"
#include "cli/ca/passphrase.h"

namespace tijori {

namespace {

std::filesystem::path environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::filesystem::path() : std::filesystem::path(value);
}

Status check_there(const std::filesystem::path& file, std::string_view option) {
  std::error_code error;
  if (std::filesystem::exists(file, error)) return {};
  if (error.value() == EACCES) return fail(ErrorCode::permission_denied, file.string() + ": not readable by this user");
  return fail(ErrorCode::not_found, file.string() + ": not there; give " + std::string(option) +
                                        ", or --profile with the folder of ca.crt, client.crt and client.key");
}

Result<bool> is_encrypted(const std::filesystem::path& key) {
  TRY_ASSIGN(std::string pem, read_file(key, max_pem_bytes));
  const bool encrypted = pem.find("ENCRYPTED") != std::string::npos;
  wipe({reinterpret_cast<uint8_t*>(pem.data()), pem.size()});
  return encrypted;
}

}  // namespace

Exit exit_of(const ClientError& error) {
  switch (error.error.code) {
    case ErrorCode::permission_denied:
    case ErrorCode::unauthenticated:
      return Exit::not_permitted;
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
      return error.http_status == 0 ? Exit::unreachable : Exit::failed;
    default:
      return Exit::failed;
  }
}

std::filesystem::path Context::model_store() const {
  return root.empty() ? std::filesystem::path("/var/lib/tijori/models") : std::filesystem::path(root) / "models";
}

std::filesystem::path Context::run_folder() const {
  if (!run.empty()) return run;
  return root.empty() ? std::filesystem::path("/run/tijori") : std::filesystem::path(root) / "run";
}

std::filesystem::path Context::profile_folder() const {
  if (!profile.empty()) return profile;
  if (!root.empty()) return std::filesystem::path(root) / "client";
  const auto config = environment("XDG_CONFIG_HOME");
  return (config.empty() ? environment("HOME") / ".config" : config) / "tijori";
}

std::filesystem::path Context::certificate_file() const {
  return certificate.empty() ? profile_folder() / "client.crt" : std::filesystem::path(certificate);
}

Answer<HttpClient> Context::connect(const char* socket) const {
  const auto folder = profile_folder();
  ClientOptions options;
  options.socket = run_folder() / socket;
  options.files.authority = authority.empty() ? folder / "ca.crt" : std::filesystem::path(authority);
  options.files.certificate = certificate_file();
  options.files.key = key.empty() ? folder / "client.key" : std::filesystem::path(key);
  TRY(check_there(options.files.authority, "--ca"));
  TRY(check_there(options.files.certificate, "--cert"));
  TRY(check_there(options.files.key, "--key"));
  Secret passphrase;
  TRY_ASSIGN(const bool encrypted, is_encrypted(options.files.key));
  if (encrypted) {
    TRY_ASSIGN(passphrase, read_passphrase({passphrase_file, -1}, "Passphrase of " + options.files.key.string(),
                                           PassphraseUse::open));
    options.files.passphrase = &passphrase;
  }
  return HttpClient::create(std::move(options));
}

}  // namespace tijori
