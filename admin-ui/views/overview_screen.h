// How the appliance is: six figures, four plots over the same time, what there is to do, models, audit log,
// certificates.
#pragma once

#include <QBoxLayout>
#include <QScrollArea>

#include "admin-ui/client/history_watch.h"
#include "admin-ui/client/preferences.h"
#include "admin-ui/models/expiry.h"
#include "admin-ui/models/status_history.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/plot.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class ExpiryPanel;
class Figure;
class FigureStrip;
class FindingsPanel;
class LoadedModelsPanel;
class LogPanel;
class PlotGrid;

class OverviewScreen : public Screen {
  Q_OBJECT

 public:
  explicit OverviewScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void left() override;
  void refresh() override;
  bool step_back() override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void make_title_row();
  QWidget* make_side();
  void make_strip();
  // Columns and heights for the room there is.
  void arrange();
  void take_status();
  void take_link();
  void show_findings();
  void fill_figures(const DaemonStatus& status);
  void ask_certificates();
  void choose_range(int index);
  void set_paused(bool paused);
  void say_context();
  QString file_name(const QString& ending) const;
  QString range_text() const;
  void export_csv();
  void export_png();
  // `tijori history` over the same time.
  QString history_command() const;
  void copy_command();

  StatusHistory history_;
  HistoryWatch watch_;
  PlotTime time_;
  FigureStrip* strip_;
  PlotGrid* plots_;
  QWidget* side_ = nullptr;
  QBoxLayout* across_;
  QScrollArea* page_;
  Figure* tokens_ = nullptr;
  Figure* first_token_ = nullptr;
  Figure* queue_ = nullptr;
  Figure* kv_ = nullptr;
  Figure* memory_ = nullptr;
  Figure* answers_ = nullptr;
  Segment* range_;
  Button* pause_;
  FindingsPanel* findings_ = nullptr;
  LoadedModelsPanel* models_ = nullptr;
  LogPanel* log_ = nullptr;
  ExpiryPanel* certificates_ = nullptr;
  std::vector<Expiry> expiries_;
  QTimer certificates_timer_;
  QTimer age_timer_;  // while nothing comes
};

}  // namespace tijori
