#include "admin-ui/views/guardrails_screen.h"

#include <QDateTime>
#include <algorithm>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int lint_after_ms = 350;
// A longer document isn't read at every key.
constexpr qsizetype read_at_once_characters = 100'000;

}  // namespace

GuardrailsScreen::GuardrailsScreen(Session& to_session)
    : Screen(to_session, tr("Guardrails")),
      desk_(new PolicyDesk(to_session, this)),
      draft_(new PolicyDraft(this)),
      acts_(new PolicyActs(*desk_, *draft_, *this)),
      unavailable_(new Notice(Tone::danger)),
      trouble_(new Notice(Tone::warn)),
      waiting_(new Notice(Tone::info)),
      rules_(new RulesPanel(*draft_)),
      activation_(new ActivationPanel),
      hits_(new HitsPanel),
      bench_(new BenchPanel),
      check_(new Button(tr("Regression pack"), ButtonKind::standard, QStringLiteral("list-check"))),
      versions_(new Button(tr("Versions"), ButtonKind::standard, QStringLiteral("clock-history"))),
      differences_(new Button(tr("Differences"), ButtonKind::quiet)),
      scroll_(new QScrollArea),
      upper_(new QBoxLayout(QBoxLayout::LeftToRight)),
      side_(new QBoxLayout(QBoxLayout::TopToBottom)) {
  setObjectName(QStringLiteral("guardrails.screen"));
  lay_out();
  connect_draft();
  connect_desk();
}

void GuardrailsScreen::connect_draft() {
  lint_timer_.setSingleShot(true);
  lint_timer_.setInterval(lint_after_ms);
  connect(&lint_timer_, &QTimer::timeout, this, &GuardrailsScreen::lint);
  connect(draft_, &PolicyDraft::edited, this, [this] {
    rules_->editor().set_text(draft_->document());
    document_changed();
  });
  connect(draft_, &PolicyDraft::reason_needed, this, &GuardrailsScreen::ask_for_reason, Qt::QueuedConnection);
  connect(&rules_->editor(), &DocumentEditor::typed, this, [this](const QString& text) {
    typed_ = text;
    if (text.size() <= read_at_once_characters) take_typed();
    lint_timer_.start();
  });
  connect(rules_, &RulesPanel::rule_asked, this, &GuardrailsScreen::ask_for_rule);
  connect(rules_, &RulesPanel::policy_chosen, this, &GuardrailsScreen::open_policy);
  connect(rules_, &RulesPanel::compared_with, this, [this](const std::string& digest) {
    follows_active_ = digest == desk_->active();
    compare_with(digest);
  });
  connect(&rules_->table(), &RuleTable::removed, this, [this](const PolicyDraft::Removed& removed) {
    emit toast(tr("%1 was removed from the draft.").arg(removed.id),
               [this, removed] { draft_->restore_rule(removed); });
  });
  connect(&activation_->save(), &Button::clicked, this, [this] {
    take_typed();
    acts_->save();
  });
  connect(&activation_->approve(), &Button::clicked, acts_, &PolicyActs::approve);
  connect(&activation_->activate(), &Button::clicked, acts_, &PolicyActs::activate);
  connect(&activation_->roll_back(), &Button::clicked, acts_, &PolicyActs::roll_back);
  connect(check_, &Button::clicked, acts_, &PolicyActs::check);
  connect(differences_, &Button::clicked, this, &GuardrailsScreen::show_differences);
  connect(versions_, &Button::clicked, this, &GuardrailsScreen::show_versions);
  connect(bench_, &BenchPanel::run_asked, this, &GuardrailsScreen::bench);
  connect(bench_, &BenchPanel::text_changed, this, [this] { bench_->set_old(true); });
  connect(acts_, &PolicyActs::changed, this, &GuardrailsScreen::say_all);
  connect(acts_, &PolicyActs::toast, this, &GuardrailsScreen::toast);
  connect(acts_, &PolicyActs::trouble, this, &GuardrailsScreen::say_trouble);
  connect(acts_, &PolicyActs::saved, this, [this](const std::string& digest) {
    open_ = digest;
    trouble_->hide();
  });
}

