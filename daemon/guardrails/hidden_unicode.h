// Characters that nobody sees and no script needs.
#pragma once

#include <cstddef>
#include <vector>

#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/identifiers.h"

namespace tijori {

// Appends, as empty spans, the places in [from, to) with tags, long runs of invisible characters, or bidirectional
// controls; with TextEnd::final also the place at `to`.
void find_hidden_unicode(const FoldedText& text, size_t from, size_t to, TextEnd end, LabelSet wanted,
                         std::vector<Finding>& out);

}  // namespace tijori
