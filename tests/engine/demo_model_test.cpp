// The demonstration model, SmolLM2 in the Llama 4 layout: the same bits as its dense original, and llama.cpp's greedy
// answers. Needs the original's file, named by TIJORI_DEMO_MODEL.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/llama4_layout.h"
#include "engine/model.h"

using namespace tijori;

namespace {

// A choice other than llama.cpp's is a near-tie when the two logits lie closer than the activations' rounding moves
// them; measured on both sides.
constexpr float near_tie = 0.6F;
constexpr uint32_t slice = 64;

struct Case {
  std::vector<uint32_t> prompt;
  std::vector<uint32_t> ids;
  std::vector<float> gaps;  // llama.cpp's, between its best two
};

std::vector<Case> read_cases() {
  const std::filesystem::path source = std::getenv("TIJORI_SOURCE_DIR");
  std::ifstream in(source / "tests" / "golden" / "smollm2_greedy.json");
  std::vector<Case> cases;
  const nlohmann::json file = nlohmann::json::parse(in);
  for (const auto& each : file.at("cases")) {
    cases.push_back({each.at("prompt"), each.at("ids"), each.at("gaps")});
  }
  return cases;
}

// The logits of every place where the next token is one of the answer's.
std::vector<float> run(Model& model, const Case& each) {
  std::vector<uint32_t> tokens = each.prompt;
  tokens.insert(tokens.end(), each.ids.begin(), each.ids.end() - 1);
  const SequenceId sequence = model.kv_cache().open().value();
  std::vector<float> all;
  for (uint32_t begin = 0; begin < tokens.size(); begin += slice) {
    Batch batch;
    for (uint32_t i = begin; i < std::min<size_t>(tokens.size(), begin + slice); ++i) {
      batch.push_back({tokens[i], sequence, i, i + 1 >= each.prompt.size()});
    }
    const Logits logits = model.forward(batch).value();
    all.insert(all.end(), logits.values.begin(), logits.values.end());
  }
  model.kv_cache().close(sequence);
  return all;
}

std::unique_ptr<Model> load(const std::filesystem::path& path) {
  auto model = Model::load(path, {.context_tokens = 1024, .kv_type = KvType::f32, .max_batch_tokens = slice}, {});
  if (!model) qFatal("%s", model.error().message.c_str());
  return *std::move(model);
}

}  // namespace

class DemoModelTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    const char* const path = std::getenv("TIJORI_DEMO_MODEL");
    if (path == nullptr) QSKIP("TIJORI_DEMO_MODEL doesn't name the file of SmolLM2-135M-Instruct");
    dense_path_ = path;
    demo_path_ = std::filesystem::path(directory_.path().toStdString()) / "demo.gguf";
    const Status written = write_llama4_layout(dense_path_, demo_path_, 4);
    QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
    dense_ = load(dense_path_);
    demo_ = load(demo_path_);
    cases_ = read_cases();
    QVERIFY(!cases_.empty());
  }

  void is_a_llama4_model_with_experts() {
    QCOMPARE(demo_->hyperparameters().architecture, Architecture::llama4);
    QCOMPARE(demo_->hyperparameters().n_experts, 4U);
    QVERIFY(demo_->hyperparameters().layers[0].has_experts);
    QVERIFY(demo_->hyperparameters().name.ends_with("in the Llama 4 layout"));
  }

  void gives_the_bits_of_the_dense_original_and_the_peers_tokens() {
    for (const Case& each : cases_) {
      const std::vector<float> dense = run(*dense_, each);
      const std::vector<float> demo = run(*demo_, each);
      QCOMPARE(demo.size(), dense.size());
      QVERIFY(std::memcmp(demo.data(), dense.data(), dense.size() * sizeof(float)) == 0);

      const size_t width = dense_->hyperparameters().vocabulary;
      for (size_t i = 0; i < each.ids.size(); ++i) {
        const auto row = std::span(dense).subspan(i * width, width);
        const float best = *std::ranges::max_element(row);
        if (row[each.ids[i]] == best) continue;
        const std::string where = "token " + std::to_string(i) + ", gap here " +
                                  std::to_string(best - row[each.ids[i]]) + ", the peer's " +
                                  std::to_string(each.gaps[i]);
        QVERIFY2(best - row[each.ids[i]] < near_tie && each.gaps[i] < near_tie, where.c_str());
      }
    }
  }

 private:
  QTemporaryDir directory_;
  std::filesystem::path dense_path_;
  std::filesystem::path demo_path_;
  std::unique_ptr<Model> dense_;
  std::unique_ptr<Model> demo_;
  std::vector<Case> cases_;
};

QTEST_GUILESS_MAIN(DemoModelTest)
#include "demo_model_test.moc"
