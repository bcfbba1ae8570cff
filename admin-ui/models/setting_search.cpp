#include "admin-ui/models/setting_search.h"

#include "admin-ui/client/catalogue.h"
#include "admin-ui/models/palette_match.h"

namespace tijori {

bool setting_fits(const QString& typed, const SettingWords& words) {
  if (typed.trimmed().isEmpty()) return true;
  const QStringList other{in_other_language(words.title), in_other_language(words.sentence),
                          in_other_language(words.section)};
  return match_palette(typed, words.title, words.sentence, other, words.section + QLatin1Char(' ') + words.more).fits;
}

}  // namespace tijori
