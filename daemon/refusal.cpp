#include "daemon/refusal.h"

#include "base/check.h"

namespace tijori {

std::string_view name_of(RefusalCause cause) {
  switch (cause) {
    case RefusalCause::no_certificate:
      return "no_certificate";
    case RefusalCause::unknown_ca:
      return "unknown_ca";
    case RefusalCause::wrong_usage:
      return "wrong_usage";
    case RefusalCause::expired:
      return "expired";
    case RefusalCause::not_yet_valid:
      return "not_yet_valid";
    case RefusalCause::revoked:
      return "revoked";
    case RefusalCause::bad_certificate:
      return "bad_certificate";
    case RefusalCause::plain_http:
      return "plain_http";
    case RefusalCause::handshake_failed:
      return "handshake_failed";
    case RefusalCause::handshake_timeout:
      return "handshake_timeout";
    case RefusalCause::too_many_connections:
      return "too_many_connections";
  }
  CHECK(false);
}

int alert_of(RefusalCause cause) {
  switch (cause) {
    case RefusalCause::no_certificate:
      return 116;
    case RefusalCause::unknown_ca:
      return 48;
    case RefusalCause::wrong_usage:
      return 43;
    case RefusalCause::expired:
      return 45;
    case RefusalCause::revoked:
      return 44;
    case RefusalCause::not_yet_valid:
    case RefusalCause::bad_certificate:
      return 42;
    case RefusalCause::plain_http:
    case RefusalCause::handshake_failed:
    case RefusalCause::handshake_timeout:
    case RefusalCause::too_many_connections:
      return 0;
  }
  CHECK(false);
}

}  // namespace tijori
