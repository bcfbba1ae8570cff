#include <cstdio>

#include "base/clock.h"
#include "cli/ca/verbs.h"
#include "protocol/role.h"

namespace tijori {

namespace {

Status check_roles(const IssueOptions& options) {
  if (options.server && !options.roles.empty())
    return fail(ErrorCode::invalid_argument, "--role: a server certificate has no roles");
  if (!options.server && options.roles.empty())
    return fail(ErrorCode::invalid_argument, "--role: a client certificate needs at least one");
  for (const std::string& role : options.roles) {
    if (role_from_name(role)) continue;
    std::string known;
    for (const Role each : all_roles) known.append(known.empty() ? "" : ", ").append(name_of(each));
    return fail(ErrorCode::invalid_argument,
                std::string("--role \"").append(role).append("\": unknown; there are ").append(known));
  }
  return {};
}

struct NewFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path pkcs12;
};

// Checked before anything is signed, so that no certificate is issued that can't be written.
Result<NewFiles> choose_files(const AuthorityFolder& authority, const IssueOptions& options) {
  const std::filesystem::path out = options.out.empty() ? authority.folder() / "issued" : options.out;
  TRY(make_directories(out, 0700));
  NewFiles files{out / (options.name + ".crt"), out / (options.name + ".key"), out / (options.name + ".p12")};
  if (options.force) return files;
  for (const auto& file : {files.certificate, files.key, files.pkcs12})
    if (std::filesystem::exists(file))
      return fail(ErrorCode::already_exists, file.string() + ": there already; choose another --out, or --force");
  return files;
}

Result<CertificateKey> subject_key(const IssueOptions& options) {
  if (options.csr.empty()) return CertificateKey::generate();
  TRY_ASSIGN(const std::string pem, read_file(options.csr, max_pem_bytes));
  Result<CertificateKey> key = read_certificate_request(pem);
  if (!key) return fail(key.error().in(options.csr.string()));
  return key;
}

}  // namespace

Status issue_to_files(AuthorityFolder& authority, const IssueOptions& options, CertificateOrder order) {
  if (!options.csr.empty() && !options.pkcs12_passphrase_file.empty())
    return fail(ErrorCode::invalid_argument,
                "--pkcs12-passphrase-file: with --csr the private key is not here to pack");
  TRY_ASSIGN(const NewFiles files, choose_files(authority, options));
  TRY_ASSIGN(const CertificateKey key, subject_key(options));
  TRY_ASSIGN(const Secret passphrase,
             read_passphrase(options.passphrase, "Passphrase of the authority's key", PassphraseUse::open));
  TRY(authority.unlock(passphrase));

  const int64_t wanted_end_us = wall_clock_us() + options.days * day_us;
  order.not_after_us = wanted_end_us;
  TRY_ASSIGN(const Certificate certificate, authority.issue(key, std::move(order)));
  TRY(write_file_atomic(files.certificate, as_bytes(certificate.to_pem()), 0600));
  if (options.csr.empty()) TRY(write_file_atomic(files.key, key.to_pem().bytes(), 0600));
  if (!options.pkcs12_passphrase_file.empty()) {
    TRY_ASSIGN(const Secret secret, read_passphrase({options.pkcs12_passphrase_file, -1}, "", PassphraseUse::choose));
    TRY_ASSIGN(const Bytes bundle, make_pkcs12(certificate, key, authority.certificate(), secret));
    TRY(write_file_atomic(files.pkcs12, bundle, 0600));
  }
  const CertificateInfo& info = certificate.info();
  std::printf("certificate  %s\n", files.certificate.c_str());
  if (options.csr.empty()) std::printf("key          %s\n", files.key.c_str());
  if (!options.pkcs12_passphrase_file.empty()) std::printf("PKCS#12      %s\n", files.pkcs12.c_str());
  std::printf("serial       %s\nsha256       %s\nvalid until  %s\n", info.serial.c_str(), info.sha256.c_str(),
              to_rfc3339(info.not_after_us).c_str());
  if (info.not_after_us / 1'000'000 < wanted_end_us / 1'000'000)
    std::fprintf(stderr, "tijori-ca: note: valid for less than %d days, since the authority ends then\n", options.days);
  return {};
}

Status run_issue(const IssueOptions& options) {
  TRY(check_client_name(options.name));
  TRY(check_roles(options));
  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(options.ca, AuthorityAccess::change));
  CertificateOrder order;
  order.kind = options.server ? CertificateKind::server : CertificateKind::client;
  order.name = options.name;
  order.role_names = options.roles;
  order.dns_names = options.dns_names;
  // The name every client of the daemon asks for.
  if (options.server) order.dns_names.insert(order.dns_names.begin(), "localhost");
  if (!options.force && authority.live(options.name, order.kind) != nullptr)
    return fail(ErrorCode::already_exists,
                "\"" + options.name + "\" has a valid certificate: use `tijori-ca renew`, or --force for another");
  return issue_to_files(authority, options, std::move(order));
}

}  // namespace tijori
