#include "admin-ui/views/palette_view.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int width_px = 680;
constexpr int top_px = 112;
constexpr int number_role = Qt::UserRole + 1;  // index into the commands; none in a group's head
constexpr int keys_role = Qt::UserRole + 2;
constexpr int refusal_role = Qt::UserRole + 3;

class PaletteDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const override {
    return {100, (index.data(number_role).isValid() ? 34 : 28) + Theme::instance().script_growth()};
  }
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    const QRect box = option.rect;
    const double middle = box.top() + box.height() / 2.0;
    const auto write = [&](const QString& text, Type kind, Colour ink, double left) {
      const QFont letters = type(kind);
      painter->setFont(letters);
      painter->setPen(tijori::paint(ink));
      painter->drawText(QPointF(left, middle + baseline_drop(letters.pixelSize())), text);
      return QFontMetricsF(letters).horizontalAdvance(text);
    };
    if (!index.data(number_role).isValid()) {
      write(index.data(Qt::DisplayRole).toString(), Type::badge, Colour::text3, box.left() + 16);
      painter->restore();
      return;
    }
    const bool is_current = (option.state & QStyle::State_Selected) != 0;
    if (is_current) {
      painter->fillRect(box, tijori::paint(Colour::accent_soft));
      painter->fillRect(QRect(box.left(), box.top(), 3, box.height()), tijori::paint(Colour::accent));
    }
    const QString refusal = index.data(refusal_role).toString();
    double left = box.left() + 16;
    if (!refusal.isEmpty()) {
      painter->drawPixmap(QPointF(left, middle - 7), Theme::instance().icon(QStringLiteral("lock"), Colour::text3, 14,
                                                                            option.widget->devicePixelRatioF()));
      left += 22;
    }
    left += write(index.data(Qt::DisplayRole).toString(), is_current ? Type::body_strong : Type::body,
                  refusal.isEmpty() ? Colour::text : Colour::text3, left);
    if (!refusal.isEmpty()) write(refusal, Type::label, Colour::text3, left + 12);
    const QString keys = index.data(keys_role).toString();
    if (!keys.isEmpty())
      write(keys, Type::axis, Colour::text3,
            box.right() - 16 - QFontMetricsF(type(Type::axis)).horizontalAdvance(keys));
    painter->restore();
  }
};

// Every typed word must be somewhere in the title or in the further words.
bool fits(const Command& command, const QString& typed) {
  const QString all = command.title + QLatin1Char(' ') + command.search + QLatin1Char(' ') + command.id;
  for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts))
    if (!all.contains(word, Qt::CaseInsensitive)) return false;
  return true;
}

}  // namespace

PaletteView::PaletteView(QWidget* window)
    : QWidget(window),
      box_(new QFrame(this)),
      field_(new QLineEdit),
      list_(new QListView),
      model_(new QStandardItemModel(this)),
      command_line_(new TextLabel(Type::mono, Colour::text2)) {
  hide();
  setAccessibleName(tr("Command palette"));
  box_->setProperty("panel", true);
  box_->setFixedWidth(width_px);
  auto* column = new QVBoxLayout(box_);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  field_->setFont(type(Type::palette));
  setObjectName(QStringLiteral("palette"));
  field_->setObjectName(QStringLiteral("palette.field"));
  list_->setObjectName(QStringLiteral("palette.list"));
  command_line_->setObjectName(QStringLiteral("palette.command_line"));
  field_->setFrame(false);
  field_->setPlaceholderText(tr("Search or run a command"));
  field_->setAccessibleName(tr("Search or run a command"));
  field_->setStyleSheet(QStringLiteral(
      "QLineEdit { border: none; background: transparent; padding: 8px 16px; min-height: 28px; max-height: 28px; }"));
  list_->setModel(model_);
  list_->setItemDelegate(new PaletteDelegate(list_));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFixedHeight(420);
  list_->setUniformItemSizes(false);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setAccessibleName(tr("Commands"));
  command_line_->setContentsMargins(16, 0, 16, 0);
  command_line_->set_elide(Qt::ElideRight);
  auto* keys =
      new TextLabel(tr("↑↓ move   Enter run   Ctrl+Enter copy as command   Esc close"), Type::label, Colour::text3);
  keys->setContentsMargins(16, 0, 16, 0);
  column->addWidget(field_);
  column->addWidget(make_divider(Qt::Horizontal));
  column->addWidget(list_);
  column->addWidget(make_divider(Qt::Horizontal));
  column->addWidget(command_line_);
  column->addWidget(keys);
  column->addSpacing(6);
  field_->installEventFilter(this);
  window->installEventFilter(this);
  connect(field_, &QLineEdit::textChanged, this, &PaletteView::fill);
  connect(list_, &QListView::clicked, this, [this] { run_current(); });
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &PaletteView::show_command_line);
}

