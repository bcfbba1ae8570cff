// The audit log: how far it is proven, a list of all records, one record with its place in the chain, verification,
// export.
#pragma once

#include <QProgressBar>

#include "admin-ui/client/audit_desk.h"
#include "admin-ui/models/audit_list.h"
#include "admin-ui/models/audit_verdict.h"
#include "admin-ui/views/audit_filters.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/minute_bars.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/record_drawer.h"
#include "admin-ui/views/screen.h"
#include "admin-ui/views/verdict_band.h"

namespace tijori {

class AuditScreen : public Screen {
  Q_OBJECT

 public:
  explicit AuditScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void left() override;
  void refresh() override;
  void focus_search() override;
  void show_at(const QString& argument) override;  // a record number
  bool step_back() override;

 private:
  QWidget* make_column();
  QWidget* make_export_strip();
  void connect_list();
  void connect_desk();
  bool may(const char* method, const char* path) const { return session().permits(method, path); }
  int64_t now_us() const;

  void take_status();
  void ask_names();
  void ask_counts();
  void take_counts(const AuditCounts& counts, const CountSpan& span);
  void apply_filter();
  void choose_interval(int first, int last);
  void clear_filter();
  void say_count();
  void say_verdict();
  void say_new_above();

  void show_record(int row);
  void show_open_record();
  void open_wanted();
  void step(int rows);
  void close_drawer();
  void ask_proof(int64_t seq);

  void verify();
  void take_verdict(const Answer<AuditVerdict>& answer);
  void export_rows();
  void export_log();
  void begin_export(const QString& sentence, int64_t total);
  void end_export();
  void save_checkpoint(const QByteArray& note);

  AuditDesk* desk_;
  AuditList* list_;
  AuditFilters* filters_;
  DataTable* table_;
  StateView* rows_;
  RecordDrawer* drawer_;
  VerdictBand* band_;
  MinuteBars* bars_;
  TextLabel* count_;
  Button* above_;
  Button* export_rows_;
  Button* export_log_;
  QWidget* export_strip_;
  TextLabel* export_line_;
  QProgressBar* export_bar_;

  QTimer count_again_;
  std::optional<int64_t> log_first_us_;
  int64_t counted_records_ = 0;
  QString list_trouble_;             // why the rows in view don't come
  std::optional<int64_t> matching_;  // of the filter without the interval
  VerifyMeter meter_;
  QElapsedTimer steady_;
  std::optional<AuditVerdict> own_verdict_;
  int64_t own_verdict_us_ = 0;
  QString verify_trouble_;
  int64_t open_seq_ = -1;
  int64_t wanted_seq_ = -1;
  int new_above_ = 0;
  bool came_ = false;  // a first page
  int64_t export_total_ = 0;
};

}  // namespace tijori
