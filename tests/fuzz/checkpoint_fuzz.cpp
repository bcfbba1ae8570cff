// Signed notes, checkpoints, verifier keys and trust files: what parses, formats to what parses to the same.
#include <cstdint>

#include "audit/proof/checkpoint.h"
#include "audit/proof/signed_note.h"
#include "audit/proof/trust.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const std::string_view text = as_text({data, size});
  if (const auto note = SignedNote::parse(text)) CHECK(note->format() == text);
  if (const auto head = Checkpoint::parse(text)) CHECK(Checkpoint::parse(head->text()).value() == *head);
  if (const auto key = VerifierKey::parse(text)) CHECK(VerifierKey::parse(key->text()).value() == *key);
  if (const auto trust = Trust::parse(text)) {
    const auto again = Trust::parse(trust->format());
    CHECK(again.has_value() && again->keys == trust->keys && again->checkpoints == trust->checkpoints);
  }
  return 0;
}
