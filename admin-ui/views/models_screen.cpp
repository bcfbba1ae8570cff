#include "admin-ui/views/models_screen.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QSaveFile>
#include <QScrollBar>
#include <algorithm>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/fit.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/load_dialog.h"
#include "admin-ui/views/model_drawer.h"

namespace tijori {
namespace {

constexpr int try_px = 376;
constexpr int lower_px = 440;        // at least this high
constexpr int stacked_map_px = 400;  // each, when one lies below the other
constexpr int one_column_below_px = 880;
constexpr int drawer_over_below_px = 1'050;
const QString add_command = QStringLiteral("tijori models add FILE --name NAME");

QString text_of(const std::string& text) {
  return QString::fromStdString(text);
}

}  // namespace

ModelsScreen::ModelsScreen(Session& to_session)
    : Screen(to_session, tr("Models")),
      models_(new ModelTable(this)),
      desk_(new ModelDesk(to_session, *models_, this)),
      panel_(new ModelsPanel(*models_)),
      experts_(new ExpertPanel),
      try_(new TryPane(to_session)),
      drawer_(new Drawer),
      load_(new Button(tr("Load…"), ButtonKind::primary, QStringLiteral("play"))),
      content_(new QWidget),
      across_(new QHBoxLayout(content_)),
      lower_(new QBoxLayout(QBoxLayout::LeftToRight)),
      scroll_(new QScrollArea) {
  setObjectName(QStringLiteral("models.screen"));
  load_->setObjectName(QStringLiteral("models.load"));
  add_to_title_row(load_);
  connect(load_, &Button::clicked, this, [this] { open_load(panel_->current()); });

  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 4, 0, 0);
  column->setSpacing(metric::gap);
  column->addWidget(panel_);
  lower_->setSpacing(metric::gap);
  lower_->addWidget(experts_, 1);
  lower_->addWidget(try_);
  column->addLayout(lower_, 1);
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setWidget(inner);
  across_->setContentsMargins(0, 0, 0, 0);
  across_->setSpacing(20);
  across_->addWidget(scroll_, 1);
  drawer_->setParent(content_);
  drawer_->setObjectName(QStringLiteral("models.drawer"));
  content_->installEventFilter(this);
  set_content(content_);

  connect(panel_, &ModelsPanel::act_asked, this, &ModelsScreen::act);
  connect(panel_, &ModelsPanel::opened, this, &ModelsScreen::show_details);
  connect(panel_, &ModelsPanel::chosen, this, &ModelsScreen::choose);
  connect(drawer_, &Drawer::closed, this, &ModelsScreen::close_drawer);
  connect(experts_, &ExpertPanel::export_asked, this, &ModelsScreen::export_experts);
  connect(try_, &TryPane::record_asked, this,
          [this](qint64 seq) { emit open_screen(QStringLiteral("audit"), QString::number(seq)); });
  connect(try_, &TryPane::copied, this,
          [this](const QString& command) { emit toast(tr("Copied: %1").arg(command), {}); });
  connect(&session(), &Session::status_changed, this,
          [this] { panel_->set_memory(to_memory_line(session().status()->memory, session().status()->models)); });
  connect(&session(), &Session::capabilities_changed, this, [this] { try_->refresh(); });
  // Focus that comes by a command or a shortcut is seen as well as one that comes by Tab.
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget* /*from*/, QWidget* to) {
    if (to != nullptr && to != &panel_->table() && scroll_->widget()->isAncestorOf(to))
      scroll_->ensureWidgetVisible(to);
  });
  connect_desk();
}

