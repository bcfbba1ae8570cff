#include "daemon/identity.h"

namespace tijori {

Result<Identity> identify(const Peer& peer, const Register& clients) {
  const std::optional<Client> client = clients.find(peer.client_name);
  switch (clients.standing(peer.client_name, peer.certificate_sha256)) {
    case Standing::good:
      break;
    case Standing::unknown_client:
      return fail(ErrorCode::unauthenticated,
                  "client \"" + peer.client_name + "\" is not in the register: an operator has to add it");
    case Standing::unknown_certificate:
      return fail(ErrorCode::unauthenticated, "this certificate is not registered for client \"" + peer.client_name +
                                                  "\": an operator has to add it");
    case Standing::revoked: {
      std::string message = "client \"" + peer.client_name + "\" or its certificate is revoked";
      if (client && !client->revoked_reason.empty()) message += ": " + client->revoked_reason;
      return fail(ErrorCode::permission_denied, std::move(message));
    }
  }
  // Clients are never removed, so one that has a standing can be found.
  if (!client) return fail(ErrorCode::unauthenticated, "client \"" + peer.client_name + "\" is not in the register");
  return Identity{.client_name = client->name,
                  .client_id = client->id,
                  .roles = peer.certificate_roles.intersect(client->roles),
                  .quota_tokens_per_day = client->quota_tokens_per_day,
                  .certificate_sha256 = peer.certificate_sha256,
                  .credentials = peer.credentials};
}

}  // namespace tijori
