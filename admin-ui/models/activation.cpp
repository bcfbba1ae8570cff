#include "admin-ui/models/activation.h"

#include <QCoreApplication>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(tijori::Activation)
};

using State = ActivationStep::State;
using Pack = ActivationFacts::Pack;

QString text_of(const std::string& text) {
  return QString::fromStdString(text).left(64);
}

ActivationStep lint_step(const ActivationFacts& facts) {
  if (!facts.is_whole) return {State::wrong, Words::tr("not whole JSON")};
  if (!facts.is_linted) return {State::running, Words::tr("reading")};
  const State state = facts.errors > 0 ? State::wrong : facts.warnings > 0 ? State::warn : State::done;
  return {state, Words::tr("%n error(s)", nullptr, facts.errors) + QStringLiteral(", ") +
                     Words::tr("%n warning(s)", nullptr, facts.warnings)};
}

ActivationStep bench_step(const ActivationFacts& facts) {
  if (!facts.bench_error.isEmpty()) return {State::wrong, facts.bench_error};
  if (!facts.is_benched) return {State::open, Words::tr("not run on this text")};
  return {State::done, Words::tr("%n span(s) found", nullptr, facts.bench_spans)};
}

ActivationStep pack_step(const ActivationFacts& facts) {
  switch (facts.pack) {
    case Pack::running:
      return {State::running, Words::tr("running")};
    case Pack::passed:
      return {facts.cases == 0 ? State::warn : State::done,
              facts.cases == 0 ? Words::tr("has no cases")
                               : Words::tr("%1 of %2").arg(count_text(facts.cases), count_text(facts.cases))};
    case Pack::failed:
      return {State::wrong,
              Words::tr("%1 of %2").arg(count_text(facts.cases - facts.failed_cases), count_text(facts.cases))};
    case Pack::not_run:
      break;
  }
  return {State::open, facts.stored ? Words::tr("not run") : Words::tr("once it is saved")};
}

ActivationStep person_step(const ActivationFacts& facts) {
  if (facts.approvals < 2) return {State::not_needed, Words::tr("not asked for here")};
  if (!facts.stored) return {State::open, Words::tr("not asked yet")};
  if (facts.stored->approved_by) return {State::done, text_of(*facts.stored->approved_by)};
  if (facts.stored->state != PolicyState::draft) return {State::not_needed, Words::tr("not asked for here")};
  return {State::open, Words::tr("waiting")};
}

QString next_sentence(const ActivationFacts& facts, bool waits) {
  if (facts.stored && facts.stored->state == PolicyState::active)
    return Words::tr("This policy judges every request. Edit it to begin a draft.");
  if (!facts.may_edit) return Words::tr("Drafts are made and approved with the role guardrail-editor.");
  if (!facts.is_whole) return Words::tr("Next: mend the document.");
  if (facts.is_linted && facts.errors > 0) return Words::tr("Next: mend what lint finds.");
  if (!facts.stored) {
    if (!facts.is_benched) return Words::tr("Next: run the bench, then save the draft.");
    return facts.approvals < 2 ? Words::tr("Next: save the draft.") : Words::tr("Next: ask for approval.");
  }
  if (facts.pack == Pack::failed) return Words::tr("Next: mend the rules or the cases that fail, and save again.");
  if (waits)
    return facts.stored->author == facts.own_name
               ? Words::tr("Next: another guardrail editor opens this draft and approves it.")
               : Words::tr("Next: look at the difference and approve, or leave it.");
  return Words::tr("Next: activate.");
}

}  // namespace

QString state_text(PolicyState state) {
  switch (state) {
    case PolicyState::active:
      return Words::tr("active");
    case PolicyState::approved:
      return Words::tr("approved");
    case PolicyState::draft:
      return Words::tr("draft");
    case PolicyState::previous:
      return Words::tr("previous");
    case PolicyState::retired:
      break;
  }
  return Words::tr("retired");
}

Activation activation(const ActivationFacts& facts) {
  Activation made;
  made.steps = {lint_step(facts), bench_step(facts), pack_step(facts), person_step(facts)};
  const QString no_role = !facts.may_edit ? Words::tr("This needs the role guardrail-editor.")
                          : facts.is_busy ? Words::tr("The appliance has been asked; its answer is awaited.")
                                          : QString();
  const bool is_active = facts.stored && facts.stored->state == PolicyState::active;
  const bool waits =
      facts.stored && facts.stored->state == PolicyState::draft && facts.approvals > 1 && !facts.stored->approved_by;
  made.next = next_sentence(facts, waits);
  made.save.is_shown = !facts.stored;
  made.save.refusal = !no_role.isEmpty()                    ? no_role
                      : !facts.is_whole                     ? Words::tr("The document is not whole JSON yet.")
                      : facts.is_linted && facts.errors > 0 ? Words::tr("Lint finds errors in it.")
                                                            : QString();
  made.approve.is_shown = waits;
  made.approve.refusal = !no_role.isEmpty() ? no_role
                         : waits && facts.stored->author == facts.own_name
                             ? Words::tr("Its author can't approve it: another guardrail editor does.")
                             : QString();
  made.activate.is_shown = facts.stored && !is_active;
  made.activate.refusal = !no_role.isEmpty()           ? no_role
                          : waits                      ? Words::tr("A second person has to approve it first.")
                          : facts.pack == Pack::failed ? Words::tr("Its regression pack fails.")
                                                       : QString();
  made.roll_back.is_shown = facts.previous.has_value();
  made.roll_back.refusal = no_role;
  made.check.is_shown = true;
  made.check.refusal = !facts.stored ? Words::tr("The pack runs on what is saved: save the draft first.") : QString();
  return made;
}

}  // namespace tijori
