// Bytes to HttpRequest: HTTP/1.1 requests by Boost.Beast's parser, its limits, and our reading of the target. No I/O.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http.h"

namespace tijori {

inline constexpr size_t max_target_bytes = 4096;

struct HttpParserLimits {
  size_t max_header_bytes = 16U << 10;  // request line and fields
  size_t max_body_bytes = 8U << 20;
};

// What is wrong with a request, as the HTTP status that says so and a sentence without the request's own text.
struct HttpFault {
  int status = 400;
  std::string message;
};

// Parses one request; make another for the next. After a fault only destruction is allowed.
class HttpParser {
 public:
  explicit HttpParser(const HttpParserLimits& limits);
  ~HttpParser();
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  // Takes what it can from the front of `bytes` and says how many. 0 means that more bytes must be there, behind these,
  // before it can go on. Never takes bytes behind the request.
  std::expected<size_t, HttpFault> feed(std::string_view bytes);

  bool head_done() const;
  bool done() const;
  // After head_done():
  bool expects_continue() const;
  bool keep_alive() const;
  bool is_head() const;      // the method was HEAD; the request says GET
  bool is_http_1_0() const;  // an answer may not be chunked

  // After done(), once. The listener and the peer are for the caller to fill in.
  HttpRequest take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tijori
