#include "admin-ui/client/credentials.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr std::string_view certificate_mark = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view key_mark = "PRIVATE KEY-----";
constexpr std::string_view encrypted_mark = "ENCRYPTED";

template <class T>
using Loaded = std::expected<T, ConnectFailure>;

std::unexpected<ConnectFailure> fail_with(ConnectFault fault, const std::filesystem::path& file,
                                          std::string_view detail = {}, int64_t time_us = 0) {
  return std::unexpected(ConnectFailure{fault, QString::fromStdString(file.string()), time_us,
                                        QString::fromUtf8(detail.data(), static_cast<qsizetype>(detail.size()))});
}

// The bytes of a file that may hold a key. Neither a pipe nor a device makes it wait.
Loaded<Secret> read_secret_file(const std::filesystem::path& file) {
  if (file.empty()) return fail_with(ConnectFault::file_absent, file);
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == EACCES) return fail_with(ConnectFault::file_denied, file);
  if (!fd) return fail_with(ConnectFault::file_absent, file);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || S_ISDIR(status.st_mode)) return fail_with(ConnectFault::file_is_folder, file);
  if (!S_ISREG(status.st_mode)) return fail_with(ConnectFault::not_a_certificate, file);
  if (status.st_size == 0) return fail_with(ConnectFault::file_empty, file);
  if (status.st_size > static_cast<off_t>(max_pem_bytes)) return fail_with(ConnectFault::file_too_large, file);
  Bytes bytes(static_cast<size_t>(status.st_size));
  size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t size = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    filled += static_cast<size_t>(size);
  }
  bytes.resize(filled);
  return Secret(std::move(bytes));
}

bool holds(const Secret& file, std::string_view mark) {
  return as_text(file.bytes()).find(mark) != std::string_view::npos;
}

// DER begins with a SEQUENCE of a long length; PEM is text.
bool looks_like_der(const Secret& file) {
  const ByteView bytes = file.bytes();
  return bytes.size() > 4 && bytes[0] == 0x30 && bytes[1] >= 0x80;
}

std::vector<Certificate> all_certificates(std::string_view pem) {
  std::vector<Certificate> found;
  for (size_t at = pem.find(certificate_mark); at != std::string_view::npos && found.size() <= max_pkcs12_chain;
       at = pem.find(certificate_mark, at + 1))
    if (auto certificate = Certificate::from_pem(pem.substr(at))) found.push_back(*std::move(certificate));
  return found;
}

struct OwnIdentity {
  Certificate certificate;
  CertificateKey key;
  std::vector<Certificate> chain;
  Passphrase passphrase = Passphrase::not_needed;
};

Loaded<OwnIdentity> from_pkcs12(const std::filesystem::path& file, const Secret& content, const Secret& passphrase) {
  auto read = read_pkcs12(content.bytes(), passphrase);
  if (!read) {
    const Error& error = read.error();
    switch (error.code) {
      case ErrorCode::permission_denied:
        return fail_with(passphrase.bytes().empty() ? ConnectFault::passphrase_needed : ConnectFault::passphrase_wrong,
                         file, error.message);
      case ErrorCode::unsupported:
        return fail_with(ConnectFault::pkcs12_legacy, file, error.message);
      case ErrorCode::not_found:
        return fail_with(ConnectFault::key_absent, file, error.message);
      default:
        return fail_with(ConnectFault::not_a_certificate, file, error.message);
    }
  }
  return OwnIdentity{std::move(read->certificate), std::move(read->key), std::move(read->chain),
                     passphrase.bytes().empty() ? Passphrase::not_needed : Passphrase::used};
}

Loaded<CertificateKey> read_key(const std::filesystem::path& file, const Secret& content, const Secret& passphrase) {
  if (!holds(content, key_mark)) return fail_with(ConnectFault::key_absent, file);
  const bool encrypted = holds(content, encrypted_mark);
  if (encrypted && passphrase.bytes().empty()) return fail_with(ConnectFault::passphrase_needed, file);
  auto key = CertificateKey::from_pem(as_text(content.bytes()), encrypted ? &passphrase : nullptr);
  if (key) return *std::move(key);
  const std::string& message = key.error().message;
  if (message.find("unsupported") != std::string::npos) return fail_with(ConnectFault::key_unusable, file, message);
  return fail_with(encrypted ? ConnectFault::passphrase_wrong : ConnectFault::key_absent, file, message);
}

