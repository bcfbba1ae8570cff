// Shows every new checkpoint of the connected appliance to the witness, in a thread of its own, and says what came of
// it. Lives in the GUI thread; no call of it blocks.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin-ui/client/lane.h"
#include "admin-ui/client/witness.h"

namespace tijori {

class Session;

// What the witness knows of the appliance's log, as of the last checkpoint that was shown to it.
struct WitnessView {
  size_t kept = 0;
  size_t unproven = 0;  // of them
  std::optional<Witnessed> last;
  std::vector<WitnessAlarm> alarms;
  std::optional<VerifierKey> key;  // pinned
  size_t damaged = 0;              // lines of its files
  std::string trouble;             // why it can't work now; "" while it can
};

class WitnessWatch : public QObject {
  Q_OBJECT

 public:
  // The session must outlive it.
  WitnessWatch(Session& session, std::filesystem::path folder);
  ~WitnessWatch() override;
  // "witness" in the user's data folder.
  static std::filesystem::path default_folder();

  // Nothing before the first checkpoint was looked at.
  const std::optional<WitnessView>& view() const { return view_; }
  const std::filesystem::path& folder() const { return folder_; }

 signals:
  void changed();

 private:
  struct Worker;
  void look();
  void take(WitnessView view, bool is_proven);

  Session& session_;
  const std::filesystem::path folder_;
  std::shared_ptr<Worker> worker_;
  std::unique_ptr<Lane> lane_;
  QTimer again_;
  std::optional<WitnessView> view_;
  std::string shown_;  // the note last shown, and whether the log was shorter than it says
  bool busy_ = false;
};

}  // namespace tijori
