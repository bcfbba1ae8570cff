#include "protocol/client/event_stream.h"

#include <utility>

namespace tijori {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

Status EventStreamParser::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const size_t end = piece.find_first_of("\r\n");
    line_ += piece.substr(0, end);
    if (line_.size() + event_.data.size() > max_event_bytes)
      return fail(ErrorCode::resource_exhausted,
                  "event stream: an event is larger than " + std::to_string(max_event_bytes) + " bytes");
    if (end == std::string_view::npos) return {};
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    const std::string line = std::exchange(line_, {});
    TRY(take_line(line));
  }
  return {};
}

Status EventStreamParser::take_line(std::string_view line) {
  if (std::exchange(at_start_, false) && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.empty()) {
    const StreamEvent event = std::exchange(event_, {});
    return std::exchange(has_data_, false) ? handlers_.event(event) : Status();
  }
  const size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (colon == 0) {
    if (handlers_.comment) handlers_.comment(value);
  } else if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (field == "event") {
    event_.name = value;
  }
  return {};
}

}  // namespace tijori
