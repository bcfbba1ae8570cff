#include "admin-ui/client/witness.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "audit/proof/continuity.h"

namespace tijori {
namespace {

constexpr size_t max_kept_checkpoints = 200'000;
constexpr size_t max_conflicts = 1'000;
constexpr size_t max_alarms = 100;
constexpr std::array<std::string_view, 5> alarm_names{"key-changed", "bad-signature", "replaced", "shrunk", "forked"};

std::optional<int64_t> number_of(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string encode(std::string_view text) {
  return to_base64(as_bytes(text));
}

std::optional<std::string> decode(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes) return std::nullopt;
  return std::string(as_text(*bytes));
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at <= line.size();) {
    const size_t space = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, space - at));
    at = space + 1;
  }
  return words;
}

std::optional<Witnessed> witnessed_of(std::string_view time, std::string_view note) {
  Witnessed seen;
  const auto seen_us = number_of(time);
  auto text = decode(note);
  if (!seen_us || !text) return std::nullopt;
  const auto parsed = SignedNote::parse(*text);
  if (!parsed) return std::nullopt;
  const auto checkpoint = Checkpoint::parse(parsed->text);
  if (!checkpoint) return std::nullopt;
  return Witnessed{*checkpoint, *std::move(text), *seen_us, false};
}

std::string stamped(const std::optional<Witnessed>& seen) {
  return seen ? std::to_string(seen->seen_us) + ":" + encode(seen->note) : "-";
}

// False when it is neither "-" nor a checkpoint.
bool read_stamped(std::string_view text, std::optional<Witnessed>& into) {
  if (text == "-") return true;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  into = witnessed_of(text.substr(0, colon), text.substr(colon + 1));
  return into.has_value();
}

bool is_refusal(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::corrupted ||
         error.code == ErrorCode::invalid_argument;
}

// Whether the proof shows that `newer` continues `older`.
bool shows(const ConsistencyProof& proof, const Checkpoint& older, const Checkpoint& newer) {
  const auto path = parse_path(proof.path);
  return path && judge_continuity(older, newer, *path) == Continuity::continues;
}

bool same_checkpoint(const std::optional<Witnessed>& one, const std::optional<Witnessed>& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->checkpoint == other->checkpoint;
}

}  // namespace

Result<Witness> Witness::open(std::filesystem::path folder) {
  TRY_ASSIGN(LineJournal places, LineJournal::open(folder / "appliances"));
  Witness witness(std::move(folder), std::move(places));
  for (const std::string& line : witness.places_.lines()) witness.load_place(line);
  return witness;
}

void Witness::load_place(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  const auto name = words.size() > 2 ? decode(words[2]) : std::nullopt;
  if (name && words.size() == 4 && words[0] == "log") {
    const auto bytes = from_hex(words[3]);
    Id log_id{};
    if (bytes && bytes->size() == log_id.size()) {
      std::ranges::copy(*bytes, log_id.begin());
      appliances_[*name].log_id = log_id;
      return;
    }
  }
  if (name && words.size() == 9 && words[0] == "alarm") {
    WitnessAlarm alarm;
    const auto kind = std::ranges::find(alarm_names, words[3]);
    const auto seen_us = number_of(words[1]);
    const auto first = number_of(words[4]);
    const auto last = number_of(words[5]);
    std::optional<Witnessed> seen;
    if (kind != alarm_names.end() && seen_us && first && last && read_stamped(words[6], alarm.holds) &&
        read_stamped(words[7], alarm.broken) && read_stamped(words[8], seen) && seen) {
      alarm.kind = static_cast<AlarmKind>(kind - alarm_names.begin());
      alarm.seen_us = *seen_us;
      alarm.first_seq = *first;
      alarm.last_seq = *last;
      alarm.seen = *std::move(seen);
      appliances_[*name].alarms.push_back(std::move(alarm));
      return;
    }
  }
  ++damaged_;
}

