#include "daemon/guardrails/pattern_set.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

#include <hs/hs.h>

#include "daemon/guardrails/literal_index.h"
#include "daemon/guardrails/pattern.h"
#include "daemon/guardrails/reverse_automaton.h"
#include "daemon/guardrails/utf8.h"
#include "daemon/guardrails/wipe.h"

namespace tijori {
namespace {

constexpr size_t block_bytes = size_t{16} << 10;     // scanned at once, so that what is kept stays small
constexpr size_t max_cache_bytes = size_t{8} << 20;  // of the reverse automaton
constexpr size_t max_block_ends = size_t{1} << 20;   // that the scanner may report for one block
constexpr size_t max_loosened = 32;                  // patterns that the scanner can't take closely
constexpr size_t max_idle_scratches = 16;
constexpr size_t boundary_bytes = 4;  // the character before a match

// How much the scanner is given at once. Vectorscan 5.4.9 loses matches (of as little as "ka|ab", in about one text of
// a thousand) when it is given more than one vector of the processor, 64 bytes with AVX-512; up to that it loses none.
size_t scanned_bytes() {
#ifdef __x86_64__
  static const bool has_wide_vectors = __builtin_cpu_supports("avx2") != 0;
  if (has_wide_vectors) return 32;
#endif
  return 16;
}

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using Database = std::unique_ptr<hs_database_t, FreeDatabase>;
using Scratch = std::unique_ptr<hs_scratch_t, FreeScratch>;

std::unexpected<Error> fail_scanner(std::string_view call, hs_error_t error) {
  const auto code = error == HS_NOMEM ? ErrorCode::resource_exhausted : ErrorCode::internal;
  return fail(code,
              std::string(call) + ": " + (error == HS_NOMEM ? "out of memory" : "error " + std::to_string(error)));
}

std::string bytes_regex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char byte : text) {
    out += "\\x";
    out += digits[static_cast<uint8_t>(byte) >> 4U];
    out += digits[static_cast<uint8_t>(byte) & 0xFU];
  }
  return out;
}

// What is known of a source once it is compiled.
struct Source {
  PatternSource::Kind kind = PatternSource::Kind::literal;
  size_t width_bytes = 0;  // the widest
  size_t number = 0;       // of a pattern, in the reverse automaton
};

class CompiledSet final : public PatternSet {
 public:
  CompiledSet(std::vector<Source> sources, size_t width_bytes, LiteralIndex literals,
              std::unique_ptr<ReverseAutomaton> automaton)
      : sources_(std::move(sources)),
        width_bytes_(width_bytes),
        literals_(std::move(literals)),
        automaton_(std::move(automaton)) {}

  // Once, before anybody else sees the set.
  Status set_database(Database database) {
    database_ = std::move(database);
    hs_scratch_t* scratch = nullptr;
    if (const hs_error_t error = hs_alloc_scratch(database_.get(), &scratch); error != HS_SUCCESS)
      return fail_scanner("hs_alloc_scratch", error);
    prototype_.reset(scratch);
    size_t database_bytes = 0;
    size_t scratch_bytes = 0;
    if (hs_database_size(database_.get(), &database_bytes) != HS_SUCCESS ||
        hs_scratch_size(prototype_.get(), &scratch_bytes) != HS_SUCCESS)
      return fail(ErrorCode::internal, "hs_database_size failed");
    database_bytes_ = database_bytes + scratch_bytes;
    return {};
  }

