// tijori-engine logits MODEL TOKENS OUT.f32: what the model answers to a fixed sequence, for checks from outside.
#include <iostream>
#include <string>

#include "engine/programs/command.h"

namespace tijori {

void add_logits_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("logits", "Write the logits of a token sequence as little-endian float32");
  verb->callback([&exit_code] {
    std::cerr << "tijori-engine logits: no backend in this build\n";
    exit_code = 1;
  });
}

}  // namespace tijori
