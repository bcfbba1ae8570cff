// The path of a request:
//
//   decode → received, durable → authorise → admit → route → guardrails on input → engine → events → guardrails on
//   output → client … → decided, released, durable → last frame
//
// Each step passes or refuses with a code. Nothing is done with the body before *received* is on the disk except
// reading its form; the client sees no end of an answer before *released* is.
#include "daemon/pipeline.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/log.h"
#include "daemon/dialect.h"
#include "daemon/query.h"
#include "protocol/request_id.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds accept_limit{60'000};
constexpr milliseconds cancel_limit{2'000};
constexpr int audit_retry_s = 5;
constexpr int engine_retry_s = 2;
constexpr int guardrails_retry_s = 5;

// Lets the I/O thread wake the generation when the client goes away, however late that is.
class GoneSignal {
 public:
  void attach(Generation* generation) {
    const std::lock_guard lock(mutex_);
    generation_ = generation;
    if (gone_ && generation_ != nullptr) generation_->interrupt();
  }
  void client_gone() {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    if (generation_ != nullptr) generation_->interrupt();
  }

 private:
  std::mutex mutex_;
  Generation* generation_ = nullptr;
  bool gone_ = false;
};

std::string sse(std::string_view json) {
  return "data: " + std::string(json) + "\n\n";
}

ApiError client_gone() {
  return {499, "client_gone", "The client went away.", "", 0};
}

ApiError audit_away() {
  return {503, "audit_unavailable", "The audit log can't take a record now, so nothing is answered; try again soon.",
          "", audit_retry_s};
}

ApiError engine_gone() {
  return {502, "engine_crashed", "The engine ended in the middle of the request; it is being started again.", "",
          engine_retry_s};
}

ApiError engine_refusal(const PeerError& error) {
  if (error.code == "context_length_exceeded") {
    const std::string limit = std::to_string(error.limit_tokens.value_or(0));
    const std::string asked = std::to_string(error.asked_tokens.value_or(0));
    return {400, error.code, "This model's context holds " + limit + " tokens; the request asks for " + asked + ".",
            "messages", 0};
  }
  const Error inner = error_of(error);
  if (inner.code == ErrorCode::unavailable || inner.code == ErrorCode::resource_exhausted)
    return {503, "engine_busy", "The engine can't take the request now: " + inner.message, "", engine_retry_s};
  if (inner.code == ErrorCode::invalid_argument || inner.code == ErrorCode::unsupported)
    return {400, std::string(name_of(inner.code)), inner.message, "", 0};
  return {500, "engine_failed", "The engine could not answer: " + inner.message, "", 0};
}

Outcome outcome_of(const ApiError& error) {
  if (error.code == content_filter) return Outcome::blocked;
  if (error.code == "client_gone" || error.code == "audit_unavailable") return Outcome::aborted;
  if (error.code.starts_with("engine_") && error.code != "engine_busy") return Outcome::failed;
  return Outcome::refused;
}

}  // namespace

struct Pipeline::Exchange {
  const Identity& client;
  const Permission permission;
  const HttpRequest& http;
  ResponseWriter& writer;
  const Refusable<InferenceRequest> decoded;
  const Dialect dialect;
  const std::string id = new_request_id();
  const int64_t started_us = boot_clock_us();
  const std::shared_ptr<GoneSignal> gone = std::make_shared<GoneSignal>();

  int64_t number = 0;
  Receipt receipt{};
  Engine* engine = nullptr;
  LoadedReply loaded{};
  std::unique_ptr<DialectForm> form{};
  std::optional<RequestGuard> guard{};
  InferenceRequest asked{};  // what the engine may see of the request
  bool streaming = false;    // the head of a stream has been sent
  std::chrono::steady_clock::time_point written_at{};
  std::string text{};  // of an answer in one piece
  Finish finish{};
  bool first_token_seen = false;
  // How it ended, for the record.
  Outcome outcome = Outcome::answered;
  std::string code{};
  int http_status = 200;

  Usage usage() const {
    return {finish.prompt_tokens, finish.completion_tokens, finish.prompt_tokens + finish.completion_tokens};
  }
};

void Pipeline::answer(const Identity& client, Permission permission, Dialect dialect, const HttpRequest& http,
                      ResponseWriter& writer) {
  Exchange exchange{client, permission, http, writer, parse_inference_request(dialect, http.body), dialect};
  if (!record_received(exchange)) return send_error(exchange, audit_away());

  metrics_.request_started();
  if (const auto served = serve(exchange); !served) refuse(exchange, served.error());
  metrics_.request_ended(exchange.outcome);
}

