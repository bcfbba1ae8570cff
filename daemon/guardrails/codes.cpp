// Identifiers of letters and digits in fixed places: PAN, GSTIN, IFSC. Found from their digits.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "daemon/guardrails/candidate.h"
#include "daemon/guardrails/checksums.h"
#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

// Banks whose branches have IFSC codes; not all of them, but those that most payments go through.
const std::unordered_set<std::string_view>& bank_codes() {
  static const std::unordered_set<std::string_view> codes{
      "sbin", "hdfc", "icic", "utib", "punb", "barb", "cnrb", "ubin", "bkid", "kkbk", "yesb", "idib", "cbin", "indb",
      "fdrl", "ioba", "ucba", "mahb", "psib", "idfb", "ratn", "kvbl", "karb", "tmbl", "sibl", "dlxb", "csbk", "dcbl",
      "jaka", "ciub", "esfb", "aubl", "ujvn", "bdbl", "nspb", "ibkl", "hsbc", "citi", "scbl", "dbss", "deut", "bofa",
      "jsfb", "esmf", "orbc", "corp", "vijb", "andb", "synb", "alla", "utbi", "pytm", "airp", "ipos", "fino", "srcb",
      "cosb", "svcb", "abhy", "kjsb", "nkgs", "pkgb", "klgb", "bkdn", "lavb", "ntbl", "jsbp", "rbis", "tjsb", "kaij",
      "apgb", "apbl", "utks", "smcb", "uovb", "bnpa", "chas", "mshq", "icbk", "sury", "kucb", "gscb", "mcbl", "apmc",
      "jiop", "nesf", "kkbo", "hvbk", "ahdc", "ascb", "sbbj", "sbhy", "sbmy", "sbtr", "stbp", "sbls"};
  return codes;
}

// One character of a code after another, over at most one separator between two parts.
struct Reader {
  std::string_view text;
  size_t place;
  bool skipped = false;

  // Reads `count` characters that fit, without separators between them; false when they aren't there.
  bool read(size_t count, bool (*fits)(char), std::string& out) {
    for (size_t i = 0; i < count; ++i) {
      if (place >= text.size() || !fits(text[place])) return false;
      out += text[place++];
    }
    return true;
  }
  void skip_separator() {
    const size_t length = separator_length(text, place);
    if (length > 0 && length <= 3 && place + length < text.size() && is_alnum(text[place + length])) {
      place += length;
      skipped = true;
    }
  }
};

constexpr bool is_holder(char c) {
  return c == 'p' || c == 'c' || c == 'h' || c == 'f' || c == 'a' || c == 'b' || c == 't' || c == 'j' || c == 'l' ||
         c == 'g';
}

class CodeFinder {
 public:
  CodeFinder(const FinderWindow& window, const std::function<bool(size_t, size_t)>& is_upper_case,
             std::vector<Candidate>& out)
      : window_(window), text_(window.text), is_upper_case_(is_upper_case), out_(out) {}

  void run() {
    for (size_t place = next_digit(text_, window_.from); place < text_.size(); place = next_digit(text_, place + 1)) {
      if (is_digit(window_.before(place))) continue;
      gstin(place);
      pan(place);
      if (text_[place] == '0') ifsc(place);
    }
  }

 private:
  // The `count` letters that end at `place`, over a separator or not; npos when there are fewer. More letters before
  // them must be a word that names the code ("panabcpe1234f").
  size_t letters_before(size_t place, size_t count, Topics naming, bool& split) const {
    size_t end = place;
    split = false;
    if (!is_letter(window_.before(end))) {
      const size_t separator = separator_length_before(text_, end);
      if (separator == 0 || separator > 3) return std::string_view::npos;
      end -= separator;
      split = true;
    }
    size_t begin = end;
    while (begin > 0 && is_letter(text_[begin - 1]) && end - begin < 40) --begin;
    if (end - begin < count) return std::string_view::npos;
    const size_t code = end - count;
    if (code > begin && (topics_of(text_.substr(begin, code - begin)) & naming) == 0) return std::string_view::npos;
    if (begin > 0 && is_digit(text_[begin - 1])) return std::string_view::npos;
    return code;
  }

