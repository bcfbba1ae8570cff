// Lines for `guardrails scan`: any bytes are either a text with its id or a named refusal, and an id reads back.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "cli/text_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const auto line = parse_text_line({reinterpret_cast<const char*>(data), size});
  if (!line) {
    CHECK(!line.error().message.empty());
    return 0;
  }
  const auto again = parse_text_line("{\"text\":\"\",\"id\":" + id_json(line->id) + "}");
  CHECK(again.has_value() && id_json(again->id) == id_json(line->id));
  return 0;
}
