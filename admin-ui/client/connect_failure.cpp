#include "admin-ui/client/connect_failure.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int64_t known_api = 1;
constexpr const char* admin_group = "tijori-admin";

class ConnectFailures {
  Q_DECLARE_TR_FUNCTIONS(tijori::ConnectFailures)

 public:
  static FailureText of_file(const ConnectFailure& failure);
  static FailureText of_way(const ConnectFailure& failure);
  static FailureText of_refusal(const ConnectFailure& failure);
};

FailureText ConnectFailures::of_file(const ConnectFailure& failure) {
  const QString name = QFileInfo(failure.subject).fileName();
  switch (failure.fault) {
    case ConnectFault::file_absent:
      return failure.subject.isEmpty()
                 ? FailureText{tr("No file is chosen."),
                               tr("Choose the file of your certificate, and of the CA, with Browse."),
                               {}}
                 : FailureText{tr("%1 is not there.").arg(name),
                               tr("Looked at %1. Choose another file, or bring it back.").arg(failure.subject),
                               {}};
    case ConnectFault::file_denied:
      return {tr("%1 can't be read by you.").arg(name),
              tr("The file belongs to somebody else. Take a copy that is yours, readable by nobody else."),
              {}};
    case ConnectFault::file_is_folder:
      return {tr("%1 is a folder.").arg(name), tr("Choose the file inside it."), {}};
    case ConnectFault::file_empty:
      return {tr("%1 is empty.").arg(name), tr("The copy went wrong. Fetch the file again."), {}};
    case ConnectFault::file_too_large:
      return {tr("%1 is larger than 256 KiB.").arg(name), tr("No certificate is that large. Choose another file."), {}};
    case ConnectFault::not_a_certificate:
      return {tr("%1 holds no certificate.").arg(name),
              tr("It must be a PKCS#12 file (.p12, .pfx) or a certificate in PEM form (.crt, .pem)."),
              {}};
    case ConnectFault::key_absent:
      return {tr("There is no private key in %1.").arg(name),
              tr("Choose the key's file too, or the PKCS#12 file that holds both."),
              {}};
    case ConnectFault::passphrase_needed:
      return {tr("%1 needs its passphrase.").arg(name), tr("Type it and connect again."), {}};
    case ConnectFault::passphrase_wrong:
      return {tr("The passphrase of %1 is wrong.").arg(name),
              tr("Type it again: capital and small letters count, and so does the keyboard's language."),
              {}};
    case ConnectFault::pkcs12_legacy:
      return {tr("%1 is encrypted in an old way that is no longer safe.").arg(name),
              tr("Convert it once with this command, and choose the new file."),
              QStringLiteral("openssl pkcs12 -legacy -in %1 -out %2")
                  .arg(shell_word(failure.subject),
                       shell_word(QFileInfo(failure.subject).path() + QLatin1Char('/') +
                                  QFileInfo(failure.subject).completeBaseName() + QStringLiteral(".pem")))};
    case ConnectFault::key_mismatch:
      return {tr("The key is not that of this certificate."),
              tr("%1 belongs to another certificate. Choose the two files that were made together.").arg(name),
              {}};
    case ConnectFault::key_unusable:
      return {tr("The key in %1 can't be used.").arg(name),
              tr("It is too weak or of an unknown kind. Ask for a new certificate."),
              {}};
    case ConnectFault::certificate_expired:
      return {tr("Your certificate expired on %1.").arg(ist_stamp(failure.time_us)),
              tr("Ask whoever keeps the CA to renew it, or choose another file. Is this computer's clock right?"),
              {}};
    case ConnectFault::certificate_not_yet_valid:
      return {tr("Your certificate is valid only from %1.").arg(ist_stamp(failure.time_us)),
              tr("If that is past, this computer's clock is wrong: set it and connect again."),
              {}};
    case ConnectFault::not_a_client_certificate:
      return {tr("%1 is not an administrator's certificate.").arg(name),
              tr("It is meant for a server or a CA, or holds no Tijori name. Choose the one issued to you."),
              {}};
    default:
      return {tr("%1 is not a CA's certificate.").arg(name),
              tr("Choose the file ca.crt of your site. It says whose appliances are believed."),
              {}};
  }
}

