#include "daemon/routes.h"

#include <QTest>

#include "tests/daemon/fake_service.h"

using namespace tijori;
using namespace tijori::test;

namespace {

enum class Right { valid, revoked, none };

std::string target_of(const Route& route) {
  std::string path(route.path);
  const auto fill = [&](const std::string& name, const std::string& value) {
    const size_t at = path.find(name);
    if (at != std::string::npos) path.replace(at, name.size(), value);
  };
  fill("{name}", "target");
  fill("{id}", "demo");
  fill("{seq}", "3");
  fill("{digest}", std::string(64, 'a'));
  if (route.endpoint == Endpoint::audit_proof) path += "?seq=3";
  if (route.endpoint == Endpoint::audit_consistency) path += "?old_size=3";
  return path;
}

std::string code_of(const HttpResponse& response) {
  const auto error = parse_error_json(response.status, response.body);
  return error ? error->code : "";
}

}  // namespace

class RoutesTest : public QObject {
  Q_OBJECT

 private slots:
  void every_route_by_every_role_and_right_data() {
    QTest::addColumn<int>("route");
    QTest::addColumn<int>("role");
    QTest::addColumn<int>("right");
    static const char* const rights[] = {"valid", "revoked", "none"};
    for (size_t route = 0; route < route_table().size(); ++route)
      for (const Role role : all_roles)
        for (int right = 0; right < 3; ++right)
          QTest::addRow("%s %s, %s, %s", std::string(route_table()[route].method).c_str(),
                        std::string(route_table()[route].path).c_str(), std::string(name_of(role)).c_str(),
                        rights[right])
              << static_cast<int>(route) << static_cast<int>(role) << right;
  }
  void every_route_by_every_role_and_right() {
    QFETCH(int, route);
    QFETCH(int, role);
    QFETCH(int, right);
    const Route& wanted = route_table()[static_cast<size_t>(route)];
    const auto as = static_cast<Right>(right);
    Peer peer = peers_[static_cast<size_t>(role)];
    if (as == Right::revoked) peer = revoked_[static_cast<size_t>(role)];
    if (as == Right::none) peer.client_name = "stranger";
    const size_t recorded_before = drafts_of(peer).size();
    const HttpResponse response = service_->ask(peer, wanted.listener, std::string(wanted.method), target_of(wanted));
    const bool permitted = as == Right::valid && wanted.roles.has(static_cast<Role>(role));
    if (as == Right::none) {
      QCOMPARE(response.status, 401);
    } else if (as == Right::revoked) {
      QCOMPARE(response.status, 403);
    } else if (!permitted) {
      QCOMPARE(response.status, 403);
      QCOMPARE(code_of(response), std::string("permission_denied"));
    } else {
      QVERIFY2(response.status != 401 && response.status != 403 && response.status != 405,
               std::to_string(response.status).c_str());
      QVERIFY(code_of(response) != "not_found");
    }
    if (as != Right::valid) return;
    // The other socket doesn't know the address at all.
    const Listener other = wanted.listener == Listener::api ? Listener::admin : Listener::api;
    QCOMPARE(service_->ask(peer, other, std::string(wanted.method), target_of(wanted)).status, 404);

    if (wanted.audit == AuditKind::hourly) {
      QCOMPARE(drafts_of(peer).size(), recorded_before);
    } else if (wanted.audit == AuditKind::inference) {
      QCOMPARE(drafts_of(peer).size(), recorded_before + 2);
    } else if (wanted.audit == AuditKind::reading || !permitted || GuardrailService::serves(wanted.endpoint) ||
               ModelService::serves(wanted.endpoint)) {
      // What was denied or refused is written a moment later; no change of guardrails or of models asked for here can
      // be made.
      QTRY_VERIFY(drafts_of(peer).size() > recorded_before);
      const AuditDraft draft = drafts_of(peer).at(recorded_before);
      QCOMPARE(draft.event, std::string(wanted.audit == AuditKind::reading ? "log.read" : "admin.changed"));
      QCOMPARE(draft.outcome, std::string(wanted.audit == AuditKind::reading && permitted ? "ok" : "refused"));
    }
  }

