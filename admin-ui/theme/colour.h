// The console's colours by role: the one table of them. Nothing else in the tree names a hex value.
#pragma once

#include <QColor>
#include <array>
#include <cstdint>

namespace tijori {

enum class Look : uint8_t { light, dark, contrast_black, contrast_white };
inline constexpr std::array all_looks{Look::light, Look::dark, Look::contrast_black, Look::contrast_white};

enum class Colour : uint8_t {
  canvas,   // window behind panels
  rail,     // side rail
  surface,  // panels, tables, header
  raised,   // menus, palette, toast
  sunken,   // table head, code, key caps
  hover,    // hovered row or button
  line,     // dividers; carries no meaning
  edge,     // borders of controls, plot axes
  text,
  text2,   // labels, second text
  text3,   // notes, placeholders, units
  accent,  // primary button, link, selection bar
  accent_hover,
  accent_press,
  on_accent,    // text on accent
  accent_soft,  // selected row, info badge and banner
  focus,        // focus ring and nothing else
  ok,
  ok_soft,
  warn,
  warn_soft,
  danger,
  danger_soft,
};
inline constexpr std::size_t colour_count = 23;

QColor colour(Look look, Colour role);

// Plot series 0 … 3, each with its own line pattern as well (Plot draws them).
inline constexpr std::size_t series_count = 4;
QColor series_colour(Look look, std::size_t series);

// The heat map's colour for a share of the scale, 0 … 1, least to most.
QColor heat_colour(Look look, double share);

// WCAG 2 contrast ratio of two opaque colours, 1 … 21.
double contrast(const QColor& one, const QColor& other);

}  // namespace tijori
