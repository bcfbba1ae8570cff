// Field lists of what both the engine's protocol and the admin API carry. For the .cpp files of this folder.
#pragma once

#include "protocol/engine_messages.h"
#include "protocol/fields.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<TensorClass> auto& tensors) {
  form.required("part", tensors.part);
  form.required("type", tensors.type);
  form.required("tensors", tensors.tensors);
  form.required("bytes", tensors.bytes);
}

template <class Form>
void describe(Form& form, Is<ModelDetails> auto& details) {
  form.required("architecture", details.architecture);
  form.required("name", details.name);
  form.required("chat_format", details.chat_format);
  form.required("license", details.license);
  form.required("parameters", details.parameters);
  form.required("active_parameters", details.active_parameters);
  form.required("layers", details.layers);
  form.required("expert_layers", details.expert_layers);
  form.required("experts", details.experts);
  form.required("experts_per_token", details.experts_per_token);
  form.required("embedding", details.embedding);
  form.required("heads", details.heads);
  form.required("kv_heads", details.kv_heads);
  form.required("head_dim", details.head_dim);
  form.required("vocabulary", details.vocabulary);
  form.required("trained_context_tokens", details.trained_context_tokens);
  form.required("chunk_tokens", details.chunk_tokens);
  form.required("tensors", details.tensors);
}

template <class Form>
void describe(Form& form, Is<LayerExperts> auto& layer) {
  form.required("layer", layer.layer);
  form.required("counts", layer.counts);
}

}  // namespace tijori
