#include "protocol/history_types.h"

#include "protocol/fields.h"

namespace tijori {

template <class Form>
void describe(Form& form, Is<HistorySample> auto& sample) {
  form.required("time_us", sample.time_us);
  form.required("tokens_per_second", sample.tokens_per_second);
  form.optional("ttft_p50_us", sample.ttft_p50_us);
  form.optional("ttft_p95_us", sample.ttft_p95_us);
  form.required("running", sample.running);
  form.required("queued", sample.queued);
  form.required("answered", sample.answered);
  form.required("refused", sample.refused);
  form.required("kv_used_bytes", sample.kv_used_bytes);
  form.required("kv_bytes", sample.kv_bytes);
  form.required("resident_bytes", sample.resident_bytes);
}

template <class Form>
void describe(Form& form, Is<HistoryMark> auto& mark) {
  form.required("time_us", mark.time_us);
  form.required("what", mark.what);
  form.required("object", mark.object);
}

template <class Form>
void describe(Form& form, Is<History> auto& history) {
  form.required("step_us", history.step_us);
  form.required("samples", history.samples);
  form.required("marks", history.marks);
}

TIJORI_JSON_FORM(History)

}  // namespace tijori
