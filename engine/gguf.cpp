#include "engine/gguf.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace tijori {
namespace {

constexpr uint32_t default_alignment = 32;
constexpr uint32_t max_dims = 4;

// Bytes of a value of fixed size; 0 for strings and arrays.
uint64_t fixed_bytes(GgufType type) {
  switch (type) {
    case GgufType::u8:
    case GgufType::i8:
    case GgufType::boolean:
      return 1;
    case GgufType::u16:
    case GgufType::i16:
      return 2;
    case GgufType::u32:
    case GgufType::i32:
    case GgufType::f32:
      return 4;
    case GgufType::u64:
    case GgufType::i64:
    case GgufType::f64:
      return 8;
    case GgufType::string:
    case GgufType::array:
      return 0;
  }
  return 0;
}

bool is_integer(GgufType type) {
  return fixed_bytes(type) != 0 && type != GgufType::f32 && type != GgufType::f64 && type != GgufType::boolean;
}

// A signed or unsigned 64-bit integer in one: negative values keep their sign.
struct Integer {
  bool negative = false;
  uint64_t bits = 0;
};

Integer load_integer(GgufType type, const uint8_t* from) {
  const auto of_signed = [](int64_t value) { return Integer{value < 0, static_cast<uint64_t>(value)}; };
  switch (type) {
    case GgufType::u8:
      return {false, *from};
    case GgufType::u16:
      return {false, load_le<uint16_t>(from)};
    case GgufType::u32:
      return {false, load_le<uint32_t>(from)};
    case GgufType::u64:
      return {false, load_le<uint64_t>(from)};
    case GgufType::i8:
      return of_signed(load_le<int8_t>(from));
    case GgufType::i16:
      return of_signed(load_le<int16_t>(from));
    case GgufType::i32:
      return of_signed(load_le<int32_t>(from));
    default:
      return of_signed(load_le<int64_t>(from));
  }
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 80)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + (text.size() > 80 ? "…\"" : "\"");
}

}  // namespace

std::string_view name_of(GgufType type) {
  static constexpr std::array<std::string_view, 13> names = {"u8",   "i8",     "u16",   "i16", "u32", "i32", "f32",
                                                             "bool", "string", "array", "u64", "i64", "f64"};
  const auto index = static_cast<size_t>(type);
  return index < names.size() ? names[index] : "unknown";
}

// --- metadata -------------------------------------------------------------------------------------------------------

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

namespace {

std::unexpected<Error> absent(std::string_view key) {
  return fail(ErrorCode::not_found, "key " + in_quotes(key) + " is missing");
}

std::unexpected<Error> wrong_type(std::string_view key, const GgufValue& value, std::string_view wanted) {
  std::string found(name_of(value.type));
  if (value.type == GgufType::array) found += " of " + std::string(name_of(value.element));
  return fail(ErrorCode::invalid_argument,
              "key " + in_quotes(key) + " is of type " + found + ", expected " + std::string(wanted));
}

}  // namespace

Result<uint64_t> GgufMetadata::unsigned_integer(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (!is_integer(value->type)) return wrong_type(key, *value, "an integer");
  const Integer integer = load_integer(value->type, value->raw.data());
  if (integer.negative) return fail(ErrorCode::invalid_argument, "key " + in_quotes(key) + " is negative");
  return integer.bits;
}

Result<double> GgufMetadata::number(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (value->type == GgufType::f32) return static_cast<double>(load_le<float>(value->raw.data()));
  if (value->type == GgufType::f64) return load_le<double>(value->raw.data());
  if (!is_integer(value->type)) return wrong_type(key, *value, "a number");
  const Integer integer = load_integer(value->type, value->raw.data());
  return integer.negative ? static_cast<double>(static_cast<int64_t>(integer.bits)) : static_cast<double>(integer.bits);
}

Result<bool> GgufMetadata::boolean(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (value->type != GgufType::boolean) return wrong_type(key, *value, "a bool");
  return value->raw[0] != 0;
}

Result<std::string_view> GgufMetadata::string(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (value->type != GgufType::string) return wrong_type(key, *value, "a string");
  return as_text(value->raw);
}