void ModelsScreen::connect_desk() {
  connect(desk_, &ModelDesk::listed, this, &ModelsScreen::take_list);
  connect(desk_, &ModelDesk::list_failed, this, &ModelsScreen::take_failure);
  connect(desk_, &ModelDesk::does_not_fit, this, [this](const ModelPlan& plan) {
    models_->set_plan(plan.alias, plan);
    notice_alias_ = plan.alias;
    if (plan.fitting) {
      panel_->set_notice(refusal_text(plan), tr("Load the nearest"),
                         [this, alias = plan.alias, fitting = *plan.fitting] { desk_->load(alias, fitting); });
    } else {
      panel_->set_notice(refusal_text(plan));
    }
  });
  const auto say = [this](const std::string& alias, const QString& sentence) {
    notice_alias_ = alias;
    panel_->set_notice(tr("%1: %2", "model: what went wrong").arg(text_of(alias), sentence));
  };
  connect(desk_, &ModelDesk::refused, this, say);
  connect(desk_, &ModelDesk::load_failed, this, say);
  connect(desk_, &ModelDesk::loaded, this, [this](const std::string& alias) {
    if (notice_alias_ == alias) panel_->set_notice({});
    just_loaded_ = alias;
    emit toast(tr("%1 is loaded and serves.").arg(text_of(alias)), {});
  });
  const auto undo = [this](const std::string& alias, const ModelChoice& choice) {
    return [this, alias, choice] { desk_->load(alias, choice); };
  };
  connect(desk_, &ModelDesk::unloaded, this, [this, undo](const std::string& alias, const ModelChoice& choice) {
    emit toast(tr("%1 was unloaded.").arg(text_of(alias)), undo(alias, choice));
  });
  connect(desk_, &ModelDesk::cancelled, this, [this, undo](const std::string& alias, const ModelChoice& choice) {
    emit toast(tr("Loading %1 was cancelled.").arg(text_of(alias)), undo(alias, choice));
  });
  connect(desk_, &ModelDesk::experts_counted, this, &ModelsScreen::follow_experts);
  connect(desk_, &ModelDesk::experts_failed, this, [this](const ClientError& error) {
    const ModelInfo* const model = models_->find(desk_->followed());
    if (model != nullptr && model->state == ModelState::ready && !experts_->has_counts())
      experts_->show_failure(sentence_of(error), [this] { follow_experts(); });
  });
}

void ModelsScreen::entered() {
  if (!session().permits("GET", "/admin/v1/models")) {
    const RoleSet roles = session().capabilities() ? session().capabilities()->roles : RoleSet{};
    return states().show_no_permission(QStringLiteral("operator"), roles_text(roles));
  }
  if (!listed_) states().show_loading(tr("Asking %1 for its models").arg(session().appliance().name));
  try_->refresh();
  desk_->start();
  if (listed_) panel_->table().setFocus();
}

void ModelsScreen::left() {
  desk_->stop();
}

void ModelsScreen::refresh() {
  desk_->refresh();
}

QString ModelsScreen::load_refusal() const {
  if (!session().has_route("POST", "/admin/v1/models/{alias}/load"))
    return tr("This appliance loads its models when it starts.");
  return desk_->may_load() ? QString() : tr("Loading a model needs the role operator.");
}

QString ModelsScreen::unload_refusal() const {
  if (!session().has_route("POST", "/admin/v1/models/{alias}/unload"))
    return tr("This appliance unloads its models when it stops.");
  return desk_->may_unload() ? QString() : tr("Unloading a model needs the role operator.");
}

// What was shown stays, with its time, until an answer comes again.
void ModelsScreen::take_failure(const ClientError& error) {
  if (!listed_) return show_failure(error, [this] { desk_->refresh(); });
  if (stale_) return;
  stale_ = true;
  const qint64 now_us = QDateTime::currentMSecsSinceEpoch() * 1000;
  panel_->set_notice(tr("%1 gave no answer: %2. What is shown was true at %3 IST.")
                         .arg(session().appliance().name, sentence_of(error), ist_time(now_us)),
                     tr("Try now"), [this] {
                       stale_ = false;
                       desk_->refresh();
                     });
  panel_->table().setEnabled(false);
}