  void report(Label label, size_t begin, size_t end, double base, Topics wanted, Topics opposing, double against) {
    if (begin < window_.from) return;
    const Context context = read_context(text_, begin, end, wanted, opposing);
    double score = base;
    if (context.supports) score += support_score;
    if (context.nearest_opposes) score -= against;
    const bool final = window_.complete || context.decided_before || end + context_after_bytes <= text_.size();
    if (score + (final ? 0 : support_score) < least_score) return;
    out_.push_back({label, begin, end, std::clamp(score, 0.0, 1.0), final});
  }

  // Five letters, four digits, a letter; the fourth letter says what kind of holder it is.
  void pan(size_t digits) {
    bool split_before = false;
    const size_t begin = letters_before(digits, 5, Topic::pan | Topic::gst, split_before);
    if (begin == std::string_view::npos) return;
    Reader reader{text_, digits};
    std::string number;
    if (!reader.read(4, is_digit, number) || number == "0000" || is_digit(window_.at(reader.place))) return;
    reader.skip_separator();
    std::string check;
    if (!reader.read(1, is_letter, check) || is_alnum(window_.at(reader.place))) return;
    const char holder = text_[begin + 3];
    double base = is_holder(holder) ? 0.7 : (holder == 'k' || holder == 'e') ? 0.35 : 0;
    if (base == 0) return;
    if (split_before || reader.skipped) base -= is_upper_case_(begin, reader.place) ? 0.1 : 0.35;
    if (window_.before(begin) == '-' || window_.before(begin) == '/' || window_.at(reader.place) == '-') base -= 0.15;
    report(Label::pan, begin, reader.place, base, Topic::pan | Topic::gst, bits(Topic::other_number), 0.3);
  }

  // State, PAN, entity, Z, check character.
  void gstin(size_t begin) {
    const char glued = window_.before(begin);
    if (is_letter(glued)) {
      size_t letters = begin;
      while (letters > 0 && is_letter(text_[letters - 1]) && begin - letters < 40) --letters;
      if ((topics_of(text_.substr(letters, begin - letters)) & bits(Topic::gst)) == 0) return;
    }
    Reader reader{text_, begin};
    std::string code;
    if (!reader.read(2, is_digit, code)) return;
    const int state = (code[0] - '0') * 10 + code[1] - '0';
    if (state == 0 || (state > 38 && state != 97 && state != 99)) return;
    reader.skip_separator();
    if (!reader.read(5, is_letter, code)) return;
    reader.skip_separator();
    if (!reader.read(4, is_digit, code)) return;
    reader.skip_separator();
    if (!reader.read(1, is_letter, code)) return;
    reader.skip_separator();
    if (!reader.read(1, is_alnum, code) || code.back() == '0') return;
    reader.skip_separator();
    if (!reader.read(1, is_letter, code) || code.back() != 'z') return;
    reader.skip_separator();
    if (!reader.read(1, is_alnum, code) || is_alnum(window_.at(reader.place)) || !gstin_check_holds(code)) return;
    report(Label::gstin, begin, reader.place, 0.95, bits(Topic::gst), 0, 0);
  }

  // Bank, zero, branch.
  void ifsc(size_t zero) {
    bool split = false;
    const size_t begin = letters_before(zero, 4, bits(Topic::ifsc), split);
    if (begin == std::string_view::npos) return;
    Reader reader{text_, zero + 1};
    if (reader.place < text_.size() && !is_alnum(text_[reader.place])) {
      reader.skip_separator();
      split = true;
    }
    std::string branch;
    if (!reader.read(6, is_alnum, branch) || is_alnum(window_.at(reader.place))) return;
    const bool known = bank_codes().contains(text_.substr(begin, 4));
    double base = known ? 0.8 : 0.35;
    if (!std::ranges::any_of(branch, is_digit)) base -= known ? 0.1 : 0.3;
    if (split) base -= known ? 0.15 : 0.3;
    report(Label::ifsc, begin, reader.place, base, Topic::ifsc | Topic::account, bits(Topic::other_number),
           known ? 0.1 : 0.3);
  }

  const FinderWindow& window_;
  std::string_view text_;
  const std::function<bool(size_t, size_t)>& is_upper_case_;
  std::vector<Candidate>& out_;
};

}  // namespace

void find_codes(const FinderWindow& window, const std::function<bool(size_t, size_t)>& is_upper_case,
                std::vector<Candidate>& out) {
  CodeFinder(window, is_upper_case, out).run();
}

}  // namespace tijori
