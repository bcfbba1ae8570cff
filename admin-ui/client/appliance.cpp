#include "admin-ui/client/appliance.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "base/clock.h"

namespace tijori {
namespace {

struct Field {
  const char* name;
  QString Appliance::* member;
};
constexpr Field fields[] = {{"name", &Appliance::name},
                            {"site", &Appliance::site},
                            {"admin_socket", &Appliance::admin_socket},
                            {"api_socket", &Appliance::api_socket},
                            {"authority", &Appliance::authority},
                            {"certificate", &Appliance::certificate},
                            {"key", &Appliance::key},
                            {"ssh", &Appliance::ssh},
                            {"health", &Appliance::health},
                            {"version", &Appliance::version}};
constexpr QLatin1String seen_field("last_seen_us");
constexpr const char* remote_folder = "/run/tijori";
constexpr qint64 max_file_bytes = 1 << 20;

class Appliances {
  Q_DECLARE_TR_FUNCTIONS(tijori::Appliances)

 public:
  static QString reach(const Appliance& appliance);
  static QString health(const QString& code);
  static QString seen(const Appliance& appliance);
};

QString Appliances::reach(const Appliance& appliance) {
  const QString way = appliance.ssh.isEmpty() ? tr("this machine, %1").arg(QFileInfo(appliance.admin_socket).path())
                                              : tr("ssh %1").arg(appliance.ssh);
  return appliance.site.isEmpty() ? way : QStringLiteral("%1, %2").arg(appliance.site, way);
}

QString Appliances::health(const QString& code) {
  if (code == QLatin1String("ready")) return tr("Ready");
  if (code == QLatin1String("starting")) return tr("Starting");
  if (code == QLatin1String("degraded")) return tr("Needs attention");
  if (code == QLatin1String("blocked")) return tr("Blocked");
  if (code == QLatin1String("draining")) return tr("Stopping");
  return tr("Seen");
}

QString Appliances::seen(const Appliance& appliance) {
  if (appliance.last_seen_us == 0) return tr("Not connected yet");
  const QString minute = ist_time(appliance.last_seen_us).left(5);
  if (ist_date(appliance.last_seen_us) == ist_date(wall_clock_us()))
    return tr("%1, %2 IST", "state, time today").arg(health(appliance.health), minute);
  return tr("%1, %2, %3 IST", "state, date, time")
      .arg(health(appliance.health), ist_date(appliance.last_seen_us), minute);
}

}  // namespace

QString api_socket_of(const Appliance& appliance) {
  if (!appliance.api_socket.isEmpty()) return appliance.api_socket;
  return QFileInfo(appliance.admin_socket).path() + QStringLiteral("/api.sock");
}

QString forwarded_socket(const QString& name) {
  static const QRegularExpression unfit(QStringLiteral("[^A-Za-z0-9._-]"));
  QString folder = name;
  folder.replace(unfit, QStringLiteral("_"));
  const QString place = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
  return QStringLiteral("%1/tijori/%2/admin.sock").arg(place, folder.isEmpty() ? QStringLiteral("appliance") : folder);
}

QString ssh_command(const Appliance& appliance) {
  const auto forward = [](const QString& here, const char* there) {
    return QStringLiteral("-L %1:%2/%3").arg(shell_word(here), QLatin1String(remote_folder), QLatin1String(there));
  };
  // A socket file that an earlier tunnel left behind is replaced.
  return QStringLiteral("mkdir -p -m 700 %1 && ssh -N -o StreamLocalBindUnlink=yes %2 %3 %4")
      .arg(shell_word(QFileInfo(appliance.admin_socket).path()), forward(appliance.admin_socket, "admin.sock"),
           forward(api_socket_of(appliance), "api.sock"),
           shell_word(appliance.ssh.isEmpty() ? QStringLiteral("USER@APPLIANCE") : appliance.ssh));
}

QString reach_text(const Appliance& appliance) {
  return Appliances::reach(appliance);
}

QString seen_text(const Appliance& appliance) {
  return Appliances::seen(appliance);
}

QString shell_word(const QString& word) {
  static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=,@+-]+$"));
  if (plain.match(word).hasMatch()) return word;
  QString inside = word;
  inside.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return QLatin1Char('\'') + inside + QLatin1Char('\'');
}

ApplianceStore::ApplianceStore(QString file) : file_(std::move(file)) {}

QString ApplianceStore::default_file() {
  return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/appliances.json");
}

Result<std::vector<Appliance>> ApplianceStore::load() const {
  QFile file(file_);
  if (!file.exists()) return std::vector<Appliance>{};
  const std::string place = file_.toStdString();
  if (!file.open(QIODevice::ReadOnly))
    return fail(ErrorCode::io_error, place + ": " + file.errorString().toStdString());
  if (file.size() > max_file_bytes) return fail(ErrorCode::malformed, place + ": larger than 1 MiB");
  QJsonParseError parsed;
  const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &parsed);
  if (!document.isArray())
    return fail(ErrorCode::malformed,
                place + ": offset " + std::to_string(parsed.offset) + ": " +
                    (parsed.error == QJsonParseError::NoError ? std::string("expected a list of appliances")
                                                              : parsed.errorString().toStdString()));
  std::vector<Appliance> appliances;
  for (const QJsonValue& entry : document.array()) {
    if (!entry.isObject() || appliances.size() >= max_saved_appliances)
      return fail(ErrorCode::malformed, place + ": expected at most 100 objects");
    Appliance appliance;
    for (const Field& field : fields)
      appliance.*field.member = entry.toObject().value(QLatin1String(field.name)).toString();
    appliance.last_seen_us = static_cast<int64_t>(entry.toObject().value(seen_field).toDouble());
    if (appliance.name.isEmpty()) return fail(ErrorCode::malformed, place + ": an appliance without a name");
    appliances.push_back(std::move(appliance));
  }
  return appliances;
}

Status ApplianceStore::save(const std::vector<Appliance>& appliances) const {
  QJsonArray list;
  for (const Appliance& appliance : appliances) {
    QJsonObject entry;
    for (const Field& field : fields)
      if (!(appliance.*field.member).isEmpty()) entry.insert(QLatin1String(field.name), appliance.*field.member);
    if (appliance.last_seen_us > 0) entry.insert(seen_field, static_cast<double>(appliance.last_seen_us));
    list.append(entry);
  }
  const QString folder = QFileInfo(file_).absolutePath();
  if (!QDir().mkpath(folder)) return fail(ErrorCode::io_error, folder.toStdString() + ": can't be made");
  QSaveFile file(file_);
  if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) ||
      file.write(QJsonDocument(list).toJson()) < 0 || !file.commit())
    return fail(ErrorCode::io_error, file_.toStdString() + ": " + file.errorString().toStdString());
  return {};
}

Status ApplianceStore::put(const Appliance& appliance) const {
  TRY_ASSIGN(std::vector<Appliance> all, load());
  const auto known = std::ranges::find(all, appliance.name, &Appliance::name);
  if (known != all.end()) {
    *known = appliance;
  } else if (all.size() < max_saved_appliances) {
    all.push_back(appliance);
  } else {
    return fail(ErrorCode::resource_exhausted, file_.toStdString() + ": 100 appliances are saved already; forget one");
  }
  return save(all);
}

Status ApplianceStore::forget(const QString& name) const {
  TRY_ASSIGN(std::vector<Appliance> all, load());
  std::erase_if(all, [&](const Appliance& each) { return each.name == name; });
  return save(all);
}

}  // namespace tijori
