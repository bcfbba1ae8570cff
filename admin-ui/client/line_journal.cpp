#include "admin-ui/client/line_journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/crypto.h"

namespace tijori {
namespace {

constexpr size_t checksum_digits = 8;
constexpr unsigned file_mode = 0600;
constexpr unsigned folder_mode = 0700;

std::string checksum(std::string_view text) {
  return to_hex(sha256(as_bytes(text))).substr(0, checksum_digits);
}

}  // namespace

Result<LineJournal> LineJournal::open(const std::filesystem::path& path) {
  TRY(make_directories(path.parent_path(), folder_mode));
  LineJournal journal(path);
  TRY_ASSIGN(journal.fd_, open_file(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, file_mode));
  if (fchmod(journal.fd_.get(), file_mode) != 0) return fail_errno("fchmod", path.string());
  TRY(sync_directory(path.parent_path()));
  TRY_ASSIGN(const std::string text, read_file(path, max_journal_bytes));
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      journal.ends_torn_ = true;
      ++journal.damaged_;
      break;
    }
    if (end > 0) journal.take(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return journal;
}

void LineJournal::take(std::string_view line) {
  const bool has_checksum = line.size() > checksum_digits && line[checksum_digits] == ' ';
  const std::string_view text = has_checksum ? line.substr(checksum_digits + 1) : std::string_view();
  if (has_checksum && line.substr(0, checksum_digits) == checksum(text))
    lines_.emplace_back(text);
  else
    ++damaged_;
}

Status LineJournal::append(std::string_view text) {
  CHECK(text.find('\n') == std::string_view::npos);
  std::string line = ends_torn_ ? "\n" : "";
  line.append(checksum(text)).append(" ").append(text).append("\n");
  // Until it is whole again: a part may have reached the file.
  ends_torn_ = true;
  TRY(write_all(fd_.get(), as_bytes(line), path_.string()));
  if (fdatasync(fd_.get()) != 0) return fail_errno("fdatasync", path_.string());
  ends_torn_ = false;
  return {};
}

}  // namespace tijori
