#include "daemon/guardrails/language.h"

#include <algorithm>
#include <string>

#include <unicode/uchar.h>

#include "daemon/guardrails/fold.h"
#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

constexpr size_t max_read_bytes = size_t{4} << 10;
// Of the letters and vowel signs: a Hindi sentence about "PAN card" or "UPI" keeps its Latin words.
constexpr size_t min_devanagari_percent = 25;
// Of the words.
constexpr size_t min_hindi_percent = 25;
constexpr size_t max_word_bytes = 12;  // no word of the lists is longer
constexpr size_t max_run_bytes = 24;   // ASCII without white space; what is longer is a key, an address or the like

// Hindi as people type it in Latin letters, and hardly ever anything else.
constexpr std::string_view clear_words[] = {
    "aaj",     "aap",    "aapka",  "aapke", "aapki",      "aapko",     "abhi",    "accha",    "achha",   "agar",
    "apka",    "apke",   "apki",   "apna",  "apne",       "apni",      "aur",     "bahut",    "bata",    "bataiye",
    "batana",  "batao",  "bataye", "bhai",  "bhejo",      "bhi",       "bolo",    "chahie",   "chahiye", "chahta",
    "chahte",  "chahti", "dedo",   "dena",  "dhanyavaad", "dhanyawad", "dijie",   "dijiye",   "diya",    "dono",
    "gaya",    "gayi",   "hai",    "hain",  "hamara",     "hamare",    "hamko",   "hoga",     "hogi",    "hua",
    "hui",     "humko",  "iska",   "iske",  "iski",       "jaldi",     "kab",     "kahan",    "kaise",   "karein",
    "karke",   "karna",  "karne",  "karo",  "karta",      "karte",     "karti",   "karu",     "karun",   "kaun",
    "khata",   "kholna", "kijiye", "kitna", "kitne",      "kitni",     "kiya",    "kiye",     "koi",     "kripya",
    "kuch",    "kya",    "kyon",   "kyu",   "kyun",       "lekin",     "lena",    "liye",     "mein",    "mera",
    "meri",    "mujhe",  "mujhko", "naam",  "nahi",       "nahin",     "namaste", "paisa",    "paise",   "raha",
    "rahe",    "rahi",   "saath",  "sakta", "sakte",      "sakti",     "sath",    "shukriya", "theek",   "thik",
    "tumhara", "unka",   "unke",   "uska",  "uske",       "uski",      "wala",    "wale",     "wali",    "yaar",
    "yahan",   "yeh"};
// The same, but also English words, names or abbreviations: they only count beside clear ones.
constexpr std::string_view doubtful_words[] = {"ab",  "do", "ek",  "hi",  "ho",   "hum",  "jab", "jo",  "ka",  "kam",
                                               "kar", "ke", "ki",  "ko",  "main", "mere", "na",  "ne",  "par", "pe",
                                               "sab", "se", "tak", "tha", "thi",  "tum",  "wo",  "woh", "ya",  "ye"};
static_assert(std::ranges::is_sorted(clear_words) && std::ranges::is_sorted(doubtful_words));

bool is_devanagari(char32_t c) {
  return (c >= 0x900 && c <= 0x97F) || (c >= 0xA8E0 && c <= 0xA8FF);
}
bool is_ascii_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Counts {
 public:
  void add(char32_t c) {
    if (c > ' ' && c < 0x7F) {
      if (run_.size() <= max_run_bytes) run_ += static_cast<char>(c);
      return;
    }
    end_run();
    if (!is_word_character(c) || u_isdigit(static_cast<UChar32>(c)) != 0) return;
    ++letters_;
    if (is_devanagari(c)) ++devanagari_;
  }
  Language language() {
    end_run();
    if (devanagari_ > 0 && devanagari_ * 100 >= letters_ * min_devanagari_percent) return Language::hindi;
    if (clear_ > 0 && (clear_ + doubtful_) * 100 >= words_ * min_hindi_percent) return Language::hinglish;
    return Language::english;
  }

 private:
  // The words of a run, unless it is one that no language has: a pasted key must not outweigh the sentence before it.
  void end_run() {
    const bool has_digit = std::ranges::any_of(run_, [](char c) { return c >= '0' && c <= '9'; });
    const bool is_code = run_.size() > max_run_bytes || has_digit;
    for (const char c : run_) {
      if (is_code || !is_ascii_letter(static_cast<char32_t>(c))) {
        end_word();
        continue;
      }
      if (word_.size() <= max_word_bytes) word_ += static_cast<char>(c | 0x20);
      ++letters_;
    }
    end_word();
    run_.clear();
  }

  void end_word() {
    if (word_.empty()) return;
    ++words_;
    if (std::ranges::binary_search(clear_words, std::string_view(word_))) ++clear_;
    if (std::ranges::binary_search(doubtful_words, std::string_view(word_))) ++doubtful_;
    word_.clear();
  }

  std::string run_;
  std::string word_;
  size_t letters_ = 0;
  size_t devanagari_ = 0;
  size_t words_ = 0;
  size_t clear_ = 0;
  size_t doubtful_ = 0;
};

}  // namespace

std::string_view name_of(Language language) {
  switch (language) {
    case Language::english:
      return "en";
    case Language::hindi:
      return "hi";
    case Language::hinglish:
      return "hi-Latn";
  }
  return "en";
}

std::optional<Language> language_from_name(std::string_view name) {
  for (const Language language : all_languages)
    if (name_of(language) == name) return language;
  return std::nullopt;
}

Language detect_language(std::string_view text) {
  if (text.size() > max_read_bytes) text.remove_prefix(text.size() - max_read_bytes);
  Counts counts;
  while (!text.empty()) {
    const Utf8Character next = first_character(text);
    counts.add(next.code_point);
    text.remove_prefix(next.length);
  }
  return counts.language();
}

}  // namespace tijori
