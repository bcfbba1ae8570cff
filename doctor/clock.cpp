#include "doctor/clock.h"

#include <sys/stat.h>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr int64_t second_us = 1'000'000;
constexpr int64_t tolerance_us = 300 * second_us;
// Nobody runs a release that long; a clock that says so was set by a flat battery or a typing error.
constexpr int64_t longest_use_us = int64_t{30} * 366 * 86'400 * second_us;
constexpr int64_t written_us = int64_t{TIJORI_WRITTEN_S} * second_us;

int64_t modified_us(const std::filesystem::path& file) {
  struct stat info{};
  return ::stat(file.c_str(), &info) == 0 ? int64_t{info.st_mtim.tv_sec} * second_us : 0;
}

int64_t valid_from_us(const std::filesystem::path& file) {
  const auto pem = read_file(file, max_pem_bytes);
  const auto certificate = pem ? Certificate::from_pem(*pem) : fail(pem.error());
  return certificate ? certificate->info().not_before_us : 0;
}

}  // namespace

SubjectReport examine_clock(const Machine& machine) {
  SubjectReport report("clock");
  const std::string now = "The clock says " + to_rfc3339(machine.now_us) + ", ";
  const auto is_ahead = [&](int64_t time_us) { return time_us - tolerance_us > machine.now_us; };
  const auto wrong = [&](const std::string& why) { report.find("clock-wrong", Severity::error, now + why + "."); };
  const auto state_file = machine.state / "state.db";
  const auto certificate = machine.tls / "server.crt";
  // The sources of a checkout may be of any date.
  const bool is_release = !machine.checkout;
  if (is_release && is_ahead(written_us))
    wrong("but this release was made at " + to_rfc3339(written_us));
  else if (is_release && machine.now_us > written_us + longest_use_us)
    wrong("decades after this release was made");
  else if (is_ahead(machine.log_reached_us))
    wrong("but the audit log has been at " + to_rfc3339(machine.log_reached_us) + " already");
  else if (const int64_t changed_us = modified_us(state_file); is_ahead(changed_us))
    wrong("but " + state_file.string() + " was changed at " + to_rfc3339(changed_us));
  else if (const int64_t from_us = valid_from_us(certificate); is_ahead(from_us))
    wrong("but " + certificate.string() + " is valid from " + to_rfc3339(from_us) + " on");
  return report;
}

}  // namespace tijori
