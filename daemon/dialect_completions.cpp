#include "daemon/dialect.h"

namespace tijori {
namespace {

class CompletionsForm final : public DialectForm {
 public:
  explicit CompletionsForm(AnswerHead head) : head_(std::move(head)) {}

  std::string opening() const override { return ""; }
  std::string delta(std::string_view text) const override { return piece(text, std::nullopt, std::nullopt); }
  std::string closing(std::string_view finish_reason) const override {
    return piece("", std::string(finish_reason), std::nullopt);
  }
  std::string usage(const Usage& usage) const override {
    TextCompletion completion = empty();
    completion.usage = usage;
    return to_json(completion);
  }
  std::string whole(std::string_view text, std::string_view finish_reason, const Usage& usage) const override {
    return piece(text, std::string(finish_reason), usage);
  }

 private:
  TextCompletion empty() const {
    TextCompletion completion;
    completion.id = "cmpl-" + head_.request_id;
    completion.created = head_.created_s;
    completion.model = head_.model;
    return completion;
  }
  std::string piece(std::string_view text, std::optional<std::string> finish_reason, std::optional<Usage> usage) const {
    TextCompletion completion = empty();
    completion.choices.push_back({0, std::string(text), std::move(finish_reason)});
    completion.usage = usage;
    return to_json(completion);
  }

  const AnswerHead head_;
};

}  // namespace

std::unique_ptr<DialectForm> make_completions_form(AnswerHead head) {
  return std::make_unique<CompletionsForm>(std::move(head));
}

}  // namespace tijori
