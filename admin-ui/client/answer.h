// What the console takes of an answer. Whatever a daemon says is bounded here, before anything is done with it: how
// much of it there is, how large its numbers are, and that its texts show what they are.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"
#include "protocol/history_types.h"

namespace tijori {

// A list that a screen makes widgets of, or a person reads from end to end.
inline constexpr size_t max_shown_list = 1'000;
// Any other: a register of clients, a day of samples, hits by rule and hour.
inline constexpr size_t max_answer_list = 50'000;
inline constexpr size_t max_shown_text_bytes = size_t{16} << 10;
inline constexpr size_t max_shown_message_bytes = 1'000;
inline constexpr size_t max_policy_answer_bytes = size_t{20} << 20;
// Beyond it a double has holes (RFC 7493, 2.2); a thousand times it still fits into 64 bits, and times stay between the
// years 1684 and 2255.
inline constexpr double max_answer_magnitude = 9'007'199'254'740'992;

template <class T>
JsonLimits answer_limits() {
  JsonLimits limits;
  limits.max_list = max_answer_list;
  limits.max_text_bytes = max_shown_text_bytes;
  limits.max_magnitude = max_answer_magnitude;
  limits.plain_text = true;
  if constexpr (std::same_as<T, DaemonStatus> || std::same_as<T, Capabilities> || std::same_as<T, Settings>)
    limits.max_list = max_shown_list;
  if constexpr (std::same_as<T, StoredPolicy>) {
    // A document comes byte for byte as it was saved, of at most 8 MiB and with its escapes; an editor shows it.
    limits.max_bytes = max_policy_answer_bytes;
    limits.max_text_bytes = limits.max_bytes;
    limits.plain_text = false;
  }
  return limits;
}

// Calls the appliance and reads what it says, within the limits of its kind.
template <class T>
Answer<T> ask_appliance(HttpClient& client, ClientRequest request) {
  const JsonLimits limits = answer_limits<T>();
  request.max_body_bytes = limits.max_bytes;
  auto answer = read_answer<T>(call(client, request), request.target, limits);
  if (!answer && answer.error().http_status == 0) {
    // What is wrong is told with the names of the fields, and these may be anything.
    std::string& message = answer.error().error.message;
    if (message.size() > max_shown_message_bytes) message.resize(max_shown_message_bytes);
  }
  return answer;
}

}  // namespace tijori
