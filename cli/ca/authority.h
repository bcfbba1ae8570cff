// An authority as a folder: ca.crt, ca.key (encrypted), index.json, crl.pem, issued/. Everything is 0600 in a 0700
// folder, written in one step each. One process works in it at a time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/certificate.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/ca/index.h"

namespace tijori {

inline constexpr int64_t day_us = 86'400'000'000;
inline constexpr int max_days = 36'500;
inline constexpr int crl_days = 90;  // until the next list is due; a late list is still enforced

enum class AuthorityAccess { read, change };

class AuthorityFolder {
 public:
  // Makes the folder's authority; already_exists when there is one. An empty revocation list is signed too.
  static Status create(const std::filesystem::path& folder, std::string_view name, int days, const Secret& passphrase);
  // `change` waits for other processes and refuses an expired authority.
  static Result<AuthorityFolder> open(const std::filesystem::path& folder, AuthorityAccess access);

  // permission_denied for a wrong passphrase.
  Status unlock(const Secret& passphrase);

  const Certificate& certificate() const { return certificate_; }
  const CertificateIndex& index() const { return index_; }
  const std::filesystem::path& folder() const { return folder_; }
  // The youngest certificate of that name and kind that is neither revoked nor expired.
  const IssuedCertificate* live(std::string_view name, CertificateKind kind) const;

  // These need unlock(). The certificate is in the index, on the disk, before it is returned. Its end is cut to the
  // authority's own.
  Result<Certificate> issue(const CertificateKey& subject_key, CertificateOrder order);
  // Marks by name (all live ones) or by serial, and signs a new list. Returns how many were marked.
  Result<size_t> revoke(std::string_view name, std::string_view serial, RevocationReason reason);
  // The same list as before, good for another 90 days.
  Status renew_list();

 private:
  AuthorityFolder(std::filesystem::path folder, UniqueFd lock, Certificate certificate, CertificateIndex index)
      : folder_(std::move(folder)),
        lock_(std::move(lock)),
        certificate_(std::move(certificate)),
        index_(std::move(index)) {}
  Status save_index() const;
  Status sign_revocations();

  std::filesystem::path folder_;
  UniqueFd lock_;
  Certificate certificate_;
  CertificateIndex index_;
  std::optional<CertificateKey> key_;
};

}  // namespace tijori
