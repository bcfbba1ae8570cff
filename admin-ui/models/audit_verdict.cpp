#include "admin-ui/models/audit_verdict.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <cmath>

#include "admin-ui/models/numbers.h"
#include "admin-ui/models/record_detail.h"

namespace tijori {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(tijori::AuditVerdictWords)
};

constexpr int64_t second_us = 1'000'000;
constexpr int64_t window_us = 8 * second_us;
constexpr int64_t steady_after_us = 3 * second_us;
constexpr double longest_left_s = 1e7;
constexpr const char* compare_command = "tijori audit compare checkpoint.note";

int plural(uint64_t number) {
  return static_cast<int>(std::min<uint64_t>(number, 1'000'000'000));
}

bool is_breach(const std::string& verdict) {
  return verdict == "altered" || verdict == "incomplete";
}

QString witness_words(const WitnessView* witness) {
  if (witness == nullptr) return {};
  if (!witness->trouble.empty())
    return Words::tr("This console can't keep checkpoints: %1.").arg(shown(witness->trouble));
  if (!witness->alarms.empty())
    return Words::tr("%n checkpoint(s) kept by this console, and the log contradicts them.", nullptr,
                     plural(witness->kept));
  if (witness->unproven > 0)
    return Words::tr("%n checkpoint(s) kept by this console, %1 still to be compared.", nullptr, plural(witness->kept))
        .arg(count_text(static_cast<int64_t>(witness->unproven)));
  return Words::tr("%n checkpoint(s) kept by this console, none in conflict.", nullptr, plural(witness->kept));
}

QString tail_words(const VerdictFacts& facts) {
  const int64_t tail = facts.log.records - facts.log.last_checkpoint_size;
  if (tail <= 0) return Words::tr("Every record is signed.");
  const int64_t age_us = std::max<int64_t>(0, facts.now_us - facts.log.last_checkpoint_us);
  if (facts.log.last_checkpoint_us <= 0) return Words::tr("No record is signed yet.");
  return Words::tr("The last %n record(s), at most %1 old, are not signed yet.", nullptr,
                   plural(static_cast<uint64_t>(tail)))
      .arg(duration_text(age_us));
}

QString sentences(const QStringList& all) {
  QStringList some = all;
  some.removeAll(QString());
  return some.join(QLatin1Char(' '));
}

QString signed_words(const VerdictFacts& facts) {
  return facts.log.last_checkpoint_us <= 0 ? QString()
                                           : Words::tr("signed %1").arg(both_zones(facts.log.last_checkpoint_us));
}

VerdictWords checking_words(const VerdictFacts& facts) {
  VerdictWords words;
  words.tone = Tone::info;
  words.icon = QStringLiteral("arrow-repeat");
  words.state = Words::tr("verifying");
  words.title = Words::tr("Verifying the chain");
  words.share = 0;
  if (facts.meter != nullptr && facts.meter->total() > 0) {
    words.share = facts.meter->share();
    words.when = Words::tr("%1 of %2 records").arg(count_text(facts.meter->done()), count_text(facts.meter->total()));
    const auto pace = facts.meter->records_per_s();
    const auto left = facts.meter->left_s();
    if (pace && left)
      words.pace = Words::tr("%1 records/s, %2 left").arg(decimal_text(*pace, 0), duration_text(*left * second_us));
    else if (pace)
      words.pace = Words::tr("%1 records/s").arg(decimal_text(*pace, 0));
  }
  words.note = sentences({Words::tr("No alteration found so far."), witness_words(facts.witness)});
  return words;
}

QString broken_records(int64_t first, int64_t last) {
  if (first < 0) return {};
  return last <= first ? Words::tr("The log was altered at record %1.").arg(count_text(first))
                       : Words::tr("The log was altered in records %1 to %2.").arg(count_text(first), count_text(last));
}

QString over_records(const Witnessed& seen) {
  return Words::tr("over %n record(s), seen %1", nullptr, plural(seen.checkpoint.size)).arg(both_zones(seen.seen_us));
}

QString alarm_title(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::shrunk:
      return Words::tr("The log shrank: records that were signed for are gone.");
    case AlarmKind::forked:
      return Words::tr("The log forked: records that were signed for are others now.");
    case AlarmKind::replaced:
      return Words::tr("The appliance has another log than before.");
    case AlarmKind::key_changed:
      return Words::tr("The log is signed by another key than before.");
    case AlarmKind::bad_signature:
      return Words::tr("A checkpoint bears a signature that the log's key never made.");
  }
  return {};
}

QString alarm_interval(const WitnessAlarm& alarm) {
  if (alarm.kind == AlarmKind::key_changed || alarm.kind == AlarmKind::bad_signature || !alarm.broken)
    return Words::tr("Seen %1.").arg(both_zones(alarm.seen_us));
  const QString first = count_text(std::max<int64_t>(0, alarm.first_seq));
  const QString last = count_text(std::max<int64_t>(0, alarm.last_seq));
  if (!alarm.holds)
    return Words::tr("It broke in records %1 to %2: the checkpoint %3, holds no more.")
        .arg(first, last, over_records(*alarm.broken));
  return Words::tr("It broke in records %1 to %2: the checkpoint %3, still holds; the one %4, doesn't.")
      .arg(first, last, over_records(*alarm.holds), over_records(*alarm.broken));
}

Breach breach_of(const WitnessAlarm& alarm) {
  Breach breach;
  breach.title = alarm_title(alarm.kind);
  breach.interval = alarm_interval(alarm);
  breach.advice = Words::tr(
      "Leave the appliance as it is, export the log and show both to whoever audits it. Save the kept checkpoint and "
      "compare it from another machine too.");
  breach.command = QLatin1String(compare_command);
  breach.note = alarm.broken ? alarm.broken->note : alarm.seen.note;
  return breach;
}

}  // namespace

