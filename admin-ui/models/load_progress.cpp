#include "admin-ui/models/load_progress.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct LoadWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::LoadWords)
};

constexpr int64_t second_us = 1'000'000;
constexpr int64_t window_us = 4 * second_us;
constexpr int64_t steady_after_us = 3 * second_us;
constexpr int64_t least_window_us = second_us / 2;
constexpr size_t max_points = 64;
constexpr double longest_left_s = 86'400;

QString rate_text(double bytes_per_s) {
  return memory_text(static_cast<int64_t>(std::min(bytes_per_s, 1e15))) + QStringLiteral("/s");
}

QString time_left_text(int64_t left_s) {
  if (left_s < 1) return LoadWords::tr("under 1 s");
  if (left_s < 120) return LoadWords::tr("%n s", nullptr, static_cast<int>(left_s));
  return duration_text(left_s * second_us);
}

}  // namespace

void LoadProgress::add(int64_t now_us, const ModelInfo& model) {
  if (model.stage != stage_ || points_.empty() || model.done_bytes < points_.back().done_bytes ||
      model.total_bytes != total_bytes_) {
    stage_ = model.stage;
    total_bytes_ = model.total_bytes;
    points_.clear();
    stage_since_us_ = now_us;
  }
  if (!points_.empty() && now_us <= points_.back().time_us) return;
  points_.push_back({now_us, std::max<int64_t>(0, model.done_bytes)});
  while (points_.size() > 2 && (points_.size() > max_points || points_[1].time_us <= now_us - window_us))
    points_.pop_front();
}

double LoadProgress::share() const {
  if (points_.empty() || total_bytes_ <= 0) return 0;
  return std::clamp(static_cast<double>(points_.back().done_bytes) / static_cast<double>(total_bytes_), 0.0, 1.0);
}

std::optional<double> LoadProgress::bytes_per_s() const {
  if (points_.size() < 2) return std::nullopt;
  const int64_t span_us = points_.back().time_us - points_.front().time_us;
  const int64_t bytes = points_.back().done_bytes - points_.front().done_bytes;
  if (span_us < least_window_us || bytes <= 0) return std::nullopt;
  return static_cast<double>(bytes) * second_us / static_cast<double>(span_us);
}

std::optional<int64_t> LoadProgress::left_s() const {
  const auto rate = bytes_per_s();
  if (!rate || points_.back().time_us - stage_since_us_ < steady_after_us) return std::nullopt;
  const double left = static_cast<double>(total_bytes_ - points_.back().done_bytes) / *rate;
  if (left < 0 || left > longest_left_s) return std::nullopt;
  return static_cast<int64_t>(std::ceil(left));
}

QString LoadProgress::stage_name() const {
  if (stage_ == "verify") return LoadWords::tr("Checking the file");
  if (stage_ == "load") return LoadWords::tr("Reading the weights");
  return LoadWords::tr("Starting");
}

QString LoadProgress::sentence() const {
  if (points_.empty() || total_bytes_ <= 0) return stage_name();
  constexpr int64_t gib = int64_t{1} << 30;
  const int64_t done = points_.back().done_bytes;
  QString amount =
      total_bytes_ < gib
          ? LoadWords::tr("%1 of %2 MiB").arg(count_text(done >> 20), count_text(total_bytes_ >> 20))
          : LoadWords::tr("%1 of %2 GiB")
                .arg(decimal_text(static_cast<double>(done) / static_cast<double>(gib), 1), gib_text(total_bytes_));
  const auto rate = bytes_per_s();
  if (!rate) return amount;
  const auto left = left_s();
  if (!left) return LoadWords::tr("%1, %2", "amount, rate").arg(amount, rate_text(*rate));
  return LoadWords::tr("%1, %2, %3 left", "amount, rate, time").arg(amount, rate_text(*rate), time_left_text(*left));
}

}  // namespace tijori
