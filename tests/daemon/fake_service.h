// The daemon's inside without its sockets: register, log, engine and dispatcher, with fake peers behind it.
#pragma once

#include <QTemporaryDir>

#include "base/certificate.h"
#include "base/check.h"
#include "daemon/dispatcher.h"
#include "tests/daemon/fake_peers.h"

namespace tijori::test {

struct ServiceOptions {
  // Called before the keeper starts, with state.db in its place.
  std::function<void(KeeperOptions&)> before_keeper;
  PipelineOptions pipeline;
  // Judges requests in place of the keeper; must outlive the service.
  const PolicySource* policies = nullptr;
};

struct Service {
  ServiceOptions options;
  QTemporaryDir folder;
  std::filesystem::path run = folder.path().toStdString();
  Journal journal;
  FakeAudit log{run / "audit.sock", journal};
  FakeEngine engine{run / "engine.sock", journal};
  FakeLauncher launcher{run / "engine.sock"};
  std::unique_ptr<Register> clients = *Register::open(run / "state.db");
  AuditChannel audit{run / "audit.sock", {}, started(), nullptr};
  std::unique_ptr<ModelRouter> models = *ModelRouter::create(one_model, {}, launcher, audit, {});
  Admission admission{{64, 32}};
  Metrics metrics;
  HealthJudge judge;
  HourlyCounts counts{audit};
  std::unique_ptr<PolicyKeeper> keeper = start_keeper();
  Pipeline pipeline{
      audit, options.policies != nullptr ? *options.policies : *keeper, *models, admission, metrics, options.pipeline};
  AdminService admin{*clients, audit, *models, metrics, judge, *keeper, actions()};
  Dispatcher dispatcher{*clients, pipeline, admin, *models, counts};

  explicit Service(ServiceOptions wanted = {}) : options(std::move(wanted)) {}
  ~Service() {
    models->stop();
    counts.stop();
    audit.stop(std::chrono::milliseconds(100));
  }

  static AuditDraft started() {
    AuditDraft draft;
    draft.event = "daemon.started";
    draft.outcome = "ok";
    return draft;
  }

  bool wait_ready() {
    for (int i = 0; i < 500; ++i) {
      if (audit.available() && models->ready_count() == 1) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  // The roles are in the certificate and in the register alike; the certificate's digest is made up from the name.
  Peer enrol(const std::string& name, RoleSet roles) {
    Peer peer;
    peer.client_name = name;
    peer.certificate_roles = roles;
    peer.certificate_sha256 = to_hex(sha256(as_bytes(name)));
    NewClient client;
    client.name = name;
    client.roles = roles;
    client.certificate_sha256 = peer.certificate_sha256;
    client.certificate_not_after_us = wall_clock_us() + 86'400'000'000;
    CHECK(clients->add(client).has_value());
    return peer;
  }

  HttpResponse ask(const Peer& peer, Listener listener, const std::string& method, const std::string& target,
                   const std::string& body = "") {
    HttpRequest request;
    request.listener = listener;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (target.find('?') != std::string::npos) request.query = target.substr(target.find('?') + 1);
    request.body = body;
    request.peer = peer;
    FakeWriter writer(journal);
    dispatcher.handle(request, writer);
    return writer.response;
  }
  HttpResponse admin_ask(const Peer& peer, const std::string& method, const std::string& target,
                         const std::string& body = "") {
    return ask(peer, Listener::admin, method, "/admin/v1/" + target, body);
  }

 private:
  std::unique_ptr<PolicyKeeper> start_keeper() {
    KeeperOptions wanted{run / "state.db"};
    if (options.before_keeper) options.before_keeper(wanted);
    return PolicyKeeper::start(std::move(wanted));
  }
  static Result<ModelCatalog> one_model() {
    ModelCatalog catalog;
    catalog.models.push_back({"demo", "demo.gguf", model_digest, 5});
    return catalog;
  }
  DaemonActions actions() {
    return {[this] {
              Vitals vitals;
              vitals.now_us = wall_clock_us();
              vitals.audit_trouble = audit.trouble();
              vitals.guardrails_trouble = keeper->trouble();
              vitals.models = models->models();
              return vitals;
            },
            [] { return Config(); },
            [] { return ReloadReply{{"limits.max_requests"}, {}}; },
            [](const std::string&) { return CrlReply{2, 1, 0}; },
            [this](const std::string& client_id) { return admission.load_of(client_id); },
            [] { return MemoryUse(); },
            [](int64_t since_us) {
              History history;
              history.step_us = since_us;
              return history;
            },
            [] { return std::vector{KeySource{"server.key", "tls-server.key", "credential", "host"}}; }};
  }
};

// A client certificate as `tijori-ca issue` makes it.
inline std::string client_pem(const std::string& name, std::vector<std::string> roles) {
  const CertificateKey authority_key = CertificateKey::generate();
  const CertificateKey key = CertificateKey::generate();
  const int64_t now_us = wall_clock_us();
  const auto authority = make_authority("Test CA", authority_key, now_us, now_us + 86'400'000'000);
  CertificateOrder order;
  order.name = name;
  order.role_names = std::move(roles);
  order.not_before_us = now_us;
  order.not_after_us = now_us + 86'400'000'000;
  return issue_certificate(*authority, authority_key, key, order)->to_pem();
}

}  // namespace tijori::test
