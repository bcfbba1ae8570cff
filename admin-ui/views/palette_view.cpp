#include "admin-ui/views/palette_view.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/client/catalogue.h"
#include "admin-ui/models/palette_match.h"
#include "admin-ui/views/palette_delegate.h"
#include "admin-ui/views/parts/key_cap.h"
#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int width_px = 680;
constexpr int top_px = 112;
constexpr int list_px = 420;
constexpr size_t max_of_a_group = 8;  // once something is typed

QString alias_of(const Command& command) {
  QString alias = in_other_language(command.title);
  if (alias.endsWith(QChar(0x2026))) alias.chop(1);
  return alias;
}

}  // namespace

PaletteView::PaletteView(QWidget* window)
    : QWidget(window),
      box_(new QFrame(this)),
      field_(new QLineEdit),
      results_(new TextLabel(Type::label, Colour::text2)),
      list_(new QListView),
      model_(new QStandardItemModel(this)),
      foot_(new QWidget),
      command_line_(new TextLabel(Type::mono, Colour::text2)) {
  hide();
  setAccessibleName(tr("Command palette"));
  box_->setProperty("raised", true);
  auto* column = new QVBoxLayout(box_);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(10, 10, 10, 10);
  field_->setObjectName(QStringLiteral("palette.field"));
  field_->setFont(type(Type::palette));
  field_->setAccessibleName(tr("Search or run a command"));
  field_->addAction(QIcon(icon_pixmap(QStringLiteral("search"), Colour::text2, *this)), QLineEdit::LeadingPosition);
  field_->setStyleSheet(QStringLiteral("QLineEdit { min-height: 36px; max-height: 36px; }"));
  auto* over = new QHBoxLayout(field_);
  over->setContentsMargins(0, 0, 12, 0);
  over->addStretch();
  over->addWidget(results_);
  results_->setAttribute(Qt::WA_TransparentForMouseEvents);
  head->addWidget(field_);
  list_->setObjectName(QStringLiteral("palette.list"));
  list_->setModel(model_);
  list_->setItemDelegate(new PaletteDelegate(list_));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(false);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Commands"));
  list_->setStyleSheet(QStringLiteral("QListView { background: transparent; }"));
  auto* line = new QHBoxLayout;
  line->setContentsMargins(18, 6, 16, 6);
  line->setSpacing(8);
  auto* picture = new QLabel;
  picture->setPixmap(icon_pixmap(QStringLiteral("terminal"), Colour::text2, *this));
  line->addWidget(picture);
  command_line_->set_elide(Qt::ElideRight);
  line->addWidget(command_line_, 1);
  auto* keys = new QHBoxLayout(foot_);
  keys->setContentsMargins(16, 6, 16, 8);
  keys->setSpacing(8);
  const auto cap = [keys](const char* key, const QString& what) {
    keys->addWidget(new KeyCap(QString::fromUtf8(key)));
    auto* words = new TextLabel(what, Type::label, Colour::text2);
    keys->addWidget(words);
    keys->addSpacing(8);
  };
  cap("\xe2\x86\x91 \xe2\x86\x93", tr("move"));
  cap("Enter", tr("run"));
  cap("Ctrl Enter", tr("copy as command"));
  cap("Tab", tr("choose what"));
  keys->addStretch();
  cap("Esc", tr("close"));
  column->addLayout(head);
  column->addWidget(list_);
  column->addWidget(make_divider(Qt::Horizontal));
  column->addLayout(line);
  column->addWidget(make_divider(Qt::Horizontal));
  column->addWidget(foot_);
  field_->installEventFilter(this);
  window->installEventFilter(this);
  connect(field_, &QLineEdit::textChanged, this, &PaletteView::fill);
  connect(list_, &QListView::clicked, this, [this] { run_current(); });
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &PaletteView::show_command_line);
}

void PaletteView::open(Provider provider) {
  provider_ = std::move(provider);
  outer_ = {};
  field_->setPlaceholderText(tr("Search or run a command"));
  place();
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

void PaletteView::refill() {
  if (!isVisible() || outer_) return;
  const Command* const chosen = current();
  const QString id = chosen == nullptr ? QString() : chosen->id;
  fill(field_->text());
  for (int row = 0; row < model_->rowCount(); ++row) {
    const QVariant number = model_->index(row, 0).data(PaletteDelegate::number_role);
    if (number.isValid() && commands_.at(number.toUInt()).id == id) list_->setCurrentIndex(model_->index(row, 0));
  }
}

void PaletteView::place() {
  setGeometry(parentWidget()->rect());
  box_->setFixedWidth(std::min(width_px, width() - 32));
  const int top = std::min(top_px, height() / 10);
  foot_->setVisible(height() > 520);
  // Head, command line and foot around it.
  list_->setFixedHeight(std::clamp(height() - top - 180, 120, list_px));
  box_->adjustSize();
  box_->move((width() - box_->width()) / 2, top);
}

void PaletteView::fill(const QString& typed) {
  commands_ = provider_ ? provider_(typed) : std::vector<Command>{};
  model_->clear();
  std::vector<QString> groups;
  std::vector<std::vector<std::pair<int, size_t>>> ranked;
  size_t results = 0;
  for (size_t i = 0; i < commands_.size(); ++i) {
    const Command& command = commands_[i];
    const PaletteMatch match = match_palette(typed, command.title, command.note, {alias_of(command)},
                                             command.search + QLatin1Char(' ') + command.id);
    if (!match.fits) continue;
    auto group = std::ranges::find(groups, command.group);
    if (group == groups.end()) {
      groups.push_back(command.group);
      ranked.emplace_back();
      group = groups.end() - 1;
    }
    ranked.at(static_cast<size_t>(group - groups.begin())).emplace_back(match.rank, i);
    ++results;
  }
  for (size_t group = 0; group < groups.size(); ++group) {
    if (!typed.isEmpty()) std::ranges::stable_sort(ranked[group], {}, &std::pair<int, size_t>::first);
    if (!typed.isEmpty() && !outer_ && ranked[group].size() > max_of_a_group) ranked[group].resize(max_of_a_group);
    add_group(groups[group], ranked[group], typed);
  }
  results_->setText(typed.isEmpty() ? QString() : tr("%n result(s)", nullptr, static_cast<int>(results)));
  results_->setVisible(!typed.isEmpty());
  field_->layout()->activate();  // its room follows its words at once
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->index(row, 0).data(PaletteDelegate::number_role).isValid()) {
      list_->setCurrentIndex(model_->index(row, 0));
      break;
    }
  if (model_->rowCount() > 0) list_->scrollToTop();
  show_command_line();
}

