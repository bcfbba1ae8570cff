// Connections that were turned away before any request was read, and who is told about them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/socket.h"
#include "daemon/http.h"

namespace tijori {

enum class RefusalCause : uint8_t {
  no_certificate,        // alert 116, certificate_required
  unknown_ca,            // alert 48: not issued by our authority
  wrong_usage,           // alert 43, unsupported_certificate: not meant for TLS clients
  expired,               // alert 45: past its end
  not_yet_valid,         // alert 42: before its start; look at the clocks
  revoked,               // alert 44: in the revocation list, or revoked in the register
  bad_certificate,       // alert 42: none of the above, such as no urn:tijori:client: name
  plain_http,            // HTTP without TLS; answered by a plain 400
  handshake_failed,      // not TLS 1.3, or not TLS at all
  handshake_timeout,     // said nothing, or too slowly
  too_many_connections,  // a limit on connections was reached
};
inline constexpr size_t refusal_cause_count = 11;

// "no_certificate", …: the token of the audit record.
std::string_view name_of(RefusalCause cause);

// The TLS alert that goes with the cause, 0 where there is none or it varies.
int alert_of(RefusalCause cause);

struct Refusal {
  RefusalCause cause = RefusalCause::handshake_failed;
  Listener listener = Listener::api;
  PeerCredentials peer;
  std::string certificate_sha256;  // lower-case hex, of the last one refused; empty where none was shown
  uint64_t count = 1;
  uint32_t period_s = 0;  // the count gathers this many seconds; 0: a single refusal, recorded at once
};

// Where refusals are recorded: the audit log, in the daemon. Called from one thread at a time, never the I/O thread, so
// it may block. An error keeps the count; it is offered again a minute later.
class RefusalSink {
 public:
  virtual ~RefusalSink() = default;
  virtual Status record(const Refusal& refusal) = 0;
};

}  // namespace tijori
