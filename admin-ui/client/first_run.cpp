#include "admin-ui/client/first_run.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/ca/authority.h"

namespace tijori {
namespace {

constexpr qint64 max_state_bytes = 64 << 10;

struct Field {
  const char* name;
  QString FirstRun::* member;
};
constexpr Field fields[] = {{"appliance", &FirstRun::appliance},
                            {"authority_name", &FirstRun::authority_name},
                            {"authority_folder", &FirstRun::authority_folder},
                            {"administrator", &FirstRun::administrator},
                            {"sha256", &FirstRun::sha256},
                            {"identity", &FirstRun::identity},
                            {"authority_file", &FirstRun::authority_file},
                            {"carried", &FirstRun::carried},
                            {"carried_copy", &FirstRun::carried_copy},
                            {"folder_there", &FirstRun::folder_there},
                            {"root_there", &FirstRun::root_there}};
struct TimeField {
  const char* name;
  int64_t FirstRun::* member;
};
constexpr TimeField time_fields[] = {{"authority_not_after_us", &FirstRun::authority_not_after_us},
                                     {"not_before_us", &FirstRun::not_before_us},
                                     {"not_after_us", &FirstRun::not_after_us}};

std::filesystem::path path_of(const QString& text) {
  return text.toStdString();
}

// Not further than what is still there.
FirstStep reached(const FirstRun& run, FirstStep wanted) {
  FirstStep step = FirstStep::authority;
  if (find_authority(run.authority_folder)) step = FirstStep::certificate;
  if (step == FirstStep::certificate && QFileInfo::exists(run.identity) && QFileInfo(run.carried).isDir())
    step = wanted == FirstStep::connect ? FirstStep::connect : FirstStep::command;
  return std::min(step, wanted);
}

Status write_private(const std::filesystem::path& file, std::string_view text) {
  return write_file_atomic(file, as_bytes(text), 0600);
}

// A stick may know neither modes nor renaming over a file.
Status write_plainly(const std::filesystem::path& file, std::string_view text) {
  TRY_ASSIGN(const UniqueFd fd, open_file(file, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  TRY(write_all(fd.get(), as_bytes(text), file.string()));
  if (::fsync(fd.get()) != 0) return fail_errno("fsync", file.string());
  return {};
}

std::filesystem::path issued_file(const FirstRun& run) {
  return path_of(run.authority_folder) / "issued" / (run.administrator.toStdString() + ".crt");
}

Result<Certificate> read_issued(const FirstRun& run) {
  TRY_ASSIGN(const std::string pem, read_file(issued_file(run), max_pem_bytes));
  return Certificate::from_pem(pem);
}

Result<Certificate> issue_administrator(AuthorityFolder& authority, const FirstRun& run, int days, const Secret& own) {
  CertificateOrder order;
  order.kind = CertificateKind::client;
  order.name = run.administrator.toStdString();
  for (const QString& role : run.roles) order.role_names.push_back(role.toStdString());
  order.not_after_us = wall_clock_us() + days * day_us;
  const CertificateKey key = CertificateKey::generate();
  TRY_ASSIGN(Certificate certificate, authority.issue(key, std::move(order)));
  TRY_ASSIGN(const Bytes packed, make_pkcs12(certificate, key, authority.certificate(), own));
  TRY(write_file_atomic(path_of(run.identity), packed, 0600));
  TRY(write_private(issued_file(run), certificate.to_pem()));
  return certificate;
}

Status write_carried(AuthorityFolder& authority, const FirstRun& run, const Certificate& administrator, int days) {
  const std::filesystem::path folder = path_of(run.carried);
  TRY(make_directories(folder, 0700));
  CertificateOrder order;
  order.kind = CertificateKind::server;
  order.name = run.appliance.toStdString();
  order.dns_names = {"localhost"};
  order.not_after_us = wall_clock_us() + days * day_us;
  const CertificateKey key = CertificateKey::generate();
  TRY_ASSIGN(const Certificate server, authority.issue(key, std::move(order)));
  TRY_ASSIGN(const std::string revocations, read_file(authority.folder() / "crl.pem", max_crl_bytes));
  TRY(write_private(folder / "ca.crt", authority.certificate().to_pem()));
  TRY(write_private(folder / "crl.pem", revocations));
  TRY(write_private(folder / "administrator.crt", administrator.to_pem()));
  TRY(write_private(folder / "server.crt", server.to_pem()));
  TRY(write_file_atomic(folder / "server.key", key.to_pem().bytes(), 0600));
  return write_private(
      folder / "README",
      "On the appliance, as root: tijorid enrol FOLDER, with the path of this folder. Compare the fingerprint.\n"
      "Then erase this folder: server.key is the appliance's own key.\n");
}

}  // namespace

FirstRunStore::FirstRunStore(QString folder) : folder_(std::move(folder)) {}

QString FirstRunStore::default_folder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

QString FirstRunStore::file() const {
  return folder_ + QStringLiteral("/first-run.json");
}

std::optional<FirstRun> FirstRunStore::load() const {
  QFile stored(file());
  if (!stored.open(QIODevice::ReadOnly) || stored.size() > max_state_bytes) return std::nullopt;
  const QJsonObject object = QJsonDocument::fromJson(stored.readAll()).object();
  if (object.isEmpty()) return std::nullopt;
  FirstRun run;
  for (const Field& field : fields) run.*field.member = object.value(QLatin1String(field.name)).toString();
  for (const TimeField& field : time_fields)
    run.*field.member = static_cast<int64_t>(object.value(QLatin1String(field.name)).toDouble());
  for (const QJsonValue& role : object.value(QStringLiteral("roles")).toArray()) run.roles << role.toString();
  const int step = std::clamp(object.value(QStringLiteral("step")).toInt(), 0, static_cast<int>(FirstStep::connect));
  run.step = reached(run, static_cast<FirstStep>(step));
  return run;
}

Status FirstRunStore::save(const FirstRun& run) const {
  QJsonObject object;
  for (const Field& field : fields) object.insert(QLatin1String(field.name), run.*field.member);
  for (const TimeField& field : time_fields)
    object.insert(QLatin1String(field.name), static_cast<double>(run.*field.member));
  object.insert(QStringLiteral("roles"), QJsonArray::fromStringList(run.roles));
  object.insert(QStringLiteral("step"), static_cast<int>(run.step));
  TRY(make_directories(path_of(folder_), 0700));
  return write_private(path_of(file()), QJsonDocument(object).toJson().toStdString());
}

void FirstRunStore::finish(const FirstRun& run) const {
  QFile::remove(file());
  const QString place = carry_place(run);
  if (run.carried.startsWith(place)) QDir(place).removeRecursively();
}

QString FirstRunStore::carry_place(const FirstRun& run) const {
  return folder_ + QStringLiteral("/carry-") + run.appliance;
}

std::optional<KnownAuthority> find_authority(const QString& folder) {
  if (folder.isEmpty()) return std::nullopt;
  const auto authority = AuthorityFolder::open(path_of(folder), AuthorityAccess::read);
  if (!authority) return std::nullopt;
  const CertificateInfo& info = authority->certificate().info();
  return KnownAuthority{QString::fromStdString(info.common_name), info.not_after_us};
}

PassphraseFault check_new_passphrase(const Secret& one, const Secret& again) {
  if (one.bytes().size() < min_passphrase_bytes) return PassphraseFault::too_short;
  if (one.bytes().size() > max_passphrase_bytes) return PassphraseFault::too_long;
  return equal_secrets(one.bytes(), again.bytes()) ? PassphraseFault::none : PassphraseFault::differs;
}

Status make_site_authority(FirstRun& run, const Secret& passphrase) {
  TRY(AuthorityFolder::create(path_of(run.authority_folder), run.authority_name.toStdString(), default_authority_days,
                              passphrase));
  return use_site_authority(run);
}

Status use_site_authority(FirstRun& run) {
  TRY_ASSIGN(const AuthorityFolder authority,
             AuthorityFolder::open(path_of(run.authority_folder), AuthorityAccess::change));
  const CertificateInfo& info = authority.certificate().info();
  run.authority_name = QString::fromStdString(info.common_name);
  run.authority_not_after_us = info.not_after_us;
  run.step = FirstStep::certificate;
  return {};
}

bool has_identity(const FirstRun& run, const QString& folder) {
  const auto authority = AuthorityFolder::open(path_of(run.authority_folder), AuthorityAccess::read);
  if (!authority) return false;
  const IssuedCertificate* const live = authority->live(run.administrator.toStdString(), CertificateKind::client);
  if (live == nullptr || !QFileInfo::exists(folder + QLatin1Char('/') + run.administrator + QStringLiteral(".p12")))
    return false;
  const auto certificate = read_issued(run);
  return certificate && certificate->info().sha256 == live->sha256;
}

Status make_certificates(FirstRun& run, const QString& folder, int days, const Secret& authority_passphrase,
                         const Secret& own) {
  TRY(check_client_name(run.administrator.toStdString()));
  TRY(check_client_name(run.appliance.toStdString()));
  const bool again = has_identity(run, folder);
  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(path_of(run.authority_folder), AuthorityAccess::change));
  if (!again && authority.live(run.administrator.toStdString(), CertificateKind::client) != nullptr)
    return fail(ErrorCode::already_exists, run.administrator.toStdString() + ": has a valid certificate already");
  TRY(authority.unlock(authority_passphrase));
  TRY(make_directories(path_of(folder), 0700));
  run.identity = folder + QLatin1Char('/') + run.administrator + QStringLiteral(".p12");
  run.authority_file = folder + QLatin1Char('/') + run.appliance + QStringLiteral("-ca.crt");
  run.carried =
      folder + QStringLiteral("/carry-") + run.appliance + QLatin1Char('/') + QLatin1String(carried_folder_name);
  TRY_ASSIGN(const Certificate administrator,
             again ? read_issued(run) : issue_administrator(authority, run, days, own));
  TRY(write_private(path_of(run.authority_file), authority.certificate().to_pem()));
  TRY(write_carried(authority, run, administrator, days));
  const CertificateInfo& info = administrator.info();
  run.roles.clear();
  for (const std::string& role : info.role_names) run.roles << QString::fromStdString(role);
  run.sha256 = QString::fromStdString(info.sha256);
  run.not_before_us = info.not_before_us;
  run.not_after_us = info.not_after_us;
  run.folder_there = QStringLiteral("/mnt/") + QLatin1String(carried_folder_name);
  run.step = FirstStep::command;
  return {};
}

Result<QString> copy_carried(const FirstRun& run, const QString& target) {
  const QString folder = target + QLatin1Char('/') + QLatin1String(carried_folder_name);
  TRY(make_directories(path_of(folder), 0700));
  for (const QString& name : QDir(run.carried).entryList(QDir::Files)) {
    TRY_ASSIGN(std::string text, read_file(path_of(run.carried + QLatin1Char('/') + name), max_crl_bytes));
    const Status written = write_plainly(path_of(folder + QLatin1Char('/') + name), text);
    wipe({reinterpret_cast<uint8_t*>(text.data()), text.size()});
    if (!written) return fail(written.error());
  }
  return folder;
}

QString enrol_command(const FirstRun& run) {
  const QString folder = shell_word(run.folder_there);
  if (!run.root_there.isEmpty())
    return QStringLiteral("tijorid --root %1 enrol %2").arg(shell_word(run.root_there), folder);
  return QStringLiteral("sudo tijorid enrol %1").arg(folder);
}

QString shell_way(const FirstRun& run) {
  const QString folder = shell_word(run.authority_folder);
  switch (run.step) {
    case FirstStep::authority:
      return QStringLiteral("tijori-ca init %1 --name %2")
          .arg(folder, run.authority_name.isEmpty() ? QStringLiteral("NAME") : shell_word(run.authority_name));
    case FirstStep::certificate: {
      QString roles;
      for (const QString& role : run.roles) roles += QStringLiteral(" --role ") + role;
      return QStringLiteral("tijori-ca issue %1%2 --ca %3 && tijori-ca issue %4 --server --ca %3")
          .arg(shell_word(run.administrator), roles, folder, shell_word(run.appliance));
    }
    case FirstStep::command:
      return enrol_command(run);
    case FirstStep::connect:
      return QStringLiteral("tijori status");
  }
  return {};
}

QStringList fingerprint_lines(const QString& sha256) {
  const QString spoken = QString::fromStdString(spoken_fingerprint(sha256.toStdString()));
  const qsizetype middle = spoken.size() / 2;
  return {spoken.left(middle), spoken.mid(middle + 1)};
}

Appliance appliance_of(const FirstRun& run) {
  Appliance made;
  made.name = run.appliance;
  made.admin_socket = run.root_there.isEmpty() ? QStringLiteral("/run/tijori/admin.sock")
                                               : run.root_there + QStringLiteral("/run/admin.sock");
  made.authority = run.authority_file;
  made.certificate = run.identity;
  return made;
}

}  // namespace tijori
