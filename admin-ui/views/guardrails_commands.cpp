// What the palette offers on the Guardrails screen, each with its command line.
#include "admin-ui/views/guardrails_screen.h"

namespace tijori {

std::vector<Command> GuardrailsScreen::commands() {
  const QString group = tr("Actions");
  const Activation state = now();
  const std::string open_digest = draft_->digest();
  const bool is_stored = desk_->find(open_digest) != nullptr;
  const QString digest = is_stored ? QString::fromStdString(open_digest.substr(0, 12)) : QStringLiteral("DIGEST");
  const auto line = [digest](const char* verb) {
    return [digest, verb] { return QStringLiteral("tijori guardrails %1 %2").arg(QLatin1String(verb), digest); };
  };
  const auto refused = [](const ActivationAct& act, const QString& otherwise) {
    return !act.refusal.isEmpty() ? act.refusal : act.is_shown ? QString() : otherwise;
  };
  const QString no_edit = desk_->may_edit() ? QString() : tr("needs the role guardrail-editor");
  const int row = rules_->table().chosen_row();
  const QString no_rule = !no_edit.isEmpty() ? no_edit : row < 0 ? tr("choose a rule first") : QString();
  const std::string compared = compared_.substr(0, 12);
  // On a command line a rule is edited in the file.
  const auto to_edit = [opened = QString::fromStdString(open_.substr(0, 12))] {
    return QStringLiteral("tijori guardrails show %1 --document > policy.json").arg(opened);
  };
  return {
      {QStringLiteral("guardrails.list"),
       group,
       tr("Ask for the policies again"),
       QStringLiteral("refresh list"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [] { return QStringLiteral("tijori guardrails list"); },
       {}},
      {QStringLiteral("guardrails.bench"), group, tr("Run the bench"), QStringLiteral("bench try test जाँच"),
       QKeySequence(QStringLiteral("Ctrl+Return")), [this] { bench(); },
       [compared, digest] {
         return QStringLiteral("tijori guardrails bench --a %1 --b %2 < texts.jsonl")
             .arg(QString::fromStdString(compared), digest);
       },
       desk_->may_bench() ? QString() : tr("needs a role that reads policies")},
      {QStringLiteral("guardrails.check"),
       group,
       tr("Run the regression pack"),
       QStringLiteral("check cases"),
       {},
       [this] { acts_->check(); },
       line("check"),
       state.check.refusal},
      {QStringLiteral("guardrails.versions"),
       group,
       tr("Show all versions…"),
       QStringLiteral("versions history संस्करण"),
       {},
       [this] { show_versions(); },
       [] { return QStringLiteral("tijori guardrails list"); },
       {}},
      {QStringLiteral("guardrails.differences"),
       group,
       tr("Show what differs…"),
       QStringLiteral("diff compare अंतर"),
       {},
       [this] { show_differences(); },
       line("show --document"),
       {}},
      {QStringLiteral("guardrails.add_rule"),
       group,
       tr("Add a rule…"),
       QStringLiteral("new rule नियम"),
       {},
       [this] { ask_for_rule(-1); },
       to_edit,
       no_edit},
      {QStringLiteral("guardrails.edit_rule"), group, tr("Edit the chosen rule in place"),
       QStringLiteral("edit action stage"), QKeySequence(Qt::Key_F2), [this] { rules_->table().edit_chosen(); },
       to_edit, no_rule},
      {QStringLiteral("guardrails.switch_rule"),
       group,
       tr("Switch the chosen rule on or off"),
       QStringLiteral("on off चालू बंद"),
       {},
       [this] { rules_->table().switch_chosen(); },
       to_edit,
       no_rule},
      {QStringLiteral("guardrails.remove_rule"),
       group,
       tr("Remove the chosen rule"),
       QStringLiteral("delete remove हटाएँ"),
       {},
       [this] { rules_->table().remove_chosen(); },
       to_edit,
       no_rule},
      {QStringLiteral("guardrails.save"),
       group,
       tr("Save the draft and ask for approval"),
       QStringLiteral("save approval सहेजें"),
       {},
       [this] { acts_->save(); },
       [] { return QStringLiteral("tijori guardrails save FILE"); },
       refused(state.save, tr("it is saved already"))},
      {QStringLiteral("guardrails.approve"),
       group,
       tr("Approve the draft that is open…"),
       QStringLiteral("approve मंज़ूर"),
       {},
       [this] { acts_->approve(); },
       line("approve"),
       refused(state.approve, tr("nothing here waits for approval"))},
      {QStringLiteral("guardrails.activate"),
       group,
       tr("Activate the draft that is open"),
       QStringLiteral("activate सक्रिय"),
       {},
       [this] { acts_->activate(); },
       line("activate"),
       refused(state.activate, tr("save the draft first"))},
      {QStringLiteral("guardrails.rollback"),
       group,
       tr("Roll back to the previous policy…"),
       QStringLiteral("rollback undo लौटें"),
       {},
       [this] { acts_->roll_back(); },
       [] { return QStringLiteral("tijori guardrails rollback"); },
       refused(state.roll_back, tr("there is no previous one"))},
  };
}

}  // namespace tijori
