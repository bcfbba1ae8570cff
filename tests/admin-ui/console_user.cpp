#include "tests/admin-ui/console_user.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTextDocument>
#include <QTextEdit>
#include <QTimer>

#include "admin-ui/models/cell.h"

namespace tijori::test {

QString plain(const QString& text) {
  if (!Qt::mightBeRichText(text)) return text;
  QTextDocument document;
  document.setHtml(text);
  return document.toPlainText();
}

// As a desktop does when a window opens or is clicked; the platform without a screen forgets it at times.
void bring_up(QWidget* window) {
  if (window->isActiveWindow()) return;
  QApplication::setActiveWindow(window);
  QCoreApplication::processEvents();
}

// Notes every window that opens without being a dialog, a menu or the console itself: a part that is shown before it
// has its place, and flashes on a desktop.
class StrayWindows : public QObject {
 public:
  QStringList found;

  bool eventFilter(QObject* watched, QEvent* event) override {
    const auto* const widget = event->type() == QEvent::Show ? qobject_cast<QWidget*>(watched) : nullptr;
    if (widget != nullptr && widget->isWindow() && (widget->windowType() & Qt::Window) != 0 &&
        qobject_cast<const QDialog*>(widget) == nullptr && qobject_cast<const QMainWindow*>(widget) == nullptr &&
        widget->windowType() != Qt::Popup && widget->windowType() != Qt::ToolTip)
      found << QLatin1String(widget->metaObject()->className());
    return false;
  }
};

ConsoleUser::ConsoleUser() : strays_(std::make_unique<StrayWindows>()), window_(std::make_unique<MainWindow>()) {
  qApp->installEventFilter(strays_.get());
  window_->resize(1440, 900);
  window_->show();
  activate();
}

ConsoleUser::~ConsoleUser() = default;

void ConsoleUser::activate() {
  bring_up(window_.get());
}

QStringList ConsoleUser::stray_windows() const {
  return strays_->found;
}

QList<QWidget*> ConsoleUser::tops() const {
  QList<QWidget*> found;
  if (QWidget* const modal = QApplication::activeModalWidget()) found << modal;
  if (QWidget* const popup = QApplication::activePopupWidget()) found << popup;
  for (QWidget* const dialog : window_->findChildren<QWidget*>())
    if (dialog->isWindow() && dialog->isVisible() && !found.contains(dialog)) found << dialog;
  found << window_.get();
  return found;
}

QWidget* ConsoleUser::find(const QString& name) const {
  for (QWidget* const top : tops()) {
    QList<QWidget*> candidates = top->findChildren<QWidget*>();
    candidates.prepend(top);
    for (const int pass : {0, 1, 2})
      for (QWidget* const widget : candidates) {
        if (!widget->isVisible() || widget->window() != top) continue;
        const auto* const button = qobject_cast<QAbstractButton*>(widget);
        if ((pass == 0 && widget->objectName() == name) || (pass == 1 && button != nullptr && button->text() == name) ||
            (pass == 2 && widget->accessibleName() == name))
          return widget;
      }
  }
  return nullptr;
}

QWidget* ConsoleUser::wait_for(const QString& name, double seconds) const {
  (void)QTest::qWaitFor([&] { return sees(name); }, patience_ms(seconds));
  return find(name);
}

bool ConsoleUser::click(const QString& name, double seconds) {
  const bool there = QTest::qWaitFor(
      [&] {
        QWidget* const widget = find(name);
        return widget != nullptr && widget->isEnabled();
      },
      patience_ms(seconds));
  if (!there) {
    qWarning("nothing to click named %s; the window reads:\n%s", qPrintable(name), qPrintable(text()));
    return false;
  }
  QWidget* const found = find(name);
  bring_up(found->window());
  auto* const area = qobject_cast<QAbstractScrollArea*>(found);
  QTest::mouseClick(area != nullptr ? area->viewport() : found, Qt::LeftButton);
  return true;
}

bool ConsoleUser::type_into(const QString& field, const QString& text, double seconds) {
  if (!click(field, seconds)) return false;
  QWidget* const widget = find(field);
  if (!QTest::qWaitFor([&] { return widget->hasFocus(); }, patience_ms(2))) {
    qWarning("%s doesn't take the focus", qPrintable(field));
    return false;
  }
  QTest::keyClick(widget, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClick(widget, Qt::Key_Delete);
  QTest::keyClicks(widget, text);
  return true;
}

QWidget* ConsoleUser::receiver() {
  QWidget* const top = tops().constFirst();
  bring_up(top);
  QWidget* const focus = QApplication::focusWidget();
  if (focus != nullptr && focus->window() == top) return focus;
  return top->focusWidget() != nullptr ? top->focusWidget() : top;
}

void ConsoleUser::type(const QString& text) {
  QTest::keyClicks(receiver(), text);
}

void ConsoleUser::press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
  QTest::keyClick(receiver(), key, modifiers);
}

bool ConsoleUser::click_cell(QAbstractItemView* view, const QModelIndex& index) {
  if (!index.isValid()) return false;
  view->scrollTo(index);
  const QRect place = view->visualRect(index);
  if (place.isEmpty()) return false;
  QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, place.center());
  return view->currentIndex().row() == index.row();
}

