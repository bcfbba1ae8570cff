// The only file of the client that includes Beast, and of it only the parser: bytes travel through TlsConnection.
#include "protocol/client/http_client.h"

#include <algorithm>
#include <array>
#include <exception>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace tijori {

namespace {

namespace http = boost::beast::http;
using std::chrono::milliseconds;

constexpr size_t read_bytes = 16U << 10;
constexpr size_t max_unparsed_bytes = max_response_header_bytes + read_bytes;

std::string head_of(const ClientRequest& request) {
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nhost: " + server_name + "\r\n";
  if (!request.body.empty() || request.method != "GET")
    head +=
        "content-type: " + request.content_type + "\r\ncontent-length: " + std::to_string(request.body.size()) + "\r\n";
  return head + "accept: */*\r\nuser-agent: tijori/" TIJORI_VERSION "\r\n\r\n";
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Reads one response, handing on what it can.
class ResponseReader {
 public:
  ResponseReader(const ClientRequest& request, const BodySink* sink, const HeadSink* head)
      : request_(request), sink_(sink), head_(head) {
    parser_.header_limit(max_response_header_bytes);
    parser_.body_limit(request.max_body_bytes);
    parser_.eager(true);
  }

  bool begun() const { return begun_; }
  bool reusable() const { return parser_.is_done() && parser_.keep_alive() && unparsed_.empty(); }

  Status read(TlsConnection& connection, const std::function<WaitLimits()>& limits) {
    std::array<char, read_bytes> bytes;
    while (!parser_.is_done()) {
      TRY_ASSIGN(const size_t size, connection.read(bytes, limits()));
      boost::beast::error_code error;
      if (size == 0) {
        parser_.put_eof(error);
        if (!begun_ || error)
          return fail(ErrorCode::unavailable, "the appliance closed the connection before the answer was complete");
        break;
      }
      begun_ = true;
      unparsed_.append(bytes.data(), size);
      TRY(parse());
    }
    return hand_on();
  }

  ClientResponse take() {
    ClientResponse response = head_of_response();
    response.body = std::move(parser_.get().body());
    return response;
  }

 private:
  ClientResponse head_of_response() const {
    ClientResponse response;
    response.status = static_cast<int>(parser_.get().result_int());
    for (const auto& field : parser_.get())
      response.headers.emplace_back(lower(std::string_view(field.name_string().data(), field.name_string().size())),
                                    std::string(field.value().data(), field.value().size()));
    return response;
  }

  Status parse() {
    while (!unparsed_.empty() && !parser_.is_done()) {
      boost::beast::error_code error;
      const size_t used = parser_.put(boost::asio::const_buffer(unparsed_.data(), unparsed_.size()), error);
      unparsed_.erase(0, used);
      if (error && error != http::error::need_more) return explain(error);
      TRY(hand_on());
      if (error == http::error::need_more || used == 0) break;
    }
    if (unparsed_.size() > max_unparsed_bytes) return explain(http::make_error_code(http::error::header_limit));
    return {};
  }

  Status hand_on() {
    if (!parser_.is_header_done()) return {};
    if (const HeadSink* const head = std::exchange(head_, nullptr)) (*head)(head_of_response());
    if (sink_ == nullptr) return {};
    std::string& body = parser_.get().body();
    if (parser_.get().result_int() / 100 != 2) {
      if (body.size() > max_refusal_body_bytes) return explain(http::make_error_code(http::error::body_limit));
      return {};
    }
    if (body.empty()) return {};
    const std::string piece = std::exchange(body, {});
    return (*sink_)(piece);
  }

  std::unexpected<Error> explain(const boost::beast::error_code& error) const {
    if (error == http::error::body_limit)
      return fail(ErrorCode::resource_exhausted, request_.target + ": the answer is larger than " +
                                                     std::to_string(request_.max_body_bytes) + " bytes");
    if (error == http::error::header_limit)
      return fail(ErrorCode::resource_exhausted, request_.target + ": the answer's header is too large");
    return fail(ErrorCode::malformed, request_.target + ": not an HTTP answer: " + error.message());
  }

  const ClientRequest& request_;
  const BodySink* sink_;
  const HeadSink* head_;  // until it was told
  http::response_parser<http::string_body> parser_;
  std::string unparsed_;
  bool begun_ = false;
};

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return "";
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '~';
    if (kept) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

Result<HttpClient> HttpClient::create(ClientOptions options) {
  auto context = std::move(options.context);
  if (context == nullptr) {
    TRY_ASSIGN(context, TlsClientContext::create(options.files));
  }
  return HttpClient(std::move(options), std::move(context));
}

Status HttpClient::connect(const ClientRequest& request) {
  if (connection_ != nullptr && connection_->quiet()) return {};
  connection_.reset();
  const WaitLimits limits{std::chrono::steady_clock::now() + milliseconds(connect_timeout_ms_), request.cancellation};
  auto opened = TlsConnection::open(context_, socket_, limits, fault_);
  if (!opened) return fail(opened.error().in(socket_.string()));
  connection_ = *std::move(opened);
  return {};
}

Result<ClientResponse> HttpClient::exchange(const ClientRequest& request, const BodySink* sink, const HeadSink* head) {
  if (!is_plain(request.method) || !is_plain(request.target) ||
      request.content_type.find_first_of("\r\n") != std::string::npos)
    return fail(ErrorCode::invalid_argument, "request: method, target or content type holds a character it can't");
  const auto end = request.total_timeout_ms > 0
                       ? std::chrono::steady_clock::now() + milliseconds(request.total_timeout_ms)
                       : Deadline::max();
  const auto limits = [&] {
    return WaitLimits{std::min(end, std::chrono::steady_clock::now() + milliseconds(request.quiet_timeout_ms)),
                      request.cancellation};
  };
  fault_ = TransportFault::none;
  TRY(connect(request));
  // Whatever goes wrong, the connection is in the middle of something.
  std::unique_ptr<TlsConnection> connection = std::move(connection_);
  try {
    const Status written = connection->write(head_of(request) + request.body, limits());
    // A server that refuses early stops reading; its answer, or its alert, is there all the same.
    if (!written && written.error().code != ErrorCode::io_error) return fail(written.error());
    ResponseReader reader(request, sink, head);
    if (auto read = reader.read(*connection, limits); !read) {
      fault_ = read.error().code == ErrorCode::malformed ? TransportFault::not_http : connection->fault();
      return fail(read.error());
    }
    ClientResponse response = reader.take();
    if (written && reader.reusable()) connection_ = std::move(connection);
    return response;
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, request.target + ": " + error.what());
  }
}

}  // namespace tijori
