// A SQLite file system that fails when told: a full disk, or a sync that reports an error, from the n-th operation on.
#pragma once

#include <atomic>

#include <sqlite3.h>

namespace tijori {

enum class DiskFault { none, full, sync };

// One for the process, since SQLite's default file system is.
struct FailingDisk {
  std::atomic<DiskFault> fault = DiskFault::none;
  std::atomic<int> operations_left = 0;

  void arm(DiskFault what, int after_operations) {
    operations_left = after_operations;
    fault = what;
  }
  bool fails(DiskFault what) { return fault == what && operations_left.fetch_sub(1) <= 0; }
};

inline FailingDisk& failing_disk() {
  static FailingDisk disk;
  return disk;
}

namespace failing_vfs {

struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

inline sqlite3_file* real_of(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real;
}

inline const sqlite3_io_methods methods = {
    3,
    [](sqlite3_file* f) {
      const int result = real_of(f)->pMethods->xClose(real_of(f));
      sqlite3_free(real_of(f));
      return result;
    },
    [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
      return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
    },
    [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
      if (failing_disk().fails(DiskFault::full)) return SQLITE_FULL;
      return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
    },
    [](sqlite3_file* f, sqlite3_int64 n) { return real_of(f)->pMethods->xTruncate(real_of(f), n); },
    [](sqlite3_file* f, int flags) {
      if (failing_disk().fails(DiskFault::sync)) return SQLITE_IOERR_FSYNC;
      return real_of(f)->pMethods->xSync(real_of(f), flags);
    },
    [](sqlite3_file* f, sqlite3_int64* n) { return real_of(f)->pMethods->xFileSize(real_of(f), n); },
    [](sqlite3_file* f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); },
    [](sqlite3_file* f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); },
    [](sqlite3_file* f, int* out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); },
    [](sqlite3_file* f, int op, void* arg) { return real_of(f)->pMethods->xFileControl(real_of(f), op, arg); },
    [](sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); },
    [](sqlite3_file* f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); },
    [](sqlite3_file* f, int page, int size, int flags, void volatile** out) {
      return real_of(f)->pMethods->xShmMap(real_of(f), page, size, flags, out);
    },
    [](sqlite3_file* f, int at, int n, int flags) { return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags); },
    [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); },
    [](sqlite3_file* f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); },
    [](sqlite3_file* f, sqlite3_int64 at, int n, void** out) {
      return real_of(f)->pMethods->xFetch(real_of(f), at, n, out);
    },
    [](sqlite3_file* f, sqlite3_int64 at, void* page) { return real_of(f)->pMethods->xUnfetch(real_of(f), at, page); },
};

inline int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* real_vfs = static_cast<sqlite3_vfs*>(vfs->pAppData);
  auto* mine = reinterpret_cast<File*>(file);
  mine->base.pMethods = nullptr;
  mine->real = static_cast<sqlite3_file*>(sqlite3_malloc(real_vfs->szOsFile));
  if (mine->real == nullptr) return SQLITE_NOMEM;
  const int result = real_vfs->xOpen(real_vfs, name, mine->real, flags, out_flags);
  if (result == SQLITE_OK) {
    mine->base.pMethods = &methods;
  } else {
    sqlite3_free(mine->real);
  }
  return result;
}

}  // namespace failing_vfs

// Puts the failing disk under every database opened from now on.
inline void install_failing_disk() {
  static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
  if (vfs.pAppData == sqlite3_vfs_find("unix")) return;
  vfs.pAppData = sqlite3_vfs_find("unix");
  vfs.zName = "failing";
  vfs.szOsFile = sizeof(failing_vfs::File);
  vfs.xOpen = failing_vfs::open;
  sqlite3_vfs_register(&vfs, 1);
}

}  // namespace tijori
