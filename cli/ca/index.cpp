#include "cli/ca/index.h"

#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace tijori {

namespace {

using Json = nlohmann::ordered_json;

constexpr int index_version = 1;

Json certificate_json(const IssuedCertificate& certificate) {
  return {{"serial", certificate.serial},
          {"name", certificate.name},
          {"kind", certificate.kind == CertificateKind::server ? "server" : "client"},
          {"roles", certificate.roles},
          {"dns_names", certificate.dns_names},
          {"sha256", certificate.sha256},
          {"not_before_us", certificate.not_before_us},
          {"not_after_us", certificate.not_after_us},
          {"revoked_us", certificate.revoked_us},
          {"reason", std::string(name_of(certificate.reason))}};
}

// Throws what nlohmann throws; parse_index catches it.
IssuedCertificate certificate_from(const Json& json) {
  IssuedCertificate certificate;
  json.at("serial").get_to(certificate.serial);
  json.at("name").get_to(certificate.name);
  certificate.kind = json.at("kind").get<std::string>() == "server" ? CertificateKind::server : CertificateKind::client;
  json.at("roles").get_to(certificate.roles);
  json.at("dns_names").get_to(certificate.dns_names);
  json.at("sha256").get_to(certificate.sha256);
  json.at("not_before_us").get_to(certificate.not_before_us);
  json.at("not_after_us").get_to(certificate.not_after_us);
  json.at("revoked_us").get_to(certificate.revoked_us);
  certificate.reason =
      revocation_reason_from_name(json.at("reason").get<std::string>()).value_or(RevocationReason::unspecified);
  return certificate;
}

}  // namespace

Result<CertificateIndex> parse_index(std::string_view json) {
  try {
    const Json root = Json::parse(json);
    if (root.at("version").get<int>() != index_version)
      return fail(ErrorCode::unsupported, "written by a newer release: update tijori-ca");
    CertificateIndex index;
    root.at("crl_number").get_to(index.crl_number);
    for (const Json& entry : root.at("certificates")) index.certificates.push_back(certificate_from(entry));
    return index;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::corrupted, error.what());
  }
}

std::string to_json(const CertificateIndex& index) {
  Json root = {{"version", index_version}, {"crl_number", index.crl_number}, {"certificates", Json::array()}};
  for (const IssuedCertificate& certificate : index.certificates)
    root["certificates"].push_back(certificate_json(certificate));
  return root.dump(1) + "\n";
}

std::string to_list_json(const std::vector<IssuedCertificate>& certificates, int64_t now_us) {
  Json root = {{"certificates", Json::array()}};
  for (const IssuedCertificate& certificate : certificates) {
    Json entry = certificate_json(certificate);
    entry["state"] = std::string(certificate.state(now_us));
    entry["not_after"] = to_rfc3339(certificate.not_after_us);
    root["certificates"].push_back(std::move(entry));
  }
  return root.dump(1) + "\n";
}

}  // namespace tijori
