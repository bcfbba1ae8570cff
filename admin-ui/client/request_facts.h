// What a certificate request (PKCS#10) asks for, to be shown beside what will be signed: the issuer decides the names
// and uses, the request only brings its key. No window.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tijori {

struct RequestFacts {
  std::string subject;                    // "CN=loan-desk, O=Bank"; "" when it names nobody
  std::string common_name;                // of the subject
  std::string key;                        // "P-256", "RSA 3072"
  std::string key_sha256;                 // of the public key (SubjectPublicKeyInfo), lower-case hex
  std::vector<std::string> alternatives;  // "URI:urn:tijori:client:loan-desk", "DNS:host"
  std::vector<std::string> other_extensions;
};

// The request of a PEM text, its signature checked. malformed or unsupported as read_certificate_request says.
Result<RequestFacts> read_request_facts(std::string_view pem);

}  // namespace tijori
