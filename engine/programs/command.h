// The verbs of tijori-engine, one file each. A verb adds its subcommand to the program; when it is the one that was
// asked for, it runs and leaves its exit code (docs: 0 done, 1 failed or refused, 2 usage).
#pragma once

#include <CLI/CLI.hpp>

namespace tijori {

void add_logits_command(CLI::App& program, int& exit_code);
void add_tokenize_command(CLI::App& program, int& exit_code);

}  // namespace tijori
