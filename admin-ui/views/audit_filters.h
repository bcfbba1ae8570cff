// The line of filters above the audit log's list: search, time, actor, event, outcome. Beside each other where there is
// room, else in two lines.
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QStringListModel>
#include <QWidget>
#include <optional>
#include <vector>

#include "admin-ui/models/audit_filter.h"
#include "admin-ui/models/audit_search.h"
#include "protocol/admin_types.h"

class QGridLayout;

namespace tijori {

class AuditFilters : public QWidget {
  Q_OBJECT

 public:
  explicit AuditFilters(QWidget* parent = nullptr);

  void set_clients(std::vector<ClientInfo> clients);
  // Of this client alone; as soon as it is known when it isn't yet.
  void choose_client(const QString& id);
  // What is chosen, without an interval of the bars; `now_us` is the appliance's time.
  AuditFilter filter(int64_t now_us) const;
  // Where a preset of time begins; nothing for all of the log.
  std::optional<int64_t> begins(int64_t now_us) const;
  bool any() const;
  void clear();
  void focus_search();
  // A request that was searched for, as long as the field says so.
  QString search_text() const { return search_->text(); }

 signals:
  void changed();
  void record_wanted(qint64 seq);
  void not_found(const QString& sentence);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void search();
  void arrange(bool narrow);

  std::vector<ClientInfo> clients_;
  QString wanted_client_;  // chosen once it is known
  std::string request_id_;
  QStringListModel* names_;
  QGridLayout* grid_;
  QLineEdit* search_;
  QComboBox* time_;
  QComboBox* actor_;
  QComboBox* event_;
  QComboBox* outcome_;
  bool narrow_ = false;
  bool quiet_ = false;
};

}  // namespace tijori