Result<std::vector<std::string_view>> GgufMetadata::strings(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (value->type != GgufType::array || value->element != GgufType::string) {
    return wrong_type(key, *value, "an array of strings");
  }
  std::vector<std::string_view> out;
  out.reserve(value->count);
  ByteView rest = value->raw;
  for (uint64_t i = 0; i < value->count; ++i) {
    const auto length = load_le<uint64_t>(rest.data());
    out.push_back(as_text(rest.subspan(8, length)));
    rest = rest.subspan(8 + length);
  }
  return out;
}

Result<std::vector<int64_t>> GgufMetadata::integers(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  const bool of_bools = value->element == GgufType::boolean;
  if (value->type != GgufType::array || (!is_integer(value->element) && !of_bools)) {
    return wrong_type(key, *value, "an array of integers");
  }
  std::vector<int64_t> out;
  out.reserve(value->count);
  const uint64_t step = fixed_bytes(value->element);
  for (uint64_t i = 0; i < value->count; ++i) {
    const Integer integer = load_integer(of_bools ? GgufType::u8 : value->element, value->raw.data() + i * step);
    if (!integer.negative && integer.bits > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return fail(ErrorCode::invalid_argument,
                  "key " + in_quotes(key) + ": element " + std::to_string(i) + " is too large");
    }
    out.push_back(static_cast<int64_t>(integer.bits));
  }
  return out;
}

Result<std::vector<float>> GgufMetadata::floats(std::string_view key) const {
  const GgufValue* value = find(key);
  if (value == nullptr) return absent(key);
  if (value->type != GgufType::array || value->element != GgufType::f32) {
    return wrong_type(key, *value, "an array of f32");
  }
  std::vector<float> out(value->count);
  for (uint64_t i = 0; i < value->count; ++i) out[i] = load_le<float>(value->raw.data() + i * 4);
  return out;
}

// --- parsing --------------------------------------------------------------------------------------------------------

class GgufParser {
 public:
  explicit GgufParser(ByteView bytes) : bytes_(bytes), reader_(bytes) {}

  Result<GgufFile> parse() {
    TRY(header());
    for (uint64_t i = 0; i < n_entries_; ++i) TRY(entry());
    TRY(alignment());
    file_.tensors.reserve(n_tensors_);
    spans_.reserve(n_tensors_);
    for (uint64_t i = 0; i < n_tensors_; ++i) TRY(tensor_info());
    TRY(place_tensors());
    return std::move(file_);
  }

 private:
  struct Span {
    uint64_t offset = 0;  // from the data start
    uint64_t size_bytes = 0;
    uint64_t info_offset = 0;  // where the tensor's description starts, for messages
    size_t tensor = 0;
  };

  static std::unexpected<Error> bad(uint64_t offset, std::string_view what) {
    return fail(ErrorCode::malformed, "offset " + std::to_string(offset) + ": " + std::string(what));
  }

  Status header() {
    TRY_ASSIGN(const ByteView magic, reader_.take(4, "magic"));
    if (as_text(magic) != "GGUF") return bad(0, "not a GGUF file (the magic is missing)");
    TRY_ASSIGN(file_.version, reader_.little_endian<uint32_t>("version"));
    if (file_.version == 0x03000000 || file_.version == 0x02000000) {
      return fail(ErrorCode::unsupported, "offset 4: a big-endian file; convert it to little-endian");
    }
    if (file_.version != 2 && file_.version != 3) {
      return fail(ErrorCode::unsupported,
                  "offset 4: GGUF version " + std::to_string(file_.version) + ", expected 2 or 3");
    }
    TRY_ASSIGN(n_tensors_, reader_.little_endian<uint64_t>("tensor count"));
    TRY_ASSIGN(n_entries_, reader_.little_endian<uint64_t>("entry count"));
    // A tensor takes at least 33 bytes of description, an entry 14: no count can promise more than the file holds.
    TRY(check_count(8, n_tensors_, max_gguf_tensors, 33, "tensors"));
    return check_count(16, n_entries_, max_gguf_entries, 13, "metadata entries");
  }

  Status check_count(uint64_t offset, uint64_t count, uint64_t limit, uint64_t least_bytes, std::string_view what) {
    if (count > limit) {
      return bad(offset, std::to_string(count) + " " + std::string(what) + ", at most " + std::to_string(limit));
    }
    if (count > reader_.remaining() / least_bytes) {
      return bad(offset, std::to_string(count) + " " + std::string(what) + " can't fit into the " +
                             std::to_string(reader_.remaining()) + " bytes left");
    }
    return {};
  }