QModelIndex ConsoleUser::row_with(const QString& table, const QString& words) const {
  const auto* const view = qobject_cast<QAbstractItemView*>(find(table));
  if (view == nullptr) return {};
  const QAbstractItemModel* const model = view->model();
  for (int row = 0; row < model->rowCount(); ++row)
    for (int column = 0; column < model->columnCount(); ++column) {
      const QModelIndex index = model->index(row, column);
      if (index.data().toString().contains(words) || index.data(badge_role).value<BadgeText>().word.contains(words))
        return index;
    }
  return {};
}

bool ConsoleUser::click_row(const QString& table, const QString& words, double seconds) {
  if (!QTest::qWaitFor([&] { return row_with(table, words).isValid(); }, patience_ms(seconds))) {
    qWarning("%s has no row with %s; the window reads:\n%s", qPrintable(table), qPrintable(words), qPrintable(text()));
    return false;
  }
  return click_cell(qobject_cast<QAbstractItemView*>(find(table)), row_with(table, words));
}

void ConsoleUser::in_next_dialog(std::function<void()> act) {
  auto* const timer = new QTimer(window_.get());
  QObject::connect(timer, &QTimer::timeout, window_.get(), [timer, act = std::move(act)] {
    if (QApplication::activeModalWidget() == nullptr) return;
    timer->deleteLater();
    timer->stop();
    act();
  });
  timer->start(20);
}

void ConsoleUser::name_in_next_dialog(const QString& file) {
  in_next_dialog([file] {
    // selectFile() leaves the name as it is once the keyboard is in it.
    auto* const name = QApplication::activeModalWidget()->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    QVERIFY(name != nullptr);
    name->setText(file);
    QTest::keyClick(name, Qt::Key_Return);
  });
}

bool ConsoleUser::open_screen(const QString& id) {
  const auto entry = [&] { return qobject_cast<QAbstractButton*>(find(QStringLiteral("rail.") + id)); };
  // The rail is filled anew when the daemon says what it can do; its entries are laid out a moment later.
  const bool there = QTest::qWaitFor(
      [&] {
        return window_->session() != nullptr && window_->session()->capabilities().has_value() && entry() != nullptr &&
               entry()->isEnabled();
      },
      patience_ms(20));
  if (!there) {
    qWarning("no %s in the rail; the window reads:\n%s", qPrintable(id), qPrintable(text()));
    return false;
  }
  activate();
  if (!QTest::qWaitFor([&] { return entry() != nullptr; }, patience_ms(5))) return false;
  // The rail says it itself; where its entries stand isn't settled before they are laid out.
  const int digit = entry()->toolTip().back().digitValue();
  if (digit < 1) return false;
  press(static_cast<Qt::Key>(Qt::Key_0 + digit), Qt::ControlModifier);
  const bool opened = QTest::qWaitFor([&] { return entry() != nullptr && entry()->isChecked(); }, patience_ms(5));
  if (!opened) {
    const QWidget* const focus = QApplication::focusWidget();
    qWarning("Ctrl+%d doesn't open %s; active %d, focus %s", digit, qPrintable(id), window_->isActiveWindow(),
             focus == nullptr ? "nowhere" : qPrintable(focus->objectName()));
  }
  return opened;
}

