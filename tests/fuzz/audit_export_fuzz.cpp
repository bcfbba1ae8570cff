// The verifier reads any bytes to a verdict, and no verdict but one over signed bytes is good.
#include <cstdint>

#include "base/check.h"
#include "tests/audit/log_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const tijori::VerifyReport report = tijori::verify_bytes({data, size}, std::nullopt);
  CHECK(report.verdict != tijori::Verdict::verified);
  if (report.verdict == tijori::Verdict::consistent) CHECK(report.checkpoints > 0);

  // The same items with the frame made right, so that the digest at the end doesn't hide what lies before it.
  tijori::LogVerifier verifier(std::nullopt);
  size_t at = 0;
  while (size - at >= 3) {
    const auto kind = static_cast<tijori::ItemKind>(data[at] % 6 + 1);
    const size_t length = std::min<size_t>(data[at + 1] | data[at + 2] << 8, size - at - 3);
    verifier.item({kind, {data + at + 3, length}});
    at += 3 + length;
  }
  CHECK(verifier.report(0).verdict != tijori::Verdict::verified);
  return 0;
}
