// Unix stream sockets: listening, connecting, and who the peer is. Paths of any length work: a long one is reached
// through a descriptor of its folder, since sockaddr_un holds 108 bytes.
#pragma once

#include <filesystem>

#include <sys/types.h>

#include "base/error.h"
#include "base/file.h"

namespace tijori {

inline constexpr int listen_backlog = 1024;

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};

// Binds and listens; a stale socket file at the path is replaced, any other file is refused. `mode` is the file's.
Result<UniqueFd> listen_unix(const std::filesystem::path& path, unsigned mode);

// Connects, blocking. unavailable or not_found when nobody listens there.
Result<UniqueFd> connect_unix(const std::filesystem::path& path);

// Connects without waiting, and the socket stays non-blocking. resource_exhausted while its queue is full: to be tried
// again.
Result<UniqueFd> connect_unix_at_once(const std::filesystem::path& path);

// SO_PEERCRED: the credentials the peer had when it connected.
Result<PeerCredentials> peer_credentials(int fd);

// Accepts one connection of the wanted uid; others are closed unread and skipped. Fails when the listener is shut down,
// or, with unavailable, once `stop` can be read: a listener that another process keeps isn't to be shut down, since it
// would refuse every connection to come.
Result<UniqueFd> accept_from_uid(int listener, uid_t wanted_uid, int stop = -1);

}  // namespace tijori
