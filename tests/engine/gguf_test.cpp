// Every way a model file can lie, each built by hand, and what an honest one gives back.
#include "engine/gguf.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "engine/gguf_writer.h"
#include "engine/hyperparameters.h"
#include "engine/model.h"
#include "tests/support/tiny_models.h"

using namespace tijori;
using namespace tijori::test;

namespace {

// A file of raw parts: what a writer would never write.
class RawFile {
 public:
  RawFile(uint64_t n_tensors, uint64_t n_entries, uint32_t version = 3) {
    append(bytes, as_bytes("GGUF"));
    append_le(bytes, version);
    append_le(bytes, n_tensors);
    append_le(bytes, n_entries);
  }
  RawFile& string(std::string_view text) { return number<uint64_t>(text.size()).text(text); }
  RawFile& text(std::string_view raw) {
    append(bytes, as_bytes(raw));
    return *this;
  }
  template <class T>
  RawFile& number(T value) {
    append_le(bytes, value);
    return *this;
  }
  RawFile& entry(std::string_view key, GgufType type) { return string(key).number(static_cast<uint32_t>(type)); }
  RawFile& tensor(std::string_view name, std::initializer_list<uint64_t> dims, uint32_t type, uint64_t offset) {
    string(name).number(static_cast<uint32_t>(dims.size()));
    for (const uint64_t dim : dims) number(dim);
    return number(type).number(offset);
  }
  RawFile& data(size_t size) {
    bytes.resize((bytes.size() + 31) / 32 * 32 + size);
    return *this;
  }

