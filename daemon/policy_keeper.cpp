#include "daemon/policy_keeper.h"

#include <algorithm>

#include "base/log.h"
#include "daemon/guardrails/lint.h"
#include "daemon/policy_trial.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds heavy_wait{5'000};
constexpr milliseconds bench_limit{30'000};
constexpr int retry_s = 5;
constexpr size_t named_failures = 3;
constexpr std::string_view release_author = "tijori";
constexpr std::string_view how_to_mend =
    ". Inference is refused until another policy is active: tijori guardrails list, then tijori guardrails activate "
    "DIGEST, or tijori guardrails rollback for the one before.";

// To go on after it with another sentence.
std::string without_full_stop(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::unexpected<ApiError> refuse(int status, std::string code, std::string message, std::string param = "") {
  return std::unexpected(ApiError{status, std::move(code), std::move(message), std::move(param), 0, {}});
}

std::unexpected<ApiError> refuse(const Error& error) {
  if (error.code == ErrorCode::not_found)
    return refuse(404, "policy_not_found", "There is no such policy here; GET guardrails lists those that are stored.",
                  "digest");
  if (error.code == ErrorCode::corrupted)
    return refuse(500, "policy_altered",
                  "What is stored isn't what was saved, so it can't be used: " + error.message +
                      ". Save the document again from its source.");
  if (error.code == ErrorCode::resource_exhausted) return refuse(409, "policy_limit", error.message);
  return std::unexpected(ApiError{
      503, "guardrails_unavailable", "The store of policies can't be used: " + error.message, "", retry_s, {}});
}

// One of the few places for work that takes a processor for long, given back at the end.
class HeavyPlace {
 public:
  explicit HeavyPlace(std::counting_semaphore<>& places)
      : places_(places.try_acquire_for(heavy_wait) ? &places : nullptr) {}
  ~HeavyPlace() {
    if (places_ != nullptr) places_->release();
  }
  HeavyPlace(const HeavyPlace&) = delete;
  HeavyPlace& operator=(const HeavyPlace&) = delete;
  Refusable<void> granted() const {
    if (places_ != nullptr) return {};
    return std::unexpected(ApiError{503,
                                    "guardrails_busy",
                                    "Other policies are being compiled and tried; ask again in a moment.",
                                    "",
                                    retry_s,
                                    {}});
  }

 private:
  std::counting_semaphore<>* places_;
};

std::vector<PolicyFinding> findings_of(const std::vector<LintFinding>& linted) {
  std::vector<PolicyFinding> findings;
  findings.reserve(linted.size());
  for (const LintFinding& each : linted) {
    const FindingSeverity severity = each.severity == LintSeverity::error     ? FindingSeverity::error
                                     : each.severity == LintSeverity::warning ? FindingSeverity::warning
                                                                              : FindingSeverity::note;
    findings.push_back({severity, each.code, each.rule, each.path, each.message, static_cast<int64_t>(each.line),
                        static_cast<int64_t>(each.column)});
  }
  return findings;
}

std::unexpected<ApiError> refuse_document(std::vector<PolicyFinding> findings) {
  const auto errors = std::ranges::count(findings, FindingSeverity::error, &PolicyFinding::severity);
  const auto first = std::ranges::find(findings, FindingSeverity::error, &PolicyFinding::severity);
  std::string message = "The policy has " + std::to_string(errors) + (errors == 1 ? " error: " : " errors, first: ");
  if (first != findings.end()) message += (first->path.empty() ? "" : first->path + ": ") + first->message;
  return std::unexpected(ApiError{400, "policy_invalid", std::move(message), "document", 0, std::move(findings)});
}

std::string failed_cases(const PackResult& result) {
  std::string text = std::to_string(result.failures.size()) + " of " + std::to_string(result.cases) +
                     " cases of its regression pack fail";
  for (size_t i = 0; i < std::min(named_failures, result.failures.size()); ++i)
    text += (i == 0 ? ": " : "; ") + result.failures[i].id + ": " + result.failures[i].reason;
  return text + (result.failures.size() > named_failures ? "; …" : "");
}

PolicySummary summary_of(const PolicyEntry& entry, const PoliciesInForce& in_force) {
  PolicySummary summary;
  summary.digest = entry.digest;
  summary.name = entry.name;
  summary.version = entry.version;
  summary.description = entry.description;
  summary.rules = entry.rules;
  summary.cases = entry.cases;
  summary.author = entry.author.name;
  summary.created_us = entry.created_us;
  if (entry.approved_us > 0) {
    summary.approved_by = entry.approver.name;
    summary.approved_us = entry.approved_us;
  }
  if (entry.activated_us > 0) {
    summary.activated_by = entry.activator;
    summary.activated_us = entry.activated_us;
  }
  summary.state = entry.digest == in_force.active     ? PolicyState::active
                  : entry.digest == in_force.previous ? PolicyState::previous
                  : entry.activated_us > 0            ? PolicyState::retired
                  : entry.approved_us > 0             ? PolicyState::approved
                                                      : PolicyState::draft;
  return summary;
}

PolicyEntry entry_of(const Policy& policy, const PolicyPerson& author, int64_t now_us) {
  PolicyEntry entry;
  entry.digest = to_hex(policy.digest);
  entry.name = policy.name;
  entry.version = policy.version;
  entry.description = policy.description;
  entry.rules = static_cast<int64_t>(policy.rules.size());
  entry.cases = static_cast<int64_t>(policy.cases.size());
  entry.author = author;
  entry.created_us = now_us;
  return entry;
}

bool same_person(const PolicyPerson& a, const PolicyPerson& b) {
  return a.id == b.id || a.name == b.name;
}

}  // namespace

std::unique_ptr<PolicyKeeper> PolicyKeeper::start(KeeperOptions options, const Clock& clock) {
  std::unique_ptr<PolicyKeeper> keeper(new PolicyKeeper(std::move(options), clock));
  keeper->load();
  if (const std::string trouble = keeper->trouble(); !trouble.empty()) log_error(message::guardrails_unusable, trouble);
  return keeper;
}

void PolicyKeeper::load() {
  const auto give_up = [&](const std::string& why) {
    exchange(nullptr, "The guardrails can't be read: " + without_full_stop(why) +
                          ". Inference is refused; mend or restore the file and restart the daemon.");
  };
  auto opened = PolicyStore::open(options_.state_file);
  if (!opened) {
    store_trouble_ = opened.error().message;
    return give_up(store_trouble_);
  }
  store_ = *std::move(opened);
  if (const Status kept = keep_shipped(); !kept) return give_up(kept.error().message);
  const auto in_force = store_->in_force();
  if (!in_force) return give_up(in_force.error().message);
  if (in_force->active.empty())
    return exchange(nullptr, "The policy that was active is gone from the store" + std::string(how_to_mend));
  const auto unusable = [&](const std::string& why) {
    exchange(nullptr, "The active policy " + in_force->active + " can't be used: " + without_full_stop(why) +
                          std::string(how_to_mend));
  };
  if (const auto document = store_->document(in_force->active); !document)
    return unusable(document.error().code == ErrorCode::not_found ? "its document is gone from the store"
                                                                  : document.error().message);
  auto prepared = prepare(*store_, in_force->active);
  if (!prepared) return unusable(prepared.error().message);
  exchange(*std::move(prepared), "");
}

// The first start puts the shipped policy in force. A later release's is there to be looked at, approved and activated.
Status PolicyKeeper::keep_shipped() {
  TRY_ASSIGN(const Policy policy, parse_policy(options_.shipped));
  const int64_t now_us = clock_.wall_us();
  const PolicyPerson release{std::string(release_author), ""};
  PolicyEntry entry = entry_of(policy, release, now_us);
  TRY_ASSIGN(const bool installed, store_->installed());
  if (!installed) {
    entry.approver = release;
    entry.approved_us = now_us;
    entry.activator = release.name;
    entry.activated_us = now_us;
    return store_->install(entry, options_.shipped);
  }
  const auto known = store_->find(entry.digest);
  if (known) return {};
  if (known.error().code != ErrorCode::not_found) return fail(known.error());
  return store_->add(entry, options_.shipped);
}

void PolicyKeeper::exchange(Compiled policy, std::string trouble) {
  const std::lock_guard lock(mutex_);
  active_.swap(policy);
  trouble_ = std::move(trouble);
}

Result<std::shared_ptr<const CompiledPolicy>> PolicyKeeper::active() const {
  // A store that is gone can't say any more what was approved, nor take a roll back.
  if (store_ != nullptr) {
    if (const Status in_place = store_->check_in_place(); !in_place)
      return fail(ErrorCode::unavailable, "the store of policies is gone: " + in_place.error().message);
  }
  const std::lock_guard lock(mutex_);
  if (active_ == nullptr) return fail(ErrorCode::unavailable, trouble_);
  return active_;
}

void PolicyKeeper::count_hit(const CompiledPolicy& policy, std::string_view rule, Action action) const {
  hits_.count(policy.policy().digest, rule, action);
}

std::string PolicyKeeper::trouble() const {
  const auto policy = active();
  return policy ? "" : policy.error().message;
}

std::vector<std::string> PolicyKeeper::rules_that_fail_open() const {
  std::vector<std::string> rules;
  const auto policy = active();
  if (!policy) return rules;
  for (const Rule& rule : (*policy)->policy().rules)
    if (rule.fail == FailMode::open) rules.push_back(rule.id + ": " + rule.fail_reason);
  return rules;
}

Refusable<PolicyStore*> PolicyKeeper::store() const {
  if (store_ == nullptr)
    return refuse(503, "guardrails_unavailable", "The store of policies can't be used: " + store_trouble_);
  // Before anything is recorded that could not be done.
  if (const Status in_place = store_->check_in_place(); !in_place) return refuse(in_place.error());
  return store_.get();
}

Refusable<GuardrailsStatus> PolicyKeeper::status() {
  GuardrailsStatus status;
  status.approvals = options_.approvals;
  status.message = trouble();
  if (!status.message.empty()) status.state = GuardrailsState::unavailable;
  if (store_ == nullptr) return status;
  const auto in_force = store_->in_force();
  if (!in_force) return refuse(in_force.error());
  const auto entries = store_->list();
  if (!entries) return refuse(entries.error());
  for (const PolicyEntry& entry : *entries) {
    status.policies.push_back(summary_of(entry, *in_force));
    if (entry.digest == in_force->active) status.active = status.policies.back();
    if (entry.digest == in_force->previous) status.previous = status.policies.back();
  }
  return status;
}

Refusable<StoredPolicy> PolicyKeeper::show(std::string_view digest) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const auto entry = store->find(digest);
  if (!entry) return refuse(entry.error());
  const auto in_force = store->in_force();
  if (!in_force) return refuse(in_force.error());
  auto document = store->document(digest);
  if (!document) return refuse(document.error());
  return StoredPolicy{summary_of(*entry, *in_force), *std::move(document)};
}

