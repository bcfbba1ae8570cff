#include "cli/trust_file.h"

#include "audit/proof/checkpoint.h"
#include "audit/proof/trust.h"

namespace tijori {

Result<std::string> make_trust_file(std::string_view verifier_key, std::string_view checkpoint_note) {
  TRY_ASSIGN(const VerifierKey key, VerifierKey::parse(verifier_key));
  TRY_ASSIGN(const SignedNote note, SignedNote::parse(checkpoint_note));
  if (check_note(note, key) != NoteCheck::good)
    return fail(ErrorCode::corrupted, "the checkpoint isn't signed by the key that the appliance names");
  TRY_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(note.text));
  return Trust{{key}, {{checkpoint.size, checkpoint.root}}}.format() + "# SHA-256 of the key: " + key.fingerprint() +
         "\n";
}

}  // namespace tijori
