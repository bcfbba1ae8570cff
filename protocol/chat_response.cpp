#include "protocol/chat_response.h"

#include "protocol/fields.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<Usage> auto& usage) {
  form.required("prompt_tokens", usage.prompt_tokens);
  form.required("completion_tokens", usage.completion_tokens);
  form.required("total_tokens", usage.total_tokens);
}

template <class Form>
void describe(Form& form, Is<AnswerMessage> auto& message) {
  form.required("role", message.role);
  form.required("content", message.content);
}

template <class Form>
void describe(Form& form, Is<ChatChoice> auto& choice) {
  form.required("index", choice.index);
  form.required("message", choice.message);
  form.nullable("finish_reason", choice.finish_reason);
}

template <class Form>
void describe(Form& form, Is<ChatCompletion> auto& completion) {
  form.required("id", completion.id);
  form.required("object", completion.object);
  form.required("created", completion.created);
  form.required("model", completion.model);
  form.required("choices", completion.choices);
  form.required("usage", completion.usage);
}

template <class Form>
void describe(Form& form, Is<ChunkDelta> auto& delta) {
  form.optional("role", delta.role);
  form.optional("content", delta.content);
}

template <class Form>
void describe(Form& form, Is<ChunkChoice> auto& choice) {
  form.required("index", choice.index);
  form.required("delta", choice.delta);
  form.nullable("finish_reason", choice.finish_reason);
}

template <class Form>
void describe(Form& form, Is<ChatChunk> auto& chunk) {
  form.required("id", chunk.id);
  form.required("object", chunk.object);
  form.required("created", chunk.created);
  form.required("model", chunk.model);
  form.required("choices", chunk.choices);
  form.optional("usage", chunk.usage);
}

template <class Form>
void describe(Form& form, Is<TextChoice> auto& choice) {
  form.required("index", choice.index);
  form.required("text", choice.text);
  form.nullable("finish_reason", choice.finish_reason);
}

template <class Form>
void describe(Form& form, Is<TextCompletion> auto& completion) {
  form.required("id", completion.id);
  form.required("object", completion.object);
  form.required("created", completion.created);
  form.required("model", completion.model);
  form.required("choices", completion.choices);
  form.optional("usage", completion.usage);
}

template <class Form>
void describe(Form& form, Is<ModelObject> auto& model) {
  form.required("id", model.id);
  form.required("object", model.object);
  form.required("created", model.created);
  form.required("owned_by", model.owned_by);
}

template <class Form>
void describe(Form& form, Is<ModelObjects> auto& models) {
  form.required("object", models.object);
  form.required("data", models.data);
}

template <class Form>
void describe(Form& form, Is<HealthReply> auto& reply) {
  form.required("status", reply.status);
  form.required("sentence", reply.sentence);
}

template <class Form>
void describe(Form& form, Is<TokenizeReply> auto& reply) {
  form.required("model", reply.model);
  form.required("count", reply.count);
  form.optional("ids", reply.ids);
}

template <class Form>
void describe(Form& form, Is<ReceiptEntry> auto& entry) {
  form.required("seq", entry.seq);
  form.required("leaf", entry.leaf);
}

template <class Form>
void describe(Form& form, Is<Receipt> auto& receipt) {
  form.required("log_id", receipt.log_id);
  form.optional("received", receipt.received);
  form.optional("released", receipt.released);
}

TIJORI_JSON_FORM(ChatCompletion)
TIJORI_JSON_FORM(ChatChunk)
TIJORI_JSON_FORM(TextCompletion)
TIJORI_JSON_FORM(ModelObject)
TIJORI_JSON_FORM(ModelObjects)
TIJORI_JSON_FORM(HealthReply)
TIJORI_JSON_FORM(TokenizeReply)
TIJORI_JSON_FORM(Receipt)

}  // namespace tijori
