#include "daemon/config.h"

#include <algorithm>
#include <functional>
#include <variant>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr uint64_t max_config_bytes = 1U << 20;
constexpr size_t max_list_entries = 256;

struct Number {
  int64_t Config::* field;
  int64_t low;
  int64_t high;
};
struct Text {
  std::string Config::* field;
  std::vector<std::string_view> choices;  // empty: any
};
struct TextList {
  std::vector<std::string> Config::* field;
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
      {"models.load", TextList{&Config::models_load}, Reload::restart},
      {"models.default", Text{&Config::models_default, {}}, Reload::restart},
      {"engine.backend", Text{&Config::engine_backend, {"auto", "reference", "avx2", "avx512"}}, Reload::restart},
      {"engine.threads", Number{&Config::engine_threads, 0, 1024}, Reload::restart},
      {"engine.context_tokens", Number{&Config::engine_context_tokens, 0, int64_t{1} << 24}, Reload::restart},
      {"engine.max_sequences", Number{&Config::engine_max_sequences, 0, 1024}, Reload::restart},
      {"engine.kv_type", Text{&Config::engine_kv_type, {"", "f32", "f16", "q8"}}, Reload::restart},
      {"engine.chat_format", Text{&Config::engine_chat_format, {"", "llama4", "llama3", "chatml"}}, Reload::restart},
      {"limits.max_requests", Number{&Config::limits_max_requests, 1, 90}, Reload::live},
      {"limits.max_requests_per_client", Number{&Config::limits_max_requests_per_client, 1, 90}, Reload::live},
      {"limits.drain_s", Number{&Config::limits_drain_s, 0, 600}, Reload::live},
      {"audit.purposes", TextList{&Config::audit_purposes}, Reload::restart},
      {"guardrails.approvals", Number{&Config::guardrails_approvals, 1, 2}, Reload::restart},
  };
  return known;
}

std::string place_of(const std::string& file, const toml::source_region& region) {
  return file + ":" + std::to_string(region.begin.line);
}

std::string text_of(const Config& config, const Known& known) {
  if (const auto* number = std::get_if<Number>(&known.kind)) return std::to_string(config.*number->field);
  if (const auto* text = std::get_if<Text>(&known.kind)) return config.*text->field;
  std::string joined;
  for (const std::string& entry : config.*std::get<TextList>(known.kind).field)
    joined += (joined.empty() ? "" : ", ") + entry;
  return joined;
}

// Puts the value in its field; an error says what was expected.
Status assign(Config& config, const Number& number, const toml::node& node) {
  const auto value = node.value_exact<int64_t>();
  if (!value || *value < number.low || *value > number.high)
    return fail(ErrorCode::invalid_argument,
                "expected an integer from " + std::to_string(number.low) + " to " + std::to_string(number.high));
  config.*number.field = *value;
  return {};
}

Status assign(Config& config, const Text& text, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) return fail(ErrorCode::invalid_argument, "expected text");
  if (!text.choices.empty() && std::ranges::find(text.choices, *value) == text.choices.end()) {
    std::string choices;
    for (const std::string_view choice : text.choices)
      choices += (choices.empty() ? "" : ", ") + ("\"" + std::string(choice) + "\"");
    return fail(ErrorCode::invalid_argument, "expected one of " + choices);
  }
  config.*text.field = *value;
  return {};
}

Status assign(Config& config, const TextList& list, const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->size() > max_list_entries)
    return fail(ErrorCode::invalid_argument,
                "expected a list of at most " + std::to_string(max_list_entries) + " texts");
  std::vector<std::string> entries;
  for (const toml::node& element : *array) {
    const auto entry = element.value_exact<std::string>();
    if (!entry) return fail(ErrorCode::invalid_argument, "expected a list of texts");
    entries.push_back(*entry);
  }
  config.*list.field = std::move(entries);
  return {};
}

Status take_table(Config& config, const std::string& file, const toml::table& table, const std::string& prefix) {
  const auto refuse = [](const std::string& place, const std::string& name, const std::string& what) {
    return fail(ErrorCode::invalid_argument, place + ": " + name + ": " + what);
  };
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const std::string place = place_of(file, key.source());
    const auto known = std::ranges::find(known_settings(), name, &Known::name);
    if (known != known_settings().end()) {
      const auto status = std::visit([&](const auto& kind) { return assign(config, kind, node); }, known->kind);
      if (!status) return refuse(place, name, status.error().message);
      const auto setting = std::ranges::find(config.settings, name, &Setting::name);
      setting->source = place;
      continue;
    }
    const std::string section = name + ".";
    const bool is_section =
        std::ranges::any_of(known_settings(), [&](const Known& each) { return each.name.starts_with(section); });
    const toml::table* inner = node.as_table();
    if (!is_section || inner == nullptr) return refuse(place, name, "unknown setting");
    TRY(take_table(config, file, *inner, section));
  }
  return {};
}

Status take_file(Config& config, const std::filesystem::path& file) {
  TRY_ASSIGN(const std::string text, read_file(file, max_config_bytes));
  const toml::parse_result parsed = toml::parse(text, file.string());
  if (!parsed)
    return fail(ErrorCode::invalid_argument,
                place_of(file.string(), parsed.error().source()) + ": " + std::string(parsed.error().description()));
  return take_table(config, file.string(), parsed.table(), "");
}

Result<std::vector<std::filesystem::path>> drop_ins(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return files;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return fail(ErrorCode::io_error, folder.string() + ": " + error.message());
  for (const auto& entry : entries)
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
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
          true};
}

Places system_places() {
  return {"/run/tijori",
          "/run/tijori/private",
          "/var/lib/tijori/state",
          "/var/lib/tijori/audit",
          "/var/lib/tijori/models",
          "/etc/tijori/tls",
          "/etc/tijori/tijorid.toml",
          false};
}

Result<Config> load_config(const std::filesystem::path& file, ConfigFile presence) {
  Config config;
  for (const Known& known : known_settings()) config.settings.push_back({std::string(known.name), "", "default"});
  std::error_code error;
  if (presence == ConfigFile::required || std::filesystem::exists(file, error)) TRY(take_file(config, file));
  TRY_ASSIGN(const auto files, drop_ins(file.parent_path() / "conf.d"));
  for (const auto& drop_in : files) TRY(take_file(config, drop_in));

  std::string values;
  for (size_t i = 0; i < config.settings.size(); ++i) {
    config.settings[i].value = text_of(config, known_settings()[i]);
    values += config.settings[i].name + "=" + config.settings[i].value + "\n";
  }
  config.digest = to_hex(sha256(as_bytes(values)));
  return config;
}

ReloadReply compare(const Config& old_config, const Config& new_config) {
  ReloadReply reply;
  for (size_t i = 0; i < known_settings().size(); ++i) {
    if (old_config.settings[i].value == new_config.settings[i].value) continue;
    auto& names = known_settings()[i].reload == Reload::live ? reply.changed : reply.needs_restart;
    names.emplace_back(known_settings()[i].name);
  }
  return reply;
}

}  // namespace tijori
