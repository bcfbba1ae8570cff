// What the words around a candidate say about it: a label before it ("Aadhaar no.", "खाता संख्या", "order id") or,
// failing that, after it ("… mera mobile hai").
//
// Looked at are 40 code points before and 20 after, on the same line; at the beginning of a line also the line above.
// The nearest word that says something counts; a number in between, or the end of a sentence, ends the search.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/guardrails/text_reader.h"

namespace tijori {

enum class Mention : uint8_t { none, own, other };  // a word for this kind of identifier, or for something else

// What the words around [begin, end) say it is.
Mention mention_of(TextReader& reader, size_t begin, size_t end, Label label);

// Whether one word names this kind.
Mention mention_in_word(std::string_view word, Label label);

}  // namespace tijori
