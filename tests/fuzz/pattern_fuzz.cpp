// Patterns and a text: the first line says how the text is cut, the lines up to an empty one are patterns (after "=" a
// whole word, after "~" a literal), the rest is text. Whatever is taken finds the same however the text is cut, and
// what is called settled is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "daemon/guardrails/folded_text.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/pattern_set.h"

namespace {

using namespace tijori;

constexpr size_t max_patterns = 8;
constexpr size_t max_states_bytes = size_t{64} << 20;
constexpr size_t max_text_bytes = 2000;

std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

PatternSource source_of(std::string_view line) {
  if (line.starts_with('=')) return {PatternSource::Kind::whole_word_literal, std::string(line.substr(1))};
  if (line.starts_with('~')) return {PatternSource::Kind::literal, std::string(line.substr(1))};
  return {PatternSource::Kind::pattern, std::string(line)};
}

std::vector<PatternMatch> in_order(std::vector<PatternMatch> matches) {
  std::ranges::sort(matches, {}, [](const PatternMatch& m) { return std::tuple(m.end, m.pattern, m.begin); });
  return matches;
}

std::vector<PatternMatch> scan(const PatternSet& set, std::string_view text, std::string_view cuts) {
  auto stream = set.open();
  CHECK(stream.has_value());
  std::vector<PatternMatch> out;
  size_t settled = 0;
  size_t at = 0;
  for (size_t i = 0; at < text.size(); ++i) {
    const size_t wanted = cuts.empty() ? text.size() : static_cast<uint8_t>(cuts[i % cuts.size()]) % 32U + 1;
    const std::string_view piece = text.substr(at, wanted);
    const size_t before = out.size();
    CHECK((*stream)->write(piece, out).has_value());
    at += piece.size();
    for (size_t k = before; k < out.size(); ++k) CHECK(out[k].begin >= settled && out[k].end <= at);
    const size_t tail = std::min(at, set.max_width_bytes());
    settled = at - tail + set.open_match(text.substr(at - tail, tail));
  }
  const size_t before = out.size();
  CHECK((*stream)->finish(out).has_value());
  for (size_t k = before; k < out.size(); ++k) CHECK(out[k].begin >= settled);
  return in_order(std::move(out));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input = as_text({data, size});
  const std::string_view cuts = take_line(input);
  std::vector<PatternSource> sources;
  while (!input.empty()) {
    const std::string_view line = take_line(input);
    if (line.empty()) break;
    PatternSource source = source_of(line);
    if (source.kind == PatternSource::Kind::pattern) {
      const auto pattern = Pattern::parse(source.text);
      if (!pattern) CHECK(!pattern.error().message.empty());
    }
    if (sources.size() < max_patterns) sources.push_back(std::move(source));
  }
  const auto set = PatternSet::compile(sources, max_states_bytes);
  if (!set) {
    CHECK(!set.error().message.empty());
    return 0;
  }
  FoldedText folded;
  folded.append(input.substr(0, max_text_bytes));
  folded.finish();
  const auto whole = scan(**set, folded.view(), {});
  CHECK(scan(**set, folded.view(), cuts) == whole);
  for (const PatternMatch& match : whole) {
    CHECK(match.pattern < sources.size());
    CHECK(match.begin < match.end && match.end <= folded.end());
    CHECK(match.end - match.begin <= (*set)->max_width_bytes());
  }
  return 0;
}
