// Reading what the kernel writes as text. Whatever the bytes are, the answer is a value or none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

// The largest of these files, a mount table, has some hundred KiB on a busy machine.
inline constexpr uint64_t max_kernel_text_bytes = 4U << 20;

Result<std::string> read_kernel_text(const std::filesystem::path& file);

std::string_view trimmed(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);
std::vector<std::string_view> words_of(std::string_view line);  // between blanks and tabs

// Behind the first line that begins with the key: value_of("A: 1\nB: 2\n", "B:") is "2".
std::optional<std::string_view> value_of(std::string_view text, std::string_view key);

// The whole of it has to be a number.
std::optional<uint64_t> number_of(std::string_view digits, int base = 10);

}  // namespace tijori
