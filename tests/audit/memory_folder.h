// Where a test's log may lie when only the process dies, not the machine: in memory, since a sync to a busy disk takes
// most of a test's time.
#pragma once

#include <QDir>
#include <QFileInfo>

namespace tijori {

// A template for QTemporaryDir.
inline QString memory_folder() {
  const QFileInfo memory("/dev/shm");
  return (memory.isWritable() ? memory.filePath() : QDir::tempPath()) + "/tijori-XXXXXX";
}

}  // namespace tijori
