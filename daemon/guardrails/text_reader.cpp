#include "daemon/guardrails/text_reader.h"

namespace tijori {

std::string_view TextReader::source(size_t begin, size_t end) const {
  if (begin == end) return {};
  const size_t first = text_->source_end(text_->begin()).byte;
  const TextSpan span = text_->source_span(offset() + begin, offset() + end);
  return text_->source().substr(span.begin.byte - first, span.end.byte - span.begin.byte);
}

}  // namespace tijori