  Bytes bytes;
};

constexpr uint64_t absurd = 1ULL << 60;

struct Lie {
  const char* name;
  std::function<Bytes()> build;
  const char* message;  // a part of it
};

const std::vector<Lie>& lies() {
  static const std::vector<Lie> all = {
      {"an empty file", [] { return Bytes{}; }, "offset 0: magic needs 4 bytes"},
      {"another magic", [] { return Bytes(64, 'x'); }, "offset 0: not a GGUF file"},
      {"version 1", [] { return RawFile(0, 0, 1).bytes; }, "offset 4: GGUF version 1, expected 2 or 3"},
      {"version 4", [] { return RawFile(0, 0, 4).bytes; }, "offset 4: GGUF version 4, expected 2 or 3"},
      {"big-endian", [] { return RawFile(0, 0, 0x03000000).bytes; }, "big-endian"},
      {"2^60 tensors", [] { return RawFile(absurd, 0).bytes; }, "offset 8: 1152921504606846976 tensors"},
      {"2^60 entries", [] { return RawFile(0, absurd).bytes; }, "offset 16: 1152921504606846976 metadata entries"},
      {"more tensors than bytes", [] { return RawFile(1000, 0).bytes; }, "can't fit into the 0 bytes left"},
      {"more entries than bytes", [] { return RawFile(0, 1000).bytes; }, "can't fit into the 0 bytes left"},
      {"a key of 2^60 bytes", [] { return RawFile(0, 1).number(absurd).text("12345678").bytes; },
       "offset 24: metadata key of 1152921504606846976 bytes, at most 65535"},
      {"a key beyond the end", [] { return RawFile(0, 1).number<uint64_t>(100).text("12345678").bytes; },
       "offset 32: metadata key needs 100 bytes"},
      {"an empty key", [] { return RawFile(0, 1).entry("", GgufType::u8).number<uint8_t>(1).bytes; },
       "offset 24: an empty metadata key"},
      {"an unknown value type", [] { return RawFile(0, 1).string("k").number<uint32_t>(13).bytes; },
       "offset 33: value type 13 is unknown"},
      {"a bool of 2", [] { return RawFile(0, 1).entry("k", GgufType::boolean).number<uint8_t>(2).bytes; },
       "neither 0 nor 1"},
      {"a key twice",
       [] {
         return RawFile(0, 2)
             .entry("k", GgufType::u8)
             .number<uint8_t>(1)
             .entry("k", GgufType::u8)
             .number<uint8_t>(1)
             .bytes;
       },
       "the key \"k\" appears twice"},
      {"a string of 2^60 bytes", [] { return RawFile(0, 1).entry("k", GgufType::string).number(absurd).bytes; },
       "string value of 1152921504606846976 bytes"},
      {"an array of 2^60",
       [] { return RawFile(0, 1).entry("k", GgufType::array).number<uint32_t>(0).number(absurd).bytes; },
       "1152921504606846976 array elements"},
      {"an array longer than the file",
       [] {
         return RawFile(0, 1)
             .entry("k", GgufType::array)
             .number<uint32_t>(4)
             .number<uint64_t>(3)
             .text("12345678")
             .bytes;
       },
       "3 array elements can't fit into the 8 bytes left"},
      {"an array of arrays",
       [] { return RawFile(0, 1).entry("k", GgufType::array).number<uint32_t>(9).number<uint64_t>(1).bytes; },
       "an array of arrays"},
      {"a string in an array beyond the end",
       [] {
         return RawFile(0, 1)
             .entry("k", GgufType::array)
             .number<uint32_t>(8)
             .number<uint64_t>(1)
             .number<uint64_t>(9)
             .bytes;
       },
       "string in an array needs 9 bytes"},
      {"an alignment of 24",
       [] { return RawFile(0, 1).entry("general.alignment", GgufType::u32).number<uint32_t>(24).bytes; },
       "24 is not a power of two"},
      {"an alignment of 0",
       [] { return RawFile(0, 1).entry("general.alignment", GgufType::u32).number<uint32_t>(0).bytes; },
       "0 is not a power of two"},
      {"an alignment of 2^60",
       [] { return RawFile(0, 1).entry("general.alignment", GgufType::u64).number(absurd).bytes; },
       "is not a power of two of at most"},
      {"an alignment that is text",
       [] { return RawFile(0, 1).entry("general.alignment", GgufType::string).string("32").bytes; },
       "key \"general.alignment\" is of type string"},
      {"no dims", [] { return RawFile(1, 0).tensor("t", {}, 0, 0).data(64).bytes; }, "has 0 dims"},
      {"five dims", [] { return RawFile(1, 0).tensor("t", {1, 1, 1, 1, 1}, 0, 0).data(64).bytes; }, "has 5 dims"},
      {"a dim of 0", [] { return RawFile(1, 0).tensor("t", {8, 0}, 0, 0).data(64).bytes; }, "dim 1 is 0"},
      {"a dim of 2^60", [] { return RawFile(1, 0).tensor("t", {absurd}, 0, 0).data(64).bytes; },
       "dim 0 is 1152921504606846976"},
      {"dims whose product overflows",
       [] { return RawFile(1, 0).tensor("t", {1ULL << 32, 1ULL << 32, 16}, 0, 0).data(64).bytes; },
       "is larger than the file"},
      {"an unknown tensor type", [] { return RawFile(1, 0).tensor("t", {32}, 4, 0).data(64).bytes; },
       "\"t\" is of type 4, which is not supported"},
      {"a part of a quant block", [] { return RawFile(1, 0).tensor("t", {33}, 8, 0).data(64).bytes; },
       "don't divide into Q8_0 blocks of 32"},
      {"an odd offset", [] { return RawFile(1, 0).tensor("t", {8}, 0, 4).data(64).bytes; },
       "offset 4 is not a multiple of the alignment 32"},
      {"a tensor behind the end", [] { return RawFile(1, 0).tensor("t", {8}, 0, 64).data(64).bytes; },
       "ends behind the file"},
      {"an offset of 2^60", [] { return RawFile(1, 0).tensor("t", {8}, 0, absurd).data(64).bytes; },
       "ends behind the file"},
      {"a tensor cut short", [] { return RawFile(1, 0).tensor("t", {17}, 0, 0).data(64).bytes; },
       "with 68 bytes ends behind the file"},
      {"no data at all", [] { return RawFile(1, 0).tensor("t", {1}, 0, 0).bytes; }, "offset "},
      {"overlapping tensors",
       [] { return RawFile(2, 0).tensor("a", {16}, 0, 0).tensor("b", {8}, 0, 32).data(64).bytes; },
       "tensors \"a\" and \"b\" overlap"},
      {"a tensor twice", [] { return RawFile(2, 0).tensor("a", {8}, 0, 0).tensor("a", {8}, 0, 32).data(64).bytes; },
       "tensor \"a\" appears twice"},
      {"a tensor without a name", [] { return RawFile(1, 0).tensor("", {8}, 0, 0).data(64).bytes; },
       "an empty tensor name"},
      {"a tensor name of 300 bytes",
       [] { return RawFile(1, 0).tensor(std::string(300, 'n'), {8}, 0, 0).data(64).bytes; },
       "tensor name of 300 bytes, at most 255"},
  };
  return all;
}

GgufWriter split_part(uint32_t number, uint32_t count, uint32_t n_tensors, const Bytes& data,
                      const std::string& tensor) {
  GgufWriter writer;
  writer.add("split.no", number);
  writer.add("split.count", count);
  writer.add("split.tensors.count", n_tensors);
  writer.add_tensor(tensor, DType::f32, {8}, data);
  return writer;
}

// A tiny model with one entry replaced or added; the rest as it was.
Bytes with_entry(Tiny variant, std::string_view key, const std::function<void(GgufWriter&)>& add) {
  const Bytes original = tiny_model(variant);
  const GgufFile file = parse_gguf(original, "tiny").value();
  GgufWriter writer;
  for (const auto& [name, value] : file.metadata.entries()) {
    if (name != key) writer.add(name, value);
  }
  add(writer);
  for (const GgufTensor& tensor : file.tensors) {
    writer.add_tensor(tensor.name, tensor.type, {tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims},
                      tensor.data);
  }
  return writer.finish();
}

std::string refusal(const Bytes& bytes) {
  const auto files = GgufModel::from_bytes(bytes, "file");
  if (!files) return files.error().message;
  const auto model = Model::load(*files, {.backend = BackendKind::reference}, {});
  return model ? "" : model.error().message;
}

}  // namespace

