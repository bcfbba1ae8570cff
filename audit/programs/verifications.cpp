#include "audit/programs/verifications.h"

namespace tijori {

Verifications::Run::Run(Verifications& all, uint64_t total) : all_(all) {
  const std::lock_guard lock(all_.mutex_);
  number_ = ++all_.last_number_;
  ++all_.state_.running;
  all_.state_.done = 0;
  all_.state_.total = total;
}

Verifications::Run::~Run() {
  const std::lock_guard lock(all_.mutex_);
  --all_.state_.running;
}

void Verifications::Run::advance(uint64_t done) {
  const std::lock_guard lock(all_.mutex_);
  if (number_ == all_.last_number_) all_.state_.done = done;
}

void Verifications::Run::conclude(std::string verdict, int64_t verified_up_to, int64_t now_us) {
  const std::lock_guard lock(all_.mutex_);
  all_.state_.verdict = std::move(verdict);
  all_.state_.verified_up_to = verified_up_to;
  all_.state_.ended_us = now_us;
}

VerificationState Verifications::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace tijori
