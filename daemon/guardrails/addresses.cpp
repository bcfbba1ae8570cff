// What has an @ in it: e-mail addresses (a dot in the host) and UPI addresses (a handle without one).
#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "daemon/guardrails/candidate.h"
#include "daemon/guardrails/context_words.h"

namespace tijori {
namespace {

constexpr size_t max_local_bytes = 64;
constexpr size_t max_host_bytes = 128;
constexpr size_t min_handle = 2;

// Payment service providers' handles; the list ages, so an unknown one still counts when the context says UPI.
const std::unordered_set<std::string_view>& upi_handles() {
  static const std::unordered_set<std::string_view> handles{"upi",
                                                            "ybl",
                                                            "ibl",
                                                            "axl",
                                                            "okaxis",
                                                            "okhdfcbank",
                                                            "okicici",
                                                            "oksbi",
                                                            "paytm",
                                                            "ptaxis",
                                                            "pthdfc",
                                                            "ptsbi",
                                                            "ptyes",
                                                            "apl",
                                                            "yapl",
                                                            "rapl",
                                                            "waaxis",
                                                            "wahdfcbank",
                                                            "waicici",
                                                            "wasbi",
                                                            "axisb",
                                                            "axisbank",
                                                            "icici",
                                                            "sbi",
                                                            "hdfcbank",
                                                            "kotak",
                                                            "barodampay",
                                                            "cnrb",
                                                            "pnb",
                                                            "boi",
                                                            "unionbank",
                                                            "uboi",
                                                            "idfcbank",
                                                            "federal",
                                                            "fbl",
                                                            "indus",
                                                            "yesbank",
                                                            "rbl",
                                                            "aubank",
                                                            "dbs",
                                                            "idbi",
                                                            "iob",
                                                            "uco",
                                                            "mahb",
                                                            "kbl",
                                                            "sib",
                                                            "postbank",
                                                            "airtel",
                                                            "jio",
                                                            "freecharge",
                                                            "ikwik",
                                                            "jupiteraxis",
                                                            "slc",
                                                            "fam",
                                                            "okbizaxis",
                                                            "okpnb",
                                                            "okyes",
                                                            "axis",
                                                            "hdfc",
                                                            "yesg",
                                                            "ezeepay",
                                                            "eazypay",
                                                            "ubi",
                                                            "indianbank",
                                                            "allbank",
                                                            "andb",
                                                            "citi",
                                                            "citigold",
                                                            "hsbc",
                                                            "kvb",
                                                            "kmb",
                                                            "lvb",
                                                            "obc",
                                                            "psb",
                                                            "rajgovhdfcbank",
                                                            "sc",
                                                            "tjsb",
                                                            "utbi",
                                                            "vijb",
                                                            "dlb",
                                                            "dcb",
                                                            "csbpay",
                                                            "equitas",
                                                            "esaf",
                                                            "idfcfirst",
                                                            "idfc",
                                                            "indie",
                                                            "jkb",
                                                            "myicici",
                                                            "nsdl",
                                                            "pingpay",
                                                            "pockets",
                                                            "timecosmos",
                                                            "tapicici",
                                                            "sliceaxis",
                                                            "superyes",
                                                            "yescred",
                                                            "yespay",
                                                            "zoicici",
                                                            "niyoicici",
                                                            "amazonpay",
                                                            "naviaxis",
                                                            "goaxb",
                                                            "kphdfc",
                                                            "axisgo",
                                                            "mbk",
                                                            "finobank",
                                                            "pz",
                                                            "trans",
                                                            "ausfb",
                                                            "kaypay",
                                                            "shriramhdfcbank"};
  return handles;
}

// Suffixes of host-like words that are files, not hosts.
const std::unordered_set<std::string_view>& file_suffixes() {
  static const std::unordered_set<std::string_view> suffixes{
      "png",  "jpg", "jpeg", "gif", "svg", "webp", "js",  "ts",  "css",  "py", "cpp",  "hpp",
      "json", "txt", "pdf",  "zip", "log", "yaml", "yml", "xml", "html", "md", "conf", "service"};
  return suffixes;
}

bool is_wide(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}
bool is_local(char c) {
  return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\'';
}
bool is_host(char c) {
  return is_alnum(c) || c == '-' || c == '.';
}

class AddressFinder {
 public:
  AddressFinder(const FinderWindow& window, std::vector<Candidate>& out)
      : window_(window), text_(window.text), out_(out) {}