void VerifyMeter::clear() {
  *this = {};
}

void VerifyMeter::add(int64_t steady_us, int64_t done, int64_t total) {
  total = std::max<int64_t>(0, total);
  done = std::clamp<int64_t>(done, 0, total);
  if (points_.empty() || total != total_ || done < points_.back().done) {
    points_.clear();
    since_us_ = steady_us;
  }
  total_ = total;
  points_.push_back({steady_us, done});
  while (points_.size() > 2 && steady_us - points_.front().steady_us > window_us) points_.pop_front();
}

double VerifyMeter::share() const {
  return total_ <= 0 ? 0 : static_cast<double>(done()) / static_cast<double>(total_);
}

std::optional<double> VerifyMeter::records_per_s() const {
  if (points_.size() < 2) return std::nullopt;
  const int64_t took_us = points_.back().steady_us - points_.front().steady_us;
  if (took_us < second_us / 2) return std::nullopt;
  return static_cast<double>(points_.back().done - points_.front().done) * second_us / static_cast<double>(took_us);
}

std::optional<int64_t> VerifyMeter::left_s() const {
  const auto pace = records_per_s();
  if (!pace || *pace <= 0 || points_.back().steady_us - since_us_ < steady_after_us) return std::nullopt;
  return static_cast<int64_t>(std::min(longest_left_s, std::ceil(static_cast<double>(total_ - done()) / *pace)));
}

QString both_zones(int64_t time_us) {
  return Words::tr("%1 (%2 UTC)")
      .arg(ist_stamp(time_us),
           QDateTime::fromMSecsSinceEpoch(time_us / 1000, Qt::UTC).toString(QStringLiteral("HH:mm:ss")));
}

