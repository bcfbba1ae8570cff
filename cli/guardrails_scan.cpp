// tijori guardrails scan: what a policy finds in texts, as a filter. Needs no daemon.
#include <cmath>
#include <memory>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "cli/guardrails.h"
#include "cli/output.h"
#include "cli/text_lines.h"
#include "cli/verbs.h"
#include "daemon/guardrails/scan.h"
#include "daemon/guardrails/stage.h"

namespace tijori {

namespace {

struct ScanArguments {
  std::string policy_file = "default";
  std::string stage = "request_text";
  std::string application;
  std::string model;
  bool with_rules = false;
};

std::string span_json(const Decision& found, bool with_rule) {
  std::string out = "{\"label\":";
  append_json_string(out, found.label);
  out += ",\"start\":" + std::to_string(found.begin.code_point) + ",\"end\":" + std::to_string(found.end.code_point) +
         ",\"start_byte\":" + std::to_string(found.begin.byte) + ",\"end_byte\":" + std::to_string(found.end.byte) +
         ",\"score\":";
  append_json_number(out, std::round(found.score * 1000) / 1000);  // sums of hundredths, without their last bits
  out += ",\"action\":\"" + std::string(name_of(found.action)) + "\"";
  if (with_rule) {
    out += ",\"rule\":";
    append_json_string(out, found.rule);
  }
  return out + "}";
}

std::string spans_json(const std::vector<Decision>& found, bool with_rules) {
  std::string out = "[";
  for (const Decision& each : found) {
    if (out.size() > 1) out += ',';
    out += span_json(each, with_rules);
  }
  return out + "]";
}

class Scan {
 public:
  Scan(std::shared_ptr<const CompiledPolicy> policy, Stage stage, const ScanArguments& arguments)
      : policy_(std::move(policy)), stage_(stage), arguments_(arguments) {}

  Answer<Exit> run() {
    LineReader lines(STDIN_FILENO);
    for (;;) {
      if (!lines.has_line()) TRY(flush());
      TRY_ASSIGN(const auto line, lines.next());
      if (!line) break;
      if (!line->too_long && line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      take(*line);
      if (out_.size() >= flush_bytes) TRY(flush());
    }
    TRY(flush());
    if (bad_ == 0) return Exit::done;
    print_note("tijori: " + std::to_string(bad_) + " of " + std::to_string(taken_) +
               " lines could not be scanned; each has its error in the output\n");
    return Exit::failed;
  }

 private:
  static constexpr size_t flush_bytes = size_t{64} << 10;

  void take(const LineReader::Line& line) {
    ++taken_;
    if (line.too_long)
      return refuse(line.number, {},
                    {ErrorCode::resource_exhausted,
                     "longer than " + std::to_string(max_text_line_bytes) + " bytes; cut the text into pieces"});
    const auto text = parse_text_line(line.text);
    if (!text) return refuse(line.number, {}, text.error());
    const std::string id = id_json(text->id);
    const auto found = find(text->text);
    if (!found) return refuse(line.number, id, found.error());
    out_ += "{\"id\":" + id + ",\"spans\":" + spans_json(*found, arguments_.with_rules) + "}\n";
  }

  Result<std::vector<Decision>> find(const std::string& text) const {
    const GuardSubject subject{arguments_.application, {"application"}, arguments_.model, detect_language(text)};
    return tijori::scan(*policy_, stage_, subject, text);
  }

  void refuse(size_t number, const std::string& id, const Error& error) {
    ++bad_;
    out_ += "{";
    if (!id.empty()) out_ += "\"id\":" + id + ",";
    out_ += "\"line\":" + std::to_string(number) + ",\"error\":";
    append_json_string(out_, error.message);
    out_ += "}\n";
    print_note("tijori: line " + std::to_string(number) + ": " + printable(error.message) + "\n");
  }

  Status flush() {
    if (out_.empty()) return {};
    TRY(write_all(STDOUT_FILENO, as_bytes(out_), "standard output"));
    out_.clear();
    return {};
  }

  std::shared_ptr<const CompiledPolicy> policy_;
  Stage stage_;
  const ScanArguments& arguments_;
  std::string out_;
  size_t taken_ = 0;
  size_t bad_ = 0;
};

Answer<Exit> scan_input(const ScanArguments& arguments) {
  TRY_ASSIGN(Policy policy, policy_from_file(arguments.policy_file));
  TRY_ASSIGN(auto compiled, CompiledPolicy::compile(std::move(policy)));
  return Scan(std::move(compiled), *stage_from_name(arguments.stage), arguments).run();
}

}  // namespace

void add_guardrails_scan(CLI::App& guardrails, Context& context) {
  CLI::App* verb = guardrails.add_subcommand(
      "scan",
      "What a policy finds in texts; needs no daemon. Standard input: a line of JSON {\"id\", \"text\"} each;\n"
      "standard output: {\"id\", \"spans\": [{\"label\", \"start\", \"end\", \"start_byte\", \"end_byte\", \"score\",\n"
      "\"action\"}]}, offsets in code points and UTF-8 bytes, half-open. A line that can't be scanned gives\n"
      "{\"line\", \"error\"}, and 1 as exit code in the end.");
  const auto arguments = std::make_shared<ScanArguments>();
  verb->add_option("--policy", arguments->policy_file, "A policy's document; default is the shipped policy")
      ->type_name("FILE")
      ->capture_default_str();
  verb->add_option("--stage", arguments->stage, "As if the texts came to this stage")
      ->capture_default_str()
      ->check(CLI::IsMember(live_stage_names()));
  verb->add_option("--application", arguments->application, "For rules whose scope names applications");
  verb->add_option("--model", arguments->model, "For rules whose scope names models");
  verb->add_flag("--rules", arguments->with_rules, "Each span with its rule too");
  verb->callback([&context, arguments] { context.verb = [arguments] { return scan_input(*arguments); }; });
}

}  // namespace tijori
