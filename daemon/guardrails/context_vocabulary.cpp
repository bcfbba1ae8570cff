#include "daemon/guardrails/context_vocabulary.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/guardrails/utf8.h"

namespace tijori {
namespace {

LabelSet labels(std::initializer_list<Label> list) {
  LabelSet set;
  for (const Label label : list) set.set(static_cast<size_t>(label));
  return set;
}

// Words separated by blanks.
struct Group {
  LabelSet own;
  LabelSet against;
  Strength strength;
  std::string_view words;
};

const std::vector<Group>& groups() {
  using enum Label;
  static const LabelSet numbers = labels({aadhaar, payment_card, phone_mobile});
  static const std::vector<Group> list{
      Group{labels({aadhaar}), labels({payment_card, phone_mobile}), Strength::firm,
            "aadhaar aadhar adhaar adhar aadhaarcard aadharcard adharcard aadhaarno aadharno adharno "
            "aadhaara uid uidai uidno enrolment enrollment आधार अाधार यूआईडी यूआईडीएआई ஆதார் আধার আধাৰ "
            "આધાર ఆధార్ ಆಧಾರ್ ആധാർ ആധാര് ଆଧାର ଆଧାର୍ ਆਧਾਰ آدھار"},
      Group{labels({pan}), labels({}), Strength::firm,
            "pan pancard panno permanent tds itr पैन पॅन प्यान பான் প্যান પાન పాన్ ಪ್ಯಾನ್ പാൻ"},
      Group{labels({gstin, pan}), labels({aadhaar, payment_card, phone_mobile}), Strength::firm,
            "gst gstin gstno gstinno जीएसटी जीएसटीआईएन जीएसटीएन"},
      Group{labels({ifsc}), labels({}), Strength::firm,
            "ifsc ifsccode ifs neft rtgs imps branch bank micr आईएफएससी आयएफएससी शाखा बैंक"},
      Group{labels({ifsc}), labels({aadhaar, payment_card, phone_mobile}), Strength::weak,
            "account acct acc accountno accno acno savings current khata khaata passbook beneficiary खाता "
            "खाते बचत खातासंख्या पासबुक"},
      Group{labels({upi_vpa}), labels({aadhaar, payment_card}), Strength::firm,
            "upi vpa upiid qr collect यूपीआई वीपीए क्यूआर"},
      Group{labels({upi_vpa}), labels({}), Strength::firm, "pay payment paid भुगतान"},
      Group{labels({upi_vpa, phone_mobile}), labels({aadhaar, payment_card}), Strength::firm,
            "gpay googlepay phonepe paytm bhim फोनपे पेटीएम भीम गूगलपे"},
      Group{labels({payment_card}), labels({phone_mobile, aadhaar}), Strength::firm,
            "visa rupay mastercard amex maestro cvv expiry atm creditcard debitcard cardno रुपे रूपे वीज़ा "
            "मास्टरकार्ड सीवीवी एटीएम"},
      Group{labels({payment_card}), labels({}), Strength::firm, "card cards कार्ड"},
      Group{labels({phone_mobile}), labels({aadhaar, payment_card}), Strength::firm,
            "mobile mob mobileno mobno phone phones phoneno phno ph phn fone fon foun tel telephone cell "
            "cellphone call calls called calling caller whatsapp whatsap watsapp wapp wa contact contacts "
            "sms dial ring telegram helpline alternate baat msg message text missed sim मोबाइल मोबाईल फोन "
            "कॉल काल संपर्क सम्पर्क दूरभाष व्हाट्सऐप व्हाट्सएप वॉट्सऐप वाट्सऐप व्हॉट्सऐप मैसेज एसएमएस "
            "टेलीफोन"},
      Group{labels({}), labels({aadhaar, payment_card, phone_mobile, pan}), Strength::firm,
            "order orders orderid orderno ord invoice invoices inv invoiceno bill bills billno awb waybill ewb "
            "tracking track shipment consignment courier parcel docket "
            "ref reference refno utr rrn txn txnid txnno transaction transactions trans umrn nach ach ecs swift "
            "bic terminal merchant mandate ticket tickets tkt booking reservation confirmation pnr flight "
            "train coach berth seat fastag batch lot serial sr model version ver build revision rev "
            "release commit hash checksum md5 sha sha1 sha256 digest nonce block offset index row sequence "
            "seq pid timestamp epoch session request trace uuid guid issue bug pull job isbn issn barcode "
            "ean upc sku part product item asset stock imei iccid coupon promo voucher lottery consumer "
            "cheque chq hsn sac receipt challan slip quotation quote estimate tender bid policy policyno "
            "folio demat isin crn cif custid ckyc pran uan epf pf esic esi abha vid dp gr grn po so rma "
            "ऑर्डर आर्डर आदेश बिल बीजक इनवॉइस इनवॉयस इन्वॉइस संदर्भ सन्दर्भ लेनदेन लेन रसीद बैच पीएनआर "
            "उपभोक्ता चेक ट्रैकिंग टिकट बुकिंग आरक्षण पॉलिसी चालान कूपन यूटीआर आरआरएन यूएएन वीआईडी "
            "संस्करण मॉडल सीरियल ट्रेन उड़ान हैश कमिट खेप पार्सल पुर्जा"},
      // A PAN beside an amount or in an application is one all the same.
      Group{labels({}), numbers, Strength::firm,
            "connection meter membership check otp amount amt rs inr rupees rupaye rupee total price cost "
            "balance worth sum size bytes byte kb mb gb shares units pieces quantity qty population votes "
            "views followers subscribers downloads km kg case fir petition appeal claim complaint grievance "
            "notice doc memo loan lan application app appl registration certificate licence license roll "
            "rollno empid emp exam prescription sample specimen ओटीपी राशि रुपये रुपए रूपये रुपया शिकायत "
            "आवेदन लोन ऋण मीटर रोल मूल्य कीमत कुल पंजीकरण कनेक्शन सदस्यता प्रमाणपत्र दावा शेयर बाइट"},
      Group{labels({}), numbers, Strength::numbered,
            "customer client employee member student patient vendor dealer agent ग्राहक सदस्य कर्मचारी"},
      Group{labels({}), labels({}), Strength::firm, "शिकायतकर्ता आवेदनकर्ता complainant"},
      Group{labels({}), numbers, Strength::weak, "क्रमांक क्रमाङ्क kramank id आईडी code कोड"},
      Group{labels({secret_token}), labels({}), Strength::firm,
            "secret secrets token apikey api key keys password passwd pwd bearer authorization credential "
            "credentials access auth secretkey accesskey privatekey"},
  };
  return list;
}

constexpr std::array<std::string_view, 8> glued_fillers{"numbers", "number", "nos", "no", "num", "id", "card", "code"};
constexpr size_t min_glued_bytes = 5;         // of a known word inside a longer one
constexpr size_t min_glued_indic_bytes = 12;  // four letters

bool is_ascii(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

// Dots below letters (nukta) are often left out or composed otherwise.
std::string without_nukta(std::string_view word) {
  std::string out;
  while (!word.empty()) {
    const Utf8Character c = first_character(word);
    static constexpr std::u32string_view composed = U"\u0958\u0959\u095A\u095B\u095C\u095D\u095E\u095F";
    static constexpr std::u32string_view plain = U"\u0915\u0916\u0917\u091C\u0921\u0922\u092B\u092F";
    if (const size_t i = composed.find(c.code_point); i != std::u32string_view::npos)
      append_utf8(out, plain[i]);
    else if (c.code_point != U'\u093C')
      out += word.substr(0, c.length);
    word.remove_prefix(c.length);
  }
  return out;
}

struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
};
using Vocabulary = std::unordered_map<std::string, ContextWord, Hash, std::equal_to<>>;

const Vocabulary& vocabulary() {
  static const Vocabulary made = [] {
    Vocabulary words;
    for (const Group& group : groups()) {
      std::string_view rest = group.words;
      while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (!word.empty())
          words.try_emplace(without_nukta(word), ContextWord{group.own, group.against, group.strength});
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      }
    }
    return words;
  }();
  return made;
}

const ContextWord* find_exact(std::string_view word) {
  const auto at = vocabulary().find(word);
  return at == vocabulary().end() ? nullptr : &at->second;
}

const ContextWord* find_glued(std::string_view word) {
  const bool ascii = is_ascii(word);
  const size_t shortest = ascii ? min_glued_bytes : min_glued_indic_bytes;
  for (size_t length = word.size() - 1; length >= shortest && length < word.size(); --length) {
    if (const ContextWord* found = find_exact(word.substr(0, length))) return found;
    if (const ContextWord* found = find_exact(word.substr(word.size() - length))) return found;
  }
  return nullptr;
}

}  // namespace

const ContextWord* find_context_word(std::string_view word) {
  std::string plain;
  if (!is_ascii(word)) {
    plain = without_nukta(word);
    word = plain;
  }
  if (word.empty()) return nullptr;
  if (const ContextWord* found = find_exact(word)) return found;
  for (const std::string_view filler : glued_fillers)
    if (word.size() > filler.size() && word.ends_with(filler))
      if (const ContextWord* found = find_exact(word.substr(0, word.size() - filler.size()))) return found;
  return find_glued(word);
}

bool is_abbreviation(std::string_view word) {
  static constexpr std::string_view known =
      " no nos num mob ph tel ref inv acc acct ac sr ser ord txn cust id dt rs mr mrs ms dr smt st rd amt regd ext "
      "cont "
      "नं न डॉ मो क्र सं ";
  if (word.empty() || find_exact(word) != nullptr) return !word.empty();
  return known.find(' ' + std::string(word) + ' ') != std::string_view::npos;
}

}  // namespace tijori
