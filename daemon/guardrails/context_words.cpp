#include "daemon/guardrails/context_words.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace tijori {
namespace {

constexpr size_t before_code_points = 40;
constexpr size_t after_code_points = 20;

struct Entry {
  std::string_view word;
  Topics topics;
};

constexpr Entry entries[] = {
    {"aadhaar", bits(Topic::aadhaar)},
    {"aadhar", bits(Topic::aadhaar)},
    {"adhaar", bits(Topic::aadhaar)},
    {"adhar", bits(Topic::aadhaar)},
    {"aadhaarno", bits(Topic::aadhaar)},
    {"aadhaarnumber", bits(Topic::aadhaar)},
    {"aadharno", bits(Topic::aadhaar)},
    {"aadharcard", bits(Topic::aadhaar)},
    {"uid", bits(Topic::aadhaar)},
    {"uidai", bits(Topic::aadhaar)},
    {"ekyc", bits(Topic::aadhaar)},
    {"आधार", bits(Topic::aadhaar)},
    {"यूआईडी", bits(Topic::aadhaar)},
    {"यूआईडीएआई", bits(Topic::aadhaar)},
    {"ஆதார்", bits(Topic::aadhaar)},
    {"আধার", bits(Topic::aadhaar)},
    {"આધાર", bits(Topic::aadhaar)},
    {"ఆధార్", bits(Topic::aadhaar)},
    {"ಆಧಾರ್", bits(Topic::aadhaar)},
    {"ആധാർ", bits(Topic::aadhaar)},
    {"ଆଧାର", bits(Topic::aadhaar)},
    {"ਆਧਾਰ", bits(Topic::aadhaar)},
    {"آدھار", bits(Topic::aadhaar)},
    {"pan", bits(Topic::pan)},
    {"panno", bits(Topic::pan)},
    {"pancard", bits(Topic::pan)},
    {"pannumber", bits(Topic::pan)},
    {"permanent", bits(Topic::pan)},
    {"tds", bits(Topic::pan)},
    {"itr", bits(Topic::pan)},
    {"tax", bits(Topic::pan)},
    {"nsdl", bits(Topic::pan)},
    {"पैन", bits(Topic::pan)},
    {"स्थायी", bits(Topic::pan)},
    {"आयकर", bits(Topic::pan)},
    {"gst", bits(Topic::gst)},
    {"gstin", bits(Topic::gst)},
    {"gstno", bits(Topic::gst)},
    {"gstn", bits(Topic::gst)},
    {"जीएसटी", bits(Topic::gst)},
    {"जीएसटीआईएन", bits(Topic::gst)},
    {"ifsc", bits(Topic::ifsc)},
    {"ifsccode", bits(Topic::ifsc)},
    {"neft", bits(Topic::ifsc)},
    {"rtgs", bits(Topic::ifsc)},
    {"imps", bits(Topic::ifsc)},
    {"branch", bits(Topic::ifsc)},
    {"आईएफएससी", bits(Topic::ifsc)},
    {"शाखा", bits(Topic::ifsc)},
    {"account", bits(Topic::account)},
    {"acct", bits(Topic::account)},
    {"a/c", bits(Topic::account)},
    {"ac", bits(Topic::account)},
    {"accno", bits(Topic::account)},
    {"savings", bits(Topic::account)},
    {"passbook", bits(Topic::account)},
    {"khata", bits(Topic::account)},
    {"khate", bits(Topic::account)},
    {"cif", bits(Topic::account)},
    {"loan", bits(Topic::account)},
    {"खाता", bits(Topic::account)},
    {"खाते", bits(Topic::account)},
    {"बचत", bits(Topic::account)},
    {"पासबुक", bits(Topic::account)},
    {"upi", bits(Topic::upi)},
    {"upiid", bits(Topic::upi)},
    {"vpa", bits(Topic::upi)},
    {"bhim", bits(Topic::upi)},
    {"gpay", bits(Topic::upi)},
    {"googlepay", bits(Topic::upi)},
    {"phonepe", bits(Topic::upi)},
    {"paytm", bits(Topic::upi)},
    {"qr", bits(Topic::upi)},
    {"यूपीआई", bits(Topic::upi)},
    {"भीम", bits(Topic::upi)},
    {"क्यूआर", bits(Topic::upi)},
    {"card", bits(Topic::card)},
    {"cardno", bits(Topic::card)},
    {"credit", bits(Topic::card)},
    {"debit", bits(Topic::card)},
    {"rupay", bits(Topic::card)},
    {"visa", bits(Topic::card)},
    {"mastercard", bits(Topic::card)},
    {"amex", bits(Topic::card)},
    {"maestro", bits(Topic::card)},
    {"diners", bits(Topic::card)},
    {"cvv", bits(Topic::card)},
    {"कार्ड", bits(Topic::card)},
    {"क्रेडिट", bits(Topic::card)},
    {"डेबिट", bits(Topic::card)},
    {"रुपे", bits(Topic::card)},
    {"वीज़ा", bits(Topic::card)},
    {"mobile", bits(Topic::phone)},
    {"mob", bits(Topic::phone)},
    {"mobileno", bits(Topic::phone)},
    {"phone", bits(Topic::phone)},
    {"phoneno", bits(Topic::phone)},
    {"ph", bits(Topic::phone)},
    {"call", bits(Topic::phone)},
    {"dial", bits(Topic::phone)},
    {"ring", bits(Topic::phone)},
    {"whatsapp", bits(Topic::phone)},
    {"contact", bits(Topic::phone)},
    {"tel", bits(Topic::phone)},
    {"telephone", bits(Topic::phone)},
    {"cell", bits(Topic::phone)},
    {"sms", bits(Topic::phone)},
    {"reach", bits(Topic::phone)},
    {"fon", bits(Topic::phone)},
    {"मोबाइल", bits(Topic::phone)},
    {"मोबाईल", bits(Topic::phone)},
    {"फोन", bits(Topic::phone)},
    {"फ़ोन", bits(Topic::phone)},
    {"फ़ोन", bits(Topic::phone)},
    {"संपर्क", bits(Topic::phone)},
    {"सम्पर्क", bits(Topic::phone)},
    {"दूरभाष", bits(Topic::phone)},
    {"कॉल", bits(Topic::phone)},
    {"व्हाट्सऐप", bits(Topic::phone)},
    {"व्हाट्सएप", bits(Topic::phone)},
    {"एसएमएस", bits(Topic::phone)},
    {"email", bits(Topic::email)},
    {"mail", bits(Topic::email)},
    {"ईमेल", bits(Topic::email)},
    {"मेल", bits(Topic::email)},
    {"order", bits(Topic::other_number)},
    {"orderid", bits(Topic::other_number)},
    {"orderno", bits(Topic::other_number)},
    {"invoice", bits(Topic::other_number)},
    {"inv", bits(Topic::other_number)},
    {"awb", bits(Topic::other_number)},
    {"tracking", bits(Topic::other_number)},
    {"shipment", bits(Topic::other_number)},
    {"consignment", bits(Topic::other_number)},
    {"parcel", bits(Topic::other_number)},
    {"docket", bits(Topic::other_number)},
    {"ref", bits(Topic::other_number)},
    {"refno", bits(Topic::other_number)},
    {"reference", bits(Topic::other_number)},
    {"utr", bits(Topic::other_number)},
    {"rrn", bits(Topic::other_number)},
    {"txn", bits(Topic::other_number)},
    {"txnid", bits(Topic::other_number)},
    {"transaction", bits(Topic::other_number)},
    {"ticket", bits(Topic::other_number)},
    {"complaint", bits(Topic::other_number)},
    {"grievance", bits(Topic::other_number)},
    {"request", bits(Topic::other_number)},
    {"batch", bits(Topic::other_number)},
    {"lot", bits(Topic::other_number)},
    {"serial", bits(Topic::other_number)},
    {"sr", bits(Topic::other_number)},
    {"model", bits(Topic::other_number)},
    {"part", bits(Topic::other_number)},
    {"sku", bits(Topic::other_number)},
    {"item", bits(Topic::other_number)},
    {"product", bits(Topic::other_number)},
    {"barcode", bits(Topic::other_number)},
    {"ean", bits(Topic::other_number)},
    {"upc", bits(Topic::other_number)},
    {"version", bits(Topic::other_number)},
    {"ver", bits(Topic::other_number)},
    {"build", bits(Topic::other_number)},
    {"commit", bits(Topic::other_number)},
    {"hash", bits(Topic::other_number)},
    {"checksum", bits(Topic::other_number)},
    {"sha", bits(Topic::other_number)},
    {"md5", bits(Topic::other_number)},
    {"uuid", bits(Topic::other_number)},
    {"isbn", bits(Topic::other_number)},
    {"issn", bits(Topic::other_number)},
    {"imei", bits(Topic::other_number)},
    {"iccid", bits(Topic::other_number)},
    {"sim", bits(Topic::other_number)},
    {"imsi", bits(Topic::other_number)},
    {"pnr", bits(Topic::other_number)},
    {"flight", bits(Topic::other_number)},
    {"train", bits(Topic::other_number)},
    {"consumer", bits(Topic::other_number)},
    {"meter", bits(Topic::other_number)},
    {"bill", bits(Topic::other_number)},
    {"receipt", bits(Topic::other_number)},
    {"challan", bits(Topic::other_number)},
    {"voucher", bits(Topic::other_number)},
    {"coupon", bits(Topic::other_number)},
    {"cheque", bits(Topic::other_number)},
    {"otp", bits(Topic::other_number)},
    {"amount", bits(Topic::other_number)},
    {"rs", bits(Topic::other_number)},
    {"inr", bits(Topic::other_number)},
    {"rupees", bits(Topic::other_number)},
    {"usd", bits(Topic::other_number)},
    {"hsn", bits(Topic::other_number)},
    {"case", bits(Topic::other_number)},
    {"timestamp", bits(Topic::other_number)},
    {"epoch", bits(Topic::other_number)},
    {"unix", bits(Topic::other_number)},
    {"uan", bits(Topic::other_number)},
    {"epf", bits(Topic::other_number)},
    {"pf", bits(Topic::other_number)},
    {"esic", bits(Topic::other_number)},
    {"pran", bits(Topic::other_number)},
    {"ckyc", bits(Topic::other_number)},
    {"abha", bits(Topic::other_number)},
    {"policy", bits(Topic::other_number)},
    {"membership", bits(Topic::other_number)},
    {"employee", bits(Topic::other_number)},
    {"roll", bits(Topic::other_number)},
    {"registration", bits(Topic::other_number)},
    {"enrolment", bits(Topic::other_number)},
    {"application", bits(Topic::other_number)},
    {"token", Topic::other_number | Topic::secret},
    {"₹", bits(Topic::other_number)},
    {"$", bits(Topic::other_number)},
    {"#", bits(Topic::other_number)},
    {"ऑर्डर", bits(Topic::other_number)},
    {"बिल", bits(Topic::other_number)},
    {"चालान", bits(Topic::other_number)},
    {"इनवॉइस", bits(Topic::other_number)},
    {"संदर्भ", bits(Topic::other_number)},
    {"लेनदेन", bits(Topic::other_number)},
    {"लेन", bits(Topic::other_number)},
    {"ट्रैकिंग", bits(Topic::other_number)},
    {"ट्रांज़ैक्शन", bits(Topic::other_number)},
    {"यूटीआर", bits(Topic::other_number)},
    {"रसीद", bits(Topic::other_number)},
    {"बैच", bits(Topic::other_number)},
    {"पीएनआर", bits(Topic::other_number)},
    {"उपभोक्ता", bits(Topic::other_number)},
    {"चेक", bits(Topic::other_number)},
    {"ओटीपी", bits(Topic::other_number)},
    {"राशि", bits(Topic::other_number)},
    {"रुपये", bits(Topic::other_number)},
    {"रुपए", bits(Topic::other_number)},
    {"रु", bits(Topic::other_number)},
    {"शिकायत", bits(Topic::other_number)},
    {"टिकट", bits(Topic::other_number)},
    {"आवेदन", bits(Topic::other_number)},
    {"पंजीकरण", bits(Topic::other_number)},
    {"password", bits(Topic::secret)},
    {"passwd", bits(Topic::secret)},
    {"secret", bits(Topic::secret)},
    {"key", bits(Topic::secret)},
    {"apikey", bits(Topic::secret)},
    {"bearer", bits(Topic::secret)},
    {"authorization", bits(Topic::secret)},
    {"credential", bits(Topic::secret)},
};

bool is_continuation(char c) {
  return (static_cast<uint8_t>(c) & 0xC0) == 0x80;
}

// A word of context: letters and marks of any script. Bytes ≥ 0x80 count as letters, except punctuation that is common
// beside words (danda, dashes, quotes, the rupee sign).
bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<uint8_t>(c) >= 0x80;
}

