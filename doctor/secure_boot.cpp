#include "doctor/secure_boot.h"

#include <algorithm>

#include "base/file.h"
#include "doctor/gpu.h"
#include "doctor/text.h"

namespace tijori {
namespace {

constexpr const char* secure_boot_variable = "firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
// The keys that the machine's owner enrolled besides the vendor's, as the boot loader (shim) hands them on.
constexpr const char* owner_keys_variable = "firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23";
constexpr size_t attribute_bytes = 4;
constexpr uint64_t max_variable_bytes = 1U << 20;
constexpr uint64_t max_modules_bytes = 16U << 20;

bool is_driver_installed(const Machine& machine) {
  const auto release = read_kernel_text(machine.proc / "sys/kernel/osrelease");
  if (!release) return false;
  const std::string_view name = trimmed(*release);
  if (name.empty() || name.find('/') != std::string_view::npos) return false;
  const auto modules = read_file(machine.kernel_modules / name / "modules.dep", max_modules_bytes);
  return modules && has_nvidia_module(*modules);
}

}  // namespace

bool is_secure_boot_on(std::string_view variable) {
  return variable.size() == attribute_bytes + 1 && variable[attribute_bytes] == 1;
}

bool has_nvidia_module(std::string_view modules) {
  return std::ranges::any_of(lines_of(modules), [](std::string_view line) {
    const std::string_view file = line.substr(0, line.find(':'));
    const std::string_view name = file.substr(file.rfind('/') + 1);
    // Debian calls it nvidia-current.ko.
    return name.starts_with("nvidia.ko") || name.starts_with("nvidia-current.ko");
  });
}

bool does_secure_boot_block(const Machine& machine) {
  if (nvidia_cards(machine).empty() || is_nvidia_driver_loaded(machine)) return false;
  const auto variable = read_file(machine.sys / secure_boot_variable, max_variable_bytes);
  return variable && is_secure_boot_on(*variable) && is_driver_installed(machine);
}

SubjectReport examine_secure_boot(const Machine& machine) {
  SubjectReport report("Secure Boot");
  if (!does_secure_boot_block(machine)) return report;
  const auto keys = read_file(machine.sys / owner_keys_variable, max_variable_bytes);
  const bool has_keys = keys && keys->size() > attribute_bytes;
  report.find(
      "secure-boot-blocks-driver", Severity::info,
      std::string("The NVIDIA driver is installed but not loaded, and Secure Boot is on; ") +
          (has_keys
               ? "the key that signed it is not among those that this machine's owner enrolled, or it isn't signed."
               : "this machine's owner has enrolled no key of his own."));
  return report;
}

}  // namespace tijori
