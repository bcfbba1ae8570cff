// Fetches the daemon's day of figures for a history: all of it at first, after the link was lost and after the daemon
// was started again, and what is new every 10 s while somebody looks. Lives in the GUI thread; no call of it blocks.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include "admin-ui/client/session.h"
#include "admin-ui/models/status_history.h"
#include "protocol/history_types.h"

namespace tijori {

class HistoryWatch : public QObject {
  Q_OBJECT

 public:
  // Both must outlive it.
  HistoryWatch(Session& session, StatusHistory& history, QObject* parent = nullptr);

  void watch();  // from now on, with what was missed
  void rest();
  bool permitted() const;
  // Why the last fetch failed; "" when it didn't.
  QString trouble() const { return trouble_; }

 signals:
  void fetched();

 private:
  void take_status();
  void fetch();
  void take(const Answer<History>& answer);

  Session& session_;
  StatusHistory& history_;
  QTimer timer_;
  bool watching_ = false;
  bool asked_ = false;
  bool again_ = false;
  int64_t since_us_ = 0;  // 0: the whole day
  int64_t daemon_started_us_ = 0;
  QString trouble_;
};

}  // namespace tijori
