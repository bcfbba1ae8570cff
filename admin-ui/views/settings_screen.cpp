#include "admin-ui/views/settings_screen.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include "admin-ui/models/numbers.h"

namespace tijori {

SettingsScreen::SettingsScreen(Session& to_session)
    : Screen(to_session, tr("Settings")),
      preferences_(Preferences::load()),
      language_(new QComboBox),
      look_(new QComboBox),
      grouping_(new QComboBox),
      lock_(new QSpinBox),
      search_(new QLineEdit),
      settings_(new SettingTable(this)),
      table_(new DataTable(DataTable::Rows::one_line, tr("Settings of the appliance"))),
      findings_(new FindingTable(this)),
      finding_rows_(new DataTable(DataTable::Rows::one_line, tr("Health findings"))) {
  search_->setPlaceholderText(tr("Search settings"));
  search_->setAccessibleName(tr("Search settings"));
  search_->setClearButtonEnabled(true);
  search_->setFixedWidth(260);
  search_->setObjectName(QStringLiteral("settings.search"));
  language_->setObjectName(QStringLiteral("settings.language"));
  look_->setObjectName(QStringLiteral("settings.look"));
  grouping_->setObjectName(QStringLiteral("settings.grouping"));
  lock_->setObjectName(QStringLiteral("settings.lock"));
  table_->setObjectName(QStringLiteral("settings.table"));
  finding_rows_->setObjectName(QStringLiteral("settings.findings"));
  add_to_title_row(search_);
  auto* reload_button = new Button(tr("Reload configuration"), ButtonKind::standard, QStringLiteral("arrow-repeat"));
  reload_button->set_refusal(
      session().permits("POST", "/admin/v1/config/reload") ? QString() : tr("Reloading needs the role operator."));
  reload_button->setObjectName(QStringLiteral("settings.reload"));
  add_to_title_row(reload_button);
  connect(reload_button, &Button::clicked, this, &SettingsScreen::reload);

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  auto* upper = new QHBoxLayout;
  upper->setSpacing(metric::gap);
  upper->addWidget(make_console());
  auto* health = new Panel(tr("Health findings"), tr("each with a code that keeps its meaning"));
  health->body()->addWidget(finding_rows_, 1);
  upper->addWidget(health, 1);
  column->addLayout(upper, 1);
  auto* appliance = new Panel(tr("Appliance"), tr("changed in tijorid.toml on the appliance, then reloaded"));
  appliance->body()->addWidget(table_, 1);
  column->addWidget(appliance, 2);
  set_content(content);

  table_->setModel(settings_);
  table_->set_columns({320, 0, 320});
  finding_rows_->setModel(findings_);
  finding_rows_->set_columns({110, 180, 0, 120});
  connect(search_, &QLineEdit::textChanged, settings_, &SettingTable::set_words);
  connect(&session(), &Session::status_changed, this, &SettingsScreen::take_status);
}

QWidget* SettingsScreen::make_console() {
  auto* panel = new Panel(tr("This console"), {});
  panel->setFixedWidth(400);
  auto* grid = new QGridLayout;
  grid->setContentsMargins(16, 14, 16, 16);
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(10);
  language_->addItems({tr("As the desktop"), QStringLiteral("English"), QStringLiteral("हिन्दी")});
  language_->setCurrentIndex(preferences_.language == QLatin1String("en")   ? 1
                             : preferences_.language == QLatin1String("hi") ? 2
                                                                            : 0);
  look_->addItems(
      {tr("As the desktop"), tr("Light"), tr("Dark"), tr("High contrast, black"), tr("High contrast, white")});
  look_->setCurrentIndex(static_cast<int>(preferences_.look));
  grouping_->addItems({tr("Lakh and crore: 8,41,229"), tr("Thousands: 841,229")});
  grouping_->setCurrentIndex(preferences_.grouping == Grouping::indian ? 0 : 1);
  lock_->setRange(0, 240);
  lock_->setValue(preferences_.lock_minutes);
  lock_->setSuffix(tr(" min"));
  lock_->setSpecialValueText(tr("never"));
  int row = 0;
  const auto add = [&](const QString& name, QWidget* field) {
    field->setAccessibleName(name);
    grid->addWidget(new TextLabel(name, Type::label, Colour::text2), row, 0);
    grid->addWidget(field, row++, 1);
  };
  add(tr("Language"), language_);
  add(tr("Appearance"), look_);
  add(tr("Large numbers"), grouping_);
  add(tr("Lock when idle for"), lock_);
  grid->setColumnStretch(1, 1);
  panel->body()->addLayout(grid);
  auto* note = new TextLabel(Type::label, Colour::text3);
  note->setContentsMargins(16, 0, 16, 12);
  note->set_paragraph(tr("Kept for this user on this computer. A new language shows at once."));
  panel->body()->addWidget(note);
  panel->body()->addStretch();
  for (QComboBox* box : {language_, look_, grouping_})
    connect(box, &QComboBox::currentIndexChanged, this, [this] { change(); });
  connect(lock_, &QSpinBox::valueChanged, this, [this] { change(); });
  return panel;
}

void SettingsScreen::change() {
  const Preferences before = preferences_;
  preferences_.language = language_->currentIndex() == 1   ? QStringLiteral("en")
                          : language_->currentIndex() == 2 ? QStringLiteral("hi")
                                                           : QString();
  preferences_.look = static_cast<LookChoice>(look_->currentIndex());
  preferences_.grouping = grouping_->currentIndex() == 0 ? Grouping::indian : Grouping::international;
  preferences_.lock_minutes = lock_->value();
  if (preferences_ == before) return;
  preferences_.save();
  set_grouping(preferences_.grouping);
  emit preferences_changed(preferences_);
}

bool SettingsScreen::may_read() const {
  return session().permits("GET", "/admin/v1/settings");
}

void SettingsScreen::entered() {
  refresh();
}

void SettingsScreen::refresh() {
  take_status();
  if (!may_read())
    return settings_->set({{"–", tr("reading them needs the role operator or auditor").toStdString(), ""}});
  session().get<Settings>("/admin/v1/settings", this, [this](const Answer<Settings>& answer) {
    if (!answer) return emit toast(sentence_of(answer.error()), {});
    settings_->set(answer->settings);
    set_context(
        tr("%n setting(s) of %1", nullptr, static_cast<int>(answer->settings.size())).arg(session().appliance().name));
  });
}

void SettingsScreen::take_status() {
  if (session().status()) findings_->set(session().status()->conditions, session().status()->now_us);
}

void SettingsScreen::reload() {
  session().post<ReloadReply>("/admin/v1/config/reload", this, [this](const Answer<ReloadReply>& answer) {
    if (!answer) return emit toast(sentence_of(answer.error()), {});
    if (answer->changed.empty() && answer->needs_restart.empty()) {
      emit toast(tr("Nothing in the configuration has changed."), {});
    } else {
      emit toast(tr("%n setting(s) changed", nullptr, static_cast<int>(answer->changed.size())) +
                     (answer->needs_restart.empty()
                          ? QStringLiteral(".")
                          : tr("; %n more need a restart.", nullptr, static_cast<int>(answer->needs_restart.size()))),
                 {});
    }
    refresh();
  });
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

std::vector<Command> SettingsScreen::commands() {
  const QString group = tr("Actions");
  return {
      {QStringLiteral("settings.reload"),
       group,
       tr("Reload the appliance's configuration"),
       QStringLiteral("reload config"),
       {},
       [this] { reload(); },
       [] { return QStringLiteral("tijori reload"); },
       session().permits("POST", "/admin/v1/config/reload") ? QString() : tr("needs the role operator")},
  };
}

}  // namespace tijori
