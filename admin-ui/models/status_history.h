// The daemon's figures over the last day, for the plots: the day that the daemon keeps, in steps of 10 s, and every
// status that comes while the console is open, once a second. Where both know a time the status counts; where neither
// does there is a gap, named after what the daemon says happened then.
#pragma once

#include <QObject>
#include <deque>
#include <vector>

#include "admin-ui/models/series.h"
#include "protocol/admin_types.h"
#include "protocol/history_types.h"

namespace tijori {

// Of all models together; whatever a daemon says, the sums are numbers.
struct KvUse {
  int64_t used_bytes = 0;
  int64_t reserved_bytes = 0;
  int64_t sequences = 0;
};
KvUse kv_use(const std::vector<ModelInfo>& models);
// Of daemon, engines and audit process.
int64_t process_bytes(const MemoryUse& memory);

class StatusHistory : public QObject {
  Q_OBJECT

 public:
  struct Row {
    int64_t time_us = 0;
    int64_t step_us = 0;  // what it stands for, up to its time
    bool live = false;    // of a status
    bool served = false;  // an engine was there
    double tokens_per_second = 0;
    std::optional<double> ttft_p50_s;  // absent when nothing was answered in the last 10 s
    std::optional<double> ttft_p95_s;
    int64_t running = 0;
    int64_t queued = 0;
    int64_t kv_used_bytes = 0;
    int64_t kv_bytes = 0;
    int64_t resident_bytes = 0;
    bool operator==(const Row&) const = default;
  };

  explicit StatusHistory(QObject* parent = nullptr);

  // A status older than the last one means that the appliance's clock was set back: what lies after it goes.
  void add(const DaemonStatus& status);
  void merge(const History& history);

  const std::deque<Row>& rows() const { return rows_; }
  const std::deque<Gap>& gaps() const { return gaps_; }
  // For exports: both zones, full precision, never grouped.
  QString to_csv(int64_t from_us, int64_t to_us) const;

  SeriesStore tokens;       // [tokens a second]
  SeriesStore first_token;  // [p50 s, p95 s]
  SeriesStore requests;     // [running, waiting]
  SeriesStore kv;           // [GiB in use]

 signals:
  void grown();

 private:
  struct Answered {  // of a status, for rates over the last 10 s
    int64_t time_us = 0;
    int64_t answers = 0;
    int64_t tokens = 0;
  };

  Row row_of(const DaemonStatus& status);
  void rewind(int64_t now_us);
  bool take_marks(const std::vector<HistoryMark>& marks);
  // Widens the last gap to `row`, or begins one, without its reason; whether that changed the gaps.
  bool grow_gap(const Row* before, const Row& row);
  QString reason(const Gap& gap, bool unanswered) const;
  void rebuild();

  std::deque<Row> rows_;
  std::vector<HistoryMark> marks_;
  std::deque<Gap> gaps_;
  std::deque<bool> unanswered_;  // of each gap: it has a time of which nothing is known
  std::deque<Answered> answered_;
};

}  // namespace tijori
