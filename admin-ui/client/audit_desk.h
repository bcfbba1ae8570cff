// What the Audit screen asks of the appliance, each in a lane of its own so that a page of the list never waits for a
// count over the whole log, a verification or an export. No widgets; GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "admin-ui/client/log_export.h"
#include "admin-ui/client/session.h"

namespace tijori {

class AuditDesk : public QObject {
  Q_OBJECT

 public:
  // The session must outlive it.
  explicit AuditDesk(Session& session, QObject* parent = nullptr);
  ~AuditDesk() override;

  using TakeRecords = std::function<void(const Answer<AuditRecords>& answer)>;
  void records(const std::string& target, TakeRecords done);
  // The one asked last counts: an earlier one that has not come is dropped.
  using TakeCounts = std::function<void(const Answer<AuditCounts>& answer)>;
  void count(const std::string& target, TakeCounts done);
  using TakeProof = std::function<void(const Answer<AuditProof>& answer)>;
  void proof(int64_t seq, TakeProof done);

  // Of the whole log. Cancelling ends it at the appliance too.
  using TakeVerdict = std::function<void(const Answer<AuditVerdict>& answer)>;
  bool verify(TakeVerdict done);
  void cancel_verify();
  bool verifying() const { return verifying_ != nullptr; }

  // Into a file that appears under its name only once it is whole.
  bool export_rows(RowOrder order, const QString& file);
  bool export_log(const QString& file);
  void cancel_export();
  bool exporting() const { return exporting_ != nullptr; }

 signals:
  void verify_changed();  // began or was cancelled
  void export_moved(qint64 rows, qint64 bytes);
  void exported(const QString& file, qint64 rows, qint64 bytes, const QString& sha256);
  void export_failed(const QString& file, const QString& why);  // "": cancelled

 private:
  template <class T>
  void ask(std::unique_ptr<Lane>& lane, const std::string& target, std::function<void(const Answer<T>&)> done);
  using ExportJob =
      std::function<Result<ExportDone>(HttpClient& client, const Cancellation& cancellation, const ExportStep& step)>;
  bool start_export(const QString& file, ExportJob job);

  Session& session_;
  std::unique_ptr<Lane> pages_;
  std::unique_ptr<Lane> counts_;
  std::unique_ptr<Lane> proofs_;
  std::unique_ptr<Lane> verifying_;
  std::unique_ptr<Lane> exporting_;
  uint64_t count_asked_ = 0;
  uint64_t verify_asked_ = 0;
  uint64_t export_asked_ = 0;
};

}  // namespace tijori
