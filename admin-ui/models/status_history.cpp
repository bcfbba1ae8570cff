#include "admin-ui/models/status_history.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

using Row = StatusHistory::Row;

constexpr int64_t second_us = 1'000'000;
constexpr int64_t rate_us = 10 * second_us;
constexpr int64_t hour_us = 3'600 * second_us;
constexpr int64_t day_us = 24 * hour_us;
// Nearer to a status than this a sample of the daemon's own says nothing new.
constexpr int64_t same_us = 2 * second_us;
constexpr int64_t late_us = 3 * second_us;
constexpr int64_t mark_slack_us = 11 * second_us;         // marks are set when the daemon's step ends
constexpr int64_t earliest_us = 946'684'800 * second_us;  // 2000
constexpr int64_t latest_us = 4'102'444'800 * second_us;  // 2100
constexpr size_t max_taken = 20'000;
constexpr size_t max_marks = 2'000;
constexpr int64_t max_sum = int64_t{1} << 60;

bool is_sane(int64_t time_us) {
  return time_us > earliest_us && time_us < latest_us;
}

// From where nothing is known between two rows, and whether that is long.
bool is_unanswered(const Row& before, const Row& row) {
  const int64_t unknown_us = row.time_us - before.time_us - row.step_us;
  return unknown_us > (before.live ? late_us : before.step_us + before.step_us / 2);
}

Sample sample_of(const Row& row, std::vector<std::optional<double>> values, bool after_gap) {
  return {row.time_us, std::move(values), after_gap, !row.served};
}

double gib(int64_t bytes) {
  return static_cast<double>(bytes) / (1LL << 30);
}

int64_t plus(int64_t sum, int64_t more) {
  return std::min(max_sum, sum + std::clamp<int64_t>(more, 0, max_sum));
}

}  // namespace

KvUse kv_use(const std::vector<ModelInfo>& models) {
  KvUse sum;
  for (const ModelInfo& model : models) {
    sum.used_bytes = plus(sum.used_bytes, model.kv_used_bytes);
    sum.reserved_bytes = plus(sum.reserved_bytes, model.kv_bytes);
    sum.sequences = plus(sum.sequences, model.max_sequences);
  }
  return sum;
}

int64_t process_bytes(const MemoryUse& memory) {
  return plus(plus(plus(0, memory.daemon_bytes), memory.engine_bytes), memory.audit_bytes);
}

StatusHistory::StatusHistory(QObject* parent)
    : QObject(parent), tokens(1, day_us), first_token(2, day_us), requests(2, day_us), kv(1, day_us) {}

Row StatusHistory::row_of(const DaemonStatus& status) {
  const RequestCounters& now = status.requests;
  Row row;
  row.time_us = status.now_us;
  row.step_us = second_us;
  row.live = true;
  row.tokens_per_second = now.tokens_per_second;
  row.running = now.running;
  row.queued = now.queued;
  const KvUse cache = kv_use(status.models);
  row.kv_used_bytes = cache.used_bytes;
  row.kv_bytes = cache.reserved_bytes;
  row.served = std::ranges::find(status.models, ModelState::ready, &ModelInfo::state) != status.models.end();
  row.resident_bytes = process_bytes(status.memory);
  // As the daemon's own samples: over the last 10 s, and no time to first token where nothing was answered.
  while (!answered_.empty() &&
         (status.now_us - answered_.front().time_us > rate_us || answered_.back().answers > now.answered ||
          answered_.back().tokens > now.completion_tokens || answered_.back().time_us > status.now_us))
    answered_.pop_front();
  answered_.push_back({status.now_us, now.answered, now.completion_tokens});
  const Answered& then = answered_.front();
  const int64_t over_us = status.now_us - then.time_us;
  if (over_us >= rate_us / 2)
    row.tokens_per_second = (static_cast<double>(now.completion_tokens) - static_cast<double>(then.tokens)) * 1e6 /
                            static_cast<double>(over_us);
  if (now.answered > then.answers || (answered_.size() == 1 && now.answered > 0)) {
    if (now.ttft_p50_us > 0) row.ttft_p50_s = static_cast<double>(now.ttft_p50_us) / 1e6;
    if (now.ttft_p95_us > 0) row.ttft_p95_s = static_cast<double>(now.ttft_p95_us) / 1e6;
  }
  return row;
}

void StatusHistory::rewind(int64_t now_us) {
  while (!rows_.empty() && rows_.back().time_us >= now_us) rows_.pop_back();
  std::erase_if(marks_, [&](const HistoryMark& mark) { return mark.time_us > now_us; });
  answered_.clear();
  rebuild();
}

