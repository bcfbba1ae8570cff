#include "protocol/inner_messages.h"

#include "protocol/fields.h"

namespace tijori {
namespace {

constexpr ErrorCode all_codes[] = {ErrorCode::invalid_argument, ErrorCode::malformed,
                                   ErrorCode::unsupported,      ErrorCode::not_found,
                                   ErrorCode::already_exists,   ErrorCode::permission_denied,
                                   ErrorCode::unauthenticated,  ErrorCode::resource_exhausted,
                                   ErrorCode::unavailable,      ErrorCode::deadline_exceeded,
                                   ErrorCode::cancelled,        ErrorCode::io_error,
                                   ErrorCode::corrupted,        ErrorCode::internal};

}  // namespace

PeerError peer_error(const Error& error) {
  return {std::string(name_of(error.code)), error.message, std::nullopt, std::nullopt};
}

Error error_of(const PeerError& error) {
  if (error.code == "context_length_exceeded") return {ErrorCode::invalid_argument, error.message};
  for (const ErrorCode code : all_codes)
    if (name_of(code) == error.code) return {code, error.message};
  return {ErrorCode::internal, error.message};
}

template <class Form>
void describe(Form& form, Is<Hello> auto& hello) {
  form.required("protocol", hello.protocol);
  form.required("program", hello.program);
  form.required("version", hello.version);
}

template <class Form>
void describe(Form& form, Is<PeerError> auto& error) {
  form.required("code", error.code);
  form.required("message", error.message);
  form.optional("limit_tokens", error.limit_tokens);
  form.optional("asked_tokens", error.asked_tokens);
}

template <class Form>
void describe(Form& form, Is<Progress> auto& progress) {
  form.required("stage", progress.stage);
  form.required("done", progress.done);
  form.required("total", progress.total);
}

template <class Form>
void describe(Form& form, Is<Credit> auto& credit) {
  form.required("frames", credit.frames);
}

template <class Form>
void describe(Form& /*form*/, Is<Nothing> auto& /*nothing*/) {}

TIJORI_JSON_FORM(Hello)
TIJORI_JSON_FORM(PeerError)
TIJORI_JSON_FORM(Progress)
TIJORI_JSON_FORM(Credit)
TIJORI_JSON_FORM(Nothing)

}  // namespace tijori
