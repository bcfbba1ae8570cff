#include "admin-ui/views/console_sections.h"

#include <QEvent>
#include <QSignalBlocker>

namespace tijori {
namespace {

// A wheel that scrolls the page changes nothing on its way.
class WheelGuard : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) return false;
    event->ignore();
    return true;
  }
};

void guard(QWidget* control) {
  control->setFocusPolicy(Qt::StrongFocus);
  control->installEventFilter(new WheelGuard(control));
}

QComboBox* make_choice(const char* name, const QStringList& choices) {
  auto* box = new QComboBox;
  box->setObjectName(QLatin1String(name));
  box->addItems(choices);
  guard(box);
  return box;
}

QString origin(const QString& by_default, bool changed) {
  return changed ? SettingsSection::tr("Default: %1. The value is this console’s.").arg(by_default)
                 : SettingsSection::tr("This is the default.");
}

const Preferences& defaults() {
  static const Preferences made;
  return made;
}

}  // namespace

void PreferenceDesk::change(const Preferences& to) {
  if (to == now_) return;
  now_ = to;
  now_.save();
  set_grouping(now_.grouping);
  emit changed(now_);
}

AppearanceSection::AppearanceSection(PreferenceDesk& desk)
    : SettingsSection(QStringLiteral("appearance"), tr("Appearance"), tr("for this user on this computer")),
      desk_(desk),
      look_(make_choice("settings.look", {tr("As the desktop"), tr("Light"), tr("Dark"), tr("High contrast, black"),
                                          tr("High contrast, white")})),
      row_(add_row(tr("Colours"), tr("Light, dark or high contrast; shown at once."), look_,
                   QStringLiteral("theme look dark light थीम"))) {
  connect(look_, &QComboBox::currentIndexChanged, this, [this](int index) {
    Preferences to = desk_.now();
    to.look = static_cast<LookChoice>(index);
    desk_.change(to);
  });
  connect(row_, &SettingRow::reset_asked, this, [this] { look_->setCurrentIndex(0); });
  connect(&desk_, &PreferenceDesk::changed, this, &AppearanceSection::show_preferences);
  show_preferences();
}

void AppearanceSection::show_preferences() {
  const QSignalBlocker quiet(look_);
  look_->setCurrentIndex(static_cast<int>(desk_.now().look));
  const bool changed = desk_.now().look != defaults().look;
  row_->set_changed(changed);
  row_->set_origin(origin(tr("As the desktop"), changed));
}

LanguageSection::LanguageSection(PreferenceDesk& desk)
    : SettingsSection(QStringLiteral("language"), tr("Language and numbers"), tr("for this user on this computer")),
      desk_(desk),
      language_(
          make_choice("settings.language", {tr("As the desktop"), QStringLiteral("English"), QStringLiteral("हिन्दी")})),
      grouping_(make_choice("settings.grouping", {tr("Lakh and crore: 8,41,229"), tr("Thousands: 841,229")})),
      language_row_(add_row(tr("Language"), tr("Of everything but names, codes and commands; shown at once."),
                            language_, QStringLiteral("English Hindi हिन्दी भाषा"))),
      grouping_row_(add_row(tr("Large numbers"), tr("How digits are grouped. Exports are never grouped."), grouping_,
                            QStringLiteral("lakh crore million digits grouping"))) {
  const auto change = [this] {
    Preferences to = desk_.now();
    const int language = language_->currentIndex();
    to.language = language == 1 ? QStringLiteral("en") : language == 2 ? QStringLiteral("hi") : QString();
    to.grouping = grouping_->currentIndex() == 0 ? Grouping::indian : Grouping::international;
    desk_.change(to);
  };
  connect(language_, &QComboBox::currentIndexChanged, this, change);
  connect(grouping_, &QComboBox::currentIndexChanged, this, change);
  connect(language_row_, &SettingRow::reset_asked, this, [this] { language_->setCurrentIndex(0); });
  connect(grouping_row_, &SettingRow::reset_asked, this, [this] { grouping_->setCurrentIndex(0); });
  connect(&desk_, &PreferenceDesk::changed, this, &LanguageSection::show_preferences);
  show_preferences();
}

