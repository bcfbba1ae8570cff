// The daemon's settings: one TOML file and conf.d/*.toml beside it, later files over earlier ones. Unknown settings are
// refused with file and line, all of them at once.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"
#include "protocol/admin_types.h"

namespace tijori {

// Where things lie: below one folder in a checkout, in the system's places otherwise.
struct Places {
  std::filesystem::path run;    // api.sock, admin.sock
  std::filesystem::path inner;  // run/private: the inner sockets
  std::filesystem::path state;  // state.db
  std::filesystem::path audit;
  std::filesystem::path models;
  std::filesystem::path tls;     // ca.crt, server.crt, server.key, crl.pem
  std::filesystem::path config;  // tijorid.toml; may be absent
  bool checkout = false;         // the daemon starts its own engines and audit process
  // Who may listen on the inner sockets besides the daemon's own user.
  std::vector<uid_t> listeners;
};
Places places_below(const std::filesystem::path& root);
Places system_places();

struct Config {
  std::vector<std::string> models_load;  // aliases; empty: all that are allowed
  std::string models_default;
  std::string engine_backend = "auto";
  int64_t engine_threads = 0;
  int64_t engine_context_tokens = 0;
  int64_t engine_max_sequences = 0;
  std::string engine_kv_type;
  std::string engine_chat_format;
  int64_t limits_max_requests = 64;
  int64_t limits_max_requests_per_client = 32;
  int64_t limits_drain_s = 20;
  std::vector<std::string> audit_purposes;
  int64_t guardrails_approvals = 2;

  std::vector<Setting> settings;  // every one of these, with its source
  std::string digest;             // SHA-256 of the values in force, hex
};

enum class ConfigFile { optional, required };

// One thing that is wrong, and where.
struct ConfigFault {
  std::string file;
  int64_t line = 0;  // 0: the file as a whole
  std::string message;
  ErrorCode code = ErrorCode::invalid_argument;  // not_found only for a required file

  std::string text() const;  // "FILE:LINE: message"
};

// The settings of all files together, or everything that is wrong with them: the one way to read them, at the start, at
// a reload and for check-config.
std::expected<Config, std::vector<ConfigFault>> read_config(const std::filesystem::path& file, ConfigFile presence);

// The first few of them as one error.
Error config_error(const std::vector<ConfigFault>& faults);

// False when a running daemon can't take another value of it.
bool is_live(const Setting& setting);

// Settings whose value differs, and whether a running daemon can take the new one.
ReloadReply compare(const Config& running, const Config& fresh);

// What is in force after a reload: the fresh values where a running daemon can take them.
Config after_reload(const Config& running, const Config& fresh);

}  // namespace tijori
