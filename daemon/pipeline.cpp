// The path of a request:
//
//   decode → received, durable → authorise → admit → route → guard the request → engine → events → guard the answer
//   → client … → decided and released, durable → last frame
//
// Each step passes or refuses with a code. Nothing is done with the body before *received* is on the disk except
// reading its form; the engine gets no text and the client none that the policy in force hasn't let pass; the client
// sees no end of an answer before *released* is. What the guard does is in request_guard.cpp and answer_guard.cpp.
#include "daemon/pipeline.h"

#include <algorithm>

#include "base/log.h"
#include "daemon/answer_guard.h"
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

ApiError engine_refusal(const Error& error) {
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::resource_exhausted)
    return {503, "engine_busy", "The engine can't take the request now: " + error.message, "", engine_retry_s};
  if (error.code == ErrorCode::invalid_argument || error.code == ErrorCode::unsupported)
    return {400, std::string(name_of(error.code)), error.message, "", 0};
  return {500, "engine_failed", "The engine could not answer: " + error.message, "", 0};
}

ApiError engine_refusal(const PeerError& error) {
  if (error.code == "context_length_exceeded") {
    const std::string limit = std::to_string(error.limit_tokens.value_or(0));
    const std::string asked = std::to_string(error.asked_tokens.value_or(0));
    return {400, error.code, "This model's context holds " + limit + " tokens; the request asks for " + asked + ".",
            "messages", 0};
  }
  return engine_refusal(error_of(error));
}

Outcome outcome_of(const ApiError& error) {
  if (error.code == "client_gone" || error.code == "audit_unavailable") return Outcome::aborted;
  if (error.code == content_filter) return Outcome::blocked;
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
  std::shared_ptr<Engine> engine = nullptr;
  LoadedReply loaded{};
  std::unique_ptr<DialectForm> form{};
  std::unique_ptr<RequestGuard> guard{};
  bool streaming = false;                           // the head of a stream has been sent
  std::chrono::steady_clock::time_point sent_at{};  // the stream's last bytes
  std::string text{};                               // of an answer in one piece
  Finish finish{};
  int64_t counted_tokens = 0;  // of the answer, in the metrics
  bool first_token_seen = false;
  bool engine_ended = false;  // it has said its last word
  // How it ended, for the record.
  Outcome outcome = Outcome::answered;
  std::string code{};
  int http_status = 200;

  bool send(std::string_view bytes) {
    sent_at = std::chrono::steady_clock::now();
    return writer.write(bytes).has_value();
  }
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
  if (exchange.guard != nullptr) exchange.guard->count_hits();
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
  TRY(guard_request(exchange));
  const auto generated = generate(exchange);
  ticket.count_tokens(exchange.finish.prompt_tokens + exchange.finish.completion_tokens);
  TRY(generated);
  TRY(record_released(exchange));
  return deliver(exchange);
}

bool Pipeline::record_received(Exchange& exchange) {
  exchange.number = take_number();
  AuditDraft draft = draft_of(exchange, "inference.received");
  draft.outcome = "ok";
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

Refusable<std::shared_ptr<Engine>> Pipeline::route(Exchange& exchange) {
  TRY_ASSIGN(std::shared_ptr<Engine> engine, models_.route(exchange.decoded->model));
  exchange.loaded = engine->loaded();
  exchange.form =
      make_dialect_form(exchange.dialect, {exchange.id, engine->model().alias, wall_clock_us() / 1'000'000});
  return engine;
}

// What the engine gets is the guard's request: the developer's, with what was masked.
Refusable<void> Pipeline::guard_request(Exchange& exchange) {
  TRY_ASSIGN(exchange.guard, RequestGuard::begin(policies_, exchange.client, exchange.engine->model().alias,
                                                 *exchange.decoded, options_.guard));
  RequestGuard& guard = *exchange.guard;
  TRY(guard.judge_texts());
  if (!guard.looks_at_prompt()) return {};
  const auto rendered = exchange.engine->render(guard.render_request());
  if (!rendered) return std::unexpected(engine_refusal(rendered.error()));
  return guard.judge_prompt(*rendered);
}

Refusable<void> Pipeline::generate(Exchange& exchange) {
  const auto channel = exchange.engine->channel();
  if (!channel)
    return std::unexpected(ApiError{503, "model_not_ready", channel.error().message, "model", engine_retry_s});
  auto generation = Generation::start(*channel, to_generate_request(exchange.guard->request(), 0));
  if (!generation) return std::unexpected(engine_gone());
  exchange.writer.on_gone([gone = exchange.gone] { gone->client_gone(); });
  exchange.gone->attach(generation->get());
  metrics_.generating(1);
  auto relayed = relay(exchange, **generation);
  metrics_.generating(-1);
  exchange.gone->attach(nullptr);
  if (!exchange.engine_ended && (*channel)->alive())
    if (const auto last = (*generation)->cancel(cancel_limit)) exchange.finish = *last;
  if (exchange.outcome == Outcome::blocked) exchange.finish.reason = content_filter;
  // What came in pieces is counted already; a last word may name more.
  metrics_.tokens(exchange.finish.prompt_tokens,
                  std::max<int64_t>(0, exchange.finish.completion_tokens - exchange.counted_tokens));
  return relayed;
}

// Events in, what the guard lets pass out, until the engine has said its last word or a rule ends the answer.
Refusable<void> Pipeline::relay(Exchange& exchange, Generation& generation) {
  AnswerGuard guard(*exchange.guard);
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
      TRY(keep_alive(exchange));
      continue;
    }
    if (!event) {
      if (event.error().code == ErrorCode::cancelled) return std::unexpected(client_gone());
      return std::unexpected(engine_gone());
    }
    quiet_since = std::chrono::steady_clock::now();
    if (const auto* error = std::get_if<PeerError>(&*event)) {
      exchange.engine_ended = true;
      return std::unexpected(engine_refusal(*error));
    }
    if (const auto* accepted = std::get_if<AcceptedReply>(&*event)) {
      exchange.finish.prompt_tokens = accepted->prompt_tokens;
      if (exchange.decoded->stream) TRY(begin_stream(exchange));
    } else if (const auto* delta = std::get_if<Delta>(&*event)) {
      if (!exchange.first_token_seen) metrics_.first_token(boot_clock_us() - exchange.started_us);
      exchange.first_token_seen = true;
      exchange.finish.completion_tokens += delta->tokens;
      exchange.counted_tokens += delta->tokens;
      metrics_.tokens(0, delta->tokens);
      TRY_ASSIGN(const AnswerPiece piece, guard.push(delta->text));
      TRY(pass_on(exchange, piece));
      if (piece.is_end) return {};
    } else if (const auto* finish = std::get_if<Finish>(&*event)) {
      exchange.finish = *finish;
      exchange.engine_ended = true;
      if (finish->reason == "cancelled") return std::unexpected(client_gone());
      TRY_ASSIGN(const AnswerPiece piece, guard.finish());
      return pass_on(exchange, piece);
    }
  }
}

