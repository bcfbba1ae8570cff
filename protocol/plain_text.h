// Text of somebody else's that people are to read: without the characters that act on its display instead of being
// seen in it.
#pragma once

#include <string>

namespace tijori {

// Every control character but tab and newline, every one that turns the direction of writing, and every invisible one
// that isn't part of a script becomes U+FFFD, so that a name can't pass for another; so does what isn't UTF-8. The
// joiners that Indic scripts need (U+200C, U+200D) stay.
std::string plain_text(std::string text);

}  // namespace tijori