void GuardrailsScreen::connect_desk() {
  connect(desk_, &PolicyDesk::listed, this, &GuardrailsScreen::take_list);
  connect(desk_, &PolicyDesk::list_failed, this, &GuardrailsScreen::take_failure);
  connect(desk_, &PolicyDesk::linted, this, &GuardrailsScreen::take_lint);
  connect(desk_, &PolicyDesk::lint_failed, this, [this](const QString& sentence) {
    lint_fault_ = sentence;
    say_all();
  });
  connect(desk_, &PolicyDesk::hits_counted, this, [this](const HitsReply& reply) {
    hits_->set_hits(reply);
    draft_->set_hits(hits_->hits().totals());
  });
}

void GuardrailsScreen::entered() {
  if (!session().permits("GET", "/admin/v1/guardrails"))
    return states().show_no_permission(QStringLiteral("guardrail-editor"), roles_text(session().capabilities()->roles));
  if (!desk_->status()) states().show_loading(tr("Asking %1 for its policies").arg(session().appliance().name));
  draft_->set_editable(desk_->may_edit());
  rules_->set_refusal(desk_->may_edit() ? QString() : tr("Editing needs the role guardrail-editor."));
  bench_->set_refusal(desk_->may_bench() ? QString() : tr("The bench needs a role that reads policies."));
  desk_->start();
}

void GuardrailsScreen::left() {
  desk_->stop();
}

void GuardrailsScreen::refresh() {
  desk_->refresh();
}

// What was shown stays, with its time, until an answer comes again.
void GuardrailsScreen::take_failure(const ClientError& error) {
  if (!desk_->status()) return show_failure(error, [this] { refresh(); });
  if (stale_) return;
  stale_ = true;
  say_trouble(tr("%1 gave no answer: %2").arg(session().appliance().name, sentence_of(error)),
              tr("What is shown was true at %1 IST. The draft is kept.")
                  .arg(ist_time(QDateTime::currentMSecsSinceEpoch() * 1000)));
}