void Witness::load_line(Log& log, std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  if (words.size() == 2 && words[0] == "confirmed") {
    const auto size = number_of(words[1]);
    const auto found = std::ranges::find_if(
        log.kept, [&](const Witnessed& each) { return size && each.checkpoint.size == static_cast<uint64_t>(*size); });
    if (found == log.kept.end()) return void(++log.damaged);
    found->proven = true;
    return;
  }
  if (words.size() != 3) return void(++log.damaged);
  if (words[0] == "key") {
    auto key = VerifierKey::parse(words[2]);
    if (!key) return void(++log.damaged);
    if (!log.key) log.key = *std::move(key);
    return;
  }
  auto seen = witnessed_of(words[1], words[2]);
  if (!seen) return void(++log.damaged);
  if (words[0] == "conflict") return void(log.conflicts.insert(seen->note));
  if (words[0] != "proven" && words[0] != "unproven") return void(++log.damaged);
  seen->proven = words[0] == "proven";
  // Two consoles may keep the same file: one of the same size is the same, or it would be a conflict.
  const auto place = std::ranges::lower_bound(log.kept, seen->checkpoint.size, {},
                                              [](const Witnessed& each) { return each.checkpoint.size; });
  if (place != log.kept.end() && place->checkpoint.size == seen->checkpoint.size)
    place->proven |= seen->proven;
  else
    log.kept.insert(place, *std::move(seen));
}

Result<Witness::Log*> Witness::log_of(const Id& log_id) {
  if (const auto found = logs_.find(log_id); found != logs_.end()) return &found->second;
  TRY_ASSIGN(LineJournal journal, LineJournal::open(file_of(log_id)));
  Log& log = logs_.emplace(log_id, Log{std::move(journal), {}, {}, {}, 0}).first->second;
  for (const std::string& line : log.journal.lines()) load_line(log, line);
  return &log;
}

Result<Witness::Log*> Witness::known_log(const Id& log_id) {
  std::error_code unclear;
  const bool is_there = logs_.contains(log_id) || std::filesystem::exists(file_of(log_id), unclear);
  if (!is_there && !unclear) return nullptr;
  return log_of(log_id);
}

void Witness::close_others() {
  std::erase_if(logs_, [this](const auto& each) {
    return std::ranges::none_of(appliances_, [&](const auto& place) { return place.second.log_id == each.first; });
  });
}

Result<Witness::Outcome> Witness::observe(const Sighting& sighting, LogSource* source) {
  TRY_ASSIGN(const SignedNote note, SignedNote::parse(sighting.note));
  TRY_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(note.text));
  const Witnessed seen{checkpoint, sighting.note, sighting.now_us, false};
  close_others();
  Place& place = appliances_[sighting.appliance];
  if (place.alarms.size() >= max_alarms)
    return fail(ErrorCode::resource_exhausted, "the witness has raised too many alarms for this appliance");
  TRY_ASSIGN(Log * log, known_log(checkpoint.log_id));

  if (log != nullptr && log->key) {
    const NoteCheck check = check_note(note, *log->key);
    if (check != NoteCheck::good) {
      WitnessAlarm alarm;
      alarm.kind = check == NoteCheck::absent ? AlarmKind::key_changed : AlarmKind::bad_signature;
      if (!log->kept.empty()) alarm.broken = log->kept.back();
      alarm.seen = seen;
      return raise(sighting, log, std::move(alarm));
    }
  } else {
    if (source == nullptr) return Outcome::unproven;
    const Result<AuditKeys> keys = source->keys();
    if (!keys) return Outcome::unproven;
    TRY_ASSIGN(VerifierKey key, VerifierKey::parse(keys->verifier_key));
    if (key.name != checkpoint_origin(checkpoint.log_id))
      return fail(ErrorCode::malformed, "the key that the appliance names isn't this log's");
    if (check_note(note, key) != NoteCheck::good) {
      WitnessAlarm alarm;
      alarm.kind = AlarmKind::bad_signature;
      alarm.seen = seen;
      return raise(sighting, log, std::move(alarm));
    }
    if (log == nullptr) {
      TRY_ASSIGN(log, log_of(checkpoint.log_id));
      // Pinned by another console while the appliance was asked: that key counts.
      if (log->key) return observe(sighting, source);
    }
    TRY(log->journal.append("key " + std::to_string(sighting.now_us) + " " + key.text()));
    log->key = std::move(key);
  }

  Outcome outcome = Outcome::known;
  if (place.log_id && *place.log_id != checkpoint.log_id) {
    TRY_ASSIGN(const Log* const old, known_log(*place.log_id));
    WitnessAlarm alarm;
    alarm.kind = AlarmKind::replaced;
    alarm.seen = seen;
    if (old != nullptr && !old->kept.empty()) {
      alarm.broken = old->kept.back();
      alarm.first_seq = 0;
      alarm.last_seq = static_cast<int64_t>(old->kept.back().checkpoint.size) - 1;
    }
    TRY_ASSIGN(outcome, raise(sighting, log, std::move(alarm)));
  }
  TRY(take_place(sighting, seen));
  TRY_ASSIGN(const Outcome judged, judge(sighting, *log, seen, source));
  return outcome == Outcome::alarm ? outcome : judged;
}

