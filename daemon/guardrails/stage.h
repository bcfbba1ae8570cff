// Where on a request's path a rule looks. All stages have their names from the start; a policy can only use those that
// are live.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tijori {

enum class Stage : uint8_t {
  request_text,     // what the application sent: messages or prompt
  image,            // a picture in the request
  tool_result,      // what a tool gave back, or a retrieved document
  rendered_prompt,  // the whole prompt as the model's template prints it
  tool_call,        // name and arguments of a call the model asks for
  output_stream,    // the answer while it is made, held back as far as needed
  final_output,     // the whole answer, before any of it counts as given
  before_storage,   // what would be kept beside the audit record
  bulk_file,        // a file of many requests, when it comes in
  training_data,    // examples an adapter would be trained on
};
inline constexpr std::array all_stages{
    Stage::request_text,  Stage::image,        Stage::tool_result,    Stage::rendered_prompt, Stage::tool_call,
    Stage::output_stream, Stage::final_output, Stage::before_storage, Stage::bulk_file,       Stage::training_data};

// "request_text", …: in policies, records and errors.
std::string_view name_of(Stage stage);
std::optional<Stage> stage_from_name(std::string_view name);

// Whether requests pass this stage in this release.
bool is_live(Stage stage);

}  // namespace tijori
