// tijori guardrails bench: two policies side by side on given texts.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/guardrails.h"
#include "cli/output.h"
#include "cli/text_lines.h"

namespace tijori {

namespace {

constexpr int64_t bench_quiet_timeout_ms = 300'000;
constexpr size_t max_bench_lines = 100'000;          // of one run
constexpr size_t max_batch_bytes = size_t{1} << 20;  // of texts in one call, unless one alone is longer
constexpr size_t max_bench_input_bytes = size_t{256} << 20;

struct BenchArguments {
  std::string a;
  std::string b;
  std::string stage = "request_text";
  std::string application;
  std::string model;
  std::string language;
  bool all = false;
  bool json = false;
};

Result<std::vector<BenchText>> read_texts() {
  std::vector<BenchText> texts;
  size_t size_bytes = 0;
  LineReader lines(STDIN_FILENO);
  for (;;) {
    TRY_ASSIGN(const auto line, lines.next());
    if (!line) break;
    const std::string place = "line " + std::to_string(line->number);
    if (line->too_long) return fail(ErrorCode::resource_exhausted, place + ": too long; cut the text into pieces");
    if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto text = parse_text_line(line->text);
    if (!text) return fail(text.error().in(place));
    if (text->text.size() > max_bench_text_bytes)
      return fail(ErrorCode::resource_exhausted,
                  place + ": more than " + std::to_string(max_bench_text_bytes) + " bytes of text; cut it into pieces");
    size_bytes += text->text.size();
    if (texts.size() >= max_bench_lines || size_bytes > max_bench_input_bytes)
      return fail(ErrorCode::resource_exhausted, place + ": more than a run takes, " + std::to_string(max_bench_lines) +
                                                     " texts and " + human_bytes(max_bench_input_bytes) +
                                                     "; give the texts in parts");
    const auto* id = text->id.get_if<std::string>();
    texts.push_back({id != nullptr ? *id : id_json(text->id), std::move(text->text)});
  }
  if (texts.empty()) return fail(ErrorCode::invalid_argument, "standard input: no texts; a line is {\"id\", \"text\"}");
  return texts;
}

// A file's document, the shipped one, or a stored policy.
Answer<PolicyChoice> choose(const GuardrailsStatus& status, const std::string& wanted) {
  PolicyChoice choice;
  std::error_code error;
  if (wanted == "default" || std::filesystem::is_regular_file(wanted, error)) {
    TRY_ASSIGN(choice.document, read_policy_document(wanted));
    return choice;
  }
  auto found = find_policy(status, wanted);
  if (!found) return std::unexpected(ClientError(fail(found.error().in("neither a file nor a policy")).error()));
  choice.digest = found->digest;
  return choice;
}

Answer<BenchReply> ask_in_batches(HttpClient& client, BenchRequest request, std::vector<BenchText> texts) {
  BenchReply whole;
  const std::string target = std::string(guardrails_path) + "/bench";
  size_t next = 0;
  while (next < texts.size()) {
    request.texts.clear();
    size_t size_bytes = 0;
    while (next < texts.size() && request.texts.size() < max_bench_texts &&
           (request.texts.empty() || size_bytes + texts[next].text.size() <= max_batch_bytes)) {
      size_bytes += texts[next].text.size();
      request.texts.push_back(std::move(texts[next++]));
    }
    ClientRequest call_request{.method = "POST", .target = target, .body = to_json(request)};
    call_request.quiet_timeout_ms = bench_quiet_timeout_ms;
    TRY_ASSIGN(BenchReply part, read_answer<BenchReply>(call(client, call_request), target));
    std::ranges::move(part.texts, std::back_inserter(whole.texts));
  }
  return whole;
}

std::string spans_text(const BenchSide& side) {
  if (!side.error.empty()) return side.error;
  std::string out;
  for (const BenchSpan& span : side.spans) {
    if (!out.empty()) out += ' ';
    out += span.label + "@" + std::to_string(span.start) + "-" + std::to_string(span.end) + ":" + span.action;
  }
  return out.empty() ? "-" : out;
}

struct SideSum {
  size_t spans = 0;
  size_t masked = 0;
  size_t blocked = 0;
  size_t failed = 0;
  int64_t time_us = 0;

