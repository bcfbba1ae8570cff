#include "audit/store/directory.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace tijori {

namespace {

constexpr size_t key_bytes = 32;

}  // namespace

std::filesystem::path AuditDirectory::segment(uint64_t number) const {
  std::string digits = std::to_string(number);
  constexpr size_t width = 8;
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return segments() / (digits + ".db");
}

Status AuditDirectory::make() const {
  TRY(make_directories(root, 0700));
  TRY(make_directories(segments(), 0700));
  return make_directories(root / "keys", 0700);
}

Result<UniqueFd> AuditDirectory::take_lock() const {
  TRY_ASSIGN(UniqueFd fd, open_file(lock(), O_RDWR | O_CREAT, 0600));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ErrorCode::unavailable, root.string() + ": another process writes this log; stop it first");
    }
    return fail_errno("flock", lock().string());
  }
  return fd;
}

Result<Secret> load_key(const std::filesystem::path& path, MissingKey missing) {
  Result<std::string> text = read_file(path, key_bytes);
  if (!text && text.error().code == ErrorCode::not_found && missing == MissingKey::create) {
    Bytes fresh(key_bytes);
    random_bytes(fresh);
    Secret key(std::move(fresh));
    TRY(write_file_atomic(path, key.bytes(), 0600));
    return key;
  }
  if (!text) return fail(text.error().in("key file"));
  Secret key(Bytes(text->begin(), text->end()));
  wipe({reinterpret_cast<uint8_t*>(text->data()), text->size()});
  if (key.bytes().size() != key_bytes) {
    return fail(ErrorCode::corrupted, path.string() + ": a key file has " + std::to_string(key_bytes) + " bytes");
  }
  return key;
}

Result<Digest> digest_file(const std::filesystem::path& path) {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDONLY));
  Sha256 hash;
  Bytes buffer(size_t{256} << 10);
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read", path.string());
    if (count == 0) return hash.finish();
    hash.update(ByteView(buffer).first(static_cast<size_t>(count)));
  }
}

Result<DiskSpace> disk_space(const std::filesystem::path& path) {
  struct statvfs status{};
  if (::statvfs(path.c_str(), &status) != 0) return fail_errno("statvfs", path.string());
  return DiskSpace{uint64_t{status.f_blocks} * status.f_frsize, uint64_t{status.f_bavail} * status.f_frsize};
}

Status make_ballast(const std::filesystem::path& path, uint64_t size_bytes) {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDWR | O_CREAT, 0600));
  const int number = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(size_bytes));
  if (number == 0) return {};
  errno = number;
  const auto failed = fail_errno("posix_fallocate", path.string());
  ::unlink(path.c_str());
  return failed;
}

void release_ballast(const std::filesystem::path& path) {
  ::unlink(path.c_str());
}

TimeStatus kernel_time_status() {
  struct timex state{};
  const int result = ::adjtimex(&state);
  if (result < 0) return TimeStatus::unknown;
  return result == TIME_ERROR || (state.status & STA_UNSYNC) != 0 ? TimeStatus::free_running : TimeStatus::synced;
}

}  // namespace tijori
