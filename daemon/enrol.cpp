#include "daemon/enrol.h"

#include <optional>

#include <sys/stat.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/file.h"
#include "daemon/audit_channel.h"
#include "daemon/carried_folder.h"
#include "daemon/child_process.h"
#include "daemon/daemon.h"
#include "daemon/known_log.h"
#include "daemon/register.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds record_limit{15'000};
constexpr milliseconds stop_limit{15'000};

constexpr unsigned tls_folder_mode = 0750;

struct Given {
  Certificate certificate;
  std::optional<CarriedFolder> folder;
};

Result<Given> read_given(const std::filesystem::path& given) {
  std::error_code error;
  if (std::filesystem::is_directory(given, error)) {
    TRY_ASSIGN(CarriedFolder folder, CarriedFolder::read(given));
    TRY_ASSIGN(Certificate certificate, Certificate::from_pem(folder.administrator().to_pem()));
    return Given{std::move(certificate), std::move(folder)};
  }
  TRY_ASSIGN(const std::string pem, read_file(given, max_pem_bytes));
  auto certificate = Certificate::from_pem(pem);
  if (!certificate) return fail(certificate.error().in(given.string()));
  return Given{*std::move(certificate), std::nullopt};
}

// The daemon replaces the revocation list in it, so it must be the daemon's own. Root's last act before it becomes the
// daemon's user.
Status prepare_tls_folder(const Places& places) {
  TRY(make_directories(places.tls, tls_folder_mode));
  struct stat state{};
  if (::stat(places.state.c_str(), &state) != 0) return fail_errno("stat", places.state.string());
  if (geteuid() == 0 && ::chown(places.tls.c_str(), state.st_uid, state.st_gid) != 0)
    return fail_errno("chown", places.tls.string());
  return {};
}

// Until there is an administrator nobody can have used what lies there.
Status install(const CarriedFolder& folder, const Places& places) {
  TRY(folder.install(places.tls));
  return sync_directory(places.tls);
}

}  // namespace

Result<Enrolment> enrol_administrator(const Places& places, const std::filesystem::path& given) {
  TRY_ASSIGN(const Given read, read_given(given));
  const uid_t asker = getuid();
  TRY(make_directories(places.state, 0700));
  if (read.folder) TRY(prepare_tls_folder(places));
  TRY(become_owner_of(places.state));
  const CertificateInfo& info = read.certificate.info();
  NewClient client;
  client.name = info.client_name;
  client.certificate_sha256 = info.sha256;
  client.certificate_not_after_us = info.not_after_us;
  for (const std::string& name : info.role_names)
    if (const auto role = role_from_name(name)) client.roles.add(*role);
  if (client.name.empty() || !client.roles.has(Role::operator_))
    return fail(ErrorCode::invalid_argument,
                given.string() + ": not an administrator's certificate; it needs the role operator");

  TRY_ASSIGN(const UniqueFd lock, prepare_places(places, command_patience));
  TRY_ASSIGN(const auto clients, Register::open(places.state / "state.db"));
  if (clients->has_administrator())
    return fail(ErrorCode::permission_denied, "there is an administrator already, who adds others: tijori clients add");
  if (read.folder) TRY(install(*read.folder, places));

  AuditDraft draft;
  draft.event = "client.enrolled";
  draft.outcome = "ok";
  draft.actor_type = "system";
  draft.peer_uid = asker;
  draft.detail.set("certificate", info.sha256);
  draft.detail.set("roles", int64_t{client.roles.bits()});
  TRY_ASSIGN(const auto known_log, KnownLog::open(*clients));
  ChildProcess audit_process;
  AuditChannel audit(
      audit_socket(places), [&] { return ensure_audit_process(places, audit_process); }, std::move(draft),
      known_log.get());
  TRY(audit.wait_until_available(record_limit));
  const auto enrolled = clients->enrol_administrator(client);
  audit.stop(milliseconds(0));
  audit_process.stop(stop_limit);
  if (!enrolled) return fail(enrolled.error());
  return Enrolment{info, read.folder ? places.tls : std::filesystem::path()};
}

}  // namespace tijori
