// Any text gives the same findings whole and in pieces. The first byte chooses the size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/identifiers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  if (size == 0) return 0;
  const size_t piece = 1 + data[0] % 32;
  const std::string_view source = as_text({data + 1, size - 1});
  const LabelSet wanted = LabelSet().set();

  FoldedText whole;
  whole.append(source);
  whole.finish();
  std::vector<Finding> expected;
  if (find_identifiers(whole, 0, TextEnd::final, wanted, expected) != whole.end()) std::abort();
  for (const Finding& finding : expected) {
    const TextSpan span = whole.source_span(finding.begin, finding.end);
    if (span.begin.byte > span.end.byte || span.end.byte > source.size()) std::abort();
  }

  FoldedText text;
  std::vector<Finding> found;
  size_t settled = 0;
  for (size_t at = 0; at < source.size(); at += piece) {
    text.append(source.substr(at, piece));
    const size_t before = settled;
    settled = find_identifiers(text, settled, TextEnd::open, wanted, found);
    if (settled < before || settled > text.end()) std::abort();
    text.forget(settled - std::min(settled, identifier_context_bytes));
  }
  text.finish();
  find_identifiers(text, settled, TextEnd::final, wanted, found);
  if (text.end() != whole.end() || found != expected) std::abort();
  return 0;
}