class GgufTest : public QObject {
  Q_OBJECT

 private slots:
  void refuses_a_lie_with_file_offset_and_reason_data() {
    QTest::addColumn<qsizetype>("index");
    for (size_t i = 0; i < lies().size(); ++i) QTest::newRow(lies()[i].name) << static_cast<qsizetype>(i);
  }
  void refuses_a_lie_with_file_offset_and_reason() {
    QFETCH(qsizetype, index);
    const Lie& lie = lies()[static_cast<size_t>(index)];
    const auto file = parse_gguf(lie.build(), "models/a.gguf");
    QVERIFY(!file.has_value());
    QVERIFY2(file.error().message.starts_with("models/a.gguf: "), file.error().message.c_str());
    QVERIFY2(file.error().message.find(lie.message) != std::string::npos, file.error().message.c_str());
  }

  void refuses_a_model_cut_anywhere() {
    const Bytes whole = tiny_model(Tiny::scout);
    QVERIFY(parse_gguf(whole, "whole").has_value());
    for (size_t size = 0; size < whole.size(); size += size < 8000 ? 1 : 997) {
      QVERIFY(!parse_gguf(ByteView(whole).first(size), "cut").has_value());
    }
  }

  void reads_what_was_written() {
    GgufWriter writer(64);
    writer.add("general.alignment", 64U);
    writer.add("u", 7U);
    writer.add("f", 0.5F);
    writer.add("b", true);
    writer.add("s", "text");
    Bytes strings;
    for (const std::string_view each : {"a", "", "ccc"}) {
      append_le<uint64_t>(strings, each.size());
      append(strings, as_bytes(each));
    }
    writer.add("strings", GgufValue{GgufType::array, GgufType::string, 3, strings});
    Bytes integers;
    for (const int each : {-1, 2, 300}) append_le(integers, static_cast<int16_t>(each));
    writer.add("integers", GgufValue{GgufType::array, GgufType::i16, 3, integers});
    const Bytes first(40, 1);
    const Bytes second(34, 2);
    writer.add_tensor("first", DType::f32, {5, 2}, first);
    writer.add_tensor("second", DType::q8_0, {32}, second);
    const Bytes bytes = writer.finish();
    const auto model = GgufModel::from_bytes(bytes, "file");
    QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
    const GgufMetadata& metadata = model->metadata();
    QCOMPARE(metadata.unsigned_integer("u").value(), 7U);
    QCOMPARE(metadata.number("f").value(), 0.5);
    QCOMPARE(metadata.number("u").value(), 7.0);
    QVERIFY(metadata.boolean("b").value());
    QCOMPARE(metadata.string("s").value(), std::string_view("text"));
    QVERIFY(metadata.strings("strings").value() == (std::vector<std::string_view>{"a", "", "ccc"}));
    QVERIFY(metadata.integers("integers").value() == (std::vector<int64_t>{-1, 2, 300}));
    QCOMPARE(model->find("first")->dims[1], 2U);
    QVERIFY(std::ranges::equal(model->find("first")->data, first));
    QVERIFY(std::ranges::equal(model->find("second")->data, second));
    QVERIFY(model->find("third") == nullptr);

    const auto message = [](const auto& result) { return result ? std::string() : result.error().message; };
    QCOMPARE(message(metadata.string("u")), std::string("key \"u\" is of type u32, expected a string"));
    QCOMPARE(message(metadata.unsigned_integer("integers")),
             std::string("key \"integers\" is of type array of i16, expected an integer"));
    QCOMPARE(message(metadata.boolean("none")), std::string("key \"none\" is missing"));
    QCOMPARE(metadata.boolean("none").error().code, ErrorCode::not_found);
  }

