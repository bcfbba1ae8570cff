// The audit log in four lines: its last record, how far it is verified and when that was looked at, and what no signed
// checkpoint covers yet.
#pragma once

#include <array>
#include <optional>

#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/panel.h"
#include "protocol/audit_messages.h"

namespace tijori {

class LogPanel : public Panel {
  Q_OBJECT

 public:
  explicit LogPanel(QWidget* parent = nullptr);
  // Nothing while the log's process is away.
  void show_log(const std::optional<AuditStatusReply>& log, int64_t now_us);

 private:
  Badge* badge_;
  TextLabel* away_;
  QWidget* facts_;
  std::array<TextLabel*, 4> values_{};
};

}  // namespace tijori
