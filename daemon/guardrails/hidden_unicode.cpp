#include "daemon/guardrails/hidden_unicode.h"

#include <algorithm>
#include <string_view>

namespace tijori {
namespace {

// Indic spelling needs one joiner between letters, old Malayalam two; emoji join with a selector before the joiner.
constexpr size_t min_hidden_run = 4;
// The flag of a region: a black flag, up to six tags and the one that ends them.
constexpr size_t max_flag_tags = 7;
constexpr std::string_view black_flag = "\xF0\x9F\x8F\xB4";

bool is_hidden(const FoldedText& text, const VanishedRun& run) {
  const bool is_flag = run.n_tags > 0 && run.n_tags <= max_flag_tags && run.folded >= text.begin() &&
                       text.view().substr(0, run.folded - text.begin()).ends_with(black_flag);
  const size_t n_hidden = run.n_characters - run.n_bidi_controls - (is_flag ? run.n_tags : 0);
  return (run.n_tags > 0 && !is_flag) || n_hidden >= min_hidden_run;
}

}  // namespace

void find_hidden_unicode(const FoldedText& text, size_t from, size_t to, TextEnd end, LabelSet wanted,
                         std::vector<Finding>& out) {
  const auto wants = [&](Label label) { return wanted.test(static_cast<size_t>(label)); };
  if (!wants(Label::hidden_unicode) && !wants(Label::bidi_control)) return;
  const auto runs = text.vanished();
  for (auto run = std::ranges::lower_bound(runs, from, {}, &VanishedRun::folded); run != runs.end(); ++run) {
    if (run->folded > to || (run->folded == to && end == TextEnd::open)) break;
    if (wants(Label::hidden_unicode) && is_hidden(text, *run))
      out.push_back({Label::hidden_unicode, run->folded, run->folded, 0.9});
    if (wants(Label::bidi_control) && run->n_bidi_controls > 0)
      out.push_back({Label::bidi_control, run->folded, run->folded, 0.9});
  }
}

}  // namespace tijori
