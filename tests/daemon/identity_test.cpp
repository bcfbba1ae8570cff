// The register of clients and what it makes of a certificate.
#include "daemon/identity.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

#include "daemon/database.h"
#include "daemon/register.h"

using namespace tijori;

namespace {

std::string fingerprint(char digit) {
  return std::string(64, digit);
}

NewClient new_client(const std::string& name, RoleSet roles, char digit) {
  return {.name = name,
          .roles = roles,
          .quota_tokens_per_day = 0,
          .certificate_sha256 = fingerprint(digit),
          .certificate_not_after_us = INT64_MAX};
}

Peer peer_of(const std::string& name, RoleSet roles, char digit) {
  return {.credentials = {}, .client_name = name, .certificate_roles = roles, .certificate_sha256 = fingerprint(digit)};
}

class HandClock : public Clock {
 public:
  int64_t wall_us() const override { return now_us; }
  int64_t boot_us() const override { return now_us; }
  int64_t now_us = 1'000'000'000;
};

}  // namespace

class IdentityTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  HandClock clock_;
  int files_ = 0;
  std::string next_file() { return folder_.filePath(QString("state%1.db").arg(++files_)).toStdString(); }

 private slots:
  void grants_what_both_certificate_and_register_hold() {
    const auto clients = *Register::open(next_file());
    QVERIFY(clients->add(new_client("anna", {Role::application, Role::auditor}, 'a')));
    const auto identity = identify(peer_of("anna", {Role::auditor, Role::operator_}, 'a'), *clients);
    QVERIFY(identity.has_value());
    QCOMPARE(identity->roles, RoleSet({Role::auditor}));
    QCOMPARE(identity->client_id.size(), size_t{32});
    const auto none = identify(peer_of("anna", {Role::key_custodian}, 'a'), *clients);
    QVERIFY(none.has_value() && none->roles.empty());
  }

  void refuses_the_unknown_and_the_revoked() {
    const auto clients = *Register::open(next_file());
    QVERIFY(clients->add(new_client("anna", {Role::application}, 'a')));
    const auto code = [&](const Peer& peer) { return identify(peer, *clients).error().code; };
    QCOMPARE(code(peer_of("bela", {Role::application}, 'a')), ErrorCode::unauthenticated);
    QCOMPARE(code(peer_of("anna", {Role::application}, 'b')), ErrorCode::unauthenticated);
    QVERIFY(clients->revoke("anna", "contract ended"));
    const auto revoked = identify(peer_of("anna", {Role::application}, 'a'), *clients);
    QCOMPARE(revoked.error().code, ErrorCode::permission_denied);
    QVERIFY(revoked.error().message.find("contract ended") != std::string::npos);
    QVERIFY(clients->restore("anna"));
    QVERIFY(identify(peer_of("anna", {Role::application}, 'a'), *clients).has_value());
  }

  void lets_a_renewal_overlap_and_revokes_one_certificate_alone() {
    const auto clients = *Register::open(next_file());
    QVERIFY(clients->add(new_client("anna", {Role::application}, 'a')));
    const uint64_t before = clients->generation();
    QVERIFY(clients->add_certificate("anna", fingerprint('b'), INT64_MAX));
    QVERIFY(clients->generation() > before);
    QCOMPARE(clients->standing("anna", fingerprint('a')), Standing::good);
    QCOMPARE(clients->standing("anna", fingerprint('b')), Standing::good);
    QVERIFY(clients->revoke_certificate("anna", fingerprint('a')));
    QCOMPARE(clients->standing("anna", fingerprint('a')), Standing::revoked);
    QCOMPARE(clients->standing("anna", fingerprint('b')), Standing::good);
  }

  void keeps_everything_across_a_restart() {
    const std::string file = next_file();
    std::string id;
    {
      const auto clients = *Register::open(file, clock_);
      NewClient anna = new_client("anna", {Role::application, Role::privacy_officer}, 'a');
      anna.quota_tokens_per_day = 5000;
      id = clients->add(anna)->id;
      QVERIFY(clients->add_certificate("anna", fingerprint('b'), INT64_MAX));
      QVERIFY(clients->add(new_client("bela", {Role::auditor}, 'c')));
      QVERIFY(clients->revoke("bela", "lost its key"));
      clients->touch("anna");
    }
    const auto clients = *Register::open(file, clock_);
    const auto anna = clients->find("anna");
    QVERIFY(anna.has_value());
    QCOMPARE(anna->id, id);
    QCOMPARE(anna->roles, RoleSet({Role::application, Role::privacy_officer}));
    QCOMPARE(anna->quota_tokens_per_day, uint64_t{5000});
    QCOMPARE(anna->certificates.size(), size_t{2});
    QCOMPARE(anna->last_seen_us, clock_.now_us);
    QCOMPARE(clients->find("bela")->revoked_reason, std::string("lost its key"));
    QCOMPARE(clients->list().size(), size_t{2});
    struct stat status{};
    QCOMPARE(stat(file.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777, mode_t{0600});
  }

  void enrols_an_administrator_only_while_there_is_none() {
    const auto clients = *Register::open(next_file());
    QVERIFY(!clients->has_administrator());
    QCOMPARE(clients->enrol_administrator(new_client("anna", {Role::auditor}, 'a')).error().code,
             ErrorCode::invalid_argument);
    QVERIFY(clients->enrol_administrator(new_client("anna", {Role::operator_}, 'a')));
    QVERIFY(clients->has_administrator());
    QCOMPARE(clients->enrol_administrator(new_client("bela", {Role::operator_}, 'b')).error().code,
             ErrorCode::permission_denied);
    // With the last one revoked the appliance must not be locked for good.
    QVERIFY(clients->revoke("anna", "key lost"));
    const auto again = clients->enrol_administrator(new_client("anna", {Role::operator_}, 'c'));
    QVERIFY(again.has_value());
    QCOMPARE(clients->standing("anna", fingerprint('c')), Standing::good);
    QCOMPARE(clients->standing("anna", fingerprint('a')), Standing::unknown_certificate);
  }

  void refuses_what_would_make_the_register_ambiguous() {
    const auto clients = *Register::open(next_file());
    QVERIFY(clients->add(new_client("anna", {Role::application}, 'a')));
    const auto code = [](const auto& result) { return result.error().code; };
    QCOMPARE(code(clients->add(new_client("anna", {Role::application}, 'b'))), ErrorCode::already_exists);
    QCOMPARE(code(clients->add(new_client("bela", {Role::application}, 'a'))), ErrorCode::already_exists);
    QCOMPARE(code(clients->add(new_client("Bela", {Role::application}, 'b'))), ErrorCode::invalid_argument);
    QCOMPARE(code(clients->add(new_client("bela", {}, 'b'))), ErrorCode::invalid_argument);
    NewClient bad = new_client("bela", {Role::application}, 'b');
    bad.certificate_sha256.pop_back();
    QCOMPARE(code(clients->add(bad)), ErrorCode::invalid_argument);
    QCOMPARE(code(clients->set_roles("cara", {Role::auditor})), ErrorCode::not_found);
    QCOMPARE(code(clients->set_approvals(2)), ErrorCode::unsupported);
    QCOMPARE(clients->approvals(), 1);
  }

  void remembers_the_newest_revocation_list_of_each_authority() {
    const std::string file = next_file();
    {
      const auto clients = *Register::open(file, clock_);
      QCOMPARE(*clients->revocation_list_number("aa"), int64_t{0});
      QVERIFY(clients->remember_revocation_list("aa", 10));
      QVERIFY(clients->remember_revocation_list("aa", 9));
      QVERIFY(clients->remember_revocation_list("bb", 2));
    }
    const auto clients = *Register::open(file, clock_);
    QCOMPARE(*clients->revocation_list_number("aa"), int64_t{10});
    QCOMPARE(*clients->revocation_list_number("bb"), int64_t{2});
  }

  void bounds_certificates_and_drops_expired_ones() {
    const auto clients = *Register::open(next_file(), clock_);
    QVERIFY(clients->add(new_client("anna", {Role::application}, 'a')));
    const auto numbered = [](size_t n) { return std::string(62, '0') + (n < 10 ? "0" : "") + std::to_string(n); };
    for (size_t n = 1; n < max_certificates_per_client; ++n)
      QVERIFY(clients->add_certificate("anna", numbered(n), clock_.now_us + 1000));
    QCOMPARE(clients->add_certificate("anna", numbered(90), INT64_MAX).error().code, ErrorCode::resource_exhausted);
    clock_.now_us += 2000;
    QVERIFY(clients->add_certificate("anna", numbered(90), INT64_MAX));
    QCOMPARE(clients->find("anna")->certificates.size(), size_t{2});
  }

  void refuses_a_register_of_a_newer_release_and_what_is_none() {
    const std::string newer = next_file();
    QVERIFY((*Database::open(newer))->run("PRAGMA user_version = 99"));
    QCOMPARE(Register::open(newer).error().code, ErrorCode::unsupported);
    const std::string garbage = next_file();
    QVERIFY(write_file_atomic(garbage, as_bytes(std::string(5000, 'x')), 0600));
    QCOMPARE(Register::open(garbage).error().code, ErrorCode::corrupted);
  }
};

QTEST_GUILESS_MAIN(IdentityTest)
#include "identity_test.moc"
