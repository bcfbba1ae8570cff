// The allow-list of the model store, models/allowed.json: which files may be loaded, by digest. `tijori models add`
// writes it, as the owner of the store; the daemon reads it and the engine checks the digest before it maps a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr std::string_view model_catalog_file = "allowed.json";
inline constexpr size_t max_catalog_bytes = 1U << 20;
inline constexpr size_t max_catalog_models = 256;

struct CatalogModel {
  std::string alias;   // what clients ask for: 1 to 64 of a-z 0-9 . _ -, starting with a letter or digit
  std::string file;    // name in the store, no folder
  std::string sha256;  // lower-case hex
  int64_t size_bytes = 0;
};

// In the order in which they were added; the first is the default unless the configuration says otherwise.
struct ModelCatalog {
  std::vector<CatalogModel> models;

  const CatalogModel* find(std::string_view alias) const;
};

// {"version":1,"models":[{"alias","file","sha256","size_bytes"}, …]}; refuses repeated aliases and names with a slash.
Result<ModelCatalog> parse_model_catalog(std::string_view text);
std::string to_catalog_text(const ModelCatalog& catalog);  // one model a line

bool is_model_alias(std::string_view text);
bool is_store_file_name(std::string_view text);

}  // namespace tijori