void ModelsScreen::take_list() {
  if (std::exchange(stale_, false)) {
    panel_->set_notice({});
    panel_->table().setEnabled(true);
  }
  say_context();
  if (models_->rowCount() == 0) {
    listed_ = false;
    states().show_empty(QStringLiteral("inbox"), tr("No models in the store"),
                        tr("Copy a GGUF file to the appliance and add it there: %1").arg(add_command),
                        {{tr("Copy command"), [this] {
                            QApplication::clipboard()->setText(add_command);
                            emit toast(tr("Copied: %1").arg(add_command), {});
                          }}});
    return;
  }
  panel_->set_refusals(load_refusal(), unload_refusal());
  panel_->refresh();
  if (const ModelInfo* const asked = models_->find(drawn_alias_);
      drawn_ == Drawn::unload && losses_ && asked != nullptr)
    losses_->set_paragraph(unload_words(*asked));
  bool any_to_load = false;
  QStringList ready;
  for (int row = 0; row < models_->rowCount(); ++row) {
    const ModelInfo& model = models_->model(row);
    const ModelAct act = models_->act(row);
    any_to_load = any_to_load || act == ModelAct::load || act == ModelAct::plan;
    if (model.state == ModelState::ready)
      model.is_default ? ready.prepend(text_of(model.alias)) : ready.append(text_of(model.alias));
  }
  load_->set_refusal(!load_refusal().isEmpty() ? load_refusal()
                     : any_to_load             ? QString()
                                               : tr("Every model is loaded already."));
  try_->set_models(ready);
  // What was just loaded is what one wants to try.
  if (const std::string alias = std::exchange(just_loaded_, {}); !alias.empty() && alias == panel_->current())
    try_->choose_model(text_of(alias));
  if (!listed_) {
    listed_ = true;
    states().show_content();
    if (session().status()) panel_->set_memory(to_memory_line(session().status()->memory, session().status()->models));
    panel_->choose(ready.isEmpty() ? models_->model(0).alias : ready.front().toStdString());
    panel_->table().setFocus();
  } else if (panel_->current().empty()) {
    panel_->choose(models_->find(chosen_) == nullptr ? models_->model(0).alias : chosen_);
  }
  follow_experts();
  if (drawn_ == Drawn::details && models_->find(drawn_alias_) == nullptr) close_drawer();
}

void ModelsScreen::say_context() {
  const int ready = models_->count(ModelState::ready);
  const int moving = models_->count(ModelState::loading) + models_->count(ModelState::starting);
  const QString all = count_text(models_->rowCount());
  set_context(moving == 0
                  ? tr("%1 in the store, %2 loaded").arg(all, count_text(ready))
                  : tr("%1 in the store, %2 loaded, %3 loading").arg(all, count_text(ready), count_text(moving)));
}

const ModelInfo* ModelsScreen::current() const {
  return models_->find(panel_->current());
}

void ModelsScreen::choose(const std::string& alias) {
  if (alias.empty()) return;
  chosen_ = alias;
  follow_experts();
  try_->choose_model(text_of(alias));
  if (drawn_ == Drawn::details && drawn_alias_ != alias) show_details(alias);
}

void ModelsScreen::follow_experts() {
  const ModelInfo* const model = current();
  const bool is_ready = model != nullptr && model->state == ModelState::ready;
  const bool may = session().permits("GET", "/admin/v1/models/{alias}/experts");
  desk_->follow(is_ready && may ? model->alias : std::string());
  if (model == nullptr || !is_ready) return experts_->show_idle(model == nullptr ? QString() : text_of(model->alias));
  const QString name = text_of(model->alias);
  if (!may) {
    if (!session().has_route("GET", "/admin/v1/models/{alias}/experts"))
      return experts_->show_failure(tr("This appliance doesn't count experts."), {});
    return experts_->show_no_permission(roles_text(session().capabilities()->roles));
  }
  if (model->experts == 0) return experts_->show_dense(name);
  experts_->show_window(name, desk_->experts());
}

void ModelsScreen::act(const std::string& alias, ModelAct act) {
  switch (act) {
    case ModelAct::load:
    case ModelAct::plan:
      return open_load(alias);
    case ModelAct::cancel:
      return cancel(alias);
    case ModelAct::unload:
      return ask_unload(alias);
    case ModelAct::none:
      return;
  }
}

