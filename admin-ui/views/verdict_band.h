// How far the log is proven: one band with what is known, a verification under way, and above it what can't be closed.
#pragma once

#include <QProgressBar>
#include <QWidget>

#include "admin-ui/models/audit_verdict.h"
#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/notice.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class VerdictBand : public QWidget {
  Q_OBJECT

 public:
  explicit VerdictBand(QWidget* parent = nullptr);
  void show_words(const VerdictWords& words);
  void show_breaches(const std::vector<Breach>& breaches);
  Button* verify_button() const { return verify_; }

 signals:
  // The kept checkpoint of a breach is wanted as a file.
  void checkpoint_wanted(const QByteArray& note);

 private:
  void paint_icon();

  QVBoxLayout* notices_;
  std::vector<Breach> breaches_;
  VerdictWords words_;
  QLabel* picture_;
  TextLabel* title_;
  TextLabel* when_;
  TextLabel* pace_;
  TextLabel* note_;
  Badge* badge_;
  QProgressBar* bar_;
  Button* verify_;
  int announced_tenth_ = -1;
};

}  // namespace tijori
