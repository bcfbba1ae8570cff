#include "admin-ui/client/preferences.h"

#include <QLocale>
#include <QSettings>
#include <algorithm>

namespace tijori {
namespace {
constexpr int max_lock_minutes = 240;
}

Preferences Preferences::load() {
  const QSettings stored;
  Preferences made;
  made.language = stored.value(QStringLiteral("language")).toString();
  if (made.language != QLatin1String("en") && made.language != QLatin1String("hi")) made.language.clear();
  made.look = static_cast<LookChoice>(std::clamp(stored.value(QStringLiteral("look"), 0).toInt(), 0, 4));
  made.grouping = stored.value(QStringLiteral("grouping"), 0).toInt() == 1 ? Grouping::international : Grouping::indian;
  made.lock_minutes = std::clamp(stored.value(QStringLiteral("lock_minutes"), 10).toInt(), 0, max_lock_minutes);
  const int minutes = stored.value(QStringLiteral("plot_minutes"), made.plot_minutes).toInt();
  if (std::ranges::find(plot_ranges_minutes, minutes) != plot_ranges_minutes.end()) made.plot_minutes = minutes;
  return made;
}

void Preferences::save() const {
  QSettings stored;
  stored.setValue(QStringLiteral("language"), language);
  stored.setValue(QStringLiteral("look"), static_cast<int>(look));
  stored.setValue(QStringLiteral("grouping"), static_cast<int>(grouping));
  stored.setValue(QStringLiteral("lock_minutes"), lock_minutes);
  stored.setValue(QStringLiteral("plot_minutes"), plot_minutes);
}

QString chosen_language(const Preferences& preferences) {
  if (!preferences.language.isEmpty()) return preferences.language;
  return QLocale::system().language() == QLocale::Hindi ? QStringLiteral("hi") : QStringLiteral("en");
}

Look chosen_look(const Preferences& preferences, Look system) {
  switch (preferences.look) {
    case LookChoice::system:
      return system;
    case LookChoice::light:
      return Look::light;
    case LookChoice::dark:
      return Look::dark;
    case LookChoice::contrast_black:
      return Look::contrast_black;
    case LookChoice::contrast_white:
      return Look::contrast_white;
  }
  return system;
}

}  // namespace tijori
