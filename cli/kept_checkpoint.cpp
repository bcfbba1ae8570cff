#include "cli/kept_checkpoint.h"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "audit/proof/trust.h"
#include "base/file.h"

namespace tijori {

namespace {

constexpr std::string_view trust_file_start = "tijori-audit-trust ";

Status nothing_kept() {
  return fail(ErrorCode::malformed, "the file holds no checkpoint over any record");
}

Result<std::vector<Checkpoint>> from_trust(std::string_view text, const VerifierKey& key) {
  TRY_ASSIGN(const Trust trust, Trust::parse(text));
  TRY_ASSIGN(const Id log_id, log_id_of_origin(key.name));
  std::vector<Checkpoint> kept;
  for (const SeenCheckpoint& seen : trust.checkpoints)
    if (seen.size > 0) kept.push_back({log_id, seen.size, seen.root});
  if (kept.empty()) TRY(nothing_kept());
  if (std::ranges::find(trust.keys, key) == trust.keys.end()) kept.clear();
  return kept;
}

Result<std::vector<Checkpoint>> from_note(std::string_view text, const VerifierKey& key) {
  TRY_ASSIGN(const SignedNote note, SignedNote::parse(text));
  TRY_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(note.text));
  if (checkpoint.size == 0) TRY(nothing_kept());
  switch (check_note(note, key)) {
    case NoteCheck::good:
      return std::vector{checkpoint};
    case NoteCheck::absent:
      return std::vector<Checkpoint>();
    case NoteCheck::bad:
      break;
  }
  return fail(ErrorCode::corrupted, "the note's signature is wrong: the log's key never made it");
}

}  // namespace

Result<std::string> read_kept_file(const std::string& file) {
  if (file != "-") return read_file(file, max_trust_bytes);
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  if (text.size() > max_trust_bytes) return fail(ErrorCode::resource_exhausted, "standard input: too much");
  return text;
}

Result<std::vector<Checkpoint>> kept_checkpoints(std::string_view text, const VerifierKey& key) {
  return text.starts_with(trust_file_start) ? from_trust(text, key) : from_note(text, key);
}

}  // namespace tijori
