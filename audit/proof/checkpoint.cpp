#include "audit/proof/checkpoint.h"

#include <algorithm>

namespace tijori {

namespace {

constexpr std::string_view origin_start = "tijori/audit/";

std::unexpected<Error> bad(std::string_view why) {
  return fail(ErrorCode::malformed, "checkpoint: " + std::string(why));
}

}  // namespace

std::string checkpoint_origin(const Id& log_id) {
  return std::string(origin_start) + to_hex(log_id);
}

Result<Id> log_id_of_origin(std::string_view origin) {
  if (!origin.starts_with(origin_start)) return bad("its origin is no audit log");
  Id log_id;
  TRY_ASSIGN(const Bytes raw, from_hex(origin.substr(origin_start.size())));
  if (raw.size() != log_id.size()) return bad("its origin is no audit log");
  std::ranges::copy(raw, log_id.begin());
  if (checkpoint_origin(log_id) != origin) return bad("its origin is not in lower case");
  return log_id;
}

Result<uint64_t> parse_decimal(std::string_view text) {
  constexpr size_t max_digits = 19;
  if (text.empty() || text.size() > max_digits || (text.size() > 1 && text[0] == '0')) return bad("not a number");
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return bad("not a number");
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  if (value > INT64_MAX) return bad("number too large");
  return value;
}

Result<Digest> parse_digest_base64(std::string_view text) {
  TRY_ASSIGN(const Bytes raw, from_base64(text));
  Digest digest;
  if (raw.size() != digest.size()) return bad("a root has 32 bytes");
  std::ranges::copy(raw, digest.begin());
  return digest;
}

std::string Checkpoint::text() const {
  return checkpoint_origin(log_id) + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  std::string_view lines[3];
  for (std::string_view& line : lines) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return bad("fewer than three lines");
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  Checkpoint parsed;
  TRY_ASSIGN(parsed.log_id, log_id_of_origin(lines[0]));
  TRY_ASSIGN(parsed.size, parse_decimal(lines[1]));
  TRY_ASSIGN(parsed.root, parse_digest_base64(lines[2]));
  return parsed;
}

}  // namespace tijori