  Result<std::string_view> string(uint64_t limit, std::string_view what) {
    const uint64_t start = reader_.offset();
    TRY_ASSIGN(const auto length, reader_.little_endian<uint64_t>(what));
    if (length > limit) {
      return bad(start,
                 std::string(what) + " of " + std::to_string(length) + " bytes, at most " + std::to_string(limit));
    }
    TRY_ASSIGN(const ByteView bytes, reader_.take(length, what));
    return as_text(bytes);
  }

  Result<GgufType> type(std::string_view what) {
    const uint64_t start = reader_.offset();
    TRY_ASSIGN(const auto id, reader_.little_endian<uint32_t>(what));
    if (id > static_cast<uint32_t>(GgufType::f64)) {
      return bad(start, std::string(what) + " " + std::to_string(id) + " is unknown");
    }
    return static_cast<GgufType>(id);
  }

  Status entry() {
    const uint64_t start = reader_.offset();
    TRY_ASSIGN(const std::string_view key, string(max_gguf_key_bytes, "metadata key"));
    if (key.empty()) return bad(start, "an empty metadata key");
    GgufValue value;
    TRY_ASSIGN(value.type, type("value type"));
    if (value.type == GgufType::array) {
      TRY(array(value));
    } else {
      TRY(scalar(value));
    }
    if (!file_.metadata.entries_.emplace(std::string(key), value).second) {
      return bad(start, "the key " + in_quotes(key) + " appears twice");
    }
    return {};
  }

  Status scalar(GgufValue& value) {
    const uint64_t start = reader_.offset();
    if (value.type == GgufType::string) {
      TRY_ASSIGN(const std::string_view text, string(max_gguf_string_bytes, "string value"));
      value.raw = as_bytes(text);
      return {};
    }
    TRY_ASSIGN(value.raw, reader_.take(fixed_bytes(value.type), "value"));
    if (value.type == GgufType::boolean && value.raw[0] > 1) return bad(start, "a bool that is neither 0 nor 1");
    return {};
  }

  Status array(GgufValue& value) {
    const uint64_t start = reader_.offset();
    TRY_ASSIGN(value.element, type("array element type"));
    if (value.element == GgufType::array) return bad(start, "an array of arrays");
    TRY_ASSIGN(value.count, reader_.little_endian<uint64_t>("array length"));
    const uint64_t element_bytes = value.element == GgufType::string ? 8 : fixed_bytes(value.element);
    TRY(check_count(start + 4, value.count, max_gguf_array_elements, element_bytes, "array elements"));
    const uint64_t first = reader_.offset();
    if (value.element == GgufType::string) {
      for (uint64_t i = 0; i < value.count; ++i) TRY(string(max_gguf_string_bytes, "string in an array"));
      value.raw = bytes_.subspan(first, reader_.offset() - first);
      return {};
    }
    TRY_ASSIGN(value.raw, reader_.take(value.count * element_bytes, "array elements"));
    if (value.element == GgufType::boolean) {
      const auto wrong = std::ranges::find_if(value.raw, [](uint8_t byte) { return byte > 1; });
      if (wrong != value.raw.end()) {
        return bad(first + static_cast<uint64_t>(wrong - value.raw.begin()), "a bool that is neither 0 nor 1");
      }
    }
    return {};
  }

  Status alignment() {
    alignment_ = default_alignment;
    if (!file_.metadata.contains("general.alignment")) return {};
    TRY_ASSIGN(const uint64_t wanted, file_.metadata.unsigned_integer("general.alignment"));
    if (!std::has_single_bit(wanted) || wanted > max_gguf_alignment) {
      return fail(ErrorCode::malformed, "key \"general.alignment\": " + std::to_string(wanted) +
                                            " is not a power of two of at most " + std::to_string(max_gguf_alignment));
    }
    alignment_ = wanted;
    return {};
  }

