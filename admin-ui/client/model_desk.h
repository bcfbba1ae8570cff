// What the Models screen asks of the appliance and when: the list while somebody looks, four times a second while
// something loads; details and plans once each; loading and unloading; the experts of one model. No widgets.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "admin-ui/client/session.h"
#include "admin-ui/models/expert_load.h"
#include "admin-ui/models/model_table.h"
#include "protocol/model_types.h"

namespace tijori {

class ModelDesk : public QObject {
  Q_OBJECT

 public:
  // Both must outlive it.
  ModelDesk(Session& session, ModelTable& models, QObject* parent = nullptr);

  void start();
  void stop();
  void refresh();

  bool may(const char* method, const char* path) const { return session_.permits(method, path); }
  bool may_load() const;
  bool may_unload() const;
  bool may_plan() const;

  using PlanTaker = std::function<void(const Answer<ModelPlan>& plan)>;
  void plan(const std::string& alias, const ModelChoice& choice, QObject* context, PlanTaker done);
  void load(const std::string& alias, const ModelChoice& choice);
  // Cancels a load that is under way.
  void unload(const std::string& alias, int64_t drain_s);

  // The model whose experts are followed; "" for none.
  void follow(const std::string& alias);
  const std::string& followed() const { return followed_; }
  const ExpertWindow& experts() const { return window_; }

 signals:
  void listed();  // the table was filled anew
  void list_failed(const tijori::ClientError& error);
  // A load that the appliance refused: with the numbers when it doesn't fit, else in a sentence.
  void does_not_fit(const tijori::ModelPlan& plan);
  void refused(const std::string& alias, const QString& sentence);
  void loaded(const std::string& alias);
  void load_failed(const std::string& alias, const QString& sentence);
  // Gone, with the choice it was loaded with.
  void unloaded(const std::string& alias, const tijori::ModelChoice& choice);
  void cancelled(const std::string& alias, const tijori::ModelChoice& choice);
  void experts_counted();
  void experts_failed(const tijori::ClientError& error);

 private:
  enum class Wish : uint8_t { load, unload, cancel };
  struct Pending {
    Wish wish;
    ModelChoice choice;
    bool seen_moving = false;
  };

  void ask_list();
  void take_list(const Answer<ModelList>& answer);
  void forget_gone();
  void settle(const ModelInfo& model);
  void ask_more();
  void ask_experts();
  void take_experts(const std::string& alias, const Answer<ExpertLoad>& answer);
  void take_refusal(const std::string& alias, const ModelChoice& choice, const ClientError& error);
  ModelChoice choice_of(const std::string& alias) const;

  Session& session_;
  ModelTable& models_;
  QTimer list_timer_;
  QTimer experts_timer_;
  bool on_ = false;
  bool asked_ = false;
  bool more_asked_ = false;
  bool experts_asked_ = false;
  std::set<std::string> details_tried_;  // alias and digest
  std::set<std::string> plans_tried_;
  std::set<std::string> loaded_;  // aliases: plans are void when it changes
  std::map<std::string, Pending> pending_;
  std::map<std::string, ModelChoice> choices_;  // what each was last loaded with from here
  std::string followed_;
  ExpertWindow window_;
};

// "/admin/v1/models/{alias}/…"
std::string model_target(const std::string& alias, const char* verb);

}  // namespace tijori
