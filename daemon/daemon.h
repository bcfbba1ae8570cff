// tijorid put together: what is made in which order, and what a signal does.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "base/file.h"
#include "base/key_source.h"
#include "daemon/admin_service.h"
#include "daemon/admission.h"
#include "daemon/audit_channel.h"
#include "daemon/child_process.h"
#include "daemon/config.h"
#include "daemon/dispatcher.h"
#include "daemon/engine_launcher.h"
#include "daemon/health.h"
#include "daemon/history.h"
#include "daemon/hourly_counts.h"
#include "daemon/inner_channel.h"
#include "daemon/known_log.h"
#include "daemon/metrics.h"
#include "daemon/model_router.h"
#include "daemon/own_findings.h"
#include "daemon/pipeline.h"
#include "daemon/policy_keeper.h"
#include "daemon/refusal.h"
#include "daemon/register.h"
#include "daemon/server.h"

namespace tijori {

struct DaemonOptions {
  Places places;
  ConfigFile config_presence = ConfigFile::optional;
};

class Daemon final : public RefusalSink {
 public:
  // Serves when it returns. Signals must be blocked already in the calling thread.
  static Result<std::unique_ptr<Daemon>> create(DaemonOptions options);
  ~Daemon() override;

  // Until SIGTERM or SIGINT; SIGHUP reloads. Then drains and stops.
  Status run();

  Status record(const Refusal& refusal) override;

 private:
  explicit Daemon(DaemonOptions options) : options_(std::move(options)) {}
  Status start();
  Status start_audit();
  void start_guardrails();
  Status start_models();
  Status start_server();
  void stop();
  Result<Config> read_settings() const;
  Result<ReloadReply> reload();
  Result<ReloadReply> try_reload();
  Result<CrlReply> take_crl(const std::string& pem);
  Vitals vitals();
  MemoryUse memory_use();
  Config config() const;
  TlsFiles tls_files() const;
  KeySource tls_key() const;
  // The list on the disk must not be older than one that was in force before, also across restarts.
  Status check_revocation_list() const;
  void remember_revocation_list() const;
  int64_t drain_limit_ms() const;

  const DaemonOptions options_;
  mutable std::mutex config_mutex_;
  Config config_;               // guarded by config_mutex_, as the next
  std::string reload_trouble_;  // why the last reload failed; "" when it didn't
  std::mutex reload_mutex_;     // one reload at a time
  std::atomic<bool> draining_{false};
  bool stopped_ = false;

  // In the order in which they are made; each may use the ones above it.
  UniqueFd lock_;
  std::unique_ptr<Register> clients_;
  std::unique_ptr<KnownLog> known_log_;
  ChildProcess audit_process_;
  std::unique_ptr<AuditChannel> audit_;
  std::unique_ptr<PolicyKeeper> keeper_;
  std::unique_ptr<EngineLauncher> launcher_;
  std::unique_ptr<ModelRouter> models_;
  std::unique_ptr<Admission> admission_;
  Metrics metrics_;
  HealthJudge judge_;
  std::unique_ptr<OwnFindings> own_findings_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<HourlyCounts> counts_;
  std::unique_ptr<DayHistory> history_;
  std::unique_ptr<AdminService> admin_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<HttpServer> server_;
};

// A client that connects before there are certificates starts a daemon that ends by itself within seconds: the commands
// of root wait for that.
inline constexpr std::chrono::milliseconds command_patience{10'000};

// Makes the folders of a checkout and takes the lock of the state folder, which only one process may hold; unavailable
// when another still holds it after `patience`.
Result<UniqueFd> prepare_places(const Places& places, std::chrono::milliseconds patience);

// On an appliance root gives the commands, but the files and the inner sockets belong to the daemon's user.
// permission_denied for anybody else.
Status become_owner_of(const std::filesystem::path& folder);

// Where tijori-audit listens.
InnerSocket audit_socket(const Places& places);

// In a checkout, starts tijori-audit unless one listens already, and waits until it does.
Status ensure_audit_process(const Places& places, ChildProcess& process);

}  // namespace tijori
