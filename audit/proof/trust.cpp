#include "audit/proof/trust.h"

#include <algorithm>

namespace tijori {

namespace {

constexpr std::string_view first_line = "tijori-audit-trust v1";

// The text before the first space, and what follows it.
std::pair<std::string_view, std::string_view> split_word(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return {line, {}};
  return {line.substr(0, space), line.substr(space + 1)};
}

Status take_line(Trust& trust, std::string_view line) {
  const auto [word, rest] = split_word(line);
  if (word == "key") {
    if (trust.keys.size() == max_trusted_keys) return fail(ErrorCode::resource_exhausted, "too many keys");
    TRY_ASSIGN(VerifierKey key, VerifierKey::parse(rest));
    trust.keys.push_back(std::move(key));
    return {};
  }
  if (word == "checkpoint") {
    if (trust.checkpoints.size() == max_trusted_checkpoints) {
      return fail(ErrorCode::resource_exhausted, "too many checkpoints");
    }
    const auto [size, root] = split_word(rest);
    SeenCheckpoint seen;
    TRY_ASSIGN(seen.size, parse_decimal(size));
    TRY_ASSIGN(seen.root, parse_digest_base64(root));
    trust.checkpoints.push_back(seen);
    return {};
  }
  if (line == "mac-start none") return {};
  if (word == "mac-start") return fail(ErrorCode::unsupported, "mac-start: this program knows no other than none");
  return fail(ErrorCode::malformed, "expected key, checkpoint or mac-start");
}

}  // namespace

Result<Trust> Trust::parse(std::string_view text) {
  Trust trust;
  bool titled = false;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string place = "trust file, line " + std::to_string(number);
    if (!titled) {
      if (line != first_line)
        return fail(ErrorCode::malformed, place + ": expected \"" + std::string(first_line) + "\"");
      titled = true;
      continue;
    }
    if (const Status taken = take_line(trust, line); !taken) return fail(taken.error().in(place));
  }
  if (trust.keys.empty()) return fail(ErrorCode::malformed, "trust file: holds no key");
  std::ranges::sort(trust.checkpoints, {}, &SeenCheckpoint::size);
  return trust;
}

std::string Trust::format() const {
  std::string text = std::string(first_line) + "\n";
  for (const VerifierKey& key : keys) text += "key " + key.text() + "\n";
  text += "mac-start none\n";
  for (const SeenCheckpoint& seen : checkpoints) {
    text += "checkpoint " + std::to_string(seen.size) + " " + to_base64(seen.root) + "\n";
  }
  return text;
}

}  // namespace tijori
