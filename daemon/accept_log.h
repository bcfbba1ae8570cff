// `tijorid accept-log`: the owner of the appliance takes the log that is there for the daemon's, after the one it
// remembers is lost for good.
#pragma once

#include "daemon/config.h"

namespace tijori {

// Recorded in the accepted log before it takes effect (docs/audit-record.md, admin.changed), with the id and the size
// of the log that is given up. already_exists when there is nothing to accept.
Status accept_log(const Places& places);

}  // namespace tijori
