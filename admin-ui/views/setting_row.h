// One setting: its name, one sentence, its control, what it is by default and where the value comes from. A changed one
// carries a bar and can be reset.
#pragma once

#include <QBoxLayout>
#include <QWidget>

#include "admin-ui/models/setting_search.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class SettingRow : public QWidget {
  Q_OBJECT

 public:
  // `control` may be nullptr: then set_value() says what is so.
  SettingRow(const SettingWords& words, QWidget* control, QWidget* parent = nullptr);

  void set_value(const QString& value);
  // `origin`: "Default: 10 min. From this console."
  void set_origin(const QString& origin);
  void set_changed(bool changed);
  void add_control(QWidget* control);
  bool fits(const QString& typed) const { return setting_fits(typed, words_); }

 signals:
  void reset_asked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  SettingWords words_;
  QBoxLayout* across_;
  QBoxLayout* controls_;
  TextLabel* value_ = nullptr;
  TextLabel* origin_;
  Button* reset_;
  bool changed_ = false;
};

}  // namespace tijori