LintReply PolicyKeeper::lint(std::string_view document) const {
  return {findings_of(lint_document(document))};
}

Refusable<PolicyKeeper::Compiled> PolicyKeeper::compile(std::string_view document) const {
  auto linted = lint_document(document);
  if (has_errors(linted)) return refuse_document(findings_of(linted));
  auto policy = parse_policy(document);
  if (!policy) return refuse(400, "policy_invalid", policy.error().message, "document");
  auto compiled = CompiledPolicy::compile(*std::move(policy), options_.compile);
  if (!compiled)
    return refuse(400, "policy_not_compilable", "The policy can't be compiled: " + compiled.error().message,
                  "document");
  return *std::move(compiled);
}

Refusable<PolicyKeeper::Compiled> PolicyKeeper::prepare(PolicyStore& store, std::string_view digest) const {
  const auto document = store.document(digest);
  if (!document) return refuse(document.error());
  TRY_ASSIGN(Compiled compiled, compile(*document));
  const PackResult result = run_own_pack(compiled);
  if (!result.passed())
    return refuse(409, "regression_failed", failed_cases(result) + ". Mend the rules or the cases.", "digest");
  return compiled;
}

Refusable<CheckReply> PolicyKeeper::check(std::string_view digest) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const auto document = store->document(digest);
  if (!document) return refuse(document.error());
  const HeavyPlace place(heavy_);
  TRY(place.granted());
  TRY_ASSIGN(const Compiled compiled, compile(*document));
  const PackResult result = run_own_pack(compiled);
  CheckReply reply;
  reply.digest = digest;
  reply.passed = result.passed();
  reply.cases = static_cast<int64_t>(result.cases);
  for (const PackFailure& failure : result.failures) reply.failures.push_back({failure.id, failure.reason});
  return reply;
}

