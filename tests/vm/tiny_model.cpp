// tiny_model FILE: writes a random model of the Llama 4 architecture, small enough to load and answer in no time on a
// machine without hardware acceleration. Whoever asks it gets letters without sense, and never the end of an answer.
#include <cstdio>

#include "base/file.h"
#include "tests/support/tiny_models.h"
#include "tests/support/tokenizers.h"

int main(int argc, char** argv) {
  using namespace tijori;
  using namespace tijori::test;
  if (argc != 2) {
    std::fputs("usage: tiny_model FILE\n", stderr);
    return 2;
  }
  const TokenizerSource tokenizer = byte_tokenizer();
  TinySize size;
  size.vocabulary = static_cast<uint32_t>(tokenizer.tokens.size());
  for (uint32_t letter = 'a'; letter <= 'z'; ++letter) size.spoken.push_back(letter);
  const Bytes model = with_tokenizer(tiny_model(Tiny::scout, DType::q8_0, size), tokenizer, llama4_template);
  if (const auto written = write_file_atomic(argv[1], model, 0644); !written) {
    std::fprintf(stderr, "tiny_model: %s\n", written.error().message.c_str());
    return 1;
  }
  return 0;
}
