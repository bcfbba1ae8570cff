// An inference request from its body to its last byte. See pipeline.cpp, which reads from top to bottom.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/admission.h"
#include "daemon/audit_channel.h"
#include "daemon/guardrails/guard.h"
#include "daemon/http.h"
#include "daemon/identity.h"
#include "daemon/metrics.h"
#include "daemon/model_router.h"
#include "daemon/policy_source.h"

namespace tijori {

struct AnswerPiece;

struct PipelineOptions {
  std::vector<std::string> purposes;               // registered ones; any other is recorded as "unregistered"
  std::chrono::milliseconds keep_alive{10'000};    // a comment this often while nothing else is sent
  std::chrono::milliseconds stall_limit{300'000};  // without a word from the engine
  GuardLimits guard = {};                          // of each text that a guardrail judges
};

enum class Permission { granted, denied };

// Handles requests on several threads at once; everything it refers to must outlive it.
class Pipeline {
 public:
  Pipeline(AuditLog& audit, const PolicySource& policies, const ModelRouter& models, Admission& admission,
           Metrics& metrics, PipelineOptions options)
      : audit_(audit),
        policies_(policies),
        models_(models),
        admission_(admission),
        metrics_(metrics),
        options_(std::move(options)) {}

  // Answers, or refuses, and records both. `permission` is what the route table says of the client's roles.
  void answer(const Identity& client, Permission permission, Dialect dialect, const HttpRequest& http,
              ResponseWriter& writer);

  int64_t requests() const;  // recorded since start: the `number` of the last one

 private:
  struct Exchange;

  bool record_received(Exchange& exchange);
  Refusable<void> serve(Exchange& exchange);
  Refusable<std::shared_ptr<Engine>> route(Exchange& exchange);
  Refusable<void> guard_request(Exchange& exchange);
  Refusable<void> generate(Exchange& exchange);
  Refusable<void> relay(Exchange& exchange, Generation& generation);
  Refusable<void> begin_stream(Exchange& exchange);
  Refusable<void> pass_on(Exchange& exchange, const AnswerPiece& piece);
  Refusable<void> write(Exchange& exchange, std::string_view text);
  Refusable<void> keep_alive(Exchange& exchange);
  Refusable<void> record_released(Exchange& exchange);
  Refusable<void> deliver(Exchange& exchange);
  void refuse(Exchange& exchange, const ApiError& error);
  void send_error(Exchange& exchange, const ApiError& error);
  AuditDraft draft_of(const Exchange& exchange, std::string event) const;
  AuditDraft released_draft(const Exchange& exchange) const;
  std::vector<AuditDraft> ending_drafts(const Exchange& exchange) const;
  int64_t take_number();
  void give_back_number(int64_t number);

  AuditLog& audit_;
  const PolicySource& policies_;
  const ModelRouter& models_;
  Admission& admission_;
  Metrics& metrics_;
  const PipelineOptions options_;
  mutable std::mutex numbers_mutex_;
  int64_t last_number_ = 0;                // guarded by numbers_mutex_, as below
  std::vector<int64_t> returned_numbers_;  // of requests that could not be recorded: the next ones take them
};

}  // namespace tijori
