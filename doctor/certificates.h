// The certificates of the appliance and of a client: there, whole, and not about to end.
#pragma once

#include <filesystem>

#include "doctor/machine.h"
#include "doctor/report.h"

namespace tijori {

SubjectReport examine_certificates(const Machine& machine);

// The one that a client shows to the appliance.
SubjectReport examine_client_certificate(const std::filesystem::path& file, const Machine& machine);

}  // namespace tijori
