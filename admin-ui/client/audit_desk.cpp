#include "admin-ui/client/audit_desk.h"

#include <QCoreApplication>
#include <QPointer>

#include "admin-ui/client/answer.h"

namespace tijori {
namespace {

// The checks of the files at the end of a verification say nothing while they run.
constexpr int64_t verify_quiet_timeout_ms = 3'600'000;

template <class Work>
void in_gui_thread(const QPointer<AuditDesk>& desk, Work work) {
  QMetaObject::invokeMethod(
      QCoreApplication::instance(),
      [desk, work = std::move(work)] {
        if (desk) work(*desk);
      },
      Qt::QueuedConnection);
}

ClientError no_lane() {
  return ClientError(Error{ErrorCode::resource_exhausted, "too many calls wait for the appliance"});
}

}  // namespace

AuditDesk::AuditDesk(Session& session, QObject* parent) : QObject(parent), session_(session) {}

AuditDesk::~AuditDesk() = default;

template <class T>
void AuditDesk::ask(std::unique_ptr<Lane>& lane, const std::string& target,
                    std::function<void(const Answer<T>&)> done) {
  if (!lane)
    if (auto made = session_.open_lane(Session::Door::admin)) lane = *std::move(made);
  const QPointer<AuditDesk> self(this);
  const bool taken = lane && lane->post([self, target, done](HttpClient& client, const Cancellation& cancellation) {
    auto answer = std::make_shared<Answer<T>>(
        ask_appliance<T>(client, {.target = target, .total_timeout_ms = read_limit_ms, .cancellation = &cancellation}));
    in_gui_thread(self, [done, answer](AuditDesk&) { done(*answer); });
  });
  if (!taken) in_gui_thread(self, [done](AuditDesk&) { done(std::unexpected(no_lane())); });
}

void AuditDesk::records(const std::string& target, TakeRecords done) {
  ask<AuditRecords>(pages_, target, std::move(done));
}

void AuditDesk::count(const std::string& target, TakeCounts done) {
  if (counts_) counts_->cancel_running();
  ask<AuditCounts>(counts_, target, [this, number = ++count_asked_, done = std::move(done)](const auto& answer) {
    if (number == count_asked_) done(answer);
  });
}

void AuditDesk::proof(int64_t seq, TakeProof done) {
  ask<AuditProof>(proofs_, "/admin/v1/audit/proof?seq=" + std::to_string(seq), std::move(done));
}

bool AuditDesk::verify(TakeVerdict done) {
  if (verifying_) return false;
  auto lane = session_.open_lane(Session::Door::admin);
  if (!lane) return false;
  verifying_ = *std::move(lane);
  const QPointer<AuditDesk> self(this);
  const bool posted = verifying_->post(
      [self, done = std::move(done), number = ++verify_asked_](HttpClient& client, const Cancellation& cancellation) {
        ClientRequest request{.method = "POST", .target = "/admin/v1/audit/verify", .cancellation = &cancellation};
        request.quiet_timeout_ms = verify_quiet_timeout_ms;
        auto answer = std::make_shared<Answer<AuditVerdict>>(ask_appliance<AuditVerdict>(client, request));
        in_gui_thread(self, [number, done, answer](AuditDesk& desk) {
          if (number != desk.verify_asked_ || !desk.verifying_) return;
          desk.verifying_.reset();
          done(*answer);
        });
      });
  if (!posted) verifying_.reset();
  emit verify_changed();
  return posted;
}

void AuditDesk::cancel_verify() {
  if (!verifying_) return;
  verifying_.reset();
  emit verify_changed();
}

bool AuditDesk::start_export(const QString& file, ExportJob job) {
  if (exporting_) return false;
  auto lane = session_.open_lane(Session::Door::admin);
  if (!lane) return false;
  exporting_ = *std::move(lane);
  const QPointer<AuditDesk> self(this);
  const bool posted = exporting_->post([self, file, job = std::move(job), number = ++export_asked_](
                                           HttpClient& client, const Cancellation& cancellation) {
    const ExportStep step = [self, number](int64_t rows, int64_t bytes) {
      in_gui_thread(self, [number, rows, bytes](AuditDesk& desk) {
        if (number == desk.export_asked_ && desk.exporting_) emit desk.export_moved(rows, bytes);
      });
    };
    auto done = std::make_shared<Result<ExportDone>>(job(client, cancellation, step));
    in_gui_thread(self, [number, file, done](AuditDesk& desk) {
      if (number != desk.export_asked_ || !desk.exporting_) return;
      desk.exporting_.reset();
      if (*done)
        emit desk.exported(file, (*done)->rows, (*done)->bytes, QString::fromStdString((*done)->sha256));
      else
        emit desk.export_failed(file, QString::fromStdString(done->error().message));
    });
  });
  if (!posted) exporting_.reset();
  return posted;
}

bool AuditDesk::export_rows(RowOrder order, const QString& file) {
  return start_export(file, [order = std::move(order), file](HttpClient& client, const Cancellation& cancellation,
                                                             const ExportStep& step) {
    const FetchRows fetch = [&](const std::string& target) {
      return ask_appliance<AuditRecords>(client, {.target = target, .cancellation = &cancellation});
    };
    return write_rows(order, file, fetch, step);
  });
}

bool AuditDesk::export_log(const QString& file) {
  return start_export(file, [file](HttpClient& client, const Cancellation& cancellation, const ExportStep& step) {
    return write_log(file, client, cancellation, step);
  });
}

void AuditDesk::cancel_export() {
  if (!exporting_) return;
  exporting_.reset();
  emit export_failed({}, {});
}

}  // namespace tijori
