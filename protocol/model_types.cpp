#include "protocol/model_types.h"

#include "protocol/engine_forms.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<ModelChoice> auto& choice) {
  form.optional("context_tokens", choice.context_tokens);
  form.optional("max_sequences", choice.max_sequences);
  form.optional("kv_type", choice.kv_type);
}

template <class Form>
void describe(Form& form, Is<ModelPlan> auto& plan) {
  form.required("alias", plan.alias);
  form.required("fits", plan.fits);
  form.required("context_tokens", plan.context_tokens);
  form.required("max_sequences", plan.max_sequences);
  form.required("kv_type", plan.kv_type);
  form.required("backend", plan.backend);
  form.required("weights_bytes", plan.weights_bytes);
  form.required("kv_bytes", plan.kv_bytes);
  form.required("workspace_bytes", plan.workspace_bytes);
  form.required("free_bytes", plan.free_bytes);
  form.optional("fitting", plan.fitting);
}

template <class Form>
void describe(Form& form, Is<UnloadModel> auto& request) {
  form.optional("drain_s", request.drain_s);
}

template <class Form>
void describe(Form& form, Is<ChosenModel> auto& chosen) {
  form.required("alias", chosen.alias);
  form.required("choice", chosen.choice);
}

template <class Form>
void describe(Form& form, Is<ModelChoices> auto& choices) {
  form.required("configured", choices.configured);
  form.required("models", choices.models);
}

template <class Form>
void describe(Form& form, Is<ModelFile> auto& model) {
  form.required("alias", model.alias);
  form.required("file", model.file);
  form.required("sha256", model.sha256);
  form.required("size_bytes", model.size_bytes);
  form.required("details", model.details);
}

template <class Form>
void describe(Form& form, Is<ExpertLoad> auto& load) {
  form.required("alias", load.alias);
  form.required("time_us", load.time_us);
  form.required("experts_per_token", load.experts_per_token);
  form.required("layers", load.layers);
}

TIJORI_JSON_FORM(ModelChoice)
TIJORI_JSON_FORM(ModelPlan)
TIJORI_JSON_FORM(UnloadModel)
TIJORI_JSON_FORM(ModelChoices)
TIJORI_JSON_FORM(ModelFile)
TIJORI_JSON_FORM(ExpertLoad)

}  // namespace tijori
