// Vectorscan, wrapped: where in a stream matches of many expressions end.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_scanned_ends = size_t{1} << 20;  // that one call may report

struct ScannedEnd {
  size_t offset = 0;  // in the stream
  uint32_t expression = 0;
  auto operator<=>(const ScannedEnd&) const = default;
};

// Immutable, for any number of streams on any thread.
class Scanner {
 public:
  struct Refusal {
    Error error;
    std::optional<size_t> expression;  // the one at fault
  };
  // Expressions over bytes (pattern_regex.h), one at least. unsupported when this processor can't run the scanner.
  static std::expected<std::unique_ptr<const Scanner>, Refusal> compile(const std::vector<std::string>& expressions);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Of the automata; each stream and each thread in a stream takes a little more.
  size_t memory_bytes() const;

  // Belongs to one thread at a time; the scanner must outlive it.
  class Stream {
   public:
    ~Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) = delete;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Sets `ends` to those in these next bytes, sorted, each once. resource_exhausted when there are too many; after an
    // error the stream is of no more use.
    Status scan(std::string_view bytes, std::vector<ScannedEnd>& ends);

   private:
    friend class Scanner;
    struct Impl;
    explicit Stream(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  Result<Stream> open() const;

 private:
  struct Impl;
  explicit Scanner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tijori
