// The verbs of tijori-engine, one file each. A verb adds its subcommand to the program; when it is the one that was
// asked for, it runs and leaves its exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace tijori {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;  // or refused
inline constexpr int exit_usage = 2;

void add_bench_command(CLI::App& program, int& exit_code);
void add_logits_command(CLI::App& program, int& exit_code);
void add_make_demo_command(CLI::App& program, int& exit_code);
void add_serve_command(CLI::App& program, int& exit_code);
void add_tokenize_command(CLI::App& program, int& exit_code);

}  // namespace tijori
