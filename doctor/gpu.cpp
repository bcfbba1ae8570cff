#include "doctor/gpu.h"

#include <algorithm>
#include <system_error>

#include "doctor/secure_boot.h"
#include "doctor/text.h"

namespace tijori {
namespace {

constexpr std::string_view nvidia_vendor = "0x10de";
constexpr std::string_view display_class = "0x03";
constexpr uint64_t least_driver = 580;  // of CUDA 13
constexpr size_t max_version_chars = 32;
// The engines of this release compute on the CPU: a card that idles is worth a note, no more.
constexpr Severity weight = Severity::info;

bool begins_with(const std::filesystem::path& file, std::string_view wanted) {
  const auto text = read_kernel_text(file);
  return text && text->starts_with(wanted);
}

}  // namespace

std::vector<NvidiaCard> nvidia_cards(const Machine& machine) {
  std::vector<NvidiaCard> cards;
  std::error_code error;
  std::filesystem::directory_iterator devices(machine.sys / "bus/pci/devices", error);
  for (; !error && devices != std::filesystem::directory_iterator(); devices.increment(error)) {
    const auto& device = devices->path();
    if (!begins_with(device / "vendor", nvidia_vendor) || !begins_with(device / "class", display_class)) continue;
    std::error_code none;
    cards.push_back(
        {device.filename().string(), std::filesystem::read_symlink(device / "driver", none).filename().string()});
  }
  std::ranges::sort(cards, {}, &NvidiaCard::place);
  return cards;
}

bool is_nvidia_driver_loaded(const Machine& machine) {
  std::error_code ignored;
  return std::filesystem::exists(machine.sys / "module/nvidia", ignored) ||
         std::filesystem::exists(machine.proc / "driver/nvidia/version", ignored);
}

std::string driver_version(std::string_view text) {
  const auto is_version = [](std::string_view word) {
    return word.size() <= max_version_chars && word.find('.') != std::string_view::npos && major_of(word) &&
           std::ranges::all_of(word, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  };
  for (const std::string_view word : words_of(text.substr(0, text.find('\n'))))
    if (is_version(word)) return std::string(word);
  return "";
}

std::optional<uint64_t> major_of(std::string_view version) {
  return number_of(version.substr(0, version.find('.')));
}

SubjectReport examine_gpu(const Machine& machine) {
  SubjectReport report("NVIDIA driver");
  const auto cards = nvidia_cards(machine);
  if (cards.empty()) return report;
  const std::string card = "The NVIDIA card at " + cards.front().place;
  if (!is_nvidia_driver_loaded(machine)) {
    const std::string& other = cards.front().driver;
    if (!does_secure_boot_block(machine))
      report.find("nvidia-driver-missing", weight,
                  card + " has no NVIDIA driver" + (other.empty() ? "" : " (" + other + " has it)") + ".");
    return report;
  }
  std::string version;
  for (const auto& file : {machine.sys / "module/nvidia/version", machine.proc / "driver/nvidia/version"}) {
    const auto text = read_kernel_text(file);
    if (version.empty() && text) version = driver_version(*text);
  }
  if (version.empty())
    report.miss("version of the NVIDIA driver", "neither /sys/module/nvidia/version nor /proc/driver/nvidia tells it");
  else if (major_of(version) < least_driver)
    report.find("nvidia-driver-old", weight,
                card + " has driver " + version + "; CUDA 13 needs " + std::to_string(least_driver) + " or later.");
  return report;
}

}  // namespace tijori
