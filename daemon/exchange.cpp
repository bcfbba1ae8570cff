#include "daemon/exchange.h"

#include <charconv>
#include <utility>

#include "base/check.h"
#include "protocol/api_error.h"

namespace tijori {

namespace {

std::unexpected<Error> cancelled() {
  return fail(ErrorCode::cancelled, "the client is gone");
}

// Anything that could end a line would let an answer's header speak for another.
bool has_line_end(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Status check_head(const HttpResponse& head) {
  bool good = head.status >= 200 && head.status <= 599 && !has_line_end(head.content_type);
  for (const auto& [name, value] : head.headers) good = good && !has_line_end(name) && !has_line_end(value);
  if (good) return {};
  return fail(ErrorCode::internal, "response: a status that is none, or a header with a line end in it");
}

bool allows_body(int status) {
  return status != 204 && status != 304;
}

std::string render(const HttpResponse& head, std::string_view framing_field, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(head.status) + " ";
  text.append(reason_phrase(head.status)).append("\r\n");
  if (allows_body(head.status)) text.append("content-type: ").append(head.content_type).append("\r\n");
  for (const auto& [name, value] : head.headers) text.append(name).append(": ").append(value).append("\r\n");
  text.append("cache-control: no-store\r\n").append(framing_field);
  if (!keep_alive) text.append("connection: close\r\n");
  return text.append("\r\n");
}

std::string length_field(const HttpResponse& response) {
  if (!allows_body(response.status)) return "";
  return "content-length: " + std::to_string(response.body.size()) + "\r\n";
}

HttpResponse no_answer() {
  HttpResponse response;
  response.status = 500;
  response.body = to_error_json({500, "internal", "the request was not answered; the daemon's log says why", ""});
  return response;
}

}  // namespace

std::string_view reason_phrase(int status) {
  static constexpr std::pair<int, std::string_view> phrases[] = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {499, "Client Closed Request"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };
  for (const auto& [code, phrase] : phrases)
    if (code == status) return phrase;
  return "";
}

std::string render_response(const HttpResponse& response, bool keep_alive) {
  return render(response, length_field(response), keep_alive) + response.body;
}

Exchange::Exchange(const ExchangeOptions& options, std::function<void()> wake)
    : options_(options), wake_(std::move(wake)) {}

Status Exchange::send(HttpResponse response) {
  TRY(check_head(response));
  {
    const std::lock_guard lock(mutex_);
    CHECK(state_ == State::unanswered);
    if (gone_) return cancelled();
    unsent_ += render(response, length_field(response), options_.keep_alive);
    if (options_.framing != BodyFraming::none && allows_body(response.status)) unsent_ += response.body;
    state_ = State::answered;
  }
  wake_();
  return {};
}

Status Exchange::begin(HttpResponse head) {
  TRY(check_head(head));
  {
    const std::lock_guard lock(mutex_);
    CHECK(state_ == State::unanswered && allows_body(head.status));
    if (gone_) return cancelled();
    const bool chunked = options_.framing != BodyFraming::until_end;
    unsent_ += render(head, chunked ? "transfer-encoding: chunked\r\n" : "", options_.keep_alive && chunked);
    state_ = State::streaming;
    if (!chunked) broken_ = true;
  }
  wake_();
  return {};
}

// With the lock held: waits for room, then adds. A piece larger than the limit goes in alone.
Status Exchange::append(std::string_view bytes, std::unique_lock<std::mutex>& lock) {
  taken_.wait(lock,
              [&] { return gone_ || unsent_.empty() || unsent_.size() + bytes.size() <= options_.max_unsent_bytes; });
  if (gone_) return cancelled();
  unsent_ += bytes;
  return {};
}

Status Exchange::write(std::string_view piece) {
  {
    std::unique_lock lock(mutex_);
    CHECK(state_ == State::streaming);
    if (gone_) return cancelled();
    // An empty chunk would be the last one.
    if (piece.empty() || options_.framing == BodyFraming::none) return {};
    if (options_.framing == BodyFraming::until_end) {
      TRY(append(piece, lock));
    } else {
      char size[16];
      const auto end = std::to_chars(std::begin(size), std::end(size), piece.size(), 16);
      std::string chunk(size, end.ptr);
      chunk.reserve(chunk.size() + piece.size() + 4);
      chunk.append("\r\n").append(piece).append("\r\n");
      TRY(append(chunk, lock));
    }
  }
  wake_();
  return {};
}

Status Exchange::finish() {
  {
    const std::lock_guard lock(mutex_);
    CHECK(state_ == State::streaming);
    if (gone_) return cancelled();
    if (options_.framing == BodyFraming::chunked) unsent_ += "0\r\n\r\n";
    state_ = State::answered;
  }
  wake_();
  return {};
}

bool Exchange::gone() const {
  const std::lock_guard lock(mutex_);
  return gone_;
}

void Exchange::on_gone(std::function<void()> callback) {
  const std::lock_guard callback_lock(callback_mutex_);
  if (gone()) {
    callback();
  } else {
    callback_ = std::move(callback);
  }
}

void Exchange::handler_returned() {
  {
    const std::lock_guard callback_lock(callback_mutex_);
    callback_ = nullptr;
  }
  bool unanswered = false;
  {
    const std::lock_guard lock(mutex_);
    unanswered = state_ == State::unanswered && !gone_;
  }
  if (unanswered) (void)send(no_answer());
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::answered) broken_ = true;
    returned_ = true;
  }
  wake_();
}

std::string Exchange::take_output() {
  std::string output;
  {
    const std::lock_guard lock(mutex_);
    output = std::exchange(unsent_, {});
  }
  taken_.notify_one();
  return output;
}

bool Exchange::ended() const {
  const std::lock_guard lock(mutex_);
  return returned_ && unsent_.empty();
}

bool Exchange::reusable() const {
  const std::lock_guard lock(mutex_);
  return !gone_ && !broken_ && options_.keep_alive;
}

void Exchange::cut() {
  // The callback's lock first: on_gone() must see either the mark or leave its callback for us.
  const std::lock_guard callback_lock(callback_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (gone_) return;
    gone_ = true;
    unsent_.clear();
  }
  taken_.notify_one();
  const std::function<void()> callback = std::exchange(callback_, nullptr);
  if (callback) callback();
}

}  // namespace tijori
