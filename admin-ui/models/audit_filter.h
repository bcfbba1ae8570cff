// Which records of the audit log are wanted, as the admin API is asked for them and as the command line says it.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>

namespace tijori {

struct AuditFilter {
  std::optional<int64_t> since_us;
  std::optional<int64_t> until_us;  // inclusive
  std::string event;
  std::string outcome;
  std::string actor;       // 32 hex digits
  std::string request_id;  // 32 hex digits
  bool any() const {
    return since_us || until_us || !event.empty() || !outcome.empty() || !actor.empty() || !request_id.empty();
  }
  bool operator==(const AuditFilter&) const = default;
};

// "/admin/v1/audit/records?limit=…": newest first, before a record number.
std::string records_target(const AuditFilter& filter, std::optional<int64_t> before_seq, int64_t limit);
// "/admin/v1/audit/count?bucket_us=…"; 0: no buckets.
std::string count_target(const AuditFilter& filter, int64_t bucket_us);
// "tijori audit list …", "tijori audit count …"
QString records_command(const AuditFilter& filter);
QString count_command(const AuditFilter& filter, int64_t bucket_us);

}  // namespace tijori