void StatusHistory::add(const DaemonStatus& status) {
  if (!is_sane(status.now_us)) return;
  if (!rows_.empty() && status.now_us == rows_.back().time_us) return;
  if (!rows_.empty() && status.now_us < rows_.back().time_us) rewind(status.now_us);
  const Row row = row_of(status);
  const bool apart = grow_gap(rows_.empty() ? nullptr : &rows_.back(), row);
  rows_.push_back(row);
  const bool after_gap = apart && rows_.size() > 1;
  tokens.add(sample_of(row, {row.tokens_per_second}, after_gap));
  first_token.add(sample_of(row, {row.ttft_p50_s, row.ttft_p95_s}, after_gap));
  requests.add(sample_of(row, {static_cast<double>(row.running), static_cast<double>(row.queued)}, after_gap));
  kv.add(sample_of(row, {gib(row.kv_used_bytes)}, after_gap));
  if (apart) {
    gaps_.back().reason = reason(gaps_.back(), unanswered_.back());
    for (SeriesStore* store : {&tokens, &first_token, &requests, &kv}) store->set_gaps(gaps_);
  }
  while (rows_.size() > max_samples || rows_.front().time_us < row.time_us - day_us) rows_.pop_front();
  emit grown();
}

bool StatusHistory::grow_gap(const Row* before, const Row& row) {
  const bool unanswered = before != nullptr && is_unanswered(*before, row);
  if (!unanswered && row.served && (before == nullptr || before->served)) return false;
  const int64_t from_us = before == nullptr ? row.time_us : before->time_us;
  const bool goes_on = before != nullptr && !gaps_.empty() && gaps_.back().to_us == before->time_us && !before->served;
  if (!goes_on) {
    gaps_.push_back({from_us, row.time_us, {}});
    unanswered_.push_back(false);
    if (gaps_.size() > max_gaps) {
      gaps_.pop_front();
      unanswered_.pop_front();
    }
  }
  if (unanswered) unanswered_.back() = true;
  gaps_.back().to_us = row.time_us;
  return true;
}

QString StatusHistory::reason(const Gap& gap, bool unanswered) const {
  bool engine_ended = false;
  bool unloaded = false;
  const auto first = std::ranges::lower_bound(marks_, gap.from_us - mark_slack_us, {}, &HistoryMark::time_us);
  for (auto mark = first; mark != marks_.end() && mark->time_us <= gap.to_us + mark_slack_us; ++mark) {
    if (mark->what == "daemon-started" && mark->time_us > gap.from_us - same_us && mark->time_us < gap.to_us + same_us)
      return tr("daemon restart");
    engine_ended = engine_ended || mark->what == "engine-ended";
    unloaded = unloaded || mark->what == "model-unloaded";
  }
  if (unanswered) return tr("no answer");
  if (engine_ended) return tr("engine restart");
  return unloaded ? tr("model unloaded") : tr("no model loaded");
}

bool StatusHistory::take_marks(const std::vector<HistoryMark>& marks) {
  const auto less = [](const HistoryMark& one, const HistoryMark& other) {
    return std::tie(one.time_us, one.what, one.object) < std::tie(other.time_us, other.what, other.object);
  };
  const auto same = [](const HistoryMark& one, const HistoryMark& other) {
    return std::tie(one.time_us, one.what, one.object) == std::tie(other.time_us, other.what, other.object);
  };
  std::vector<HistoryMark> all = marks_;
  const size_t skipped = marks.size() > max_marks ? marks.size() - max_marks : 0;
  for (size_t i = skipped; i < marks.size(); ++i)
    if (is_sane(marks[i].time_us)) all.push_back(marks[i]);
  std::ranges::sort(all, less);
  const auto doubles = std::ranges::unique(all, same);
  all.erase(doubles.begin(), doubles.end());
  if (all.size() > max_marks) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(max_marks));
  if (std::ranges::equal(all, marks_, same)) return false;
  marks_ = std::move(all);
  return true;
}

