// Who may start a request now: the total, the share of one client, and its tokens of the day. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "daemon/identity.h"
#include "protocol/chat_request.h"

namespace tijori {

struct AdmissionLimits {
  int64_t max_requests = 64;             // running and waiting, of all clients
  int64_t max_requests_per_client = 32;  // so that one client can't take every place
};

// What a client has under way and has used today (UTC).
struct ClientLoad {
  int64_t requests = 0;
  int64_t tokens = 0;
};

class Admission {
 public:
  explicit Admission(AdmissionLimits limits, const Clock& clock = system_clock()) : limits_(limits), clock_(clock) {}

  // A place, given back when it goes. Must not outlive the Admission.
  class Ticket {
   public:
    Ticket(Admission& admission, std::string client_id) : admission_(&admission), client_id_(std::move(client_id)) {}
    Ticket(Ticket&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)), client_id_(std::move(other.client_id_)) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket();
    // Prompt and answer both count against the quota.
    void count_tokens(int64_t tokens);

   private:
    Admission* admission_;
    std::string client_id_;
  };

  // server_busy (503), too_many_requests or quota_exceeded (429), each with a time to come back; draining (503).
  Refusable<Ticket> admit(const Identity& client);
  void set_limits(AdmissionLimits limits);
  ClientLoad load_of(std::string_view client_id) const;
  void drain();  // from now on nobody is let in

 private:
  struct Share {
    int64_t requests = 0;
    int64_t day = 0;
    int64_t tokens = 0;  // of that day
  };
  int64_t today() const;

  mutable std::mutex mutex_;
  AdmissionLimits limits_;  // guarded by mutex_, as all below
  std::map<std::string, Share, std::less<>> shares_;
  int64_t requests_ = 0;
  bool draining_ = false;
  const Clock& clock_;
};

}  // namespace tijori