Status Witness::take_place(const Sighting& sighting, const Witnessed& seen) {
  Place& place = appliances_[sighting.appliance];
  if (place.log_id == seen.checkpoint.log_id) return {};
  TRY(places_.append("log " + std::to_string(sighting.now_us) + " " + encode(sighting.appliance) + " " +
                     to_hex(seen.checkpoint.log_id)));
  place.log_id = seen.checkpoint.log_id;
  return {};
}

Result<Witness::Outcome> Witness::judge(const Sighting& sighting, Log& log, Witnessed seen, LogSource* source) {
  const auto alarm = [&](AlarmKind kind) {
    return raise(sighting, &log, locate(log, kind, seen, sighting.records, source));
  };
  const uint64_t size = seen.checkpoint.size;
  if (sighting.records < size) return alarm(AlarmKind::shrunk);
  if (log.kept.empty()) {
    seen.proven = true;
    TRY(keep(log, std::move(seen)));
    return Outcome::proven;
  }
  const auto same_size = std::ranges::find(log.kept, size, [](const Witnessed& each) { return each.checkpoint.size; });
  if (same_size != log.kept.end() && same_size->checkpoint != seen.checkpoint) return alarm(AlarmKind::forked);
  if (size < log.kept.back().checkpoint.size) return alarm(AlarmKind::shrunk);
  const bool is_new = same_size == log.kept.end();
  const bool all_proven = std::ranges::all_of(log.kept, &Witnessed::proven);
  if (!is_new && (all_proven || source == nullptr)) return all_proven ? Outcome::known : Outcome::unproven;
  if (source != nullptr) return prove(sighting, log, std::move(seen), *source);
  TRY(keep(log, std::move(seen)));
  return Outcome::unproven;
}

Result<Witness::Outcome> Witness::prove(const Sighting& sighting, Log& log, Witnessed seen, LogSource& source) {
  const bool is_new = log.kept.back().checkpoint != seen.checkpoint;
  // Two prefixes of one tree are each other's prefixes: so the newest proven one stands for all before it.
  std::vector<size_t> targets;
  bool has_proven = false;
  for (size_t i = log.kept.size() - (is_new ? 0 : 1); i-- > 0 && targets.size() < max_proofs_per_sighting;) {
    if (log.kept[i].proven && std::exchange(has_proven, true)) continue;
    targets.push_back(i);
  }
  for (const size_t i : targets) {
    const Checkpoint& older = log.kept[i].checkpoint;
    const Result<ConsistencyProof> proof =
        source.consistency(static_cast<int64_t>(older.size), static_cast<int64_t>(seen.checkpoint.size));
    if (!proof && !is_refusal(proof.error())) {
      if (is_new) TRY(keep(log, std::move(seen)));
      return Outcome::unproven;
    }
    if (!proof || !shows(*proof, older, seen.checkpoint))
      return raise(sighting, &log, locate(log, AlarmKind::forked, seen, sighting.records, &source));
  }
  for (const size_t i : targets) {
    if (std::exchange(log.kept[i].proven, true)) continue;
    TRY(log.journal.append("confirmed " + std::to_string(log.kept[i].checkpoint.size)));
  }
  if (is_new) {
    seen.proven = true;
    TRY(keep(log, std::move(seen)));
  } else if (!std::exchange(log.kept.back().proven, true)) {
    TRY(log.journal.append("confirmed " + std::to_string(seen.checkpoint.size)));
  }
  return Outcome::proven;
}

Status Witness::keep(Log& log, Witnessed seen) {
  if (log.kept.size() >= max_kept_checkpoints)
    return fail(ErrorCode::resource_exhausted, "the witness has kept too many checkpoints of this log");
  TRY(log.journal.append((seen.proven ? "proven " : "unproven ") + std::to_string(seen.seen_us) + " " +
                         encode(seen.note)));
  log.kept.push_back(std::move(seen));
  return {};
}

