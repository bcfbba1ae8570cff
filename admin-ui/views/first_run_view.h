// The way of somebody who has nothing yet: four steps, of which the one at hand holds its form. The logic is in
// client/first_run.h.
#pragma once

#include <QCheckBox>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWidget>

#include "admin-ui/client/first_run.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/passphrase_edit.h"
#include "admin-ui/views/parts/path_edit.h"
#include "admin-ui/views/parts/segment.h"
#include "admin-ui/views/parts/step_row.h"

namespace tijori {

class FirstRunView : public QWidget {
  Q_OBJECT

 public:
  explicit FirstRunView(QWidget* parent = nullptr);

  // Goes on with what was begun, or begins.
  void begin();
  bool is_begun() const { return store_.load().has_value(); }
  const FirstRun& run() const { return run_; }
  // The appliance answered: what was carried is removed, the set-up is over.
  void finish();
  // It didn't, and why.
  void say_failure(const QString& title, const QString& advice);

 signals:
  void left();
  void connect_asked(const Appliance& appliance, std::shared_ptr<Secret> passphrase);

 private:
  void rebuild();
  void rebuild_soon();
  void fill_authority(StepRow& row);
  void fill_certificate(StepRow& row);
  void fill_command(StepRow& row);
  void fill_connect(StepRow& row);
  void add_facts(StepRow& row, FirstStep step);
  void make_authority();
  void make_certificate();
  void take(const Status& status, const FirstRun& made);
  void write_to_stick();
  void it_matches();
  void it_differs();
  void ask_to_connect();
  void save();
  Appliance chosen_appliance() const;

  FirstRunStore store_;
  FirstRun run_;
  QVBoxLayout* outer_;
  QWidget* page_ = nullptr;

  // Of the page at hand; gone with it.
  QLineEdit* appliance_ = nullptr;
  QLineEdit* name_ = nullptr;
  PathEdit* folder_ = nullptr;
  PassphraseEdit* passphrase_ = nullptr;
  PassphraseEdit* new_passphrase_ = nullptr;
  PassphraseEdit* again_ = nullptr;
  QSpinBox* days_ = nullptr;
  std::vector<QCheckBox*> roles_;
  Segment* way_ = nullptr;
  QLineEdit* ssh_ = nullptr;
  QLineEdit* socket_ = nullptr;
  CommandBox* command_ = nullptr;
  Button* go_ = nullptr;
  Notice* notice_ = nullptr;
};

}  // namespace tijori
