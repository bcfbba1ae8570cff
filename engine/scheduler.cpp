#include "engine/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tijori {

std::string_view name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::stop:
      return "stop";
    case FinishReason::length:
      return "length";
    case FinishReason::cancelled:
      break;
  }
  return "cancelled";
}

struct Scheduler::Entry {
  Entry(GenerationId entry_id, GenerationRequest entry_request, Sampler entry_sampler, StopStrings entry_stops)
      : id(entry_id),
        request(std::move(entry_request)),
        sampler(std::move(entry_sampler)),
        stops(std::move(entry_stops)) {}

  bool is_decoding() const { return n_computed >= request.prompt.size(); }
  // Prompt tokens that may be computed now: the last one yields the first token of the answer, which needs credit.
  size_t prompt_left() const {
    const size_t left = request.prompt.size() - std::min<size_t>(n_computed, request.prompt.size());
    return left > 0 && request.credit == 0 ? left - 1 : left;
  }

  GenerationId id;
  GenerationRequest request;
  Sampler sampler;
  Utf8Assembler assembler;
  StopStrings stops;
  SequenceId sequence{};
  bool admitted = false;
  bool ended = false;
  uint32_t n_computed = 0;  // positions in the KV cache
  uint32_t n_generated = 0;
  uint32_t n_unreported = 0;  // sampled since the last delta
  TokenId last_token = 0;     // sampled, not computed yet
  uint32_t max_generated = 0;
  int64_t submitted_us = 0;
  int64_t admitted_us = 0;
  int64_t first_token_us = 0;
};

Scheduler::Scheduler(Model& model, const Tokenizer& tokenizer, std::span<const TokenId> stop_tokens,
                     GenerationSink& sink, const Clock& clock, uint32_t max_step_tokens)
    : model_(model),
      tokenizer_(tokenizer),
      stop_tokens_(stop_tokens.begin(), stop_tokens.end()),
      sink_(sink),
      clock_(clock),
      max_step_tokens_(std::clamp(max_step_tokens, 1U, model.max_batch_tokens())) {
  std::sort(stop_tokens_.begin(), stop_tokens_.end());
}

Scheduler::~Scheduler() {
  for (const auto& entry : running_) release(*entry);
}

bool Scheduler::is_stop_token(TokenId token) const {
  return std::binary_search(stop_tokens_.begin(), stop_tokens_.end(), token);
}

std::optional<ContextOverflow> Scheduler::check_context(size_t prompt_tokens) const {
  const uint32_t limit = model_.kv_cache().max_positions();
  if (prompt_tokens < limit) return std::nullopt;
  // One more than the prompt: an answer has at least one token.
  return ContextOverflow{limit, static_cast<uint32_t>(std::min<size_t>(prompt_tokens + 1, UINT32_MAX))};
}

Status Scheduler::submit(GenerationId id, GenerationRequest request) {
  if (find(id) != nullptr) {
    return fail(ErrorCode::already_exists, "generate: request id " + std::to_string(id) + " is in use");
  }
  if (request.prompt.empty()) return fail(ErrorCode::invalid_argument, "prompt: empty");
  if (const auto overflow = check_context(request.prompt.size())) {
    return fail(ErrorCode::invalid_argument, "prompt: " + std::to_string(request.prompt.size()) +
                                                 " tokens and an answer don't fit into the context of " +
                                                 std::to_string(overflow->limit_tokens));
  }
  for (const TokenId token : request.prompt) {
    if (token >= model_.hyperparameters().vocabulary) {
      return fail(ErrorCode::invalid_argument, "prompt: token " + std::to_string(token) + " is outside the vocabulary");
    }
  }
  if (waiting_.size() >= max_waiting_requests) {
    return fail(ErrorCode::resource_exhausted,
                "generate: " + std::to_string(max_waiting_requests) + " requests are waiting already");
  }
  TRY_ASSIGN(Sampler sampler, Sampler::create(request.sampling));
  TRY_ASSIGN(StopStrings stops, StopStrings::create(request.stop));
  auto entry = std::make_unique<Entry>(id, std::move(request), std::move(sampler), std::move(stops));
  const auto n_prompt = static_cast<uint32_t>(entry->request.prompt.size());
  const uint32_t n_free = model_.kv_cache().max_positions() - n_prompt;
  const uint32_t asked = entry->request.max_tokens;
  entry->max_generated = asked == 0 ? n_free : std::min(asked, n_free);
  const uint64_t all_positions = uint64_t{model_.kv_cache().n_blocks()} * kv_block_positions;
  if (uint64_t{n_prompt} + entry->max_generated > all_positions) {
    // With a cache smaller than the context, the longest possible answer shrinks instead of waiting for ever.
    if (n_prompt >= all_positions) {
      return fail(ErrorCode::invalid_argument, "prompt: " + std::to_string(n_prompt) + " tokens, the KV cache holds " +
                                                   std::to_string(all_positions));
    }
    entry->max_generated = static_cast<uint32_t>(all_positions - n_prompt);
  }
  entry->sampler.observe_prompt(entry->request.prompt);
  entry->submitted_us = clock_.boot_us();
  waiting_.push_back(std::move(entry));
  return {};
}