void PaletteView::add_group(const QString& group, const std::vector<std::pair<int, size_t>>& ranked,
                            const QString& typed) {
  auto* head = new QStandardItem(group);
  head->setFlags(Qt::NoItemFlags);
  model_->appendRow(head);
  for (const auto& [rank, number] : ranked) {
    const Command& command = commands_.at(number);
    const QString alias = alias_of(command);
    const PaletteMatch match = match_palette(typed, command.title, command.note, {alias}, command.search + command.id);
    auto* row = new QStandardItem(command.title);
    row->setEditable(false);
    row->setData(static_cast<uint>(number), PaletteDelegate::number_role);
    row->setData(command.icon, PaletteDelegate::icon_role);
    row->setData(command.keys.toString(QKeySequence::NativeText), PaletteDelegate::keys_role);
    row->setData(command.refusal, PaletteDelegate::refusal_role);
    row->setData(static_cast<bool>(command.objects), PaletteDelegate::objects_role);
    // A word of the other language is shown where it was found.
    row->setData(match.alias >= 0 ? alias : command.note, PaletteDelegate::note_role);
    row->setData(typed, PaletteDelegate::typed_role);
    row->setAccessibleText(command.refusal.isEmpty() ? command.title
                                                     : command.title + QStringLiteral(", ") + command.refusal);
    model_->appendRow(row);
  }
}

const Command* PaletteView::current() const {
  const QVariant number = list_->currentIndex().data(PaletteDelegate::number_role);
  return number.isValid() ? &commands_.at(number.toUInt()) : nullptr;
}

void PaletteView::show_command_line() {
  const Command* const command = current();
  const QString line = command != nullptr && command->command_line ? command->command_line() : QString();
  command_line_->set_role(line.isEmpty() ? Colour::text3 : Colour::text2);
  command_line_->setText(!line.isEmpty()      ? line
                         : command == nullptr ? tr("Nothing has these words.")
                                              : tr("no command line does this"));
}

void PaletteView::run_current() {
  const Command* const command = current();
  if (command == nullptr || !command->refusal.isEmpty()) return;
  const auto run = command->run;
  close_palette();
  if (run) run();
}

void PaletteView::copy_current() {
  const Command* const command = current();
  if (command == nullptr || !command->command_line || command->command_line().isEmpty()) return;
  const QString line = command->command_line();
  QApplication::clipboard()->setText(line);
  close_palette();
  emit copied(line);
}

void PaletteView::choose_object() {
  const Command* const command = current();
  if (command == nullptr || !command->objects || outer_) return;
  outer_ = provider_;
  outer_typed_ = field_->text();
  field_->setPlaceholderText(command->title);
  provider_ = [objects = command->objects](const QString& /*typed*/) { return objects(); };
  field_->clear();
  fill({});
}

void PaletteView::step(int by) {
  int row = list_->currentIndex().row();
  for (int tries = 0; tries < model_->rowCount(); ++tries) {
    row = (row + by + model_->rowCount()) % model_->rowCount();
    if (model_->index(row, 0).data(PaletteDelegate::number_role).isValid()) break;
  }
  list_->setCurrentIndex(model_->index(row, 0));
  // The name of the first group comes into view with its first row.
  if (row == 1) list_->scrollToTop();
}

bool PaletteView::press(const QKeyEvent& key) {
  switch (key.key()) {
    case Qt::Key_Down:
      step(1);
      return true;
    case Qt::Key_Up:
      step(-1);
      return true;
    case Qt::Key_Tab:
      choose_object();
      return true;
    case Qt::Key_Backtab:
      return true;
    case Qt::Key_Escape:
      if (!outer_) {
        close_palette();
      } else {
        provider_ = std::exchange(outer_, {});
        field_->setPlaceholderText(tr("Search or run a command"));
        field_->setText(outer_typed_);
        fill(outer_typed_);
      }
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if ((key.modifiers() & Qt::ControlModifier) != 0) {
        copy_current();
      } else {
        run_current();
      }
      return true;
    default:
      return false;
  }
}

bool PaletteView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) place();
  if (watched != field_) return QWidget::eventFilter(watched, event);
  // Its own keys come before the shortcuts of the window.
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* const key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Escape || key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) event->accept();
    return QWidget::eventFilter(watched, event);
  }
  if (event->type() == QEvent::KeyPress && press(*static_cast<QKeyEvent*>(event))) return true;
  return QWidget::eventFilter(watched, event);
}

void PaletteView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.fillRect(rect(), QColor(0, 0, 0, 150));
}

void PaletteView::mousePressEvent(QMouseEvent* event) {
  if (!box_->geometry().contains(event->pos())) close_palette();
}

}  // namespace tijori
