#include "admin-ui/views/settings_screen.h"

#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/about_section.h"
#include "admin-ui/views/appliance_sections.h"
#include "admin-ui/views/console_sections.h"
#include "admin-ui/views/findings_section.h"
#include "admin-ui/views/section_list.h"

namespace tijori {
namespace {

constexpr int list_px = 240;
constexpr int narrow_list_px = 168;
constexpr int narrow_below_px = 900;

}  // namespace

SettingsScreen::SettingsScreen(Session& to_session)
    : Screen(to_session, tr("Settings")),
      desk_(new PreferenceDesk(this)),
      search_(new QLineEdit),
      list_(new SectionList),
      column_(new QWidget),
      rows_(new QVBoxLayout(column_)),
      page_(new QScrollArea),
      found_(new StateView(page_)) {
  search_->setPlaceholderText(tr("Search settings"));
  search_->setAccessibleName(tr("Search settings"));
  search_->setToolTip(tr("Ctrl+F; finds words in English and in Hindi"));
  search_->setClearButtonEnabled(true);
  search_->setObjectName(QStringLiteral("settings.search"));
  list_->setObjectName(QStringLiteral("settings.sections"));
  list_->setAccessibleName(tr("Sections"));
  auto* content = new QWidget;
  auto* across = new QHBoxLayout(content);
  across->setContentsMargins(0, 4, 0, 0);
  across->setSpacing(metric::gap);
  auto* left = new QVBoxLayout;
  left->setSpacing(metric::gap);
  left->addWidget(search_);
  left->addWidget(list_, 1);
  across->addLayout(left);
  across->addWidget(found_, 1);
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(metric::gap);
  page_->setWidgetResizable(true);
  page_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  page_->setFocusPolicy(Qt::NoFocus);
  page_->setWidget(column_);
  set_content(content);
  make_sections();
  connect(desk_, &PreferenceDesk::changed, this, &SettingsScreen::preferences_changed);
  connect(search_, &QLineEdit::textChanged, this, &SettingsScreen::filter);
  connect(list_, &SectionList::chosen_changed, this, [this] {
    // A section is chosen: the search has led there.
    if (!search_->text().isEmpty() && list_->hasFocus()) return search_->clear();
    filter();
  });
  list_->choose(QStringLiteral("appearance"));
}

void SettingsScreen::make_sections() {
  add(new AppearanceSection(*desk_));
  add(new LanguageSection(*desk_));
  add(new LockSection(*desk_));
  connections_ = new ConnectionSection(session());
  connect(connections_, &ConnectionSection::toast, this, &Screen::toast);
  add(connections_);
  add(new PlotSection(*desk_));
  add(new ApprovalSection(session()));
  appliance_ = new ApplianceSection(session());
  connect(appliance_, &ApplianceSection::refilter, this, &SettingsScreen::filter);
  connect(appliance_, &ApplianceSection::counted, this, [this](int count) {
    set_context(tr("%n setting(s) of %1", nullptr, count).arg(session().appliance().name));
  });
  add(appliance_);
  auto* findings = new FindingsSection(session());
  connect(findings, &FindingsSection::open_screen, this, [this](const QString& id) { emit open_screen(id, {}); });
  connect(findings, &FindingsSection::refilter, this, &SettingsScreen::filter);
  add(findings);
  add(new AboutSection(session()));
  rows_->addStretch(1);
}

void SettingsScreen::add(SettingsSection* section) {
  sections_.push_back(section);
  list_->add(section->id(), section->title());
  rows_->addWidget(section);
}

void SettingsScreen::filter() {
  const QString typed = search_->text().trimmed();
  bool any = false;
  for (size_t i = 0; i < sections_.size(); ++i) {
    SettingsSection& section = *sections_[i];
    const int found = section.filter(typed);
    list_->set_found(static_cast<int>(i), typed.isEmpty() ? -1 : found);
    section.setVisible(typed.isEmpty() ? section.id() == list_->chosen() : found > 0);
    any = any || found > 0;
  }
  if (typed.isEmpty() || any) return found_->show_content();
  found_->show_empty(QStringLiteral("search"), tr("Nothing fits “%1”").arg(typed.left(60)),
                     tr("Names, sentences and sections are searched, in English and in Hindi."),
                     {{tr("Clear the search"), [this] { search_->clear(); }}});
}

void SettingsScreen::resizeEvent(QResizeEvent* event) {
  Screen::resizeEvent(event);
  const int wide = window()->width() < narrow_below_px ? narrow_list_px : list_px;
  list_->setFixedWidth(wide);
  search_->setFixedWidth(wide);
}

void SettingsScreen::entered() {
  refresh();
}

void SettingsScreen::refresh() {
  appliance_->ask();
  connections_->reload();
  filter();
}

void SettingsScreen::focus_search() {
  search_->setFocus();
  search_->selectAll();
}

bool SettingsScreen::step_back() {
  if (search_->text().isEmpty()) return false;
  search_->clear();
  return true;
}

void SettingsScreen::show_at(const QString& argument) {
  const bool is_section = std::ranges::any_of(sections_, [&](SettingsSection* each) { return each->id() == argument; });
  if (!is_section) return search_->setText(argument);
  search_->clear();
  list_->choose(argument);
}

std::vector<Command> SettingsScreen::commands() {
  const QString group = tr("Settings");
  std::vector<Command> made{{QStringLiteral("settings.reload"),
                             tr("Actions"),
                             tr("Reload the appliance's configuration"),
                             QStringLiteral("reload config"),
                             {},
                             [this] {
                               show_at(QStringLiteral("appliance"));
                               appliance_->reload();
                             },
                             [] { return QStringLiteral("tijori reload"); },
                             appliance_->reload_refusal(),
                             {},
                             QStringLiteral("arrow-repeat")}};
  for (SettingsSection* section : sections_)
    made.push_back({QStringLiteral("settings.section.") + section->id(),
                    group,
                    section->title(),
                    section->id(),
                    {},
                    [this, id = section->id()] { show_at(id); },
                    [id = section->id()] {
                      if (id == QLatin1String("findings")) return QStringLiteral("tijori status");
                      return id == QLatin1String("appliance") ? QStringLiteral("tijori settings") : QString();
                    },
                    {},
                    {},
                    QStringLiteral("gear")});
  return made;
}

}  // namespace tijori
