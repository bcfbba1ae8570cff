#include "tests/admin-ui/appliance_rig.h"

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <csignal>

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "protocol/client/conversation.h"
#include "tests/support/tiny_models.h"
#include "tests/support/tokenizers.h"

namespace tijori::test {
namespace {

constexpr int64_t hour_us = 3'600'000'000;
constexpr double start_limit_s = 60;

Secret rig_secret() {
  const auto text = as_bytes(ApplianceRig::passphrase());
  return Secret(Bytes(text.begin(), text.end()));
}

std::string text_of(const Secret& secret) {
  return std::string(as_text(secret.bytes()));
}

constexpr const char* words[] = {
    "account", "amount",  "branch", "balance", "bearer", "brass",   "cash",  "clerk",  "coin",   "counter",
    "credit",  "custody", "deed",   "deposit", "door",   "draft",   "enter", "folio",  "gold",   "hall",
    "harbour", "honour",  "index",  "invoice", "iron",   "key",     "lamp",  "ledger", "letter", "light",
    "lock",    "margin",  "market", "note",    "notice", "office",  "open",  "paper",  "pledge", "quiet",
    "record",  "return",  "river",  "room",    "safe",   "seal",    "shelf", "silver", "sum",    "table",
    "teller",  "terms",   "tide",   "trust",   "vault",  "voucher", "watch", "weight", "window", "witness"};

// Random words without an end, quickly.
Bytes chattering_model(TinySize size) {
  TokenizerSource tokenizer = byte_tokenizer();
  for (const char* word : words) size.spoken.push_back(tokenizer.add(spell(std::string(" ") + word)));
  size.vocabulary = static_cast<uint32_t>(tokenizer.tokens.size());
  size.context_tokens = 65'536;
  return with_tokenizer(tiny_model(Tiny::scout, DType::f32, size), tokenizer, llama4_template);
}

}  // namespace

int patience_ms(double seconds) {
  bool is_number = false;
  const double factor = qEnvironmentVariable("TIJORI_PATIENCE").toDouble(&is_number);
  return static_cast<int>(seconds * 1000 * (is_number && factor > 0 ? factor : 1));
}

QString ApplianceRig::program(const QString& name) {
  return qEnvironmentVariable("TIJORI_BIN_DIR", QStringLiteral("build/dev/bin")) + QLatin1Char('/') + name;
}

ApplianceRig::~ApplianceRig() {
  if (daemon_.state() == QProcess::NotRunning) return;
  daemon_.terminate();
  if (daemon_.waitForFinished(patience_ms(30))) return;
  daemon_.kill();
  daemon_.waitForFinished(patience_ms(5));
}

bool ApplianceRig::fail(const QString& what) {
  if (trouble_.isEmpty()) trouble_ = what;
  return false;
}

QString ApplianceRig::trouble() const {
  QFile log(root() + QStringLiteral("/daemon.log"));
  if (!log.open(QIODevice::ReadOnly)) return trouble_;
  return trouble_ + QStringLiteral("\n") + QString::fromUtf8(log.readAll().right(4000));
}

bool ApplianceRig::write(const QString& file, std::string_view text) {
  const std::string path = (root() + QLatin1Char('/') + file).toStdString();
  const auto written = write_file_atomic(path, as_bytes(text), 0600);
  return written ? true : fail(QString::fromStdString(written.error().message));
}

bool ApplianceRig::run(const QString& name, const QStringList& arguments) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("TIJORI_ROOT"), root());
  process.setProcessEnvironment(environment);
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.start(program(name), arguments);
  if (process.waitForFinished(patience_ms(start_limit_s)) && process.exitStatus() == QProcess::NormalExit &&
      process.exitCode() == 0)
    return true;
  return fail(name + QLatin1Char(' ') + arguments.join(QLatin1Char(' ')) + QStringLiteral(": ") +
              process.errorString() + QLatin1Char('\n') + QString::fromUtf8(process.readAll()));
}

bool ApplianceRig::start() {
  for (const char* folder : {"tls", "people", "etc", "made"}) QDir(root()).mkdir(QString::fromLatin1(folder));
  if (!make_keys() || !make_models()) return false;
  if (!options_.config.isEmpty() && !write(QStringLiteral("etc/tijorid.toml"), options_.config.toStdString()))
    return false;
  if (!run(QStringLiteral("tijorid"), {QStringLiteral("--root"), root(), QStringLiteral("enrol"), admin_.certificate}))
    return false;
  if (!start_daemon()) return false;
  for (const Identity* known : {&second_, &auditor_, &application_})
    if (!add(*known)) return false;
  return true;
}

