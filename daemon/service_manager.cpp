#include "daemon/service_manager.h"

#include <cstdlib>
#include <ctime>

#include <systemd/sd-daemon.h>

namespace tijori {

Result<std::vector<ListeningSocket>> take_activated_sockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  if (count < 0) return fail(ErrorCode::io_error, "sd_listen_fds: error " + std::to_string(-count));
  std::vector<ListeningSocket> sockets;
  std::string unknown;
  for (int i = 0; i < count; ++i) {
    UniqueFd fd(SD_LISTEN_FDS_START + i);
    const std::string name = names[i];
    std::free(names[i]);
    if (name == "api" || name == "admin")
      sockets.push_back({name == "api" ? Listener::api : Listener::admin, std::move(fd)});
    else
      unknown = name;
  }
  std::free(static_cast<void*>(names));
  if (!unknown.empty())
    return fail(ErrorCode::invalid_argument, "socket " + unknown + ": expected FileDescriptorName=api or admin");
  return sockets;
}

void notify_ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void notify_reloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const int64_t now_us = int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now_us)).c_str());
}

void notify_stopping() {
  sd_notify(0, "STOPPING=1");
}

}  // namespace tijori