  void add(const BenchSide& side) {
    spans += side.spans.size();
    masked += side.verdict == "mask" ? 1 : 0;
    blocked += side.verdict == "block" || side.verdict == "stop" ? 1 : 0;
    failed += side.error.empty() ? 0 : 1;
    time_us += side.time_us;
  }
};

void print_pairs(const BenchReply& reply, bool all) {
  Table pairs({"ID", "A", "B", "SPANS OF A", "SPANS OF B"});
  SideSum a;
  SideSum b;
  size_t different = 0;
  for (const BenchPair& each : reply.texts) {
    a.add(each.a);
    b.add(each.b);
    different += each.differs ? 1 : 0;
    if (all || each.differs)
      pairs.add({printable(each.id), each.a.verdict, each.b.verdict, printable(spans_text(each.a)),
                 printable(spans_text(each.b))});
  }
  if (all || different > 0) pairs.print();
  print(std::to_string(reply.texts.size()) + " texts, " + std::to_string(different) + " judged differently\n");
  Table sums({"", "SPANS", "MASKED", "BLOCKED", "FAILED", "TIME"});
  for (const auto& [name, sum] : {std::pair("A", a), std::pair("B", b)})
    sums.add({name, std::to_string(sum.spans), std::to_string(sum.masked), std::to_string(sum.blocked),
              std::to_string(sum.failed), std::to_string(sum.time_us) + " us"});
  sums.print();
}

Answer<Exit> bench(const Context& context, const BenchArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const auto status, guardrails_status(client));
  BenchRequest request;
  TRY_ASSIGN(request.a, choose(status, arguments.a));
  TRY_ASSIGN(request.b, choose(status, arguments.b));
  request.stage = arguments.stage;
  if (!arguments.application.empty()) request.application = arguments.application;
  if (!arguments.model.empty()) request.model = arguments.model;
  if (!arguments.language.empty()) request.language = arguments.language;
  TRY_ASSIGN(std::vector<BenchText> texts, read_texts());
  TRY_ASSIGN(const BenchReply reply, ask_in_batches(client, std::move(request), std::move(texts)));
  if (arguments.json)
    print(to_json(reply) + "\n");
  else
    print_pairs(reply, arguments.all);
  return Exit::done;
}

}  // namespace

void add_guardrails_bench(CLI::App& guardrails, Context& context) {
  CLI::App* verb = guardrails.add_subcommand(
      "bench", "Two policies side by side on the texts of standard input, a line of JSON {\"id\", \"text\"} each");
  const auto arguments = std::make_shared<BenchArguments>();
  const std::string choices = "A document's file; or default, active, previous, a digest or its beginning";
  verb->add_option("--a", arguments->a, choices)->type_name("POLICY")->required();
  verb->add_option("--b", arguments->b, choices)->type_name("POLICY")->required();
  verb->add_option("--stage", arguments->stage, "As if the texts came to this stage")
      ->capture_default_str()
      ->check(CLI::IsMember(live_stage_names()));
  verb->add_option("--application", arguments->application, "For rules whose scope names applications");
  verb->add_option("--model", arguments->model, "For rules whose scope names models");
  verb->add_option("--language", arguments->language, "For rules whose scope names languages; else each text's own")
      ->check(CLI::IsMember({"en", "hi", "hi-Latn"}));
  verb->add_flag("--all", arguments->all, "Texts that are judged alike too");
  verb->add_flag("--json", arguments->json, "As JSON");
  verb->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return bench(context, *arguments); }; });
}

}  // namespace tijori