bool ApplianceRig::make_keys() {
  const std::filesystem::path folder = authority_folder().toStdString();
  if (const auto made = AuthorityFolder::create(folder, "Trial authority", 730, rig_secret()); !made)
    return fail(QString::fromStdString(made.error().message));
  const std::vector<Role> all{Role::operator_, Role::auditor, Role::guardrail_editor};
  const auto take = [&](Identity& into, const char* name, const std::vector<Role>& roles, int64_t life_us) {
    auto made = issue(QString::fromLatin1(name), roles, life_us);
    if (made) into = *std::move(made);
    return made.has_value();
  };
  constexpr int64_t life_us = 365 * day_us;
  if (!take(admin_, "records-office", all, life_us) || !take(second_, "risk-office", all, life_us) ||
      !take(auditor_, "audit-branch", {Role::auditor}, life_us) ||
      !take(application_, "front-desk", {Role::application}, life_us) ||
      !take(expired_, "last-year", all, -hour_us / 2) || !take(revoked_, "lost-laptop", all, life_us) ||
      !take(unregistered_, "new-hire", all, life_us))
    return false;

  const CertificateKey server_key = CertificateKey::generate();
  auto opened = AuthorityFolder::open(folder, AuthorityAccess::change);
  if (!opened || !opened->unlock(rig_secret())) return fail(QStringLiteral("the authority can't be opened"));
  const auto server = opened->issue(server_key, {.kind = CertificateKind::server,
                                                 .name = "server",
                                                 .role_names = {},
                                                 .dns_names = {"localhost"},
                                                 .not_after_us = wall_clock_us() + life_us});
  if (!server || !opened->revoke("lost-laptop", "", RevocationReason::key_compromise))
    return fail(QStringLiteral("the server's certificate or the revocation failed"));
  const auto revocations = read_file(folder / "crl.pem", max_crl_bytes);
  const auto root_pem = read_file(folder / "ca.crt", max_pem_bytes);
  if (!revocations || !root_pem) return fail(QStringLiteral("the authority's files can't be read"));
  if (!write(QStringLiteral("tls/ca.crt"), *root_pem) || !write(QStringLiteral("tls/crl.pem"), *revocations) ||
      !write(QStringLiteral("tls/server.crt"), server->to_pem()) ||
      !write(QStringLiteral("tls/server.key"), text_of(server_key.to_pem())))
    return false;

  const CertificateKey other_authority_key = CertificateKey::generate();
  const CertificateKey other_key = CertificateKey::generate();
  const int64_t now_us = wall_clock_us();
  const auto other = make_authority("Another authority", other_authority_key, now_us - hour_us, now_us + life_us);
  if (!other) return fail(QStringLiteral("another authority can't be made"));
  const auto strange = issue_certificate(*other, other_authority_key, other_key,
                                         {.kind = CertificateKind::client,
                                          .name = "records-office",
                                          .role_names = {"operator", "auditor", "guardrail-editor"},
                                          .dns_names = {},
                                          .not_before_us = now_us - hour_us,
                                          .not_after_us = now_us + life_us});
  stranger_ = {QStringLiteral("records-office"), root() + QStringLiteral("/people/stranger.crt"),
               root() + QStringLiteral("/people/stranger.key")};
  return strange && write(QStringLiteral("people/stranger.crt"), strange->to_pem()) &&
         write(QStringLiteral("people/stranger.key"), text_of(other_key.to_pem()));
}

