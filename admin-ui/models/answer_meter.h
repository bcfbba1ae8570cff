// The figures of one streamed answer: time to its first token, tokens, tokens a second. Times are of a steady clock.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>

namespace tijori {

class AnswerMeter {
 public:
  void begin(int64_t now_us);
  // So many pieces of text have come by now, the last one just then.
  void come(int64_t first_us, int64_t last_us, int64_t pieces);
  // What the appliance counted, once it says so.
  void count(int64_t tokens) { counted_ = tokens; }

  std::optional<int64_t> first_token_us() const;
  // A piece is about a token; what the appliance counted replaces it.
  int64_t tokens() const { return counted_.value_or(pieces_); }
  bool is_exact() const { return counted_.has_value(); }
  // From the first piece to the last, which a guardrail may have held back until several tokens were in it; nothing
  // before the third.
  std::optional<double> tokens_per_s() const;

 private:
  int64_t begun_us_ = 0;
  int64_t first_us_ = 0;
  int64_t last_us_ = 0;
  int64_t pieces_ = 0;
  std::optional<int64_t> counted_;
};

}  // namespace tijori
