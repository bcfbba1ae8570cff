// The options of a verb that shares a model out over two backends, and what became of them.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "engine/model.h"

namespace tijori {

struct PlacementArguments {
  std::string cpu_backend;     // "": none
  int64_t device_layers = -1;  // -1: as many as fit
  std::string experts = "auto";
};

// The arguments must outlive the parsing.
void add_placement_options(CLI::App& verb, PlacementArguments& arguments);

// invalid_argument or unsupported, as parse_backend_kind() says.
Status set_placement(const PlacementArguments& arguments, ModelOptions& options);

// A line for each backend, before anything is loaded; nothing where the CPU has all by itself.
void print_plan(std::ostream& out, const LoadPlan& plan);

}  // namespace tijori