  void duties_are_separated() {
    const auto may = [](Role role, Endpoint endpoint) {
      for (const Route& route : route_table())
        if (route.endpoint == endpoint) return route.roles.has(role);
      return false;
    };
    QVERIFY(!may(Role::operator_, Endpoint::audit_records) && !may(Role::operator_, Endpoint::audit_export));
    QVERIFY(!may(Role::auditor, Endpoint::add_client) && !may(Role::auditor, Endpoint::revoke_client));
    QVERIFY(!may(Role::operator_, Endpoint::chat_completions) && !may(Role::auditor, Endpoint::chat_completions));
    for (const Route& route : route_table()) {
      QVERIFY(!route.roles.empty());
      if (route.audit == AuditKind::change) QVERIFY(!route.roles.has(Role::application));
      if (route.audit == AuditKind::reading) QVERIFY(!route.roles.has(Role::application));
    }
  }

  void every_route_names_a_query_it_does_not_know() {
    for (const Route& route : route_table()) {
      const auto permitted = std::ranges::find_if(
          peers_, [&](const Peer& peer) { return !peer.certificate_roles.intersect(route.roles).empty(); });
      QVERIFY(permitted != peers_.end());
      const std::string target = target_of(route);
      const HttpResponse response = service_->ask(*permitted, route.listener, std::string(route.method),
                                                  target + (target.contains('?') ? "&" : "?") + "surplus=1");
      QCOMPARE(response.status, 400);
      QVERIFY2(response.body.contains(R"("param":"surplus")"), response.body.c_str());
    }
  }

  void unknown_addresses_and_methods_are_told_apart() {
    const Peer& application = peers_[0];
    const HttpResponse unknown = service_->ask(application, Listener::api, "GET", "/v1/nothing");
    QCOMPARE(unknown.status, 404);
    QCOMPARE(code_of(unknown), std::string("not_found"));
    const HttpResponse wrong = service_->ask(application, Listener::api, "DELETE", "/v1/models");
    QCOMPARE(wrong.status, 405);
    bool allowed = false;
    for (const auto& [name, value] : wrong.headers) allowed |= name == "allow" && value == "GET";
    QVERIFY(allowed);
    QVERIFY(wrong.body.find("\"param\":null") != std::string::npos);
    QCOMPARE(service_->ask(application, Listener::api, "GET", "/v1/models/a/b").status, 404);
    QCOMPARE(service_->ask(application, Listener::api, "GET", "/v1/models/").status, 404);
    const auto clients = find_route(Listener::admin, "PUT", "/admin/v1/clients");
    QVERIFY(!clients && clients.error().allow == "GET, POST");
  }

  void initTestCase() {
    service_ = std::make_unique<Service>();
    QVERIFY(service_->wait_ready());
    service_->enrol("target", {Role::application});
    for (const Role role : all_roles) {
      peers_.push_back(service_->enrol("valid-" + std::string(name_of(role)), {role}));
      revoked_.push_back(service_->enrol("revoked-" + std::string(name_of(role)), {role}));
      QVERIFY(service_->clients->revoke(revoked_.back().client_name, "test").has_value());
    }
  }
  void cleanupTestCase() { service_.reset(); }

 private:
  // Of this client alone: what another was refused may be written meanwhile.
  std::vector<AuditDraft> drafts_of(const Peer& peer) const {
    std::vector<AuditDraft> drafts = service_->log.drafts();
    std::erase_if(drafts, [&](const AuditDraft& draft) { return draft.auth != peer.certificate_sha256; });
    return drafts;
  }

  std::unique_ptr<Service> service_;
  std::vector<Peer> peers_;
  std::vector<Peer> revoked_;
};

QTEST_GUILESS_MAIN(RoutesTest)
#include "routes_test.moc"
