#include "daemon/guardrails/identifiers.h"

namespace tijori {

size_t find_identifiers(const FoldedText& text, size_t /*from*/, TextEnd /*end*/, LabelSet /*wanted*/,
                        std::vector<Finding>& /*out*/) {
  return text.end();
}

}  // namespace tijori
