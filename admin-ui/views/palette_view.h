// The command palette, Ctrl+K: everything the console can do here, found by a few letters in either language, run with
// Enter, copied as a command with Ctrl+Enter; Tab chooses what to do it to.
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
  // What there is for what was typed so far; asked at every letter. Groups are shown in the order they come in.
  using Provider = std::function<std::vector<Command>(const QString& typed)>;

  // Lies over `window`, whose size it follows.
  explicit PaletteView(QWidget* window);
  void open(Provider provider);
  void close_palette();
  bool is_open() const { return isVisible(); }
  void refill();  // there may be more by now

 signals:
  void closed();
  void copied(const QString& command_line);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill(const QString& typed);
  void add_group(const QString& group, const std::vector<std::pair<int, size_t>>& ranked, const QString& typed);
  void place();
  void show_command_line();
  const Command* current() const;
  void run_current();
  void copy_current();
  void choose_object();
  void step(int by);
  bool press(const QKeyEvent& key);

  Provider provider_;
  Provider outer_;  // while an object is chosen: what Esc comes back to
  QString outer_typed_;
  std::vector<Command> commands_;
  QWidget* box_;
  QLineEdit* field_;
  TextLabel* results_;
  QListView* list_;
  QStandardItemModel* model_;
  QWidget* foot_;
  TextLabel* command_line_;
};

}  // namespace tijori
