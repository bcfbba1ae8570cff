#include "cli/doctor_daemon.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/socket.h"
#include "base/user.h"
#include "doctor/certificates.h"
#include "doctor/process.h"
#include "doctor/sockets.h"
#include "doctor/text.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {
namespace {

constexpr const char* subject = "what the daemon says";

bool has_found(const Examination& examination, std::string_view code) {
  return std::ranges::find(examination.findings, code, &Condition::code) != examination.findings.end();
}

// A member by /etc/group whose login is older than the membership.
bool is_member_since_login(const Machine& machine, const char* group) {
  const auto groups = read_kernel_text(machine.etc / "group");
  const passwd* const account = ::getpwuid(::geteuid());
  return groups && account != nullptr && is_group_member(*groups, group, account->pw_name);
}

SubjectReport tell_no_access(const Machine& machine, const std::filesystem::path& socket) {
  SubjectReport report(subject);
  const std::string account = user_text(::geteuid());
  // An application's account has no business there.
  if (::access((machine.run / "api.sock").c_str(), W_OK) == 0) {
    report.miss(subject,
                account + " may connect to api.sock, but not to " + socket.string() + " (members of tijori-admin may)");
    return report;
  }
  report.miss(subject, "this account may not connect");
  std::string message = account + " may not connect to " + socket.string() + ".";
  for (const char* group : {"tijori-admin", "tijori-api"})
    if (is_member_since_login(machine, group))
      message += " It was added to " + std::string(group) + " after it logged in: log out and in again.";
  report.find("not-in-group", Severity::warning, message);
  return report;
}

SubjectReport tell_unreached(const Machine& machine, const std::filesystem::path& socket, const Error& error) {
  if (error.code == ErrorCode::permission_denied) return tell_no_access(machine, socket);
  SubjectReport report(subject);
  report.miss(subject, "it isn't reached");
  if (error.code == ErrorCode::not_found)
    report.find("socket-missing", Severity::error, socket.string() + " isn't there.");
  else
    report.find("daemon-away", Severity::error, "The daemon can't be reached: " + error.message + ".");
  return report;
}

SubjectReport tell_unanswered(const ClientError& error) {
  SubjectReport report(subject);
  report.miss(subject, error.error.message);
  const auto found = [&](const char* code, const char* what) {
    report.find(code, Severity::error, what + error.error.message);
  };
  if (error.http_status == 403) return report;  // nothing is wrong: these roles don't read the status
  switch (error.fault) {
    case TransportFault::certificate_required:
    case TransportFault::authority_unknown:
    case TransportFault::expired:
    case TransportFault::revoked:
    case TransportFault::wrong_usage:
    case TransportFault::not_usable:
      found("client-refused", "The daemon refuses this client: ");
      break;
    case TransportFault::server_unproven:
      found("server-unproven", "Who answers can't prove to be the appliance: ");
      break;
    case TransportFault::server_expired:
      found("certificate-expiring", "The appliance's certificate has ended: ");
      break;
    default:
      if (error.error.code == ErrorCode::unauthenticated)
        found("client-refused", "The daemon refuses this client: ");
      else
        found("daemon-away", "The daemon gives no answer: ");
  }
  return report;
}

bool runs(const Machine& machine) {
  const auto processes = service_processes(machine);
  return !processes || std::ranges::any_of(*processes, [](const ServiceProcess& each) {
    return each.name.starts_with("tijorid.service");
  });
}

bool is_given(const Context& context) {
  return !context.profile.empty() || !context.certificate.empty();
}

}  // namespace

void ask_daemon(const Context& context, const Machine& machine, Examination& examination) {
  const auto miss = [&](std::string why) {
    SubjectReport report(subject);
    report.miss(subject, std::move(why));
    examination.take(std::move(report));
  };
  // Where systemd listens, connecting would start a daemon that can't run yet.
  if (has_found(examination, "certificate-missing")) return miss("the appliance isn't set up");
  const auto socket = machine.run / "admin.sock";
  struct stat info{};
  if (::stat(socket.c_str(), &info) != 0 && errno == ENOENT) return miss(socket.string() + " isn't there");
  // An operator who stopped it has a reason, and connecting would start it.
  if (!machine.checkout && !runs(machine)) {
    SubjectReport report(subject);
    report.miss(subject, "it isn't running, and asking would start it");
    report.find("daemon-away", Severity::warning, "tijorid isn't running; the next client starts it.");
    return examination.take(std::move(report));
  }
  if (const auto reached = connect_unix_at_once(socket); !reached)
    return examination.take(tell_unreached(machine, socket, reached.error()));

  const auto certificate = context.certificate_file();
  std::error_code ignored;
  if (!is_given(context) && !std::filesystem::exists(certificate, ignored))
    return miss("it listens, but this account has no client certificate (" + certificate.string() +
                "); give --profile");
  examination.take(examine_client_certificate(certificate, machine));
  auto client = context.admin();
  if (!client) return miss(client.error().error.message);
  const auto status = get<DaemonStatus>(*client, "/admin/v1/status");
  if (!status) return examination.take(tell_unanswered(status.error()));
  examination.take(SubjectReport(subject));
  examination.take_daemon(status->conditions);
}

}  // namespace tijori
