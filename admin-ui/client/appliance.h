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
  QString ssh;           // "anita@blr-admin": the sockets are forwarded by ssh from there; empty: this machine's own
  // As it was when the console last saw it.
  QString health;            // name_of(Health)
  QString version;           // of the daemon
  int64_t last_seen_us = 0;  // 0: never
  bool operator==(const Appliance&) const = default;
};

// api.sock beside admin.sock, unless another was given.
QString api_socket_of(const Appliance& appliance);
// Where the forwarded admin socket of an appliance goes, below the user's run-time folder.
QString forwarded_socket(const QString& name);
// What to run to forward both sockets: `ssh -N -L LOCAL:/run/tijori/admin.sock …`.
QString ssh_command(const Appliance& appliance);
// "Bengaluru DC, ssh anita@blr-admin", "this machine, /run/tijori".
QString reach_text(const Appliance& appliance);
// "Ready, 24 Nov 2026, 14:18 IST", "Not connected yet".
QString seen_text(const Appliance& appliance);

// A word as a shell takes it.
QString shell_word(const QString& word);

inline constexpr size_t max_saved_appliances = 100;

// The saved appliances, in a JSON file of the user's configuration folder (mode 0600), replaced atomically.
class ApplianceStore {
 public:
  explicit ApplianceStore(QString file);
  static QString default_file();

  // An absent file is an empty list; a malformed one an error naming it, and it is left alone.
  Result<std::vector<Appliance>> load() const;
  Status save(const std::vector<Appliance>& appliances) const;
  // Adds it, or replaces the one of that name.
  Status put(const Appliance& appliance) const;
  Status forget(const QString& name) const;

 private:
  QString file_;
};

}  // namespace tijori
