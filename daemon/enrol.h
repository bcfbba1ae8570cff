// The first administrator: `tijorid enrol CERT`, by the owner of the appliance, while nobody else could do it.
#pragma once

#include <filesystem>

#include "daemon/config.h"

namespace tijori {

// Recorded through tijori-audit before it takes effect. permission_denied once there is an administrator.
Status enrol_administrator(const Places& places, const std::filesystem::path& certificate_file);

}  // namespace tijori
