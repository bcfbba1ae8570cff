#include "protocol/engine_messages.h"

#include "protocol/engine_forms.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<LoadRequest> auto& load) {
  form.required("file", load.file);
  form.required("sha256", load.sha256);
  form.required("backend", load.backend);
  form.required("threads", load.threads);
  form.required("context_tokens", load.context_tokens);
  form.required("max_sequences", load.max_sequences);
  form.required("kv_type", load.kv_type);
  form.required("chat_format", load.chat_format);
}

template <class Form>
void describe(Form& form, Is<LoadedReply> auto& loaded) {
  form.required("architecture", loaded.architecture);
  form.required("name", loaded.name);
  form.required("sha256", loaded.sha256);
  form.required("chat_format", loaded.chat_format);
  form.required("template_sha256", loaded.template_sha256);
  form.required("license", loaded.license);
  form.required("context_tokens", loaded.context_tokens);
  form.required("max_sequences", loaded.max_sequences);
  form.required("vocabulary", loaded.vocabulary);
  form.required("layers", loaded.layers);
  form.required("experts", loaded.experts);
  form.required("backend", loaded.backend);
  form.required("gpu", loaded.gpu);
  form.required("threads", loaded.threads);
  form.required("kv_type", loaded.kv_type);
  form.required("weights_bytes", loaded.weights_bytes);
  form.required("kv_bytes", loaded.kv_bytes);
  form.required("workspace_bytes", loaded.workspace_bytes);
  form.required("pid", loaded.pid);
}

template <class Form>
void describe(Form& form, Is<PlannedReply> auto& planned) {
  form.required("details", planned.details);
  form.required("context_tokens", planned.context_tokens);
  form.required("max_sequences", planned.max_sequences);
  form.required("kv_type", planned.kv_type);
  form.required("backend", planned.backend);
  form.required("weights_bytes", planned.weights_bytes);
  form.required("kv_bytes", planned.kv_bytes);
  form.required("workspace_bytes", planned.workspace_bytes);
  form.required("free_bytes", planned.free_bytes);
  form.required("fits", planned.fits);
  form.required("fitting_context_tokens", planned.fitting_context_tokens);
  form.required("fitting_max_sequences", planned.fitting_max_sequences);
}

template <class Form>
void describe(Form& form, Is<EngineMessage> auto& message) {
  form.required("role", message.role);
  form.required("content", message.content);
}

template <class Form>
void describe(Form& form, Is<GenerateRequest> auto& request) {
  form.optional("messages", request.messages);
  form.optional("prompt", request.prompt);
  form.required("max_tokens", request.max_tokens);
  form.required("temperature", request.temperature);
  form.required("top_p", request.top_p);
  form.required("top_k", request.top_k);
  form.required("min_p", request.min_p);
  form.optional("seed", request.seed);
  form.required("presence_penalty", request.presence_penalty);
  form.required("frequency_penalty", request.frequency_penalty);
  form.required("repetition_penalty", request.repetition_penalty);
  form.required("stop", request.stop);
  form.required("credit", request.credit);
}

template <class Form>
void describe(Form& form, Is<AcceptedReply> auto& reply) {
  form.required("prompt_tokens", reply.prompt_tokens);
}

template <class Form>
void describe(Form& form, Is<Delta> auto& delta) {
  form.required("text", delta.text);
  form.required("tokens", delta.tokens);
}

template <class Form>
void describe(Form& form, Is<Finish> auto& finish) {
  form.required("reason", finish.reason);
  form.required("prompt_tokens", finish.prompt_tokens);
  form.required("completion_tokens", finish.completion_tokens);
  form.required("queue_us", finish.queue_us);
  form.required("prompt_us", finish.prompt_us);
  form.required("decode_us", finish.decode_us);
}

template <class Form>
void describe(Form& form, Is<TokenizeRequest> auto& request) {
  form.optional("text", request.text);
  form.optional("messages", request.messages);
}

template <class Form>
void describe(Form& form, Is<TokensReply> auto& reply) {
  form.required("count", reply.count);
  form.required("ids", reply.ids);
}

template <class Form>
void describe(Form& form, Is<RenderRequest> auto& request) {
  form.optional("messages", request.messages);
  form.optional("prompt", request.prompt);
}

template <class Form>
void describe(Form& form, Is<RenderedPiece> auto& piece) {
  form.required("text", piece.text);
  form.required("message", piece.message);
  form.required("begin", piece.begin);
}

template <class Form>
void describe(Form& form, Is<RenderedReply> auto& reply) {
  form.required("pieces", reply.pieces);
}

template <class Form>
void describe(Form& form, Is<ExpertCountsReply> auto& reply) {
  form.required("experts_per_token", reply.experts_per_token);
  form.required("layers", reply.layers);
}

template <class Form>
void describe(Form& form, Is<EngineStatusReply> auto& status) {
  form.required("state", status.state);
  form.required("running", status.running);
  form.required("waiting", status.waiting);
  form.required("kv_blocks_used", status.kv_blocks_used);
  form.required("kv_blocks", status.kv_blocks);
  form.required("prompt_tokens", status.prompt_tokens);
  form.required("completion_tokens", status.completion_tokens);
  form.required("resident_bytes", status.resident_bytes);
}

TIJORI_JSON_FORM(LoadRequest)
TIJORI_JSON_FORM(LoadedReply)
TIJORI_JSON_FORM(PlannedReply)
TIJORI_JSON_FORM(GenerateRequest)
TIJORI_JSON_FORM(AcceptedReply)
TIJORI_JSON_FORM(Delta)
TIJORI_JSON_FORM(Finish)
TIJORI_JSON_FORM(TokenizeRequest)
TIJORI_JSON_FORM(TokensReply)
TIJORI_JSON_FORM(RenderRequest)
TIJORI_JSON_FORM(RenderedReply)
TIJORI_JSON_FORM(ExpertCountsReply)
TIJORI_JSON_FORM(EngineStatusReply)

}  // namespace tijori
