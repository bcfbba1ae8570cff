// One record of the audit log: decoded, with its place in the chain and its whole leaf hash.
#pragma once

#include "admin-ui/models/audit_names.h"
#include "admin-ui/views/parts/drawer.h"
#include "protocol/audit_messages.h"

namespace tijori {

// What the log knows around a record.
struct RecordPlace {
  const AuditRecord* previous = nullptr;  // when it has come
  const AuditRecord* next = nullptr;
  int64_t log_records = 0;
  int64_t signed_records = 0;  // by the last checkpoint
  int64_t signed_us = 0;
  QString refusal;  // why no proof can be asked for; "" when it can
};

class RecordDrawer : public Drawer {
  Q_OBJECT

 public:
  explicit RecordDrawer(QWidget* parent = nullptr);
  void show_record(const AuditRecord& record, const AuditNames& names, const RecordPlace& place);

 signals:
  void proof_wanted(qint64 seq);
  void copied(const QString& sentence);

 private:
  void show_facts(const AuditRecord& record, const AuditNames& names);
  void show_decisions(const std::vector<AuditDecision>& decisions);
  void show_place(const AuditRecord& record, const RecordPlace& place);
  void show_leaf(const AuditRecord& record);
};

}  // namespace tijori
