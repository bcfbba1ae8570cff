// The sheet of keys, Ctrl+/: every key that does something now, by group, from the commands themselves.
#pragma once

#include <QDialog>
#include <vector>

#include "admin-ui/views/command.h"

namespace tijori {

class KeySheet : public QDialog {
  Q_OBJECT

 public:
  // Those of the commands that have keys.
  explicit KeySheet(const std::vector<Command>& commands, QWidget* parent = nullptr);
};

}  // namespace tijori
