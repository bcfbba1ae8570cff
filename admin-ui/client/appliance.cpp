#include "admin-ui/client/appliance.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

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
                            {"key", &Appliance::key}};
constexpr qint64 max_file_bytes = 1 << 20;

}  // namespace

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

}  // namespace tijori
