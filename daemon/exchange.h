// One request being answered: the handler's thread writes into a bounded buffer, the I/O thread empties it. The bytes
// are HTTP already, ready for the wire. No sockets here.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "daemon/http.h"

namespace tijori {

enum class BodyFraming : uint8_t {
  chunked,    // HTTP/1.1
  until_end,  // HTTP/1.0: the end of the connection ends the body
  none,       // HEAD: only the head is sent
};

struct ExchangeOptions {
  size_t max_unsent_bytes = 64U << 10;  // before write() blocks
  BodyFraming framing = BodyFraming::chunked;
  bool keep_alive = true;
};

class Exchange final : public ResponseWriter {
 public:
  // `wake` tells the I/O thread that there is something to take or that the exchange has ended. Called from the
  // handler's thread, never with a lock held.
  Exchange(const ExchangeOptions& options, std::function<void()> wake);

  Status send(HttpResponse response) override;
  Status begin(HttpResponse head) override;
  Status write(std::string_view piece) override;
  Status finish() override;
  bool gone() const override;
  void on_gone(std::function<void()> callback) override;

  // By the worker, after the handler has returned: answers 500 if it didn't answer.
  void handler_returned();

  // The rest is for the I/O thread. What there is to send now; frees the handler's write().
  std::string take_output();
  // The handler has returned and everything has been taken.
  bool ended() const;
  // After ended(): the connection is good for another request.
  bool reusable() const;
  // The client went away or lost its right: every later call of the handler fails. Runs the callback, once.
  void cut();

 private:
  enum class State { unanswered, streaming, answered };
  std::string render_head(const HttpResponse& head, std::string_view framing_field) const;
  Status append(std::string_view bytes, std::unique_lock<std::mutex>& lock);

  const ExchangeOptions options_;
  const std::function<void()> wake_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable taken_;
  std::string unsent_;
  State state_ = State::unanswered;
  bool gone_ = false;
  bool returned_ = false;
  bool broken_ = false;  // the answer stops in the middle, or can't be told from its end: the connection must end

  std::mutex callback_mutex_;  // held while the callback runs, so that it never outlives the handler
  std::function<void()> callback_;
};

// A whole answer on the wire, for when no handler is asked.
std::string render_response(const HttpResponse& response, bool keep_alive);

// The standard phrase of a status, "" for an unknown one.
std::string_view reason_phrase(int status);

}  // namespace tijori
