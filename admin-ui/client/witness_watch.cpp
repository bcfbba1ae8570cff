#include "admin-ui/client/witness_watch.h"

#include <QCoreApplication>
#include <QPointer>
#include <QStandardPaths>
#include <algorithm>

#include "admin-ui/client/session.h"
#include "base/clock.h"

namespace tijori {
namespace {

constexpr int retry_ms = 30'000;
constexpr const char* proof_path = "/admin/v1/audit/consistency";
constexpr const char* keys_path = "/admin/v1/audit/keys";

// The appliance, asked over the lane's connection.
class LaneSource final : public LogSource {
 public:
  LaneSource(HttpClient& client, const Cancellation& cancellation) : client_(client), cancellation_(cancellation) {}

  Result<AuditKeys> keys() override { return ask<AuditKeys>(keys_path); }
  Result<ConsistencyProof> consistency(int64_t old_size, int64_t size) override {
    return ask<ConsistencyProof>(std::string(proof_path) + "?old_size=" + std::to_string(old_size) +
                                 "&size=" + std::to_string(size));
  }

 private:
  template <class T>
  Result<T> ask(const std::string& target) {
    auto answer = ask_appliance<T>(
        client_, {.target = target, .total_timeout_ms = read_limit_ms, .cancellation = &cancellation_});
    if (answer) return *std::move(answer);
    Error error = answer.error().error;
    if (answer.error().api_code == name_of(ErrorCode::corrupted)) error.code = ErrorCode::corrupted;
    return fail(std::move(error));
  }

  HttpClient& client_;
  const Cancellation& cancellation_;
};

}  // namespace

// Of the lane's thread alone, once it runs.
struct WitnessWatch::Worker {
  std::optional<Witness> witness;
};

WitnessWatch::WitnessWatch(Session& session, std::filesystem::path folder)
    : session_(session), folder_(std::move(folder)), worker_(std::make_shared<Worker>()) {
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, [this] { shown_.clear(); });
  connect(&session, &Session::status_changed, this, &WitnessWatch::look);
}

WitnessWatch::~WitnessWatch() = default;

std::filesystem::path WitnessWatch::default_folder() {
  const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
  return std::filesystem::path(data.toStdString()) / "tijori" / "witness";
}

void WitnessWatch::look() {
  if (busy_ || !session_.status() || !session_.status()->audit) return;
  const AuditStatusReply& audit = *session_.status()->audit;
  if (audit.last_checkpoint.empty() || audit.records < 0) return;
  const bool is_short = audit.records < audit.last_checkpoint_size;
  const bool may_ask = session_.permits("GET", proof_path) && session_.permits("GET", keys_path);
  const std::string showing = (is_short ? "short " : "") + audit.last_checkpoint + (may_ask ? "" : "alone");
  if (showing == shown_) return;
  if (!lane_) {
    auto lane = session_.open_lane(Session::Door::admin);
    if (!lane) return;
    lane_ = *std::move(lane);
  }
  Sighting sighting;
  sighting.appliance = session_.appliance().name.toStdString();
  sighting.note = audit.last_checkpoint;
  sighting.records = static_cast<uint64_t>(audit.records);
  sighting.now_us = wall_clock_us();
  const QPointer<WitnessWatch> self(this);
  busy_ = lane_->post([self, worker = worker_, folder = folder_, sighting, may_ask](HttpClient& client,
                                                                                    const Cancellation& cancellation) {
    WitnessView view;
    bool is_proven = false;
    if (!worker->witness) {
      auto made = Witness::open(folder);
      if (made)
        worker->witness = *std::move(made);
      else
        view.trouble = made.error().message;
    }
    if (worker->witness) {
      LaneSource source(client, cancellation);
      const auto outcome = worker->witness->observe(sighting, may_ask ? &source : nullptr);
      if (!outcome) view.trouble = outcome.error().message;
      is_proven = outcome && *outcome != Witness::Outcome::unproven;
      const auto& kept = worker->witness->checkpoints(sighting.appliance);
      view.kept = kept.size();
      view.unproven = static_cast<size_t>(std::ranges::count(kept, false, &Witnessed::proven));
      if (!kept.empty()) view.last = kept.back();
      view.alarms = worker->witness->alarms(sighting.appliance);
      view.key = worker->witness->pinned_key(sighting.appliance);
      view.damaged = worker->witness->damaged();
    }
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self, view = std::move(view), is_proven] {
          if (self) self->take(view, is_proven);
        },
        Qt::QueuedConnection);
  });
  if (busy_) shown_ = showing;
}

void WitnessWatch::take(WitnessView view, bool is_proven) {
  busy_ = false;
  view_ = std::move(view);
  if (!is_proven || !view_->trouble.empty()) again_.start(retry_ms);
  emit changed();
}

}  // namespace tijori