std::optional<Identity> ApplianceRig::issue(const QString& name, const std::vector<Role>& roles, int64_t life_us) {
  auto opened = AuthorityFolder::open(authority_folder().toStdString(), AuthorityAccess::change);
  if (!opened || !opened->unlock(rig_secret())) {
    fail(QStringLiteral("the authority can't be opened"));
    return std::nullopt;
  }
  CertificateOrder order{.kind = CertificateKind::client,
                         .name = name.toStdString(),
                         .role_names = {},
                         .dns_names = {},
                         .not_after_us = wall_clock_us() + life_us};
  for (const Role role : roles) order.role_names.emplace_back(name_of(role));
  const CertificateKey key = CertificateKey::generate();
  const auto issued = opened->issue(key, order);
  if (!issued) {
    fail(QString::fromStdString(issued.error().message));
    return std::nullopt;
  }
  const QString base = QStringLiteral("people/") + name;
  if (!write(base + QStringLiteral(".crt"), issued->to_pem()) ||
      !write(base + QStringLiteral(".key"), text_of(key.to_pem())))
    return std::nullopt;
  const QString place = root() + QLatin1Char('/') + base;
  return Identity{name, place + QStringLiteral(".crt"), place + QStringLiteral(".key")};
}

bool ApplianceRig::make_models() {
  const auto register_model = [this](const QString& file, const char* alias) {
    return run(QStringLiteral("tijori"), {QStringLiteral("models"), QStringLiteral("add"), file,
                                          QStringLiteral("--name"), QString::fromLatin1(alias)});
  };
  const QString demo = qEnvironmentVariable("TIJORI_DEMO_MODEL");
  if (!options_.small_model && QFile::exists(demo)) {
    if (!register_model(demo, "demo")) return false;
  } else {
    if (!write(QStringLiteral("made/demo.gguf"), as_text(chattering_model({}))) ||
        !register_model(root() + QStringLiteral("/made/demo.gguf"), "demo"))
      return false;
  }
  if (!options_.experts) return true;
  return write(QStringLiteral("made/scout.gguf"), as_text(chattering_model({.layers = 24, .experts = 16}))) &&
         register_model(root() + QStringLiteral("/made/scout.gguf"), "scout");
}

bool ApplianceRig::start_daemon() {
  daemon_.setStandardErrorFile(root() + QStringLiteral("/daemon.log"), QIODevice::Append);
  daemon_.setStandardOutputFile(QProcess::nullDevice());
  daemon_.start(program(QStringLiteral("tijorid")), {QStringLiteral("--root"), root()});
  if (!daemon_.waitForStarted(patience_ms(10))) return fail(QStringLiteral("tijorid: ") + daemon_.errorString());
  QElapsedTimer since;
  since.start();
  QString last;
  while (since.elapsed() < patience_ms(start_limit_s)) {
    if (daemon_.state() != QProcess::Running) return fail(QStringLiteral("tijorid ended"));
    const auto status = get<DaemonStatus>("/admin/v1/status");
    if (status && status->health != Health::starting && status->health != Health::blocked) return true;
    last = QString::fromStdString(status ? status->sentence : status.error().error.message);
    QTest::qWait(50);
  }
  return fail(QStringLiteral("tijorid isn't ready: ") + last);
}

bool ApplianceRig::add(const Identity& client) {
  const auto pem = read_file(client.certificate.toStdString(), max_pem_bytes);
  if (!pem) return fail(QString::fromStdString(pem.error().message));
  const auto added =
      post<ClientInfo>("/admin/v1/clients", AddClient{.certificate = *pem, .roles = {}, .quota_tokens_per_day = {}});
  return added ? true : fail(QString::fromStdString(added.error().error.message));
}

QString ApplianceRig::admin_pkcs12() {
  const auto certificate_pem = read_file(admin_.certificate.toStdString(), max_pem_bytes);
  const auto key_pem = read_file(admin_.key.toStdString(), max_pem_bytes);
  const auto root_pem = read_file(authority().toStdString(), max_pem_bytes);
  if (!certificate_pem || !key_pem || !root_pem) return {};
  const auto certificate = Certificate::from_pem(*certificate_pem);
  const auto key = CertificateKey::from_pem(*key_pem, nullptr);
  const auto authority_certificate = Certificate::from_pem(*root_pem);
  if (!certificate || !key || !authority_certificate) return {};
  const auto made = make_pkcs12(*certificate, *key, *authority_certificate, rig_secret());
  if (!made || !write(QStringLiteral("people/admin.p12"), as_text(*made))) return {};
  return root() + QStringLiteral("/people/admin.p12");
}

QString ApplianceRig::admin_sealed_key() {
  const auto key_pem = read_file(admin_.key.toStdString(), max_pem_bytes);
  if (!key_pem) return {};
  const auto key = CertificateKey::from_pem(*key_pem, nullptr);
  if (!key) return {};
  const auto sealed = key->to_encrypted_pem(rig_secret());
  if (!sealed || !write(QStringLiteral("people/admin-sealed.key"), *sealed)) return {};
  return root() + QStringLiteral("/people/admin-sealed.key");
}

