#include "daemon/config.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <variant>

#include <sys/stat.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "audit/proof/cbor.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/file.h"
#include "protocol/model_catalog.h"

namespace tijori {
namespace {

constexpr uint64_t max_config_bytes = 1U << 20;
constexpr size_t max_list_entries = 256;
constexpr size_t max_faults_in_error = 3;
constexpr uid_t systemd_uid = 0;  // it listens for the units whose sockets it makes

using Faults = std::vector<ConfigFault>;

// What a text must be besides text.
struct Rule {
  bool (*holds)(std::string_view text);
  std::string_view expected;
};

bool is_anything(std::string_view /*text*/) {
  return true;
}

constexpr Rule any_text{is_anything, ""};
constexpr Rule alias_rule{is_model_alias, "a model's alias (1 to 64 of a-z 0-9 . _ -, a letter or digit first)"};
// As the audit log takes it: any other would be recorded as unregistered.
constexpr Rule purpose_rule{is_token, "a purpose (1 to 48 of a-z 0-9 . _ -, a letter or digit first)"};

struct Number {
  int64_t Config::* field;
  int64_t low;
  int64_t high;
};
struct Text {
  std::string Config::* field;
  std::vector<std::string_view> choices;  // empty: any
  Rule rule = any_text;                   // of a text that isn't empty
};
struct TextList {
  std::vector<std::string> Config::* field;
  Rule rule = any_text;
};

enum class Reload { live, restart };

// A setting: its name, where its value goes, and whether a running daemon takes a new one.
struct Known {
  std::string_view name;
  std::variant<Number, Text, TextList> kind;
  Reload reload;
};

const std::vector<Known>& known_settings() {
  static const std::vector<Known> known = {
      {"models.load", TextList{&Config::models_load, alias_rule}, Reload::restart},
      {"models.default", Text{&Config::models_default, {}, alias_rule}, Reload::restart},
      {"engine.backend", Text{&Config::engine_backend, {"auto", "reference", "avx2", "avx512", "cuda"}},
       Reload::restart},
      {"engine.threads", Number{&Config::engine_threads, 0, 1024}, Reload::restart},
      {"engine.context_tokens", Number{&Config::engine_context_tokens, 0, int64_t{1} << 24}, Reload::restart},
      {"engine.max_sequences", Number{&Config::engine_max_sequences, 0, 1024}, Reload::restart},
      {"engine.kv_type", Text{&Config::engine_kv_type, {"", "f32", "f16", "q8"}}, Reload::restart},
      {"engine.chat_format", Text{&Config::engine_chat_format, {"", "llama4", "llama3", "chatml"}}, Reload::restart},
      {"limits.max_requests", Number{&Config::limits_max_requests, 1, 90}, Reload::live},
      {"limits.max_requests_per_client", Number{&Config::limits_max_requests_per_client, 1, 90}, Reload::live},
      {"limits.drain_s", Number{&Config::limits_drain_s, 0, 600}, Reload::live},
      {"audit.purposes", TextList{&Config::audit_purposes, purpose_rule}, Reload::restart},
      {"guardrails.approvals", Number{&Config::guardrails_approvals, 1, 2}, Reload::restart},
  };
  return known;
}

std::string text_of(const Config& config, const Known& known) {
  if (const auto* number = std::get_if<Number>(&known.kind)) return std::to_string(config.*number->field);
  if (const auto* text = std::get_if<Text>(&known.kind)) return config.*text->field;
  std::string joined;
  for (const std::string& entry : config.*std::get<TextList>(known.kind).field)
    joined += (joined.empty() ? "" : ", ") + entry;
  return joined;
}

std::string digest_of(const Config& config) {
  std::string values;
  for (const Setting& setting : config.settings) values += setting.name + "=" + setting.value + "\n";
  return to_hex(sha256(as_bytes(values)));
}

// Takes the settings of one file.
class FileReader {
 public:
  FileReader(std::string file, Config& config, Faults& faults)
      : file_(std::move(file)), config_(config), faults_(faults) {}