void StatusHistory::merge(const History& history) {
  const bool marks_changed = take_marks(history.marks);
  const int64_t step_us = std::clamp<int64_t>(history.step_us, second_us, 600 * second_us);
  std::vector<Row> fresh;
  const size_t skipped = history.samples.size() > max_taken ? history.samples.size() - max_taken : 0;
  for (size_t i = skipped; i < history.samples.size(); ++i) {
    const HistorySample& sample = history.samples[i];
    if (!is_sane(sample.time_us)) continue;
    const auto seconds = [](const std::optional<int64_t>& us) {
      return us ? std::optional(static_cast<double>(*us) / 1e6) : std::nullopt;
    };
    fresh.push_back({sample.time_us, step_us, false, sample.kv_bytes > 0, sample.tokens_per_second,
                     seconds(sample.ttft_p50_us), seconds(sample.ttft_p95_us), sample.running, sample.queued,
                     sample.kv_used_bytes, sample.kv_bytes, sample.resident_bytes});
  }
  std::ranges::sort(fresh, {}, &Row::time_us);
  const auto doubles = std::ranges::unique(fresh, {}, &Row::time_us);
  fresh.erase(doubles.begin(), doubles.end());
  int64_t now_us = fresh.empty() ? 0 : fresh.back().time_us;
  if (!rows_.empty() && rows_.back().live) {
    now_us = rows_.back().time_us;
    std::erase_if(fresh, [&](const Row& row) { return row.time_us > now_us + 60 * second_us; });
  }
  // What the daemon says again replaces what it said; statuses stay.
  std::deque<Row> merged;
  auto next = fresh.begin();
  const auto take_fresh_until = [&](int64_t time_us) {
    for (; next != fresh.end() && next->time_us < time_us; ++next) {
      const bool near_before =
          !merged.empty() && merged.back().live && next->time_us - merged.back().time_us <= same_us;
      const bool near_after = time_us != latest_us && time_us - next->time_us <= same_us;
      if (!near_before && !near_after) merged.push_back(*next);
    }
  };
  const int64_t said_from_us = fresh.empty() ? latest_us : fresh.front().time_us - step_us;
  const int64_t said_to_us = fresh.empty() ? 0 : fresh.back().time_us;
  for (size_t i = 0; i < rows_.size(); ++i) {
    Row row = rows_[i];
    if (row.time_us < now_us - day_us) continue;
    if (row.live && row.time_us < now_us - hour_us) {
      // After an hour a status every 10 s is enough.
      if (i + 1 < rows_.size() && rows_[i + 1].live && rows_[i + 1].time_us / rate_us == row.time_us / rate_us)
        continue;
      row.live = false;
      row.step_us = rate_us;
    }
    if (!row.live && row.time_us > said_from_us && row.time_us <= said_to_us) continue;
    take_fresh_until(row.live ? row.time_us : std::min(row.time_us, latest_us - 1));
    while (next != fresh.end() && next->time_us <= row.time_us && row.live) ++next;
    merged.push_back(row);
  }
  take_fresh_until(latest_us);
  while (!merged.empty() && (merged.size() > max_samples || merged.front().time_us < now_us - day_us))
    merged.pop_front();
  if (!marks_changed && merged == rows_) return;
  rows_ = std::move(merged);
  rebuild();
  emit grown();
}

void StatusHistory::rebuild() {
  gaps_.clear();
  unanswered_.clear();
  std::vector<Sample> tokens_rows;
  std::vector<Sample> first_rows;
  std::vector<Sample> request_rows;
  std::vector<Sample> kv_rows;
  const Row* before = nullptr;
  for (const Row& row : rows_) {
    const bool after_gap = grow_gap(before, row) && before != nullptr;
    tokens_rows.push_back(sample_of(row, {row.tokens_per_second}, after_gap));
    first_rows.push_back(sample_of(row, {row.ttft_p50_s, row.ttft_p95_s}, after_gap));
    request_rows.push_back(
        sample_of(row, {static_cast<double>(row.running), static_cast<double>(row.queued)}, after_gap));
    kv_rows.push_back(sample_of(row, {gib(row.kv_used_bytes)}, after_gap));
    before = &row;
  }
  // Once each and only of those that are kept: a reason looks at every mark of its gap.
  for (size_t i = 0; i < gaps_.size(); ++i) gaps_[i].reason = reason(gaps_[i], unanswered_[i]);
  tokens.assign(std::move(tokens_rows), gaps_);
  first_token.assign(std::move(first_rows), gaps_);
  requests.assign(std::move(request_rows), gaps_);
  kv.assign(std::move(kv_rows), gaps_);
}

QString StatusHistory::to_csv(int64_t from_us, int64_t to_us) const {
  QString text = QStringLiteral(
      "time_utc,time_ist,tokens_per_second,ttft_p50_s,ttft_p95_s,running,queued,kv_used_bytes,kv_bytes,resident_bytes,"
      "gap\n");
  const auto number = [](double value) {
    return std::isfinite(value) ? QString::number(value, 'g', QLocale::FloatingPointShortest) : QString();
  };
  const auto or_empty = [&](const std::optional<double>& value) { return value ? number(*value) : QString(); };
  auto gap = gaps_.begin();
  for (const Row& row : rows_) {
    if (row.time_us < from_us || row.time_us > to_us) continue;
    while (gap != gaps_.end() && gap->to_us < row.time_us) ++gap;
    const bool after = gap != gaps_.end() && gap->from_us < row.time_us;
    text += rfc3339_utc(row.time_us) + QLatin1Char(',') + rfc3339_ist(row.time_us) + QLatin1Char(',') +
            number(row.tokens_per_second) + QLatin1Char(',') + or_empty(row.ttft_p50_s) + QLatin1Char(',') +
            or_empty(row.ttft_p95_s);
    for (const int64_t value : {row.running, row.queued, row.kv_used_bytes, row.kv_bytes, row.resident_bytes})
      text += QLatin1Char(',') + QString::number(value);
    // The row that ends a gap says what it was.
    text += after ? QStringLiteral(",\"%1\"\n").arg(gap->reason) : QStringLiteral(",\n");
  }
  return text;
}

}  // namespace tijori
