#include "base/memory.h"

#include <charconv>

#include <unistd.h>

#include "base/file.h"

namespace tijori {
namespace {

constexpr size_t max_meminfo_bytes = 64U << 10;
constexpr size_t max_statm_bytes = 4096;

// The number after blanks; 0 when there is none.
int64_t number_at(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  int64_t number = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

int64_t kib_of(std::string_view text, std::string_view key) {
  for (size_t at = 0; (at = text.find(key, at)) != std::string_view::npos; at += key.size())
    if (at == 0 || text[at - 1] == '\n') return number_at(text, at + key.size());
  return 0;
}

}  // namespace

MachineMemory parse_meminfo(std::string_view text) {
  constexpr int64_t kib = 1024;
  return {kib_of(text, "MemTotal:") * kib, kib_of(text, "MemAvailable:") * kib};
}

MachineMemory machine_memory() {
  const auto text = read_file("/proc/meminfo", max_meminfo_bytes);
  return text ? parse_meminfo(*text) : MachineMemory();
}

int64_t own_resident_bytes() {
  const auto text = read_file("/proc/self/statm", max_statm_bytes);
  if (!text) return 0;
  const size_t resident = text->find(' ');
  return resident == std::string::npos ? 0 : number_at(*text, resident) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace tijori