  void take(std::string_view text) {
    const toml::parse_result parsed = toml::parse(text, file_);
    if (parsed) return take_table(parsed.table(), "");
    refuse(parsed.error().source(), std::string(parsed.error().description()));
  }

 private:
  void refuse(const toml::source_region& where, std::string message) {
    faults_.push_back({file_, where.begin.line, std::move(message)});
  }

  void take_table(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const auto known = std::ranges::find(known_settings(), name, &Known::name);
      if (known != known_settings().end()) {
        std::visit([&](const auto& kind) { assign(kind, node, name, key.source()); }, known->kind);
        std::ranges::find(config_.settings, name, &Setting::name)->source =
            file_ + ":" + std::to_string(key.source().begin.line);
        continue;
      }
      const std::string section = name + ".";
      const bool is_section =
          std::ranges::any_of(known_settings(), [&](const Known& each) { return each.name.starts_with(section); });
      if (const toml::table* inner = node.as_table(); is_section && inner != nullptr)
        take_table(*inner, section);
      else
        refuse(key.source(), name + (is_section ? ": expected a section, [" + name + "]" : ": unknown setting"));
    }
  }

  void assign(const Number& number, const toml::node& node, const std::string& name, const toml::source_region& key) {
    const auto value = node.value_exact<int64_t>();
    if (value && *value >= number.low && *value <= number.high) {
      config_.*number.field = *value;
      return;
    }
    refuse(key,
           name + ": expected an integer from " + std::to_string(number.low) + " to " + std::to_string(number.high));
  }

  void assign(const Text& text, const toml::node& node, const std::string& name, const toml::source_region& key) {
    const auto value = node.value_exact<std::string>();
    if (!value) return refuse(key, name + ": expected text");
    if (!text.choices.empty() && std::ranges::find(text.choices, *value) == text.choices.end()) {
      std::string choices;
      for (const std::string_view choice : text.choices)
        choices += (choices.empty() ? "" : ", ") + ("\"" + std::string(choice) + "\"");
      return refuse(key, name + ": expected one of " + choices);
    }
    if (!value->empty() && !text.rule.holds(*value))
      return refuse(key, name + ": expected " + std::string(text.rule.expected));
    config_.*text.field = *value;
  }

  void assign(const TextList& list, const toml::node& node, const std::string& name, const toml::source_region& key) {
    const toml::array* array = node.as_array();
    if (array == nullptr || array->size() > max_list_entries)
      return refuse(key, name + ": expected a list of at most " + std::to_string(max_list_entries) + " texts");
    std::vector<std::string> entries;
    for (const toml::node& element : *array) {
      const auto entry = element.value_exact<std::string>();
      if (!entry)
        refuse(element.source(), name + ": expected a list of texts");
      else if (!list.rule.holds(*entry))
        refuse(element.source(), name + ": expected " + std::string(list.rule.expected));
      else if (std::ranges::find(entries, *entry) != entries.end())
        refuse(element.source(), name + ": \"" + *entry + "\" is there twice");
      else
        entries.push_back(*entry);
    }
    config_.*list.field = std::move(entries);
  }

  const std::string file_;
  Config& config_;
  Faults& faults_;
};

// Whoever may write the settings may choose what is recorded and what is let through.
std::optional<ConfigFault> fault_of_file(const std::filesystem::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0)
    return ConfigFault{file.string(), 0, std::string("can't be read: ") + std::strerror(errno),
                       errno == ENOENT ? ErrorCode::not_found : ErrorCode::io_error};
  if (!S_ISREG(info.st_mode)) return ConfigFault{file.string(), 0, "not a file"};
  if ((info.st_mode & S_IWOTH) != 0)
    return ConfigFault{file.string(), 0, "everybody on this machine may change it; chmod o-w it",
                       ErrorCode::permission_denied};
  return std::nullopt;
}

