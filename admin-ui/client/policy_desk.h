// What the Guardrails screen asks of the appliance and when: the list of policies and the hits while somebody looks,
// documents as they are needed, lint of the text as it is typed (one question at a time, the newest text), and the acts
// of a policy's life. No widgets.
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "admin-ui/client/session.h"
#include "protocol/guardrail_types.h"

namespace tijori {

class PolicyDesk : public QObject {
  Q_OBJECT

 public:
  // As the daemon's: a longer one is none of its own and isn't opened.
  static constexpr size_t max_document_bytes = size_t{8} << 20;

  explicit PolicyDesk(Session& session, QObject* parent = nullptr);

  void start();
  void stop();
  void refresh();

  const std::optional<GuardrailsStatus>& status() const { return status_; }
  const PolicySummary* find(const std::string& digest) const;  // among those stored
  std::string active() const { return status_ && status_->active ? status_->active->digest : std::string(); }
  bool may_edit() const { return session_.permits("POST", "/admin/v1/guardrails/policies"); }
  bool may_bench() const { return session_.permits("POST", "/admin/v1/guardrails/bench"); }
  bool may_lint() const { return session_.permits("POST", "/admin/v1/guardrails/lint"); }
  bool may_see_hits() const { return session_.permits("GET", "/admin/v1/guardrails/hits"); }

  template <class T>
  using Taker = std::function<void(const Answer<T>& answer)>;
  // A document never changes: the last few are kept.
  void document(const std::string& digest, QObject* context, Taker<StoredPolicy> done);
  void lint(const QString& text);  // answered by linted() or lint_failed()
  void lint(const QString& text, QObject* context, Taker<LintReply> done);
  void bench(const BenchRequest& request, QObject* context, Taker<BenchReply> done);
  void save(const QString& text, QObject* context, Taker<DraftReply> done);
  void check(const std::string& digest, QObject* context, Taker<CheckReply> done);
  void approve(const std::string& digest, QObject* context, Taker<PolicySummary> done);
  // Both only if the policy that is active is still the one said.
  void activate(const std::string& digest, const std::string& expected, QObject* context, Taker<GuardrailsStatus> done);
  void roll_back(const std::string& expected, QObject* context, Taker<GuardrailsStatus> done);

 signals:
  void listed();
  void list_failed(const tijori::ClientError& error);
  void linted(const QString& text, const tijori::LintReply& reply);
  void lint_failed(const QString& sentence);
  void hits_counted(const tijori::HitsReply& reply);

 private:
  static constexpr size_t max_kept_documents = 6;

  void ask_hits();
  void ask_lint();
  Taker<GuardrailsStatus> taking_status(Taker<GuardrailsStatus> done);

  Session& session_;
  QTimer timer_;
  std::optional<GuardrailsStatus> status_;
  std::deque<StoredPolicy> documents_;
  std::optional<QString> waiting_lint_;
  bool asking_list_ = false;
  bool asking_hits_ = false;
  bool asking_lint_ = false;
};

}  // namespace tijori
