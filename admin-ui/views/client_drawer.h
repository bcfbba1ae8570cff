// What the drawer of the Clients screen shows: a client with the life of its certificate and how it asks, and the
// question before it is revoked.
#pragma once

#include <optional>

#include "admin-ui/views/parts/drawer.h"
#include "protocol/admin_types.h"

namespace tijori {

struct ClientActs {
  Button* renew;  // nullptr for a revoked client
  Button* records;
  Button* revoke;  // nullptr for a revoked client
};
// `api_socket`: for the programs that are shown. The acts are the caller's to connect before end().
ClientActs show_client(Drawer& drawer, const ClientInfo& client, const BadgeText& standing, int64_t now_us,
                       const QString& api_socket);

struct RevokeQuestion {
  Button* keep;
  Button* confirm;     // works once the name is typed
  QWidget* typed;      // takes the focus
  TextLabel* running;  // under_way_words()
  TextLabel* history;  // for how many requests came from it, once that is known
};
// How many answers revoking cuts.
QString under_way_words(const ClientInfo& client);
// What revoking loses, in numbers.
RevokeQuestion show_revoke(Drawer& drawer, const ClientInfo& client);

}  // namespace tijori
