// The models an administrator chose to be loaded, in a file of the state folder. Not thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "protocol/model_types.h"

namespace tijori {

class ModelChoiceFile {
 public:
  // An empty path keeps nothing. `configured` is the setting models.load.
  ModelChoiceFile(std::filesystem::path file, std::vector<std::string> configured)
      : file_(std::move(file)), configured_(std::move(configured)) {}

  // Nothing when there is no file or when it was made under another setting; an error names the file.
  Result<std::optional<std::vector<ChosenModel>>> read() const;
  Status write(std::vector<ChosenModel> models) const;

 private:
  std::filesystem::path file_;
  std::vector<std::string> configured_;
};

}  // namespace tijori
