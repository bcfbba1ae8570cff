// Lines of JSON {"id": …, "text": …}, as `guardrails scan` and `guardrails bench` read them from a pipe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "protocol/json.h"

namespace tijori {

// Of a line with its escapes; \u0939 takes twice what its UTF-8 does.
inline constexpr size_t max_text_line_bytes = size_t{32} << 20;

struct TextLine {
  JsonValue id;  // text or a number; null when there is none
  std::string text;
};

// invalid_argument, malformed or resource_exhausted, without a piece of the line. Fields of other names are left alone,
// so that a labelled set can be read as it is.
Result<TextLine> parse_text_line(std::string_view line);
// The id as JSON.
std::string id_json(const JsonValue& id);

// Takes a descriptor's bytes line by line. Belongs to one thread.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}

  struct Line {
    std::string_view text;  // without its end; valid until the next call
    size_t number = 0;      // from 1
    bool too_long = false;  // longer than max_text_line_bytes: passed over, `text` is empty
  };
  // Nothing at the end of the input. A last line without its end counts.
  Result<std::optional<Line>> next();
  // Whether the next line is here already: if not, next() may wait for whoever writes.
  bool has_line() const { return buffer_.find('\n', begin_) != std::string::npos; }

 private:
  Result<bool> fill();

  int fd_;
  std::string buffer_;
  size_t begin_ = 0;    // of the line to come
  size_t scanned_ = 0;  // no line end lies before
  size_t number_ = 0;
  bool too_long_ = false;
  bool ended_ = false;
};

}  // namespace tijori