Refusable<void> Pipeline::serve(Exchange& exchange) {
  if (exchange.permission == Permission::denied)
    return std::unexpected(
        ApiError{403, "permission_denied", "None of this client's roles may ask for inference.", "", 0});
  TRY(Query(exchange.http.query).finish());
  if (!exchange.decoded) return std::unexpected(exchange.decoded.error());
  TRY_ASSIGN(auto ticket, admission_.admit(exchange.client));
  TRY_ASSIGN(exchange.engine, route(exchange));
  TRY(guard_input(exchange));
  const auto generated = generate(exchange);
  ticket.count_tokens(exchange.finish.prompt_tokens + exchange.finish.completion_tokens);
  TRY(generated);
  TRY(record_released(exchange));
  return deliver(exchange);
}

bool Pipeline::record_received(Exchange& exchange) {
  exchange.number = take_number();
  AuditDraft draft;
  draft.event = "inference.received";
  draft.outcome = "ok";
  draft.actor_type = "app";
  draft.actor = exchange.client.client_id;
  draft.auth = exchange.client.certificate_sha256;
  draft.peer_uid = exchange.client.credentials.uid;
  draft.request_id = exchange.id;
  draft.detail.set("endpoint", std::string(exchange.dialect == Dialect::chat ? "chat-completions" : "completions"));
  draft.detail.set("number", exchange.number);
  draft.detail.set("body_bytes", static_cast<int64_t>(exchange.http.body.size()));
  if (exchange.decoded) {
    const Attribution& attribution = exchange.decoded->attribution;
    draft.detail.set("stream", exchange.decoded->stream);
    draft.subject = attribution.subject;
    draft.basis = attribution.basis;
    if (!attribution.purpose.empty())
      draft.purpose = std::ranges::find(options_.purposes, attribution.purpose) != options_.purposes.end()
                          ? attribution.purpose
                          : "unregistered";
  }
  auto appended = audit_.append(draft);
  if (appended) {
    exchange.receipt.log_id = std::move(appended->log_id);
    exchange.receipt.received = std::move(appended->entry);
    return true;
  }
  if (appended.error().code != ErrorCode::deadline_exceeded) {
    give_back_number(exchange.number);
    return false;
  }
  // It may be on the disk or not: once the log is back, both records are there.
  audit_.append_later(std::move(draft));
  exchange.outcome = Outcome::aborted;
  exchange.code = "audit_unavailable";
  exchange.http_status = 503;
  audit_.append_later(released_draft(exchange));
  return false;
}

Refusable<Engine*> Pipeline::route(Exchange& exchange) {
  TRY_ASSIGN(Engine* const engine, models_.route(exchange.decoded->model));
  exchange.loaded = engine->loaded();
  exchange.form =
      make_dialect_form(exchange.dialect, {exchange.id, engine->model().alias, wall_clock_us() / 1'000'000});
  return engine;
}

// From here on the request is what the policy lets the engine see of it.
Refusable<void> Pipeline::guard_input(Exchange& exchange) {
  auto policy = policies_.active();
  if (!policy)
    return std::unexpected(
        ApiError{503, "guardrails_unavailable",
                 "There is no guardrail policy to judge the request by, so it is refused: " + policy.error().message,
                 "", guardrails_retry_s});
  GuardSubject subject;
  subject.application = exchange.client.client_name;
  for (const Role role : all_roles)
    if (exchange.client.roles.has(role)) subject.roles.emplace_back(name_of(role));
  subject.model = exchange.engine->model().alias;
  exchange.guard.emplace(*std::move(policy), policies_, std::move(subject));
  exchange.asked = *exchange.decoded;
  TRY(exchange.guard->check_request(exchange.asked));
  if (!exchange.guard->looks_at_prompt()) return {};
  const GenerateRequest whole = to_generate_request(exchange.asked, 0);
  const auto prompt = exchange.engine->render({whole.messages, whole.prompt});
  if (prompt) return exchange.guard->check_prompt(exchange.asked, *prompt);
  if (prompt.error().code == ErrorCode::unavailable)
    return std::unexpected(ApiError{503, "model_not_ready", prompt.error().message, "model", engine_retry_s});
  return std::unexpected(api_error(prompt.error()));
}