void GuardrailsScreen::take_list() {
  if (std::exchange(stale_, false)) trouble_->hide();
  const GuardrailsStatus& status = *desk_->status();
  if (status.active) {
    set_context(
        tr("%1, active version %2 since %3")
            .arg(QString::fromStdString(status.active->name).left(64), count_text(status.active->version),
                 status.active->activated_us ? ist_stamp(*status.active->activated_us) : tr("the first start")));
  } else {
    set_context(tr("no policy is active"));
  }
  if (status.policies.empty() && !status.active)
    return states().show_empty(QStringLiteral("shield-x"), tr("No policy is stored"),
                               status.message.empty() ? tr("Save one with: tijori guardrails save FILE")
                                                      : QString::fromStdString(status.message).left(1'000),
                               {{tr("Try now"), [this] { refresh(); }}});
  if (states().state() != StateView::State::content) states().show_content();
  if (compared_.empty() || (follows_active_ && !desk_->active().empty() && compared_ != desk_->active()))
    compare_with(desk_->active().empty() ? status.policies.front().digest : desk_->active());
  if (open_.empty()) open_policy(compared_);
  say_all();
}

void GuardrailsScreen::compare_with(const std::string& digest) {
  compared_ = digest;
  desk_->document(digest, this, [this, digest](const Answer<StoredPolicy>& stored) {
    if (digest != compared_) return;
    if (!stored) return say_trouble(tr("The policy to compare with can't be read."), sentence_of(stored.error()));
    draft_->set_base(QString::fromStdString(stored->document));
    say_all();
    bench();
  });
}

void GuardrailsScreen::open_policy(const std::string& digest) {
  if (digest.empty()) return;
  open_ = digest;
  desk_->document(digest, this, [this, digest](const Answer<StoredPolicy>& stored) {
    if (digest != open_) return;
    if (!stored) return say_trouble(tr("The policy can't be read."), sentence_of(stored.error()));
    const QString left = draft_->document();
    const bool loses = !left.isEmpty() && desk_->find(draft_->digest()) == nullptr;
    take_document(digest, QString::fromStdString(stored->document));
    if (loses)
      emit toast(tr("The draft that wasn't saved was left."), [this, left, digest] { take_document(digest, left); });
    bench();
  });
}

void GuardrailsScreen::take_document(const std::string& digest, const QString& document) {
  open_ = digest;
  typed_.reset();
  draft_->set(document, draft_->base().isEmpty() ? document : draft_->base());
  rules_->editor().set_text(document);
  document_changed();
}

void GuardrailsScreen::document_changed() {
  benched_text_.clear();
  bench_error_.clear();
  bench_->set_old(true);
  lint_timer_.start();
  say_all();
}

void GuardrailsScreen::take_typed() {
  if (!typed_) return;
  draft_->set_document(*std::exchange(typed_, std::nullopt));
  document_changed();
}

void GuardrailsScreen::lint() {
  take_typed();
  lint_timer_.stop();
  if (!draft_->is_whole()) return;
  // Back at what was read already.
  if (linted_text_ == draft_->document()) return rules_->lint().set_findings(draft_->findings());
  desk_->lint(draft_->document());
}

void GuardrailsScreen::take_lint(const QString& text, const LintReply& reply) {
  if (text != draft_->document()) return;
  linted_text_ = text;
  lint_fault_.clear();
  draft_->set_findings(reply.findings);
  rules_->lint().set_findings(draft_->findings());
  say_all();
}

void GuardrailsScreen::bench() {
  take_typed();
  if (compared_.empty() || draft_->document().isEmpty() || !desk_->may_bench()) return;
  if (benching_) {
    bench_again_ = true;
    return;
  }
  BenchRequest request;
  request.a.digest = compared_;
  if (const PolicySummary* const stored = desk_->find(draft_->digest())) {
    request.b.digest = stored->digest;
  } else {
    request.b.document = draft_->document().toStdString();
  }
  request.stage = bench_->stage();
  const QString text = bench_->text();
  request.texts = {{"text", text.toStdString()}};
  benching_ = true;
  bench_->set_running(true);
  desk_->bench(request, this,
               [this, text, draft = draft_->document(), stage = request.stage](const Answer<BenchReply>& answer) {
                 benching_ = false;
                 bench_->set_running(false);
                 if (std::exchange(bench_again_, false)) return bench();
                 if (!answer || answer->texts.empty()) {
                   bench_error_ = answer ? tr("no answer for the text") : sentence_of(answer.error());
                   bench_->show_failure(bench_error_);
                 } else {
                   const BenchPair& pair = answer->texts.front();
                   bench_->show_pair(pair, text, stage);
                   bench_error_.clear();
                   bench_spans_ = static_cast<int>(pair.b.spans.size());
                   if (draft == draft_->document()) benched_text_ = draft;
                   bench_->set_old(draft != draft_->document() || text != bench_->text());
                 }
                 say_all();
               });
}

ActivationFacts GuardrailsScreen::facts() const {
  ActivationFacts facts;
  facts.is_whole = draft_->is_whole();
  facts.is_linted = linted_text_ == draft_->document();
  facts.errors = draft_->errors();
  facts.warnings = draft_->warnings();
  facts.is_benched = !benched_text_.isEmpty();
  facts.bench_spans = bench_spans_;
  facts.bench_error = bench_error_;
  if (const PolicySummary* const stored = desk_->find(draft_->digest())) facts.stored = *stored;
  if (desk_->status()) {
    facts.previous = desk_->status()->previous;
    facts.approvals = desk_->status()->approvals;
  }
  facts.may_edit = desk_->may_edit();
  if (session().capabilities()) facts.own_name = session().capabilities()->client;
  acts_->fill(facts);
  return facts;
}

Activation GuardrailsScreen::now() const {
  return activation(facts());
}

void GuardrailsScreen::say_all() {
  if (!desk_->status()) return;
  const ActivationFacts known = facts();
  const Activation state = activation(known);
  activation_->show_activation(state, known);
  activation_->show_failures(acts_->failures());
  check_->set_refusal(state.check.refusal);
  const bool is_active = known.stored && known.stored->state == PolicyState::active;
  rules_->set_title(is_active ? tr("Active %1").arg(draft_->version()) : tr("Draft %1").arg(draft_->version()));
  const int changed = draft_->changed_rules();
  QString note =
      known.stored ? tr("by %1").arg(QString::fromStdString(known.stored->author).left(64)) : tr("not saved yet");
  if (changed > 0) note += QStringLiteral(", ") + tr("%n rule(s) changed", nullptr, changed);
  if (draft_->rules_not_shown() > 0)
    note += QStringLiteral(", ") + tr("%1 more rules aren't shown").arg(count_text(draft_->rules_not_shown()));
  rules_->set_note(note);
  rules_->set_policies(desk_->status()->policies, known.stored ? known.stored->digest : open_, compared_);
  if (!draft_->is_whole()) {
    const TextPosition place = draft_->fault_position();
    rules_->lint().set_fault(draft_->fault(), place.line, place.column);
  } else if (!lint_fault_.isEmpty()) {
    rules_->lint().set_fault(lint_fault_);
  }
  const PolicySummary* const other = desk_->find(compared_);
  bench_->set_names(other == nullptr                      ? tr("Active")
                    : other->state == PolicyState::active ? tr("Active %1").arg(other->version)
                                                          : policy_text(*other),
                    is_active ? tr("Active %1").arg(draft_->version()) : tr("Draft %1").arg(draft_->version()));
  say_notices();
}

void GuardrailsScreen::say_notices() {
  const GuardrailsStatus& status = *desk_->status();
  const bool unavailable = status.state == GuardrailsState::unavailable;
  if (unavailable && !unavailable_->isVisibleTo(this))
    unavailable_->say(tr("No request is answered: the guardrails are unavailable."),
                      QString::fromStdString(status.message).left(1'000), QStringLiteral("tijori guardrails list"));
  if (!unavailable) unavailable_->hide();
  // A draft of somebody else that only waits for this person.
  const std::string own = session().capabilities() ? session().capabilities()->client : std::string();
  const auto waits = std::ranges::find_if(status.policies, [&](const PolicySummary& policy) {
    return policy.state == PolicyState::draft && policy.author != own && !policy.approved_by &&
           (!status.active || policy.created_us > status.active->activated_us.value_or(0));
  });
  const bool show =
      status.approvals > 1 && desk_->may_edit() && waits != status.policies.end() && waits->digest != draft_->digest();
  const std::string shown = show ? waits->digest : std::string();
  if (show && shown != waiting_digest_)
    waiting_->say(
        tr("%1 %2 waits for a second person.").arg(QString::fromStdString(waits->name).left(64)).arg(waits->version),
        tr("Written by %1, %2.").arg(QString::fromStdString(waits->author).left(64), ist_stamp(waits->created_us)));
  if (!show) waiting_->hide();
  waiting_digest_ = shown;
}

void GuardrailsScreen::say_trouble(const QString& title, const QString& advice) {
  trouble_->say(title, advice);
  scroll_->ensureWidgetVisible(trouble_);
}

void GuardrailsScreen::focus_search() {
  bench_->focus_text();
}

bool GuardrailsScreen::step_back() {
  if (trouble_->isVisible()) {
    trouble_->hide();
    return true;
  }
  if (!rules_->shows_document()) return false;
  rules_->show_rules();
  rules_->table().setFocus();
  return true;
}

}  // namespace tijori
