// Certificates for tests, made on the spot: an authority with its files in a temporary folder.
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <string>
#include <vector>

#include "base/certificate.h"
#include "base/clock.h"
#include "base/file.h"

namespace tijori {

struct TestIdentity {
  std::string certificate_pem;
  std::string key_pem;
  CertificateInfo info;
};

class TestAuthority {
 public:
  explicit TestAuthority(std::string_view name = "Test authority")
      : key_(CertificateKey::generate()),
        certificate_(*make_authority(name, key_, wall_clock_us() - hour_us, wall_clock_us() + 48 * hour_us)) {}

  const Certificate& certificate() const { return certificate_; }

  struct Lifetime {
    int64_t from_us;
    int64_t to_us;
  };
  TestIdentity issue(CertificateOrder order, Lifetime lifetime = {-hour_us, hour_us}) const {
    const CertificateKey key = CertificateKey::generate();
    order.not_before_us = wall_clock_us() + lifetime.from_us;
    order.not_after_us = wall_clock_us() + lifetime.to_us;
    const Certificate issued = *issue_certificate(certificate_, key_, key, order);
    return {issued.to_pem(), std::string(as_text(key.to_pem().bytes())), issued.info()};
  }
  TestIdentity client(const std::string& name, std::vector<std::string> roles = {"application"}) const {
    return issue({.kind = CertificateKind::client, .name = name, .role_names = std::move(roles), .dns_names = {}});
  }
  TestIdentity server() const {
    return issue({.kind = CertificateKind::server, .name = "server", .role_names = {}, .dns_names = {"localhost"}});
  }
  std::string revocations(const std::vector<std::string>& serials, uint64_t number) const {
    std::vector<RevokedCertificate> revoked;
    for (const std::string& serial : serials) revoked.push_back({serial, wall_clock_us(), {}});
    return RevocationList::make(certificate_, key_, revoked, number, wall_clock_us(), wall_clock_us() + hour_us)
        ->to_pem();
  }

  static constexpr int64_t hour_us = 3'600'000'000;

 private:
  CertificateKey key_;
  Certificate certificate_;
};

inline void write_test_file(const QString& path, std::string_view text) {
  QVERIFY(write_file_atomic(path.toStdString(), as_bytes(text), 0600).has_value());
}

}  // namespace tijori