FailureText ConnectFailures::of_way(const ConnectFailure& failure) {
  const QString& socket = failure.subject;
  switch (failure.fault) {
    case ConnectFault::socket_absent:
      return {tr("Not reachable: %1 is not there.").arg(socket),
              tr("On the appliance itself: start tijorid. Over ssh: open the tunnel first, see Edit."),
              {}};
    case ConnectFault::socket_refused:
      return {tr("Not reachable: nobody listens at %1.").arg(socket),
              tr("tijorid has stopped, or the ssh tunnel has ended and left its file behind. Start it again."),
              {}};
    case ConnectFault::socket_denied:
      return {tr("Your account may not open %1.").arg(socket),
              tr("It must be in the group %1. Run this as root, then log in again.").arg(QLatin1String(admin_group)),
              QStringLiteral("sudo usermod -aG %1 %2")
                  .arg(QLatin1String(admin_group), qEnvironmentVariable("USER", QStringLiteral("USER")))};
    case ConnectFault::no_answer:
      return {tr("Something listens at %1, but says nothing.").arg(socket),
              tr("tijorid may be starting or stuck. Try again in a minute; then look at its journal."),
              QStringLiteral("journalctl -u tijorid -n 50")};
    case ConnectFault::hung_up:
      return {tr("The connection was cut before a word was said."),
              tr("Over ssh: tijorid isn't running there, the path there is wrong, or your account there is not in the "
                 "group %1. Here: tijorid is stopping or full.")
                  .arg(QLatin1String(admin_group)),
              {}};
    case ConnectFault::not_an_appliance:
      return {tr("What answers at %1 is not a Tijori appliance.").arg(socket),
              tr("It speaks something else than TLS 1.3. Check the path of the socket."),
              {}};
    case ConnectFault::server_expired:
      return {tr("The appliance's own certificate has expired."),
              tr("Issue a new server certificate with your CA, put it into tls/ on the appliance and reload tijorid."),
              QStringLiteral("tijori-ca renew server --server")};
    default:
      return {tr("The appliance could not prove who it is."),
              tr("Its certificate is not from the CA you chose. Either the CA file is of another site, or somebody "
                 "stands in between: do not go on before you know which."),
              {}};
  }
}

FailureText ConnectFailures::of_refusal(const ConnectFailure& failure) {
  switch (failure.fault) {
    case ConnectFault::authority_unknown:
      return {tr("The appliance trusts another CA than the one of your certificate."),
              tr("Choose the certificate of this site, or ask whoever keeps this site's CA for one."),
              {}};
    case ConnectFault::refused_expired:
      return {tr("The appliance says that your certificate has expired."),
              tr("By this computer's clock it has not. Compare the two clocks, or renew the certificate."),
              {}};
    case ConnectFault::refused_revoked:
      return {tr("The certificate has been revoked."), tr("Ask for a new one, or choose another file."), {}};
    case ConnectFault::refused_usage:
    case ConnectFault::refused_unusable:
      return {tr("The appliance can't use this certificate."),
              tr("It holds no Tijori name, is not meant for clients, or is not valid yet by the appliance's clock."),
              {}};
    case ConnectFault::refused_without_certificate:
      return {tr("The appliance asks for a certificate, and none was shown."), tr("Choose your certificate."), {}};
    case ConnectFault::not_registered:
      return {tr("This certificate is not in the appliance's register."),
              tr("Ask an operator to add it, with this command or on the Clients screen."),
              QStringLiteral("tijori clients add %1").arg(shell_word(failure.subject))};
    case ConnectFault::role_too_small:
      return {
          tr("Your role can't administer this appliance."),
          tr("The certificate has no role beyond application. An operator can grant another one, if the certificate "
             "names it."),
          {}};
    case ConnectFault::protocol_mismatch:
      return {tr("The appliance speaks another version of the admin protocol."),
              tr("This console is version %1. Install the console that came with the appliance.")
                  .arg(QStringLiteral(TIJORI_VERSION)),
              {}};
    case ConnectFault::starting:
      return {tr("The appliance is still starting."), tr("It is asked again by itself."), {}};
    default:
      return {tr("The appliance refused."), failure.detail, {}};
  }
}

