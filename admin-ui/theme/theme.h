// What the whole console looks like now: look (light, dark, high contrast) and script (English, Hindi). One object for
// the application, used by its GUI thread; every widget repaints when it changes.
#pragma once

#include <QFont>
#include <QObject>
#include <QPixmap>
#include <QString>
#include <QTemporaryDir>
#include <memory>

#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

class QApplication;
class QWidget;

namespace tijori {

// Sizes in px at 100 %.
namespace metric {
inline constexpr int unit = 4;
inline constexpr int gap = 12;
inline constexpr int content_padding = 24;
inline constexpr int rail_width = 208;
inline constexpr int narrow_rail_width = 56;
inline constexpr int drawer_width = 396;
inline constexpr int control_height = 32;
inline constexpr int compact_height = 26;
inline constexpr int icon = 16;
inline constexpr int radius_badge = 4;
inline constexpr int radius_compact = 5;
inline constexpr int radius_control = 6;
inline constexpr int radius_panel = 8;
inline constexpr int radius_raised = 10;
}  // namespace metric

class Theme : public QObject {
  Q_OBJECT

 public:
  static Theme& instance();

  Look look() const { return look_; }
  Script script() const { return script_; }
  bool is_dark() const { return look_ == Look::dark || look_ == Look::contrast_black; }
  bool is_high_contrast() const { return look_ == Look::contrast_black || look_ == Look::contrast_white; }
  // 0 in Hindi's favour: what a height grows by where lines are higher.
  int script_growth() const { return script_ == Script::devanagari ? 4 : 0; }

  // Sets palette, style sheet and base font of the application, then emits changed().
  void apply(QApplication& application, Look look, Script script);
  // What the desktop asks for now.
  static Look system_look();

  QColor colour(Colour role) const { return tijori::colour(look_, role); }
  QColor series(std::size_t number) const { return series_colour(look_, number); }
  QFont font(Type type) const { return tijori::font(script_, type); }
  int line_height(Type type) const { return tijori::line_height(script_, type); }

  // An icon of admin-ui/icons ("lock", "check-circle-fill") in one colour, at the device's resolution; cached.
  QPixmap icon(const QString& name, Colour role, int size_px, double device_ratio) const;

 signals:
  void changed();

 private:
  Theme() = default;
  QString style_sheet();
  QString icon_file(const QString& name, Colour role);

  std::unique_ptr<QTemporaryDir> files_;  // icons in colour, for the style sheet alone
  Look look_ = Look::light;
  Script script_ = Script::latin;
};

// Shorthands for painting code.
inline QColor paint(Colour role) {
  return Theme::instance().colour(role);
}
inline QFont type(Type kind) {
  return Theme::instance().font(kind);
}
QPixmap icon_pixmap(const QString& name, Colour role, const QWidget& on, int size_px = metric::icon);

}  // namespace tijori