VerdictWords verdict_words(const VerdictFacts& facts) {
  if (facts.checking) return checking_words(facts);
  VerdictWords words;
  const QString witness = witness_words(facts.witness);
  words.note = sentences({tail_words(facts), witness});
  words.when = signed_words(facts);
  const std::string verdict = facts.own != nullptr ? facts.own->verdict : facts.log.verified;
  const int64_t up_to = facts.own != nullptr ? facts.own->verified_up_to : facts.log.verified_up_to;
  if (!facts.trouble.isEmpty()) {
    words.tone = Tone::warn;
    words.icon = QStringLiteral("exclamation-triangle-fill");
    words.state = Words::tr("not checked");
    words.title = Words::tr("The verification gave no verdict");
    words.when = facts.trouble;
    return words;
  }
  if (is_breach(verdict)) {
    words.tone = Tone::danger;
    words.icon = QStringLiteral("x-octagon-fill");
    words.state = verdict == "altered" ? Words::tr("altered") : Words::tr("incomplete");
    words.title = verdict == "altered" ? Words::tr("The log was altered") : Words::tr("The log is incomplete");
    if (up_to >= 0) words.when = Words::tr("proven up to record %1 only").arg(count_text(up_to));
    return words;
  }
  if (verdict == "verified") {
    words.tone = Tone::ok;
    words.icon = QStringLiteral("check-circle-fill");
    words.state = Words::tr("verified");
    words.title = Words::tr("Verified up to record %1").arg(count_text(up_to));
    if (facts.own != nullptr && !facts.own->anomalies.empty()) {
      words.tone = Tone::warn;
      words.icon = QStringLiteral("exclamation-triangle-fill");
      words.note = sentences({Words::tr("%n thing(s) to ask about: %1", nullptr, plural(facts.own->anomalies.size()))
                                  .arg(shown(facts.own->anomalies.front())),
                              words.note});
    }
  } else if (!verdict.empty()) {
    words.tone = Tone::warn;
    words.icon = QStringLiteral("exclamation-triangle-fill");
    words.state = shown(verdict);
    words.title = facts.own != nullptr ? shown(facts.own->message) : Words::tr("Not proven to be this log");
  } else if (facts.log.last_checkpoint_size > 0) {
    words.icon = QStringLiteral("dash-circle");
    words.state = Words::tr("not verified");
    words.title = Words::tr("Signed up to record %1, not verified since the log's process began")
                      .arg(count_text(facts.log.last_checkpoint_size - 1));
    words.when = both_zones(facts.log.last_checkpoint_us);
  } else {
    words.icon = QStringLiteral("dash-circle");
    words.state = Words::tr("not signed");
    words.title = Words::tr("No checkpoint is signed yet");
  }
  if (facts.witness != nullptr && !facts.witness->alarms.empty()) {
    words.tone = Tone::danger;
    words.icon = QStringLiteral("x-octagon-fill");
  }
  return words;
}

std::vector<Breach> breaches(const VerdictFacts& facts) {
  std::vector<Breach> all;
  if (facts.witness != nullptr)
    for (auto alarm = facts.witness->alarms.rbegin(); alarm != facts.witness->alarms.rend(); ++alarm)
      all.push_back(breach_of(*alarm));
  const std::string& verdict = facts.own != nullptr ? facts.own->verdict : facts.log.verified;
  if (facts.checking || !is_breach(verdict)) return all;
  Breach breach;
  breach.command = QStringLiteral("tijori audit export tijori-audit.export");
  if (facts.own == nullptr) {
    breach.title = Words::tr("The last verification found that the log was altered or is incomplete.");
    breach.advice = Words::tr("Verify again to see where, and export the log for whoever audits it.");
  } else {
    breach.title = broken_records(facts.own->first_bad_seq, facts.own->last_bad_seq);
    if (breach.title.isEmpty())
      breach.title = verdict == "altered" ? Words::tr("The log was altered.") : Words::tr("The log is incomplete.");
    breach.interval = shown(facts.own->message);
    breach.advice = Words::tr("Leave the appliance as it is, export the log and show it to whoever audits it.");
  }
  all.insert(all.begin(), std::move(breach));
  return all;
}

}  // namespace tijori
