#include "base/file.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tijori {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Result<UniqueFd> open_file(const std::filesystem::path& path, int flags, unsigned mode) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) return fail_errno("open", path.string());
  return fd;
}

Result<std::string> read_file(const std::filesystem::path& path, uint64_t limit_bytes) {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDONLY));
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read", path.string());
    if (count == 0) return text;
    text.append(buffer, static_cast<size_t>(count));
    if (text.size() > limit_bytes) {
      return fail(ErrorCode::resource_exhausted,
                  path.string() + ": larger than the limit of " + std::to_string(limit_bytes) + " bytes");
    }
  }
}

Status write_all(int fd, ByteView bytes, std::string_view what) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("write", what);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

Status write_file_atomic(const std::filesystem::path& path, ByteView bytes, unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return fail_errno("create", temporary);
  const auto written = [&]() -> Status {
    if (::fchmod(fd.get(), mode) != 0) return fail_errno("chmod", temporary);
    TRY(write_all(fd.get(), bytes, temporary));
    if (::fsync(fd.get()) != 0) return fail_errno("fsync", temporary);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_errno("rename", path.string());
    return {};
  }();
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_directory(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path());
}

Status sync_directory(const std::filesystem::path& directory) {
  TRY_ASSIGN(const UniqueFd fd, open_file(directory, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) != 0) return fail_errno("fsync", directory.string());
  return {};
}

Status make_directories(const std::filesystem::path& directory, unsigned mode) {
  std::error_code ignored;
  if (directory.empty() || std::filesystem::is_directory(directory, ignored)) return {};
  TRY(make_directories(directory.parent_path(), mode));
  if (::mkdir(directory.c_str(), mode) != 0 && errno != EEXIST) return fail_errno("mkdir", directory.string());
  return {};
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDONLY));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("stat", path.string());
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid_argument, path.string() + ": not a regular file");
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) return MappedFile(path, {});
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) return fail_errno("mmap", path.string());
  return MappedFile(path, {static_cast<const uint8_t*>(address), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<uint8_t*>(bytes_.data()), bytes_.size());
}

}  // namespace tijori