Refusable<void> Pipeline::generate(Exchange& exchange) {
  const auto channel = exchange.engine->channel();
  if (!channel)
    return std::unexpected(ApiError{503, "model_not_ready", channel.error().message, "model", engine_retry_s});
  auto generation = Generation::start(*channel, to_generate_request(exchange.asked, 0));
  if (!generation) return std::unexpected(engine_gone());
  exchange.writer.on_gone([gone = exchange.gone] { gone->client_gone(); });
  exchange.gone->attach(generation->get());
  metrics_.generating(1);
  auto relayed = relay(exchange, **generation);
  metrics_.generating(-1);
  exchange.gone->attach(nullptr);
  const bool goes_on = exchange.guard->blocked() || (!relayed && relayed.error().http_status != 400);
  if (goes_on && (*channel)->alive())
    if (const auto last = (*generation)->cancel(cancel_limit)) exchange.finish = *last;
  if (relayed && exchange.guard->blocked()) exchange.finish.reason = content_filter;
  metrics_.tokens(exchange.finish.prompt_tokens, exchange.finish.completion_tokens);
  return relayed;
}

// Events in, pieces of the answer out, until the engine has said its last word.
Refusable<void> Pipeline::relay(Exchange& exchange, Generation& generation) {
  auto quiet_since = std::chrono::steady_clock::now();
  for (;;) {
    const auto event =
        generation.next(exchange.streaming ? options_.keep_alive : std::min(accept_limit, options_.stall_limit));
    if (!event && event.error().code == ErrorCode::deadline_exceeded) {
      if (std::chrono::steady_clock::now() - quiet_since >= options_.stall_limit)
        return std::unexpected(ApiError{504, "engine_stalled",
                                        "The engine of model " + exchange.engine->model().alias + " said nothing for " +
                                            std::to_string(options_.stall_limit.count() / 1'000) + " s.",
                                        "", engine_retry_s});
      if (exchange.streaming && !exchange.writer.write(": waiting\n\n")) return std::unexpected(client_gone());
      continue;
    }
    if (!event) {
      if (event.error().code == ErrorCode::cancelled) return std::unexpected(client_gone());
      return std::unexpected(engine_gone());
    }
    quiet_since = std::chrono::steady_clock::now();
    if (const auto* error = std::get_if<PeerError>(&*event)) return std::unexpected(engine_refusal(*error));
    if (const auto* accepted = std::get_if<AcceptedReply>(&*event)) {
      exchange.finish.prompt_tokens = accepted->prompt_tokens;
      if (exchange.decoded->stream) TRY(begin_stream(exchange));
    } else if (const auto* delta = std::get_if<Delta>(&*event)) {
      if (!exchange.first_token_seen) metrics_.first_token(boot_clock_us() - exchange.started_us);
      exchange.first_token_seen = true;
      exchange.finish.completion_tokens += delta->tokens;
      if (exchange.streaming && !audit_.available()) return std::unexpected(audit_away());
      TRY_ASSIGN(Passed passed, exchange.guard->push_answer(delta->text));
      const bool ended = passed.ended;
      TRY(pass_on(exchange, std::move(passed)));
      if (ended) return {};
    } else if (const auto* finish = std::get_if<Finish>(&*event)) {
      exchange.finish = *finish;
      if (finish->reason == "cancelled") return std::unexpected(client_gone());
      TRY_ASSIGN(Passed passed, exchange.guard->finish_answer());
      return pass_on(exchange, std::move(passed));
    }
  }
}

Refusable<void> Pipeline::begin_stream(Exchange& exchange) {
  HttpResponse head;
  head.content_type = "text/event-stream; charset=utf-8";
  head.headers = {{"x-request-id", exchange.id}, {"tijori-receipt", to_json(exchange.receipt)}};
  if (!exchange.writer.begin(std::move(head))) return std::unexpected(client_gone());
  exchange.streaming = true;
  exchange.written_at = std::chrono::steady_clock::now();
  const std::string opening = exchange.form->opening();
  if (!opening.empty() && !exchange.writer.write(sse(opening))) return std::unexpected(client_gone());
  return {};
}

// To the client, or to the answer in one piece. A stream whose text is held back is kept alive by comments.
Refusable<void> Pipeline::pass_on(Exchange& exchange, Passed passed) {
  const auto now = std::chrono::steady_clock::now();
  if (!exchange.streaming) {
    exchange.text += passed.text;
  } else if (!passed.text.empty()) {
    if (!exchange.writer.write(sse(exchange.form->delta(passed.text)))) return std::unexpected(client_gone());
    exchange.written_at = now;
  } else if (now - exchange.written_at >= options_.keep_alive) {
    if (!exchange.writer.write(": waiting\n\n")) return std::unexpected(client_gone());
    exchange.written_at = now;
  }
  return {};
}

AuditDraft Pipeline::released_draft(const Exchange& exchange) const {
  AuditDraft draft;
  draft.event = "inference.released";
  draft.outcome = name_of(exchange.outcome);
  draft.actor_type = "app";
  draft.actor = exchange.client.client_id;
  draft.auth = exchange.client.certificate_sha256;
  draft.peer_uid = exchange.client.credentials.uid;
  draft.request_id = exchange.id;
  draft.detail.set("http_status", int64_t{exchange.http_status});
  draft.detail.set("total_us", boot_clock_us() - exchange.started_us);
  if (!exchange.code.empty()) draft.detail.set("code", exchange.code);
  if (exchange.guard) draft.detail.set("policy", to_hex(exchange.guard->policy().policy().digest));
  if (exchange.engine == nullptr) return draft;
  draft.object = exchange.engine->model().sha256;
  if (exchange.loaded.template_sha256.size() == 64) draft.detail.set("template", exchange.loaded.template_sha256);
  const Finish& finish = exchange.finish;
  draft.detail.set("prompt_tokens", finish.prompt_tokens);
  draft.detail.set("completion_tokens", finish.completion_tokens);
  if (finish.reason.empty()) return draft;
  draft.detail.set("finish_reason", finish.reason);
  draft.detail.set("queue_us", finish.queue_us);
  draft.detail.set("prompt_us", finish.prompt_us);
  draft.detail.set("decode_us", finish.decode_us);
  return draft;
}

Status Pipeline::record_decisions(const Exchange& exchange) {
  if (!exchange.guard) return {};
  AuditDraft base = released_draft(exchange);
  base.object.clear();
  for (AuditDraft& draft : exchange.guard->records(base)) TRY(audit_.append(draft));
  return {};
}

Refusable<void> Pipeline::record_released(Exchange& exchange) {
  if (exchange.guard->blocked()) {
    exchange.outcome = Outcome::blocked;
    exchange.code = content_filter;
  }
  if (!record_decisions(exchange)) return std::unexpected(audit_away());
  auto appended = audit_.append(released_draft(exchange));
  if (!appended) return std::unexpected(audit_away());
  exchange.receipt.released = std::move(appended->entry);
  return {};
}

// The last frames: from here on nothing can be refused any more.
Refusable<void> Pipeline::deliver(Exchange& exchange) {
  const std::string receipt = to_json(exchange.receipt);
  if (!exchange.streaming) {
    HttpResponse response;
    response.headers = {{"x-request-id", exchange.id}, {"tijori-receipt", receipt}};
    response.body = exchange.form->whole(exchange.text, exchange.finish.reason, exchange.usage());
    (void)exchange.writer.send(std::move(response));
    return {};
  }
  std::string last = sse(exchange.form->closing(exchange.finish.reason));
  if (exchange.decoded->include_usage) last += sse(exchange.form->usage(exchange.usage()));
  last += ": tijori-receipt " + receipt + "\n\n" + sse("[DONE]");
  if (exchange.writer.write(last)) (void)exchange.writer.finish();
  return {};
}

void Pipeline::refuse(Exchange& exchange, const ApiError& error) {
  exchange.outcome = outcome_of(error);
  exchange.code = error.code;
  if (!exchange.streaming) exchange.http_status = error.http_status;  // a stream's head has said 200 already
  auto draft = released_draft(exchange);
  const Status decided = error.code == "audit_unavailable" ? Status() : record_decisions(exchange);
  auto appended = decided ? audit_.append(draft) : std::unexpected(decided.error());
  if (appended) {
    exchange.receipt.released = std::move(appended->entry);
    return send_error(exchange, error);
  }
  audit_.append_later(std::move(draft));
  send_error(exchange, audit_away());
}

void Pipeline::send_error(Exchange& exchange, const ApiError& error) {
  if (exchange.streaming) {
    if (exchange.writer.write("event: error\n" + sse(to_error_json(error)))) (void)exchange.writer.finish();
    return;
  }
  HttpResponse response;
  response.status = error.http_status;
  response.headers = {{"x-request-id", exchange.id}};
  if (!exchange.receipt.log_id.empty()) response.headers.emplace_back("tijori-receipt", to_json(exchange.receipt));
  if (error.retry_after_s > 0) response.headers.emplace_back("retry-after", std::to_string(error.retry_after_s));
  response.body = to_error_json(error);
  (void)exchange.writer.send(std::move(response));
}

int64_t Pipeline::take_number() {
  const std::lock_guard lock(numbers_mutex_);
  if (returned_numbers_.empty()) return ++last_number_;
  const auto lowest = std::ranges::min_element(returned_numbers_);
  const int64_t number = *lowest;
  returned_numbers_.erase(lowest);
  return number;
}

void Pipeline::give_back_number(int64_t number) {
  const std::lock_guard lock(numbers_mutex_);
  returned_numbers_.push_back(number);
}

int64_t Pipeline::requests() const {
  const std::lock_guard lock(numbers_mutex_);
  return last_number_ - static_cast<int64_t>(returned_numbers_.size());
}

}  // namespace tijori
