#include "admin-ui/models/expiry.h"

#include <algorithm>
#include <utility>

namespace tijori {

std::vector<Expiry> next_to_expire(const std::vector<ClientInfo>& clients, size_t most) {
  std::vector<std::pair<int64_t, const ClientInfo*>> ends;
  for (const ClientInfo& client : clients) {
    if (client.revoked) continue;
    int64_t latest_us = 0;
    for (const CertificateEntry& certificate : client.certificates)
      if (!certificate.revoked) latest_us = std::max(latest_us, certificate.not_after_us);
    if (latest_us > 0) ends.emplace_back(latest_us, &client);
  }
  const size_t count = std::min(most, ends.size());
  std::partial_sort(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(count), ends.end(),
                    [](const auto& one, const auto& other) {
                      return one.first != other.first ? one.first < other.first : one.second->name < other.second->name;
                    });
  std::vector<Expiry> found;
  for (size_t i = 0; i < count; ++i) found.push_back({QString::fromStdString(ends[i].second->name), ends[i].first});
  return found;
}

}  // namespace tijori
