// The side rail: appliance, screens, who is signed in.
#pragma once

#include <QWidget>
#include <vector>

#include "admin-ui/theme/theme.h"

namespace tijori {

struct RailEntry {
  QString id;
  QString icon;
  QString title;
  enum class Mark : uint8_t { digit, finding, locked } mark = Mark::digit;
};

class RailButton;
class TextLabel;
class Button;

class Rail : public QWidget {
  Q_OBJECT

 public:
  explicit Rail(QWidget* parent = nullptr);
  void set_appliance(const QString& name, const QString& site);
  void set_person(const QString& name, const QString& roles);
  void set_entries(const std::vector<RailEntry>& entries);
  void choose(const QString& id);
  // Icons only.
  void set_narrow(bool narrow);

 signals:
  void chosen(const QString& id);
  void lock_asked();
  void switch_asked();

 private:
  QWidget* head_;
  TextLabel* appliance_;
  TextLabel* site_;
  Button* switcher_;
  QWidget* list_;
  std::vector<RailButton*> buttons_;
  QWidget* foot_;
  TextLabel* person_;
  TextLabel* roles_;
  Button* lock_;
  bool narrow_ = false;
};

}  // namespace tijori
