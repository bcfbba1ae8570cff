#include "admin-ui/models/answer_meter.h"

namespace tijori {
namespace {
constexpr int64_t second_us = 1'000'000;
constexpr int64_t least_tokens = 3;
}  // namespace

void AnswerMeter::begin(int64_t now_us) {
  *this = {};
  begun_us_ = now_us;
}

void AnswerMeter::come(int64_t first_us, int64_t last_us, int64_t pieces) {
  first_us_ = first_us;
  last_us_ = last_us;
  pieces_ = pieces;
}

std::optional<int64_t> AnswerMeter::first_token_us() const {
  if (pieces_ == 0 || first_us_ < begun_us_) return std::nullopt;
  return first_us_ - begun_us_;
}

std::optional<double> AnswerMeter::tokens_per_s() const {
  const int64_t many = tokens();
  if (many < least_tokens || last_us_ <= first_us_) return std::nullopt;
  return static_cast<double>(many - 1) * second_us / static_cast<double>(last_us_ - first_us_);
}

}  // namespace tijori
