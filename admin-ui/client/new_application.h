// A new application's folder: its key, its certificate from the site's authority (on the administrator's own machine,
// by the code of tijori-ca), the authority's certificate, and programs that ask the appliance a question. No window.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

enum class IssueKind : uint8_t {
  application,  // a key is made
  request,      // of a certificate request: the key stays where it is
  renewal,      // a further certificate of a client that has one already
};

struct ApplicationOrder {
  IssueKind kind = IssueKind::application;
  std::filesystem::path authority;  // folder of tijori-ca
  std::string name;
  std::vector<std::string> roles;  // "application"
  int days = 365;
  std::filesystem::path out;        // made here; must not exist, or be empty
  std::string api_socket;           // for the programs
  std::filesystem::path request{};  // PKCS#10 file, of a `request`
};

struct ApplicationFolder {
  std::filesystem::path folder;
  std::string certificate_pem;
  std::string sha256;
  int64_t not_after_us = 0;
  std::vector<std::string> files;  // names in the folder
};

// The authority's key is unlocked for this call alone. Fails before anything is signed when the folder can't be used.
Result<ApplicationFolder> make_application(const ApplicationOrder& order, const Secret& passphrase);

// The programs, as they are written: each asks one question and prints the answer.
std::string curl_snippet(const std::string& api_socket);
std::string python_snippet(const std::string& api_socket);
std::string cpp_snippet(const std::string& api_socket);

}  // namespace tijori