  Status tensor_info() {
    const uint64_t start = reader_.offset();
    TRY_ASSIGN(const std::string_view name, string(max_gguf_tensor_name_bytes, "tensor name"));
    if (name.empty()) return bad(start, "an empty tensor name");
    const std::string label = "tensor " + in_quotes(name);
    if (!names_.emplace(name, file_.tensors.size()).second) return bad(start, label + " appears twice");

    GgufTensor tensor;
    tensor.name = name;
    uint64_t at = reader_.offset();
    TRY_ASSIGN(tensor.n_dims, reader_.little_endian<uint32_t>("number of dims"));
    if (tensor.n_dims < 1 || tensor.n_dims > max_dims) {
      return bad(at, label + " has " + std::to_string(tensor.n_dims) + " dims, expected 1 to 4");
    }
    for (uint32_t i = 0; i < tensor.n_dims; ++i) {
      at = reader_.offset();
      TRY_ASSIGN(tensor.dims[i], reader_.little_endian<uint64_t>("tensor dim"));
      if (tensor.dims[i] < 1 || tensor.dims[i] > max_gguf_dim) {
        return bad(at, label + ": dim " + std::to_string(i) + " is " + std::to_string(tensor.dims[i]) +
                           ", expected 1 to 2^40");
      }
    }
    at = reader_.offset();
    TRY_ASSIGN(const auto type_id, reader_.little_endian<uint32_t>("tensor type"));
    const auto type = dtype_of_id(type_id);
    if (!type) {
      return fail(ErrorCode::unsupported, "offset " + std::to_string(at) + ": " + label + " is of type " +
                                              std::to_string(type_id) + ", which is not supported");
    }
    tensor.type = *type;

    Span span{.info_offset = start, .tensor = file_.tensors.size()};
    const auto& traits = traits_of(tensor.type);
    if (tensor.dims[0] % traits.block_elements != 0) {
      return bad(start, label + ": rows of " + std::to_string(tensor.dims[0]) + " values don't divide into " +
                            std::string(traits.name) + " blocks of " + std::to_string(traits.block_elements));
    }
    span.size_bytes = traits.block_bytes;
    uint64_t factors[] = {tensor.dims[0] / traits.block_elements, tensor.dims[1], tensor.dims[2], tensor.dims[3]};
    for (const uint64_t factor : factors) {
      if (__builtin_mul_overflow(span.size_bytes, factor, &span.size_bytes) || span.size_bytes > bytes_.size()) {
        return bad(start, label + " is larger than the file");
      }
    }
    at = reader_.offset();
    TRY_ASSIGN(span.offset, reader_.little_endian<uint64_t>("tensor offset"));
    if (span.offset % alignment_ != 0) {
      return bad(at, label + ": offset " + std::to_string(span.offset) + " is not a multiple of the alignment " +
                         std::to_string(alignment_));
    }
    file_.tensors.push_back(std::move(tensor));
    spans_.push_back(span);
    return {};
  }

  Status place_tensors() {
    if (spans_.empty()) return {};
    const uint64_t data_start = (reader_.offset() + alignment_ - 1) / alignment_ * alignment_;
    if (data_start > bytes_.size()) return bad(bytes_.size(), "the file ends before the tensor data");
    const uint64_t data_bytes = bytes_.size() - data_start;
    for (const Span& span : spans_) {
      if (span.offset > data_bytes || span.size_bytes > data_bytes - span.offset) {
        return bad(span.info_offset, "tensor " + in_quotes(file_.tensors[span.tensor].name) + " at data offset " +
                                         std::to_string(span.offset) + " with " + std::to_string(span.size_bytes) +
                                         " bytes ends behind the file, whose data has " + std::to_string(data_bytes));
      }
      file_.tensors[span.tensor].data = bytes_.subspan(data_start + span.offset, span.size_bytes);
    }
    std::ranges::sort(spans_, {}, &Span::offset);
    for (size_t i = 1; i < spans_.size(); ++i) {
      const Span& left = spans_[i - 1];
      if (left.offset + left.size_bytes > spans_[i].offset) {
        return bad(spans_[i].info_offset, "tensors " + in_quotes(file_.tensors[left.tensor].name) + " and " +
                                              in_quotes(file_.tensors[spans_[i].tensor].name) + " overlap");
      }
    }
    return {};
  }

  ByteView bytes_;
  ByteReader reader_;
  GgufFile file_;
  uint64_t n_tensors_ = 0;
  uint64_t n_entries_ = 0;
  uint64_t alignment_ = default_alignment;
  std::vector<Span> spans_;
  std::map<std::string_view, size_t> names_;
};

Result<GgufFile> parse_gguf(ByteView bytes, std::string_view name) {
  auto file = GgufParser(bytes).parse();
  if (!file) return fail(file.error().in(name));
  return file;
}

}  // namespace tijori
