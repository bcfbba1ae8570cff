// The daemon's figures over time, for the plots: what the daemon kept, and every status that comes while the console is
// open.
#pragma once

#include <QObject>

#include "admin-ui/models/series.h"
#include "protocol/admin_types.h"

namespace tijori {

class StatusHistory : public QObject {
  Q_OBJECT

 public:
  explicit StatusHistory(QObject* parent = nullptr);

  void add(const DaemonStatus& status);
  // Nothing came for a while: why, for the gap's label.
  void note_gap_reason(const QString& reason) { gap_reason_ = reason; }

  SeriesStore tokens;       // [tokens a second]
  SeriesStore first_token;  // [p50 s, p95 s]
  SeriesStore requests;     // [running, waiting]
  SeriesStore kv;           // [GiB in use]

 signals:
  void grown();

 private:
  int64_t last_us_ = 0;
  QString gap_reason_;
};

}  // namespace tijori