  size_t max_width_bytes() const override { return width_bytes_; }
  size_t memory_bytes() const override {
    return database_bytes_ + literals_.memory_bytes() + automaton_->memory_bytes() + sources_.size() * sizeof(Source);
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

  Result<Scratch> take_scratch() const {
    {
      const std::lock_guard lock(mutex_);
      if (!scratches_.empty()) {
        Scratch scratch = std::move(scratches_.back());
        scratches_.pop_back();
        return scratch;
      }
    }
    hs_scratch_t* scratch = nullptr;
    if (const hs_error_t error = hs_clone_scratch(prototype_.get(), &scratch); error != HS_SUCCESS)
      return fail_scanner("hs_clone_scratch", error);
    return Scratch(scratch);
  }
  void give_back(Scratch scratch) const {
    const std::lock_guard lock(mutex_);
    if (scratches_.size() < max_idle_scratches) scratches_.push_back(std::move(scratch));
  }

  const Source& source(uint32_t index) const { return sources_[index]; }
  const ReverseAutomaton& automaton() const { return *automaton_; }
  const hs_database_t* database() const { return database_.get(); }  // null without sources

 private:
  std::vector<Source> sources_;
  size_t width_bytes_;
  LiteralIndex literals_;
  std::unique_ptr<ReverseAutomaton> automaton_;
  Database database_;
  Scratch prototype_;
  size_t database_bytes_ = 0;
  mutable std::mutex mutex_;
  mutable std::vector<Scratch> scratches_;
};

class ScannedStream final : public PatternSet::Stream {
 public:
  ScannedStream(const CompiledSet& set, hs_stream_t* stream) : set_(set), stream_(stream) {}
  ~ScannedStream() override {
    wipe(kept_);
    if (stream_ != nullptr) hs_close_stream(stream_, nullptr, nullptr, nullptr);
  }
  ScannedStream(const ScannedStream&) = delete;
  ScannedStream& operator=(const ScannedStream&) = delete;

