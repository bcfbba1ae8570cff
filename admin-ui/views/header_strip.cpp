#include "admin-ui/views/header_strip.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPainter>
#include <QResizeEvent>
#include <QTextLayout>
#include <QTimeZone>

#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int wide_box_px = 248;
constexpr int narrow_box_px = 36;     // the icon alone
constexpr int narrow_below_px = 900;  // of the strip

// Looks like a field with the search icon and the key at its right, and is a button.
class CommandBox : public QPushButton {
 public:
  using QPushButton::QPushButton;

  // Where room is short its icon stands alone; its words are its accessible name and its tooltip.
  QSize minimumSizeHint() const override { return {narrow_box_px, metric::control_height}; }

 protected:
  void paintEvent(QPaintEvent* /*event*/) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(paint(Colour::edge));
    painter.setBrush(paint(underMouse() ? Colour::hover : Colour::sunken));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metric::radius_control,
                            metric::radius_control);
    const double middle = height() / 2.0;
    painter.drawPixmap(QPointF(10, middle - 8), icon_pixmap(QStringLiteral("search"), Colour::text3, *this));
    if (width() < wide_box_px) return;
    const QFont letters = type(Type::body);
    painter.setFont(letters);
    painter.setPen(paint(Colour::text3));
    painter.drawText(QPointF(34, middle + baseline_drop(letters.pixelSize())), text());
    const QFont small = type(Type::axis);
    const QString keys = QStringLiteral("Ctrl K");
    const double wide = QFontMetricsF(small).horizontalAdvance(keys) + 12;
    const QRectF cap(width() - wide - 7, middle - 10, wide, 20);
    painter.setPen(paint(Colour::line));
    painter.setBrush(paint(Colour::surface));
    painter.drawRoundedRect(cap, 4, 4);
    painter.setFont(small);
    painter.setPen(paint(Colour::text2));
    painter.drawText(QPointF(cap.left() + 6, middle + baseline_drop(small.pixelSize())), keys);
  }
};

// One line, or two where one isn't enough.
class SentenceLabel : public TextLabel {
 public:
  using TextLabel::TextLabel;

 protected:
  void paintEvent(QPaintEvent* event) override {
    const QFontMetricsF metrics(font());
    if (metrics.horizontalAdvance(text()) <= width()) return TextLabel::paintEvent(event);
    QPainter painter(this);
    painter.setPen(paint(Colour::text));
    const QFont letters = type(Type::label);
    painter.setFont(letters);
    const double line_px = Theme::instance().line_height(Type::label);
    QTextLayout layout(text(), letters);
    layout.beginLayout();
    QTextLine first = layout.createLine();
    first.setLineWidth(width());
    layout.endLayout();
    const QString rest = text().mid(first.textLength());
    const double top = (height() - 2 * line_px) / 2;
    const double drop = baseline_drop(letters.pixelSize());
    painter.drawText(QPointF(0, top + line_px / 2 + drop), text().left(first.textLength()).trimmed());
    const QString second = QFontMetricsF(letters).elidedText(rest, Qt::ElideRight, width());
    painter.drawText(QPointF(0, top + line_px * 1.5 + drop), second);
    setToolTip(second == rest ? QString() : text());
  }
};

}  // namespace

HeaderStrip::HeaderStrip(QWidget* parent)
    : QWidget(parent),
      picture_(new QLabel),
      sentence_(new SentenceLabel(Type::body_strong)),
      link_(new Button({}, ButtonKind::link)),
      command_box_(new CommandBox(tr("Search or run a command"))),
      india_(new TextLabel(Type::body_strong)),
      utc_(new TextLabel(Type::label, Colour::text3)) {
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(metric::content_padding, 0, 20, 0);
  row->setSpacing(10);
  column->addLayout(row, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  sentence_->setObjectName(QStringLiteral("header.sentence"));
  link_->setObjectName(QStringLiteral("header.link"));
  command_box_->setObjectName(QStringLiteral("header.command_box"));
  sentence_->set_elide(Qt::ElideRight);
  row->addWidget(picture_);
  row->addWidget(sentence_);
  row->addWidget(link_);
  row->addStretch(1);
  command_box_->setFixedSize(wide_box_px, metric::control_height);
  command_box_->setToolTip(tr("Search or run a command, Ctrl+K"));
  command_box_->setCursor(Qt::IBeamCursor);
  command_box_->setAccessibleName(tr("Search or run a command, Ctrl+K"));
  row->addWidget(command_box_);
  row->addSpacing(8);
  auto* line = make_divider(Qt::Vertical);
  line->setFixedHeight(24);
  row->addWidget(line);
  row->addSpacing(8);
  row->addWidget(india_);
  row->addWidget(utc_);
  link_->hide();
  connect(link_, &Button::clicked, this, [this] {
    if (follow_) follow_();
  });
  connect(command_box_, &QPushButton::clicked, this, &HeaderStrip::palette_asked);
  const auto restyle = [this] {
    setFixedHeight(48 + Theme::instance().script_growth());
    sentence_->setFixedHeight(2 * Theme::instance().line_height(Type::label));
    draw_mark();
  };
  connect(&Theme::instance(), &Theme::changed, this, restyle);
  restyle();
  connect(&clock_, &QTimer::timeout, this, &HeaderStrip::tick);
  clock_.start(1000);
  tick();
}

void HeaderStrip::set_health(HealthMark mark, const QString& sentence, const QString& link,
                             std::function<void()> follow) {
  mark_ = mark;
  if (sentence_->text() != sentence) sentence_->setText(sentence);
  sentence_->setAccessibleName(sentence);
  link_->setText(link);
  link_->setVisible(!link.isEmpty());
  follow_ = std::move(follow);
  draw_mark();
}

void HeaderStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool narrow = event->size().width() < narrow_below_px;
  command_box_->setFixedWidth(narrow ? narrow_box_px : wide_box_px);
  utc_->setVisible(!narrow);
}

void HeaderStrip::draw_mark() {
  switch (mark_) {
    case HealthMark::good:
      picture_->setPixmap(icon_pixmap(QStringLiteral("check-circle-fill"), Colour::ok, *this));
      break;
    case HealthMark::note:
      picture_->setPixmap(icon_pixmap(QStringLiteral("info-circle-fill"), Colour::accent, *this));
      break;
    case HealthMark::action:
      picture_->setPixmap(icon_pixmap(QStringLiteral("exclamation-triangle-fill"), Colour::warn, *this));
      break;
    case HealthMark::wrong:
      picture_->setPixmap(icon_pixmap(QStringLiteral("x-octagon-fill"), Colour::danger, *this));
      break;
  }
}

void HeaderStrip::tick() {
  const QDateTime now = QDateTime::currentDateTimeUtc();
  static const QTimeZone india_zone("Asia/Kolkata");
  india_->setText(now.toTimeZone(india_zone).toString(QStringLiteral("HH:mm:ss")) + QStringLiteral(" IST"));
  utc_->setText(now.toString(QStringLiteral("HH:mm:ss")) + QStringLiteral(" UTC"));
}

}  // namespace tijori
