#include "admin-ui/models/audit_filter.h"

#include <QDateTime>

#include "protocol/client/http_client.h"

namespace tijori {
namespace {

constexpr int64_t second_us = 1'000'000;

void add(std::string& target, std::string_view name, const std::string& value) {
  if (!value.empty()) target.append("&").append(name).append("=").append(percent_encode(value));
}

void add_filter(std::string& target, const AuditFilter& filter) {
  if (filter.since_us) add(target, "since_us", std::to_string(*filter.since_us));
  if (filter.until_us) add(target, "until_us", std::to_string(*filter.until_us));
  add(target, "event", filter.event);
  add(target, "outcome", filter.outcome);
  add(target, "actor", filter.actor);
  add(target, "request_id", filter.request_id);
}

// The command line takes whole seconds.
QString moment(int64_t second) {
  return QDateTime::fromSecsSinceEpoch(second, Qt::UTC).toString(Qt::ISODate);
}

QString options_of(const AuditFilter& filter) {
  QString line;
  const auto option = [&line](const char* name, const QString& value) {
    if (!value.isEmpty()) line += QStringLiteral(" --%1 %2").arg(QLatin1String(name), value);
  };
  option("event", QString::fromStdString(filter.event));
  option("outcome", QString::fromStdString(filter.outcome));
  option("actor", QString::fromStdString(filter.actor));
  option("request", QString::fromStdString(filter.request_id));
  if (filter.since_us) option("since", moment(*filter.since_us / second_us));
  if (filter.until_us) option("until", moment((*filter.until_us + second_us - 1) / second_us));
  return line;
}

}  // namespace

std::string records_target(const AuditFilter& filter, std::optional<int64_t> before_seq, int64_t limit) {
  std::string target = "/admin/v1/audit/records?limit=" + std::to_string(limit);
  if (before_seq) add(target, "before_seq", std::to_string(*before_seq));
  add_filter(target, filter);
  return target;
}

std::string count_target(const AuditFilter& filter, int64_t bucket_us) {
  std::string target = "/admin/v1/audit/count?bucket_us=" + std::to_string(bucket_us);
  add_filter(target, filter);
  return target;
}

QString records_command(const AuditFilter& filter) {
  return QStringLiteral("tijori audit list") + options_of(filter);
}

QString count_command(const AuditFilter& filter, int64_t bucket_us) {
  QString line = QStringLiteral("tijori audit count") + options_of(filter);
  if (bucket_us > 0) line += QStringLiteral(" --every %1").arg(bucket_us / second_us);
  return line;
}

}  // namespace tijori
