#include "daemon/admission.h"

namespace tijori {
namespace {

constexpr int64_t day_us = 86'400'000'000;
constexpr int busy_retry_s = 2;
constexpr int share_retry_s = 1;

}  // namespace

int64_t Admission::today() const {
  return clock_.wall_us() / day_us;
}

Refusable<Admission::Ticket> Admission::admit(const Identity& client) {
  const std::lock_guard lock(mutex_);
  if (draining_)
    return std::unexpected(ApiError{503, "draining", "The server is stopping; try again soon.", "", busy_retry_s});
  if (requests_ >= limits_.max_requests)
    return std::unexpected(ApiError{
        503, "server_busy", "All " + std::to_string(limits_.max_requests) + " places are taken; try again soon.", "",
        busy_retry_s});
  Share& share = shares_[client.client_id];
  if (share.day != today()) share = {share.requests, today(), 0};
  if (share.requests >= limits_.max_requests_per_client)
    return std::unexpected(
        ApiError{429, "too_many_requests",
                 "This client has " + std::to_string(share.requests) + " requests under way, which is its limit.", "",
                 share_retry_s});
  if (client.quota_tokens_per_day > 0 && share.tokens >= static_cast<int64_t>(client.quota_tokens_per_day)) {
    const int64_t left_s = (day_us - clock_.wall_us() % day_us) / 1'000'000 + 1;
    return std::unexpected(ApiError{429, "quota_exceeded",
                                    "This client has used " + std::to_string(share.tokens) +
                                        " tokens today; its quota is " + std::to_string(client.quota_tokens_per_day) +
                                        ".",
                                    "", static_cast<int>(left_s)});
  }
  ++requests_;
  ++share.requests;
  return Ticket(*this, client.client_id);
}

void Admission::set_limits(AdmissionLimits limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
}

ClientLoad Admission::load_of(std::string_view client_id) const {
  const std::lock_guard lock(mutex_);
  const auto share = shares_.find(client_id);
  if (share == shares_.end()) return {};
  return {share->second.requests, share->second.day == today() ? share->second.tokens : 0};
}

void Admission::drain() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
}

Admission::Ticket::~Ticket() {
  if (admission_ == nullptr) return;
  const std::lock_guard lock(admission_->mutex_);
  --admission_->requests_;
  --admission_->shares_[client_id_].requests;
}

void Admission::Ticket::count_tokens(int64_t tokens) {
  const std::lock_guard lock(admission_->mutex_);
  admission_->shares_[client_id_].tokens += tokens;
}

}  // namespace tijori
