// What a policy decided about one span of a text: never the text itself.
#pragma once

#include <cstddef>
#include <string>

#include "daemon/guardrails/action.h"
#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

struct Decision {
  std::string rule;
  std::string label;
  Stage stage = Stage::request_text;
  size_t part = 0;   // which text of the stage: the message's index; 0 where there is one
  TextOffset begin;  // in the text as it came to the stage, half-open
  TextOffset end;
  double score = 1;
  Action action = Action::allow;
  MaskStyle mask = MaskStyle::token;
  bool operator==(const Decision&) const = default;
};

}  // namespace tijori
