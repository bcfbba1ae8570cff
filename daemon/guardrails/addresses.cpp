#include "daemon/guardrails/addresses.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/guardrails/address_lists.h"
#include "daemon/guardrails/context_words.h"
#include "daemon/guardrails/fold.h"

namespace tijori {
namespace {

constexpr size_t max_host_bytes = 253;
constexpr size_t max_handle_bytes = 48;
constexpr size_t max_url_bytes = 64;  // looked at before an address

bool is_local(int c) {
  return is_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\'';
}
bool is_foreign_letter(const Utf8Character& c) {
  return c.length > 0 && c.code_point >= 0x80 && c.code_point != 0xFFFD && is_word_character(c.code_point);
}

// Where the part before the @ begins; `at` when there is none or it is too long.
size_t local_begin(const TextReader& reader, size_t at) {
  size_t begin = at;
  while (is_local(reader.before(begin))) {
    --begin;
    if (at - begin > max_local_bytes) return at;
  }
  // Letters of other scripts count only where no ASCII name could begin: a word may be glued to that.
  if (begin == at || (at - begin <= 3 && !is_letter(reader.before(at)))) {
    while (true) {
      const Utf8Character c = reader.character_before(begin);
      if (!is_foreign_letter(c) && !(c.length == 1 && is_local(static_cast<int>(c.code_point)))) break;
      begin -= c.length;
      if (at - begin > max_local_bytes) return at;
    }
  }
  while (begin < at) {
    const int c = reader.behind(begin);
    if (is_alphanumeric(c) || c == '_' || c >= 0x80) break;
    ++begin;
  }
  return begin;
}

// Where a host name ends, without the dot of a sentence.
size_t host_end(TextReader& reader, size_t begin) {
  size_t at = begin;
  while (at - begin <= max_host_bytes) {
    const int c = reader.at(at);
    if (is_alphanumeric(c) || c == '.' || c == '-') {
      ++at;
      continue;
    }
    if (c < 0x80) break;
    const Utf8Character next = reader.character(at);
    // Other scripts only where a name begins: a word may be glued to what stands before.
    const int last = reader.before(at);
    if (!is_foreign_letter(next) || !(at == begin || last == '.' || last == '-' || last >= 0x80)) break;
    at += next.length;
  }
  return at;
}

// The longest host name with a plausible end at the beginning of `text`; 0 when there is none.
size_t mail_host_length(std::string_view text) {
  size_t best = 0;
  size_t label = 0;
  size_t n_labels = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '.') continue;
    const std::string_view name = text.substr(label, i - label);
    if (name.empty() || name.front() == '-' || name.size() > 63) break;
    ++n_labels;
    std::string_view trimmed = name;
    while (trimmed.ends_with('-')) trimmed.remove_suffix(1);
    if (n_labels > 1 && is_mail_domain(trimmed)) best = label + trimmed.size();
    if (trimmed.size() != name.size()) break;
    label = i + 1;
  }
  return best;
}

// user:word@host in an address on the web; a value of its query is something else.
bool is_user_of_url(const TextReader& reader, size_t begin) {
  for (size_t at = begin; begin - at < max_url_bytes; --at) {
    const int c = reader.before(at);
    if (c == TextReader::nothing || is_blank(c) || c == '?' || c == '&' || c == '=') return false;
    if (c == '/' && reader.reads_before(at, "://")) return true;
  }
  return false;
}

bool follows_command(const TextReader& reader, size_t begin) {
  constexpr std::array<std::string_view, 6> commands{"ssh ", "scp ", "sftp ", "rsync ", "ssh-copy-id ", "clone "};
  return std::ranges::any_of(commands, [&](std::string_view command) { return reader.reads_before(begin, command); });
}

// git@host:path, user@host:/path
bool is_remote_path(TextReader& reader, size_t local, size_t at, size_t end) {
  const std::string_view name = reader.piece(local, at);
  if (name == "git" || name == "hg" || name == "svn") return true;
  if (reader.at(end) != ':') return false;
  const int next = reader.at(end + 1);
  return next == '/' || next == '~';
}

// Where an address begins without what is only glued to it: "UPI-name@handle" as banks narrate it, "Email
// ID-name@host".
size_t without_label(TextReader& reader, size_t local, size_t at) {
  constexpr std::array<std::string_view, 4> labels{"upi-", "id-", "vpa-", "email-"};
  for (const std::string_view label : labels)
    if (at - local > label.size() + 2 && reader.reads(local, label)) return local + label.size();
  return local;
}

std::optional<Candidate> payment_address(TextReader& reader, size_t local, size_t at) {
  size_t end = at + 1;
  while (end - at <= max_handle_bytes && is_alphanumeric(reader.at(end))) ++end;
  const std::string_view handle = reader.piece(at + 1, end);
  if (handle.size() < 2 || handle.size() >= max_handle_bytes || !is_letter(handle[0])) return std::nullopt;
  // The payment part begins where its own characters do.
  size_t begin = at;
  while (begin > local) {
    const int c = reader.before(begin);
    if (!is_alphanumeric(c) && c != '.' && c != '-' && c != '_') break;
    --begin;
  }
  while (begin < at && !is_alphanumeric(reader.behind(begin))) ++begin;
  if (at - begin < 2) return std::nullopt;
  const int next = reader.at(end);
  const bool is_known = is_upi_handle(handle);
  if ((next == '.' || next == '-' || next == '_') && is_alphanumeric(reader.at(end + 1)) && !is_known)
    return std::nullopt;
  if (next == '/' && !is_known) return std::nullopt;
  const Mention mention = mention_of(reader, begin, end, Label::upi_vpa);
  const double score = is_known ? (mention == Mention::own ? 0.97 : 0.85) : (mention == Mention::own ? 0.7 : 0.2);
  return Candidate{Label::upi_vpa, begin, end, score};
}

}  // namespace

SignAhead sign_after(TextReader& reader, size_t position) {
  size_t at = position;
  while (at - position <= max_local_bytes && is_local(reader.at(at))) ++at;
  return {at, reader.at(at) == '@'};
}

std::optional<Candidate> address_at(TextReader& reader, size_t position) {
  size_t local = local_begin(reader, position);
  if (local == position) return std::nullopt;
  local = without_label(reader, local, position);
  const int last = reader.before(position);
  if (last == '.' || last == '%' || last == '\'') return std::nullopt;
  if (reader.before(local) == '@' || is_user_of_url(reader, local)) return std::nullopt;
  if (follows_command(reader, local)) return std::nullopt;

  const size_t end = host_end(reader, position + 1);
  if (const size_t length = mail_host_length(reader.piece(position + 1, end)); length > 0) {
    const size_t host = position + 1 + length;
    if (is_remote_path(reader, local, position, host) || reader.at(host) == '@') return std::nullopt;
    // _name@host_ is an address that somebody stressed.
    if (reader.behind(local) == '_' && reader.at(host) == '_') ++local;
    return Candidate{Label::email, local, host, 0.95};
  }
  if (reader.at(end) == '@') return std::nullopt;
  return payment_address(reader, local, position);
}

}  // namespace tijori