bool is_sign(std::string_view character) {
  return character == "₹" || character == "।" || character == "॥" || character == "–" || character == "—" ||
         character == "‘" || character == "’" || character == "“" || character == "”" || character == "…" ||
         character == "·" || character == "−" || character == "•";
}

const std::unordered_map<std::string_view, Topics>& dictionary() {
  static const auto made = [] {
    std::unordered_map<std::string_view, Topics> words;
    for (const Entry& entry : entries) words[entry.word] |= entry.topics;
    return words;
  }();
  return made;
}

// Steps through the words of a text in either direction; signs are words of their own.
struct Words {
  std::string_view text;

  // The character that ends before `place`.
  std::string_view before(size_t place) const {
    size_t first = place - 1;
    while (first > 0 && is_continuation(text[first])) --first;
    return text.substr(first, place - first);
  }
  std::string_view at(size_t place) const {
    size_t last = place + 1;
    while (last < text.size() && is_continuation(text[last])) ++last;
    return text.substr(place, last - place);
  }
  static bool letter(std::string_view character) { return is_word_byte(character[0]) && !is_sign(character); }
};

}  // namespace

Topics topics_of(std::string_view word) {
  const auto found = dictionary().find(word);
  return found == dictionary().end() ? Topics{0} : found->second;
}

