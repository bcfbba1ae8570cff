// A daemon that means harm: what a meddler does with one call, drawn by a seed. The same seed does the same.
//
//   meddler.behave(hostile_behaviour({.seed = 7, .routes = {"/admin/v1/models"}}));
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/admin-ui/meddler.h"

namespace tijori::test {

// In every hostile text: what must never be read without its brackets.
inline constexpr const char* hostile_markup = "<b id=inj>INJECTED</b>";

// Ways to break an answer. `mutated` is a real one with some of its values changed.
enum class Harm : uint8_t {
  mutated,
  random_bytes,    // no HTTP at all
  random_body,     // HTTP, then bytes that are no JSON
  half_an_answer,  // then the end, properly
  cut_below_tls,   // half an answer, then the socket is gone
  silence,
  lies_long,   // content-length above what comes, then the end
  lies_short,  // and below
  endless_header,
  endless_body,
  endless_chunks,
  storm_of_1xx,
  trickle,
  refusal,    // statuses from 300 to 599 with a body out of place
  deep,       // nesting of 10,000
  long_list,  // 100,000 values where a list belongs
  long_text,  // 4 MiB
  invalid_utf8,
  byte_order_mark,
  endless_events,  // of a chat; elsewhere as random_body
};
inline constexpr int harms = static_cast<int>(Harm::endless_events) + 1;
const char* name_of(Harm harm);

struct HostilePlan {
  uint64_t seed = 0;
  Harm harm = Harm::mutated;
  // Paths whose answers are harmed; all when there are none. "/admin/v1/models" stands for what lies below it, too.
  std::vector<std::string> routes;
};
Meddler::Behaviour hostile_behaviour(const HostilePlan& plan);

// Changes a few values of a document: types, numbers, texts, times, lists, fields.
void mutate(nlohmann::json& document, std::mt19937_64& random);
// A name as somebody would choose it to be taken for another, or for markup.
std::string hostile_text(std::mt19937_64& random);

}  // namespace tijori::test
