// The console as a witness of the audit log: keeps every signed checkpoint it has seen, and holds each new one against
// those before it. A log that was cut, rewritten, replaced or signed by another key contradicts what its own key once
// promised, whoever owns the appliance.
//
// Files, in one folder (line_journal.h):
//   <log_id>      key <us> <verifier key>            pinned at first sight
//                 proven <us> <note, base64>         the log continued all before it
//                 unproven <us> <note, base64>       signed, but nobody could be asked for the proof yet
//                 confirmed <size>                   the proof of an unproven one came later
//                 conflict <us> <note, base64>       signed by somebody, and contradicts what was there
//   appliances    log <us> <appliance, base64> <log_id>
//                 alarm <us> <appliance, base64> <kind> <first> <last> <holds> <broken> <seen>
//                 the last three as <us>:<note, base64>, "-" for none
//
// No network and no widgets here: whoever has a connection hands in a LogSource. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "admin-ui/client/line_journal.h"
#include "audit/proof/checkpoint.h"
#include "audit/proof/signed_note.h"
#include "base/error.h"
#include "protocol/audit_messages.h"

namespace tijori {

// Proofs of unproven checkpoints asked for at one time; the others follow with the next checkpoint.
inline constexpr size_t max_proofs_per_sighting = 64;

struct Witnessed {
  Checkpoint checkpoint;
  std::string note;
  int64_t seen_us = 0;
  bool proven = false;
};

enum class AlarmKind : uint8_t {
  key_changed,    // signed by a key that isn't the pinned one
  bad_signature,  // claims the pinned key, which never made it
  replaced,       // the appliance has another log now
  shrunk,         // fewer records than were signed for
  forked          // records that were signed for are others now
};

// What went wrong, and between which of the kept checkpoints.
struct WitnessAlarm {
  AlarmKind kind = AlarmKind::forked;
  int64_t seen_us = 0;
  std::optional<Witnessed> holds;   // the last kept checkpoint that the log still agrees with
  std::optional<Witnessed> broken;  // the first that it doesn't
  Witnessed seen;                   // the checkpoint that shows it
  // The records among which the log broke; −1: not known.
  int64_t first_seq = -1;
  int64_t last_seq = -1;
};

// The appliance as the witness asks it.
class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual Result<AuditKeys> keys() = 0;
  // not_found or corrupted: the log can't give the proof. Any other error: nobody could be asked.
  virtual Result<ConsistencyProof> consistency(int64_t old_size, int64_t size) = 0;
};

// What the appliance shows of its log.
struct Sighting {
  std::string appliance;
  std::string note;
  uint64_t records = 0;  // that the log has now
  int64_t now_us = 0;
};

class Witness {
 public:
  enum class Outcome : uint8_t {
    known,     // nothing new
    proven,    // kept; the log continues all that was kept
    unproven,  // kept, or waiting for the log's key: nobody could be asked
    alarm
  };

  static Result<Witness> open(std::filesystem::path folder);

  // `source` may be null: then only what needs no answer is checked. An error when the note is none, or a file can't be
  // written.
  Result<Outcome> observe(const Sighting& sighting, LogSource* source);

  // Of the log last seen at the appliance, by size; nothing when there is none.
  const std::vector<Witnessed>& checkpoints(const std::string& appliance) const;
  std::optional<VerifierKey> pinned_key(const std::string& appliance) const;
  std::vector<WitnessAlarm> alarms(const std::string& appliance) const;
  // Damaged lines of the files in use.
  size_t damaged() const;

 private:
  struct Log {
    LineJournal journal;
    std::optional<VerifierKey> key;
    std::vector<Witnessed> kept;      // ascending by size
    std::set<std::string> conflicts;  // notes
    size_t damaged = 0;               // whole lines that say nothing
  };
  struct Place {
    std::optional<Id> log_id;
    std::vector<WitnessAlarm> alarms;
  };

  Witness(std::filesystem::path folder, LineJournal places) : folder_(std::move(folder)), places_(std::move(places)) {}
  void load_place(std::string_view line);
  std::filesystem::path file_of(const Id& log_id) const { return folder_ / to_hex(log_id); }
  // Makes its file. For a log whose key has signed: anybody can name any number of others.
  Result<Log*> log_of(const Id& log_id);
  // nullptr where it has no file.
  Result<Log*> known_log(const Id& log_id);
  // Closes the files of all logs that no appliance has now.
  void close_others();
  static void load_line(Log& log, std::string_view line);

  // `log` is null while nothing of it was ever kept.
  Result<Outcome> raise(const Sighting& sighting, Log* log, WitnessAlarm alarm);
  Status take_place(const Sighting& sighting, const Witnessed& seen);
  Result<Outcome> judge(const Sighting& sighting, Log& log, Witnessed seen, LogSource* source);
  Result<Outcome> prove(const Sighting& sighting, Log& log, Witnessed seen, LogSource& source);
  Status keep(Log& log, Witnessed seen);
  WitnessAlarm locate(const Log& log, AlarmKind kind, const Witnessed& seen, uint64_t records, LogSource* source) const;

  std::filesystem::path folder_;
  LineJournal places_;
  std::map<Id, Log> logs_;
  std::map<std::string, Place> appliances_;
  size_t damaged_ = 0;
};

}  // namespace tijori
