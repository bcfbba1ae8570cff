// From a proven peer to the client it is and the roles it has now: certificate ∩ register, asked anew at each request.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "daemon/http.h"
#include "daemon/register.h"

namespace tijori {

struct Identity {
  std::string client_name;
  std::string client_id;  // 32 hex digits, the audit log's actor
  RoleSet roles;          // effective
  uint64_t quota_tokens_per_day = 0;
  std::string certificate_sha256;
  PeerCredentials credentials;
};

// unauthenticated: the register doesn't know the client or the certificate. permission_denied: revoked, with the
// reason. An identity may have no role at all; what it may do is for the route table to say.
Result<Identity> identify(const Peer& peer, const Register& clients);

}  // namespace tijori
