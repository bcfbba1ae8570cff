#include "daemon/guardrails/reverse_automaton.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace tijori {
namespace {

using StateSet = std::vector<uint32_t>;  // ascending

struct HashOfSet {
  size_t operator()(const StateSet& set) const {
    uint64_t hash = set.size();
    for (const uint32_t state : set) hash = (hash ^ state) * 0x9E3779B97F4A7C15U + (hash >> 29U);
    return hash;
  }
};

constexpr uint32_t dead = 0;               // the empty set
constexpr uint32_t begins = 0x8000'0000;   // a match may begin with the byte just read
constexpr uint32_t unknown = 0x7FFF'FFFF;  // not made yet
constexpr size_t max_idle_caches = 4;

}  // namespace

// Appends one pattern's states.
struct ReverseAutomaton::Build {
  struct Part {
    std::vector<uint32_t> first;
    std::vector<uint32_t> last;
    bool is_nullable = false;
  };

  Automaton& out;
  size_t n_edges = 0;

  bool link(const std::vector<uint32_t>& from, const std::vector<uint32_t>& to) {
    n_edges += from.size() * to.size();
    if (n_edges > max_pattern_edges) return false;
    for (const uint32_t state : to) {
      auto& before = out.states[state].before;
      before.insert(before.end(), from.begin(), from.end());
    }
    if (!to.empty())
      for (const uint32_t state : from) out.states[state].can_continue = true;
    return true;
  }

  bool follow(Part& left, Part right) {
    if (!link(left.last, right.first)) return false;
    if (left.is_nullable) left.first.insert(left.first.end(), right.first.begin(), right.first.end());
    if (!right.is_nullable) left.last.clear();
    left.last.insert(left.last.end(), right.last.begin(), right.last.end());
    left.is_nullable = left.is_nullable && right.is_nullable;
    return true;
  }

  std::optional<Part> set(const CodePointSet& set) {
    Part part;
    for (const ByteSequence& sequence : set.byte_sequences()) {
      for (size_t i = 0; i < sequence.length; ++i) {
        const auto state = static_cast<uint32_t>(out.states.size());
        out.states.push_back({sequence.bytes[i], false, false, {}});
        if (i == 0)
          part.first.push_back(state);
        else if (!link({state - 1}, {state}))
          return std::nullopt;
        if (i + 1 == sequence.length) part.last.push_back(state);
      }
    }
    return part;
  }

  std::optional<Part> node(const PatternNode& pattern) {
    Part part;
    switch (pattern.kind) {
      case PatternNode::Kind::set:
        return set(pattern.set);
      case PatternNode::Kind::sequence:
        part.is_nullable = true;
        for (const PatternNode& child : pattern.children) {
          auto next = node(child);
          if (!next || !follow(part, *std::move(next))) return std::nullopt;
        }
        return part;
      case PatternNode::Kind::choice:
        for (const PatternNode& child : pattern.children) {
          const auto branch = node(child);
          if (!branch) return std::nullopt;
          part.first.insert(part.first.end(), branch->first.begin(), branch->first.end());
          part.last.insert(part.last.end(), branch->last.begin(), branch->last.end());
          part.is_nullable = part.is_nullable || branch->is_nullable;
        }
        return part;
      case PatternNode::Kind::repeat: {
        part.is_nullable = true;
        for (uint32_t i = 0; i < pattern.min; ++i) {
          auto next = node(pattern.children[0]);
          if (!next || !follow(part, *std::move(next))) return std::nullopt;
        }
        // x{0,3} is (x(x(x)?)?)?, from the inside out, which needs fewer ways than x?x?x?.
        Part rest;
        rest.is_nullable = true;
        for (uint32_t i = pattern.min; i < pattern.max; ++i) {
          auto next = node(pattern.children[0]);
          if (!next) return std::nullopt;
          if (!follow(*next, std::move(rest))) return std::nullopt;
          rest = *std::move(next);
          rest.is_nullable = true;
        }
        if (!follow(part, std::move(rest))) return std::nullopt;
        return part;
      }
    }
    return part;
  }
};

