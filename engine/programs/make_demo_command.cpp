// tijori-engine make-demo IN.gguf OUT.gguf: a small dense model in the layout of a large one (llama4_layout.h).
// A tool of the demonstration, not of operation; so it isn't in the list that --help shows.
#include <iostream>
#include <memory>
#include <string>

#include "engine/llama4_layout.h"
#include "engine/programs/command.h"

namespace tijori {
namespace {

struct MakeDemoArguments {
  std::string dense;
  std::string out;
  uint32_t n_experts = 4;
};

}  // namespace

void add_make_demo_command(CLI::App& program, int& exit_code) {
  CLI::App* verb = program.add_subcommand("make-demo", "Give a dense llama model the Llama 4 layout");
  verb->group("");
  const auto arguments = std::make_shared<MakeDemoArguments>();
  verb->add_option("IN", arguments->dense, "GGUF file of architecture llama")->required();
  verb->add_option("OUT", arguments->out, "The llama4 file to write")->required();
  verb->add_option("--experts", arguments->n_experts, "Routed experts, which add nothing")->check(CLI::Range(1, 4096));
  verb->callback([arguments, &exit_code] {
    const Status written = write_llama4_layout(arguments->dense, arguments->out, arguments->n_experts);
    if (written) return;
    std::cerr << "tijori-engine make-demo: " << written.error().message << "\n";
    exit_code = exit_failed;
  });
}

}  // namespace tijori
