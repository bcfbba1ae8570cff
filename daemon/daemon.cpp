#include "daemon/daemon.h"

#include <algorithm>
#include <csignal>
#include <future>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/systemd_watchdog.h"
#include "daemon/service_manager.h"

namespace tijori {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds audit_first_wait{5'000};
constexpr milliseconds audit_start_limit{10'000};
constexpr milliseconds audit_poll{10};
constexpr milliseconds lock_poll{20};
constexpr milliseconds audit_flush_limit{5'000};
constexpr milliseconds audit_stop_limit{15'000};
constexpr milliseconds loop_interval{1'000};
constexpr unsigned private_folder_mode = 0700;
constexpr unsigned run_folder_mode = 0755;
constexpr unsigned socket_mode = 0660;

AuditDraft system_draft(std::string event, std::string outcome) {
  AuditDraft draft;
  draft.event = std::move(event);
  draft.outcome = std::move(outcome);
  draft.actor_type = "system";
  return draft;
}

Result<ModelCatalog> read_catalog(const Places& places) {
  const auto file = places.models / model_catalog_file;
  const auto text = read_file(file, max_catalog_bytes);
  if (!text && text.error().code == ErrorCode::not_found) return ModelCatalog();
  if (!text) return fail(text.error());
  auto catalog = parse_model_catalog(*text);
  if (!catalog) return fail(catalog.error().in(file.string()));
  return catalog;
}

Machine machine_of(const Places& places) {
  Machine machine = installed_machine();
  machine.run = places.run;
  machine.state = places.state;
  machine.audit = places.audit;
  machine.models = places.models;
  machine.tls = places.tls;
  machine.checkout = places.checkout;
  machine.examiner = Examiner::daemon;
  return machine;
}

struct ListInForce {
  std::string authority_sha256;
  int64_t number = 0;  // 0 without a list
};

Result<ListInForce> read_list(const TlsFiles& files) {
  TRY_ASSIGN(const std::string authority_pem, read_file(files.client_ca, max_pem_bytes));
  const auto authority = Certificate::from_pem(authority_pem);
  if (!authority) return fail(authority.error().in(files.client_ca.string()));
  ListInForce read{authority->info().sha256, 0};
  const auto pem = read_file(files.crl, max_crl_bytes);
  if (!pem && pem.error().code == ErrorCode::not_found) return read;
  if (!pem) return fail(pem.error());
  const auto list = RevocationList::from_pem(*pem);
  if (!list) return fail(list.error().in(files.crl.string()));
  read.number = static_cast<int64_t>(list->number());
  return read;
}

}  // namespace

Result<UniqueFd> prepare_places(const Places& places, milliseconds patience) {
  if (places.checkout) {
    TRY(make_directories(places.run, run_folder_mode));
    for (const auto& folder : {places.inner, places.state, places.audit, places.models, places.tls})
      TRY(make_directories(folder, private_folder_mode));
  }
  TRY_ASSIGN(UniqueFd lock, open_file(places.state / "daemon.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorCode::unavailable, places.state.string() + ": tijorid is running there already; stop it first");
    std::this_thread::sleep_for(lock_poll);
  }
  return lock;
}

Status become_owner_of(const std::filesystem::path& folder) {
  struct stat info{};
  if (stat(folder.c_str(), &info) != 0) return fail_errno("stat", folder.string());
  if (geteuid() == info.st_uid) return {};
  if (geteuid() != 0)
    return fail(ErrorCode::permission_denied, folder.string() + ": only root or its owner may do this");
  if (setgroups(0, nullptr) != 0) return fail_errno("setgroups", folder.string());
  if (setgid(info.st_gid) != 0) return fail_errno("setgid", folder.string());
  if (setuid(info.st_uid) != 0) return fail_errno("setuid", folder.string());
  return {};
}

InnerSocket audit_socket(const Places& places) {
  return {places.inner / "audit.sock", places.listeners};
}

Status ensure_audit_process(const Places& places, ChildProcess& process) {
  if (!places.checkout) return {};
  const auto socket = audit_socket(places).path;
  if (connect_unix(socket)) return {};
  (void)process.ended();
  if (!process.running()) {
    TRY_ASSIGN(const auto folder, program_folder());
    TRY(process.start(folder / "tijori-audit",
                      {"serve", "--socket", socket.string(), "--folder", places.audit.string()}));
  }
  const auto deadline = std::chrono::steady_clock::now() + audit_start_limit;
  while (!connect_unix(socket)) {
    if (process.ended()) return fail(ErrorCode::unavailable, "tijori-audit ended while starting; it says why above");
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorCode::unavailable, "tijori-audit has not begun to listen within 10 s");
    std::this_thread::sleep_for(audit_poll);
  }
  return {};
}

Result<std::unique_ptr<Daemon>> Daemon::create(DaemonOptions options) {
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(options)));
  TRY(daemon->start());
  return daemon;
}

Daemon::~Daemon() {
  stop();
}

Status Daemon::start() {
  const Places& places = options_.places;
  TRY_ASSIGN(config_, read_settings());
  TRY_ASSIGN(lock_, prepare_places(places, milliseconds(0)));
  own_findings_ = std::make_unique<OwnFindings>(machine_of(places));
  TRY_ASSIGN(clients_, Register::open(places.state / "state.db"));
  if (!clients_->has_administrator())
    log_warning(message::no_administrator,
                "the register has no administrator yet: stop the daemon and run tijorid enrol CERT");
  TRY(start_audit());
  start_guardrails();
  TRY(start_models());
  admission_ =
      std::make_unique<Admission>(AdmissionLimits{config_.limits_max_requests, config_.limits_max_requests_per_client});
  PipelineOptions pipeline_options;
  pipeline_options.purposes = config_.audit_purposes;
  pipeline_ =
      std::make_unique<Pipeline>(*audit_, *keeper_, *models_, *admission_, metrics_, std::move(pipeline_options));
  counts_ = std::make_unique<HourlyCounts>(*audit_);
  history_ = std::make_unique<DayHistory>(
      [this] { return HistoryReading{metrics_.take_step(), models_->models(), memory_use()}; });
  history_->start();
  admin_ = std::make_unique<AdminService>(
      *clients_, *audit_, *models_, metrics_, judge_, *keeper_,
      DaemonActions{[this] { return vitals(); }, [this] { return config(); }, [this] { return reload(); },
                    [this](const std::string& pem) { return take_crl(pem); },
                    [this](const std::string& client_id) { return admission_->load_of(client_id); },
                    [this] { return memory_use(); }, [this](int64_t since_us) { return history_->since(since_us); },
                    [this] { return std::vector{tls_key()}; }});
  dispatcher_ = std::make_unique<Dispatcher>(*clients_, *pipeline_, *admin_, *models_, *counts_);
  return start_server();
}

Status Daemon::start_audit() {
  TRY_ASSIGN(known_log_, KnownLog::open(*clients_));
  AuditDraft started = system_draft("daemon.started", "ok");
  started.detail.set("version", TIJORI_VERSION);
  started.detail.set("config", config_.digest);
  audit_ = std::make_unique<AuditChannel>(
      audit_socket(options_.places), [this] { return ensure_audit_process(options_.places, audit_process_); },
      std::move(started), known_log_.get());
  // Without the log nothing is answered, but the admin socket still says so: the daemon starts all the same.
  if (const auto ready = audit_->wait_until_available(audit_first_wait); !ready)
    log_error(message::started_without_log, "starting without the audit log: " + ready.error().message);
  return {};
}

// A policy that can't be used doesn't keep the daemon from starting: an administrator mends it over admin.sock.
void Daemon::start_guardrails() {
  KeeperOptions options;
  options.state_file = options_.places.state / "state.db";
  options.approvals = static_cast<int>(config_.guardrails_approvals);
  keeper_ = PolicyKeeper::start(std::move(options));
  const auto active = keeper_->active();
  AuditDraft draft = system_draft("admin.changed", active ? "ok" : "failed");
  draft.detail.set("verb", "guardrail-start");
  if (active)
    draft.object = to_hex((*active)->policy().digest);
  else
    draft.detail.set("code", "guardrails_unavailable");
  audit_->append_later(std::move(draft));
}

Status Daemon::start_models() {
  const Places& places = options_.places;
  if (places.checkout) {
    TRY_ASSIGN(const auto folder, program_folder());
    launcher_ = make_spawning_launcher(folder / "tijori-engine", places.inner, places.models);
  } else {
    launcher_ = make_slot_launcher(places.inner, places.listeners);
  }
  RouterOptions router;
  router.load = config_.models_load;
  router.default_model = config_.models_default;
  router.engine = {config_.engine_backend, config_.engine_kv_type,        config_.engine_chat_format,
                   config_.engine_threads, config_.engine_context_tokens, config_.engine_max_sequences};
  router.choices = places.state / "models.json";
  TRY_ASSIGN(models_, ModelRouter::create([places] { return read_catalog(places); }, std::move(router), *launcher_,
                                          *audit_, {}));
  return {};
}

Status Daemon::start_server() {
  TRY_ASSIGN(std::vector<ListeningSocket> sockets, take_activated_sockets());
  if (sockets.empty()) {
    TRY_ASSIGN(UniqueFd api, listen_unix(options_.places.run / "api.sock", socket_mode));
    TRY_ASSIGN(UniqueFd admin, listen_unix(options_.places.run / "admin.sock", socket_mode));
    sockets.push_back({Listener::api, std::move(api)});
    sockets.push_back({Listener::admin, std::move(admin)});
  }
  TRY(check_revocation_list());
  TRY_ASSIGN(server_, HttpServer::create(std::move(sockets), tls_files(), *dispatcher_, *clients_, *this));
  remember_revocation_list();
  return {};
}

Status Daemon::run() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  const UniqueFd signal_fd(signalfd(-1, &signals, SFD_CLOEXEC));
  if (!signal_fd) return fail_errno("signalfd", "signals");

  Watchdog watchdog = systemd_watchdog();
  const milliseconds interval = std::min(watchdog.interval().value_or(loop_interval), loop_interval);
  uint64_t turns_seen = 0;
  log_info(message::daemon_ready, "ready: " + (options_.places.run / "api.sock").string());
  notify_ready(judge_.judge(vitals()).sentence);
  for (;;) {
    pollfd wanted{signal_fd.get(), POLLIN, 0};
    const int events = poll(&wanted, 1, static_cast<int>(interval.count()));
    if (events < 0 && errno != EINTR) return fail_errno("poll", "signals");
    if (events > 0) {
      signalfd_siginfo info{};
      if (read(signal_fd.get(), &info, sizeof info) != sizeof info) continue;
      if (info.ssi_signo != SIGHUP) break;
      (void)reload();
      continue;
    }
    // This thread speaks for the I/O thread too: only when that one has come round since.
    (void)server_->status();
    const uint64_t turns = server_->turns();
    if (std::exchange(turns_seen, turns) != turns) watchdog.turned();
  }
  notify_stopping();
  // How long that may take is TimeoutStopSec's to say.
  std::future<void> stopped = std::async(std::launch::async, [this] { stop(); });
  while (stopped.wait_for(interval) != std::future_status::ready) watchdog.turned();
  return {};
}

void Daemon::stop() {
  if (std::exchange(stopped_, true)) return;
  draining_ = true;
  if (admission_) admission_->drain();
  if (server_) {
    log_info(message::daemon_stopping, "stopping: running requests are being finished");
    if (!server_->drain(static_cast<uint32_t>(drain_limit_ms())))
      log_warning(message::requests_cut_off, "some requests had to be cut off");
    server_.reset();
  }
  if (history_) history_->stop();
  if (models_) models_->stop();
  if (counts_) counts_->stop();
  if (!audit_) return;
  if (pipeline_) {
    AuditDraft stopped = system_draft("daemon.stopped", "ok");
    stopped.detail.set("requests", pipeline_->requests());
    audit_->append_later(std::move(stopped));
  }
  audit_->stop(audit_flush_limit);
  audit_process_.stop(audit_stop_limit);
  log_info(message::daemon_stopped, "stopped");
}

Status Daemon::record(const Refusal& refusal) {
  AuditDraft draft = system_draft("connection.refused", "refused");
  draft.actor_type = "unknown";
  draft.auth = refusal.certificate_sha256;
  draft.peer_uid = refusal.peer.uid == static_cast<uid_t>(-1) ? -1 : static_cast<int64_t>(refusal.peer.uid);
  draft.detail.set("cause", std::string(name_of(refusal.cause)));
  draft.detail.set("count", static_cast<int64_t>(refusal.count));
  if (alert_of(refusal.cause) > 0) draft.detail.set("alert", int64_t{alert_of(refusal.cause)});
  if (refusal.period_s > 0) draft.detail.set("period_s", int64_t{refusal.period_s});
  const auto appended = audit_->append(std::move(draft));
  if (!appended) return fail(appended.error());
  return {};
}

// Everything that is wrong stands in the log, a line each.
Result<Config> Daemon::read_settings() const {
  auto config = read_config(options_.places.config, options_.config_presence);
  if (config) return *std::move(config);
  for (const ConfigFault& fault : config.error()) log_error(message::setting_wrong, fault.text());
  return fail(config_error(config.error()));
}

Result<ReloadReply> Daemon::try_reload() {
  TRY_ASSIGN(const Config fresh, read_settings());
  TRY(check_revocation_list());
  TRY(server_->reload(tls_files()));
  remember_revocation_list();
  admission_->set_limits({fresh.limits_max_requests, fresh.limits_max_requests_per_client});
  const std::lock_guard lock(config_mutex_);
  ReloadReply reply = compare(config_, fresh);
  config_ = after_reload(config_, fresh);
  return reply;
}

Result<ReloadReply> Daemon::reload() {
  const std::lock_guard one_at_a_time(reload_mutex_);
  notify_reloading();
  auto reply = try_reload();
  {
    const std::lock_guard lock(config_mutex_);
    reload_trouble_ = reply ? "" : reply.error().message;
  }
  AuditDraft draft = system_draft("config.reloaded", reply ? "ok" : "failed");
  draft.object = config().digest;
  if (reply) {
    log_info(message::reloaded, "configuration, certificate and revocation list are reloaded");
    for (const std::string& name : reply->needs_restart)
      log_warning(message::setting_needs_restart,
                  "reload: " + name + " has a new value, which takes effect at a restart");
  } else {
    draft.detail.set("code", std::string(name_of(reply.error().code)));
    log_error(message::reload_failed, "reload: " + reply.error().message + "; what was in force stays");
  }
  audit_->append_later(std::move(draft));
  notify_ready(judge_.judge(vitals()).sentence);
  return reply;
}

Result<CrlReply> Daemon::take_crl(const std::string& pem) {
  TRY_ASSIGN(const RevocationList list, RevocationList::from_pem(pem));
  TlsFiles files = tls_files();
  const std::filesystem::path final_name = files.crl;
  // The server checks issuer and number; only a list it takes replaces the one on the disk.
  files.crl += ".new";
  TRY(write_file_atomic(files.crl, as_bytes(pem), 0644));
  const auto taken = server_->reload(files);
  std::error_code error;
  if (!taken) {
    std::filesystem::remove(files.crl, error);
    return fail(taken.error());
  }
  std::filesystem::rename(files.crl, final_name, error);
  if (error) return fail(ErrorCode::io_error, final_name.string() + ": " + error.message());
  TRY(sync_directory(final_name.parent_path()));
  remember_revocation_list();
  return CrlReply{static_cast<int64_t>(list.number()), static_cast<int64_t>(list.entries().size()),
                  list.next_update_us()};
}

Vitals Daemon::vitals() {
  Vitals vitals;
  vitals.now_us = wall_clock_us();
  vitals.draining = draining_;
  vitals.audit_trouble = audit_->trouble();
  vitals.audit_away_since_us = audit_->away_since_us();
  vitals.is_another_log = audit_->is_another_log();
  int64_t log_reached_us = 0;
  if (const auto status = audit_->status()) {
    vitals.audit_state = status->state;
    log_reached_us = status->last_checkpoint_us;
  }
  vitals.guardrails_trouble = keeper_->trouble();
  vitals.rules_failing_open = keeper_->rules_that_fail_open();
  vitals.models = models_->models();
  vitals.altered_models = models_->altered();
  {
    const std::lock_guard lock(config_mutex_);
    vitals.reload_trouble = reload_trouble_;
  }
  // Before, sockets that this process makes itself aren't there yet.
  if (server_ == nullptr) return vitals;
  vitals.machine = own_findings_->latest(vitals.now_us, log_reached_us);
  const ServerStatus server = server_->status();
  vitals.certificate_not_after_us = server.certificate_not_after_us;
  vitals.crl_next_update_us = server.crl_next_update_us;
  return vitals;
}

MemoryUse Daemon::memory_use() {
  const MachineMemory machine = machine_memory();
  MemoryUse use;
  use.total_bytes = machine.total_bytes;
  use.available_bytes = machine.available_bytes;
  use.daemon_bytes = own_resident_bytes();
  for (const ModelInfo& model : models_->models()) use.engine_bytes += model.resident_bytes;
  if (const auto audit = audit_->status()) use.audit_bytes = audit->resident_bytes;
  return use;
}

Config Daemon::config() const {
  const std::lock_guard lock(config_mutex_);
  return config_;
}

Status Daemon::check_revocation_list() const {
  const TlsFiles files = tls_files();
  TRY_ASSIGN(const ListInForce list, read_list(files));
  TRY_ASSIGN(const int64_t known, clients_->revocation_list_number(list.authority_sha256));
  if (list.number >= known) return {};
  return fail(ErrorCode::invalid_argument,
              files.crl.string() + ": missing, or older than the revocation list that was in force (number " +
                  std::to_string(known) + "); put it back, or a newer one of tijori-ca");
}

// After the server has taken the list, its signature is known to be good.
void Daemon::remember_revocation_list() const {
  const auto remember = [&]() -> Status {
    TRY_ASSIGN(const ListInForce list, read_list(tls_files()));
    return clients_->remember_revocation_list(list.authority_sha256, list.number);
  };
  if (const Status kept = remember(); !kept)
    log_error(message::revocation_list_not_kept, "revocation list: " + kept.error().message);
}

TlsFiles Daemon::tls_files() const {
  const auto& folder = options_.places.tls;
  return {folder / "server.crt", tls_key().path, folder / "ca.crt", folder / "crl.pem"};
}

KeySource Daemon::tls_key() const {
  return find_key("tls-server.key", options_.places.tls / "server.key");
}

int64_t Daemon::drain_limit_ms() const {
  const std::lock_guard lock(config_mutex_);
  return config_.limits_drain_s * 1'000;
}

}  // namespace tijori