Refusable<PolicyKeeper::Compiled> PolicyKeeper::choose(const PolicyChoice& choice, std::string_view field) {
  if (choice.digest.has_value() == choice.document.has_value())
    return refuse(400, "invalid_value", std::string(field) + ": give either digest or document", std::string(field));
  if (choice.document) return compile(*choice.document);
  if (const auto policy = active(); policy && to_hex((*policy)->policy().digest) == *choice.digest) return *policy;
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const auto document = store->document(*choice.digest);
  if (!document) return refuse(document.error());
  return compile(*document);
}

Refusable<BenchReply> PolicyKeeper::bench(const BenchRequest& request) {
  const auto stage = stage_from_name(request.stage);
  if (!stage || !is_live(*stage))
    return refuse(400, "invalid_value", "stage: not one that requests pass in this release", "stage");
  if (request.language && !language_from_name(*request.language))
    return refuse(400, "invalid_value", "language: expected en, hi or hi-Latn", "language");
  if (request.texts.size() > max_bench_texts)
    return refuse(400, "invalid_value", "texts: at most " + std::to_string(max_bench_texts), "texts");
  for (size_t i = 0; i < request.texts.size(); ++i)
    if (request.texts[i].text.size() > max_bench_text_bytes)
      return refuse(400, "invalid_value", "texts[" + std::to_string(i) + "].text: longer than 1 MiB", "texts");
  const HeavyPlace place(heavy_);
  TRY(place.granted());
  TRY_ASSIGN(const Compiled a, choose(request.a, "a"));
  TRY_ASSIGN(const Compiled b, choose(request.b, "b"));
  return tijori::bench(a, b, request, *stage, bench_limit);
}

