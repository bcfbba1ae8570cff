// Where the files of a log lie, and what else of the operating system the log needs: keys, lock, ballast, free space.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "audit/proof/event.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/file.h"

namespace tijori {

struct AuditDirectory {
  std::filesystem::path root;

  std::filesystem::path ledger() const { return root / "ledger.db"; }
  std::filesystem::path segments() const { return root / "segments"; }
  std::filesystem::path segment(uint64_t number) const;
  std::filesystem::path signing_key() const { return root / "keys" / "signing.key"; }
  std::filesystem::path subject_key() const { return root / "keys" / "subject.key"; }
  std::filesystem::path ballast() const { return root / "ballast"; }
  std::filesystem::path lock() const { return root / "lock"; }

  // Makes the folders, 0700.
  Status make() const;
  // Holds the log for this process until the descriptor closes; unavailable when another has it.
  Result<UniqueFd> take_lock() const;
};

// The 32 bytes of a key file. A missing one is made from random bytes, mode 0600, when `may_create` says so.
enum class MissingKey : uint8_t { create, refuse };
Result<Secret> load_key(const std::filesystem::path& path, MissingKey missing);

// SHA-256 of a file.
Result<Digest> digest_file(const std::filesystem::path& path);

struct DiskSpace {
  uint64_t total_bytes = 0;
  uint64_t free_bytes = 0;
};
Result<DiskSpace> disk_space(const std::filesystem::path& path);

// A file whose blocks are given back when the disk is full, so that the last records find room.
Status make_ballast(const std::filesystem::path& path, uint64_t size_bytes);
void release_ballast(const std::filesystem::path& path);

// What the kernel says of its clock.
TimeStatus kernel_time_status();

}  // namespace tijori
