// How the command line calls a severity.
#pragma once

#include <string_view>

#include "protocol/admin_types.h"

namespace tijori {

constexpr std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "";
}

}  // namespace tijori