Refusable<PolicyKeeper::Saved> PolicyKeeper::save(std::string_view document, const PolicyPerson& author,
                                                  const RecordChange& record) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  auto linted = lint_document(document);
  if (has_errors(linted)) return refuse_document(findings_of(linted));
  const auto policy = parse_policy(document);
  if (!policy) return refuse(400, "policy_invalid", policy.error().message, "document");
  Saved saved;
  saved.reply.findings = findings_of(linted);

  const std::lock_guard change(change_mutex_);
  const auto in_force = store->in_force();
  if (!in_force) return refuse(in_force.error());
  const PolicyEntry entry = entry_of(*policy, author, clock_.wall_us());
  const auto known = store->find(entry.digest);
  if (known) {
    // A document that was altered on the disk is saved anew under its old history; nothing else is done to it.
    if (const auto kept = store->document(entry.digest); !kept) {
      TRY(record({entry.digest, "", "", ""}));
      if (const Status mended = store->restore_document(entry.digest, document); !mended) return refuse(mended.error());
    }
    saved.reply.summary = summary_of(*known, *in_force);
    return saved;
  }
  if (known.error().code != ErrorCode::not_found) return refuse(known.error());
  TRY(record({entry.digest, "", "", ""}));
  if (const Status added = store->add(entry, document); !added) return refuse(added.error());
  saved.reply.summary = summary_of(entry, *in_force);
  saved.is_new = true;
  return saved;
}

