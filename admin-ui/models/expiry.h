// Which certificates of the register end next.
#pragma once

#include <QString>
#include <vector>

#include "protocol/admin_types.h"

namespace tijori {

inline constexpr int64_t expiry_soon_us = int64_t{30} * 86'400'000'000;

struct Expiry {
  QString client;
  int64_t not_after_us = 0;  // of the client's certificate that is valid longest
  bool operator==(const Expiry&) const = default;
};

// At most `most`, the first to end first; of clients and certificates that aren't revoked.
std::vector<Expiry> next_to_expire(const std::vector<ClientInfo>& clients, size_t most);

}  // namespace tijori
