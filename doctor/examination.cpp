#include "doctor/examination.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>

#include "doctor/certificates.h"
#include "doctor/clock.h"
#include "doctor/core_dumps.h"
#include "doctor/disk.h"
#include "doctor/gpu.h"
#include "doctor/sandbox.h"
#include "doctor/secure_boot.h"
#include "doctor/sockets.h"
#include "doctor/swap.h"

namespace tijori {
namespace {

using Subject = SubjectReport (*)(const Machine& machine);
// What the daemon judges by what it has in force, not by the files.
constexpr std::string_view judged_by_daemon[] = {"certificate-expiring", "crl-stale"};

constexpr Subject subjects[] = {examine_certificates, examine_sockets, examine_disk,
                                examine_clock,        examine_sandbox, examine_core_dumps,
                                examine_swap,         examine_gpu,     examine_secure_boot};

}  // namespace

void Examination::take(SubjectReport report) {
  if (std::ranges::find(report.unseen, report.subject, &Unseen::what) == report.unseen.end())
    checked.push_back(std::move(report.subject));
  std::ranges::move(report.findings, std::back_inserter(findings));
  std::ranges::move(report.unseen, std::back_inserter(unseen));
}

void Examination::take_daemon(std::vector<Condition> conditions) {
  std::erase_if(findings, [&](const Condition& found) {
    const bool judged = std::ranges::find(judged_by_daemon, found.code) != std::end(judged_by_daemon);
    return std::ranges::any_of(conditions, [&](const Condition& said) {
      return said.code == found.code && (judged || said.message == found.message);
    });
  });
  std::ranges::move(conditions, std::back_inserter(findings));
}

void Examination::sort() {
  std::ranges::stable_sort(findings, [](const Condition& one, const Condition& other) {
    return std::tie(other.severity, one.code) < std::tie(one.severity, other.code);
  });
}

Examination examine(const Machine& machine, ModelDepth depth, const HashProgress& progress) {
  Examination examination;
  for (const Subject subject : subjects) examination.take(subject(machine));
  examination.take(examine_models(machine, depth, progress));
  return examination;
}

std::vector<Condition> examine_from_inside(const Machine& machine) {
  Examination examination;
  for (const Subject subject : subjects) examination.take(subject(machine));
  return std::move(examination.findings);
}

}  // namespace tijori