Refusable<PolicySummary> PolicyKeeper::approve(std::string_view digest, const PolicyPerson& approver,
                                               const RecordChange& record) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const std::lock_guard change(change_mutex_);
  auto entry = store->find(digest);
  if (!entry) return refuse(entry.error());
  if (entry->approved_us > 0)
    return refuse(409, "already_approved", "This policy has been approved already, by " + entry->approver.name + ".",
                  "digest");
  if (same_person(entry->author, approver))
    return refuse(403, "own_draft", "A policy is approved by another person than its author; ask a second editor.",
                  "digest");
  // Nobody approves what can't be read any more.
  if (const auto document = store->document(digest); !document) return refuse(document.error());
  const auto in_force = store->in_force();
  if (!in_force) return refuse(in_force.error());
  TRY(record({entry->digest, "", "", approver.id}));
  const int64_t now_us = clock_.wall_us();
  if (const Status approved = store->approve(digest, approver, now_us); !approved) return refuse(approved.error());
  entry->approver = approver;
  entry->approved_us = now_us;
  return summary_of(*entry, *in_force);
}

Refusable<void> PolicyKeeper::check_may_activate(const PolicyEntry& entry, const PoliciesInForce& in_force,
                                                 const ChangeActive& request) const {
  if (request.expected_active && *request.expected_active != in_force.active)
    return refuse(409, "policy_changed",
                  "Another policy has become active meanwhile: " + in_force.active + ". Look at it, then ask again.",
                  "expected_active");
  // One that can't be used may be taken up again once its trouble is mended.
  if (entry.digest == in_force.active && trouble().empty())
    return refuse(409, "already_active", "This policy is active already.", "digest");
  if (options_.approvals >= 2 && entry.approved_us == 0)
    return refuse(409, "approval_missing",
                  "This site asks for two persons: somebody else than " + entry.author.name +
                      " has to approve the policy first, with tijori guardrails approve.",
                  "digest");
  return {};
}

Refusable<GuardrailsStatus> PolicyKeeper::put_in_force(std::string_view digest, const ChangeActive& request,
                                                       const PolicyPerson& person, const RecordChange& record) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const auto permitted = [&]() -> Refusable<std::pair<PolicyEntry, PoliciesInForce>> {
    auto entry = store->find(digest);
    if (!entry) return refuse(entry.error());
    auto in_force = store->in_force();
    if (!in_force) return refuse(in_force.error());
    TRY(check_may_activate(*entry, *in_force, request));
    return std::pair{*std::move(entry), *std::move(in_force)};
  };
  TRY(permitted());
  Compiled compiled;
  {
    const HeavyPlace place(heavy_);
    TRY(place.granted());
    TRY_ASSIGN(compiled, prepare(*store, digest));
  }
  const std::lock_guard change(change_mutex_);
  TRY_ASSIGN(const auto found, permitted());
  const auto& [entry, in_force] = found;
  TRY(record({entry.digest, in_force.active, entry.digest, entry.approver.id}));
  const std::string& previous = in_force.active == entry.digest ? in_force.previous : in_force.active;
  if (const Status done = store->activate(digest, previous, person.name, clock_.wall_us()); !done)
    return refuse(done.error());
  exchange(std::move(compiled), "");
  return status();
}

Refusable<GuardrailsStatus> PolicyKeeper::activate(std::string_view digest, const ChangeActive& request,
                                                   const PolicyPerson& person, const RecordChange& record) {
  return put_in_force(digest, request, person, record);
}

Refusable<GuardrailsStatus> PolicyKeeper::roll_back(const ChangeActive& request, const PolicyPerson& person,
                                                    const RecordChange& record) {
  TRY_ASSIGN(PolicyStore* const store, this->store());
  const auto in_force = store->in_force();
  if (!in_force) return refuse(in_force.error());
  if (in_force->previous.empty())
    return refuse(409, "no_previous", "There is no previous policy to go back to; activate one by its digest.");
  // Somebody else's change in between would make another policy the previous one.
  ChangeActive expected = request;
  if (!expected.expected_active) expected.expected_active = in_force->active;
  return put_in_force(in_force->previous, expected, person, record);
}

}  // namespace tijori
