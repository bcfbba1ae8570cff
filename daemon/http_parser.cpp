#include "daemon/http_parser.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/bytes.h"
#include "base/check.h"

namespace tijori {

namespace http = boost::beast::http;

namespace {

std::string_view as_view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (lower(c) >= 'a' && lower(c) <= 'f') return static_cast<unsigned>(lower(c) - 'a' + 10);
  return std::nullopt;
}

std::unexpected<HttpFault> fault(int status, std::string message) {
  return std::unexpected(HttpFault{status, std::move(message)});
}

std::expected<std::string, HttpFault> decode_percent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (!low) return fault(400, "path: '%' without two hexadecimal digits");
    decoded += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return decoded;
}

// Routes are compared as text, so a path may not have a second spelling that a proxy or a person would read
// differently.
std::expected<void, HttpFault> check_path(std::string_view path) {
  const bool control =
      std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control || !is_utf8(path)) return fault(400, "path: control characters or bytes that are not UTF-8");
  for (size_t start = 1; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "." || segment == "..") return fault(400, "path: \".\" and \"..\" are not allowed");
    start = end + 1;
  }
  return {};
}

// RFC 9112 §3.2: origin form, and the absolute form that a client behind a proxy would send.
std::expected<void, HttpFault> read_target(std::string_view target, HttpRequest& request) {
  if (target.size() > max_target_bytes)
    return fault(414, "request target: longer than " + std::to_string(max_target_bytes) + " bytes");
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (target.size() < scheme.size() || !equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const size_t slash = target.find_first_of("/?");
    if (slash == 0) return fault(400, "request target: no host");
    target.remove_prefix(std::min(slash, target.size()));
    if (target.empty()) target = "/";
    break;
  }
  if (target.empty() || target.front() != '/') return fault(400, "request target: must start with '/'");
  const bool plain = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  if (!plain) return fault(400, "request target: only printable ASCII without '#'; the rest is written as %XX");
  const size_t question = std::min(target.find('?'), target.size());
  auto path = decode_percent(target.substr(0, question));
  if (!path) return std::unexpected(path.error());
  request.path = *std::move(path);
  if (auto good = check_path(request.path); !good) return good;
  request.query = target.substr(std::min(question + 1, target.size()));
  return {};
}

HttpFault fault_of(const boost::system::error_code& error) {
  if (error == http::error::body_limit) return {413, "request: its body is too large"};
  return {400, "request: not valid HTTP/1.1 (" + error.message() + ")"};
}

}  // namespace

struct HttpParser::Impl {
  // Beast counts the request line and the fields apart when they arrive apart, so the limit of the head is ours.
  explicit Impl(const HttpParserLimits& limits) : max_header_bytes(limits.max_header_bytes) {
    parser.header_limit(std::numeric_limits<uint32_t>::max());
    parser.body_limit(limits.max_body_bytes);
    parser.eager(true);
  }

  // Before the body is read: what the head alone can get wrong. Trailing fields, which come later, are left out.
  std::expected<void, HttpFault> read_head() {
    const auto& message = parser.get();
    request.method = as_view(message.method_string());
    is_head = request.method == "HEAD";
    if (is_head) request.method = "GET";
    if (message.version() != 10 && message.version() != 11) return fault(505, "request: only HTTP/1.1 is spoken here");
    size_t hosts = 0;
    for (const auto& field : message) {
      std::string name(as_view(field.name_string()));
      std::transform(name.begin(), name.end(), name.begin(), lower);
      const std::string_view value = as_view(field.value());
      if (name == "host") ++hosts;
      if (name == "expect") {
        if (!equals_ignoring_case(value, "100-continue")) return fault(417, "expect: only 100-continue is known");
        expects_continue = message.version() == 11;
      }
      if (name == "transfer-encoding" && !equals_ignoring_case(value, "chunked"))
        return fault(501, "transfer-encoding: only chunked is known");
      request.headers.emplace_back(std::move(name), value);
    }
    if (hosts > 1 || (hosts == 0 && message.version() == 11)) return fault(400, "host: exactly one is needed");
    keep_alive = message.keep_alive();
    return read_target(as_view(message.target()), request);
  }

  const size_t max_header_bytes;
  size_t header_bytes = 0;  // taken so far
  http::request_parser<http::string_body> parser;
  HttpRequest request;
  bool head_read = false;
  bool expects_continue = false;
  bool keep_alive = false;
  bool is_head = false;
};

HttpParser::HttpParser(const HttpParserLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}

HttpParser::~HttpParser() = default;

std::expected<size_t, HttpFault> HttpParser::feed(std::string_view bytes) {
  auto& parser = impl_->parser;
  if (bytes.empty() || parser.is_done()) return 0;
  // The head is parsed alone, so that it is judged before any of the body is taken.
  parser.eager(impl_->head_read);
  boost::system::error_code error;
  const size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (!impl_->head_read) {
    // Until the head ends, all that has arrived belongs to it.
    const size_t seen = impl_->header_bytes + (parser.is_header_done() ? used : bytes.size());
    if (seen > impl_->max_header_bytes) return fault(431, "request: its header is too large");
    impl_->header_bytes += used;
  }
  if (error && error != http::error::need_more) return std::unexpected(fault_of(error));
  if (!impl_->head_read && parser.is_header_done()) {
    impl_->head_read = true;
    if (auto good = impl_->read_head(); !good) return std::unexpected(good.error());
  }
  return used;
}

bool HttpParser::head_done() const {
  return impl_->head_read;
}

bool HttpParser::done() const {
  return impl_->parser.is_done();
}

bool HttpParser::expects_continue() const {
  return impl_->expects_continue;
}

bool HttpParser::keep_alive() const {
  return impl_->keep_alive;
}

bool HttpParser::is_head() const {
  return impl_->is_head;
}

bool HttpParser::is_http_1_0() const {
  return impl_->parser.get().version() == 10;
}

HttpRequest HttpParser::take() {
  CHECK(done());
  impl_->request.body = std::move(impl_->parser.get().body());
  return std::move(impl_->request);
}

}  // namespace tijori
