// How the appliance is: six figures, four plots over the same time, what there is to do, models, audit log,
// certificates.
#pragma once

#include "admin-ui/models/status_history.h"
#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/plot.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/screen.h"

namespace tijori {

class Figure;

class OverviewScreen : public Screen {
  Q_OBJECT

 public:
  explicit OverviewScreen(Session& session);
  std::vector<Command> commands() override;
  void entered() override;
  void left() override;
  void refresh() override;

 private:
  QWidget* make_strip();
  QWidget* make_plots();
  QWidget* make_side();
  void take_status();
  void fill_findings(const DaemonStatus& status);
  void fill_models(const DaemonStatus& status);
  void fill_audit(const DaemonStatus& status);
  void ask_certificates();
  void fill_certificates(const Answer<ClientList>& answer);
  void export_csv();
  void export_png();
  void set_paused(bool paused);

  StatusHistory history_;
  PlotTime time_;
  std::vector<Plot*> plots_;
  Figure* tokens_;
  Figure* first_token_;
  Figure* queue_;
  Figure* kv_;
  Figure* memory_;
  Figure* answers_;
  Segment* range_;
  Button* pause_;
  Panel* findings_;
  Panel* models_;
  Panel* audit_;
  Panel* certificates_;
  QWidget* findings_rows_ = nullptr;
  QWidget* models_rows_ = nullptr;
  QWidget* audit_rows_ = nullptr;
  QWidget* certificates_rows_ = nullptr;
  QTimer certificates_timer_;
  QString last_findings_;
  QString last_models_;
};

}  // namespace tijori