void ReverseAutomaton::Automaton::set_classes() {
  std::bitset<257> is_edge;
  for (const State& state : states) {
    is_edge.set(state.range.first);
    is_edge.set(size_t{state.range.last} + 1);
  }
  is_edge.reset(0);
  uint8_t number = 0;
  for (size_t byte = 0; byte < class_of.size(); ++byte) {
    if (is_edge.test(byte)) ++number;
    class_of[byte] = number;
  }
  n_classes = size_t{number} + 1;
}

// The deterministic states of one pattern met so far.
class ReverseAutomaton::Walk {
 public:
  Walk(const Automaton& automaton, size_t& total_bytes)
      : automaton_(automaton), marks_(automaton.states.size(), 0), total_bytes_(total_bytes) {
    clear();
  }

  enum class Start : uint8_t { at_end_of_match, at_open_match };

  // Goes back over `text` and returns the smallest offset where a match may begin.
  std::optional<size_t> run(Start start, std::string_view text, size_t max_bytes) {
    std::optional<size_t> found;
    uint32_t state = start_state(start);
    for (size_t i = text.size(); i-- > 0 && state != dead;) {
      const uint8_t byte_class = automaton_.class_of[static_cast<uint8_t>(text[i])];
      uint32_t next = next_[state * automaton_.n_classes + byte_class];
      if (next == unknown) next = make_step(state, byte_class, static_cast<uint8_t>(text[i]), max_bytes);
      if ((next & begins) != 0) found = i;
      state = next & ~begins;
    }
    return found;
  }

 private:
  void clear() {
    ids_.clear();
    sets_.clear();
    next_.clear();
    starts_ = {unknown, unknown};
    total_bytes_ -= bytes_;
    bytes_ = 0;
    intern({});
  }

  uint32_t start_state(Start start) {
    uint32_t& state = starts_[static_cast<size_t>(start)];
    if (state != unknown) return state;
    StateSet set;
    if (start == Start::at_end_of_match) {
      set = automaton_.last;
    } else {
      for (uint32_t i = 0; i < automaton_.states.size(); ++i)
        if (automaton_.states[i].can_continue) set.push_back(i);
    }
    std::ranges::sort(set);
    state = intern(std::move(set));
    return state;
  }

  uint32_t intern(StateSet set) {
    const auto [entry, is_new] = ids_.try_emplace(std::move(set), static_cast<uint32_t>(sets_.size()));
    if (!is_new) return entry->second;
    sets_.push_back(&entry->first);
    next_.resize(sets_.size() * automaton_.n_classes, sets_.size() == 1 ? dead : unknown);
    const size_t more = (entry->first.size() + automaton_.n_classes) * sizeof(uint32_t) + sizeof(StateSet) * 2;
    bytes_ += more;
    total_bytes_ += more;
    return entry->second;
  }

  uint32_t make_step(uint32_t from, uint8_t byte_class, uint8_t byte, size_t max_bytes) {
    StateSet set;
    uint32_t flag = 0;
    ++mark_;
    for (const uint32_t number : *sets_[from]) {
      const State& state = automaton_.states[number];
      if (byte < state.range.first || byte > state.range.last) continue;
      if (state.is_first) flag = begins;
      for (const uint32_t before : state.before) {
        if (marks_[before] == mark_) continue;
        marks_[before] = mark_;
        set.push_back(before);
      }
    }
    std::ranges::sort(set);
    // The walk goes on with a set that outlives the clearing; the one it came from doesn't.
    const bool is_full = total_bytes_ > max_bytes;
    if (is_full) clear();
    const uint32_t next = intern(std::move(set)) | flag;
    if (!is_full) next_[from * automaton_.n_classes + byte_class] = next;
    return next;
  }

  const Automaton& automaton_;
  std::unordered_map<StateSet, uint32_t, HashOfSet> ids_;
  std::vector<const StateSet*> sets_;  // by number, keys of ids_
  std::vector<uint32_t> next_;         // [sets, classes of bytes]
  std::vector<uint64_t> marks_;        // of each state: the last step that reached it
  uint64_t mark_ = 0;
  std::array<uint32_t, 2> starts_{unknown, unknown};
  size_t bytes_ = 0;
  size_t& total_bytes_;  // of all patterns
};

