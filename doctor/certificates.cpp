#include "doctor/certificates.h"

#include <algorithm>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr int64_t day_us = int64_t{86'400} * 1'000'000;
constexpr int64_t certificate_warning_us = 30 * day_us;
// A new authority means new certificates for everybody.
constexpr int64_t authority_warning_us = 90 * day_us;

std::optional<Certificate> read_certificate_of(const std::filesystem::path& file, SubjectReport& report) {
  const auto pem = read_file(file, max_pem_bytes);
  if (!pem && pem.error().code == ErrorCode::not_found) {
    report.find("certificate-missing", Severity::error, file.string() + " isn't there.");
    return std::nullopt;
  }
  if (!pem) {
    report.miss(file.string(), pem.error());
    return std::nullopt;
  }
  auto certificate = Certificate::from_pem(*pem);
  if (certificate) return *std::move(certificate);
  report.find("certificate-unusable", Severity::error, file.string() + ": " + certificate.error().message + ".");
  return std::nullopt;
}

struct Term {
  const char* code;
  int64_t warning_us;
};

void judge_term(const std::filesystem::path& file, const CertificateInfo& info, Term term, const Machine& machine,
                SubjectReport& report) {
  if (info.not_after_us - machine.now_us >= term.warning_us) return;
  const bool has_ended = info.not_after_us < machine.now_us;
  report.find(term.code, has_ended ? Severity::error : Severity::warning,
              file.string() + (has_ended ? " ended at " : " ends at ") + to_rfc3339(info.not_after_us) + ".");
}

void judge_revocation_list(const std::filesystem::path& file, const Machine& machine, SubjectReport& report) {
  const auto pem = read_file(file, max_crl_bytes);
  if (!pem) {
    // It is there once somebody was revoked.
    if (pem.error().code != ErrorCode::not_found) report.miss(file.string(), pem.error());
    return;
  }
  const auto list = RevocationList::from_pem(*pem);
  if (!list)
    report.find("certificate-unusable", Severity::error, file.string() + ": " + list.error().message + ".");
  else if (list->next_update_us() > 0 && list->next_update_us() < machine.now_us)
    report.find(
        "crl-stale", Severity::warning,
        file.string() + " was due for renewal at " + to_rfc3339(list->next_update_us()) + "; it is still enforced.");
}

void judge_key(const std::filesystem::path& file, SubjectReport& report) {
  struct stat info{};
  // It isn't there when it is sealed, and that a service alone is handed it isn't to be seen from outside.
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0)
    report.find("key-exposed", Severity::error, file.string() + ": every account of this machine may read it.");
}

bool is_for_localhost(const CertificateInfo& info) {
  return info.server_use && std::ranges::find(info.dns_names, "localhost") != info.dns_names.end();
}

}  // namespace

SubjectReport examine_certificates(const Machine& machine) {
  SubjectReport report("certificates");
  struct stat info{};
  if (::stat(machine.tls.c_str(), &info) == 0 && ::access(machine.tls.c_str(), X_OK) != 0) {
    report.miss(report.subject, fail_errno("open", machine.tls.string()).error());
    return report;
  }
  if (const auto authority = read_certificate_of(machine.tls / "ca.crt", report))
    judge_term(machine.tls / "ca.crt", authority->info(), {"authority-expiring", authority_warning_us}, machine,
               report);
  const auto server_file = machine.tls / "server.crt";
  if (const auto server = read_certificate_of(server_file, report)) {
    judge_term(server_file, server->info(), {"certificate-expiring", certificate_warning_us}, machine, report);
    if (!is_for_localhost(server->info()))
      report.find("certificate-unusable", Severity::error,
                  server_file.string() + ": no certificate of a server called localhost.");
  }
  judge_revocation_list(machine.tls / "crl.pem", machine, report);
  judge_key(machine.tls / "server.key", report);
  return report;
}

SubjectReport examine_client_certificate(const std::filesystem::path& file, const Machine& machine) {
  SubjectReport report("client certificate");
  const auto pem = read_file(file, max_pem_bytes);
  if (!pem) {
    report.miss(report.subject, pem.error());
    return report;
  }
  const auto certificate = Certificate::from_pem(*pem);
  if (!certificate)
    report.find("client-certificate-unusable", Severity::error,
                file.string() + ": " + certificate.error().message + ".");
  else
    judge_term(file, certificate->info(), {"client-certificate-expiring", certificate_warning_us}, machine, report);
  return report;
}

}  // namespace tijori
