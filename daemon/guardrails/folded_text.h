// Text as the detectors see it, with the way back. Folding, code point by code point: every decimal digit (Nd) becomes
// its ASCII digit, full-width and other compatibility forms of ASCII become ASCII, letters become lower case, and
// characters nobody sees (zero width, soft hyphen, bidirectional marks, tags, variation selectors) vanish. Nothing is
// composed or decomposed, so every folded character has one place of origin.
//
//   source  "PAN：ＡＢＣＰ​E१२३४F"   →   folded  "pan:abcpe1234f"
//
// A stream: text is appended as it comes (a UTF-8 sequence may be cut anywhere; ill-formed bytes fold to U+FFFD each)
// and forgotten at the front as it is no longer needed. All offsets count from the beginning of the stream, forgotten
// text included. Each instance belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tijori {

struct TextOffset {
  size_t byte = 0;        // UTF-8
  size_t code_point = 0;  // an ill-formed byte counts as one
  bool operator==(const TextOffset&) const = default;
};

struct TextSpan {
  TextOffset begin;
  TextOffset end;
  bool operator==(const TextSpan&) const = default;
};

// The characters that vanished between two folded characters.
struct VanishedRun {
  size_t folded = 0;  // the offset at which they vanished
  TextSpan place;     // in the source
  size_t n_characters = 0;
  size_t n_tags = 0;           // U+E0000 … U+E007F
  size_t n_selectors = 0;      // variation selectors
  size_t n_bidi_controls = 0;  // embeddings, overrides, isolates and their ends; not the marks
};

class FoldedText {
 public:
  void append(std::string_view source);
  // No more will come: an unfinished UTF-8 sequence at the end folds as ill-formed.
  void finish();

  size_t begin() const { return folded_.begin; }              // folded offset of the first byte still here
  size_t end() const { return folded_.end(); }                // folded offset past the last
  std::string_view view() const { return folded_.view(); }    // [begin(), end())
  std::string_view source() const { return source_.view(); }  // from source_end(begin()) to the end of all that came
  size_t source_size() const { return source_.end(); }        // bytes appended so far

  // Where the character at a folded offset begins in the source. At end(): where the last folded character ends, and
  // after finish() the end of the source, vanished characters included.
  TextOffset source_begin(size_t folded) const;
  // Where the source character whose folding ends at this folded offset ends: what vanished after it is outside.
  TextOffset source_end(size_t folded) const;
  // Of a span of folded text; of an empty one: what vanished there.
  TextSpan source_span(size_t folded_begin, size_t folded_end) const;

  // Ascending; those not yet forgotten. The last one may still grow.
  std::span<const VanishedRun> vanished() const;

  // Forgets what lies before the character at a folded offset; what vanished right before the character there stays.
  // Memory is bounded by what was appended after that.
  void forget(size_t folded);

 private:
  // The kept end of a stream of bytes, wiped when it goes.
  struct Window {
    Window() = default;
    ~Window();
    Window(Window&&) = default;
    Window& operator=(Window&&) = default;

    std::string bytes;  // from offset `base` on
    size_t base = 0;
    size_t begin = 0;  // the first that counts

    size_t end() const { return base + bytes.size(); }
    std::string_view view() const { return std::string_view(bytes).substr(begin - base); }
    void forget(size_t offset);
  };
  // Neighbouring characters that take folded_length bytes here and source_length there; 0: each as many here as there.
  struct Run {
    size_t folded = 0;
    TextOffset source;
    uint8_t folded_length = 0;
    uint8_t source_length = 0;
  };

  void fold_more();
  void add_unchanged(std::string_view bytes);
  void add_changed(char32_t code_point, size_t source_length);
  void add_vanished(char32_t code_point, size_t source_length);
  void begin_run(uint8_t folded_length, uint8_t source_length);
  std::span<const Run> runs() const;
  TextOffset within(const Run& run, size_t folded) const;

  Window source_;
  Window folded_;
  TextOffset front_;  // source_end(begin())
  TextOffset next_;   // the first source byte not folded yet
  bool is_finished_ = false;
  bool run_is_broken_ = true;  // the next character begins a run
  // Heads of both are forgotten lazily.
  std::vector<Run> runs_;
  size_t n_runs_forgotten_ = 0;
  std::vector<VanishedRun> vanished_;
  size_t n_vanished_forgotten_ = 0;
};

}  // namespace tijori
