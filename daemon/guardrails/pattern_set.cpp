#include "daemon/guardrails/pattern_set.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/guardrails/literal_index.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/pattern_regex.h"
#include "daemon/guardrails/reverse_automaton.h"
#include "daemon/guardrails/scanner.h"
#include "daemon/guardrails/utf8.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

constexpr size_t block_bytes = size_t{16} << 10;     // scanned at once, so that what is kept stays small
constexpr size_t max_cache_bytes = size_t{8} << 20;  // of the reverse automaton
constexpr size_t max_loosened = 32;                  // patterns that the scanner can't take closely
constexpr size_t boundary_bytes = 4;                 // the character before a match

// What is known of a source once it is compiled.
struct Source {
  PatternSource::Kind kind = PatternSource::Kind::literal;
  size_t width_bytes = 0;  // the widest
  size_t number = 0;       // of a pattern, in the reverse automaton
};

class CompiledSet final : public PatternSet {
 public:
  CompiledSet(std::vector<Source> sources, size_t width_bytes, LiteralIndex literals,
              std::unique_ptr<ReverseAutomaton> automaton, std::unique_ptr<const Scanner> scanner)
      : sources_(std::move(sources)),
        width_bytes_(width_bytes),
        literals_(std::move(literals)),
        automaton_(std::move(automaton)),
        scanner_(std::move(scanner)) {}

  size_t max_width_bytes() const override { return width_bytes_; }
  size_t memory_bytes() const override {
    return (scanner_ == nullptr ? 0 : scanner_->memory_bytes()) + literals_.memory_bytes() +
           automaton_->memory_bytes() + sources_.size() * sizeof(Source);
  }

  size_t open_match(std::string_view tail) const override {
    const size_t end = tail.size();
    const std::string_view reach = tail.substr(end - std::min(end, width_bytes_ + boundary_bytes));
    const size_t skipped = end - reach.size();
    const size_t literal = literals_.earliest_open(reach).value_or(reach.size());
    const size_t pattern = automaton_->earliest_open(reach).value_or(reach.size());
    return skipped + std::min(literal, pattern);
  }

  Result<std::unique_ptr<Stream>> open() const override;

  const Source& source(uint32_t index) const { return sources_[index]; }
  const ReverseAutomaton& automaton() const { return *automaton_; }

 private:
  std::vector<Source> sources_;
  size_t width_bytes_;
  LiteralIndex literals_;
  std::unique_ptr<ReverseAutomaton> automaton_;
  std::unique_ptr<const Scanner> scanner_;  // null without sources
};

class ScannedStream final : public PatternSet::Stream {
 public:
  ScannedStream(const CompiledSet& set, std::optional<Scanner::Stream> stream)
      : set_(set), stream_(std::move(stream)) {}
  ~ScannedStream() override { wipe(kept_); }
  ScannedStream(const ScannedStream&) = delete;
  ScannedStream& operator=(const ScannedStream&) = delete;

  Status write(std::string_view folded, std::vector<PatternMatch>& out) override {
    if (!stream_) return {};
    if (broken_) return fail(*broken_);
    const size_t before = out.size();
    while (!folded.empty()) {
      const std::string_view block = folded.substr(0, block_bytes);
      folded.remove_prefix(block.size());
      if (auto done = write_block(block, out); !done) {
        out.resize(before);
        broken_ = done.error();
        return done;
      }
    }
    return {};
  }

  Status finish(std::vector<PatternMatch>& out) override {
    if (broken_) return fail(*broken_);
    out.insert(out.end(), pending_.begin(), pending_.end());
    pending_.clear();
    return {};
  }

 private:
  Status write_block(std::string_view block, std::vector<PatternMatch>& out) {
    const auto first_new = static_cast<std::ptrdiff_t>(out.size());
    kept_ += block;
    std::vector<PatternMatch> waiting;
    std::swap(waiting, pending_);
    for (const PatternMatch& match : waiting) settle_word(match, out);

    TRY(stream_->scan(block, ends_));
    for (const ScannedEnd& end : ends_) {
      add_match(end, out);
      if (n_matches_ > max_stream_matches) return too_many();
    }
    std::sort(out.begin() + first_new, out.end(), [](const PatternMatch& a, const PatternMatch& b) {
      return std::tie(a.end, a.pattern) < std::tie(b.end, b.pattern);
    });
    forget();
    return {};
  }

  static std::unexpected<Error> too_many() {
    return fail(ErrorCode::resource_exhausted,
                "more than " + std::to_string(max_stream_matches) + " matches of patterns in one text");
  }

  void add_match(const ScannedEnd& end, std::vector<PatternMatch>& out) {
    const Source& source = set_.source(end.expression);
    const size_t kept_end = end.offset - kept_begin_;
    if (source.kind == PatternSource::Kind::pattern) {
      const size_t reach = std::min(kept_end, source.width_bytes);
      const auto text = std::string_view(kept_).substr(kept_end - reach, reach);
      // None: the scanner knows the pattern more loosely than it is meant.
      const auto begin = set_.automaton().leftmost_begin(source.number, text);
      if (!begin) return;
      out.push_back({end.expression, end.offset - reach + *begin, end.offset});
      ++n_matches_;
      return;
    }
    const PatternMatch match{end.expression, end.offset - source.width_bytes, end.offset};
    ++n_matches_;
    if (source.kind == PatternSource::Kind::literal) return out.push_back(match);
    const std::string_view kept = kept_;
    if (is_boundary(kept.substr(0, match.begin - kept_begin_), kept.substr(match.begin - kept_begin_)))
      settle_word(match, out);
  }

