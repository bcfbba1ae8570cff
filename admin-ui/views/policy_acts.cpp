#include "admin-ui/views/policy_acts.h"

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/policy_diff_dialog.h"
#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

QString name_of(const PolicySummary& policy) {
  return QStringLiteral("%1 %2").arg(QString::fromStdString(policy.name).left(64)).arg(policy.version);
}

}  // namespace

PolicyActs::PolicyActs(PolicyDesk& desk, PolicyDraft& draft, QWidget& window)
    : QObject(&window), desk_(desk), draft_(draft), window_(window) {}

void PolicyActs::begin() {
  ++busy_;
  emit changed();
}

void PolicyActs::end() {
  --busy_;
  emit changed();
}

bool PolicyActs::failed(const ClientError* error, const QString& title) {
  if (error == nullptr) return false;
  if (error->api_code == "policy_changed") {
    emit trouble(tr("Another policy became active since you looked."),
                 tr("Nothing was changed. Look at the difference from the one that is active now, then try again."));
  } else {
    emit trouble(title, sentence_of(*error));
  }
  return true;
}

void PolicyActs::fill(ActivationFacts& facts) const {
  facts.is_busy = busy_ > 0;
  facts.pack = ActivationFacts::Pack::not_run;
  if (!facts.stored) return;
  if (checking_ == facts.stored->digest) facts.pack = ActivationFacts::Pack::running;
  if (!pack_ || pack_->digest != facts.stored->digest || !checking_.empty()) return;
  facts.pack = pack_->passed ? ActivationFacts::Pack::passed : ActivationFacts::Pack::failed;
  facts.cases = pack_->cases;
  facts.failed_cases = static_cast<int64_t>(pack_->failures.size());
}

const std::vector<CheckFailure>& PolicyActs::failures() const {
  static const std::vector<CheckFailure> none;
  return pack_ && pack_->digest == draft_.digest() ? pack_->failures : none;
}

void PolicyActs::save() {
  begin();
  desk_.save(draft_.document(), this, [this](const Answer<DraftReply>& answer) {
    end();
    if (failed(answer ? nullptr : &answer.error(), tr("The draft was not saved."))) return;
    emit toast(tr("Draft %1 was saved.").arg(answer->summary.version), {});
    emit saved(answer->summary.digest);
    desk_.refresh();
  });
}

void PolicyActs::check() {
  const std::string digest = draft_.digest();
  if (!checking_.empty() || desk_.find(digest) == nullptr) return;
  checking_ = digest;
  emit changed();
  desk_.check(digest, this, [this](const Answer<CheckReply>& answer) {
    const std::string asked = std::exchange(checking_, {});
    if (answer) {
      pack_ = *answer;
      pack_->digest = asked;
    }
    emit changed();
    failed(answer ? nullptr : &answer.error(), tr("The regression pack was not run."));
  });
}

void PolicyActs::approve() {
  const PolicySummary* const draft = desk_.find(draft_.digest());
  if (draft == nullptr || !desk_.status()->active) return;
  auto* dialog = new PolicyDiffDialog(tr("Approve %1?").arg(name_of(*draft)),
                                      {tr("Written by %1, %2. What differs from %3, which is active:")
                                           .arg(QString::fromStdString(draft->author).left(64),
                                                ist_stamp(draft->created_us), name_of(*desk_.status()->active))},
                                      {tr("Approve"), ButtonKind::primary, tr("Not now")}, &window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, digest = draft->digest] {
    begin();
    desk_.approve(digest, this, [this](const Answer<PolicySummary>& answer) {
      end();
      desk_.refresh();
      if (failed(answer ? nullptr : &answer.error(), tr("The draft was not approved."))) return;
      emit toast(tr("The draft was approved."), {});
    });
  });
  dialog->open();
  desk_.document(desk_.active(), dialog, [dialog, text = draft_.document()](const Answer<StoredPolicy>& active) {
    if (!active) return dialog->show_failure(sentence_of(active.error()));
    dialog->show_documents(QString::fromStdString(active->document), text);
  });
}

void PolicyActs::activate() {
  const std::string digest = draft_.digest();
  const PolicySummary* const draft = desk_.find(digest);
  if (draft == nullptr) return;
  begin();
  desk_.activate(digest, desk_.active(), this,
                 [this, digest, version = draft->version](const Answer<GuardrailsStatus>& answer) {
                   end();
                   if (!answer && answer.error().api_code == "regression_failed") check();
                   if (failed(answer ? nullptr : &answer.error(), tr("The draft was not activated."))) return;
                   emit toast(tr("Version %1 judges every request from now on.").arg(version),
                              [this, digest] { roll_back_from(digest, tr("The previous version is active again.")); });
                 });
}

void PolicyActs::roll_back() {
  if (!desk_.status() || !desk_.status()->active || !desk_.status()->previous) return;
  const PolicySummary active = *desk_.status()->active;
  const PolicySummary previous = *desk_.status()->previous;
  auto* dialog =
      new PolicyDiffDialog(tr("Roll back to %1?").arg(name_of(previous)),
                           {tr("%1 judges every request that begins from then on. %2, active now, is kept: rolling "
                               "back again brings it back.")
                                .arg(name_of(previous), name_of(active)),
                            tr("What changes:")},
                           {tr("Roll back"), ButtonKind::confirm, tr("Keep %1").arg(name_of(active))}, &window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this,
          [this, expected = active.digest] { roll_back_from(expected, tr("The previous version is active again.")); });
  dialog->open();
  desk_.document(active.digest, dialog, [this, dialog, previous](const Answer<StoredPolicy>& now) {
    if (!now) return dialog->show_failure(sentence_of(now.error()));
    desk_.document(previous.digest, dialog, [dialog, now = now->document](const Answer<StoredPolicy>& then) {
      if (!then) return dialog->show_failure(sentence_of(then.error()));
      dialog->show_documents(QString::fromStdString(now), QString::fromStdString(then->document));
    });
  });
}

void PolicyActs::roll_back_from(const std::string& expected, const QString& sentence) {
  begin();
  desk_.roll_back(expected, this, [this, sentence](const Answer<GuardrailsStatus>& answer) {
    end();
    if (failed(answer ? nullptr : &answer.error(), tr("Nothing was rolled back."))) return;
    emit toast(sentence, {});
  });
}

}  // namespace tijori
