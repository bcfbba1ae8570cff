// Message types of the inner protocol and what every connection speaks (docs/engine-protocol.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "protocol/json_form.h"

namespace tijori {

inline constexpr int inner_protocol_version = 1;
inline constexpr size_t max_chunk_bytes = 1U << 20;

enum class MessageType : uint16_t {
  hello = 1,
  error = 2,
  progress = 3,
  credit = 4,
  cancel = 5,
  chunk = 6,
  status = 7,
  status_reply = 8,

  load = 16,
  loaded = 17,
  generate = 18,
  accepted = 19,
  delta = 20,
  finish = 21,
  plan = 22,
  planned = 23,
  tokenize = 24,
  tokens = 25,
  render = 26,
  rendered = 27,
  experts = 28,
  expert_counts = 29,
  leave = 30,

  append = 64,
  appended = 65,
  list = 66,
  records = 67,
  show = 68,
  prove = 69,
  proof = 70,
  export_log = 71,
  exported = 72,
  verify = 73,
  verdict = 74,
  checkpoint = 75,
  checkpoint_reply = 76,
  keys = 77,
  keys_reply = 78,
  reopen = 79,
  compare = 80,
  comparison = 81,
  count = 82,
  counts = 83,
};

constexpr uint16_t number_of(MessageType type) {
  return static_cast<uint16_t>(type);
}

struct Hello {
  int protocol = inner_protocol_version;
  std::string program;
  std::string version;
};

// Codes are those of base/error.h in words, or context_length_exceeded with both numbers.
struct PeerError {
  std::string code;
  std::string message;
  std::optional<int64_t> limit_tokens;
  std::optional<int64_t> asked_tokens;
};
PeerError peer_error(const Error& error);
// The Error a PeerError stands for; a code unknown here counts as internal, context_length_exceeded as
// invalid_argument.
Error error_of(const PeerError& error);

struct Progress {
  std::string stage;
  int64_t done = 0;
  int64_t total = 0;
};

struct Credit {
  int64_t frames = 0;
};

struct Nothing {};  // {}

// The payload of a message whose type was checked, with the message's name in front of an error.
template <class T>
Result<T> parse_message(std::string_view name, std::string_view payload) {
  auto parsed = from_json<T>(payload);
  if (!parsed) return fail(parsed.error().in(name));
  return parsed;
}

}  // namespace tijori
