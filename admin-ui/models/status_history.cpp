#include "admin-ui/models/status_history.h"

namespace tijori {
namespace {
constexpr int64_t step_us = 1'000'000;
constexpr int64_t gap_us = 3 * step_us;
}  // namespace

StatusHistory::StatusHistory(QObject* parent)
    : QObject(parent), tokens(1, step_us), first_token(2, step_us), requests(2, step_us), kv(1, step_us) {}

void StatusHistory::add(const DaemonStatus& status) {
  const RequestCounters& now = status.requests;
  const auto seconds = [](int64_t us) { return us == 0 ? std::nullopt : std::optional(static_cast<double>(us) / 1e6); };
  int64_t kv_bytes = 0;
  for (const ModelInfo& model : status.models) kv_bytes += model.kv_bytes;
  tokens.add({status.now_us, {now.tokens_per_second}});
  first_token.add({status.now_us, {seconds(now.ttft_p50_us), seconds(now.ttft_p95_us)}});
  requests.add({status.now_us, {static_cast<double>(now.running), static_cast<double>(now.queued)}});
  kv.add({status.now_us, {static_cast<double>(kv_bytes) / (1LL << 30)}});
  if (last_us_ != 0 && status.now_us - last_us_ > gap_us) tokens.mark_gap(last_us_, status.now_us, gap_reason_);
  gap_reason_.clear();
  last_us_ = status.now_us;
  emit grown();
}

}  // namespace tijori