Scheduler::Entry* Scheduler::find(GenerationId id) {
  for (Entries* entries : {&running_, &waiting_}) {
    for (const auto& entry : *entries) {
      if (entry->id == id) return entry.get();
    }
  }
  return nullptr;
}

void Scheduler::cancel(GenerationId id) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  finish(*entry, FinishReason::cancelled);
  remove_ended();
}

void Scheduler::cancel_all() {
  for (Entries* entries : {&running_, &waiting_}) {
    for (const auto& entry : *entries) finish(*entry, FinishReason::cancelled);
  }
  remove_ended();
}

void Scheduler::add_credit(GenerationId id, uint32_t frames) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  uint32_t& credit = entry->request.credit;
  credit = frames > UINT32_MAX - credit ? UINT32_MAX : credit + frames;
}

bool Scheduler::has_work() const {
  const bool runs = std::any_of(running_.begin(), running_.end(), [](const auto& entry) {
    return entry->prompt_left() > 0 || (entry->is_decoding() && entry->request.credit > 0);
  });
  if (runs || waiting_.empty()) return runs;
  const KvCache& cache = model_.kv_cache();
  const Entry& next = *waiting_.front();
  const size_t n_positions = next.request.prompt.size() + next.max_generated;
  const size_t n_blocks = (n_positions + kv_block_positions - 1) / kv_block_positions;
  return running_.size() < cache.max_sequences() && n_blocks <= cache.n_blocks() - cache.n_used_blocks();
}

void Scheduler::admit() {
  while (!waiting_.empty() && admit(*waiting_.front())) {
    running_.splice(running_.end(), waiting_, waiting_.begin());
  }
}

bool Scheduler::admit(Entry& entry) {
  KvCache& cache = model_.kv_cache();
  const Result<SequenceId> sequence = cache.open();
  if (!sequence) return false;
  const uint32_t n_positions = static_cast<uint32_t>(entry.request.prompt.size()) + entry.max_generated;
  if (!cache.reserve(*sequence, n_positions)) {
    cache.close(*sequence);
    return false;
  }
  entry.sequence = *sequence;
  entry.admitted = true;
  entry.admitted_us = clock_.boot_us();
  return true;
}

void Scheduler::plan_step() {
  batch_.clear();
  rows_.clear();
  size_t room = max_step_tokens_;
  add_decode_tokens(room);
  add_prompt_slices(room);
}

void Scheduler::add_decode_tokens(size_t& room) {
  std::vector<Entry*> ready;
  for (const auto& entry : running_) {
    if (entry->is_decoding() && entry->request.credit > 0) ready.push_back(entry.get());
  }
  const size_t count = std::min({ready.size(), room, size_t{model_.max_logit_rows()}});
  if (next_decode_ >= ready.size()) next_decode_ = 0;
  for (size_t i = 0; i < count; ++i) {
    Entry& entry = *ready[(next_decode_ + i) % ready.size()];
    batch_.push_back(
        {.token = entry.last_token, .sequence = entry.sequence, .position = entry.n_computed, .wants_logits = true});
    rows_.push_back(&entry);
    ++entry.n_computed;
  }
  if (count < ready.size()) next_decode_ = (next_decode_ + count) % ready.size();
  room -= count;
}

void Scheduler::add_prompt_slices(size_t& room) {
  for (const auto& entry : running_) {
    if (room == 0) return;
    const std::vector<TokenId>& prompt = entry->request.prompt;
    size_t count = std::min(room, entry->prompt_left());
    const bool whole = entry->n_computed + count == prompt.size();
    // Without a free row of logits the last token waits for the next step.
    if (count > 0 && whole && rows_.size() == model_.max_logit_rows()) --count;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t position = entry->n_computed++;
      const bool last = position + 1 == prompt.size();
      batch_.push_back(
          {.token = prompt[position], .sequence = entry->sequence, .position = position, .wants_logits = last});
      if (last) rows_.push_back(entry.get());
    }
    room -= count;
    prompt_tokens_ += count;
  }
}