  void run() {
    size_t place = window_.from;
    while (place < text_.size()) {
      const void* const found = std::memchr(text_.data() + place, '@', text_.size() - place);
      if (found == nullptr) return;
      place = static_cast<size_t>(static_cast<const char*>(found) - text_.data());
      at_sign(place);
      ++place;
    }
  }

 private:
  size_t local_begin(size_t at) const {
    size_t begin = at;
    while (begin > 0 && is_local(text_[begin - 1]) && at - begin < max_local_bytes) --begin;
    while (begin < at && !is_alnum(text_[begin]) && text_[begin] != '_') ++begin;
    return begin;
  }

  void at_sign(size_t at) {
    size_t begin = local_begin(at);
    size_t end = at + 1;
    while (end < text_.size() && is_host(text_[end]) && end - at - 1 < max_host_bytes) ++end;
    while (end > at + 1 && !is_alnum(text_[end - 1])) --end;
    std::string_view host = text_.substr(at + 1, end - at - 1);
    if (begin == at) begin = wide_local(at);
    if (host.empty() || begin == at || text_[at - 1] == '.') return;
    if (window_.at(end) == '@' || window_.before(begin) == '@') return;
    const bool in_url = begin >= 2 && text_.substr(begin - 2, 2) == "//";
    const size_t dot = host.rfind('.');
    if (dot == std::string_view::npos) return payment(begin, at, end, host, in_url);
    if (begin < window_.from || in_url) return;
    const std::string_view suffix = host.substr(dot + 1);
    if (suffix.size() < 2 || !std::ranges::all_of(suffix, is_letter) || file_suffixes().contains(suffix)) return;
    if (host.starts_with('.') || host.starts_with('-') || host.find("..") != std::string_view::npos) return;
    // git@host:owner/name
    if (text_.substr(begin, at - begin) == "git" && (window_.at(end) == ':' || window_.at(end) == '/')) return;
    out_.push_back({Label::email, begin, end, 0.95, true});
  }

  // An address in letters of another script.
  size_t wide_local(size_t at) const {
    size_t begin = at;
    while (begin > 0 && (is_wide(text_[begin - 1]) || is_local(text_[begin - 1])) && at - begin < max_local_bytes)
      --begin;
    while (begin < at && (static_cast<unsigned char>(text_[begin]) & 0xC0) == 0x80) ++begin;
    return begin;
  }

  void payment(size_t begin, size_t at, size_t end, std::string_view handle, bool in_url) {
    if (begin < window_.from || at - begin < 2 || in_url) return;
    if (handle.size() < min_handle || !std::ranges::all_of(handle, is_alnum) || !is_letter(handle[0])) return;
    if (handle == "abdm" || handle == "sbx") return;
    if (window_.at(end) == '.' && is_alnum(window_.at(end + 1))) return;
    if (window_.at(end) == '/' || window_.before(begin) == '/' || window_.at(end) == '_') return;
    const std::string_view local = text_.substr(begin, at - begin);
    if (local.find('+') != std::string_view::npos || local.find('%') != std::string_view::npos) return;
    const bool known = upi_handles().contains(handle) || handle.starts_with("valid");
    double score = known ? 0.9 : 0.3;
    bool final = true;
    if (!known) {
      const Context context = read_context(text_, begin, end, bits(Topic::upi), 0);
      if (context.supports) score += 0.35;
      // user@host:path
      if (window_.at(end) == ':') score -= 0.2;
      final = window_.complete || context.decided_before || end + context_after_bytes <= text_.size();
    }
    out_.push_back({Label::upi_vpa, begin, end, score, final});
  }

  const FinderWindow& window_;
  std::string_view text_;
  std::vector<Candidate>& out_;
};

}  // namespace

void find_addresses(const FinderWindow& window, std::vector<Candidate>& out) {
  AddressFinder(window, out).run();
}

}  // namespace tijori