QString ConsoleUser::text() const {
  QStringList lines;
  for (QWidget* const top : tops())
    for (QWidget* const widget : top->findChildren<QWidget*>()) {
      if (!widget->isVisible() || widget->window() != top) continue;
      if (const auto* const label = qobject_cast<QLabel*>(widget)) {
        lines << plain(label->text());
      } else if (const auto* const button = qobject_cast<QAbstractButton*>(widget)) {
        lines << button->text();
      } else if (const auto* const field = qobject_cast<QLineEdit*>(widget)) {
        lines << field->text() << field->placeholderText();
      } else if (const auto* const box = qobject_cast<QComboBox*>(widget)) {
        lines << box->currentText();
      } else if (const auto* const pad = qobject_cast<QPlainTextEdit*>(widget)) {
        lines << pad->toPlainText();
      } else if (const auto* const page = qobject_cast<QTextEdit*>(widget)) {
        lines << page->toPlainText();
      } else if (const auto* const table = qobject_cast<QAbstractItemView*>(widget)) {
        const QAbstractItemModel* const model = table->model();
        for (int row = 0; model != nullptr && row < model->rowCount(); ++row) {
          if (!table->viewport()->rect().intersects(table->visualRect(model->index(row, 0)))) continue;
          for (int column = 0; column < model->columnCount(); ++column) {
            const QModelIndex index = model->index(row, column);
            lines << index.data().toString() << index.data(badge_role).value<BadgeText>().word
                  << index.data(second_line_role).toString();
          }
        }
      }
      lines << widget->accessibleName() << widget->accessibleDescription();
    }
  lines.removeAll({});
  return lines.join(QLatin1Char('\n'));
}

bool ConsoleUser::wait_to_read(const QString& words, double seconds) const {
  if (QTest::qWaitFor([&] { return reads(words); }, patience_ms(seconds))) return true;
  qWarning("never read: %s; the window reads:\n%s", qPrintable(words), qPrintable(text()));
  return false;
}

void ConsoleUser::fill_connect_form(const ApplianceRig& rig, const Identity& identity, const QString& passphrase,
                                    const QString& socket) {
  activate();
  if (!sees(QStringLiteral("connect.name"))) click(QStringLiteral("connect.add"));
  type_into(QStringLiteral("connect.name"), QStringLiteral("vault-1"));
  type_into(QStringLiteral("connect.socket"), socket.isEmpty() ? rig.admin_socket() : socket);
  type_into(QStringLiteral("connect.authority"), rig.authority());
  type_into(QStringLiteral("connect.certificate"), identity.certificate);
  if (!identity.key.isEmpty()) type_into(QStringLiteral("connect.key"), identity.key);
  type_into(QStringLiteral("connect.passphrase"), passphrase);
  press(Qt::Key_Return);
}

bool ConsoleUser::connect_to(const ApplianceRig& rig, const Identity& identity, const QString& passphrase) {
  fill_connect_form(rig, identity, passphrase);
  const bool connected = QTest::qWaitFor(
      [this] { return window_->session() != nullptr && window_->session()->status().has_value(); }, patience_ms(20));
  if (!connected) qWarning("not connected; the window reads:\n%s", qPrintable(text()));
  return connected;
}

bool ConsoleUser::connect_through(const QString& socket, const ApplianceRig& rig) {
  return connect_through(socket, rig, rig.admin());
}

bool ConsoleUser::connect_through(const QString& socket, const ApplianceRig& rig, const Identity& identity) {
  fill_connect_form(rig, identity, {}, socket);
  return QTest::qWaitFor([this] { return window_->session() != nullptr; }, patience_ms(20));
}

}  // namespace tijori::test