Context read_context(std::string_view folded, size_t begin, size_t end, Topics wanted, Topics opposing) {
  Context context;
  const Words words{folded};
  bool any_before = false;
  const auto judge = [&](std::string_view word) {
    const Topics topics = topics_of(word);
    if ((topics & wanted) != 0) {
      context.supports = true;
      return true;
    }
    if ((topics & opposing) == 0) return false;
    if (!context.supports) context.nearest_opposes = true;
    context.opposes = true;
    return true;
  };

  size_t place = begin;
  size_t left = before_code_points;
  int lines = 0;
  while (place > 0 && left > 0) {
    const std::string_view character = words.before(place);
    if (character == "\n" && ++lines > 1) break;
    if (character == "₹" || character == "$" || character == "#") any_before |= judge(character);
    if (!Words::letter(character)) {
      place -= character.size();
      --left;
      continue;
    }
    const size_t word_end = place;
    while (place > 0) {
      const std::string_view letter = words.before(place);
      if (!Words::letter(letter)) break;
      place -= letter.size();
      if (left > 0) --left;
    }
    std::string_view word = folded.substr(place, word_end - place);
    // "a/c": the slash belongs to the word.
    if (word == "c" && place >= 2 && folded.substr(place - 2, 2) == "a/") {
      place -= 2;
      word = folded.substr(place, word_end - place);
    }
    any_before |= judge(word);
  }
  context.decided_before = any_before;
  if (any_before) return context;

  place = end;
  left = after_code_points;
  while (place < folded.size() && left > 0) {
    const std::string_view character = words.at(place);
    if (character == "\n") break;
    if (!Words::letter(character)) {
      place += character.size();
      --left;
      continue;
    }
    const size_t word_begin = place;
    while (place < folded.size() && left > 0) {
      const std::string_view letter = words.at(place);
      if (!Words::letter(letter)) break;
      place += letter.size();
      --left;
    }
    // A word that the window cuts is not read, so that what follows the window does not matter.
    if (left > 0) (void)judge(folded.substr(word_begin, place - word_begin));
  }
  return context;
}

}  // namespace tijori
