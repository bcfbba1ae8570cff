#include "admin-ui/models/finding.h"

#include <QCoreApplication>
#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int max_detail_chars = 500;
constexpr int max_code_chars = 64;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(tijori::Finding)
};

struct Known {
  const char* code;
  const char* title;
  const char* advice;
  const char* command;
  const char* screen;
};

constexpr Known known[] = {
    {"draining", QT_TRANSLATE_NOOP("tijori::Finding", "The daemon is stopping: running requests may end."), "", "", ""},
    {"audit-away", QT_TRANSLATE_NOOP("tijori::Finding", "Nothing is answered: the audit process does not answer."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Look at its journal and restart it."), "journalctl -u tijori-audit",
     "audit"},
    {"log-blocked", QT_TRANSLATE_NOOP("tijori::Finding", "Nothing is answered: the audit log takes no records."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Free space on its disk or mend it; it goes on by itself."),
     "df -h /var/lib/tijori/audit", "audit"},
    {"log-replaced",
     QT_TRANSLATE_NOOP("tijori::Finding", "Nothing is answered: this is another audit log than before."),
     QT_TRANSLATE_NOOP("tijori::Finding",
                       "Put the old audit folder back; only if it is lost for good, accept this one."),
     "tijorid accept-log", "audit"},
    {witness_alarm_code,
     QT_TRANSLATE_NOOP("tijori::Finding", "The audit log shrank or forked since this console saw it."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Audit names the two checkpoints between which it broke; change nothing."),
     "tijori audit export tijori-audit.export", "audit"},
    {"log-reserve", QT_TRANSLATE_NOOP("tijori::Finding", "Questions are refused: the audit log's disk is nearly full."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Free space on it or add a disk."), "df -h /var/lib/tijori/audit", "audit"},
    {"log-tight", QT_TRANSLATE_NOOP("tijori::Finding", "The audit log's disk is filling up."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Free space on it or add a disk."), "df -h /var/lib/tijori/audit", "audit"},
    {"guardrails-unavailable",
     QT_TRANSLATE_NOOP("tijori::Finding", "Nothing is answered: no guardrail policy can be relied on."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Activate an approved policy, or roll back."), "tijori guardrails list",
     "guardrails"},
    {"guardrail-fails-open", QT_TRANSLATE_NOOP("tijori::Finding", "Some rules let text pass when they can't judge it."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Set them to fail closed, or keep the reason written down."),
     "tijori guardrails list", "guardrails"},
    {"no-model", QT_TRANSLATE_NOOP("tijori::Finding", "No model is loaded."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Load one."), "tijori models", "models"},
    {"model-failed", QT_TRANSLATE_NOOP("tijori::Finding", "A model can't be served."),
     QT_TRANSLATE_NOOP("tijori::Finding", "See why on the Models screen, then load it again or unload it."),
     "tijori models", "models"},
    {"engine-unresponsive", QT_TRANSLATE_NOOP("tijori::Finding", "A model's engine does not answer."),
     QT_TRANSLATE_NOOP("tijori::Finding", "It is restarted by itself after 30 s."), "tijori models", "models"},
    {"model-loading", QT_TRANSLATE_NOOP("tijori::Finding", "A model is being loaded."), "", "tijori models", "models"},
    {"certificate-expiring", QT_TRANSLATE_NOOP("tijori::Finding", "The appliance's certificate ends soon."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Issue a new one where your CA is, and put it in place."),
     "tijori-ca issue server --server", "settings"},
    {"crl-stale", QT_TRANSLATE_NOOP("tijori::Finding", "The revocation list is older than it should be."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Make a new one where your CA is and upload it."), "tijori crl crl.pem",
     "settings"},
    {"reload-failed", QT_TRANSLATE_NOOP("tijori::Finding", "The last reload failed: the settings before it stay."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Mend what is named below, then reload again."), "tijorid check-config",
     "settings"},
    {"authority-expiring", QT_TRANSLATE_NOOP("tijori::Finding", "The certificate of your authority ends soon."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Make a new authority, then new certificates for everybody."),
     "tijori-ca init DIR --name NAME", "settings"},
    {"certificate-missing", QT_TRANSLATE_NOOP("tijori::Finding", "The appliance's certificate files are not there."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Take them in again, as root on the appliance."), "tijorid enrol FOLDER",
     "settings"},
    {"certificate-unusable", QT_TRANSLATE_NOOP("tijori::Finding", "A certificate file on the appliance can't be used."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Put back the one that your authority wrote, then reload."), "tijori doctor",
     "settings"},
    {"key-exposed", QT_TRANSLATE_NOOP("tijori::Finding", "Every account of the appliance can read its private key."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Take that right away; if others were there, issue a new key."),
     "chmod o= /etc/tijori/tls/server.key", "settings"},
    {"model-altered", QT_TRANSLATE_NOOP("tijori::Finding", "A model's file is not the one that was allowed."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Remove it and add it again from where it came."), "tijori models", "models"},
    {"clock-wrong", QT_TRANSLATE_NOOP("tijori::Finding", "The appliance's clock can't be right."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Set it, as root on the appliance."),
     "timedatectl set-time 'YYYY-MM-DD HH:MM:SS'", "settings"},
    {"disk-low", QT_TRANSLATE_NOOP("tijori::Finding", "The disk of the appliance's state is filling up."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Free space on it or add a disk."), "df -h /var/lib/tijori/state",
     "settings"},
    {"socket-missing", QT_TRANSLATE_NOOP("tijori::Finding", "A socket is not there: nobody can connect to it."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Make the sockets again, as root on the appliance."),
     "systemctl restart tijorid-api.socket tijorid-admin.socket", "settings"},
    {"socket-group",
     QT_TRANSLATE_NOOP("tijori::Finding", "A socket doesn't belong to its group: members can't connect."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Make the sockets again, as root on the appliance."),
     "systemctl restart tijorid-api.socket tijorid-admin.socket", "settings"},
    {"socket-open", QT_TRANSLATE_NOOP("tijori::Finding", "A socket is open to every account of the appliance."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Make the sockets again, as root on the appliance."),
     "systemctl restart tijorid-api.socket tijorid-admin.socket", "settings"},
    {"sandbox-off", QT_TRANSLATE_NOOP("tijori::Finding", "A process runs without all of its sandbox."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Drop what was changed in its unit, then restart it."),
     "systemctl revert tijorid", "settings"},
    {"core-dumps", QT_TRANSLATE_NOOP("tijori::Finding", "A crash could write prompts and keys to a disk."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Drop what was changed in its unit, then restart it."),
     "systemctl revert tijorid", "settings"},
    {"swap-on", QT_TRANSLATE_NOOP("tijori::Finding", "Prompts and keys could be swapped out to a disk."),
     QT_TRANSLATE_NOOP("tijori::Finding", "Turn swap off, or encrypt it."), "swapoff -a", "settings"},
    {"nvidia-driver-missing",
     QT_TRANSLATE_NOOP("tijori::Finding", "An NVIDIA card has no driver: models are computed on the CPU."), "",
     "tijori doctor", "settings"},
    {"nvidia-driver-old",
     QT_TRANSLATE_NOOP("tijori::Finding", "The NVIDIA driver is too old: models are computed on the CPU."), "",
     "tijori doctor", "settings"},
    {"secure-boot-blocks-driver",
     QT_TRANSLATE_NOOP("tijori::Finding", "Secure Boot keeps the NVIDIA driver out: models are computed on the CPU."),
     "", "tijori doctor", "settings"},
};

}  // namespace

Finding finding_of(const Condition& condition) {
  Finding finding;
  finding.code = QString::fromStdString(condition.code).left(max_code_chars);
  finding.detail = QString::fromStdString(condition.message).left(max_detail_chars);
  const auto* const found = std::ranges::find_if(known, [&](const Known& each) { return condition.code == each.code; });
  if (found == std::end(known)) {
    finding.title = finding.detail;
    return finding;
  }
  finding.title = Words::tr(found->title);
  if (*found->advice != '\0') finding.advice = Words::tr(found->advice);
  finding.command = QString::fromLatin1(found->command);
  finding.screen = QString::fromLatin1(found->screen);
  return finding;
}

QString finding_screen_title(const QString& screen) {
  if (screen == QLatin1String("models")) return Words::tr("Models");
  if (screen == QLatin1String("audit")) return Words::tr("Audit");
  if (screen == QLatin1String("guardrails")) return Words::tr("Guardrails");
  if (screen == QLatin1String("clients")) return Words::tr("Clients");
  return Words::tr("Settings");
}

std::vector<Condition> by_weight(const std::vector<Condition>& conditions, size_t most) {
  std::vector<const Condition*> all;
  for (const Condition& each : conditions) all.push_back(&each);
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const Condition* one, const Condition* other) {
    if (one->severity != other->severity) return one->severity > other->severity;
    return one->since_us != other->since_us ? one->since_us < other->since_us : one < other;
  });
  std::vector<Condition> found;
  for (auto each = all.begin(); each != end; ++each) found.push_back(**each);
  return found;
}

QString health_sentence(const DaemonStatus& status) {
  const auto count = static_cast<int>(
      std::ranges::count_if(status.conditions, [](const Condition& each) { return each.severity != Severity::info; }));
  if (status.conditions.empty() || (count == 0 && status.health == Health::ready))
    return Words::tr("Working normally. Nothing to do.");
  const Finding worst = finding_of(by_weight(status.conditions, 1).front());
  const QString sentence = worst.advice.isEmpty() ? worst.title : worst.title + QLatin1Char(' ') + worst.advice;
  if (status.health == Health::ready && count > 0)
    return Words::tr("Working. %n thing(s) to do: %1", nullptr, count).arg(sentence);
  return sentence;
}

}  // namespace tijori
