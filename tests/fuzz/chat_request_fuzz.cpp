// The bodies that clients send: any bytes are either a request within the limits or a named refusal.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "protocol/chat_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const Dialect dialect : {Dialect::chat, Dialect::completions}) {
    const auto request = parse_inference_request(dialect, body);
    if (request) {
      CHECK(request->temperature >= 0 && request->temperature <= 2);
      CHECK(request->stop.size() <= max_stop_strings);
      CHECK(!to_json(to_generate_request(*request, 1)).empty());
    } else {
      CHECK(request.error().http_status == 400 && !request.error().code.empty());
      CHECK(!to_error_json(request.error()).empty());
    }
  }
  const auto tokenize = parse_tokenize_body(body);
  CHECK(!tokenize || tokenize->request.text.has_value() != tokenize->request.messages.has_value());
  return 0;
}
