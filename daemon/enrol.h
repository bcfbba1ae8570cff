// The first administrator: `tijorid enrol CERT` or `tijorid enrol FOLDER`, by the owner of the appliance, while nobody
// else could do it.
#pragma once

#include <filesystem>
#include <string>

#include "base/certificate.h"
#include "daemon/config.h"

namespace tijori {

struct Enrolment {
  CertificateInfo administrator;
  std::filesystem::path installed;  // where TLS files were put; empty when only a certificate was given
};

// Takes a certificate, or a folder as daemon/carried_folder.h has it, whose TLS files are installed first. Recorded
// through tijori-audit before it takes effect. permission_denied once there is an administrator; then nothing is
// written.
Result<Enrolment> enrol_administrator(const Places& places, const std::filesystem::path& given);

}  // namespace tijori
