// Which records of the log a verb is about: the options that `audit list` and `audit count` share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace tijori {

struct AuditFilterArguments {
  std::string event;
  std::string outcome;
  std::string actor;
  std::string request;
  std::optional<int64_t> since_us;
  std::optional<int64_t> until_us;
};

// The arguments must live as long as the verb.
void add_filter_options(CLI::App& verb, const std::shared_ptr<AuditFilterArguments>& arguments);

// Each as "&name=value".
std::string filter_query(const AuditFilterArguments& arguments);

}  // namespace tijori
