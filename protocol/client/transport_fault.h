// Why a connection gave no answer, as far as that can be told from outside: what a program decides by, beside the
// sentence for people.
#pragma once

#include <cstdint>

namespace tijori {

enum class TransportFault : uint8_t {
  none,                  // an answer came, or the fault was ours (a limit, a cancelled call)
  socket_absent,         // no such file
  socket_refused,        // the file is there, nobody listens
  socket_denied,         // this user may not open it
  timed_out,             // nobody spoke within the limit
  closed,                // the other end hung up without a word
  not_tls,               // what came is not TLS, or not TLS 1.3
  server_unproven,       // its certificate is not of the authority given, or not for localhost
  server_expired,        // its certificate is past its end
  not_http,              // an answer, but no HTTP
  certificate_required,  // alert 116
  authority_unknown,     // alert 48: ours was issued by another authority
  expired,               // alert 45
  revoked,               // alert 44
  wrong_usage,           // alert 43: ours is not meant for clients
  not_usable,            // alert 42: no client name in it, or not valid yet
};

}  // namespace tijori
