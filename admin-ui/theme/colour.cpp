#include "admin-ui/theme/colour.h"

#include <algorithm>
#include <cmath>

namespace tijori {
namespace {

using Row = std::array<QRgb, all_looks.size()>;

// In the order of Colour; columns in the order of Look.
constexpr std::array<Row, colour_count> table{{
    {0xFFF3F5F7, 0xFF11161B, 0xFF000000, 0xFFFFFFFF},  // canvas
    {0xFFE9EDF1, 0xFF0C1014, 0xFF000000, 0xFFFFFFFF},  // rail
    {0xFFFFFFFF, 0xFF181E25, 0xFF000000, 0xFFFFFFFF},  // surface
    {0xFFFFFFFF, 0xFF1F262E, 0xFF000000, 0xFFFFFFFF},  // raised
    {0xFFF7F9FA, 0xFF141A20, 0xFF000000, 0xFFFFFFFF},  // sunken
    {0xFFEEF2F5, 0xFF212932, 0xFF1A1A1A, 0xFFEDEDED},  // hover
    {0xFFD8DFE5, 0xFF2B353F, 0xFF8C8C8C, 0xFF6B6B6B},  // line
    {0xFF7A8894, 0xFF71808E, 0xFFFFFFFF, 0xFF000000},  // edge
    {0xFF16202A, 0xFFE7ECF1, 0xFFFFFFFF, 0xFF000000},  // text
    {0xFF465462, 0xFFB1BCC7, 0xFFFFFFFF, 0xFF000000},  // text2
    {0xFF5B6976, 0xFF93A0AD, 0xFFE0E0E0, 0xFF2B2B2B},  // text3
    {0xFF0B6A80, 0xFF58BBD0, 0xFF5CE1FF, 0xFF00475A},  // accent
    {0xFF095669, 0xFF7ACBDC, 0xFFA8F0FF, 0xFF002F3B},  // accent_hover
    {0xFF074555, 0xFF3FA5BB, 0xFF5CE1FF, 0xFF00475A},  // accent_press
    {0xFFFFFFFF, 0xFF05212A, 0xFF000000, 0xFFFFFFFF},  // on_accent
    {0xFFDCEEF2, 0xFF15333C, 0xFF00303B, 0xFFD6F3FA},  // accent_soft
    {0xFF1D4FD8, 0xFF8FB4FF, 0xFFFFE500, 0xFF0019C2},  // focus
    {0xFF17714A, 0xFF5FC793, 0xFF5CF2A0, 0xFF00512C},  // ok
    {0xFFE1F2E9, 0xFF15301F, 0xFF002B17, 0xFFDDF7E8},  // ok_soft
    {0xFF8A5200, 0xFFE5AC4E, 0xFFFFC247, 0xFF5C3700},  // warn
    {0xFFFBEED6, 0xFF342812, 0xFF332300, 0xFFFFEFD0},  // warn_soft
    {0xFFB3261E, 0xFFFF8F84, 0xFFFF9C94, 0xFF8E0A03},  // danger
    {0xFFFBE6E4, 0xFF3C1C1A, 0xFF3A0D0A, 0xFFFFE5E2},  // danger_soft
}};

constexpr std::array<QRgb, series_count> light_series{0xFF0B6A80, 0xFFB8560B, 0xFF7A55C7, 0xFF20262D};
constexpr std::array<QRgb, series_count> dark_series{0xFF58BBD0, 0xFFF0A35A, 0xFFA98CF0, 0xFFE7ECF1};

// One hue; lightness falls (on light) or rises (on dark) from step to step, also for every kind of colour blindness.
constexpr std::array<QRgb, 9> light_heat{0xFFEDF3F5, 0xFFD2E5EA, 0xFFAFD2DB, 0xFF86BBC8, 0xFF5AA1B2,
                                         0xFF33869A, 0xFF156B80, 0xFF0A4F62, 0xFF063443};
constexpr std::array<QRgb, 9> dark_heat{0xFF1E2730, 0xFF1B3B47, 0xFF1A4F5E, 0xFF1C6476, 0xFF2C7D90,
                                        0xFF4F99AA, 0xFF7BB6C3, 0xFFABD1D9, 0xFFE2F0F2};

bool is_light(Look look) {
  return look == Look::light || look == Look::contrast_white;
}

// Relative luminance, WCAG 2.
double luminance(const QColor& colour) {
  const auto linear = [](double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

}  // namespace

QColor colour(Look look, Colour role) {
  return QColor::fromRgb(table.at(static_cast<std::size_t>(role)).at(static_cast<std::size_t>(look)));
}

QColor series_colour(Look look, std::size_t series) {
  return QColor::fromRgb((is_light(look) ? light_series : dark_series).at(series % series_count));
}

QColor heat_colour(Look look, double share) {
  const auto& steps = is_light(look) ? light_heat : dark_heat;
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(steps.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), steps.size() - 2);
  const double part = place - static_cast<double>(below);
  const QColor from = QColor::fromRgb(steps.at(below));
  const QColor to = QColor::fromRgb(steps.at(below + 1));
  const auto mix = [part](int one, int other) { return static_cast<int>(std::lround(one + part * (other - one))); };
  return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

double contrast(const QColor& one, const QColor& other) {
  const double a = luminance(one);
  const double b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

}  // namespace tijori
