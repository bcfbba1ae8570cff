// Files and descriptors: owned descriptors, whole-file reads with a limit, durable atomic writes, read-only maps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace tijori {

// Owns one descriptor and closes it; -1 is "none".
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

Result<UniqueFd> open_file(const std::filesystem::path& path, int flags, unsigned mode = 0600);

// The whole file, refused with resource_exhausted when it is larger than the limit.
Result<std::string> read_file(const std::filesystem::path& path, uint64_t limit_bytes);

// Writes everything or fails; restarts after EINTR and short writes.
Status write_all(int fd, ByteView bytes, std::string_view what);

// Replaces the file in one step: temporary in the same folder, fsync, rename, fsync of the folder. After a crash the
// file is the old one or the new one, never a part.
Status write_file_atomic(const std::filesystem::path& path, ByteView bytes, unsigned mode);

// fsync of a folder, so that a name made in it survives a power cut.
Status sync_directory(const std::filesystem::path& directory);

// mkdir -p with the mode for what is made; an existing folder keeps its own.
Status make_directories(const std::filesystem::path& directory, unsigned mode);

// A read-only map of a whole regular file. The bytes stay valid while the object lives and nobody truncates the file.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  ByteView bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  MappedFile(std::filesystem::path path, ByteView bytes) : path_(std::move(path)), bytes_(bytes) {}
  std::filesystem::path path_;
  ByteView bytes_;
};

}  // namespace tijori
