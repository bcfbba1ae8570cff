// Whether what was typed into the search of the settings finds one: in its name, its sentence or its section, in either
// language of the console, or in words that nobody sees.
#pragma once

#include <QString>

namespace tijori {

struct SettingWords {
  QString section;
  QString title;
  QString sentence;
  QString more;  // "dark contrast", "डार्क"
};

// Everything fits nothing typed.
bool setting_fits(const QString& typed, const SettingWords& words);

}  // namespace tijori
