#include "protocol/model_catalog.h"

#include <algorithm>

#include "protocol/fields.h"

namespace tijori {
namespace {

constexpr int catalog_version = 1;
constexpr size_t max_alias_bytes = 64;
constexpr size_t max_file_name_bytes = 255;

struct CatalogFile {
  int64_t version = catalog_version;
  std::vector<CatalogModel> models;
};

bool is_lower_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Status check_model(const CatalogModel& model, const std::string& place) {
  const auto refuse = [&](const char* what) { return fail(ErrorCode::invalid_argument, place + what); };
  if (!is_model_alias(model.alias)) return refuse(".alias: expected 1 to 64 of a-z 0-9 . _ -");
  if (!is_store_file_name(model.file)) return refuse(".file: expected a file name without a folder");
  if (!is_sha256_hex(model.sha256)) return refuse(".sha256: expected 64 lower-case hex digits");
  if (model.size_bytes <= 0) return refuse(".size_bytes: expected more than 0");
  return {};
}

}  // namespace

template <class Form>
void describe(Form& form, Is<CatalogModel> auto& model) {
  form.required("alias", model.alias);
  form.required("file", model.file);
  form.required("sha256", model.sha256);
  form.required("size_bytes", model.size_bytes);
}

template <class Form>
void describe(Form& form, Is<CatalogFile> auto& file) {
  form.required("version", file.version);
  form.required("models", file.models);
}

const CatalogModel* ModelCatalog::find(std::string_view alias) const {
  const auto found = std::ranges::find(models, alias, &CatalogModel::alias);
  return found == models.end() ? nullptr : &*found;
}

Result<ModelCatalog> parse_model_catalog(std::string_view text) {
  TRY_ASSIGN(CatalogFile file, from_json<CatalogFile>(text));
  if (file.version != catalog_version)
    return fail(ErrorCode::unsupported, "version: " + std::to_string(file.version) + ", expected 1");
  if (file.models.size() > max_catalog_models)
    return fail(ErrorCode::resource_exhausted, "models: more than " + std::to_string(max_catalog_models));
  ModelCatalog catalog;
  for (CatalogModel& model : file.models) {
    const std::string place = "models[" + std::to_string(catalog.models.size()) + "]";
    TRY(check_model(model, place));
    if (catalog.find(model.alias) != nullptr)
      return fail(ErrorCode::already_exists, place + ".alias: the same as an earlier one");
    catalog.models.push_back(std::move(model));
  }
  return catalog;
}

std::string to_catalog_text(const ModelCatalog& catalog) {
  std::string text = "{\"version\":1,\"models\":[";
  bool first = true;
  for (const CatalogModel& model : catalog.models) {
    text += first ? "\n" : ",\n";
    first = false;
    text += to_json(model);
  }
  return text + "\n]}\n";
}

bool is_model_alias(std::string_view text) {
  return !text.empty() && text.size() <= max_alias_bytes && is_lower_alphanumeric(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_store_file_name(std::string_view text) {
  return !text.empty() && text.size() <= max_file_name_bytes && text.front() != '.' &&
         std::ranges::none_of(text, [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace tijori