  // A whole word whose beginning is right: appended, dropped, or kept until the character after it is known.
  void settle_word(const PatternMatch& match, std::vector<PatternMatch>& out) {
    const std::string_view word = std::string_view(kept_).substr(0, match.end - kept_begin_);
    const std::string_view after = std::string_view(kept_).substr(match.end - kept_begin_);
    const bool is_known = !after.empty() && first_character(after).kind != Utf8Character::Kind::cut;
    // Where the literal doesn't end in a letter, nothing that follows matters.
    if (!is_boundary(word, "a") && !is_known)
      pending_.push_back(match);
    else if (is_boundary(word, after))
      out.push_back(match);
  }

  void forget() {
    const size_t wanted = set_.max_width_bytes() + 2 * boundary_bytes;
    if (kept_.size() <= wanted) return;
    const size_t surplus = kept_.size() - wanted;
    kept_.erase(0, surplus);
    kept_begin_ += surplus;
  }

  const CompiledSet& set_;
  std::optional<Scanner::Stream> stream_;  // absent without sources
  std::string kept_;                       // the stream's last bytes, enough for any match that ends in the next block
  size_t kept_begin_ = 0;                  // where they begin in the stream
  std::vector<PatternMatch> pending_;
  std::vector<ScannedEnd> ends_;
  size_t n_matches_ = 0;
  std::optional<Error> broken_;
};

Result<std::unique_ptr<PatternSet::Stream>> CompiledSet::open() const {
  std::optional<Scanner::Stream> stream;
  if (scanner_ != nullptr) {
    TRY_ASSIGN(Scanner::Stream opened, scanner_->open());
    stream.emplace(std::move(opened));
  }
  return std::make_unique<ScannedStream>(*this, std::move(stream));
}

std::unexpected<Error> over_memory(size_t max_memory_bytes) {
  return fail(ErrorCode::resource_exhausted, "the patterns need more than " + std::to_string(max_memory_bytes) +
                                                 " bytes of memory: use fewer or simpler ones");
}

// Patterns that the scanner can't take closely it takes in their loose form.
Result<std::unique_ptr<const Scanner>> compile_or_loosen(std::vector<std::string> expressions,
                                                         std::span<const PatternSource> sources) {
  for (size_t n_loosened = 0;; ++n_loosened) {
    auto scanner = Scanner::compile(expressions);
    if (scanner) return *std::move(scanner);
    const auto& [error, at_fault] = scanner.error();
    if (!at_fault) return fail(error);
    const Error placed = error.in("source " + std::to_string(*at_fault));
    if (n_loosened == max_loosened || sources[*at_fault].kind != PatternSource::Kind::pattern) return fail(placed);
    TRY_ASSIGN(const Pattern pattern, Pattern::parse(sources[*at_fault].text));
    std::string loose = pattern.byte_regex(Pattern::Precision::loose);
    if (loose == expressions[*at_fault]) return fail(placed);
    expressions[*at_fault] = std::move(loose);
  }
}

}  // namespace

Result<std::shared_ptr<const PatternSet>> PatternSet::compile(std::span<const PatternSource> sources,
                                                              size_t max_memory_bytes) {
  auto automaton = std::make_unique<ReverseAutomaton>(max_cache_bytes);
  std::vector<Source> compiled;
  std::vector<std::string> expressions;
  std::vector<std::string> literals;
  std::vector<std::string> whole_words;
  size_t width_bytes = 0;
  size_t n_patterns = 0;
  size_t expression_bytes = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::string place = "source " + std::to_string(i);
    Source source{sources[i].kind, 0, 0};
    if (source.kind == PatternSource::Kind::pattern) {
      const auto pattern = Pattern::parse(sources[i].text);
      if (!pattern) return fail(pattern.error().in(place));
      if (const auto added = automaton->add(*pattern); !added) return fail(added.error().in(place));
      source.number = n_patterns++;
      source.width_bytes = pattern->max_width_bytes();
      expressions.push_back(pattern->byte_regex(Pattern::Precision::close));
    } else {
      auto folded = fold_literal(sources[i].text);
      if (!folded) return fail(folded.error().in(place));
      source.width_bytes = folded->size();
      expressions.push_back(write_byte_regex(*folded));
      (source.kind == PatternSource::Kind::literal ? literals : whole_words).push_back(*std::move(folded));
    }
    width_bytes = std::max(width_bytes, source.width_bytes);
    expression_bytes += expressions.back().size();
    if (automaton->memory_bytes() + expression_bytes > max_memory_bytes) return over_memory(max_memory_bytes);
    compiled.push_back(source);
  }
  automaton->settle();

  std::unique_ptr<const Scanner> scanner;
  if (!sources.empty()) {
    TRY_ASSIGN(scanner, compile_or_loosen(std::move(expressions), sources));
  }
  auto set = std::make_shared<CompiledSet>(std::move(compiled), width_bytes,
                                           LiteralIndex(std::move(literals), std::move(whole_words)),
                                           std::move(automaton), std::move(scanner));
  if (set->memory_bytes() > max_memory_bytes) return over_memory(max_memory_bytes);
  return set;
}

}  // namespace tijori
