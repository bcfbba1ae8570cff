#include "daemon/guardrails/stage.h"

#include <algorithm>

namespace tijori {

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::request_text:
      return "request_text";
    case Stage::image:
      return "image";
    case Stage::tool_result:
      return "tool_result";
    case Stage::rendered_prompt:
      return "rendered_prompt";
    case Stage::tool_call:
      return "tool_call";
    case Stage::output_stream:
      return "output_stream";
    case Stage::final_output:
      return "final_output";
    case Stage::before_storage:
      return "before_storage";
    case Stage::bulk_file:
      return "bulk_file";
    case Stage::training_data:
      return "training_data";
  }
  return "";
}

std::optional<Stage> stage_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(all_stages, name, [](Stage stage) { return name_of(stage); });
  return found == all_stages.end() ? std::nullopt : std::optional(*found);
}

bool is_live(Stage stage) {
  return stage == Stage::request_text || stage == Stage::rendered_prompt || stage == Stage::output_stream ||
         stage == Stage::final_output;
}

}  // namespace tijori
