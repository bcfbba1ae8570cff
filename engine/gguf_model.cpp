// A model out of its parts: one file, or the parts of a split one.
#include <cstdio>
#include <optional>

#include "engine/gguf.h"

namespace tijori {
namespace {

struct SplitName {
  std::string prefix;   // everything before "-00001-of-00003.gguf"
  uint32_t number = 1;  // from 1
  uint32_t count = 1;
};

// "PREFIX-00001-of-00003.gguf"; none for any other name.
std::optional<SplitName> parse_split_name(const std::string& path) {
  constexpr std::string_view pattern = "-00000-of-00000.gguf";
  if (path.size() <= pattern.size()) return std::nullopt;
  const std::string_view tail = std::string_view(path).substr(path.size() - pattern.size());
  SplitName name{.prefix = path.substr(0, path.size() - pattern.size()), .number = 0, .count = 0};
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool digit = pattern[i] == '0';
    if (digit ? (tail[i] < '0' || tail[i] > '9') : tail[i] != pattern[i]) return std::nullopt;
    if (digit) {
      uint32_t& number = i < 7 ? name.number : name.count;
      number = number * 10 + static_cast<uint32_t>(tail[i] - '0');
    }
  }
  return name;
}

std::string part_path(const SplitName& name, uint32_t number) {
  char tail[32];
  std::snprintf(tail, sizeof tail, "-%05u-of-%05u.gguf", number, name.count);
  return name.prefix + tail;
}

// split.count of a file; 1 when it doesn't speak of splitting.
Result<uint64_t> split_count(const GgufMetadata& metadata) {
  if (!metadata.contains("split.count")) return 1;
  TRY_ASSIGN(const uint64_t count, metadata.unsigned_integer("split.count"));
  return count == 0 ? 1 : count;
}

Status check_part(const GgufMetadata& metadata, uint32_t number, uint32_t count) {
  TRY_ASSIGN(const uint64_t found_count, split_count(metadata));
  if (found_count != count) {
    return fail(ErrorCode::malformed,
                "split.count is " + std::to_string(found_count) + ", the file name says " + std::to_string(count));
  }
  if (count == 1) return {};
  TRY_ASSIGN(const uint64_t found_number, metadata.unsigned_integer("split.no"));
  if (found_number != number - 1) {
    return fail(ErrorCode::malformed, "split.no is " + std::to_string(found_number) + ", expected " +
                                          std::to_string(number - 1) + " by the file name");
  }
  return {};
}

}  // namespace

const GgufTensor* GgufModel::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

uint64_t GgufModel::data_bytes() const {
  uint64_t sum = 0;
  for (const GgufTensor& tensor : tensors_) sum += tensor.data.size();
  return sum;
}

Status GgufModel::add_part(GgufFile file, std::string_view part_name) {
  for (GgufTensor& tensor : file.tensors) {
    if (!index_.emplace(tensor.name, tensors_.size()).second) {
      return fail(ErrorCode::malformed,
                  std::string(part_name) + ": tensor \"" + tensor.name + "\" is in another part already");
    }
    tensors_.push_back(std::move(tensor));
  }
  return {};
}

Result<GgufModel> GgufModel::from_bytes(ByteView bytes, std::string_view name) {
  GgufModel model;
  model.name_ = name;
  TRY_ASSIGN(GgufFile file, parse_gguf(bytes, name));
  if (const Status whole = check_part(file.metadata, 1, 1); !whole) return fail(whole.error().in(name));
  model.metadata_ = file.metadata;
  TRY(model.add_part(std::move(file), name));
  return model;
}

Result<GgufModel> GgufModel::open(const std::filesystem::path& path) {
  GgufModel model;
  model.name_ = path.string();
  const SplitName split = parse_split_name(model.name_).value_or(SplitName{});
  if (split.count < 1 || split.count > max_gguf_parts) {
    return fail(ErrorCode::malformed, model.name_ + ": a model of " + std::to_string(split.count) +
                                          " parts, expected 1 to " + std::to_string(max_gguf_parts));
  }
  if (split.number != 1) {
    return fail(ErrorCode::invalid_argument, model.name_ + ": this is part " + std::to_string(split.number) +
                                                 " of a split model; open part 1, " + part_path(split, 1));
  }
  const bool by_pattern = !split.prefix.empty();
  for (uint32_t number = 1; number <= split.count; ++number) {
    const std::string part = by_pattern ? part_path(split, number) : model.name_;
    auto map = MappedFile::open(part);
    if (!map) {
      return fail(split.count == 1
                      ? map.error()
                      : map.error().in("part " + std::to_string(number) + " of " + std::to_string(split.count)));
    }
    TRY_ASSIGN(GgufFile file, parse_gguf(map->bytes(), part));
    if (const Status fits = check_part(file.metadata, number, split.count); !fits) return fail(fits.error().in(part));
    if (number == 1) model.metadata_ = file.metadata;
    TRY(model.add_part(std::move(file), part));
    model.maps_.push_back(*std::move(map));
  }
  if (split.count > 1) {
    const auto total = model.metadata_.unsigned_integer("split.tensors.count");
    if (!total) return fail(total.error().in(model.name_));
    if (*total != model.tensors_.size()) {
      return fail(ErrorCode::malformed, model.name_ + ": split.tensors.count is " + std::to_string(*total) +
                                            ", the parts hold " + std::to_string(model.tensors_.size()));
    }
  }
  return model;
}

}  // namespace tijori