  Status write(std::string_view folded, std::vector<PatternMatch>& out) override {
    if (stream_ == nullptr) return {};
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
  struct End {
    size_t offset = 0;
    uint32_t source = 0;
    auto operator<=>(const End&) const = default;
  };
  struct Collector {
    std::vector<End>& ends;
  };

  static int on_match(unsigned source, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
                      void* context) {
    auto& collector = *static_cast<Collector*>(context);
    if (collector.ends.size() >= max_block_ends) return 1;
    collector.ends.push_back({static_cast<size_t>(to), source});
    return 0;
  }

  Status write_block(std::string_view block, std::vector<PatternMatch>& out) {
    const auto first_new = static_cast<std::ptrdiff_t>(out.size());
    kept_ += block;
    std::vector<PatternMatch> waiting;
    std::swap(waiting, pending_);
    for (const PatternMatch& match : waiting) settle_word(match, out);

    ends_.clear();
    TRY_ASSIGN(Scratch scratch, set_.take_scratch());
    Collector collector{ends_};
    hs_error_t error = HS_SUCCESS;
    for (size_t at = 0; at < block.size() && error == HS_SUCCESS; at += scanned_bytes()) {
      const std::string_view piece = block.substr(at, scanned_bytes());
      error = hs_scan_stream(stream_, piece.data(), static_cast<unsigned>(piece.size()), 0, scratch.get(), on_match,
                             &collector);
    }
    set_.give_back(std::move(scratch));
    if (error == HS_SCAN_TERMINATED) return too_many();
    if (error != HS_SUCCESS) return fail_scanner("hs_scan_stream", error);

    std::ranges::sort(ends_);
    const auto repeated = std::ranges::unique(ends_);
    ends_.erase(repeated.begin(), repeated.end());
    for (const End& end : ends_) {
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

  void add_match(const End& end, std::vector<PatternMatch>& out) {
    const Source& source = set_.source(end.source);
    const size_t kept_end = end.offset - kept_begin_;
    if (source.kind == PatternSource::Kind::pattern) {
      const size_t reach = std::min(kept_end, source.width_bytes);
      const auto text = std::string_view(kept_).substr(kept_end - reach, reach);
      // None: the scanner knows the pattern more loosely than it is meant.
      const auto begin = set_.automaton().leftmost_begin(source.number, text);
      if (!begin) return;
      out.push_back({end.source, end.offset - reach + *begin, end.offset});
      ++n_matches_;
      return;
    }
    const PatternMatch match{end.source, end.offset - source.width_bytes, end.offset};
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
  hs_stream_t* stream_;    // null without sources
  std::string kept_;       // the stream's last bytes, enough for any match that ends in the next block
  size_t kept_begin_ = 0;  // where they begin in the stream
  std::vector<PatternMatch> pending_;
  std::vector<End> ends_;
  size_t n_matches_ = 0;
  std::optional<Error> broken_;
};

Result<std::unique_ptr<PatternSet::Stream>> CompiledSet::open() const {
  hs_stream_t* stream = nullptr;
  if (database_ != nullptr) {
    if (const hs_error_t error = hs_open_stream(database_.get(), 0, &stream); error != HS_SUCCESS)
      return fail_scanner("hs_open_stream", error);
  }
  return std::make_unique<ScannedStream>(*this, stream);
}

std::unexpected<Error> over_memory(size_t max_memory_bytes) {
  return fail(ErrorCode::resource_exhausted, "the patterns need more than " + std::to_string(max_memory_bytes) +
                                                 " bytes of memory: use fewer or simpler ones");
}

struct Refusal {
  Error error;
  std::optional<size_t> source;  // the one at fault
};

std::expected<Database, Refusal> compile_database(const std::vector<std::string>& expressions) {
  std::vector<const char*> texts;
  const std::vector<unsigned> flags(expressions.size(), 0);
  std::vector<unsigned> numbers(expressions.size());
  for (size_t i = 0; i < expressions.size(); ++i) {
    texts.push_back(expressions[i].c_str());
    numbers[i] = static_cast<unsigned>(i);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* problem = nullptr;
  const hs_error_t error =
      hs_compile_multi(texts.data(), flags.data(), numbers.data(), static_cast<unsigned>(texts.size()), HS_MODE_STREAM,
                       nullptr, &database, &problem);
  if (error == HS_SUCCESS) return Database(database);
  Refusal refusal;
  const std::string why = problem != nullptr && problem->message != nullptr ? problem->message : "no reason given";
  if (problem != nullptr && problem->expression >= 0) {
    refusal.source = static_cast<size_t>(problem->expression);
    refusal.error = {ErrorCode::invalid_argument,
                     "source " + std::to_string(problem->expression) + ": the scanner can't take it (" + why +
                         "): use fewer repetitions, narrower classes or fewer alternatives"};
  } else {
    refusal.error = {error == HS_COMPILER_ERROR ? ErrorCode::resource_exhausted : ErrorCode::internal,
                     "the patterns can't be compiled together (" + why + ")"};
  }
  hs_free_compile_error(problem);
  return std::unexpected(std::move(refusal));
}

// Patterns that the scanner can't take closely it takes in their loose form.
Result<Database> compile_or_loosen(std::vector<std::string> expressions, std::span<const PatternSource> sources) {
  for (size_t n_loosened = 0;; ++n_loosened) {
    auto database = compile_database(expressions);
    if (database) return *std::move(database);
    const auto& [error, at_fault] = database.error();
    if (!at_fault || n_loosened == max_loosened || sources[*at_fault].kind != PatternSource::Kind::pattern)
      return fail(error);
    TRY_ASSIGN(const Pattern pattern, Pattern::parse(sources[*at_fault].text));
    std::string loose = pattern.byte_regex(Pattern::Precision::loose);
    if (loose == expressions[*at_fault]) return fail(error);
    expressions[*at_fault] = std::move(loose);
  }
}

}  // namespace

Result<std::shared_ptr<const PatternSet>> PatternSet::compile(std::span<const PatternSource> sources,
                                                              size_t max_memory_bytes) {
  if (hs_valid_platform() != HS_SUCCESS)
    return fail(ErrorCode::unsupported, "patterns need a processor with SSE4.2 (or NEON on Arm)");
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
      expressions.push_back(bytes_regex(*folded));
      (source.kind == PatternSource::Kind::literal ? literals : whole_words).push_back(*std::move(folded));
    }
    width_bytes = std::max(width_bytes, source.width_bytes);
    expression_bytes += expressions.back().size();
    if (automaton->memory_bytes() + expression_bytes > max_memory_bytes) return over_memory(max_memory_bytes);
    compiled.push_back(source);
  }
  automaton->settle();

  auto set =
      std::make_shared<CompiledSet>(std::move(compiled), width_bytes,
                                    LiteralIndex(std::move(literals), std::move(whole_words)), std::move(automaton));
  if (!sources.empty()) {
    TRY_ASSIGN(Database database, compile_or_loosen(std::move(expressions), sources));
    TRY(set->set_database(std::move(database)));
  }
  if (set->memory_bytes() > max_memory_bytes) return over_memory(max_memory_bytes);
  return set;
}

}  // namespace tijori
