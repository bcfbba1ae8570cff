// The console's type scale: one place for fonts and line heights, in English and in Hindi.
#pragma once

#include <QFont>
#include <cstdint>

namespace tijori {

enum class Script : uint8_t { latin, devanagari };  // of the interface's language

enum class Type : uint8_t {
  figure,  // a number in a strip of figures
  page_title,
  dialog_title,  // of dialogs and drawers
  step_title,
  body,         // and table cells
  body_strong,  // panel titles, selected segments
  button,
  label,    // labels and notes
  badge,    // badges and table heads
  axis,     // axes and key caps
  mono,     // digests, event names, model names, commands
  palette,  // the field of the command palette
};

// px at 100 %.
QFont font(Script script, Type type);
int line_height(Script script, Type type);

// Where the baseline of a single line lies below the line's centre: fixed, so that Latin, Devanagari and mono text of
// one row stand on one line whatever font falls in for another.
double baseline_drop(int pixel_size);

}  // namespace tijori
