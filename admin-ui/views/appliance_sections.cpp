#include "admin-ui/views/appliance_sections.h"

#include <algorithm>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

constexpr int most_rows = 14;
constexpr size_t most_changes = 20;
constexpr int max_value_chars = 200;

QString persons_text(int64_t persons) {
  return SettingsSection::tr("%n person(s)", nullptr, static_cast<int>(std::clamp<int64_t>(persons, 0, 1'000)));
}

QString value_of(const std::vector<Setting>& settings, const std::string& name) {
  const auto found = std::ranges::find(settings, name, &Setting::name);
  if (found == settings.end() || found->value.empty()) return ApplianceSection::tr("not set");
  return QString::fromStdString(found->value).left(max_value_chars);
}

}  // namespace

ConnectionSection::ConnectionSection(Session& session)
    : SettingsSection(QStringLiteral("connections"), tr("Connections"), tr("appliances saved on this computer")),
      session_(session) {
  reload();
}

void ConnectionSection::reload() {
  clear_rows();
  const auto saved = ApplianceStore(ApplianceStore::default_file()).load();
  if (!saved) {
    add_row(tr("The saved appliances can't be read"), QString::fromStdString(saved.error().message), nullptr);
    return;
  }
  if (saved->empty()) add_row(tr("No appliance is saved"), tr("Connecting to one saves it."), nullptr);
  for (const Appliance& appliance : *saved) {
    SettingRow* const row = add_row(appliance.name, reach_text(appliance), nullptr, QStringLiteral("forget delete"));
    row->set_origin(tr("Certificate: %1").arg(appliance.certificate));
    const bool connected = appliance.name == session_.appliance().name;
    auto* forget_button = new Button(tr("Forget"), ButtonKind::standard, {}, ButtonSize::compact);
    forget_button->setObjectName(QStringLiteral("settings.forget.") + appliance.name);
    forget_button->setAccessibleName(tr("Forget %1").arg(appliance.name));
    forget_button->setToolTip(tr("Its files stay where they are; only this list forgets it"));
    if (connected) forget_button->set_refusal(tr("This console is connected to it now."));
    connect(forget_button, &Button::clicked, this, [this, appliance] { forget(appliance); });
    row->add_control(forget_button);
  }
}

// Nothing is lost that Undo doesn't bring back: the files stay.
void ConnectionSection::forget(const Appliance& appliance) {
  const ApplianceStore store(ApplianceStore::default_file());
  if (const Status done = store.forget(appliance.name); !done)
    return emit toast(QString::fromStdString(done.error().message), {});
  // The button that was pressed goes with its row.
  QMetaObject::invokeMethod(this, &ConnectionSection::reload, Qt::QueuedConnection);
  emit toast(tr("%1 was forgotten.").arg(appliance.name), [this, appliance] {
    const Status back = ApplianceStore(ApplianceStore::default_file()).put(appliance);
    if (!back) return emit toast(QString::fromStdString(back.error().message), {});
    reload();
  });
}

ApprovalSection::ApprovalSection(Session& session)
    : SettingsSection(QStringLiteral("approvals"), tr("Approvals"), tr("as the appliance has them; read only here")),
      session_(session),
      guardrails_(add_row(tr("A guardrail policy"),
                          tr("So many persons, the author among them, before a policy is active. Set as "
                             "guardrails.approvals in tijorid.toml."),
                          nullptr, QStringLiteral("four eyes second person maker checker"))),
      register_(add_row(tr("A change of the register or of the models"),
                        tr("So many persons for a client, a revocation, a load. Written on each audit record."),
                        nullptr, QStringLiteral("four eyes second person maker checker"))) {
  connect(&session_, &Session::capabilities_changed, this, &ApprovalSection::show_numbers);
  show_numbers();
}

void ApprovalSection::show_numbers() {
  const auto& capabilities = session_.capabilities();
  const QString unknown = tr("not known");
  guardrails_->set_value(capabilities ? persons_text(capabilities->guardrail_approvals) : unknown);
  register_->set_value(capabilities ? persons_text(capabilities->approvals) : unknown);
}

ApplianceSection::ApplianceSection(Session& session)
    : SettingsSection(QStringLiteral("appliance"), tr("Appliance settings"),
                      tr("changed in tijorid.toml on the appliance, then reloaded")),
      session_(session),
      settings_(new SettingTable(this)),
      table_(new DataTable(DataTable::Rows::one_line, tr("Settings of the appliance"))),
      states_(nullptr),
      reload_(new Button(tr("Reload configuration"), ButtonKind::standard, QStringLiteral("arrow-repeat"),
                         ButtonSize::compact)),
      notice_(new Notice(Tone::info)) {
  table_->setObjectName(QStringLiteral("settings.table"));
  table_->setModel(settings_);
  table_->set_columns({260, 0, 220});
  reload_->setObjectName(QStringLiteral("settings.reload"));
  reload_->setToolTip(tr("The appliance reads its files again and checks them first: a wrong one changes nothing"));
  panel().add_to_head(reload_);
  notice_->setObjectName(QStringLiteral("settings.changes"));
  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* above = new QVBoxLayout;
  above->setContentsMargins(12, 12, 12, 12);
  above->addWidget(notice_);
  panel().body()->addLayout(above);
  notice_->hide();
  above->setContentsMargins(0, 0, 0, 0);
  column->addWidget(table_);
  states_ = new StateView(inner);
  states_->setMinimumHeight(220);
  panel().body()->addWidget(states_);
  connect(reload_, &Button::clicked, this, &ApplianceSection::reload);
}

QString ApplianceSection::reload_refusal() const {
  return session_.permits("POST", "/admin/v1/config/reload") ? QString() : tr("Reloading needs the role operator.");
}

void ApplianceSection::ask() {
  reload_->set_refusal(reload_refusal());
  if (!session_.capabilities()) return states_->show_loading(tr("Asking %1").arg(session_.appliance().name));
  if (!session_.permits("GET", "/admin/v1/settings"))
    return states_->show_no_permission(QStringLiteral("operator"), roles_text(session_.capabilities()->roles));
  if (settings_->size() == 0) states_->show_loading(tr("Asking %1").arg(session_.appliance().name));
  session_.get<Settings>("/admin/v1/settings", this, [this](const Answer<Settings>& answer) { take(answer); });
}

void ApplianceSection::take(const Answer<Settings>& answer) {
  if (!answer) {
    // What is known stays; it has its age in the header while the appliance is away.
    if (settings_->size() == 0)
      states_->show_error(tr("%1 didn't tell its settings").arg(session_.appliance().name), sentence_of(answer.error()),
                          {{tr("Try now"), [this] { ask(); }}});
    return;
  }
  settings_->set(answer->settings);
  if (reloaded_) say_changes(reloaded_->first, reloaded_->second);
  reloaded_.reset();
  if (settings_->size() == 0) {
    states_->show_empty(QStringLiteral("inbox"), tr("The appliance told no settings"),
                        tr("It may be older than this console."));
  } else {
    states_->show_content();
  }
  fit_height();
  emit counted(static_cast<int>(settings_->size()));
  emit refilter();
}

void ApplianceSection::fit_height() {
  table_->fit_height(most_rows);
  states_->setMinimumHeight(states_->state() == StateView::State::content ? 0 : 220);
}

int ApplianceSection::filter(const QString& typed) {
  // What names the section shows all of it.
  settings_->set_words(says(typed) ? QString() : typed);
  const int shown = settings_->rowCount();
  fit_height();
  if (states_->state() != StateView::State::content) return says(typed) ? 1 : 0;
  return shown;
}

void ApplianceSection::reload() {
  reload_->set_pending(tr("Reloading"));
  session_.post<ReloadReply>("/admin/v1/config/reload", this, [this](const Answer<ReloadReply>& answer) {
    reload_->end_pending();
    reload_->set_refusal(reload_refusal());
    if (!answer) {
      notice_->set_tone(Tone::danger);
      return notice_->say(tr("Nothing was reloaded"), sentence_of(answer.error()));
    }
    reloaded_ = {*answer, settings_->all()};
    ask();
  });
}

void ApplianceSection::say_changes(const ReloadReply& reply, const std::vector<Setting>& before) {
  notice_->set_tone(Tone::info);
  if (reply.changed.empty() && reply.needs_restart.empty())
    return notice_->say(
        tr("Nothing in the configuration has changed"),
        tr("Asked at %1 IST.").arg(session_.status() ? ist_time(session_.status()->now_us) : QString()));
  QStringList lines;
  for (size_t i = 0; i < std::min(most_changes, reply.changed.size()); ++i)
    lines << QStringLiteral("%1: %2 → %3")
                 .arg(QString::fromStdString(reply.changed[i]).left(max_value_chars),
                      value_of(before, reply.changed[i]), value_of(settings_->all(), reply.changed[i]));
  for (size_t i = 0; i < std::min(most_changes, reply.needs_restart.size()); ++i)
    lines << tr("%1: after a restart of the daemon")
                 .arg(QString::fromStdString(reply.needs_restart[i]).left(max_value_chars));
  if (!reply.needs_restart.empty()) notice_->set_tone(Tone::warn);
  notice_->say(tr("%n setting(s) changed", nullptr,
                  static_cast<int>(std::min<size_t>(1'000'000, reply.changed.size() + reply.needs_restart.size()))),
               lines.join(QLatin1Char('\n')),
               reply.needs_restart.empty() ? QString() : QStringLiteral("systemctl restart tijorid"));
}

}  // namespace tijori