void LanguageSection::show_preferences() {
  const QSignalBlocker quiet(language_);
  const QSignalBlocker quiet_too(grouping_);
  const Preferences& now = desk_.now();
  language_->setCurrentIndex(now.language == QLatin1String("en") ? 1 : now.language == QLatin1String("hi") ? 2 : 0);
  grouping_->setCurrentIndex(now.grouping == Grouping::indian ? 0 : 1);
  language_row_->set_changed(!now.language.isEmpty());
  language_row_->set_origin(origin(tr("As the desktop"), !now.language.isEmpty()));
  const bool grouped = now.grouping != defaults().grouping;
  grouping_row_->set_changed(grouped);
  grouping_row_->set_origin(origin(tr("Lakh and crore: 8,41,229"), grouped));
}

LockSection::LockSection(PreferenceDesk& desk)
    : SettingsSection(QStringLiteral("lock"), tr("Lock"), tr("for this user on this computer")),
      desk_(desk),
      minutes_(new QSpinBox),
      row_(add_row(tr("Lock when idle for"),
                   tr("Then the passphrase of the certificate is asked again. Ctrl+L locks at once."), minutes_,
                   QStringLiteral("auto-lock timeout idle लॉक"))) {
  minutes_->setObjectName(QStringLiteral("settings.lock"));
  minutes_->setRange(0, 240);
  minutes_->setSuffix(tr(" min"));
  minutes_->setSpecialValueText(tr("never"));
  guard(minutes_);
  connect(minutes_, &QSpinBox::valueChanged, this, [this](int value) {
    Preferences to = desk_.now();
    to.lock_minutes = value;
    desk_.change(to);
  });
  connect(row_, &SettingRow::reset_asked, this, [this] { minutes_->setValue(defaults().lock_minutes); });
  connect(&desk_, &PreferenceDesk::changed, this, &LockSection::show_preferences);
  show_preferences();
}

void LockSection::show_preferences() {
  const QSignalBlocker quiet(minutes_);
  if (minutes_->value() != desk_.now().lock_minutes) minutes_->setValue(desk_.now().lock_minutes);
  const bool changed = desk_.now().lock_minutes != defaults().lock_minutes;
  row_->set_changed(changed);
  row_->set_origin(origin(tr("%n min", nullptr, defaults().lock_minutes), changed));
}

PlotSection::PlotSection(PreferenceDesk& desk)
    : SettingsSection(QStringLiteral("plots"), tr("Plots and history"), tr("of the Overview")),
      desk_(desk),
      range_(make_choice("settings.range", {tr("15 min"), tr("30 min"), tr("6 h"), tr("24 h")})),
      row_(add_row(tr("Time shown at first"), tr("What the plots show when the console opens."), range_,
                   QStringLiteral("range interval"))) {
  auto* kept = add_row(tr("Kept by the appliance"),
                       tr("In its memory alone: a restart of the daemon begins anew. “tijori history” reads it too."),
                       nullptr, QStringLiteral("history day"));
  kept->set_value(tr("24 h, in steps of 10 s"));
  auto* here = add_row(tr("Kept by this console"), tr("While it is open, beside what the appliance keeps."), nullptr);
  here->set_value(tr("24 h: every second of the last hour, then every 10 s"));
  connect(range_, &QComboBox::currentIndexChanged, this, [this](int index) {
    Preferences to = desk_.now();
    to.plot_minutes = plot_ranges_minutes.at(static_cast<size_t>(std::clamp(index, 0, 3)));
    desk_.change(to);
  });
  connect(row_, &SettingRow::reset_asked, this, [this] { range_->setCurrentIndex(1); });
  connect(&desk_, &PreferenceDesk::changed, this, &PlotSection::show_preferences);
  show_preferences();
}

void PlotSection::show_preferences() {
  const QSignalBlocker quiet(range_);
  for (size_t i = 0; i < plot_ranges_minutes.size(); ++i)
    if (plot_ranges_minutes.at(i) == desk_.now().plot_minutes) range_->setCurrentIndex(static_cast<int>(i));
  const bool changed = desk_.now().plot_minutes != defaults().plot_minutes;
  row_->set_changed(changed);
  row_->set_origin(origin(tr("30 min"), changed));
}

}  // namespace tijori
