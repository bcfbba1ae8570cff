// tijori-engine tokenize MODEL < strings.json: a JSON list of strings in, a JSON list of {"text", "ids"} out. No BOS;
// the names of control tokens are ordinary text.
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/gguf.h"
#include "engine/programs/command.h"
#include "engine/tokenizer_file.h"

namespace tijori {
namespace {

Result<std::vector<std::string>> read_strings(std::istream& in) {
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    const auto json = nlohmann::json::parse(text);
    if (!json.is_array()) return fail(ErrorCode::malformed, "standard input: expected a JSON list of strings");
    std::vector<std::string> strings;
    for (size_t i = 0; i < json.size(); ++i) {
      if (!json[i].is_string()) {
        return fail(ErrorCode::malformed, "standard input: entry " + std::to_string(i) + " is not a string");
      }
      strings.push_back(json[i].get<std::string>());
    }
    return strings;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::malformed, std::string("standard input: ") + error.what());
  }
}

Status tokenize(const std::string& path) {
  TRY_ASSIGN(const GgufModel model, GgufModel::open(path));
  const Result<Tokenizer> tokenizer = load_tokenizer(model.metadata());
  if (!tokenizer) return fail(tokenizer.error().in(path));
  TRY_ASSIGN(const std::vector<std::string> strings, read_strings(std::cin));
  auto out = nlohmann::ordered_json::array();
  for (size_t i = 0; i < strings.size(); ++i) {
    const Result<std::vector<TokenId>> ids = tokenizer->encode(strings[i]);
    if (!ids) return fail(ids.error().in("standard input: entry " + std::to_string(i)));
    out.push_back({{"text", strings[i]}, {"ids", *ids}});
  }
  std::cout << out.dump() << "\n" << std::flush;
  if (!std::cout) return fail(ErrorCode::io_error, "standard output: writing failed");
  return {};
}

}  // namespace

void add_tokenize_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("tokenize", "Print the token ids of strings, given as a JSON list on stdin");
  auto path = std::make_shared<std::string>();
  verb->add_option("MODEL", *path, "GGUF file")->required();
  verb->callback([path, &exit_code] {
    const Status done = tokenize(*path);
    if (done) return;
    std::cerr << "tijori-engine tokenize: " << done.error().message << "\n";
    exit_code = 1;
  });
}

}  // namespace tijori
