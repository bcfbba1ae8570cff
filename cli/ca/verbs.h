// The verbs of tijori-ca, one file each. Each prints what it did and returns an error instead of ending the program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/ca/authority.h"
#include "cli/ca/passphrase.h"

namespace tijori {

struct InitOptions {
  std::filesystem::path folder;
  std::string name;
  int days = 3650;
  PassphraseSource passphrase;
};
Status run_init(const InitOptions& options);

struct IssueOptions {
  std::filesystem::path ca = ".";
  std::string name;
  std::vector<std::string> roles;
  bool server = false;
  std::vector<std::string> dns_names;
  int days = 365;
  std::filesystem::path csr;           // empty: a key is made
  std::filesystem::path out;           // empty: issued/ in the authority's folder
  std::string pkcs12_passphrase_file;  // empty: no PKCS#12 file
  bool force = false;
  PassphraseSource passphrase;
};
Status run_issue(const IssueOptions& options);
// The roles and names of the youngest valid certificate, with a new key, or that of `csr`. Replaces the files.
Status run_renew(const IssueOptions& options);

// Shared by issue and renew: issues, then writes NAME.crt, NAME.key and, if asked for, NAME.p12.
Status issue_to_files(AuthorityFolder& authority, const IssueOptions& options, CertificateOrder order);

struct RevokeOptions {
  std::filesystem::path ca = ".";
  std::string name;
  std::string serial;
  std::string reason = "unspecified";
  PassphraseSource passphrase;
};
Status run_revoke(const RevokeOptions& options);

struct CrlOptions {
  std::filesystem::path ca = ".";
  PassphraseSource passphrase;
};
Status run_crl(const CrlOptions& options);
// Where the authority's newest revocation list is.
void print_list(const AuthorityFolder& authority);

enum class ListForm { table, json };
struct ListOptions {
  std::filesystem::path ca = ".";
  ListForm form = ListForm::table;
};
Status run_list(const ListOptions& options);

}  // namespace tijori
