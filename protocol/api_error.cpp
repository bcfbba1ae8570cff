#include "protocol/api_error.h"

#include "protocol/guardrail_forms.h"

namespace tijori {
namespace {

// A refusal is a few sentences that somebody reads.
constexpr size_t max_refusal_text_bytes = 8U << 10;

struct ErrorBody {
  std::string message;
  std::string type;
  std::optional<std::string> param;
  std::optional<std::string> code;
  std::vector<PolicyFinding> findings;
  std::string rule;
  std::vector<ErrorSpan> spans;
};

struct ErrorEnvelope {
  ErrorBody error;
};

}  // namespace

template <class Form>
void describe(Form& form, Is<ErrorSpan> auto& span) {
  form.required("type", span.type);
  form.optional("message", span.message);
  form.required("start", span.start);
  form.required("end", span.end);
  form.required("start_byte", span.start_byte);
  form.required("end_byte", span.end_byte);
}

namespace {

template <class Form>
void describe(Form& form, Is<ErrorBody> auto& body) {
  form.required("message", body.message);
  form.required("type", body.type);
  form.optional("param", body.param);
  form.optional("code", body.code);
  form.optional("findings", body.findings);
  form.optional("rule", body.rule);
  form.optional("spans", body.spans);
}

template <class Form>
void describe(Form& form, Is<ErrorEnvelope> auto& envelope) {
  form.required("error", envelope.error);
}

int http_status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::malformed:
    case ErrorCode::unsupported:
      return 400;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
      return 409;
    case ErrorCode::resource_exhausted:
      return 429;
    case ErrorCode::cancelled:
      return 499;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::deadline_exceeded:
      return 504;
    case ErrorCode::io_error:
    case ErrorCode::corrupted:
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

}  // namespace

std::string ApiError::type() const {
  if (!rule.empty()) return "guardrail_error";
  switch (http_status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 429:
      return "rate_limit_error";
    default:
      return http_status < 500 ? "invalid_request_error" : "server_error";
  }
}

std::string to_error_json(const ApiError& error) {
  std::string text;
  FormWriter envelope(text);
  envelope.key("error");
  FormWriter body(text);
  body.required("message", error.message);
  body.required("type", error.type());
  if (error.param.empty())
    body.null("param");
  else
    body.required("param", error.param);
  body.required("code", error.code);
  body.optional("findings", error.findings);
  body.optional("rule", error.rule);
  body.optional("spans", error.spans);
  body.finish();
  envelope.finish();
  return text;
}

Result<ApiError> parse_error_json(int http_status, std::string_view body) {
  JsonLimits limits;
  limits.max_text_bytes = max_refusal_text_bytes;
  limits.plain_text = true;
  TRY_ASSIGN(ErrorEnvelope envelope, from_json<ErrorEnvelope>(body, limits));
  ErrorBody& error = envelope.error;
  return ApiError{http_status, error.code.value_or(""),   error.message,         error.param.value_or(""),
                  0,           std::move(error.findings), std::move(error.rule), std::move(error.spans)};
}

ApiError api_error(const Error& error) {
  return {http_status_of(error.code), std::string(name_of(error.code)), error.message, "", 0};
}

}  // namespace tijori
