#include "admin-ui/client/policy_desk.h"

#include <algorithm>

namespace tijori {
namespace {

constexpr int ask_every_ms = 10'000;
constexpr const char* root = "/admin/v1/guardrails";

std::string path_of(const std::string& digest, const char* verb = "") {
  return std::string(root) + "/policies/" + digest + verb;
}

}  // namespace

PolicyDesk::PolicyDesk(Session& session, QObject* parent) : QObject(parent), session_(session) {
  timer_.setInterval(ask_every_ms);
  connect(&timer_, &QTimer::timeout, this, &PolicyDesk::refresh);
}

void PolicyDesk::start() {
  timer_.start();
  refresh();
}

void PolicyDesk::stop() {
  timer_.stop();
}

void PolicyDesk::refresh() {
  ask_hits();
  if (asking_list_) return;
  asking_list_ = true;
  session_.get<GuardrailsStatus>(root, this, [this](const Answer<GuardrailsStatus>& answer) {
    asking_list_ = false;
    if (!answer) {
      emit list_failed(answer.error());
      return;
    }
    status_ = *answer;
    emit listed();
  });
}

void PolicyDesk::ask_hits() {
  if (asking_hits_ || !may_see_hits()) return;
  asking_hits_ = true;
  session_.get<HitsReply>(std::string(root) + "/hits", this, [this](const Answer<HitsReply>& answer) {
    asking_hits_ = false;
    if (answer) emit hits_counted(*answer);
  });
}

const PolicySummary* PolicyDesk::find(const std::string& digest) const {
  if (!status_) return nullptr;
  const auto found = std::ranges::find(status_->policies, digest, &PolicySummary::digest);
  return found == status_->policies.end() ? nullptr : &*found;
}

void PolicyDesk::document(const std::string& digest, QObject* context, Taker<StoredPolicy> done) {
  const auto kept =
      std::ranges::find(documents_, digest, [](const StoredPolicy& policy) { return policy.summary.digest; });
  if (kept != documents_.end()) return done(StoredPolicy(*kept));
  session_.get<StoredPolicy>(path_of(digest), context, [this, digest, done](const Answer<StoredPolicy>& answer) {
    if (answer && answer->document.size() > max_document_bytes)
      return done(std::unexpected(
          ClientError(Error{ErrorCode::resource_exhausted, tr("the document is larger than 8 MiB").toStdString()})));
    if (answer && answer->summary.digest == digest) {
      documents_.push_front(*answer);
      if (documents_.size() > max_kept_documents) documents_.pop_back();
    }
    done(answer);
  });
}

void PolicyDesk::lint(const QString& text) {
  waiting_lint_ = text;
  ask_lint();
}

void PolicyDesk::ask_lint() {
  if (asking_lint_ || !waiting_lint_ || !may_lint()) return;
  asking_lint_ = true;
  const QString text = *std::exchange(waiting_lint_, std::nullopt);
  lint(text, this, [this, text](const Answer<LintReply>& answer) {
    asking_lint_ = false;
    if (answer) {
      emit linted(text, *answer);
    } else {
      emit lint_failed(QString::fromStdString(answer.error().error.message));
    }
    ask_lint();
  });
}

void PolicyDesk::lint(const QString& text, QObject* context, Taker<LintReply> done) {
  session_.post<LintReply>(std::string(root) + "/lint", PolicyDocument{text.toStdString()}, context, std::move(done));
}

void PolicyDesk::bench(const BenchRequest& request, QObject* context, Taker<BenchReply> done) {
  session_.post<BenchReply>(std::string(root) + "/bench", request, context, std::move(done));
}

void PolicyDesk::save(const QString& text, QObject* context, Taker<DraftReply> done) {
  session_.post<DraftReply>(std::string(root) + "/policies", PolicyDocument{text.toStdString()}, context,
                            std::move(done));
}

void PolicyDesk::check(const std::string& digest, QObject* context, Taker<CheckReply> done) {
  session_.post<CheckReply>(path_of(digest, "/check"), context, std::move(done));
}

void PolicyDesk::approve(const std::string& digest, QObject* context, Taker<PolicySummary> done) {
  session_.post<PolicySummary>(path_of(digest, "/approve"), context, std::move(done));
}

PolicyDesk::Taker<GuardrailsStatus> PolicyDesk::taking_status(Taker<GuardrailsStatus> done) {
  return [this, done = std::move(done)](const Answer<GuardrailsStatus>& answer) {
    if (answer) {
      status_ = *answer;
      emit listed();
    }
    done(answer);
    if (!answer) refresh();
  };
}

void PolicyDesk::activate(const std::string& digest, const std::string& expected, QObject* context,
                          Taker<GuardrailsStatus> done) {
  session_.post<GuardrailsStatus>(path_of(digest, "/activate"), ChangeActive{expected}, context,
                                  taking_status(std::move(done)));
}

void PolicyDesk::roll_back(const std::string& expected, QObject* context, Taker<GuardrailsStatus> done) {
  session_.post<GuardrailsStatus>(std::string(root) + "/rollback", ChangeActive{expected}, context,
                                  taking_status(std::move(done)));
}

}  // namespace tijori