void PaletteView::open(std::vector<Command> commands) {
  commands_ = std::move(commands);
  setGeometry(parentWidget()->rect());
  box_->move((width() - width_px) / 2, std::min(top_px, height() / 8));
  field_->clear();
  fill({});
  raise();
  show();
  field_->setFocus(Qt::ShortcutFocusReason);
}

void PaletteView::close_palette() {
  if (!isVisible()) return;
  hide();
  emit closed();
}

void PaletteView::fill(const QString& typed) {
  model_->clear();
  QString group;
  int first = -1;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    const Command& command = commands_.at(i);
    if (!fits(command, typed)) continue;
    if (command.group != group) {
      group = command.group;
      auto* head = new QStandardItem(group);
      head->setFlags(Qt::NoItemFlags);
      model_->appendRow(head);
    }
    auto* row = new QStandardItem(command.title);
    row->setData(static_cast<int>(i), number_role);
    row->setData(command.keys.toString(QKeySequence::NativeText), keys_role);
    row->setData(command.refusal, refusal_role);
    row->setEditable(false);
    model_->appendRow(row);
    if (first < 0) first = model_->rowCount() - 1;
  }
  if (first >= 0) list_->setCurrentIndex(model_->index(first, 0));
  show_command_line();
}

const Command* PaletteView::current() const {
  const QVariant number = list_->currentIndex().data(number_role);
  return number.isValid() ? &commands_.at(static_cast<std::size_t>(number.toInt())) : nullptr;
}

void PaletteView::show_command_line() {
  const Command* const command = current();
  command_line_->setText(command != nullptr && command->command_line ? command->command_line() : QString());
}

void PaletteView::run_current() {
  const Command* const command = current();
  if (command == nullptr || !command->refusal.isEmpty()) return;
  const auto run = command->run;
  close_palette();
  if (run) run();
}

bool PaletteView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) {
    setGeometry(parentWidget()->rect());
    box_->move((width() - width_px) / 2, std::min(top_px, height() / 8));
  }
  if (watched != field_ || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const auto* const key = static_cast<QKeyEvent*>(event);
  const auto step = [this](int by) {
    int row = list_->currentIndex().row();
    for (int tries = 0; tries < model_->rowCount(); ++tries) {
      row = (row + by + model_->rowCount()) % model_->rowCount();
      if (model_->index(row, 0).data(number_role).isValid()) break;
    }
    list_->setCurrentIndex(model_->index(row, 0));
  };
  switch (key->key()) {
    case Qt::Key_Down:
      step(1);
      return true;
    case Qt::Key_Up:
      step(-1);
      return true;
    case Qt::Key_Escape:
      close_palette();
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if ((key->modifiers() & Qt::ControlModifier) != 0) {
        const Command* const command = current();
        if (command != nullptr && command->command_line && !command->command_line().isEmpty()) {
          QApplication::clipboard()->setText(command->command_line());
          emit copied(command->command_line());
          close_palette();
        }
      } else {
        run_current();
      }
      return true;
    default:
      return false;
  }
}

void PaletteView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.fillRect(rect(), QColor(0, 0, 0, 150));
}

void PaletteView::mousePressEvent(QMouseEvent* event) {
  if (!box_->geometry().contains(event->pos())) close_palette();
}

}  // namespace tijori
