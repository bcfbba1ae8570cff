// Writes GGUF v3 files (format: gguf.h). For making models out of others and for tests; checks nothing about what the
// entries mean.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "engine/gguf.h"
#include "kernels/dtype.h"

namespace tijori {

class GgufWriter {
 public:
  explicit GgufWriter(uint32_t alignment = 32) : alignment_(alignment) {}

  void add(std::string_view key, uint32_t value);
  void add(std::string_view key, float value);
  void add(std::string_view key, bool value);
  void add(std::string_view key, std::string_view value);
  void add(std::string_view key, const char* value) { add(key, std::string_view(value)); }
  // A value as another file holds it.
  void add(std::string_view key, const GgufValue& value);

  // The bytes are kept as a view: they must outlive finish() and write().
  void add_tensor(std::string_view name, DType type, const std::vector<uint64_t>& dims, ByteView data);

  // The whole file in memory.
  Bytes finish() const;
  // The same, written without a second copy of the tensors; replaces the file.
  Status write(const std::filesystem::path& path) const;

 private:
  struct Tensor {
    ByteView data;
    uint64_t offset = 0;
  };
  void begin_entry(std::string_view key, GgufType type);
  Bytes head() const;
  uint64_t padding(uint64_t size) const { return (alignment_ - size % alignment_) % alignment_; }

  uint32_t alignment_;
  uint64_t n_entries_ = 0;
  Bytes entries_;
  Bytes infos_;
  std::vector<Tensor> tensors_;
  uint64_t data_bytes_ = 0;
};

}  // namespace tijori
