// What the person at this console has chosen: language, look, grouping, lock. Kept in the user's configuration.
#pragma once

#include <QString>
#include <array>

#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"

namespace tijori {

enum class LookChoice : uint8_t { system, light, dark, contrast_black, contrast_white };

inline constexpr std::array plot_ranges_minutes{15, 30, 360, 1440};

struct Preferences {
  QString language;  // "en", "hi"; "" as the desktop says
  LookChoice look = LookChoice::system;
  Grouping grouping = Grouping::indian;
  int lock_minutes = 10;  // 0: never
  int plot_minutes = 30;  // what the plots show at first: 15, 30, 360 or 1440

  static Preferences load();
  void save() const;
  bool operator==(const Preferences&) const = default;
};

QString chosen_language(const Preferences& preferences);  // "en" or "hi"
Look chosen_look(const Preferences& preferences, Look system);

}  // namespace tijori
