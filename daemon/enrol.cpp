#include "daemon/enrol.h"

#include <unistd.h>

#include "base/certificate.h"
#include "base/file.h"
#include "daemon/audit_channel.h"
#include "daemon/child_process.h"
#include "daemon/daemon.h"
#include "daemon/known_log.h"
#include "daemon/register.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds record_limit{15'000};
constexpr milliseconds stop_limit{15'000};

}  // namespace

Status enrol_administrator(const Places& places, const std::filesystem::path& certificate_file) {
  TRY_ASSIGN(const std::string pem, read_file(certificate_file, max_pem_bytes));
  const uid_t asker = getuid();
  TRY(make_directories(places.state, 0700));
  TRY(become_owner_of(places.state));
  TRY_ASSIGN(const Certificate certificate, Certificate::from_pem(pem));
  const CertificateInfo& info = certificate.info();
  NewClient client;
  client.name = info.client_name;
  client.certificate_sha256 = info.sha256;
  client.certificate_not_after_us = info.not_after_us;
  for (const std::string& name : info.role_names)
    if (const auto role = role_from_name(name)) client.roles.add(*role);
  if (client.name.empty() || !client.roles.has(Role::operator_))
    return fail(ErrorCode::invalid_argument,
                certificate_file.string() + ": not an administrator's certificate; it needs the role operator");

  TRY_ASSIGN(const UniqueFd lock, prepare_places(places));
  TRY_ASSIGN(const auto clients, Register::open(places.state / "state.db"));
  if (clients->has_administrator())
    return fail(ErrorCode::permission_denied, "there is an administrator already, who adds others: tijori clients add");

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
      places.inner / "audit.sock", [&] { return ensure_audit_process(places, audit_process); }, std::move(draft),
      known_log.get());
  TRY(audit.wait_until_available(record_limit));
  const auto enrolled = clients->enrol_administrator(client);
  audit.stop(milliseconds(0));
  audit_process.stop(stop_limit);
  if (!enrolled) return fail(enrolled.error());
  return {};
}

}  // namespace tijori
