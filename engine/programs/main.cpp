// tijori-engine: loads one model and computes. Serving the daemon is one verb; the others check a model from outside.
#include <exception>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "engine/programs/command.h"

int main(int argc, char** argv) {
  tijori::start_logging("tijori-engine");
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
    tijori::log_error(tijori::message::unexpected_failure, error.what());
    return tijori::exit_failed;
  }
}
