#include "admin-ui/views/guardrails_screen.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QSplitter>
#include <QTabBar>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/action_delegate.h"
#include "admin-ui/views/policy_diff_dialog.h"

namespace tijori {
namespace {

constexpr int side_px = 344;
constexpr int lint_after_ms = 350;
constexpr int hits_every_ms = 10'000;
constexpr int64_t hour_us = int64_t{3600} * 1'000'000;
constexpr size_t plotted_rules = 3;

const char* default_bench_text =
    "Customer Asha Kulkarni, Aadhaar 9999 4105 7058, PAN ABCPE1234F. Call 98765 43210 or write to asha.k@okaxis.";

QString digest_path(const std::string& digest, const char* verb) {
  return QStringLiteral("/admin/v1/guardrails/policies/%1%2").arg(QString::fromStdString(digest), QLatin1String(verb));
}

void set_step(TextLabel* label, Colour colour, const QString& text) {
  label->set_role(colour);
  label->setText(text);
}

}  // namespace

GuardrailsScreen::GuardrailsScreen(Session& to_session)
    : Screen(to_session, tr("Guardrails")),
      draft_(new PolicyDraft(this)),
      table_(new DataTable(DataTable::Rows::one_line, tr("Rules"))),
      editor_(new QPlainTextEdit),
      tabs_(new QTabWidget),
      versions_(new QComboBox),
      lint_line_(new TextLabel(Type::label, Colour::text2)),
      lint_step_(new TextLabel(Type::label, Colour::text2)),
      bench_step_(new TextLabel(Type::label, Colour::text2)),
      pack_step_(new TextLabel(Type::label, Colour::text2)),
      person_step_(new TextLabel(Type::label, Colour::text2)),
      save_(new Button(tr("Save draft"), ButtonKind::primary)),
      approve_(new Button(tr("Approve"), ButtonKind::standard, QStringLiteral("check-lg"))),
      activate_(new Button(tr("Activate"), ButtonKind::primary)),
      roll_back_(new Button(tr("Roll back"), ButtonKind::standard, QStringLiteral("arrow-counterclockwise"))),
      bench_text_(new QPlainTextEdit(tr(default_bench_text))),
      hits_(plotted_rules, hour_us) {
  auto* pack = new Button(tr("Regression pack"), ButtonKind::standard, QStringLiteral("list-check"));
  auto* difference = new Button(tr("Differences"), ButtonKind::standard, QStringLiteral("clock-history"));
  difference->setObjectName(QStringLiteral("guardrails.differences"));
  pack->setObjectName(QStringLiteral("guardrails.check"));
  table_->setObjectName(QStringLiteral("guardrails.rules"));
  editor_->setObjectName(QStringLiteral("guardrails.document"));
  versions_->setObjectName(QStringLiteral("guardrails.policies"));
  lint_line_->setObjectName(QStringLiteral("guardrails.lint"));
  lint_step_->setObjectName(QStringLiteral("guardrails.lint_step"));
  bench_step_->setObjectName(QStringLiteral("guardrails.bench_step"));
  pack_step_->setObjectName(QStringLiteral("guardrails.pack_step"));
  person_step_->setObjectName(QStringLiteral("guardrails.person_step"));
  save_->setObjectName(QStringLiteral("guardrails.save"));
  approve_->setObjectName(QStringLiteral("guardrails.approve"));
  activate_->setObjectName(QStringLiteral("guardrails.activate"));
  roll_back_->setObjectName(QStringLiteral("guardrails.roll_back"));
  bench_text_->setObjectName(QStringLiteral("guardrails.bench_text"));
  tabs_->setObjectName(QStringLiteral("guardrails.tabs"));
  add_to_title_row(difference);
  add_to_title_row(pack);
  connect(pack, &Button::clicked, this, &GuardrailsScreen::check);
  connect(difference, &Button::clicked, this, [this] {
    auto* dialog = new PolicyDiffDialog(active_document_, draft_->document(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
  });

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  auto* upper = new QHBoxLayout;
  upper->setSpacing(metric::gap);
  upper->addWidget(make_rules(), 1);
  upper->addWidget(make_side());
  column->addLayout(upper, 3);
  column->addWidget(make_bench(), 2);
  set_content(content);

  lint_timer_.setSingleShot(true);
  lint_timer_.setInterval(lint_after_ms);
  connect(&lint_timer_, &QTimer::timeout, this, &GuardrailsScreen::lint);
  hits_timer_.setInterval(hits_every_ms);
  connect(&hits_timer_, &QTimer::timeout, this, &GuardrailsScreen::ask_hits);
  connect(draft_, &PolicyDraft::edited, this, [this] {
    if (filling_) return;
    filling_ = true;
    editor_->setPlainText(draft_->document());
    filling_ = false;
    lint_soon();
  });
}

bool GuardrailsScreen::may_edit() const {
  return session().permits("POST", "/admin/v1/guardrails/policies");
}

QWidget* GuardrailsScreen::make_rules() {
  rules_panel_ = new Panel(tr("Draft"), {});
  versions_->setAccessibleName(tr("Policy to open"));
  versions_->setMinimumWidth(190);
  rules_panel_->add_to_head(versions_);
  auto* add = new Button(tr("Add rule"), ButtonKind::standard, QStringLiteral("plus-lg"), ButtonSize::compact);
  add->setObjectName(QStringLiteral("guardrails.add_rule"));
  rules_panel_->add_to_head(add);
  auto* remove = new Button(tr("Remove rule"), ButtonKind::quiet, {}, ButtonSize::compact);
  remove->setObjectName(QStringLiteral("guardrails.remove_rule"));
  rules_panel_->add_to_head(remove);
  add->set_refusal(may_edit() ? QString() : tr("Editing needs the role guardrail-editor."));
  remove->set_refusal(may_edit() ? QString() : tr("Editing needs the role guardrail-editor."));
  table_->setModel(draft_);
  table_->set_columns({38, 170, 0, 160, 130, 90, 84});
  table_->setItemDelegateForColumn(PolicyDraft::action_column,
                                   new ActionDelegate(static_cast<int>(DataTable::Rows::one_line), table_));
  if (may_edit()) table_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
  editor_->setFont(type(Type::mono));
  editor_->setAccessibleName(tr("Policy document"));
  editor_->setReadOnly(!may_edit());
  editor_->setTabChangesFocus(true);
  editor_->setLineWrapMode(QPlainTextEdit::NoWrap);
  tabs_->addTab(table_, tr("Rules"));
  tabs_->addTab(editor_, tr("Document"));
  tabs_->setDocumentMode(true);
  tabs_->tabBar()->setDrawBase(false);
  rules_panel_->body()->addWidget(tabs_, 1);
  rules_panel_->add_divider();
  auto* line = new QHBoxLayout;
  line->setContentsMargins(16, 6, 12, 6);
  lint_line_->set_elide(Qt::ElideRight);
  line->addWidget(lint_line_, 1);
  auto* go = new Button(tr("Go to rule"), ButtonKind::link, {}, ButtonSize::compact);
  line->addWidget(go);
  rules_panel_->body()->addLayout(line);
  connect(go, &Button::clicked, this, [this] {
    for (const PolicyFinding& finding : draft_->findings())
      if (const int row = draft_->row_of(QString::fromStdString(finding.rule)); row >= 0) {
        tabs_->setCurrentIndex(0);
        table_->selectRow(row);
        return table_->setFocus();
      }
  });
  connect(add, &Button::clicked, this, [this] {
    bool accepted = false;
    const QString words = QInputDialog::getText(
        this, tr("Add rule"), tr("Words or phrases to mask, separated by commas"), QLineEdit::Normal, {}, &accepted);
    QStringList literals;
    for (const QString& word : words.split(QLatin1Char(','), Qt::SkipEmptyParts))
      if (!word.trimmed().isEmpty()) literals << word.trimmed();
    if (!accepted || literals.isEmpty()) return;
    int number = draft_->rowCount() + 1;
    while (draft_->row_of(QStringLiteral("rule-%1").arg(number)) >= 0) ++number;
    draft_->add_literal_rule(QStringLiteral("rule-%1").arg(number), QStringLiteral("TERM"), literals,
                             QStringLiteral("mask"));
  });
  connect(remove, &Button::clicked, this, [this] {
    const int row = table_->currentIndex().row();
    if (row < 0) return;
    const QJsonObject removed = draft_->rule(row);
    const QString before = draft_->document();
    draft_->remove_rule(row);
    emit toast(tr("%1 was removed from the draft.").arg(removed.value(QLatin1String("id")).toString()),
               [this, before] { take_document(open_digest_, before); });
  });
  connect(versions_, &QComboBox::activated, this,
          [this](int index) { open_policy(versions_->itemData(index).toString().toStdString()); });
  connect(editor_, &QPlainTextEdit::textChanged, this, &GuardrailsScreen::edit_document);
  return rules_panel_;
}

QWidget* GuardrailsScreen::make_side() {
  auto* side = new QWidget;
  side->setFixedWidth(side_px);
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metric::gap);
  auto* steps = new Panel(tr("To activate"), {});
  auto* rows = new QVBoxLayout;
  rows->setContentsMargins(16, 10, 16, 12);
  rows->setSpacing(6);
  const auto add = [&](const QString& name, TextLabel* state) {
    auto* row = new QHBoxLayout;
    row->addWidget(new TextLabel(name, Type::body));
    row->addStretch();
    state->set_elide(Qt::ElideRight);
    row->addWidget(state);
    rows->addLayout(row);
  };
  add(tr("Lint"), lint_step_);
  add(tr("Bench"), bench_step_);
  add(tr("Regression pack"), pack_step_);
  add(tr("Second person"), person_step_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  for (Button* button : {save_, approve_, activate_, roll_back_}) buttons->addWidget(button);
  buttons->addStretch();
  rows->addSpacing(4);
  rows->addLayout(buttons);
  steps->body()->addLayout(rows);
  column->addWidget(steps);
  hits_panel_ = new Panel;
  hits_plot_ = new Plot(
      tr("Hits by rule"), tr("per hour, 24 h"), 0,
      {{tr("–"), PlotSeries::Form::steps}, {tr("–"), PlotSeries::Form::steps}, {tr("–"), PlotSeries::Form::steps}},
      hits_, hits_time_);
  hits_time_.set_span(24 * hour_us);
  hits_panel_->body()->addWidget(hits_plot_);
  column->addWidget(hits_panel_, 1);
  connect(save_, &Button::clicked, this, &GuardrailsScreen::save);
  connect(approve_, &Button::clicked, this, &GuardrailsScreen::approve);
  connect(activate_, &Button::clicked, this, &GuardrailsScreen::activate);
  connect(roll_back_, &Button::clicked, this, &GuardrailsScreen::roll_back);
  return side;
}

GuardrailsScreen::Pane GuardrailsScreen::make_pane(QHBoxLayout* row, const QString& name) {
  Pane pane;
  auto* column = new QVBoxLayout;
  column->setContentsMargins(16, 8, 16, 10);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  pane.title = new TextLabel(name, Type::body_strong);
  pane.badge = new Badge;
  pane.time = new TextLabel(Type::label, Colour::text2);
  head->addWidget(pane.title);
  head->addWidget(pane.badge);
  head->addStretch();
  head->addWidget(pane.time);
  column->addLayout(head);
  pane.text = new SpanView(name);
  column->addWidget(pane.text, 1);
  pane.verdict = new TextLabel(Type::label, Colour::text2);
  pane.verdict->set_elide(Qt::ElideRight);
  column->addWidget(pane.verdict);
  row->addLayout(column, 1);
  return pane;
}

QWidget* GuardrailsScreen::make_bench() {
  auto* panel = new Panel(tr("Bench"), tr("nothing is sent to a model and nothing is stored"));
  auto* run = new Button(tr("Run"), ButtonKind::standard, QStringLiteral("play"), ButtonSize::compact);
  run->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
  run->setToolTip(tr("Run  Ctrl+Enter"));
  run->setObjectName(QStringLiteral("guardrails.bench"));
  panel->add_to_head(run);
  connect(run, &Button::clicked, this, &GuardrailsScreen::bench);
  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  auto* entry = new QVBoxLayout;
  entry->setContentsMargins(16, 8, 16, 10);
  entry->addWidget(new TextLabel(tr("Text to try"), Type::body_strong));
  bench_text_->setAccessibleName(tr("Text to try"));
  bench_text_->setTabChangesFocus(true);
  entry->addWidget(bench_text_, 1);
  row->addLayout(entry, 1);
  row->addWidget(make_divider(Qt::Vertical));
  active_pane_ = make_pane(row, tr("Active"));
  active_pane_.text->setObjectName(QStringLiteral("guardrails.active_text"));
  active_pane_.verdict->setObjectName(QStringLiteral("guardrails.active_verdict"));
  row->addWidget(make_divider(Qt::Vertical));
  draft_pane_ = make_pane(row, tr("Draft"));
  draft_pane_.text->setObjectName(QStringLiteral("guardrails.draft_text"));
  draft_pane_.verdict->setObjectName(QStringLiteral("guardrails.draft_verdict"));
  panel->body()->addLayout(row, 1);
  return panel;
}

void GuardrailsScreen::entered() {
  if (!session().permits("GET", "/admin/v1/guardrails"))
    return states().show_no_permission(QStringLiteral("guardrail-editor"), {});
  refresh();
  hits_timer_.start();
}

void GuardrailsScreen::left() {
  hits_timer_.stop();
}

void GuardrailsScreen::refresh() {
  if (!status_) states().show_loading(tr("Asking %1 for its policies").arg(session().appliance().name));
  session().get<GuardrailsStatus>("/admin/v1/guardrails", this,
                                  [this](const Answer<GuardrailsStatus>& answer) { take_status(answer); });
  ask_hits();
}

const PolicySummary* GuardrailsScreen::summary(const std::string& digest) const {
  if (!status_) return nullptr;
  const auto found = std::ranges::find(status_->policies, digest, &PolicySummary::digest);
  return found == status_->policies.end() ? nullptr : &*found;
}

void GuardrailsScreen::take_status(const Answer<GuardrailsStatus>& answer) {
  if (!answer) return show_failure(answer.error(), [this] { refresh(); });
  const bool first = !status_;
  status_ = *answer;
  states().show_content();
  if (status_->active)
    set_context(
        tr("%1, active version %2 since %3")
            .arg(QString::fromStdString(status_->active->name), count_text(status_->active->version),
                 status_->active->activated_us ? ist_stamp(*status_->active->activated_us) : tr("the first start")));
  else
    set_context(QString::fromStdString(status_->message));
  versions_->clear();
  for (const PolicySummary& policy : status_->policies) {
    const QString state = policy.state == PolicyState::active     ? tr("active")
                          : policy.state == PolicyState::approved ? tr("approved")
                          : policy.state == PolicyState::draft    ? tr("draft")
                          : policy.state == PolicyState::previous ? tr("previous")
                                                                  : tr("retired");
    versions_->addItem(
        QStringLiteral("%1 %2, %3").arg(QString::fromStdString(policy.name)).arg(policy.version).arg(state),
        QString::fromStdString(policy.digest));
  }
  if (open_digest_.empty() && status_->active) open_digest_ = status_->active->digest;
  versions_->setCurrentIndex(versions_->findData(QString::fromStdString(open_digest_)));
  if (first && status_->active)
    session().get<StoredPolicy>(digest_path(status_->active->digest, "").toStdString(), this,
                                [this](const Answer<StoredPolicy>& stored) {
                                  if (!stored) return emit toast(sentence_of(stored.error()), {});
                                  active_document_ = QString::fromStdString(stored->document);
                                  if (draft_->rowCount() == 0) take_document(stored->summary.digest, active_document_);
                                  bench();
                                });
  say_steps();
}

void GuardrailsScreen::open_policy(const std::string& digest) {
  session().get<StoredPolicy>(digest_path(digest, "").toStdString(), this, [this](const Answer<StoredPolicy>& stored) {
    if (!stored) return emit toast(sentence_of(stored.error()), {});
    take_document(stored->summary.digest, QString::fromStdString(stored->document));
    bench();
  });
}

void GuardrailsScreen::take_document(const std::string& digest, const QString& document) {
  open_digest_ = digest;
  versions_->setCurrentIndex(versions_->findData(QString::fromStdString(digest)));
  filling_ = true;
  (void)draft_->set(document, active_document_);
  editor_->setPlainText(draft_->document());
  filling_ = false;
  stored_document_ = draft_->document();
  pack_step_->setText(tr("not run"));
  lint();
}

void GuardrailsScreen::edit_document() {
  if (filling_) return;
  filling_ = true;
  if (!draft_->set(editor_->toPlainText(), active_document_))
    lint_line_->setText(tr("The document is not whole JSON yet."));
  filling_ = false;
  lint_soon();
}

void GuardrailsScreen::lint_soon() {
  lint_timer_.start();
  say_steps();
}

void GuardrailsScreen::lint() {
  if (!may_edit()) return say_steps();
  session().post<LintReply>("/admin/v1/guardrails/lint", PolicyDocument{editor_->toPlainText().toStdString()}, this,
                            [this](const Answer<LintReply>& answer) {
                              if (!answer) return lint_line_->setText(sentence_of(answer.error()));
                              draft_->set_findings(answer->findings);
                              if (answer->findings.empty()) {
                                lint_line_->setText(tr("Lint has nothing to say."));
                              } else {
                                const PolicyFinding& worst = answer->findings.front();
                                lint_line_->setText(QStringLiteral("%1  %2").arg(
                                    QString::fromStdString(worst.rule.empty() ? worst.path : worst.rule),
                                    QString::fromStdString(worst.message)));
                              }
                              say_steps();
                            });
}

void GuardrailsScreen::say_steps() {
  if (!status_) return;
  const bool changed = draft_->changed();
  const PolicySummary* const opened = changed ? nullptr : summary(open_digest_);
  rules_panel_->set_title(opened != nullptr && opened->state == PolicyState::active
                              ? tr("Active %1").arg(draft_->version())
                              : tr("Draft %1").arg(draft_->version()));
  rules_panel_->set_note(changed ? tr("%n rule(s) changed from the active policy", nullptr, draft_->changed_rules())
                         : opened != nullptr ? tr("by %1").arg(QString::fromStdString(opened->author))
                                             : QString());
  set_step(lint_step_,
           draft_->errors() > 0     ? Colour::danger
           : draft_->warnings() > 0 ? Colour::warn
                                    : Colour::ok,
           tr("%1 errors, %2 warnings").arg(draft_->errors()).arg(draft_->warnings()));
  const std::string own = session().capabilities() ? session().capabilities()->client : std::string();
  const std::string digest = open_digest_;
  const PolicySummary* const stored = summary(digest);
  const bool is_saved = stored != nullptr && draft_->document() == stored_document_;
  const bool needs_second = status_->approvals > 1;
  if (!needs_second) {
    set_step(person_step_, Colour::text2, tr("not asked for here"));
  } else if (stored != nullptr && is_saved && stored->approved_by) {
    set_step(person_step_, Colour::ok, QString::fromStdString(*stored->approved_by));
  } else {
    set_step(person_step_, Colour::text2, tr("waiting"));
  }
  const QString no_role = may_edit() ? QString() : tr("This needs the role guardrail-editor.");
  save_->setVisible(!is_saved);
  save_->set_refusal(!no_role.isEmpty() ? no_role : draft_->errors() > 0 ? tr("Lint finds errors in it.") : QString());
  const bool waits = is_saved && stored->state == PolicyState::draft && needs_second;
  // The author never sees Approve.
  approve_->setVisible(waits && stored->author != own);
  approve_->set_refusal(no_role);
  const bool ready = is_saved && stored->state != PolicyState::active;
  activate_->setVisible(ready);
  activate_->set_refusal(!no_role.isEmpty() ? no_role
                         : waits            ? tr("A second person has to approve it first.")
                                            : QString());
  roll_back_->setVisible(status_->previous.has_value());
  if (status_->previous) roll_back_->setText(tr("Roll back to %1").arg(status_->previous->version));
  roll_back_->set_refusal(no_role);
}

void GuardrailsScreen::save() {
  save_->set_pending(tr("Saving"));
  const QString sent = draft_->document();
  session().post<DraftReply>("/admin/v1/guardrails/policies", PolicyDocument{editor_->toPlainText().toStdString()},
                             this, [this, sent](const Answer<DraftReply>& answer) {
                               save_->end_pending();
                               if (!answer) return emit toast(sentence_of(answer.error()), {});
                               open_digest_ = answer->summary.digest;
                               stored_document_ = sent;
                               emit toast(tr("Draft %1 was saved.").arg(answer->summary.version), {});
                               refresh();
                             });
}

void GuardrailsScreen::approve() {
  session().post<PolicySummary>(digest_path(open_digest_, "/approve").toStdString(), this,
                                [this](const Answer<PolicySummary>& answer) {
                                  emit toast(answer ? tr("The draft was approved.") : sentence_of(answer.error()), {});
                                  refresh();
                                });
}

void GuardrailsScreen::activate() {
  session().post<GuardrailsStatus>(
      digest_path(open_digest_, "/activate").toStdString(), this, [this](const Answer<GuardrailsStatus>& answer) {
        if (answer) active_document_ = editor_->toPlainText();
        change_done(answer, tr("Version %1 judges every request from now on.").arg(draft_->version()));
      });
}

void GuardrailsScreen::roll_back() {
  session().post<GuardrailsStatus>("/admin/v1/guardrails/rollback", this,
                                   [this](const Answer<GuardrailsStatus>& answer) {
                                     status_.reset();
                                     open_digest_.clear();
                                     draft_->set(QStringLiteral("{}"), {});
                                     change_done(answer, tr("The previous version is active again."));
                                   });
}

void GuardrailsScreen::change_done(const Answer<GuardrailsStatus>& answer, const QString& sentence) {
  if (!answer) {
    emit toast(sentence_of(answer.error()), {});
  } else {
    emit toast(sentence, {});
  }
  refresh();
}

void GuardrailsScreen::check() {
  set_step(pack_step_, Colour::text2, tr("running"));
  session().post<CheckReply>(
      digest_path(open_digest_, "/check").toStdString(), this, [this](const Answer<CheckReply>& answer) {
        if (!answer) return set_step(pack_step_, Colour::danger, sentence_of(answer.error()));
        const auto failed = static_cast<int64_t>(answer->failures.size());
        set_step(pack_step_, answer->passed ? Colour::ok : Colour::danger,
                 tr("%1 of %2").arg(count_text(answer->cases - failed), count_text(answer->cases)));
        if (!answer->passed)
          emit toast(tr("%1: %2").arg(QString::fromStdString(answer->failures.front().id),
                                      QString::fromStdString(answer->failures.front().reason)),
                     {});
      });
}

void GuardrailsScreen::bench() {
  if (!status_ || !status_->active || !session().permits("POST", "/admin/v1/guardrails/bench")) return;
  BenchRequest request;
  request.a.digest = status_->active->digest;
  request.b.document = editor_->toPlainText().toStdString();
  request.texts = {{"text", bench_text_->toPlainText().toStdString()}};
  const QString text = bench_text_->toPlainText();
  session().post<BenchReply>(
      "/admin/v1/guardrails/bench", request, this, [this, text](const Answer<BenchReply>& answer) {
        if (!answer) return set_step(bench_step_, Colour::danger, sentence_of(answer.error()));
        if (answer->texts.empty()) return;
        const BenchPair& pair = answer->texts.front();
        show_side(active_pane_, pair.a, text, nullptr);
        show_side(draft_pane_, pair.b, text, &pair.a);
        set_step(bench_step_, Colour::ok, tr("1 text, %1 spans").arg(static_cast<int>(pair.b.spans.size())));
      });
}

void GuardrailsScreen::show_side(const Pane& pane, const BenchSide& side, const QString& text, const BenchSide* other) {
  pane.time->setText(duration_text(side.time_us));
  if (!side.error.empty()) {
    pane.badge->set({Tone::danger, QStringLiteral("x-octagon-fill"), tr("not judged")});
    pane.text->setPlainText(text);
    pane.verdict->setText(QString::fromStdString(side.error));
    return;
  }
  const int spans = static_cast<int>(side.spans.size());
  const int more = other == nullptr ? 0 : spans - static_cast<int>(other->spans.size());
  pane.badge->set(more == 0 ? BadgeText{Tone::plain, {}, tr("%n span(s)", nullptr, spans)}
                            : BadgeText{Tone::info, QStringLiteral("plus-circle"),
                                        more > 0 ? tr("%n span(s), %1 more", nullptr, spans).arg(more)
                                                 : tr("%n span(s), %1 fewer", nullptr, spans).arg(-more)});
  pane.text->show_spans(text, side.spans);
  QStringList words;
  for (const BenchSpan& span : side.spans)
    words << QStringLiteral("%1 %2–%3 %4")
                 .arg(QString::fromStdString(span.rule))
                 .arg(span.start)
                 .arg(span.end)
                 .arg(decimal_text(span.score, 2));
  pane.verdict->setText(tr("%1 · %2").arg(QString::fromStdString(side.verdict), words.join(QStringLiteral(", "))));
  pane.verdict->setToolTip(words.join(QLatin1Char('\n')));
}

void GuardrailsScreen::ask_hits() {
  if (!session().permits("GET", "/admin/v1/guardrails/hits")) return hits_panel_->hide();
  session().get<HitsReply>("/admin/v1/guardrails/hits", this, [this](const Answer<HitsReply>& answer) {
    if (!answer) return;
    std::map<QString, int64_t> totals;
    std::map<int64_t, std::map<QString, int64_t>> hours;
    for (const RuleHits& hit : answer->hits) {
      const int64_t count = hit.allow + hit.annotate + hit.mask + hit.stop + hit.block;
      totals[QString::fromStdString(hit.rule)] += count;
      hours[hit.hour_us][QString::fromStdString(hit.rule)] += count;
    }
    draft_->set_hits(totals);
    std::vector<std::pair<int64_t, QString>> busiest;
    for (const auto& [rule, count] : totals) busiest.emplace_back(count, rule);
    std::ranges::sort(busiest, std::greater<>());
    busiest.resize(std::min(busiest.size(), plotted_rules));
    hits_.clear();
    const int64_t first_hour = (answer->now_us / hour_us - 23) * hour_us;
    for (int64_t hour = first_hour; hour <= answer->now_us; hour += hour_us) {
      if (hour + hour_us < answer->since_us) continue;
      Sample sample{hour, {}};
      for (const auto& [count, rule] : busiest) sample.values.emplace_back(static_cast<double>(hours[hour][rule]));
      hits_.add(std::move(sample));
    }
    std::vector<PlotSeries> names;
    for (const auto& [count, rule] : busiest) names.push_back({rule, PlotSeries::Form::steps});
    hits_plot_->set_series(std::move(names));
    hits_time_.advance(answer->now_us);
  });
}

void GuardrailsScreen::focus_search() {
  bench_text_->setFocus();
  bench_text_->selectAll();
}

bool GuardrailsScreen::step_back() {
  if (tabs_->currentIndex() == 0) return false;
  tabs_->setCurrentIndex(0);
  return true;
}

std::vector<Command> GuardrailsScreen::commands() {
  const QString group = tr("Actions");
  const QString refusal = may_edit() ? QString() : tr("needs the role guardrail-editor");
  const QString digest = QString::fromStdString(open_digest_.substr(0, 12));
  const auto line = [digest](const char* verb) {
    return [digest, verb] { return QStringLiteral("tijori guardrails %1 %2").arg(QLatin1String(verb), digest); };
  };
  return {
      {QStringLiteral("guardrails.list"),
       group,
       tr("Ask for the policies again"),
       QStringLiteral("refresh list"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [] { return QStringLiteral("tijori guardrails list"); },
       {}},
      {QStringLiteral("guardrails.bench"),
       group,
       tr("Run the bench"),
       QStringLiteral("bench try test"),
       QKeySequence(QStringLiteral("Ctrl+Return")),
       [this] { bench(); },
       [digest] { return QStringLiteral("tijori guardrails bench --a active --b %1 < texts.jsonl").arg(digest); },
       {}},
      {QStringLiteral("guardrails.check"),
       group,
       tr("Run the regression pack"),
       QStringLiteral("check cases"),
       {},
       [this] { check(); },
       line("check"),
       {}},
      {QStringLiteral("guardrails.save"),
       group,
       tr("Save the draft"),
       QStringLiteral("save"),
       {},
       [this] { save(); },
       [] { return QStringLiteral("tijori guardrails save FILE"); },
       refusal},
      {QStringLiteral("guardrails.approve"),
       group,
       tr("Approve the draft that is open"),
       QStringLiteral("approve मंज़ूर"),
       {},
       [this] { approve(); },
       line("approve"),
       refusal},
      {QStringLiteral("guardrails.activate"),
       group,
       tr("Activate the draft that is open"),
       QStringLiteral("activate"),
       {},
       [this] { activate(); },
       line("activate"),
       refusal},
      {QStringLiteral("guardrails.rollback"),
       group,
       tr("Roll back to the previous policy"),
       QStringLiteral("rollback undo"),
       {},
       [this] { roll_back(); },
       [] { return QStringLiteral("tijori guardrails rollback"); },
       !refusal.isEmpty()             ? refusal
       : status_ && status_->previous ? QString()
                                      : tr("there is no previous one")},
  };
}

}  // namespace tijori