ConnectFault fault_of(TransportFault fault) {
  switch (fault) {
    case TransportFault::none:
      return ConnectFault::other;
    case TransportFault::socket_absent:
      return ConnectFault::socket_absent;
    case TransportFault::socket_refused:
      return ConnectFault::socket_refused;
    case TransportFault::socket_denied:
      return ConnectFault::socket_denied;
    case TransportFault::timed_out:
      return ConnectFault::no_answer;
    case TransportFault::closed:
      return ConnectFault::hung_up;
    case TransportFault::not_tls:
    case TransportFault::not_http:
      return ConnectFault::not_an_appliance;
    case TransportFault::server_unproven:
      return ConnectFault::server_unproven;
    case TransportFault::server_expired:
      return ConnectFault::server_expired;
    case TransportFault::certificate_required:
      return ConnectFault::refused_without_certificate;
    case TransportFault::authority_unknown:
      return ConnectFault::authority_unknown;
    case TransportFault::expired:
      return ConnectFault::refused_expired;
    case TransportFault::revoked:
      return ConnectFault::refused_revoked;
    case TransportFault::wrong_usage:
      return ConnectFault::refused_usage;
    case TransportFault::not_usable:
      return ConnectFault::refused_unusable;
  }
  return ConnectFault::other;
}

// What the daemon answers before any route is looked at: daemon/identity.h.
ConnectFault fault_of_refusal(const ClientError& error) {
  if (error.api_code == "client_revoked") return ConnectFault::refused_revoked;
  switch (error.http_status) {
    case 401:
      return ConnectFault::not_registered;
    case 403:
      return ConnectFault::role_too_small;
    case 404:
    case 405:
      return ConnectFault::protocol_mismatch;
    case 503:
      return ConnectFault::starting;
    default:
      return ConnectFault::other;
  }
}

}  // namespace

FailureText words_of(const ConnectFailure& failure) {
  if (failure.fault <= ConnectFault::authority_unusable) return ConnectFailures::of_file(failure);
  if (failure.fault <= ConnectFault::server_expired) return ConnectFailures::of_way(failure);
  return ConnectFailures::of_refusal(failure);
}

ConnectFailure classify(const ClientError& error, const Appliance& appliance) {
  ConnectFailure failure;
  failure.subject = appliance.admin_socket;
  failure.detail = QString::fromStdString(error.error.message);
  if (error.http_status == 0) {
    failure.fault = fault_of(error.fault);
    // An answer came and its form is not the one of this release.
    if (failure.fault == ConnectFault::other && error.error.code == ErrorCode::malformed)
      failure.fault = ConnectFault::protocol_mismatch;
  } else {
    failure.fault = fault_of_refusal(error);
  }
  if (failure.fault == ConnectFault::not_registered) failure.subject = appliance.certificate;
  return failure;
}

Fitness judge(const Capabilities& capabilities) {
  if (capabilities.api != known_api) return Fitness::protocol_mismatch;
  RoleSet administering;
  for (const Role role : all_roles)
    if (role != Role::application) administering.add(role);
  return capabilities.roles.intersect(administering).empty() ? Fitness::role_too_small : Fitness::fit;
}

bool may_pass(ConnectFault fault) {
  switch (fault) {
    case ConnectFault::socket_absent:
    case ConnectFault::socket_refused:
    case ConnectFault::no_answer:
    case ConnectFault::hung_up:
    case ConnectFault::starting:
      return true;
    default:
      return false;
  }
}

}  // namespace tijori
