// A whole appliance below a temporary folder: a real tijorid with its engine and its audit process, an authority with
// certificates of every sort, and what can befall an appliance.
//
//   ApplianceRig rig;
//   QVERIFY2(rig.start(), qPrintable(rig.trouble()));
//
// The programs come from TIJORI_BIN_DIR. The model "demo" is the file that TIJORI_DEMO_MODEL names, or else a tiny one
// with experts, which chatters in random words as long as it may. TIJORI_PATIENCE multiplies every time limit.
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/ca/authority.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori::test {

// `seconds` × TIJORI_PATIENCE.
int patience_ms(double seconds);

// PEM files of one certificate, as a form asks for them.
struct Identity {
  QString name;
  QString certificate;
  QString key;
};

struct RigOptions {
  QString config;           // tijorid.toml
  bool small_model = true;  // a tiny model as "demo" even where there is a demo model
  bool experts = false;     // also "scout", 24 layers × 16 experts
};

class ApplianceRig {
 public:
  explicit ApplianceRig(RigOptions options = {}) : options_(std::move(options)) {}
  ~ApplianceRig();
  ApplianceRig(const ApplianceRig&) = delete;
  ApplianceRig& operator=(const ApplianceRig&) = delete;

  // Until the models are ready: a few seconds. False with trouble() when it didn't come up.
  bool start();
  QString trouble() const;  // the first failure, with the end of the daemon's log

  QString root() const { return folder_.path(); }
  QString admin_socket() const { return root() + QStringLiteral("/run/admin.sock"); }
  QString api_socket() const { return root() + QStringLiteral("/run/api.sock"); }
  QString authority() const { return root() + QStringLiteral("/ca/ca.crt"); }
  QString authority_folder() const { return root() + QStringLiteral("/ca"); }
  static const char* passphrase() { return "correct horse battery"; }

  // In the register: administrators with the roles operator, auditor and guardrail-editor, the second of them the
  // second person; an auditor alone; an application.
  const Identity& admin() const { return admin_; }
  const Identity& second() const { return second_; }
  const Identity& auditor() const { return auditor_; }
  const Identity& application() const { return application_; }
  // Of people who can't come in.
  const Identity& expired() const { return expired_; }
  const Identity& revoked() const { return revoked_; }            // on the authority's list
  const Identity& unregistered() const { return unregistered_; }  // good, but not in the register
  const Identity& stranger() const { return stranger_; }          // of another authority

  // A certificate of the site's authority.
  std::optional<Identity> issue(const QString& name, const std::vector<Role>& roles, int64_t life_us = 90 * day_us);
  // Puts it in the register.
  bool add(const Identity& client);
  // The admin's certificate and key in one file, under passphrase(); "" when that failed.
  QString admin_pkcs12();
  // The admin's key under passphrase().
  QString admin_sealed_key();

  // What befalls it.
  bool kill();  // SIGKILL
  bool restart();
  bool running() const { return daemon_.state() == QProcess::Running; }
  // Changes one bit of a record's bytes on the disk.
  bool flip_bit_of_record(int64_t seq);

  // Calls as the admin; a client per identity and thread.
  std::optional<HttpClient> client(const Identity& identity, const QString& socket) const;
  template <class T>
  Answer<T> get(const std::string& target) {
    auto admin_client = client(admin_, admin_socket());
    if (!admin_client) return std::unexpected(ClientError(Error{ErrorCode::unavailable, "no client"}));
    return tijori::get<T>(*admin_client, target);
  }
  template <class T, class Body>
  Answer<T> post(const std::string& target, const Body& body) {
    auto admin_client = client(admin_, admin_socket());
    if (!admin_client) return std::unexpected(ClientError(Error{ErrorCode::unavailable, "no client"}));
    return tijori::post<T>(*admin_client, target, body);
  }
  // The command line, as the admin.
  bool run(const QString& program, const QStringList& arguments);
  static QString program(const QString& name);

 private:
  bool fail(const QString& what);
  bool make_keys();
  bool make_models();
  bool start_daemon();
  bool write(const QString& file, std::string_view text);

  RigOptions options_;
  QTemporaryDir folder_{QStringLiteral("/tmp/tijori-rig-XXXXXX")};
  QProcess daemon_;
  QString trouble_;
  Identity admin_, second_, auditor_, application_, expired_, revoked_, unregistered_, stranger_;
};

// Applications that ask one question after another, until it goes.
class Load {
 public:
  struct Plan {
    std::vector<Identity> clients;  // a thread for each
    std::vector<std::string> models{"demo"};
    std::vector<std::string> questions{"hello there", "what is the tide today?"};
    int64_t max_tokens = 24;
    int pause_ms = 50;
  };
  Load(const ApplianceRig& rig, Plan plan);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  int answered() const { return answered_; }
  int failed() const { return failed_; }

 private:
  std::atomic<bool> ending_ = false;
  std::atomic<int> answered_ = 0;
  std::atomic<int> failed_ = 0;
  std::unique_ptr<Cancellation> cancellation_;
  std::vector<std::thread> threads_;
};

}  // namespace tijori::test
