#include "cli/ca/authority.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/file.h>

#include "base/clock.h"

namespace tijori {

namespace fs = std::filesystem;

namespace {

constexpr unsigned private_mode = 0600;
// Clocks of air-gapped machines differ: what was issued a moment ago must not be "not yet valid" there.
constexpr int64_t backdate_us = 3'600'000'000;

Status write_private(const fs::path& file, std::string_view text) {
  return write_file_atomic(file, as_bytes(text), private_mode);
}

Result<UniqueFd> lock_folder(const fs::path& folder) {
  TRY_ASSIGN(UniqueFd fd, open_file(folder / "lock", O_RDWR | O_CREAT | O_CLOEXEC, private_mode));
  if (flock(fd.get(), LOCK_EX) != 0) return fail_errno("flock", (folder / "lock").string());
  return fd;
}

}  // namespace

Status AuthorityFolder::create(const fs::path& folder, std::string_view name, int days, const Secret& passphrase) {
  TRY(make_directories(folder, 0700));
  TRY_ASSIGN(UniqueFd lock, lock_folder(folder));
  for (const char* file : {"ca.key", "ca.crt", "index.json"})
    if (fs::exists(folder / file))
      return fail(ErrorCode::already_exists,
                  (folder / file).string() + ": there is an authority already; choose another folder");
  const int64_t now_us = wall_clock_us();
  CertificateKey key = CertificateKey::generate();
  TRY_ASSIGN(Certificate certificate, make_authority(name, key, now_us - backdate_us, now_us + days * day_us));
  TRY_ASSIGN(const std::string sealed_key, key.to_encrypted_pem(passphrase));
  TRY(make_directories(folder / "issued", 0700));
  TRY(write_private(folder / "ca.key", sealed_key));
  TRY(write_private(folder / "ca.crt", certificate.to_pem()));
  AuthorityFolder made(folder, std::move(lock), std::move(certificate), {});
  made.key_ = std::move(key);
  return made.sign_revocations();
}

Result<AuthorityFolder> AuthorityFolder::open(const fs::path& folder, AuthorityAccess access) {
  const fs::path certificate_file = folder / "ca.crt";
  if (!fs::exists(certificate_file))
    return fail(ErrorCode::not_found,
                folder.string() + ": no authority here; name its folder with --ca, or make one with `tijori-ca init`");
  UniqueFd lock;
  if (access == AuthorityAccess::change) {
    TRY_ASSIGN(lock, lock_folder(folder));
  }
  TRY_ASSIGN(const std::string pem, read_file(certificate_file, max_pem_bytes));
  Result<Certificate> certificate = Certificate::from_pem(pem);
  if (!certificate) return fail(certificate.error().in(certificate_file.string()));
  if (access == AuthorityAccess::change && certificate->info().not_after_us <= wall_clock_us())
    return fail(ErrorCode::invalid_argument, certificate_file.string() + ": the authority expired on " +
                                                 to_rfc3339(certificate->info().not_after_us) +
                                                 "; make a new one with `tijori-ca init` in another folder");
  TRY_ASSIGN(const std::string json, read_file(folder / "index.json", max_index_bytes));
  Result<CertificateIndex> index = parse_index(json);
  if (!index) return fail(index.error().in((folder / "index.json").string()));
  return AuthorityFolder(folder, std::move(lock), *std::move(certificate), *std::move(index));
}

Status AuthorityFolder::unlock(const Secret& passphrase) {
  const fs::path file = folder_ / "ca.key";
  TRY_ASSIGN(const std::string pem, read_file(file, max_pem_bytes));
  Result<CertificateKey> key = CertificateKey::from_pem(pem, &passphrase);
  if (!key) return fail(key.error().in(file.string()));
  if (!belongs_to(certificate_, *key))
    return fail(ErrorCode::corrupted, file.string() + ": not the key of ca.crt beside it");
  key_ = *std::move(key);
  return {};
}

const IssuedCertificate* AuthorityFolder::live(std::string_view name, CertificateKind kind) const {
  const int64_t now_us = wall_clock_us();
  const auto found = std::find_if(index_.certificates.rbegin(), index_.certificates.rend(), [&](const auto& issued) {
    return issued.name == name && issued.kind == kind && issued.live(now_us);
  });
  return found == index_.certificates.rend() ? nullptr : &*found;
}

Result<Certificate> AuthorityFolder::issue(const CertificateKey& subject_key, CertificateOrder order) {
  if (!key_) return fail(ErrorCode::permission_denied, "the authority's key is locked");
  order.not_before_us = std::max(wall_clock_us() - backdate_us, certificate_.info().not_before_us);
  order.not_after_us = std::min(order.not_after_us, certificate_.info().not_after_us);
  TRY_ASSIGN(Certificate certificate, issue_certificate(certificate_, *key_, subject_key, order));
  const CertificateInfo& info = certificate.info();
  index_.certificates.push_back({.serial = info.serial,
                                 .name = order.name,
                                 .kind = order.kind,
                                 .roles = order.role_names,
                                 .dns_names = order.dns_names,
                                 .sha256 = info.sha256,
                                 .not_before_us = info.not_before_us,
                                 .not_after_us = info.not_after_us});
  TRY(save_index());
  return certificate;
}

Result<size_t> AuthorityFolder::revoke(std::string_view name, std::string_view serial, RevocationReason reason) {
  if (!key_) return fail(ErrorCode::permission_denied, "the authority's key is locked");
  const int64_t now_us = wall_clock_us();
  size_t marked = 0;
  for (IssuedCertificate& issued : index_.certificates) {
    if (serial.empty() ? issued.name != name : issued.serial != serial) continue;
    if (!issued.live(now_us)) continue;
    issued.revoked_us = now_us;
    issued.reason = reason;
    ++marked;
  }
  if (marked == 0)
    return fail(ErrorCode::not_found,
                (serial.empty() ? "client \"" + std::string(name) : "serial \"" + std::string(serial)) +
                    "\": no valid certificate; `tijori-ca list` shows what there is");
  TRY(sign_revocations());
  return marked;
}

Status AuthorityFolder::renew_list() {
  if (!key_) return fail(ErrorCode::permission_denied, "the authority's key is locked");
  return sign_revocations();
}

Status AuthorityFolder::save_index() const {
  return write_private(folder_ / "index.json", to_json(index_));
}

// The index first: should the list not be written, the next one will still hold what the index says.
Status AuthorityFolder::sign_revocations() {
  const int64_t now_us = wall_clock_us();
  ++index_.crl_number;
  std::vector<RevokedCertificate> revoked;
  for (const IssuedCertificate& issued : index_.certificates)
    if (issued.revoked_us != 0 && now_us < issued.not_after_us)
      revoked.push_back({issued.serial, issued.revoked_us, issued.reason});
  TRY_ASSIGN(const RevocationList list,
             RevocationList::make(certificate_, *key_, revoked, index_.crl_number, now_us, now_us + crl_days * day_us));
  TRY(save_index());
  return write_private(folder_ / "crl.pem", list.to_pem());
}

}  // namespace tijori