// The newest kept checkpoint that the log still agrees with, by halving: what agrees with a tree agrees with all its
// prefixes. The log's own word (old_root) is taken where the proof fails, since it narrows the place of honest damage.
WitnessAlarm Witness::locate(const Log& log, AlarmKind kind, const Witnessed& seen, uint64_t records,
                             LogSource* source) const {
  WitnessAlarm alarm;
  alarm.kind = kind;
  alarm.seen = seen;
  const uint64_t end = std::min(records, seen.checkpoint.size);
  const auto beyond =
      std::ranges::upper_bound(log.kept, end, {}, [](const Witnessed& each) { return each.checkpoint.size; });
  const auto count = static_cast<size_t>(beyond - log.kept.begin());
  size_t holds = 0;  // so many of the first ones hold
  size_t breaks = count;
  for (size_t i = 0; i < count; ++i)
    if (log.kept[i].checkpoint == seen.checkpoint) holds = i + 1;
  while (holds < breaks && source != nullptr) {
    const size_t middle = (holds + breaks) / 2;
    const Checkpoint& older = log.kept[middle].checkpoint;
    const Result<ConsistencyProof> proof =
        source->consistency(static_cast<int64_t>(older.size), static_cast<int64_t>(end));
    if (!proof && !is_refusal(proof.error())) break;
    const bool agrees = proof && (shows(*proof, older, seen.checkpoint) || proof->old_root == to_hex(older.root));
    if (agrees)
      holds = middle + 1;
    else
      breaks = middle;
  }
  if (holds > 0) alarm.holds = log.kept[holds - 1];
  alarm.broken = breaks < log.kept.size() ? log.kept[breaks] : seen;
  alarm.first_seq = alarm.holds ? static_cast<int64_t>(alarm.holds->checkpoint.size) : 0;
  alarm.last_seq = static_cast<int64_t>(alarm.broken->checkpoint.size) - 1;
  return alarm;
}

Result<Witness::Outcome> Witness::raise(const Sighting& sighting, Log* log, WitnessAlarm alarm) {
  alarm.seen_us = sighting.now_us;
  const bool contradicts = alarm.kind == AlarmKind::shrunk || alarm.kind == AlarmKind::forked;
  const bool is_new = log != nullptr && contradicts && std::ranges::none_of(log->kept, [&](const Witnessed& each) {
                        return each.checkpoint == alarm.seen.checkpoint;
                      });
  if (is_new && log->conflicts.size() < max_conflicts && log->conflicts.insert(alarm.seen.note).second)
    TRY(log->journal.append("conflict " + std::to_string(sighting.now_us) + " " + encode(alarm.seen.note)));
  std::vector<WitnessAlarm>& alarms = appliances_[sighting.appliance].alarms;
  const bool is_raised = std::ranges::any_of(alarms, [&](const WitnessAlarm& each) {
    return each.kind == alarm.kind && each.seen.checkpoint.log_id == alarm.seen.checkpoint.log_id &&
           same_checkpoint(each.broken, alarm.broken);
  });
  if (is_raised) return Outcome::alarm;
  std::string line = "alarm " + std::to_string(sighting.now_us) + " " + encode(sighting.appliance) + " ";
  line += alarm_names.at(static_cast<size_t>(alarm.kind));
  line += " " + std::to_string(alarm.first_seq) + " " + std::to_string(alarm.last_seq);
  line += " " + stamped(alarm.holds) + " " + stamped(alarm.broken) + " " + stamped(alarm.seen);
  // Shown even where it can't be kept.
  alarms.push_back(std::move(alarm));
  TRY(places_.append(line));
  return Outcome::alarm;
}

const std::vector<Witnessed>& Witness::checkpoints(const std::string& appliance) const {
  static const std::vector<Witnessed> none;
  const auto place = appliances_.find(appliance);
  if (place == appliances_.end() || !place->second.log_id) return none;
  const auto log = logs_.find(*place->second.log_id);
  return log == logs_.end() ? none : log->second.kept;
}

std::optional<VerifierKey> Witness::pinned_key(const std::string& appliance) const {
  const auto place = appliances_.find(appliance);
  if (place == appliances_.end() || !place->second.log_id) return std::nullopt;
  const auto log = logs_.find(*place->second.log_id);
  return log == logs_.end() ? std::nullopt : log->second.key;
}

std::vector<WitnessAlarm> Witness::alarms(const std::string& appliance) const {
  const auto place = appliances_.find(appliance);
  return place == appliances_.end() ? std::vector<WitnessAlarm>() : place->second.alarms;
}

size_t Witness::damaged() const {
  size_t sum = damaged_ + places_.damaged();
  for (const auto& [id, log] : logs_) sum += log.damaged + log.journal.damaged();
  return sum;
}

}  // namespace tijori