Refusable<void> Pipeline::pass_on(Exchange& exchange, const AnswerPiece& piece) {
  if (exchange.streaming && !audit_.available()) return std::unexpected(audit_away());
  TRY(write(exchange, piece.text));
  TRY(write(exchange, piece.message));
  if (!piece.is_end) return keep_alive(exchange);
  exchange.outcome = Outcome::blocked;
  exchange.code = content_filter;
  return {};
}

Refusable<void> Pipeline::write(Exchange& exchange, std::string_view text) {
  if (!exchange.streaming) {
    exchange.text += text;
    return {};
  }
  if (!text.empty() && !exchange.send(sse(exchange.form->delta(text)))) return std::unexpected(client_gone());
  return {};
}

// A guard that holds the answer back leaves the stream as silent as an engine that thinks.
Refusable<void> Pipeline::keep_alive(Exchange& exchange) {
  if (!exchange.streaming || std::chrono::steady_clock::now() - exchange.sent_at < options_.keep_alive) return {};
  if (!exchange.send(": waiting\n\n")) return std::unexpected(client_gone());
  return {};
}

Refusable<void> Pipeline::begin_stream(Exchange& exchange) {
  HttpResponse head;
  head.content_type = "text/event-stream; charset=utf-8";
  head.headers = {{"x-request-id", exchange.id}, {"tijori-receipt", to_json(exchange.receipt)}};
  if (!exchange.writer.begin(std::move(head))) return std::unexpected(client_gone());
  exchange.streaming = true;
  exchange.sent_at = std::chrono::steady_clock::now();
  const std::string opening = exchange.form->opening();
  if (!opening.empty() && !exchange.send(sse(opening))) return std::unexpected(client_gone());
  return {};
}

AuditDraft Pipeline::draft_of(const Exchange& exchange, std::string event) const {
  AuditDraft draft;
  draft.event = std::move(event);
  draft.actor_type = "app";
  draft.actor = exchange.client.client_id;
  draft.auth = exchange.client.certificate_sha256;
  draft.peer_uid = exchange.client.credentials.uid;
  draft.request_id = exchange.id;
  return draft;
}

AuditDraft Pipeline::released_draft(const Exchange& exchange) const {
  AuditDraft draft = draft_of(exchange, "inference.released");
  draft.outcome = name_of(exchange.outcome);
  draft.detail.set("http_status", int64_t{exchange.http_status});
  draft.detail.set("total_us", boot_clock_us() - exchange.started_us);
  if (!exchange.code.empty()) draft.detail.set("code", exchange.code);
  if (exchange.guard != nullptr) draft.detail.set("policy", exchange.guard->policy_digest());
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

// What was decided, then the end: durable together.
std::vector<AuditDraft> Pipeline::ending_drafts(const Exchange& exchange) const {
  std::vector<AuditDraft> drafts;
  if (exchange.guard != nullptr) drafts = exchange.guard->records(draft_of(exchange, {}));
  drafts.push_back(released_draft(exchange));
  return drafts;
}

Refusable<void> Pipeline::record_released(Exchange& exchange) {
  auto appended = audit_.append_all(ending_drafts(exchange));
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
  if (exchange.send(last)) (void)exchange.writer.finish();
  return {};
}

void Pipeline::refuse(Exchange& exchange, const ApiError& error) {
  exchange.outcome = outcome_of(error);
  exchange.code = error.code;
  if (!exchange.streaming) exchange.http_status = error.http_status;  // a stream's head has said 200 already
  auto drafts = ending_drafts(exchange);
  auto appended = audit_.append_all(drafts);
  if (appended) {
    exchange.receipt.released = std::move(appended->entry);
    return send_error(exchange, error);
  }
  for (AuditDraft& draft : drafts) audit_.append_later(std::move(draft));
  send_error(exchange, audit_away());
}

void Pipeline::send_error(Exchange& exchange, const ApiError& error) {
  if (exchange.streaming) {
    if (exchange.send("event: error\n" + sse(to_error_json(error)))) (void)exchange.writer.finish();
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
