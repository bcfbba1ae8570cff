// Why an appliance can't be reached, told apart as far as it can be, and in words: what it is, and what to do about it.
// No window here.
#pragma once

#include <QString>
#include <cstdint>

#include "admin-ui/client/appliance.h"
#include "protocol/admin_types.h"
#include "protocol/client/client_error.h"

namespace tijori {

enum class ConnectFault : uint8_t {
  // The administrator's files.
  file_absent,
  file_denied,
  file_is_folder,
  file_empty,
  file_too_large,
  not_a_certificate,
  key_absent,
  passphrase_needed,
  passphrase_wrong,
  pkcs12_legacy,
  key_mismatch,
  key_unusable,
  certificate_expired,
  certificate_not_yet_valid,
  not_a_client_certificate,
  authority_unusable,
  // The way there.
  socket_absent,
  socket_refused,
  socket_denied,
  no_answer,
  hung_up,
  not_an_appliance,
  server_unproven,
  server_expired,
  // The appliance's refusal.
  authority_unknown,
  refused_expired,
  refused_revoked,
  refused_usage,
  refused_unusable,
  refused_without_certificate,
  not_registered,
  role_too_small,
  protocol_mismatch,
  starting,
  other,
};

struct ConnectFailure {
  ConnectFault fault = ConnectFault::other;
  QString subject;      // the file or socket it is about
  int64_t time_us = 0;  // of the certificate: its end, or its start
  QString detail;       // what the program below said, in English
};

// The same refusal in words. `command` is what to run, "" for nothing.
struct FailureText {
  QString title;
  QString advice;
  QString command;
};
FailureText words_of(const ConnectFailure& failure);

// A call that gave no answer, or was refused.
ConnectFailure classify(const ClientError& error, const Appliance& appliance);
// An appliance that answered, with what this console can't work with; nothing when it can.
enum class Fitness : uint8_t { fit, protocol_mismatch, role_too_small };
Fitness judge(const Capabilities& capabilities);

// True when another try, without another file or passphrase, may go well.
bool may_pass(ConnectFault fault);

}  // namespace tijori
