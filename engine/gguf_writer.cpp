#include "engine/gguf_writer.h"

#include <fcntl.h>

#include "base/file.h"

namespace tijori {
namespace {

void append_string(Bytes& out, std::string_view text) {
  append_le<uint64_t>(out, text.size());
  append(out, as_bytes(text));
}

}  // namespace

void GgufWriter::begin_entry(std::string_view key, GgufType type) {
  append_string(entries_, key);
  append_le(entries_, static_cast<uint32_t>(type));
  ++n_entries_;
}

void GgufWriter::add(std::string_view key, uint32_t value) {
  begin_entry(key, GgufType::u32);
  append_le(entries_, value);
}

void GgufWriter::add(std::string_view key, float value) {
  begin_entry(key, GgufType::f32);
  append_le(entries_, value);
}

void GgufWriter::add(std::string_view key, bool value) {
  begin_entry(key, GgufType::boolean);
  entries_.push_back(value ? 1 : 0);
}

void GgufWriter::add(std::string_view key, std::string_view value) {
  begin_entry(key, GgufType::string);
  append_string(entries_, value);
}

void GgufWriter::add(std::string_view key, const GgufValue& value) {
  begin_entry(key, value.type);
  if (value.type == GgufType::string) append_le<uint64_t>(entries_, value.raw.size());
  if (value.type == GgufType::array) {
    append_le(entries_, static_cast<uint32_t>(value.element));
    append_le(entries_, value.count);
  }
  append(entries_, value.raw);
}

void GgufWriter::add_tensor(std::string_view name, DType type, const std::vector<uint64_t>& dims, ByteView data) {
  append_string(infos_, name);
  append_le(infos_, static_cast<uint32_t>(dims.size()));
  for (const uint64_t dim : dims) append_le(infos_, dim);
  append_le(infos_, static_cast<uint32_t>(type));
  append_le(infos_, data_bytes_);
  tensors_.push_back({data, data_bytes_});
  data_bytes_ += data.size();
  data_bytes_ += padding(data_bytes_);
}

Bytes GgufWriter::head() const {
  Bytes out;
  append(out, as_bytes("GGUF"));
  append_le<uint32_t>(out, 3);
  append_le<uint64_t>(out, tensors_.size());
  append_le<uint64_t>(out, n_entries_);
  append(out, entries_);
  append(out, infos_);
  out.resize(out.size() + padding(out.size()));
  return out;
}

Bytes GgufWriter::finish() const {
  Bytes out = head();
  const size_t start = out.size();
  out.resize(start + data_bytes_);
  for (const Tensor& tensor : tensors_) std::ranges::copy(tensor.data, out.data() + start + tensor.offset);
  return out;
}

Status GgufWriter::write(const std::filesystem::path& path) const {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  TRY(write_all(fd.get(), head(), path.string()));
  for (const Tensor& tensor : tensors_) {
    TRY(write_all(fd.get(), tensor.data, path.string()));
    TRY(write_all(fd.get(), Bytes(padding(tensor.data.size())), path.string()));
  }
  return {};
}

}  // namespace tijori
