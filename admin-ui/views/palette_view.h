// The command palette, Ctrl+K: everything the console can do here, found by a few letters, run with Enter, copied as a
// command with Ctrl+Enter.
#pragma once

#include <QLineEdit>
#include <QListView>
#include <QStandardItemModel>
#include <QWidget>
#include <vector>

#include "admin-ui/views/command.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class PaletteView : public QWidget {
  Q_OBJECT

 public:
  // Lies over `window`, whose size it follows.
  explicit PaletteView(QWidget* window);
  void open(std::vector<Command> commands);
  void close_palette();
  bool is_open() const { return isVisible(); }

 signals:
  void closed();
  void copied(const QString& command_line);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill(const QString& typed);
  void show_command_line();
  const Command* current() const;
  void run_current();

  std::vector<Command> commands_;
  QWidget* box_;
  QLineEdit* field_;
  QListView* list_;
  QStandardItemModel* model_;
  TextLabel* command_line_;
};

}  // namespace tijori
