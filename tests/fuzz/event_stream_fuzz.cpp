#include <cstdlib>
#include <vector>

#include "protocol/client/event_stream.h"

// The same text in one piece and byte by byte gives the same events.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parse = [&](size_t piece_bytes) {
    std::vector<std::string> seen;
    EventStreamParser parser({[&](const StreamEvent& event) -> Status {
                                seen.push_back(event.name);
                                seen.push_back(event.data);
                                return {};
                              },
                              [&](std::string_view comment) { seen.emplace_back(comment); }});
    for (size_t at = 0; at < text.size(); at += piece_bytes)
      if (!parser.feed(text.substr(at, piece_bytes))) break;
    return seen;
  };
  if (size > 0 && parse(size) != parse(1)) std::abort();
  return 0;
}
