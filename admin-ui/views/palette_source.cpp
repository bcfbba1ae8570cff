#include "admin-ui/views/palette_source.h"

#include <algorithm>
#include <functional>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

// All commands are matched at every letter, in the GUI thread.
constexpr size_t max_clients = 200;

enum class Offer : uint8_t { all, those_to_revoke };

// Of a longer register those whose names have most of the typed words, so that each can be reached.
std::vector<const ClientInfo*> offered(const std::vector<ClientInfo>& clients, Offer offer, const QString& typed) {
  std::vector<const ClientInfo*> chosen;
  for (const ClientInfo& client : clients)
    if (offer == Offer::all || !client.revoked) chosen.push_back(&client);
  if (chosen.size() <= max_clients) return chosen;
  const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  std::vector<std::pair<qsizetype, const ClientInfo*>> ranked;
  ranked.reserve(chosen.size());
  for (const ClientInfo* const client : chosen) {
    const QString name = QString::fromStdString(client->name);
    const auto is_in_name = [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); };
    ranked.emplace_back(std::ranges::count_if(words, is_in_name), client);
  }
  std::ranges::stable_sort(ranked, std::greater{}, [](const auto& each) { return each.first; });
  chosen.resize(max_clients);
  for (size_t i = 0; i < max_clients; ++i) chosen[i] = ranked[i].second;
  return chosen;
}

}  // namespace

PaletteSource::PaletteSource(Session& session, Open open, QObject* parent)
    : QObject(parent), session_(session), open_(std::move(open)) {}

void PaletteSource::ask() {
  if (session_.permits("GET", "/admin/v1/clients"))
    session_.get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) {
      if (!answer) return;
      clients_ = answer->clients;
      emit changed();
    });
  if (session_.permits("GET", "/admin/v1/settings"))
    session_.get<Settings>("/admin/v1/settings", this, [this](const Answer<Settings>& answer) {
      if (!answer) return;
      settings_ = answer->settings;
      emit changed();
    });
}

Command PaletteSource::open_command(const QString& screen, const QString& argument) const {
  Command made;
  made.run = [open = open_, screen, argument] { open(screen, argument); };
  return made;
}

std::vector<Command> PaletteSource::revocations_of(const std::vector<const ClientInfo*>& clients) const {
  std::vector<Command> made;
  const QString refusal =
      session_.permits("POST", "/admin/v1/clients/{name}/revoke") ? QString() : tr("needs the role operator");
  for (const ClientInfo* const client : clients) {
    const QString name = QString::fromStdString(client->name);
    Command command = open_command(QStringLiteral("clients"), QStringLiteral("revoke:") + name);
    command.id = QStringLiteral("clients.revoke.") + name;
    command.group = tr("Actions");
    command.title = tr("Revoke %1…").arg(name);
    command.note = tr("asks first, says what is lost");
    command.search = QStringLiteral("revoke निरस्त");
    command.icon = QStringLiteral("slash-circle");
    command.refusal = refusal;
    command.command_line = [name] { return QStringLiteral("tijori clients revoke %1").arg(shell_word(name)); };
    made.push_back(std::move(command));
  }
  return made;
}

std::vector<Command> PaletteSource::revocations() const {
  return revocations_of(offered(clients_, Offer::those_to_revoke, {}));
}

std::vector<Command> PaletteSource::commands(const QString& typed) const {
  std::vector<Command> made = revocations_of(offered(clients_, Offer::those_to_revoke, typed));
  const int64_t now = session_.status() ? session_.status()->now_us : 0;
  for (const ClientInfo* const each : offered(clients_, Offer::all, typed)) {
    const ClientInfo& client = *each;
    const QString name = QString::fromStdString(client.name);
    Command command = open_command(QStringLiteral("clients"), name);
    command.id = QStringLiteral("client.") + name;
    command.group = tr("Clients");
    command.title = name;
    command.icon = QStringLiteral("people");
    const int64_t until = not_after_of(client);
    command.note = client.revoked ? tr("%1, revoked").arg(roles_text(client.roles))
                   : until > now  ? tr("%1, expires %2").arg(roles_text(client.roles), relative_text(until, now))
                                  : tr("%1, expired").arg(roles_text(client.roles));
    command.command_line = [] { return QStringLiteral("tijori clients list"); };
    made.push_back(std::move(command));
  }
  if (session_.status())
    for (const ModelInfo& model : session_.status()->models) {
      const QString name = QString::fromStdString(model.alias);
      Command command = open_command(QStringLiteral("models"), name);
      command.id = QStringLiteral("model.") + name;
      command.group = tr("Models");
      command.title = name;
      command.icon = QStringLiteral("cpu");
      command.note = QString::fromStdString(model.architecture.empty() ? model.file : model.name);
      command.command_line = [name] { return QStringLiteral("tijori models show %1").arg(shell_word(name)); };
      made.push_back(std::move(command));
    }
  bool is_number = false;
  const QString digits = QString(typed).remove(QLatin1Char(',')).trimmed();
  if (const qlonglong number = digits.toLongLong(&is_number); is_number && number >= 0) {
    Command command = open_command(QStringLiteral("audit"), QString::number(number));
    command.id = QStringLiteral("record");
    command.group = tr("Records");
    command.title = tr("Record %1").arg(count_text(number));
    command.search = typed + QLatin1Char(' ') + digits;
    command.icon = QStringLiteral("journal-check");
    command.refusal = session_.permits("GET", "/admin/v1/audit/records") ? QString() : tr("needs the role auditor");
    if (session_.status() && session_.status()->audit)
      command.note = tr("of %1").arg(count_text(session_.status()->audit->records));
    command.command_line = [number] { return QStringLiteral("tijori audit show %1").arg(number); };
    made.push_back(std::move(command));
  }
  for (const Setting& setting : settings_) {
    const QString name = QString::fromStdString(setting.name);
    Command command = open_command(QStringLiteral("settings"), name);
    command.id = QStringLiteral("setting.") + name;
    command.group = tr("Settings");
    command.title = name;
    command.icon = QStringLiteral("gear");
    command.note = QString::fromStdString(setting.value);
    made.push_back(std::move(command));
  }
  return made;
}

}  // namespace tijori
