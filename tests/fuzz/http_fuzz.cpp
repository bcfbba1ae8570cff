// Requests as the server reads them. The first byte says in what portions the bytes arrive: however they are cut, the
// outcome must be the same as when they come at once.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "daemon/http_parser.h"

using namespace tijori;

namespace {

constexpr HttpParserLimits limits{.max_header_bytes = 1024, .max_body_bytes = 4096};

struct Outcome {
  int status = 0;  // of the fault; 0: none
  std::optional<HttpRequest> request;
  size_t left = 0;
};

Outcome parse(std::string_view bytes, size_t portion) {
  HttpParser parser(limits);
  std::string waiting;
  for (size_t next = 0; next < bytes.size() || !waiting.empty();) {
    const size_t before = waiting.size();
    waiting += bytes.substr(next, portion);
    next += waiting.size() - before;
    bool stuck = false;
    while (!waiting.empty() && !parser.done() && !stuck) {
      const auto used = parser.feed(waiting);
      if (!used) return {used.error().status, std::nullopt, 0};
      CHECK(*used <= waiting.size());
      stuck = *used == 0;
      waiting.erase(0, *used);
    }
    if (parser.done()) return {0, parser.take(), waiting.size() + bytes.size() - next};
    if (next >= bytes.size()) return {};
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes = as_text(ByteView(data + 1, size - 1));
  const Outcome whole = parse(bytes, bytes.size() + 1);
  const Outcome portions = parse(bytes, 1 + data[0] % 64);
  if (whole.request) {
    const HttpRequest& request = *whole.request;
    CHECK(!request.method.empty());
    CHECK(request.path.starts_with('/') && is_utf8(request.path));
    CHECK(request.path.find("/../") == std::string::npos && request.path.find('\0') == std::string::npos);
    CHECK(request.body.size() <= limits.max_body_bytes);
  }
  // A fault may be seen in another place first when less is there to see, but never turns into a request or back.
  CHECK(whole.request.has_value() == portions.request.has_value());
  if (whole.request) {
    CHECK(whole.request->path == portions.request->path && whole.request->query == portions.request->query);
    CHECK(whole.request->body == portions.request->body && whole.request->headers == portions.request->headers);
    CHECK(whole.left == portions.left);
  }
  return 0;
}
