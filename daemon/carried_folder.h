// What an administrator carries to a new appliance: the authority's certificate and revocation list, the daemon's
// certificate and key, and the administrator's own certificate. Read whole and checked before anything is written.
#pragma once

#include <filesystem>
#include <string>

#include "base/certificate.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

// Names of the files in the folder.
namespace carried {
inline constexpr const char* authority = "ca.crt";
inline constexpr const char* revocations = "crl.pem";
inline constexpr const char* server = "server.crt";
inline constexpr const char* server_key = "server.key";
inline constexpr const char* administrator = "administrator.crt";
}  // namespace carried

class CarriedFolder {
 public:
  // All five files must be there, belong together and be valid now: the server's certificate is for localhost and its
  // key is not encrypted, the list is the authority's, the administrator's certificate names a client and the role
  // operator. Errors name the file. The modes of the files don't matter: a stick may know none.
  static Result<CarriedFolder> read(const std::filesystem::path& folder);

  const Certificate& administrator() const { return administrator_; }
  // Writes the first four into `tls`, which exists: the key 0600, the others 0644, each in one step.
  Status install(const std::filesystem::path& tls) const;

 private:
  CarriedFolder(Certificate administrator) : administrator_(std::move(administrator)) {}

  Certificate administrator_;
  std::string authority_pem_;
  std::string revocations_pem_;
  std::string server_pem_;
  Secret server_key_;
};

}  // namespace tijori
