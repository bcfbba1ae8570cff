// The strip above every screen: how the appliance is, in one sentence; the command box; the time in India and UTC.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

enum class HealthMark : uint8_t { good, note, action, wrong };

class HeaderStrip : public QWidget {
  Q_OBJECT

 public:
  explicit HeaderStrip(QWidget* parent = nullptr);
  // At most one link, to where it is mended; "" for none.
  void set_health(HealthMark mark, const QString& sentence, const QString& link = {},
                  std::function<void()> follow = {});

 signals:
  void palette_asked();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void tick();
  void draw_mark();

  HealthMark mark_ = HealthMark::note;
  QLabel* picture_;
  TextLabel* sentence_;
  Button* link_;
  QPushButton* command_box_;
  TextLabel* india_;
  TextLabel* utc_;
  QTimer clock_;
  std::function<void()> follow_;
};

}  // namespace tijori
