// The acts of a policy's life, from a console: save, run the pack, approve, activate, roll back; what each asks first,
// and what is said of it afterwards.
#pragma once

#include <QObject>
#include <functional>
#include <optional>

#include "admin-ui/client/policy_desk.h"
#include "admin-ui/models/activation.h"
#include "admin-ui/models/policy_draft.h"

namespace tijori {

class PolicyActs : public QObject {
  Q_OBJECT

 public:
  // All must outlive it; dialogs open over `window`.
  PolicyActs(PolicyDesk& desk, PolicyDraft& draft, QWidget& window);

  void save();
  void check();
  void approve();
  void activate();
  void roll_back();
  // What is known of acts under way, and of the pack of the draft as it is.
  void fill(ActivationFacts& facts) const;
  const std::vector<CheckFailure>& failures() const;

 signals:
  void changed();
  void saved(const std::string& digest);
  void toast(const QString& sentence, const std::function<void()>& undo);
  void trouble(const QString& title, const QString& advice);

 private:
  void roll_back_from(const std::string& expected, const QString& sentence);
  bool failed(const ClientError* error, const QString& title);
  void begin();
  void end();

  PolicyDesk& desk_;
  PolicyDraft& draft_;
  QWidget& window_;
  std::optional<CheckReply> pack_;
  std::string checking_;  // digest; "" when no pack runs
  int busy_ = 0;
};

}  // namespace tijori
