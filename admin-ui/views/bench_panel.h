// The bench: one text through two policies, side by side. Nothing of it is stored.
#pragma once

#include <QBoxLayout>
#include <QComboBox>
#include <QPlainTextEdit>

#include "admin-ui/views/bench_pane.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/segment.h"

namespace tijori {

class BenchPanel : public Panel {
  Q_OBJECT

 public:
  explicit BenchPanel(QWidget* parent = nullptr);

  QString text() const;
  std::string stage() const;
  void set_refusal(const QString& why);
  void set_running(bool running);
  void set_names(const QString& compared, const QString& draft);
  void show_pair(const BenchPair& pair, const QString& text, const std::string& stage);
  void show_failure(const QString& sentence);
  void set_old(bool old);
  void focus_text();

 signals:
  void run_asked();
  void text_changed();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* make_entry();

  QComboBox* samples_;
  Segment* stage_;
  Button* run_;
  QPlainTextEdit* text_;
  QBoxLayout* across_;
  BenchPane* compared_;
  BenchPane* draft_;
  QFrame* first_line_;
  QFrame* second_line_;
  QWidget* entry_;
  TextLabel* caption_;
  bool filling_ = false;
};

}  // namespace tijori
