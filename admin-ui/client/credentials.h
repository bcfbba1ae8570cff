// An administrator's certificate and key from their files: PKCS#12, or PEM with the key in the same file or another,
// encrypted or not. Whatever is secret is wiped as soon as the key is decoded; the key itself lives in the TLS context
// alone, which the connections of a session share. No window here; blocking (key derivation takes its time), so called
// in a worker thread.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>

#include "admin-ui/client/connect_failure.h"
#include "base/certificate.h"
#include "base/crypto.h"
#include "protocol/client/tls_connection.h"

namespace tijori {

struct CredentialFiles {
  std::filesystem::path authority;    // PEM; may be empty when the PKCS#12 file holds the CA too
  std::filesystem::path certificate;  // PEM or PKCS#12
  std::filesystem::path key;          // PEM; empty when the certificate's file holds it
};
CredentialFiles files_of(const Appliance& appliance);

enum class Passphrase : uint8_t { used, not_needed };

struct Credentials {
  std::shared_ptr<const TlsClientContext> context;
  CertificateInfo certificate;
  Passphrase passphrase = Passphrase::not_needed;  // whether the file could not be read without one
};

std::expected<Credentials, ConnectFailure> load_credentials(const CredentialFiles& files, const Secret& passphrase);

// What can be said of a file without any passphrase, for a form. Reads at most 256 KiB.
enum class CertificateForm : uint8_t { unknown, pkcs12, pem_with_key, pem_alone };
struct CertificateFileView {
  CertificateForm form = CertificateForm::unknown;
  bool key_encrypted = false;  // of pem_with_key; always of pkcs12
};
CertificateFileView look_at(const std::filesystem::path& file);
bool is_key_encrypted(const std::filesystem::path& key);

// A file with a key that others on this machine may read: its permissions should be 0600.
bool is_open_to_others(const std::filesystem::path& file);

}  // namespace tijori
