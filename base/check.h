// CHECK: programmer errors end the process with the place and the condition. Input never reaches a CHECK.
#pragma once

namespace tijori {

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace tijori

#define CHECK(condition)                                      \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::tijori::check_failed(__FILE__, __LINE__, #condition); \
  } while (0)
