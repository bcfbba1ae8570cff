#include "tests/admin-ui/hostile_daemon.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

namespace tijori::test {
namespace {

using nlohmann::json;
using Random = std::mt19937_64;

constexpr size_t piece_bytes = size_t{64} << 10;
constexpr size_t most_endless_bytes = size_t{256} << 20;  // the console gives up long before
constexpr int trickle_ms = 40;

size_t below(Random& random, size_t bound) {
  return random() % bound;
}

std::string random_bytes(Random& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

json hostile_number(Random& random) {
  static const std::array numbers{json(INT64_MIN),
                                  json(INT64_MAX),
                                  json(UINT64_MAX),
                                  json(-1),
                                  json(0),
                                  json(1e308),
                                  json(-1e308),
                                  json(5e-324),
                                  json(-377'705'116'800'000'000),      // the year -10000 in µs
                                  json(9'404'619'177'600'000'000ULL),  // and 300000
                                  json(int64_t{1} << 53),
                                  json(-(int64_t{1} << 53)),
                                  json(2147483648LL),
                                  json(0.1)};
  return numbers.at(below(random, numbers.size()));
}

json hostile_value(Random& random) {
  switch (below(random, 7)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return hostile_number(random);
    case 3:
      return hostile_text(random);
    case 4:
      return json::array({hostile_text(random), hostile_number(random)});
    case 5:
      return json{{hostile_text(random), hostile_number(random)}};
    default:
      return json::array();
  }
}

// The same kind of value as before: what gets past the forms.
json hostile_like(const json& value, Random& random) {
  if (value.is_string()) return hostile_text(random);
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number_float()) return json(static_cast<double>(random() % 100'000) / 7);
  if (value.is_number()) {
    // Within what the console takes, at its edges.
    static constexpr std::array<int64_t, 8> numbers{
        -1, 0, 1, int64_t{1} << 53, -(int64_t{1} << 53), 1'000'000, 2147483648LL, 4'102'444'800'000'000};
    return numbers.at(below(random, numbers.size()));
  }
  return hostile_value(random);
}

void collect(json& value, std::vector<json*>& found) {
  found.push_back(&value);
  if (value.is_object() || value.is_array())
    for (json& inner : value) collect(inner, found);
}

void mutate_once(json& document, Random& random) {
  std::vector<json*> values;
  collect(document, values);
  json& chosen = *values.at(below(random, values.size()));
  const size_t way = below(random, 10);
  if (chosen.is_array() && !chosen.empty() && way < 5) {
    const json sample = chosen.at(below(random, chosen.size()));
    constexpr std::array<size_t, 4> sizes{0, 2, 300, 3'000};
    chosen.get_ref<json::array_t&>().assign(sizes.at(below(random, sizes.size())), sample);
    for (json& each : chosen)
      if (each.is_object() && each.contains("alias")) each["alias"] = hostile_text(random);
  } else if (chosen.is_object() && !chosen.empty() && way < 2) {
    chosen.erase(std::next(chosen.begin(), static_cast<std::ptrdiff_t>(below(random, chosen.size()))).key());
  } else if (chosen.is_object() && way == 2) {
    chosen[hostile_text(random)] = hostile_value(random);
  } else if (way < 9) {
    chosen = hostile_like(chosen, random);
  } else {
    chosen = hostile_value(random);
  }
}

std::string head(std::string_view more) {
  return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + std::string(more) + "\r\n";
}

std::string sized(size_t bytes) {
  return head("content-length: " + std::to_string(bytes) + "\r\n");
}

// The body with one more value put where a list begins, or around it all.
std::string with_list(std::string body, std::string_view element, size_t count) {
  std::string list;
  list.reserve(count * (element.size() + 1));
  for (size_t i = 0; i < count; ++i) list.append(i == 0 ? "" : ",").append(element);
  if (const size_t at = body.find('['); at != std::string::npos) return body.insert(at + 1, list + ",");
  return "[" + list + "]";
}

std::string first_element(const std::string& body) {
  const json document = json::parse(body, nullptr, false);
  if (document.is_object())
    for (const json& value : document)
      if (value.is_array() && !value.empty()) return value.front().dump();
  return "0";
}

void endless(MeddlerReply& reply, const std::string& piece) {
  size_t sent = 0;
  while (sent < most_endless_bytes && reply.raw(piece) && reply.goes_on()) sent += piece.size();
  reply.close();
}

void refuse(MeddlerReply& reply, Random& random) {
  constexpr std::array statuses{300, 301, 304, 400, 401, 403, 404, 409, 413,
                                418, 429, 500, 502, 503, 504, 599, 99,  999};
  const int status = statuses.at(below(random, statuses.size()));
  std::string body;
  switch (below(random, 4)) {
    case 0:
      body = json{{"error",
                   {{"message", hostile_text(random)},
                    {"type", hostile_text(random)},
                    {"code", hostile_text(random)},
                    {"param", nullptr}}}}
                 .dump(-1, ' ', false, json::error_handler_t::replace);
      break;
    case 1:
      body = std::string("<html><h1>") + hostile_markup + "</h1>" + std::string(below(random, 100'000), 'x');
      break;
    case 2:
      body = json{{"error", {{"message", std::string(size_t{1} << 20, 'm')}, {"type", "x"}, {"code", "does_not_fit"}}}}
                 .dump();
      break;
    default:
      break;
  }
  reply.raw("HTTP/1.1 " + std::to_string(status) + " " + std::string(below(random, 200), 'r') +
            "\r\nretry-after: 99999999999\r\nlocation: //elsewhere\r\ncontent-length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body);
  if (random() % 2 == 0) reply.close();
}

void chat_without_end(MeddlerReply& reply, Random& random) {
  reply.raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: " + std::string(hostile_markup) +
            "\r\n\r\n");
  std::string piece;
  const size_t way = below(random, 5);
  const auto chunk = [](const std::string& text) {
    const json made{{"id", "1"},
                    {"object", "chat.completion.chunk"},
                    {"created", 0},
                    {"model", "demo"},
                    {"choices", {{{"index", 0}, {"delta", {{"content", text}}}, {"finish_reason", nullptr}}}}};
    return "data: " + made.dump(-1, ' ', false, json::error_handler_t::replace) + "\n\n";
  };
  if (way == 0) piece = ": nothing to say\n\n";
  if (way == 1) piece = chunk(hostile_text(random));
  if (way == 2) piece = chunk(std::string(20'000, 'w'));  // one word
  if (way == 3) piece = chunk(std::string(2'000, '\n'));
  if (way == 4) piece = "data: " + std::string(60'000, 'z');  // an event that doesn't end
  std::string many;
  while (many.size() < piece_bytes) many += piece;
  endless(reply, many);
}

void harm_answer(Harm harm, const MeddlerCall& call, MeddlerReply& reply, Random& random) {
  const auto real = [&reply] { return reply.ask_appliance().value_or("{}"); };
  switch (harm) {
    case Harm::mutated: {
      json document = json::parse(real(), nullptr, false);
      if (document.is_discarded()) return reply.answer(200, "{}");
      mutate(document, random);
      return reply.answer(200, document.dump(-1, ' ', false, json::error_handler_t::ignore));
    }
    case Harm::random_bytes:
      reply.raw(random_bytes(random, 1 + below(random, 5'000)));
      return reply.close();
    case Harm::random_body:
      return reply.answer(200, random_bytes(random, below(random, 5'000)));
    case Harm::half_an_answer:
    case Harm::cut_below_tls: {
      const std::string body = real();
      reply.raw(sized(body.size()) + body.substr(0, body.size() / 2));
      return harm == Harm::cut_below_tls ? reply.cut() : reply.close();
    }
    case Harm::silence:
      return reply.hold();
    case Harm::lies_long: {
      const std::string body = real();
      constexpr std::array<const char*, 4> lengths{"18446744073709551615", "-1", "1000000", "99999999999999999999999"};
      reply.raw(head("content-length: " + std::string(lengths.at(below(random, lengths.size()))) + "\r\n") + body);
      return reply.close();
    }
    case Harm::lies_short: {
      const std::string body = real();
      reply.raw(sized(body.size() / 2) + body);
      return;
    }
    case Harm::endless_header:
      reply.raw("HTTP/1.1 200 OK\r\n");
      return endless(reply, "x-more: " + std::string(900, 'h') + "\r\n");
    case Harm::endless_body:
      reply.raw(sized(size_t{1} << 40));
      return endless(reply, std::string(piece_bytes, '['));
    case Harm::endless_chunks:
      reply.raw(head("transfer-encoding: chunked\r\n"));
      return endless(reply,
                     "1000;" + std::string(below(random, 300), 'e') + "\r\n" + std::string(0x1000, ' ') + "\r\n");
    case Harm::storm_of_1xx:
      return endless(reply, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\n");
    case Harm::trickle: {
      reply.raw(sized(1'000'000) + "{");
      while (reply.raw(" ") && reply.pause(trickle_ms)) continue;
      return reply.close();
    }
    case Harm::refusal:
      return refuse(reply, random);
    case Harm::deep: {
      const size_t depth = 10'000;
      const char open = random() % 2 == 0 ? '[' : '{';
      std::string body;
      for (size_t i = 0; i < depth; ++i) body += open == '[' ? "[" : R"({"a":)";
      return reply.answer(200, body + "0" + std::string(depth, open == '[' ? ']' : '}'));
    }
    case Harm::long_list: {
      const std::string body = real();
      constexpr std::array<size_t, 3> counts{900, 40'000, 100'000};
      return reply.answer(200, with_list(body, first_element(body), counts.at(below(random, counts.size()))));
    }
    case Harm::long_text: {
      json document = json::parse(real(), nullptr, false);
      std::vector<json*> values;
      collect(document, values);
      std::erase_if(values, [](const json* value) { return !value->is_string(); });
      constexpr std::array<size_t, 3> sizes{15'000, 200'000, size_t{4} << 20};
      const size_t size = sizes.at(below(random, sizes.size()));
      const char* const piece = random() % 2 == 0 ? "w" : "word ";
      std::string text;
      while (text.size() < size) text += piece;
      text.resize(size);
      if (!values.empty()) *values.at(below(random, values.size())) = text;
      return reply.answer(200, document.dump());
    }
    case Harm::invalid_utf8: {
      std::string body = real();
      for (size_t at = 0; at < body.size(); at += 1 + below(random, 200)) body[at] = '\xC0';
      return reply.answer(200, body);
    }
    case Harm::byte_order_mark:
      return reply.answer(200, "\xEF\xBB\xBF" + real());
    case Harm::endless_events:
      if (call.door == MeddlerCall::Door::api) return chat_without_end(reply, random);
      return reply.answer(200, random_bytes(random, 500));
  }
}

// How many calls of a path there were, so that what happens doesn't hang on the order in which paths are asked.
struct Counts {
  std::mutex mutex;
  std::map<std::string, uint64_t, std::less<>> calls;

  uint64_t next(std::string_view path) {
    const std::lock_guard lock(mutex);
    return calls[std::string(path)]++;
  }
};

}  // namespace

const char* name_of(Harm harm) {
  constexpr std::array<const char*, harms> names{
      "mutated",    "random bytes",   "random body",  "half an answer", "cut below TLS",   "silence",       "lies long",
      "lies short", "endless header", "endless body", "endless chunks", "storm of 1xx",    "trickle",       "refusal",
      "deep",       "long list",      "long text",    "invalid UTF-8",  "byte order mark", "endless events"};
  return names.at(static_cast<size_t>(harm));
}

std::string hostile_text(Random& random) {
  const std::string markup = hostile_markup;
  const std::array<std::string, 14> texts{markup,
                                          markup + "<img src=\"file:///etc/passwd\"><a href=\"x\">link</a>",
                                          "<style>*{color:red}</style>" + markup,
                                          "admin\u202Egnitfard\u202C " + markup,  // reads backwards
                                          "\u2066demo\u2069\u200F\u200B\u061C",
                                          std::string("nul\0inside", 10),
                                          "line\nbreak\ttab\r\x1b[31mred\x07",
                                          "'; rm -rf ~ #$(reboot)`reboot`",
                                          "%1 %2 %n %L3 &amp; &nbsp;",
                                          std::string(3'000, 'W'),
                                          "\xC3\x28\xF0\x90\x28\xBC broken",
                                          "क्षत्रिय\u200D😀\U000E0041 " + markup,
                                          "../../../etc/passwd",
                                          ""};
  return texts.at(below(random, texts.size()));
}

void mutate(json& document, Random& random) {
  const size_t changes = 1 + below(random, 6);
  for (size_t i = 0; i < changes; ++i) mutate_once(document, random);
}

Meddler::Behaviour hostile_behaviour(const HostilePlan& plan) {
  const auto counts = std::make_shared<Counts>();
  return [plan, counts](const MeddlerCall& call, MeddlerReply& reply) {
    const std::string path(call.path());
    const bool meant = plan.routes.empty() || std::ranges::any_of(plan.routes, [&](const std::string& route) {
                         return path == route || path.starts_with(route + "/");
                       });
    if (!meant) return reply.pass_on();
    Random random(plan.seed ^ std::hash<std::string>()(path) ^ counts->next(path) * 0x9E3779B97F4A7C15ULL);
    harm_answer(plan.harm, call, reply, random);
  };
}

}  // namespace tijori::test
