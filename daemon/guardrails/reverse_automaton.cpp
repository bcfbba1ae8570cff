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

constexpr size_t n_bytes = 256;
constexpr size_t max_idle_caches = 4;

}  // namespace

// Appends one pattern's states.
struct ReverseAutomaton::Build {
  struct Part {
    std::vector<uint32_t> first;
    std::vector<uint32_t> last;
    bool is_nullable = false;
  };

  ReverseAutomaton& out;
  size_t n_edges = 0;

  bool link(const std::vector<uint32_t>& from, const std::vector<uint32_t>& to) {
    n_edges += from.size() * to.size();
    if (n_edges > max_pattern_edges) return false;
    for (const uint32_t state : to) {
      auto& before = out.states_[state].before;
      before.insert(before.end(), from.begin(), from.end());
    }
    if (!to.empty())
      for (const uint32_t state : from) out.states_[state].can_continue = true;
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
        const auto state = static_cast<uint32_t>(out.states_.size());
        out.states_.push_back({sequence.bytes[i], false, false, {}});
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

// The deterministic states met so far. Belongs to one thread at a time.
class ReverseAutomaton::Cache {
 public:
  explicit Cache(const ReverseAutomaton& automaton)
      : automaton_(automaton), marks_(automaton.states_.size(), 0), of_pattern_(automaton.last_.size(), unknown) {
    clear();
  }

  // Walks back over `text` from the given start and returns the smallest offset where a match may begin.
  std::optional<size_t> walk(uint32_t state, std::string_view text) {
    std::optional<size_t> found;
    for (size_t i = text.size(); i-- > 0 && state != dead;) {
      const auto byte = static_cast<uint8_t>(text[i]);
      uint32_t next = next_[state * n_bytes + byte];
      if (next == unknown) next = make_step(state, byte);
      if ((next & begins) != 0) found = i;
      state = next & ~begins;
    }
    return found;
  }

  uint32_t start_of(size_t pattern) {
    if (of_pattern_[pattern] == unknown) {
      StateSet set = automaton_.last_[pattern];
      std::ranges::sort(set);
      of_pattern_[pattern] = intern(std::move(set));
    }
    return of_pattern_[pattern];
  }

  uint32_t start_open() {
    if (open_ == unknown) {
      StateSet set;
      for (uint32_t i = 0; i < automaton_.states_.size(); ++i)
        if (automaton_.states_[i].can_continue) set.push_back(i);
      open_ = intern(std::move(set));
    }
    return open_;
  }

  // At a moment when no walk is under way.
  void trim() {
    if (bytes_ > automaton_.max_cache_bytes_) clear();
  }

 private:
  static constexpr uint32_t dead = 0;
  static constexpr uint32_t begins = 0x8000'0000;   // a match may begin with the byte just read
  static constexpr uint32_t unknown = 0x7FFF'FFFF;  // not made yet

  void clear() {
    ids_.clear();
    sets_.clear();
    next_.clear();
    std::ranges::fill(of_pattern_, unknown);
    open_ = unknown;
    bytes_ = 0;
    intern({});
  }

  uint32_t intern(StateSet set) {
    const auto [entry, is_new] = ids_.try_emplace(std::move(set), static_cast<uint32_t>(sets_.size()));
    if (!is_new) return entry->second;
    sets_.push_back(&entry->first);
    next_.resize(next_.size() + n_bytes, sets_.size() == 1 ? dead : unknown);
    bytes_ += entry->first.size() * sizeof(uint32_t) + n_bytes * sizeof(uint32_t) + 64;
    return entry->second;
  }

  uint32_t make_step(uint32_t from, uint8_t byte) {
    StateSet set;
    uint32_t flag = 0;
    ++mark_;
    for (const uint32_t number : *sets_[from]) {
      const State& state = automaton_.states_[number];
      if (byte < state.range.first || byte > state.range.last) continue;
      if (state.is_first) flag = begins;
      for (const uint32_t before : state.before) {
        if (marks_[before] == mark_) continue;
        marks_[before] = mark_;
        set.push_back(before);
      }
    }
    std::ranges::sort(set);
    // The set that the walk goes on with outlives the clearing; what it came from doesn't.
    const bool is_full = bytes_ > automaton_.max_cache_bytes_;
    if (is_full) clear();
    const uint32_t next = intern(std::move(set)) | flag;
    if (!is_full) next_[from * n_bytes + byte] = next;
    return next;
  }

  const ReverseAutomaton& automaton_;
  std::unordered_map<StateSet, uint32_t, HashOfSet> ids_;
  std::vector<const StateSet*> sets_;  // by number, keys of ids_
  std::vector<uint32_t> next_;         // [sets, 256]
  std::vector<uint64_t> marks_;        // of each state: the last step that reached it
  uint64_t mark_ = 0;
  std::vector<uint32_t> of_pattern_;
  uint32_t open_ = unknown;
  size_t bytes_ = 0;
};

ReverseAutomaton::ReverseAutomaton(size_t max_cache_bytes) : max_cache_bytes_(max_cache_bytes) {}
ReverseAutomaton::~ReverseAutomaton() = default;

Status ReverseAutomaton::add(const Pattern& pattern) {
  Build build{*this};
  const auto part = build.node(pattern.root());
  if (!part)
    return fail(ErrorCode::invalid_argument,
                "too many ways through its optional parts: use fewer alternatives or fewer repetitions");
  for (const uint32_t state : part->first) states_[state].is_first = true;
  last_.push_back(part->last);
  n_edges_ += build.n_edges + part->last.size();
  return {};
}

size_t ReverseAutomaton::memory_bytes() const {
  return states_.size() * sizeof(State) + n_edges_ * sizeof(uint32_t) + max_cache_bytes_;
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
  const auto found = cache->walk(cache->start_of(pattern), text);
  give_back(std::move(cache));
  return found;
}

std::optional<size_t> ReverseAutomaton::earliest_open(std::string_view text) const {
  if (states_.empty()) return std::nullopt;
  auto cache = take_cache();
  const auto found = cache->walk(cache->start_open(), text);
  give_back(std::move(cache));
  return found;
}

}  // namespace tijori