void take_file(const std::filesystem::path& file, Config& config, Faults& faults) {
  if (auto fault = fault_of_file(file)) return faults.push_back(*std::move(fault));
  const auto text = read_file(file, max_config_bytes);
  if (!text) return faults.push_back({file.string(), 0, text.error().message, text.error().code});
  const auto first = static_cast<std::ptrdiff_t>(faults.size());
  FileReader(file.string(), config, faults).take(*text);
  std::ranges::stable_sort(faults.begin() + first, faults.end(), {}, &ConfigFault::line);
}

std::vector<std::filesystem::path> drop_ins(const std::filesystem::path& folder, Faults& faults) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return files;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) faults.push_back({folder.string(), 0, "can't be read: " + error.message(), ErrorCode::io_error});
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error))
    if (entries->path().extension() == ".toml") files.push_back(entries->path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Places places_below(const std::filesystem::path& root) {
  return {root / "run",
          root / "run" / "private",
          root / "state",
          root / "audit",
          root / "models",
          root / "tls",
          root / "etc" / "tijorid.toml",
          true,
          {}};
}

Places system_places() {
  return {"/run/tijori",
          "/run/tijori/private",
          "/var/lib/tijori/state",
          "/var/lib/tijori/audit",
          "/var/lib/tijori/models",
          "/etc/tijori/tls",
          "/etc/tijori/tijorid.toml",
          false,
          {systemd_uid}};
}

std::string ConfigFault::text() const {
  return file + ":" + (line > 0 ? std::to_string(line) + ": " : " ") + message;
}

std::expected<Config, std::vector<ConfigFault>> read_config(const std::filesystem::path& file, ConfigFile presence) {
  Config config;
  Faults faults;
  for (const Known& known : known_settings()) config.settings.push_back({std::string(known.name), "", "default"});
  std::error_code error;
  if (presence == ConfigFile::required || std::filesystem::exists(file, error)) take_file(file, config, faults);
  for (const auto& drop_in : drop_ins(file.parent_path() / "conf.d", faults)) take_file(drop_in, config, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  for (size_t i = 0; i < config.settings.size(); ++i) config.settings[i].value = text_of(config, known_settings()[i]);
  config.digest = digest_of(config);
  return config;
}

Error config_error(const std::vector<ConfigFault>& faults) {
  std::string message;
  const size_t told = std::min(faults.size(), max_faults_in_error);
  for (size_t i = 0; i < told; ++i) message += (i == 0 ? "" : "; ") + faults[i].text();
  if (told < faults.size())
    message += "; and " + std::to_string(faults.size() - told) + " more, see tijorid check-config";
  return {faults.empty() ? ErrorCode::internal : faults.front().code, std::move(message)};
}

bool is_live(const Setting& setting) {
  const auto known = std::ranges::find(known_settings(), setting.name, &Known::name);
  return known != known_settings().end() && known->reload == Reload::live;
}

ReloadReply compare(const Config& running, const Config& fresh) {
  ReloadReply reply;
  for (size_t i = 0; i < known_settings().size(); ++i) {
    if (running.settings[i].value == fresh.settings[i].value) continue;
    auto& names = known_settings()[i].reload == Reload::live ? reply.changed : reply.needs_restart;
    names.emplace_back(known_settings()[i].name);
  }
  return reply;
}

Config after_reload(const Config& running, const Config& fresh) {
  Config after = running;
  for (size_t i = 0; i < known_settings().size(); ++i) {
    const Known& known = known_settings()[i];
    if (known.reload == Reload::live)
      std::visit([&](const auto& kind) { after.*kind.field = fresh.*kind.field; }, known.kind);
    else if (running.settings[i].value != fresh.settings[i].value)
      continue;
    after.settings[i] = fresh.settings[i];
  }
  after.digest = digest_of(after);
  return after;
}

}  // namespace tijori