// Belongs to one thread at a time.
class ReverseAutomaton::Cache {
 public:
  explicit Cache(const ReverseAutomaton& owner) : owner_(owner), walks_(owner.automata_.size()) {}

  std::optional<size_t> run(size_t pattern, Walk::Start start, std::string_view text) {
    auto& walk = walks_[pattern];
    if (walk == nullptr) walk = std::make_unique<Walk>(owner_.automata_[pattern], total_bytes_);
    return walk->run(start, text, owner_.max_cache_bytes_);
  }

  // Good until the next call.
  const std::vector<uint32_t>& candidates(std::string_view text) {
    candidates_.clear();
    owner_.beginnings_.candidates(text, candidates_);
    return candidates_;
  }

  void trim() {
    if (total_bytes_ <= owner_.max_cache_bytes_) return;
    for (auto& walk : walks_) walk.reset();
    total_bytes_ = 0;
  }

 private:
  const ReverseAutomaton& owner_;
  std::vector<std::unique_ptr<Walk>> walks_;
  std::vector<uint32_t> candidates_;
  size_t total_bytes_ = 0;
};

ReverseAutomaton::ReverseAutomaton(size_t max_cache_bytes)
    : memory_bytes_(max_cache_bytes), max_cache_bytes_(max_cache_bytes) {}
ReverseAutomaton::~ReverseAutomaton() = default;

Status ReverseAutomaton::add(const Pattern& pattern) {
  Automaton automaton;
  Build build{automaton};
  auto part = build.node(pattern.root());
  if (!part)
    return fail(ErrorCode::invalid_argument,
                "too many ways through its optional parts: use fewer alternatives or fewer repetitions");
  for (const uint32_t state : part->first) automaton.states[state].is_first = true;
  automaton.last = std::move(part->last);
  automaton.set_classes();
  std::bitset<256> open_after;
  for (const State& state : automaton.states)
    if (state.can_continue)
      for (size_t byte = state.range.first; byte <= state.range.last; ++byte) open_after.set(byte);
  memory_bytes_ += sizeof automaton + automaton.states.size() * (sizeof(State) + sizeof(uint64_t)) +
                   (build.n_edges + automaton.last.size()) * sizeof(uint32_t) + sizeof open_after;
  automata_.push_back(std::move(automaton));
  open_after_.push_back(open_after);
  beginnings_.add(pattern);
  return {};
}

void ReverseAutomaton::settle() {
  beginnings_.settle();
}

size_t ReverseAutomaton::memory_bytes() const {
  return memory_bytes_ + beginnings_.memory_bytes();
}

std::unique_ptr<ReverseAutomaton::Cache> ReverseAutomaton::take_cache() const {
  {
    const std::lock_guard lock(mutex_);
    if (!caches_.empty()) {
      auto cache = std::move(caches_.back());
      caches_.pop_back();
      return cache;
    }
  }
  return std::make_unique<Cache>(*this);
}

void ReverseAutomaton::give_back(std::unique_ptr<Cache> cache) const {
  cache->trim();
  const std::lock_guard lock(mutex_);
  if (caches_.size() < max_idle_caches) caches_.push_back(std::move(cache));
}

std::optional<size_t> ReverseAutomaton::leftmost_begin(size_t pattern, std::string_view text) const {
  auto cache = take_cache();
  const auto found = cache->run(pattern, Walk::Start::at_end_of_match, text);
  give_back(std::move(cache));
  return found;
}

std::optional<size_t> ReverseAutomaton::earliest_open(std::string_view text) const {
  if (automata_.empty() || text.empty()) return std::nullopt;
  const auto last = static_cast<uint8_t>(text.back());
  std::optional<size_t> earliest = beginnings_.open_at_end(text);
  auto cache = take_cache();
  for (const uint32_t pattern : cache->candidates(text)) {
    if (!open_after_[pattern].test(last)) continue;
    const auto found = cache->run(pattern, Walk::Start::at_open_match, text);
    if (found && (!earliest || *found < *earliest)) earliest = found;
  }
  give_back(std::move(cache));
  return earliest;
}

}  // namespace tijori
