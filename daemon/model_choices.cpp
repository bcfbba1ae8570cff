#include "daemon/model_choices.h"

#include "base/bytes.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr unsigned file_mode = 0600;

}  // namespace

Result<std::optional<std::vector<ChosenModel>>> ModelChoiceFile::read() const {
  if (file_.empty()) return std::nullopt;
  const auto text = read_file(file_, max_model_choices_bytes);
  if (!text && text.error().code == ErrorCode::not_found) return std::nullopt;
  if (!text) return fail(text.error());
  auto choices = from_json<ModelChoices>(*text);
  if (!choices) return fail(choices.error().in(file_.string()));
  if (choices->configured != configured_) return std::nullopt;
  return std::move(choices->models);
}

Status ModelChoiceFile::write(std::vector<ChosenModel> models) const {
  if (file_.empty()) return {};
  return write_file_atomic(file_, as_bytes(to_json(ModelChoices{configured_, std::move(models)}) + "\n"), file_mode);
}

}  // namespace tijori