Status Scheduler::step() {
  admit();
  plan_step();
  if (batch_.empty()) return {};
  choices_.clear();
  const auto needs_logits = [](const Entry* entry) { return entry->sampler.needs_logits(); };
  if (model_.samples() && std::ranges::none_of(rows_, needs_logits)) {
    for (Entry* const entry : rows_) choices_.push_back(entry->sampler.next_choice());
  }
  const Result<Logits> logits = model_.forward(batch_, choices_);
  if (!logits) {
    fail_all(logits.error());
    return fail(logits.error());
  }
  CHECK(logits->n_rows == rows_.size());
  take_logits(*logits);
  remove_ended();
  return {};
}

Result<TokenId> Scheduler::token_of(Entry& entry, const Logits& logits, uint32_t row) {
  if (logits.chosen.empty()) return entry.sampler.sample(logits.row(row));
  if (logits.chosen[row] != no_token) return logits.chosen[row];
  return fail(ErrorCode::internal, "sampler: a logit is not finite");
}

void Scheduler::take_logits(const Logits& logits) {
  for (uint32_t row = 0; row < logits.n_rows; ++row) {
    Entry& entry = *rows_[row];
    const Result<TokenId> token = token_of(entry, logits, row);
    if (!token) {
      sink_.on_error(entry.id, token.error());
      entry.ended = true;
      continue;
    }
    take_token(entry, *token);
  }
}

void Scheduler::take_token(Entry& entry, TokenId token) {
  if (entry.n_generated == 0) entry.first_token_us = clock_.boot_us();
  ++entry.n_generated;
  ++entry.n_unreported;
  ++completion_tokens_;
  entry.last_token = token;

  std::optional<FinishReason> reason;
  std::string text;
  if (is_stop_token(token)) {
    reason = FinishReason::stop;
  } else {
    text = entry.stops.push(entry.assembler.push(tokenizer_.bytes_of(token)));
    if (entry.stops.stopped()) {
      reason = FinishReason::stop;
    } else if (entry.n_generated == entry.max_generated) {
      reason = FinishReason::length;
    }
  }
  if (reason && !entry.stops.stopped()) {
    text += entry.stops.push(entry.assembler.flush());
    if (entry.stops.stopped()) {
      reason = FinishReason::stop;
    } else {
      text += entry.stops.flush();
    }
  }
  if (!text.empty()) {
    sink_.on_delta(entry.id, text, entry.n_unreported);
    --entry.request.credit;
    entry.n_unreported = 0;
  }
  if (reason) finish(entry, *reason);
}

void Scheduler::finish(Entry& entry, FinishReason reason) {
  if (entry.ended) return;
  entry.ended = true;
  const int64_t now = clock_.boot_us();
  GenerationUsage usage;
  usage.prompt_tokens = static_cast<uint32_t>(entry.request.prompt.size());
  usage.completion_tokens = entry.n_generated;
  const int64_t admitted = entry.admitted ? entry.admitted_us : now;
  usage.queue_us = admitted - entry.submitted_us;
  const int64_t first_token = entry.n_generated > 0 ? entry.first_token_us : now;
  usage.prompt_us = first_token - admitted;
  usage.decode_us = now - first_token;
  release(entry);
  sink_.on_finish(entry.id, reason, usage);
}

void Scheduler::release(Entry& entry) {
  if (entry.admitted) model_.kv_cache().close(entry.sequence);
  entry.admitted = false;
}

void Scheduler::remove_ended() {
  for (Entries* entries : {&running_, &waiting_}) {
    for (auto it = entries->begin(); it != entries->end();) {
      if (!(*it)->ended) {
        ++it;
        continue;
      }
      release(**it);
      it = entries->erase(it);
    }
  }
}

void Scheduler::fail_all(const Error& error) {
  for (Entries* entries : {&running_, &waiting_}) {
    for (const auto& entry : *entries) {
      if (entry->ended) continue;
      sink_.on_error(entry->id, error);
      entry->ended = true;
    }
  }
  remove_ended();
}

SchedulerCounts Scheduler::counts() const {
  const auto count = [](const Entries& entries) {
    return static_cast<size_t>(
        std::count_if(entries.begin(), entries.end(), [](const auto& entry) { return !entry->ended; }));
  };
  const KvCache& cache = model_.kv_cache();
  return {.running = count(running_),
          .waiting = count(waiting_),
          .prompt_tokens = prompt_tokens_,
          .completion_tokens = completion_tokens_,
          .kv_blocks_used = cache.n_used_blocks(),
          .kv_blocks = cache.n_blocks()};
}

}  // namespace tijori
