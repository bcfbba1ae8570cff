// tijori doctor: what is wrong with this appliance, what that means, and how it is mended
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/doctor_daemon.h"
#include "cli/output.h"
#include "cli/severity_word.h"
#include "cli/verbs.h"
#include "doctor/examination.h"
#include "doctor/explanation.h"
#include "protocol/fields.h"

namespace tijori {

namespace {

constexpr size_t line_chars = 100;
constexpr const char* unknown_meaning = "A code of another release.";

struct Arguments {
  std::string code;
  bool deep = false;
  bool json = false;
};

// What --json writes.
struct ExplainedFinding {
  std::string code;
  Severity severity = Severity::info;
  std::string message;
  std::string meaning;
  std::string fix;
};
struct NotChecked {
  std::string what;
  std::string why;
};
struct DoctorAnswer {
  bool wrong = false;
  std::vector<ExplainedFinding> findings;
  std::vector<std::string> checked;
  std::vector<NotChecked> not_checked;
};
struct ExplainedCode {
  std::string code;
  std::string meaning;
  std::string fix;
};

// Broken between words; each line after the first is indented.
std::string wrapped(std::string_view text, size_t indent) {
  std::string lines;
  size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column > indent && column + 1 + word.size() > line_chars) {
      lines += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

void print_explanation(const Explanation& explanation) {
  print("    Means  " + wrapped(explanation.meaning, 11) + "\n");
  print("    Fix    " + wrapped(explanation.fix, 11) + "\n");
}

bool is_wrong(const Condition& finding) {
  return finding.severity != Severity::info;
}

std::string count_text(size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string verdict_of(const std::vector<Condition>& findings) {
  const auto wrong = static_cast<size_t>(std::ranges::count_if(findings, is_wrong));
  const size_t notes = findings.size() - wrong;
  const std::string more = notes == 0 ? "" : "; " + count_text(notes, "note");
  return (wrong == 0 ? "Nothing is wrong" : count_text(wrong, "thing") + (wrong == 1 ? " is wrong" : " are wrong")) +
         more + ".";
}

void print_answer(const Examination& examination) {
  const auto& findings = examination.findings;
  for (size_t i = 0; i < findings.size(); ++i) {
    const std::string head = std::string(severity_word(findings[i].severity)) + " [" + findings[i].code + "] ";
    print(wrapped(printable(head + findings[i].message), 4) + "\n");
    // What several are called by is explained once, behind the last.
    if (i + 1 < findings.size() && findings[i + 1].code == findings[i].code) continue;
    if (const Explanation* explanation = explanation_of(findings[i].code)) print_explanation(*explanation);
    print("\n");
  }
  std::string checked;
  for (const std::string& each : examination.checked) checked += (checked.empty() ? "" : ", ") + each;
  if (!checked.empty()) print("checked: " + wrapped(checked, 9) + "\n");
  for (const Unseen& unseen : examination.unseen)
    print("not checked: " + wrapped(printable(unseen.what + ": " + unseen.why), 13) + "\n");
  print(verdict_of(examination.findings) + "\n");
}

DoctorAnswer answer_of(const Examination& examination) {
  DoctorAnswer answer;
  answer.wrong = std::ranges::any_of(examination.findings, is_wrong);
  for (const Condition& finding : examination.findings) {
    const Explanation* explanation = explanation_of(finding.code);
    answer.findings.push_back({finding.code, finding.severity, finding.message,
                               std::string(explanation == nullptr ? unknown_meaning : explanation->meaning),
                               std::string(explanation == nullptr ? "" : explanation->fix)});
  }
  answer.checked = examination.checked;
  for (const Unseen& unseen : examination.unseen) answer.not_checked.push_back({unseen.what, unseen.why});
  return answer;
}

Machine machine_of(const Context& context) {
  Machine machine = context.root.empty() ? installed_machine() : checkout_machine(context.root);
  machine.run = context.run_folder();
  return machine;
}

Exit show_findings(const Context& context, const Arguments& arguments) {
  const Machine machine = machine_of(context);
  std::string file;
  std::optional<Progress> progress;
  const HashProgress show = [&](const std::string& now, int64_t done_bytes, int64_t total_bytes) {
    if (!progress || now != file) progress.emplace("reading " + now, total_bytes);
    file = now;
    progress->update(done_bytes);
  };
  Examination examination = examine(machine, arguments.deep ? ModelDepth::digests : ModelDepth::sizes, show);
  progress.reset();
  ask_daemon(context, machine, examination);
  examination.sort();
  if (arguments.json)
    print(to_json(answer_of(examination)) + "\n");
  else
    print_answer(examination);
  return std::ranges::any_of(examination.findings, is_wrong) ? Exit::failed : Exit::done;
}

Exit explain(const Arguments& arguments) {
  const Explanation* const explanation = explanation_of(arguments.code);
  if (explanation == nullptr) {
    std::string codes;
    for (const Explanation& each : explanations()) codes += (codes.empty() ? "" : ", ") + std::string(each.code);
    print_note("tijori: --explain: no code " + printable(arguments.code) + "; there are " + codes + "\n");
    return Exit::usage;
  }
  if (arguments.json) {
    print(to_json(ExplainedCode{arguments.code, std::string(explanation->meaning), std::string(explanation->fix)}) +
          "\n");
    return Exit::done;
  }
  print(arguments.code + "\n");
  print_explanation(*explanation);
  return Exit::done;
}

}  // namespace

template <class Form>
void describe(Form& form, Is<ExplainedFinding> auto& finding) {
  form.required("code", finding.code);
  form.required("severity", finding.severity);
  form.required("message", finding.message);
  form.required("meaning", finding.meaning);
  form.required("fix", finding.fix);
}

template <class Form>
void describe(Form& form, Is<NotChecked> auto& unseen) {
  form.required("what", unseen.what);
  form.required("why", unseen.why);
}

template <class Form>
void describe(Form& form, Is<DoctorAnswer> auto& answer) {
  form.required("wrong", answer.wrong);
  form.required("findings", answer.findings);
  form.required("checked", answer.checked);
  form.required("not_checked", answer.not_checked);
}

template <class Form>
void describe(Form& form, Is<ExplainedCode> auto& code) {
  form.required("code", code.code);
  form.required("meaning", code.meaning);
  form.required("fix", code.fix);
}

TIJORI_JSON_FORM(DoctorAnswer)
TIJORI_JSON_FORM(ExplainedCode)

void add_doctor(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand(
      "doctor",
      "Find what is wrong with the appliance, on it, and say how it is mended; 1 as exit code if something is");
  const auto arguments = std::make_shared<Arguments>();
  verb->add_option("--explain", arguments->code, "What a code means and what to do, instead")->type_name("CODE");
  verb->add_flag("--deep", arguments->deep, "Read each model whole and compare its digest");
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback([&context, arguments] {
    context.verb = [&context, arguments]() -> Answer<Exit> {
      return arguments->code.empty() ? show_findings(context, *arguments) : explain(*arguments);
    };
  });
}

}  // namespace tijori