void ModelsScreen::open_load(const std::string& alias, const ModelChoice* choice) {
  if (!load_refusal().isEmpty()) return;
  auto* dialog = new LoadDialog(*desk_, *models_, alias, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  if (choice != nullptr) dialog->set_choice(*choice);
  connect(dialog, &LoadDialog::load_chosen, this, [this](const std::string& chosen, const ModelChoice& with) {
    panel_->set_notice({});
    desk_->load(chosen, with);
    panel_->choose(chosen);
  });
  connect(dialog, &LoadDialog::copied, this,
          [this](const QString& command) { emit toast(tr("Copied: %1").arg(command), {}); });
  connect(dialog, &QDialog::finished, this, [this] { panel_->table().setFocus(); });
  dialog->open();
}

void ModelsScreen::cancel(const std::string& alias) {
  desk_->unload(alias, 0);
}

void ModelsScreen::ask_unload(const std::string& alias) {
  const ModelInfo* const model = models_->find(alias);
  if (model == nullptr || !unload_refusal().isEmpty()) return;
  if (model->state != ModelState::ready) return cancel(alias);
  drawn_ = Drawn::unload;
  drawn_alias_ = alias;
  const UnloadQuestion question = show_unload(*drawer_, *model);
  losses_ = question.losses;
  connect(question.keep, &Button::clicked, this, &ModelsScreen::close_drawer);
  connect(question.confirm, &Button::clicked, this, [this, alias, drain_s = question.drain_s] {
    const int64_t within_s = drain_s();
    close_drawer();
    desk_->unload(alias, within_s);
  });
  place_drawer();
  question.keep->setFocus();
}

void ModelsScreen::show_details(const std::string& alias) {
  const ModelInfo* const model = models_->find(alias);
  if (model == nullptr) return;
  drawn_ = Drawn::details;
  drawn_alias_ = alias;
  show_model(*drawer_, *models_, *model, models_->details(alias));
  const int row = models_->row_of(alias);
  const ModelAct can = models_->act(row);
  if (can != ModelAct::none) {
    Button* const button = drawer_->action(act_text(can));
    button->setObjectName(QStringLiteral("models.drawer.act"));
    button->set_refusal(can == ModelAct::load || can == ModelAct::plan ? load_refusal() : unload_refusal());
    connect(button, &Button::clicked, this, [this, alias, can] { act(alias, can); });
  }
  Button* const copy = drawer_->action(tr("Copy as command"), ButtonKind::link, QStringLiteral("terminal"));
  copy->setObjectName(QStringLiteral("models.copy-command"));
  connect(copy, &Button::clicked, this, [this, alias] {
    const QString command = QStringLiteral("tijori models show %1").arg(shell_word(text_of(alias)));
    QApplication::clipboard()->setText(command);
    emit toast(tr("Copied: %1").arg(command), {});
  });
  drawer_->end();
  place_drawer();
}

void ModelsScreen::close_drawer() {
  drawn_ = Drawn::nothing;
  drawn_alias_.clear();
  drawer_->hide();
  place_panes();
  panel_->table().setFocus();
}

// Beside the content where there is room, over it where there isn't.
void ModelsScreen::place_drawer() {
  const bool over = content_->width() < drawer_over_below_px;
  const bool beside = across_->indexOf(drawer_) >= 0;
  if (!over && !beside) across_->addWidget(drawer_);
  if (over && beside) across_->removeWidget(drawer_);
  if (over) {
    const int wide = std::min(metric::drawer_width, content_->width());
    drawer_->setGeometry(content_->width() - wide, 0, wide, content_->height());
    drawer_->raise();
  }
  place_panes();
}

// The try-it pane stands beside the experts, or below them where there is no room for both.
void ModelsScreen::place_panes() {
  const bool beside = across_->indexOf(drawer_) >= 0 && !drawer_->isHidden();
  const int wide = content_->width() - (beside ? metric::drawer_width + across_->spacing() : 0);
  const bool one_column = wide < one_column_below_px;
  lower_->setDirection(one_column ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  try_->setMinimumWidth(one_column ? 0 : try_px);
  try_->setMaximumWidth(one_column ? QWIDGETSIZE_MAX : try_px);
  experts_->setMinimumHeight(one_column ? stacked_map_px : lower_px);
  try_->setMinimumHeight(one_column ? stacked_map_px : lower_px);
}

bool ModelsScreen::eventFilter(QObject* watched, QEvent* event) {
  if (watched == content_ && event->type() == QEvent::Resize) place_drawer();
  return Screen::eventFilter(watched, event);
}

void ModelsScreen::focus_search() {
  panel_->table().setFocus();
}

void ModelsScreen::show_at(const QString& argument) {
  panel_->choose(argument.toStdString());
}

bool ModelsScreen::step_back() {
  if (try_->stop()) return true;
  if (drawer_->isVisible()) {
    close_drawer();
    return true;
  }
  if (panel_->has_notice()) {
    panel_->set_notice({});
    return true;
  }
  return false;
}

void ModelsScreen::export_experts() {
  if (!experts_->has_counts()) return;
  const QString name = QStringLiteral("experts-%1.csv").arg(text_of(desk_->followed()));
  const QString path = QFileDialog::getSaveFileName(this, tr("Export expert load"), name, tr("CSV (*.csv)"));
  if (path.isEmpty()) return;
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(to_csv(experts_->counts()).toUtf8()) < 0 || !file.commit())
    return emit toast(tr("%1 can't be written: %2").arg(path, file.errorString()), {});
  emit toast(tr("Written to %1.").arg(path), {});
}

std::vector<Command> ModelsScreen::commands() {
  const QString group = tr("Actions");
  const ModelInfo* const model = current();
  const std::string alias = model == nullptr ? std::string() : model->alias;
  const QString name = text_of(alias);
  const QString choose_first = tr("choose a model first");
  const ModelAct can = model == nullptr ? ModelAct::none : models_->act(models_->row_of(alias));
  const bool can_load = can == ModelAct::load || can == ModelAct::plan;
  const auto verb = [name](const char* what) {
    return [name, what] { return QStringLiteral("tijori models %1 %2").arg(QLatin1String(what), shell_word(name)); };
  };
  ModelChoice planned;
  if (const ModelPlan* const plan = models_->plan(alias)) planned = {plan->context_tokens, plan->max_sequences, {}};
  std::vector<Command> made;
  if (model != nullptr && !can_load) {
    const bool is_loading = can == ModelAct::cancel;
    made.push_back({QStringLiteral("models.unload"),
                    group,
                    is_loading ? tr("Cancel loading %1").arg(name) : tr("Unload %1…").arg(name),
                    QStringLiteral("unload cancel eject अनलोड रद्द"),
                    {},
                    [this, alias] { ask_unload(alias); },
                    verb("unload"),
                    can == ModelAct::none ? tr("it is being unloaded") : unload_refusal()});
  }
  made.push_back({QStringLiteral("models.load"),
                  group,
                  can_load ? tr("Load %1…").arg(name) : tr("Load a model…"),
                  QStringLiteral("load लोड"),
                  {},
                  [this, alias] { open_load(alias); },
                  [name, planned, can_load] {
                    return load_command(QStringLiteral("load"), can_load ? name : QStringLiteral("NAME"), planned);
                  },
                  load_refusal()});
  made.push_back({QStringLiteral("models.plan"),
                  group,
                  tr("Plan: does it fit?"),
                  QStringLiteral("plan fit memory मेमोरी"),
                  {},
                  [this, alias] { open_load(alias); },
                  verb("plan"),
                  can_load ? load_refusal() : tr("it is loaded already")});
  made.push_back({QStringLiteral("models.details"), group, tr("Details of the chosen model"),
                  QStringLiteral("details show digest architecture विवरण"), QKeySequence(Qt::Key_Return),
                  [this, alias] { show_details(alias); }, verb("show"), model == nullptr ? choose_first : QString()});
  made.push_back({QStringLiteral("models.experts"),
                  group,
                  tr("Export the expert load as CSV…"),
                  QStringLiteral("experts heat map csv export विशेषज्ञ"),
                  {},
                  [this] { export_experts(); },
                  verb("experts"),
                  experts_->has_counts() ? QString() : tr("nothing was counted yet")});
  for (Command& command : try_->commands()) made.push_back(std::move(command));
  return made;
}

}  // namespace tijori
