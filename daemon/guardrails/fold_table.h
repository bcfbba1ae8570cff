// fold_code_point(), remembered: what folding whole texts uses.
#pragma once

namespace tijori {

// Thread-safe.
char32_t folded_form(char32_t code_point);

}  // namespace tijori
