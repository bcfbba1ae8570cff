#include "base/frame.h"

#include <cerrno>

#include <sys/socket.h>

#include "base/check.h"

namespace tijori {

Result<FrameHeader> decode_frame_header(ByteView bytes) {
  CHECK(bytes.size() >= frame_header_bytes);
  FrameHeader header;
  header.payload_bytes = load_le<uint32_t>(bytes.data());
  header.type = load_le<uint16_t>(bytes.data() + 4);
  header.request_id = load_le<uint64_t>(bytes.data() + 8);
  if (header.payload_bytes > max_frame_payload_bytes) {
    return fail(ErrorCode::malformed, "frame: payload of " + std::to_string(header.payload_bytes) +
                                          " bytes, the limit is " + std::to_string(max_frame_payload_bytes));
  }
  if (load_le<uint16_t>(bytes.data() + 6) != 0) return fail(ErrorCode::malformed, "frame: reserved field is not zero");
  return header;
}

std::string encode_frame(uint16_t type, uint64_t request_id, std::string_view payload) {
  CHECK(payload.size() <= max_frame_payload_bytes);
  uint8_t header[frame_header_bytes] = {};
  store_le(header, static_cast<uint32_t>(payload.size()));
  store_le(header + 4, type);
  store_le(header + 8, request_id);
  std::string bytes(as_text(header));
  bytes += payload;
  return bytes;
}

Status FrameChannel::read_exactly(uint8_t* to, size_t count, std::string_view what) {
  size_t done = 0;
  while (done < count) {
    const ssize_t got = ::recv(fd_.get(), to + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("read", what);
    if (got == 0) {
      return done == 0 && what == "frame header" ? fail(ErrorCode::unavailable, "connection closed")
                                                 : fail(ErrorCode::malformed, "connection closed inside a frame");
    }
    done += static_cast<size_t>(got);
  }
  return {};
}

Result<Frame> FrameChannel::read() {
  uint8_t raw[frame_header_bytes];
  TRY(read_exactly(raw, sizeof raw, "frame header"));
  TRY_ASSIGN(const FrameHeader header, decode_frame_header(raw));
  Frame frame{header.type, header.request_id, std::string(header.payload_bytes, '\0')};
  TRY(read_exactly(reinterpret_cast<uint8_t*>(frame.payload.data()), frame.payload.size(), "frame payload"));
  return frame;
}

Status FrameChannel::write(uint16_t type, uint64_t request_id, std::string_view payload) {
  if (payload.size() > max_frame_payload_bytes) {
    return fail(ErrorCode::resource_exhausted, "frame: payload of " + std::to_string(payload.size()) +
                                                   " bytes, the limit is " + std::to_string(max_frame_payload_bytes));
  }
  const std::string bytes = encode_frame(type, request_id, payload);
  const std::scoped_lock lock(write_mutex_);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t sent = ::send(fd_.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail_errno("write", "frame");
    done += static_cast<size_t>(sent);
  }
  return {};
}

void FrameChannel::shutdown() {
  ::shutdown(fd_.get(), SHUT_RDWR);
}

}  // namespace tijori
