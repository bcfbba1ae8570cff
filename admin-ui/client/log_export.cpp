#include "admin-ui/client/log_export.h"

#include <QFile>
#include <QSaveFile>
#include <array>

#include "admin-ui/models/numbers.h"
#include "base/crypto.h"

namespace tijori {
namespace {

constexpr uint64_t max_log_bytes = uint64_t{1} << 42;
constexpr int64_t step_every_bytes = int64_t{1} << 20;

// A file that is there whole or not at all, and its digest.
class Sheet {
 public:
  explicit Sheet(const QString& name) : file_(name) {}

  Status open() {
    if (file_.open(QIODevice::WriteOnly)) {
      file_.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
      return {};
    }
    return complain();
  }
  Status write(std::string_view text) {
    if (file_.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()))
      return complain();
    hash_.update(as_bytes(text));
    bytes_ += static_cast<int64_t>(text.size());
    return {};
  }
  Result<ExportDone> finish(int64_t rows) {
    if (!file_.commit()) return complain();
    return ExportDone{rows, bytes_, to_hex(hash_.finish())};
  }
  int64_t bytes() const { return bytes_; }

 private:
  std::unexpected<Error> complain() const {
    return fail(ErrorCode::io_error, file_.fileName().toStdString() + ": " + file_.errorString().toStdString());
  }

  QSaveFile file_;
  Sha256 hash_;
  int64_t bytes_ = 0;
};

std::string detail_text(const AuditDetail& detail, std::string_view name) {
  const DetailValue* const value = detail.find(name);
  if (value == nullptr) return {};
  if (const auto* const number = std::get_if<int64_t>(value)) return std::to_string(*number);
  const auto* const word = std::get_if<std::string>(value);
  return word == nullptr ? std::string() : *word;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

}  // namespace

std::string csv_field(std::string_view text) {
  std::string field;
  // A spreadsheet runs what begins so; with an apostrophe before it, it is text.
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) field = "'";
  field += text;
  if (field.find_first_of("\",\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_head() {
  return "seq,signed,time_utc,time_ist,event,outcome,actor_type,actor,actor_name,object,purpose,basis,subjects,"
         "request_id,code,total_us,prompt_tokens,completion_tokens,leaf,chain\r\n";
}

std::string csv_line(const AuditRecord& record, const RowOrder& order) {
  const auto name = order.names.find(record.actor);
  const std::array fields{std::to_string(record.seq),
                          std::string(record.seq < order.signed_records ? "yes" : "no"),
                          rfc3339_utc(record.time_us).toStdString(),
                          rfc3339_ist(record.time_us).toStdString(),
                          record.event,
                          record.outcome,
                          record.actor_type,
                          record.actor,
                          name == order.names.end() ? std::string() : name->second,
                          record.object,
                          record.purpose,
                          record.basis,
                          joined(record.subjects),
                          record.request_id,
                          detail_text(record.detail, "code"),
                          detail_text(record.detail, "total_us"),
                          detail_text(record.detail, "prompt_tokens"),
                          detail_text(record.detail, "completion_tokens"),
                          record.leaf,
                          record.chain};
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + csv_field(field);
  return line + "\r\n";
}

Result<ExportDone> write_rows(const RowOrder& order, const QString& file, const FetchRows& fetch,
                              const ExportStep& step) {
  Sheet sheet(file);
  TRY(sheet.open());
  TRY(sheet.write(csv_head()));
  int64_t rows = 0;
  for (int64_t before = order.before_seq; before > 0;) {
    const Answer<AuditRecords> page = fetch(order.target(before));
    if (!page) return fail(page.error().error);
    if (page->records.empty()) break;
    std::string lines;
    for (const AuditRecord& record : page->records) {
      if (record.seq >= before) return fail(ErrorCode::malformed, "the appliance's pages don't follow each other");
      before = record.seq;
      lines += csv_line(record, order);
      ++rows;
    }
    TRY(sheet.write(lines));
    step(rows, sheet.bytes());
    if (page->records.size() < static_cast<size_t>(max_records_per_list)) break;
  }
  return sheet.finish(rows);
}

Result<ExportDone> write_log(const QString& file, HttpClient& client, const Cancellation& cancellation,
                             const ExportStep& step) {
  Sheet sheet(file);
  TRY(sheet.open());
  ClientRequest request{.target = "/admin/v1/audit/export", .cancellation = &cancellation};
  request.max_body_bytes = max_log_bytes;
  int64_t told_bytes = 0;
  const auto response = client.stream(request, [&](std::string_view piece) -> Status {
    TRY(sheet.write(piece));
    if (sheet.bytes() - told_bytes < step_every_bytes) return {};
    told_bytes = sheet.bytes();
    step(0, told_bytes);
    return {};
  });
  if (!response) return fail(response.error());
  if (response->status != 200) return fail(refused(*response).error);
  return sheet.finish(0);
}

}  // namespace tijori
