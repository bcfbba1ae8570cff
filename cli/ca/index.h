// The certificates an authority has issued, as kept in its folder: index.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/certificate.h"
#include "base/error.h"

namespace tijori {

inline constexpr uint64_t max_index_bytes = 64U << 20;

struct IssuedCertificate {
  std::string serial;
  std::string name;
  CertificateKind kind = CertificateKind::client;
  std::vector<std::string> roles;
  std::vector<std::string> dns_names;
  std::string sha256;
  int64_t not_before_us = 0;
  int64_t not_after_us = 0;
  int64_t revoked_us = 0;  // 0: not revoked
  RevocationReason reason = RevocationReason::unspecified;

  bool live(int64_t now_us) const { return revoked_us == 0 && now_us < not_after_us; }
  std::string_view state(int64_t now_us) const {
    if (revoked_us != 0) return "revoked";
    return now_us < not_after_us ? "valid" : "expired";
  }
};

struct CertificateIndex {
  uint64_t crl_number = 0;                      // of the last list signed
  std::vector<IssuedCertificate> certificates;  // oldest first
};

Result<CertificateIndex> parse_index(std::string_view json);
std::string to_json(const CertificateIndex& index);

// For `list --json`: the certificates, each with its state.
std::string to_list_json(const std::vector<IssuedCertificate>& certificates, int64_t now_us);

}  // namespace tijori
