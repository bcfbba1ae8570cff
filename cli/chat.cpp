// tijori chat: one question, or a conversation.
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/check.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/client/conversation.h"
#include "protocol/json.h"

namespace tijori {

namespace {

constexpr size_t max_question_bytes = 4U << 20;

struct ChatArguments {
  std::string question;
  std::string system;
  ChatQuestion settings;
  int64_t max_tokens = 0;
  double temperature = -1;
  double top_p = -1;
  bool json = false;
};

const Cancellation* interrupt_target = nullptr;
volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int /*signal*/) {
  interrupted = 1;
  interrupt_target->cancel();
}

// Without SA_RESTART, so that waiting for a line ends too.
void catch_interrupt(const Cancellation& cancellation) {
  interrupt_target = &cancellation;
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  CHECK(sigaction(SIGINT, &action, nullptr) == 0);
}

// A line of stdin without its end; nothing at the end of the input or at Ctrl-C.
Result<std::optional<std::string>> read_line() {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t size = read(STDIN_FILENO, &c, 1);
    if (size < 0 && errno == EINTR && interrupted == 0) continue;
    if (size < 0 && errno != EINTR) return fail_errno("read", "standard input");
    if (size < 0 || (size == 0 && line.empty())) return std::nullopt;
    if (size == 0 || c == '\n') return line;
    line += c;
    if (line.size() > max_question_bytes) return fail(ErrorCode::resource_exhausted, "the question is too long");
  }
}

Result<std::string> read_all() {
  std::string text;
  char bytes[4096];
  for (;;) {
    const ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
    if (size < 0 && errno == EINTR && interrupted == 0) continue;
    if (size < 0) return fail_errno("read", "standard input");
    if (size == 0) return text;
    text.append(bytes, static_cast<size_t>(size));
    if (text.size() > max_question_bytes) return fail(ErrorCode::resource_exhausted, "the question is too long");
  }
}

std::string reply_json(const ChatReply& reply) {
  std::string out = "{\"text\":";
  append_json_string(out, reply.text);
  out += ",\"model\":";
  append_json_string(out, reply.model);
  out += ",\"finish_reason\":";
  append_json_string(out, reply.finish_reason);
  out += ",\"prompt_tokens\":" + std::to_string(reply.usage.prompt_tokens) +
         ",\"completion_tokens\":" + std::to_string(reply.usage.completion_tokens) + ",\"request_id\":";
  append_json_string(out, reply.request_id);
  if (reply.receipt) out += ",\"receipt\":" + to_json(*reply.receipt);
  return out + "}\n";
}

std::string footnote(const ChatReply& reply) {
  std::string note = "[" + std::to_string(reply.usage.completion_tokens) + " tokens";
  if (reply.finish_reason == "length") note += ", cut at the limit";
  if (reply.receipt && reply.receipt->received && reply.receipt->released)
    note += "; audit records " + std::to_string(reply.receipt->received->seq) + " and " +
            std::to_string(reply.receipt->released->seq);
  return note + "]\n";
}

// Asks and prints; the reply joins the conversation.
Answer<ChatReply> ask_and_print(HttpClient& client, ChatQuestion& conversation, std::string question, bool quiet,
                                const Cancellation& cancellation) {
  conversation.messages.push_back({"user", std::move(question)});
  const TextSink sink = [&](std::string_view delta) {
    if (quiet) return;
    print(isatty(STDOUT_FILENO) == 1 ? printable(delta) : std::string(delta));
    std::fflush(stdout);
  };
  auto reply = ask(client, conversation, sink, &cancellation);
  if (!quiet) print("\n");
  std::fflush(stdout);
  if (!reply) {
    conversation.messages.pop_back();
    return reply;
  }
  conversation.messages.push_back({"assistant", reply->text});
  return reply;
}

Answer<Exit> converse(HttpClient& client, ChatQuestion& conversation, const Cancellation& cancellation) {
  print_note("Ask away; Ctrl-C stops an answer, Ctrl-D ends.\n");
  for (;;) {
    print_note("> ");
    TRY_ASSIGN(auto line, read_line());
    if (!line) break;
    if (line->empty()) continue;
    const auto reply = ask_and_print(client, conversation, *std::move(line), false, cancellation);
    if (reply) {
      print_note(footnote(*reply));
    } else if (reply.error().error.code == ErrorCode::cancelled) {
      print_note("[stopped]\n");
      interrupted = 0;
      cancellation.reset();
    } else if (reply.error().http_status != 0) {
      print_note("tijori: " + printable(reply.error().error.message) + "\n");
    } else {
      return std::unexpected(reply.error());
    }
  }
  print_note("\n");
  return Exit::done;
}

Answer<Exit> chat(const Context& context, ChatArguments& arguments) {
  TRY_ASSIGN(HttpClient client, context.api());
  TRY_ASSIGN(const Cancellation cancellation, Cancellation::create());
  catch_interrupt(cancellation);
  ChatQuestion conversation = arguments.settings;
  if (arguments.max_tokens > 0) conversation.max_tokens = arguments.max_tokens;
  if (arguments.temperature >= 0) conversation.temperature = arguments.temperature;
  if (arguments.top_p >= 0) conversation.top_p = arguments.top_p;
  if (!arguments.system.empty()) conversation.messages.push_back({"system", arguments.system});
  if (arguments.question.empty() && !arguments.json && isatty(STDIN_FILENO) == 1)
    return converse(client, conversation, cancellation);
  if (arguments.question.empty() || arguments.question == "-") {
    TRY_ASSIGN(arguments.question, read_all());
  }
  TRY_ASSIGN(const ChatReply reply,
             ask_and_print(client, conversation, arguments.question, arguments.json, cancellation));
  if (arguments.json)
    print(reply_json(reply));
  else
    print_note(footnote(reply));
  return Exit::done;
}

}  // namespace

void add_chat(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand("chat", "Ask a model, once or in a conversation; answers stream");
  const auto arguments = std::make_shared<ChatArguments>();
  verb->add_option("QUESTION", arguments->question,
                   "One question; without it a conversation in a terminal, or standard input as the question");
  verb->add_option("--model", arguments->settings.model, "A model's alias; else the appliance's default");
  verb->add_option("--system", arguments->system, "System prompt");
  verb->add_option("--max-tokens", arguments->max_tokens, "Longest answer, in tokens")->check(CLI::PositiveNumber);
  verb->add_option("--temperature", arguments->temperature, "0 is greedy; else the appliance's default, 1")
      ->check(CLI::Range(0.0, 2.0));
  verb->add_option("--top-p", arguments->top_p, "Samples from the likeliest tokens of this total; else 1: from all")
      ->check(CLI::Range(0.0, 1.0));
  verb->add_option("--seed", arguments->settings.seed, "Makes a sampled answer repeatable");
  verb->add_option("--user", arguments->settings.user, "Reference of the data principal; recorded as a keyed hash");
  verb->add_option("--purpose", arguments->settings.purpose, "Registered purpose; recorded");
  verb->add_flag("--json", arguments->json, "The whole answer as JSON, with usage and audit receipt");
  verb->callback([&context, arguments] { context.verb = [&context, arguments] { return chat(context, *arguments); }; });
}

}  // namespace tijori
