// The form of one appliance: all of it when it is added or edited, certificate and passphrase alone when a saved one is
// connected to.
#pragma once

#include <QLineEdit>
#include <QVBoxLayout>
#include <QWidget>
#include <vector>

#include "admin-ui/client/appliance.h"
#include "admin-ui/views/parts/command_box.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/passphrase_edit.h"
#include "admin-ui/views/parts/path_edit.h"
#include "admin-ui/views/parts/segment.h"

namespace tijori {

class ConnectForm : public QWidget {
  Q_OBJECT

 public:
  enum class Extent : uint8_t { whole, credentials_alone };

  explicit ConnectForm(QWidget* parent = nullptr);
  void show_appliance(const Appliance& appliance, Extent extent);
  Extent extent() const { return extent_; }
  Appliance appliance() const;
  Secret take_passphrase() { return passphrase_->take(); }
  void focus_first();

 signals:
  void submitted();  // Enter in a field

 private:
  QWidget* add(const QString& label, const char* name, QWidget* field);
  void take_way(int way);
  // What the files say of themselves: whether a key and a passphrase are needed, and whether others may read them.
  void look_at_files();
  void propose_key();
  void refill();

  Appliance base_;  // what the form doesn't show
  Extent extent_ = Extent::whole;
  QVBoxLayout* column_;
  QLineEdit* name_;
  QLineEdit* site_;
  Segment* way_;
  QLineEdit* ssh_;
  PathEdit* socket_;
  PathEdit* api_socket_;
  PathEdit* authority_;
  PathEdit* certificate_;
  PathEdit* key_;
  PassphraseEdit* passphrase_;
  TextLabel* tunnel_note_;
  CommandBox* tunnel_;
  TextLabel* wiped_;
  Notice* open_file_;
  std::vector<QWidget*> whole_only_;
  QWidget* key_box_ = nullptr;
  QWidget* ssh_box_ = nullptr;
};

}  // namespace tijori
