#include "admin-ui/models/answer_meter.h"

namespace tijori {
namespace {
constexpr int64_t second_us = 1'000'000;
constexpr int64_t least_pieces = 3;
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
  if (pieces_ < least_pieces || last_us_ <= first_us_) return std::nullopt;
  const double in_a_piece = static_cast<double>(tokens()) / static_cast<double>(pieces_);
  return in_a_piece * static_cast<double>(pieces_ - 1) * second_us / static_cast<double>(last_us_ - first_us_);
}

}  // namespace tijori
