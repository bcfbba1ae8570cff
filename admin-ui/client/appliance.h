// An appliance as the console remembers it: a name, how it is reached, and where the administrator's files are. Never a
// passphrase.
#pragma once

#include <QString>
#include <vector>

#include "base/error.h"

namespace tijori {

struct Appliance {
  QString name;          // unique among the saved ones
  QString site;          // "Bengaluru DC"; may be empty
  QString admin_socket;  // a local one, or one that ssh forwards
  QString api_socket;    // for the try-it pane; may be empty
  QString authority;     // PEM file: the site's CA
  QString certificate;   // PEM file, or PKCS#12 with the key in it
  QString key;           // PEM file; empty with PKCS#12
  bool operator==(const Appliance&) const = default;
};

inline constexpr size_t max_saved_appliances = 100;

// The saved appliances, in a JSON file of the user's configuration folder (mode 0600), replaced atomically.
class ApplianceStore {
 public:
  explicit ApplianceStore(QString file);
  static QString default_file();

  // An absent file is an empty list; a malformed one an error naming it, and it is left alone.
  Result<std::vector<Appliance>> load() const;
  Status save(const std::vector<Appliance>& appliances) const;

 private:
  QString file_;
};

}  // namespace tijori