  void reads_a_split_model_and_refuses_what_is_not_one() {
    const QTemporaryDir directory;
    const std::filesystem::path folder = directory.path().toStdString();
    const Bytes data(32, 5);
    const auto path = [&](int number) { return folder / ("m-0000" + std::to_string(number) + "-of-00003.gguf"); };
    const auto write = [&](int at, uint32_t number, uint32_t count, uint32_t total, const std::string& tensor) {
      QVERIFY(split_part(number, count, total, data, tensor).write(path(at)).has_value());
    };
    const auto message = [&] {
      const auto model = GgufModel::open(path(1));
      return model ? std::string() : model.error().message;
    };
    const auto says = [](const std::string& message_text, std::string_view part) {
      return message_text.find(part) != std::string::npos;
    };
    write(1, 0, 3, 3, "a");
    write(2, 1, 3, 3, "b");
    QVERIFY(says(message(), "part 3 of 3"));
    write(3, 2, 3, 3, "c");
    QCOMPARE(message(), std::string());
    QCOMPARE(GgufModel::open(path(1))->tensors().size(), 3U);
    QVERIFY(says(GgufModel::open(path(2)).error().message, "open part 1"));

    write(3, 0, 3, 3, "c");  // a cycle: part 3 says that it is part 1
    QVERIFY(says(message(), "split.no is 0, expected 2"));
    write(3, 2, 4, 3, "c");
    QVERIFY(says(message(), "split.count is 4"));
    write(3, 2, 3, 3, "a");
    QVERIFY(says(message(), "tensor \"a\" is in another part already"));
    write(3, 2, 3, 3, "c");
    write(1, 0, 3, 5, "a");
    QVERIFY(says(message(), "split.tensors.count is 5, the parts hold 3"));
    QVERIFY(split_part(0, 3, 3, data, "a").write(folder / "single.gguf").has_value());
    QVERIFY(says(GgufModel::open(folder / "single.gguf").error().message, "split.count is 3"));
  }

  void refuses_absurd_hyperparameters_by_key_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<quint32>("value");
    for (const auto& [key, value] : {std::pair{"llama4.block_count", 0U},
                                     {"llama4.block_count", 4000000000U},
                                     {"llama4.embedding_length", 0U},
                                     {"llama4.embedding_length", 4000000000U},
                                     {"llama4.context_length", 0U},
                                     {"llama4.attention.head_count", 0U},
                                     {"llama4.attention.head_count", 4000000000U},
                                     {"llama4.attention.head_count_kv", 3U},
                                     {"llama4.attention.head_count_kv", 0U},
                                     {"llama4.attention.key_length", 0U},
                                     {"llama4.attention.key_length", 4096U},
                                     {"llama4.attention.value_length", 32U},
                                     {"llama4.rope.dimension_count", 18U},
                                     {"llama4.rope.dimension_count", 3U},
                                     {"llama4.rope.freq_base", 0U},
                                     {"llama4.attention.layer_norm_rms_epsilon", 0U},
                                     {"llama4.feed_forward_length", 4000000000U},
                                     {"llama4.expert_count", 4000000000U},
                                     {"llama4.expert_used_count", 0U},
                                     {"llama4.expert_used_count", 5U},
                                     {"llama4.expert_feed_forward_length", 0U},
                                     {"llama4.attention.temperature_length", 0U},
                                     {"llama4.vocab_size", 4000000000U}}) {
      QTest::newRow((std::string(key) + " " + std::to_string(value)).c_str()) << QString(key) << value;
    }
  }
  void refuses_absurd_hyperparameters_by_key() {
    QFETCH(QString, key);
    QFETCH(quint32, value);
    const std::string name = key.toStdString();
    const std::string message = refusal(
        with_entry(Tiny::scout, name, [&](GgufWriter& writer) { writer.add(name, static_cast<uint32_t>(value)); }));
    QVERIFY2(message.find("key \"" + name + "\"") != std::string::npos, message.c_str());
  }

  void refuses_what_it_would_compute_wrongly() {
    const auto entry = [](std::string_view key, const auto& value) {
      return refusal(with_entry(Tiny::scout, key, [&](GgufWriter& writer) { writer.add(key, value); }));
    };
    const auto says = [](const std::string& message, std::string_view part) {
      return message.find(part) != std::string::npos;
    };
    QVERIFY(says(entry("general.architecture", "gemma"), "is \"gemma\", expected llama4 or llama"));
    QVERIFY(says(entry("general.type", "adapter"), "not a model file"));
    QVERIFY(says(entry("llama4.rope.scaling.type", "yarn"), "is \"yarn\""));
    QVERIFY(says(entry("llama4.attention.head_count", "four"), "is of type string"));
    QVERIFY(says(entry("llama4.expert_feed_forward_length", 32U), "has the shape {64, 24}, expected {64, 32}"));
    QVERIFY(says(entry("llama4.block_count", 7U), "tensor \"blk.7."));
    QVERIFY(says(entry("llama4.block_count", 9U), "tensor \"blk.8.attn_norm.weight\" is missing"));
    QVERIFY(says(entry("llama4.vocab_size", 47U), "\"token_embd.weight\" has the shape {64, 48}"));
    QCOMPARE(entry("general.quantized_by", "anyone"), std::string());
  }
};

QTEST_GUILESS_MAIN(GgufTest)
#include "gguf_test.moc"
