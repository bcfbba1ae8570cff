// GGUF v2 and v3, read-only: metadata and tensors of one file or of all parts of a split model.
//
//   ORDER  FIELD           TYPE (little-endian)
//       1  magic           "GGUF"
//       2  version         u32, 2 or 3 (the same layout)
//       3  tensor count    u64
//       4  entry count     u64
//       5  entries         key string, value type u32, value
//       6  tensor infos    name string, n_dims u32 (1..4), dims u64 each, type u32, offset u64
//       7  padding         up to the next multiple of the alignment (key general.alignment, default 32)
//       8  data            tensor i at data start + its offset
//
// A string is a u64 length and its bytes; a bool one byte; an array an element type u32, a u64 count and its elements.
// dims[0] is the length of a row and varies fastest.
//
// A file is valid if and only if every length stays inside the file, keys and tensor names are unique, every tensor is
// of a known type with whole quant blocks in a row, lies inside the data at an aligned offset, and overlaps no other.
// Everything is checked when the file is opened; afterwards no access can fail for a reason of format.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "kernels/dtype.h"

namespace tijori {

inline constexpr uint64_t max_gguf_entries = 1U << 16;
inline constexpr uint64_t max_gguf_tensors = 1U << 20;
inline constexpr uint64_t max_gguf_key_bytes = 65535;
inline constexpr uint64_t max_gguf_tensor_name_bytes = 255;
inline constexpr uint64_t max_gguf_string_bytes = 64U << 20;
inline constexpr uint64_t max_gguf_array_elements = 1U << 28;
inline constexpr uint64_t max_gguf_dim = 1ULL << 40;
inline constexpr uint32_t max_gguf_alignment = 1U << 20;
inline constexpr uint32_t max_gguf_parts = 4096;

enum class GgufType : uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, string, array, u64, i64, f64 };
std::string_view name_of(GgufType type);

// A value as it lies in the file, already checked. Of an array, `raw` holds the elements.
struct GgufValue {
  GgufType type = GgufType::u8;
  GgufType element = GgufType::u8;  // of an array
  uint64_t count = 1;               // of an array
  ByteView raw;
};

// The entries of a file. The views point into the file's bytes, which must outlive it.
class GgufMetadata {
 public:
  const GgufValue* find(std::string_view key) const;
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  const std::map<std::string, GgufValue, std::less<>>& entries() const { return entries_; }

  // The value as asked for: not_found when the key is absent, invalid_argument when it has another type or doesn't
  // fit; both name the key. Integers of any width and sign convert when the value fits; floats of any width.
  Result<uint64_t> unsigned_integer(std::string_view key) const;
  Result<double> number(std::string_view key) const;
  Result<bool> boolean(std::string_view key) const;
  Result<std::string_view> string(std::string_view key) const;
  Result<std::vector<std::string_view>> strings(std::string_view key) const;
  Result<std::vector<int64_t>> integers(std::string_view key) const;
  Result<std::vector<float>> floats(std::string_view key) const;

 private:
  friend class GgufParser;
  std::map<std::string, GgufValue, std::less<>> entries_;
};

struct GgufTensor {
  std::string name;
  DType type = DType::f32;
  uint32_t n_dims = 1;
  std::array<uint64_t, 4> dims = {1, 1, 1, 1};  // dims[0] is the row length
  ByteView data;                                // in the file, aligned
};

// What one file holds; views into the bytes it was parsed from.
struct GgufFile {
  uint32_t version = 0;
  GgufMetadata metadata;
  std::vector<GgufTensor> tensors;  // in file order
};

// `name` stands in front of every error: "name: offset N: …".
Result<GgufFile> parse_gguf(ByteView bytes, std::string_view name);

// A whole model: one file, or every part of a split one. Owns the maps its views point into.
class GgufModel {
 public:
  // A path of part 1 of a split model ("…-00001-of-00003.gguf") opens all parts, which must carry the right split.no
  // and split.count each and split.tensors.count tensors together, none of them twice.
  static Result<GgufModel> open(const std::filesystem::path& path);
  // The same over bytes that the caller keeps alive; one file, not split.
  static Result<GgufModel> from_bytes(ByteView bytes, std::string_view name);

  const GgufMetadata& metadata() const { return metadata_; }
  const std::vector<GgufTensor>& tensors() const { return tensors_; }
  const GgufTensor* find(std::string_view name) const;
  const std::string& name() const { return name_; }  // the path, for messages
  uint64_t data_bytes() const;                       // of all tensors

 private:
  Status add_part(GgufFile file, std::string_view part_name);

  std::string name_;
  std::vector<MappedFile> maps_;
  GgufMetadata metadata_;
  std::vector<GgufTensor> tensors_;
  std::map<std::string, size_t, std::less<>> index_;
};

}  // namespace tijori
