#include "admin-ui/client/model_desk.h"

#include "admin-ui/client/chat_stream.h"

namespace tijori {
namespace {

constexpr int resting_ms = 1'000;
constexpr int moving_ms = 250;
constexpr int experts_ms = 1'000;
constexpr const char* list_target = "/admin/v1/models";
constexpr const char* plan_route = "/admin/v1/models/{alias}/plan";
constexpr const char* load_route = "/admin/v1/models/{alias}/load";
constexpr const char* unload_route = "/admin/v1/models/{alias}/unload";
constexpr const char* details_route = "/admin/v1/models/{alias}/details";
constexpr const char* experts_route = "/admin/v1/models/{alias}/experts";

QString words_of(const ClientError& error) {
  return shown_text(error.error.message);
}

std::string file_key(const ModelInfo& model) {
  return model.alias + ' ' + model.sha256;
}

}  // namespace

std::string model_target(const std::string& alias, const char* verb) {
  return std::string(list_target) + '/' + percent_encode(alias) + '/' + verb;
}

ModelDesk::ModelDesk(Session& session, ModelTable& models, QObject* parent)
    : QObject(parent), session_(session), models_(models) {
  list_timer_.setSingleShot(true);
  connect(&list_timer_, &QTimer::timeout, this, &ModelDesk::ask_list);
  experts_timer_.setSingleShot(true);
  connect(&experts_timer_, &QTimer::timeout, this, &ModelDesk::ask_experts);
}

bool ModelDesk::may_load() const {
  return may("POST", load_route);
}

bool ModelDesk::may_unload() const {
  return may("POST", unload_route);
}

bool ModelDesk::may_plan() const {
  return may("POST", plan_route);
}

void ModelDesk::start() {
  on_ = true;
  ask_list();
  ask_experts();
}

void ModelDesk::stop() {
  on_ = false;
  list_timer_.stop();
  experts_timer_.stop();
}

void ModelDesk::refresh() {
  details_tried_.clear();
  plans_tried_.clear();
  ask_list();
}

void ModelDesk::ask_list() {
  if (asked_ || !may("GET", list_target)) return;
  asked_ = true;
  session_.get<ModelList>(list_target, this, [this](const Answer<ModelList>& answer) { take_list(answer); });
}

void ModelDesk::take_list(const Answer<ModelList>& answer) {
  asked_ = false;
  if (!answer) {
    if (on_) list_timer_.start(resting_ms);
    emit list_failed(answer.error());
    return;
  }
  models_.set(answer->models, steady_us());
  forget_gone();
  std::set<std::string> loaded;
  for (const ModelInfo& model : answer->models)
    if (model.state == ModelState::ready) loaded.insert(model.alias);
  if (loaded != loaded_) {
    // What is free has changed, so that another answer is possible.
    loaded_ = std::move(loaded);
    models_.forget_plans();
    plans_tried_.clear();
  }
  for (const ModelInfo& model : answer->models) settle(model);
  if (on_) list_timer_.start(models_.is_moving() || !pending_.empty() ? moving_ms : resting_ms);
  ask_more();
  emit listed();
}

// A daemon may name other models every time: only of those in the table is kept what was tried.
void ModelDesk::forget_gone() {
  std::set<std::string> files;
  for (int row = 0; row < models_.rowCount(); ++row) files.insert(file_key(models_.model(row)));
  std::erase_if(details_tried_, [&](const std::string& key) { return !files.contains(key); });
  std::erase_if(plans_tried_, [&](const std::string& alias) { return models_.row_of(alias) < 0; });
}

// What was asked for has come about, or hasn't.
void ModelDesk::settle(const ModelInfo& model) {
  const auto found = pending_.find(model.alias);
  if (found == pending_.end()) return;
  Pending& pending = found->second;
  if (is_moving(model.state)) {
    pending.seen_moving = true;
    return;
  }
  const std::string alias = model.alias;
  const Pending done = pending;
  if (done.wish == Wish::load) {
    if (model.state == ModelState::ready) {
      pending_.erase(found);
      emit loaded(alias);
    } else if (model.state == ModelState::failed) {
      pending_.erase(found);
      emit load_failed(alias, shown_text(model.message));
    } else if (done.seen_moving) {
      pending_.erase(found);
      emit load_failed(alias,
                       model.message.empty() ? tr("It was unloaded while it was loading.") : shown_text(model.message));
    }
    return;
  }
  if (model.state != ModelState::allowed && model.state != ModelState::failed) return;
  pending_.erase(found);
  if (done.wish == Wish::cancel) {
    emit cancelled(alias, done.choice);
  } else {
    emit unloaded(alias, done.choice);
  }
}

// One question at a time, so that what somebody waits for never stands behind many.
void ModelDesk::ask_more() {
  if (more_asked_) return;
  for (int row = 0; row < models_.rowCount(); ++row) {
    const ModelInfo& model = models_.model(row);
    const std::string alias = model.alias;
    if (models_.details(alias) == nullptr && may("GET", details_route) &&
        details_tried_.insert(file_key(model)).second) {
      more_asked_ = true;
      session_.get<ModelFile>(model_target(alias, "details"), this, [this, alias](const Answer<ModelFile>& answer) {
        more_asked_ = false;
        if (answer) models_.set_details(alias, *answer);
        if (answer) emit listed();
        ask_more();
      });
      return;
    }
    const bool is_at_rest = model.state == ModelState::allowed;
    if (is_at_rest && models_.plan(alias) == nullptr && may_plan() && plans_tried_.insert(alias).second) {
      more_asked_ = true;
      plan(alias, {}, this, [this, alias](const Answer<ModelPlan>& answer) {
        more_asked_ = false;
        if (answer) models_.set_plan(alias, *answer);
        if (answer) emit listed();
        ask_more();
      });
      return;
    }
  }
}

void ModelDesk::plan(const std::string& alias, const ModelChoice& choice, QObject* context, PlanTaker done) {
  session_.post<ModelPlan>(model_target(alias, "plan"), choice, context, std::move(done));
}

void ModelDesk::load(const std::string& alias, const ModelChoice& choice) {
  choices_[alias] = choice;
  session_.post<ModelInfo>(model_target(alias, "load"), choice, this,
                           [this, alias, choice](const Answer<ModelInfo>& answer) {
                             if (!answer) return take_refusal(alias, choice, answer.error());
                             pending_[alias] = {Wish::load, choice, false};
                             ask_list();
                           });
}

void ModelDesk::take_refusal(const std::string& alias, const ModelChoice& choice, const ClientError& error) {
  if (error.api_code != "does_not_fit" || !may_plan()) {
    emit refused(alias, words_of(error));
    return;
  }
  plan(alias, choice, this, [this, alias, sentence = words_of(error)](const Answer<ModelPlan>& answer) {
    if (answer && !answer->fits) {
      emit does_not_fit(*answer);
    } else {
      emit refused(alias, sentence);
    }
  });
}

ModelChoice ModelDesk::choice_of(const std::string& alias) const {
  const ModelInfo* const model = models_.find(alias);
  if (model != nullptr && model->context_tokens > 0)
    return {model->context_tokens, model->max_sequences, model->kv_type};
  const auto found = choices_.find(alias);
  return found == choices_.end() ? ModelChoice{} : found->second;
}

void ModelDesk::unload(const std::string& alias, int64_t drain_s) {
  const ModelInfo* const model = models_.find(alias);
  const bool is_loading = model != nullptr && model->state != ModelState::ready;
  const ModelChoice choice = choice_of(alias);
  session_.post<ModelInfo>(model_target(alias, "unload"), UnloadModel{.drain_s = drain_s}, this,
                           [this, alias, choice, is_loading](const Answer<ModelInfo>& answer) {
                             if (!answer) return emit refused(alias, words_of(answer.error()));
                             pending_[alias] = {is_loading ? Wish::cancel : Wish::unload, choice, false};
                             ask_list();
                           });
}

void ModelDesk::follow(const std::string& alias) {
  if (alias == followed_) return;
  followed_ = alias;
  window_.clear();
  if (on_) ask_experts();
}

void ModelDesk::ask_experts() {
  experts_timer_.stop();
  if (experts_asked_ || followed_.empty() || !may("GET", experts_route)) return;
  experts_asked_ = true;
  session_.get<ExpertLoad>(
      model_target(followed_, "experts"), this,
      [this, alias = followed_](const Answer<ExpertLoad>& answer) { take_experts(alias, answer); });
}

void ModelDesk::take_experts(const std::string& alias, const Answer<ExpertLoad>& answer) {
  experts_asked_ = false;
  if (on_) experts_timer_.start(alias == followed_ ? experts_ms : 0);
  if (alias != followed_) return;
  if (!answer) {
    emit experts_failed(answer.error());
    return;
  }
  window_.add(answer->time_us, to_counts(*answer));
  emit experts_counted();
}

}  // namespace tijori
