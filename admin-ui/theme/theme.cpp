#include "admin-ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QStyle>
#include <QStyleFactory>
#include <QSvgRenderer>
#include <QWidget>

namespace tijori {
namespace {

// What the desktop gives to a program that sets nothing: our own palette hides it.
QPalette desktop_palette() {
  const QPalette own = QGuiApplication::palette();
  QGuiApplication::setPalette({});
  const QPalette desktop = QGuiApplication::palette();
  QGuiApplication::setPalette(own);
  return desktop;
}

}  // namespace

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

Look Theme::system_look() {
  const QPalette desktop = desktop_palette();
  const bool dark = desktop.color(QPalette::Window).lightness() < desktop.color(QPalette::WindowText).lightness();
  const QString accessibility = qEnvironmentVariable("GTK_THEME");
  if (accessibility.contains(QLatin1String("HighContrast")))
    return accessibility.contains(QLatin1String("Inverse")) || dark ? Look::contrast_black : Look::contrast_white;
  return dark ? Look::dark : Look::light;
}

void Theme::apply(QApplication& application, Look look, Script script) {
  look_ = look;
  script_ = script;
  if (application.style()->objectName() != QLatin1String("fusion"))
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QPalette palette;
  const auto set = [&](QPalette::ColorRole of, Colour role) { palette.setColor(of, colour(role)); };
  set(QPalette::Window, Colour::canvas);
  set(QPalette::WindowText, Colour::text);
  set(QPalette::Base, Colour::surface);
  set(QPalette::AlternateBase, Colour::sunken);
  set(QPalette::Text, Colour::text);
  set(QPalette::PlaceholderText, Colour::text3);
  set(QPalette::Button, Colour::surface);
  set(QPalette::ButtonText, Colour::text);
  set(QPalette::Highlight, Colour::accent_soft);
  set(QPalette::HighlightedText, Colour::text);
  set(QPalette::Link, Colour::accent);
  set(QPalette::LinkVisited, Colour::accent);
  set(QPalette::ToolTipBase, Colour::raised);
  set(QPalette::ToolTipText, Colour::text);
  set(QPalette::Mid, Colour::line);
  set(QPalette::Dark, Colour::edge);
  for (const auto of : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, of, colour(Colour::text3));
  QApplication::setPalette(palette);
  QApplication::setFont(font(Type::body));
  application.setStyleSheet(style_sheet());
  emit changed();
}

QPixmap Theme::icon(const QString& name, Colour role, int size_px, double device_ratio) const {
  const QColor ink = colour(role);
  const QString key = QStringLiteral("tijori-icon %1 %2 %3 %4").arg(name, ink.name()).arg(size_px).arg(device_ratio);
  QPixmap drawn;
  if (QPixmapCache::find(key, &drawn)) return drawn;
  QFile file(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
  Q_ASSERT_X(file.exists(), "Theme::icon", qPrintable(name));
  if (!file.open(QIODevice::ReadOnly)) return {};
  QByteArray svg = file.readAll();
  svg.replace("currentColor", ink.name().toLatin1());
  QSvgRenderer renderer(svg);
  drawn = QPixmap(QSize(size_px, size_px) * device_ratio);
  drawn.setDevicePixelRatio(device_ratio);
  drawn.fill(Qt::transparent);
  QPainter painter(&drawn);
  renderer.render(&painter, QRectF(0, 0, size_px, size_px));
  painter.end();
  QPixmapCache::insert(key, drawn);
  return drawn;
}

QPixmap icon_pixmap(const QString& name, Colour role, const QWidget& on, int size_px) {
  return Theme::instance().icon(name, role, size_px, on.devicePixelRatioF());
}

// A style sheet takes images from files only, and in the colour that they have.
QString Theme::icon_file(const QString& name, Colour role) {
  if (!files_) files_ = std::make_unique<QTemporaryDir>();
  const QString ink = colour(role).name();
  const QString path = files_->filePath(name + ink.mid(1) + QStringLiteral(".svg"));
  if (QFile::exists(path)) return path;
  QFile source(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
  QFile target(path);
  if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly)) return {};
  target.write(source.readAll().replace("currentColor", ink.toLatin1()));
  return path;
}

// Names in braces are colour roles. QSS has no variables and no line height; text that wraps sets its own.
QString Theme::style_sheet() {
  QString sheet = QStringLiteral(R"(
* { outline: none; }
QToolTip { background: {raised}; color: {text}; border: 1px solid {edge}; padding: 4px 8px; }
QLabel[tone="second"] { color: {text2}; }
QLabel[tone="note"] { color: {text3}; }
QLabel[tone="danger"] { color: {danger}; }
QLabel[tone="warn"] { color: {warn}; }
QLabel[tone="ok"] { color: {ok}; }
QFrame[panel="true"] { background: {surface}; border: 1px solid {line}; border-radius: 8px; }
QFrame[raised="true"] { background: {raised}; border: 1px solid {edge}; border-radius: 10px; }
QFrame[divider="true"] { background: {line}; border: none; }
QWidget[fill="surface"] { background: {surface}; }
QWidget[fill="sunken"] { background: {sunken}; }
QWidget[fill="canvas"] { background: {canvas}; }
QWidget[fill="rail"] { background: {rail}; }
QPushButton { background: {surface}; color: {text}; border: 1px solid {edge}; border-radius: 6px;
  padding: {pad}px 12px 0 12px; min-height: {inner}px; max-height: {inner}px; }
QPushButton:hover { background: {hover}; }
QPushButton:pressed { background: {line}; }
QPushButton:disabled { background: {sunken}; color: {text3}; border-color: {line}; }
QPushButton[compact="true"] { border-radius: 5px; padding: {pad}px 8px 0 8px; min-height: {innercompact}px;
  max-height: {innercompact}px; }
QPushButton[kind="primary"] { background: {accent}; color: {on_accent}; border-color: {accent}; }
QPushButton[kind="primary"]:hover { background: {accent_hover}; border-color: {accent_hover}; }
QPushButton[kind="primary"]:pressed { background: {accent_press}; border-color: {accent_press}; }
QPushButton[kind="primary"]:disabled { background: {sunken}; color: {text3}; border-color: {line}; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: {hover}; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: {accent}; padding-left: 4px;
  padding-right: 4px; }
QPushButton[kind="link"]:hover { color: {accent_hover}; background: {hover}; }
QPushButton[kind="danger"] { color: {danger}; border-color: {danger}; }
QPushButton[kind="danger"]:hover { background: {danger_soft}; }
QPushButton[kind="confirm"] { background: {danger}; color: {surface}; border-color: {danger}; }
QPushButton[kind="danger"]:disabled, QPushButton[kind="confirm"]:disabled { background: {sunken}; color: {text3};
  border-color: {line}; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: {surface}; border: 1px solid {edge};
  border-radius: 6px; selection-background-color: {accent_soft}; selection-color: {text}; }
QLineEdit, QAbstractSpinBox, QComboBox { padding: {pad}px 10px 0 10px; min-height: {inner}px; max-height: {inner}px; }
QPlainTextEdit, QTextEdit { padding: 6px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: {sunken}; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QAbstractSpinBox[wrong="true"] { border: 1px solid {danger}; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { background: {sunken}; color: {text3}; border-color: {line}; }
QComboBox { padding-right: 26px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url({down}); width: 12px; height: 12px; }
QComboBox::down-arrow:disabled { image: url({down_off}); }
QAbstractSpinBox { padding-right: 26px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; border: none; background: transparent;
  width: 24px; height: 15px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 1px 1px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 1px 1px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: {hover}; }
QAbstractSpinBox::up-arrow { image: url({up}); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url({down}); width: 10px; height: 10px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {
  image: none; }
QCheckBox::indicator, QTableView::indicator { width: 16px; height: 16px; border: 1px solid {edge}; border-radius: 4px;
  background: {surface}; }
QCheckBox::indicator:checked, QTableView::indicator:checked { background: {accent}; border-color: {accent};
  image: url({check}); }
QCheckBox::indicator:disabled { background: {sunken}; border-color: {line}; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid {edge}; border-radius: 9px; background: {surface}; }
QRadioButton::indicator:checked { border: 5px solid {accent}; width: 8px; height: 8px; }
QTabWidget::pane { border: none; border-top: 1px solid {line}; top: -1px; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: {text2}; border: none; border-bottom: 2px solid transparent;
  padding: 7px 4px 6px 4px; margin: 0 10px; }
QTabBar::tab:hover { color: {text}; }
QTabBar::tab:selected { color: {text}; border-bottom: 2px solid {accent}; font-weight: 600; }
QDialog { background: {surface}; }
QProgressBar { background: {line}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; text-align: right; }
QProgressBar::chunk { background: {accent}; border-radius: 3px; }
QMessageBox, QInputDialog { background: {surface}; }
QComboBox QAbstractItemView { background: {raised}; border: 1px solid {edge}; selection-background-color: {accent_soft};
  selection-color: {text}; }
QMenu { background: {raised}; border: 1px solid {edge}; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 16px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: {accent_soft}; }
QMenu::item:disabled { color: {text3}; }
QMenu::separator { height: 1px; background: {line}; margin: 4px 0; }
QTableView, QListView, QTreeView { background: {surface}; border: none; gridline-color: {line};
  selection-background-color: {accent_soft}; selection-color: {text}; alternate-background-color: {surface}; }
QHeaderView { background: {sunken}; border: none; }
QHeaderView::section { background: {sunken}; color: {text2}; border: none; border-bottom: 1px solid {line};
  padding: 0 8px; }
QTableCornerButton::section { background: {sunken}; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: {edge}; border: 3px solid {surface}; border-radius: 6px; min-height: 32px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle:horizontal { background: {edge}; border: 3px solid {surface}; border-radius: 6px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent;
  border: none; width: 0; height: 0; }
QSplitter::handle { background: {line}; }
QCheckBox, QRadioButton { spacing: 8px; }
)");
  sheet.replace(QLatin1String("{down}"), icon_file(QStringLiteral("chevron-down"), Colour::text2));
  sheet.replace(QLatin1String("{down_off}"), icon_file(QStringLiteral("chevron-down"), Colour::line));
  sheet.replace(QLatin1String("{up}"), icon_file(QStringLiteral("chevron-up"), Colour::text2));
  sheet.replace(QLatin1String("{check}"), icon_file(QStringLiteral("check-lg"), Colour::on_accent));
  const int growth = script_ == Script::devanagari ? 2 : 0;
  sheet.replace(QLatin1String("{pad}"), QString::number(growth));
  sheet.replace(QLatin1String("{inner}"), QString::number(metric::control_height - 2 + growth));
  sheet.replace(QLatin1String("{innercompact}"), QString::number(metric::compact_height - 2 + growth));
  static constexpr std::array names{"canvas",       "rail",         "surface",   "raised",      "sunken",     "hover",
                                    "line",         "edge",         "text",      "text2",       "text3",      "accent",
                                    "accent_hover", "accent_press", "on_accent", "accent_soft", "focus",      "ok",
                                    "ok_soft",      "warn",         "warn_soft", "danger",      "danger_soft"};
  static_assert(names.size() == colour_count);
  for (std::size_t i = 0; i < names.size(); ++i)
    sheet.replace(QLatin1Char('{') + QLatin1String(names.at(i)) + QLatin1Char('}'),
                  colour(static_cast<Colour>(i)).name());
  return sheet;
}

}  // namespace tijori