// The certificate is the one that the key is of; whatever else is in the file are links to the authority.
Loaded<OwnIdentity> from_pem(const CredentialFiles& files, const Secret& content, const Secret& passphrase) {
  std::vector<Certificate> certificates = all_certificates(as_text(content.bytes()));
  if (certificates.empty()) return fail_with(ConnectFault::not_a_certificate, files.certificate);
  const bool key_within = holds(content, key_mark);
  if (!key_within && files.key.empty()) return fail_with(ConnectFault::key_absent, files.certificate);
  const std::filesystem::path& key_file = key_within ? files.certificate : files.key;
  Secret key_content;
  if (!key_within) {
    TRY_ASSIGN(key_content, read_secret_file(key_file));
  }
  const Secret& of_key = key_within ? content : key_content;
  TRY_ASSIGN(CertificateKey key, read_key(key_file, of_key, passphrase));
  const auto own = std::ranges::find_if(certificates, [&](const Certificate& each) { return belongs_to(each, key); });
  if (own == certificates.end()) return fail_with(ConnectFault::key_mismatch, key_file);
  Certificate certificate = std::move(*own);
  certificates.erase(own);
  return OwnIdentity{std::move(certificate), std::move(key), std::move(certificates),
                     holds(of_key, encrypted_mark) ? Passphrase::used : Passphrase::not_needed};
}

Loaded<Certificate> read_authority(const std::filesystem::path& file, std::vector<Certificate>& chain) {
  if (file.empty()) {
    const auto authority = std::ranges::find_if(chain, [](const Certificate& each) { return each.info().is_ca; });
    if (authority == chain.end()) return fail_with(ConnectFault::file_absent, file);
    auto copy = Certificate::from_pem(authority->to_pem());
    if (!copy) return fail_with(ConnectFault::authority_unusable, file, copy.error().message);
    return *std::move(copy);
  }
  TRY_ASSIGN(const Secret content, read_secret_file(file));
  auto authority = Certificate::from_pem(as_text(content.bytes()));
  if (!authority) return fail_with(ConnectFault::authority_unusable, file, authority.error().message);
  if (!authority->info().is_ca) return fail_with(ConnectFault::authority_unusable, file);
  return *std::move(authority);
}

std::expected<void, ConnectFailure> check_use(const CertificateInfo& info, const std::filesystem::path& file) {
  if (info.is_ca || !info.client_use || info.client_name.empty())
    return fail_with(ConnectFault::not_a_client_certificate, file);
  const int64_t now_us = wall_clock_us();
  if (info.not_after_us <= now_us) return fail_with(ConnectFault::certificate_expired, file, {}, info.not_after_us);
  if (info.not_before_us > now_us)
    return fail_with(ConnectFault::certificate_not_yet_valid, file, {}, info.not_before_us);
  return {};
}

}  // namespace

CredentialFiles files_of(const Appliance& appliance) {
  return {appliance.authority.toStdString(), appliance.certificate.toStdString(), appliance.key.toStdString()};
}

std::expected<Credentials, ConnectFailure> load_credentials(const CredentialFiles& files, const Secret& passphrase) {
  TRY_ASSIGN(const Secret content, read_secret_file(files.certificate));
  auto loaded = looks_like_der(content) ? from_pkcs12(files.certificate, content, passphrase)
                                        : from_pem(files, content, passphrase);
  if (!loaded) return std::unexpected(loaded.error());
  OwnIdentity& own = *loaded;
  TRY(check_use(own.certificate.info(), files.certificate));
  TRY_ASSIGN(const Certificate authority, read_authority(files.authority, own.chain));
  const auto context = TlsClientContext::create(authority, TlsIdentity{own.certificate, own.key, own.chain});
  if (!context) return fail_with(ConnectFault::key_unusable, files.certificate, context.error().message);
  return Credentials{*context, own.certificate.info(), own.passphrase};
}

CertificateFileView look_at(const std::filesystem::path& file) {
  const auto content = read_secret_file(file);
  if (!content) return {};
  if (looks_like_der(*content)) return {CertificateForm::pkcs12, true};
  if (!holds(*content, certificate_mark)) return {};
  if (!holds(*content, key_mark)) return {CertificateForm::pem_alone, false};
  return {CertificateForm::pem_with_key, holds(*content, encrypted_mark)};
}

bool is_key_encrypted(const std::filesystem::path& key) {
  const auto content = read_secret_file(key);
  return content && holds(*content, encrypted_mark);
}

bool is_open_to_others(const std::filesystem::path& file) {
  struct stat status{};
  return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0;
}

}  // namespace tijori
