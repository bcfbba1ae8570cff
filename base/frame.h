// The frame of the inner sockets (docs/engine-protocol.md): a fixed header, then the payload.
//
//   OFFSET  SIZE  DESCRIPTION (little-endian)
//        0     4  payload length in bytes, at most max_frame_payload_bytes
//        4     2  message type
//        6     2  reserved, zero
//        8     8  request id; 0 speaks of the connection itself
//
// A frame is valid if and only if its length is within the limit and its reserved field is zero.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"

namespace tijori {

inline constexpr size_t frame_header_bytes = 16;
inline constexpr uint32_t max_frame_payload_bytes = 8U << 20;

struct FrameHeader {
  uint32_t payload_bytes = 0;
  uint16_t type = 0;
  uint64_t request_id = 0;
};

// `bytes` holds at least frame_header_bytes.
Result<FrameHeader> decode_frame_header(ByteView bytes);

struct Frame {
  uint16_t type = 0;
  uint64_t request_id = 0;
  std::string payload;
};

// Header and payload in one buffer. The payload must be within the limit (CHECKed: the caller bounds what it sends).
std::string encode_frame(uint16_t type, uint64_t request_id, std::string_view payload);

// Blocking frames over a stream socket it owns. One thread may read while others write; writes are whole frames.
class FrameChannel {
 public:
  explicit FrameChannel(UniqueFd fd) : fd_(std::move(fd)) {}

  // The next frame; unavailable, "connection closed", at a clean end between frames; malformed inside one.
  Result<Frame> read();
  Status write(uint16_t type, uint64_t request_id, std::string_view payload);
  // Wakes a blocked read and makes every later call fail; safe from any thread.
  void shutdown();
  int fd() const { return fd_.get(); }

 private:
  Status read_exactly(uint8_t* to, size_t count, std::string_view what);

  UniqueFd fd_;
  std::mutex write_mutex_;
};

}  // namespace tijori
