// tijori guardrails lint: what is wrong or doubtful in a document. Needs no daemon.
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/guardrails.h"
#include "cli/output.h"

namespace tijori {

namespace {

FindingSeverity severity_of(LintSeverity severity) {
  switch (severity) {
    case LintSeverity::note:
      return FindingSeverity::note;
    case LintSeverity::warning:
      return FindingSeverity::warning;
    case LintSeverity::error:
      break;
  }
  return FindingSeverity::error;
}

LintReply reply_of(const std::vector<LintFinding>& findings) {
  LintReply reply;
  for (const LintFinding& each : findings)
    reply.findings.push_back({severity_of(each.severity), each.code, each.rule, each.path, each.message,
                              static_cast<int64_t>(each.line), static_cast<int64_t>(each.column)});
  return reply;
}

size_t count(const std::vector<LintFinding>& findings, LintSeverity severity) {
  size_t found = 0;
  for (const LintFinding& each : findings) found += each.severity == severity ? 1 : 0;
  return found;
}

Answer<Exit> lint_file(const std::string& file, OutputForm form) {
  TRY_ASSIGN(const std::string document, read_policy_document(file));
  const auto findings = lint_document(document);
  if (form == OutputForm::json)
    print(to_json(reply_of(findings)) + "\n");
  else
    print(findings_text(file, findings) + file + ": " + std::to_string(count(findings, LintSeverity::error)) +
          " errors, " + std::to_string(count(findings, LintSeverity::warning)) + " warnings, " +
          std::to_string(count(findings, LintSeverity::note)) + " notes\n");
  return has_errors(findings) ? Exit::failed : Exit::done;
}

}  // namespace

void add_guardrails_lint(CLI::App& guardrails, Context& context) {
  CLI::App* verb = guardrails.add_subcommand(
      "lint", "What is wrong or doubtful in a policy's document; needs no daemon. 1 as exit code if it has an error");
  const auto file = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  verb->add_option("FILE", *file, "The document; default is the one this program ships")->required();
  verb->add_flag("--json", *json, "As JSON");
  verb->callback([&context, file, json] {
    context.verb = [file, json] { return lint_file(*file, *json ? OutputForm::json : OutputForm::people); };
  });
}

}  // namespace tijori
