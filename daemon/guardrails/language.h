// The language of a request, as far as a message to its writer needs it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tijori {

enum class Language : uint8_t {
  english,   // also whatever is none of the others
  hindi,     // Devanagari
  hinglish,  // Hindi in Latin letters
};
inline constexpr std::array all_languages{Language::english, Language::hindi, Language::hinglish};

// "en", "hi", "hi-Latn".
std::string_view name_of(Language language);
std::optional<Language> language_from_name(std::string_view name);

// By script and, for Latin letters, by common Hindi words. Reads at most the last 4 KiB.
Language detect_language(std::string_view text);

}  // namespace tijori
