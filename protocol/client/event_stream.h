// Server-sent events (the WHATWG HTML standard, section 9.2.6), parsed in pieces of any size.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tijori {

inline constexpr size_t max_event_bytes = 8U << 20;

struct StreamEvent {
  std::string name;  // "" counts as "message"
  std::string data;  // lines joined by \n
};

// Ends a line at LF, CR or CR LF; an event at an empty line. What an unfinished event holds at the end of the stream is
// dropped, as the standard says.
class EventStreamParser {
 public:
  struct Handlers {
    std::function<Status(const StreamEvent&)> event;
    std::function<void(std::string_view)> comment;  // may be empty
  };
  explicit EventStreamParser(Handlers handlers) : handlers_(std::move(handlers)) {}

  // resource_exhausted when an event grows past max_event_bytes; otherwise what the handler returned.
  Status feed(std::string_view piece);

 private:
  Status take_line(std::string_view line);

  Handlers handlers_;
  std::string line_;
  StreamEvent event_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
};

}  // namespace tijori
