// The audit log into a file: rows of a filter as CSV for a spreadsheet, or the log itself for tijori-audit-verify. Runs
// in a worker thread; the file appears under its name only once it is whole.
#pragma once

#include <QString>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "protocol/audit_messages.h"
#include "protocol/client/api_client.h"

namespace tijori {

struct ExportDone {
  int64_t rows = 0;
  int64_t bytes = 0;
  std::string sha256;  // of the file
};
using ExportStep = std::function<void(int64_t rows, int64_t bytes)>;
using FetchRows = std::function<Answer<AuditRecords>(const std::string& target)>;

struct RowOrder {
  // The records before a number that are wanted, newest first, at most `max_records_per_list`.
  std::function<std::string(std::optional<int64_t> before_seq)> target;
  int64_t before_seq = 0;  // the log's size when it was asked: what is written meanwhile isn't in it
  int64_t signed_records = 0;
  std::map<std::string, std::string> names;  // of clients, by id
};

// One line for a spreadsheet: quoted as RFC 4180 says, CRLF at its end, and nothing that a spreadsheet would take for a
// formula.
std::string csv_head();
std::string csv_line(const AuditRecord& record, const RowOrder& order);
std::string csv_field(std::string_view text);

// Every record that matches, whether it was looked at or not.
Result<ExportDone> write_rows(const RowOrder& order, const QString& file, const FetchRows& fetch,
                              const ExportStep& step);
Result<ExportDone> write_log(const QString& file, HttpClient& client, const Cancellation& cancellation,
                             const ExportStep& step);

}  // namespace tijori
