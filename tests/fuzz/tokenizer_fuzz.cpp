// Any bytes through every pre-tokenizer: UTF-8 comes back whole from its tokens, anything else is refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engine/tokenizer.h"
#include "engine/utf8.h"
#include "tests/support/tokenizers.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tijori;
  static const std::vector<Tokenizer> tokenizers = [] {
    std::vector<Tokenizer> made;
    for (const char* pre : {"llama4", "llama-bpe", "gpt-2", "smollm"}) {
      made.push_back(*Tokenizer::create(test::byte_tokenizer(pre).data()));
    }
    return made;
  }();
  const std::string_view text = as_text({data, size});
  const bool whole = is_utf8(text);
  for (const Tokenizer& tokenizer : tokenizers) {
    const auto tokens = tokenizer.encode(text);
    if (tokens.has_value() != whole) std::abort();
    if (tokens && tokenizer.decode(*tokens) != text) std::abort();
  }
  Utf8Assembler assembler;
  std::string assembled = assembler.push(text.substr(0, size / 2));
  assembled += assembler.push(text.substr(size / 2));
  assembled += assembler.flush();
  if (!is_utf8(assembled) || (whole && assembled != text)) std::abort();
  return 0;
}
