// The life of guardrail policies: draft, approval by a second person, activation, roll back; and the one in force,
// which every request is judged by.
//
// What takes long (reading, compiling, the regression pack) is done before anything is locked; the change itself is one
// transaction and one exchanged pointer. A request keeps the policy it began with. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "daemon/hit_counts.h"
#include "daemon/policy_source.h"
#include "daemon/policy_store.h"
#include "protocol/chat_request.h"
#include "protocol/guardrail_types.h"

namespace tijori {

struct KeeperOptions {
  std::filesystem::path state_file;
  int approvals = 2;  // persons a policy needs before it is active: 1 or 2
  CompileLimits compile = {};
  std::string_view shipped = default_policy_document();
};

// What is about to be done, for its record.
struct PolicyChange {
  std::string digest;       // of the policy it is done to
  std::string before;       // active so far; "" where nothing is activated
  std::string after;        // active from now on
  std::string approver_id;  // of the policy that is activated; "" without one
};
// Called once, when nothing but the disk can be in the way any more. An error keeps the change from being made.
using RecordChange = std::function<Refusable<void>(const PolicyChange&)>;

class PolicyKeeper final : public PolicySource {
 public:
  // Reads the policy in force and tests it with its own regression pack; on the first start that is the shipped one.
  // Never fails: active() says what is wrong, and a policy that is fit can still be activated.
  static std::unique_ptr<PolicyKeeper> start(KeeperOptions options, const Clock& clock = system_clock());

  Result<std::shared_ptr<const CompiledPolicy>> active() const override;
  void count_hit(const CompiledPolicy& policy, std::string_view rule, Action action) const override;

  int approvals() const { return options_.approvals; }
  // Why active() fails and what to do; "" when it doesn't.
  std::string trouble() const;
  // Rules in force that let text pass when they can't judge it, with their reasons: "ifsc-note: …".
  std::vector<std::string> rules_that_fail_open() const;

  Refusable<GuardrailsStatus> status();
  Refusable<StoredPolicy> show(std::string_view digest);
  Refusable<CheckReply> check(std::string_view digest);
  Refusable<BenchReply> bench(const BenchRequest& request);
  LintReply lint(std::string_view document) const;
  HitsReply hits() const { return hits_.last_day(); }

  struct Saved {
    DraftReply reply;
    bool is_new = false;
  };
  Refusable<Saved> save(std::string_view document, const PolicyPerson& author, const RecordChange& record);
  Refusable<PolicySummary> approve(std::string_view digest, const PolicyPerson& approver, const RecordChange& record);
  Refusable<GuardrailsStatus> activate(std::string_view digest, const ChangeActive& request, const PolicyPerson& person,
                                       const RecordChange& record);
  Refusable<GuardrailsStatus> roll_back(const ChangeActive& request, const PolicyPerson& person,
                                        const RecordChange& record);

 private:
  using Compiled = std::shared_ptr<const CompiledPolicy>;

  PolicyKeeper(KeeperOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock), hits_(clock) {}
  void load();
  Status keep_shipped();
  Refusable<PolicyStore*> store() const;
  Refusable<Compiled> compile(std::string_view document) const;
  // Read, linted, compiled and tested with its pack.
  Refusable<Compiled> prepare(PolicyStore& store, std::string_view digest) const;
  Refusable<void> check_may_activate(const PolicyEntry& entry, const PoliciesInForce& in_force,
                                     const ChangeActive& request) const;
  Refusable<Compiled> choose(const PolicyChoice& choice, std::string_view field);
  Refusable<GuardrailsStatus> put_in_force(std::string_view digest, const ChangeActive& request,
                                           const PolicyPerson& person, const RecordChange& record);
  void exchange(Compiled policy, std::string trouble);

  const KeeperOptions options_;
  const Clock& clock_;
  mutable HitCounts hits_;
  std::unique_ptr<PolicyStore> store_;  // null when it can't be opened; set before any other thread asks
  std::string store_trouble_;
  mutable std::counting_semaphore<> heavy_{4};  // compilations and trials at a time
  std::mutex change_mutex_;                     // one change at a time, so that what was checked still holds

  mutable std::mutex mutex_;  // guards what follows; never held while anything works
  Compiled active_;           // null: trouble_ says why
  std::string trouble_;
};

}  // namespace tijori
