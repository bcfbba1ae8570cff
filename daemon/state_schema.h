// The tables of state.db and how an older file gets them.
#pragma once

#include "base/error.h"
#include "daemon/database.h"

namespace tijori {

// Brings the file to this release's schema, in one transaction; unsupported when a newer release wrote it.
Status migrate_state(Database& database);

}  // namespace tijori
