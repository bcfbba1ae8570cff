// tijori-engine: loads one model and computes. Serving the daemon is one verb; the others check a model from outside.
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "engine/programs/command.h"

int main(int argc, char** argv) {
  try {
    CLI::App program("Computes with one language model", "tijori-engine");
    program.require_subcommand(1);
    program.set_version_flag("--version", TIJORI_VERSION);
    int exit_code = tijori::exit_done;
    tijori::add_bench_command(program, exit_code);
    tijori::add_logits_command(program, exit_code);
    tijori::add_make_demo_command(program, exit_code);
    tijori::add_serve_command(program, exit_code);
    tijori::add_tokenize_command(program, exit_code);
    try {
      program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return program.exit(error) == 0 ? tijori::exit_done : tijori::exit_usage;
    }
    return exit_code;
  } catch (const std::exception& error) {
    std::cerr << "tijori-engine: " << error.what() << "\n";
    return tijori::exit_failed;
  }
}
