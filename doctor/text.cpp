#include "doctor/text.h"

#include <charconv>

#include "base/file.h"

namespace tijori {
namespace {

constexpr std::string_view blanks = " \t\r\n";

}  // namespace

Result<std::string> read_kernel_text(const std::filesystem::path& file) {
  return read_file(file, max_kernel_text_bytes);
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) return words;
    line.remove_prefix(first);
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    words.push_back(word);
    line.remove_prefix(word.size());
  }
}

std::optional<std::string_view> value_of(std::string_view text, std::string_view key) {
  for (const std::string_view line : lines_of(text))
    if (line.starts_with(key)) return trimmed(line.substr(key.size()));
  return std::nullopt;
}

std::optional<uint64_t> number_of(std::string_view digits, int base) {
  uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace tijori
