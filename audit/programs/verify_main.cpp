// tijori-audit-verify: the auditor's program. Reads an export, on any machine, and says what it is worth.
// It links base and audit/proof alone and writes nothing but its report.
#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "audit/proof/trust.h"
#include "audit/proof/verifier.h"
#include "base/clock.h"
#include "base/file.h"

namespace tijori {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

constexpr std::string_view usage_text =
    "usage: tijori-audit-verify EXPORT [--trust FILE] [--json | --print-trust]\n"
    "\n"
    "Checks every record, segment header and checkpoint of an exported audit log.\n"
    "\n"
    "  --trust FILE   the auditor's trust file: keys and checkpoints kept away from the appliance\n"
    "  --json         the report as one JSON object\n"
    "  --print-trust  print a trust file for what was found; compare the fingerprint before using it\n"
    "  --help, --version\n"
    "\n"
    "EXPORT may be - for standard input.\n"
    "Exit codes: 0 verified, 1 can't be read, 2 usage, 5 altered or incomplete, 6 consistent but origin not proven.\n";

enum class Output : uint8_t { human, json, trust };

struct Arguments {
  std::string export_path;
  std::string trust_path;
  Output output = Output::human;
};

// JSON of strings that hold no text from outside but tokens and numbers; escaped all the same.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string to_json(const VerifyReport& report) {
  std::string out = "{\"verdict\":" + json_text(name_of(report.verdict)) + ",\"message\":" + json_text(report.message);
  const auto number = [&](std::string_view name, auto value) {
    out += ",\"" + std::string(name) + "\":" + std::to_string(value);
  };
  out += ",\"log_id\":" + json_text(report.log_id ? to_hex(*report.log_id) : "");
  out += ",\"fingerprint\":" + json_text(report.key ? report.key->fingerprint() : "");
  number("records", report.records);
  number("omitted_records", report.omitted_records);
  number("segments", report.segments);
  number("checkpoints", report.checkpoints);
  number("verified_up_to", report.verified_up_to);
  number("tail_records", report.tail_records);
  number("tail_age_us", report.tail_age_us);
  number("first_bad_seq", report.first_bad_seq);
  number("last_bad_seq", report.last_bad_seq);
  number("first_time_us", report.first_time_us);
  number("last_time_us", report.last_time_us);
  number("requests_received", report.received);
  number("requests_released", report.released);
  number("requests_unfinished", report.unfinished);
  number("anomaly_count", report.anomaly_count);
  out += ",\"anomalies\":[";
  for (size_t i = 0; i < report.anomalies.size(); ++i) {
    const Anomaly& anomaly = report.anomalies[i];
    out += (i == 0 ? "{\"kind\":" : ",{\"kind\":") + json_text(anomaly.kind) +
           ",\"seq\":" + std::to_string(anomaly.seq) + ",\"message\":" + json_text(anomaly.message) + "}";
  }
  return out + "]}\n";
}

std::string to_text(const VerifyReport& report) {
  std::string out = std::string(name_of(report.verdict)) + ": " + report.message + "\n";
  if (report.log_id) out += "  log           " + to_hex(*report.log_id) + "\n";
  if (report.key) out += "  key           SHA-256 " + report.key->fingerprint() + "\n";
  out += "  records       " + std::to_string(report.records);
  if (report.omitted_records > 0) out += " (" + std::to_string(report.omitted_records) + " not in this export)";
  out += "\n";
  if (report.records > report.omitted_records) {
    out += "  time          " + to_rfc3339(report.first_time_us) + " to " + to_rfc3339(report.last_time_us) + "\n";
  }
  out += "  segments      " + std::to_string(report.segments) + " sealed\n";
  out += "  checkpoints   " + std::to_string(report.checkpoints) + "\n";
  if (report.last_checkpoint) {
    out += "  last          " + std::to_string(report.last_checkpoint->size) + " records, root " +
           to_base64(report.last_checkpoint->root) + "\n";
  }
  out += "  requests      " + std::to_string(report.received) + " received, " + std::to_string(report.released) +
         " released, " + std::to_string(report.unfinished) + " open\n";
  out += "  anomalies     " + std::to_string(report.anomaly_count) + "\n";
  for (const Anomaly& anomaly : report.anomalies) out += "    " + anomaly.kind + ": " + anomaly.message + "\n";
  return out;
}

Result<std::optional<Trust>> load_trust(const std::string& path) {
  if (path.empty()) return std::nullopt;
  TRY_ASSIGN(const std::string text, read_file(path, max_trust_bytes));
  TRY_ASSIGN(Trust trust, Trust::parse(text));
  return trust;
}

Result<VerifyReport> verify(const Arguments& arguments) {
  TRY_ASSIGN(std::optional<Trust> trust, load_trust(arguments.trust_path));
  UniqueFd file;
  const bool from_stdin = arguments.export_path == "-";
  if (!from_stdin) {
    TRY_ASSIGN(file, open_file(arguments.export_path, O_RDONLY));
  }
  const int fd = from_stdin ? STDIN_FILENO : file.get();
  std::optional<Error> read_error;
  ExportReader reader([&](std::span<uint8_t> into) -> Result<size_t> {
    for (;;) {
      const ssize_t count = ::read(fd, into.data(), into.size());
      if (count >= 0) return static_cast<size_t>(count);
      if (errno == EINTR) continue;
      const auto failed = fail_errno("read", arguments.export_path);
      read_error = failed.error();
      return failed;
    }
  });
  VerifyReport report = verify_export(reader, std::move(trust), wall_clock_us());
  if (read_error) return fail(*read_error);
  return report;
}

void print(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

std::optional<Arguments> parse(const std::vector<std::string_view>& words) {
  Arguments arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--trust" && i + 1 < words.size()) {
      arguments.trust_path = words[++i];
    } else if (word == "--json") {
      arguments.output = Output::json;
    } else if (word == "--print-trust") {
      arguments.output = Output::trust;
    } else if ((word == "-" || !word.starts_with('-')) && arguments.export_path.empty()) {
      arguments.export_path = word;
    } else {
      return std::nullopt;
    }
  }
  if (arguments.export_path.empty()) return std::nullopt;
  return arguments;
}

int run(const std::vector<std::string_view>& words) {
  for (const std::string_view word : words) {
    if (word == "--help" || word == "--version") {
      print(stdout, word == "--help" ? usage_text : std::string_view("tijori-audit-verify " TIJORI_VERSION "\n"));
      return 0;
    }
  }
  const std::optional<Arguments> arguments = parse(words);
  if (!arguments) {
    print(stderr, usage_text);
    return exit_usage;
  }
  const Result<VerifyReport> report = verify(*arguments);
  if (!report) {
    print(stderr, "tijori-audit-verify: " + report.error().message + "\n");
    return exit_failed;
  }
  const int code = exit_code_of(report->verdict);
  if (arguments->output != Output::trust) {
    print(stdout, arguments->output == Output::json ? to_json(*report) : to_text(*report));
    return code;
  }
  if (code == exit_code_of(Verdict::altered) || !report->key || !report->last_checkpoint) {
    print(stderr, to_text(*report));
    return code == 0 ? exit_failed : code;
  }
  const std::string trust = Trust{{*report->key}, {*report->last_checkpoint}}.format();
  print(stdout, trust + "# SHA-256 of the key: " + report->key->fingerprint() + "\n");
  return 0;
}

}  // namespace
}  // namespace tijori

int main(int argc, char** argv) {
  return tijori::run(std::vector<std::string_view>(argv + 1, argv + argc));
}
