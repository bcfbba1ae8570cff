#include "base/socket.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace tijori {

namespace {

// The folder must stay open while the address is used.
struct UnixAddress {
  UniqueFd folder;
  sockaddr_un address{};
};

Result<UnixAddress> unix_address(const std::filesystem::path& path) {
  UnixAddress result;
  result.address.sun_family = AF_UNIX;
  std::string name = path.string();
  if (name.empty()) return fail(ErrorCode::invalid_argument, "socket path is empty");
  if (name.size() >= sizeof result.address.sun_path) {
    TRY_ASSIGN(result.folder, open_file(path.parent_path(), O_PATH | O_DIRECTORY));
    name = "/proc/self/fd/" + std::to_string(result.folder.get()) + "/" + path.filename().string();
    if (name.size() >= sizeof result.address.sun_path) {
      return fail(ErrorCode::invalid_argument, path.string() + ": socket name is too long");
    }
  }
  std::memcpy(result.address.sun_path, name.data(), name.size());
  return result;
}

Result<UniqueFd> stream_socket(int flags = 0) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) return fail_errno("socket", "AF_UNIX");
  return fd;
}

}  // namespace

Result<UniqueFd> listen_unix(const std::filesystem::path& path, unsigned mode) {
  TRY_ASSIGN(const UnixAddress address, unix_address(path));
  TRY_ASSIGN(UniqueFd fd, stream_socket());
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) {
      return fail(ErrorCode::already_exists, path.string() + ": exists and is not a socket");
    }
    if (::unlink(path.c_str()) != 0) return fail_errno("unlink", path.string());
  }
  // The mode is set before anyone can connect: listen() comes last.
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.address), sizeof address.address) != 0) {
    return fail_errno("bind", path.string());
  }
  if (::chmod(path.c_str(), mode) != 0) return fail_errno("chmod", path.string());
  if (::listen(fd.get(), listen_backlog) != 0) return fail_errno("listen", path.string());
  return fd;
}

Result<UniqueFd> connect_unix(const std::filesystem::path& path) {
  TRY_ASSIGN(const UnixAddress address, unix_address(path));
  TRY_ASSIGN(UniqueFd fd, stream_socket());
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.address), sizeof address.address) != 0) {
    if (errno != EINTR) return fail_errno("connect", path.string());
  }
  return fd;
}

Result<UniqueFd> connect_unix_at_once(const std::filesystem::path& path) {
  TRY_ASSIGN(const UnixAddress address, unix_address(path));
  TRY_ASSIGN(UniqueFd fd, stream_socket(SOCK_NONBLOCK));
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.address), sizeof address.address) != 0) {
    if (errno == EAGAIN) return fail(ErrorCode::resource_exhausted, path.string() + ": its queue is full");
    if (errno != EINTR) return fail_errno("connect", path.string());
  }
  return fd;
}

Result<PeerCredentials> peer_credentials(int fd) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return fail_errno("SO_PEERCRED", "");
  return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

Result<UniqueFd> accept_from_uid(int listener, uid_t wanted_uid, int stop) {
  for (;;) {
    if (stop >= 0) {
      pollfd waited[2] = {{listener, POLLIN, 0}, {stop, POLLIN, 0}};
      if (::poll(waited, 2, -1) < 0 && errno != EINTR) return fail_errno("poll", "");
      if (waited[1].revents != 0) return fail(ErrorCode::unavailable, "told to accept no more");
      if (waited[0].revents == 0) continue;
    }
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      return fail_errno("accept", "");
    }
    const auto peer = peer_credentials(fd.get());
    if (peer && peer->uid == wanted_uid) return fd;
  }
}

}  // namespace tijori