bool ApplianceRig::kill() {
  ::kill(static_cast<pid_t>(daemon_.processId()), SIGKILL);
  return daemon_.waitForFinished(patience_ms(10));
}

bool ApplianceRig::restart() {
  if (running()) {
    daemon_.terminate();
    if (!daemon_.waitForFinished(patience_ms(30))) return fail(QStringLiteral("tijorid doesn't stop"));
  }
  return start_daemon();
}

bool ApplianceRig::flip_bit_of_record(int64_t seq) {
  QDirIterator files(root(), {QStringLiteral("*.db")}, QDir::Files, QDirIterator::Subdirectories);
  while (files.hasNext()) {
    const std::string path = files.next().toStdString();
    if (path.find("/segments/") == std::string::npos) continue;
    ::chmod(path.c_str(), 0600);
    sqlite3* database = nullptr;
    bool done = false;
    if (sqlite3_open(path.c_str(), &database) == SQLITE_OK) {
      sqlite3_busy_timeout(database, patience_ms(10));
      sqlite3_exec(database, "DROP TRIGGER IF EXISTS record_no_update", nullptr, nullptr, nullptr);
      sqlite3_stmt* read = nullptr;
      sqlite3_stmt* change = nullptr;
      if (sqlite3_prepare_v2(database, "SELECT core FROM record WHERE seq=?", -1, &read, nullptr) == SQLITE_OK &&
          sqlite3_bind_int64(read, 1, seq) == SQLITE_OK && sqlite3_step(read) == SQLITE_ROW) {
        const auto* const start = static_cast<const uint8_t*>(sqlite3_column_blob(read, 0));
        Bytes core(start, start + sqlite3_column_bytes(read, 0));
        core.at(core.size() / 2) ^= 1;
        sqlite3_reset(read);
        done =
            sqlite3_prepare_v2(database, "UPDATE record SET core=? WHERE seq=?", -1, &change, nullptr) == SQLITE_OK &&
            sqlite3_bind_blob(change, 1, core.data(), static_cast<int>(core.size()), SQLITE_TRANSIENT) == SQLITE_OK &&
            sqlite3_bind_int64(change, 2, seq) == SQLITE_OK && sqlite3_step(change) == SQLITE_DONE;
      }
      sqlite3_finalize(read);
      sqlite3_finalize(change);
    }
    if (!done) trouble_ = QString::fromUtf8(sqlite3_errmsg(database));
    sqlite3_close(database);
    if (done) return true;
  }
  return fail(QStringLiteral("record %1 is in no segment").arg(seq));
}

std::optional<HttpClient> ApplianceRig::client(const Identity& identity, const QString& socket) const {
  ClientOptions options;
  options.socket = socket.toStdString();
  options.files = {authority().toStdString(), identity.certificate.toStdString(), identity.key.toStdString(), nullptr};
  auto made = HttpClient::create(std::move(options));
  if (!made) return std::nullopt;
  return *std::move(made);
}

Load::Load(const ApplianceRig& rig, Plan plan) {
  auto made = Cancellation::create();
  if (!made) return;
  cancellation_ = std::make_unique<Cancellation>(*std::move(made));
  for (size_t number = 0; number < plan.clients.size(); ++number) {
    auto client = rig.client(plan.clients.at(number), rig.api_socket());
    if (!client) continue;
    threads_.emplace_back([this, number, plan, client = *std::move(client)]() mutable {
      for (size_t turn = number; !ending_; ++turn) {
        ChatQuestion question;
        question.model = plan.models.at(turn % plan.models.size());
        question.messages = {{"user", plan.questions.at(turn % plan.questions.size())}};
        question.max_tokens = plan.max_tokens;
        question.temperature = 0.7;
        const auto answer = ask(client, question, [](std::string_view) {}, cancellation_.get());
        ++(answer ? answered_ : failed_);
        std::this_thread::sleep_for(std::chrono::milliseconds(answer ? plan.pause_ms : 200));
      }
    });
  }
}

Load::~Load() {
  ending_ = true;
  if (cancellation_) cancellation_->cancel();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace tijori::test
