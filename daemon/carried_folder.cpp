#include "daemon/carried_folder.h"

#include <algorithm>

#include "base/clock.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr unsigned private_mode = 0600;
constexpr unsigned public_mode = 0644;

std::unexpected<Error> refuse(const std::filesystem::path& file, std::string_view why) {
  return fail(ErrorCode::invalid_argument, file.string() + ": " + std::string(why));
}

Status check_time(const Certificate& certificate, const std::filesystem::path& file) {
  const int64_t now_us = wall_clock_us();
  const CertificateInfo& info = certificate.info();
  if (info.not_after_us <= now_us) return refuse(file, "expired on " + to_rfc3339(info.not_after_us));
  if (info.not_before_us > now_us)
    return refuse(file, "valid only from " + to_rfc3339(info.not_before_us) + "; is the clock of this machine right?");
  return {};
}

Result<Certificate> read_issued(const std::filesystem::path& file, const Certificate& authority, std::string& pem) {
  TRY_ASSIGN(pem, read_file(file, max_pem_bytes));
  auto certificate = Certificate::from_pem(pem);
  if (!certificate) return fail(certificate.error().in(file.string()));
  if (!is_issued_by(*certificate, authority)) return refuse(file, "not issued by the authority of ca.crt beside it");
  TRY(check_time(*certificate, file));
  return certificate;
}

Result<Secret> read_server_key(const std::filesystem::path& file, const Certificate& server) {
  TRY_ASSIGN(std::string text, read_file(file, max_pem_bytes));
  const ByteView bytes = as_bytes(text);
  Secret pem(Bytes(bytes.begin(), bytes.end()));
  wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
  const auto key = CertificateKey::from_pem(as_text(pem.bytes()), nullptr);
  if (!key) return fail(key.error().in(file.string()));
  if (!belongs_to(server, *key)) return refuse(file, "not the key of server.crt beside it");
  return pem;
}

}  // namespace

Result<CarriedFolder> CarriedFolder::read(const std::filesystem::path& folder) {
  const auto authority_file = folder / carried::authority;
  TRY_ASSIGN(std::string authority_pem, read_file(authority_file, max_pem_bytes));
  const auto authority = Certificate::from_pem(authority_pem);
  if (!authority) return fail(authority.error().in(authority_file.string()));
  if (!authority->info().is_ca) return refuse(authority_file, "not the certificate of an authority");
  TRY(check_time(*authority, authority_file));

  std::string administrator_pem;
  const auto administrator_file = folder / carried::administrator;
  TRY_ASSIGN(Certificate administrator, read_issued(administrator_file, *authority, administrator_pem));
  const CertificateInfo& info = administrator.info();
  if (!info.client_use || info.client_name.empty() ||
      std::ranges::find(info.role_names, "operator") == info.role_names.end())
    return refuse(administrator_file, "not an administrator's certificate; it needs the role operator");

  CarriedFolder read(std::move(administrator));
  const auto server_file = folder / carried::server;
  TRY_ASSIGN(const Certificate server, read_issued(server_file, *authority, read.server_pem_));
  if (!server.info().server_use ||
      std::ranges::find(server.info().dns_names, "localhost") == server.info().dns_names.end())
    return refuse(server_file, "not a server's certificate for localhost; issue it with tijori-ca issue --server");
  TRY_ASSIGN(read.server_key_, read_server_key(folder / carried::server_key, server));

  const auto list_file = folder / carried::revocations;
  TRY_ASSIGN(read.revocations_pem_, read_file(list_file, max_crl_bytes));
  const auto list = RevocationList::from_pem(read.revocations_pem_);
  if (!list) return fail(list.error().in(list_file.string()));
  if (!list->signed_by(*authority)) return refuse(list_file, "not signed by the authority of ca.crt beside it");
  if (list->revokes(read.administrator_.native()) || list->revokes(server.native()))
    return refuse(list_file, "it revokes a certificate beside it; issue another");
  read.authority_pem_ = std::move(authority_pem);
  return read;
}

Status CarriedFolder::install(const std::filesystem::path& tls) const {
  TRY(write_file_atomic(tls / "server.key", server_key_.bytes(), private_mode));
  TRY(write_file_atomic(tls / "server.crt", as_bytes(server_pem_), public_mode));
  TRY(write_file_atomic(tls / "crl.pem", as_bytes(revocations_pem_), public_mode));
  return write_file_atomic(tls / "ca.crt", as_bytes(authority_pem_), public_mode);
}

}  // namespace tijori
