// A person at the console: finds what is on the window by its name or its words, clicks, types, reads. Nothing here
// calls into the console's own code but for making its window.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QLineEdit>
#include <QtTest>
#include <functional>
#include <memory>

#include "admin-ui/views/main_window.h"
#include "tests/admin-ui/appliance_rig.h"

namespace tijori::test {

class StrayWindows;

class ConsoleUser {
 public:
  ConsoleUser();
  ~ConsoleUser();

  MainWindow& window() { return *window_; }
  // Brings this person's window to the front, as a second person at a second console would have their own.
  void activate();

  // The first visible widget, dialogs first, whose objectName, accessible name or button text is `name`.
  QWidget* find(const QString& name) const;
  bool sees(const QString& name) const { return find(name) != nullptr; }
  // Waits for it.
  QWidget* wait_for(const QString& name, double seconds = 20) const;

  // Waits until it is there and enabled. False when that doesn't happen.
  bool click(const QString& name, double seconds = 20);
  // Clicks into a field, replaces what is in it.
  bool type_into(const QString& field, const QString& text, double seconds = 20);
  // To whatever has the focus.
  void type(const QString& text);
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
  // Clicks the middle of a cell, scrolled into view.
  bool click_cell(QAbstractItemView* view, const QModelIndex& index);
  // The first row of a visible table of that name with a cell that contains the words.
  QModelIndex row_with(const QString& table, const QString& words) const;
  bool click_row(const QString& table, const QString& words, double seconds = 20);

  // Does something in the next dialog that opens, even where a click only returns after the dialog is closed.
  void in_next_dialog(std::function<void()> act);
  // Puts the name of a file into the next dialog that asks for one.
  void name_in_next_dialog(const QString& file);

  // All that can be read on the window and its dialogs: labels, buttons, fields, badges, cells in view.
  QString text() const;
  bool reads(const QString& words) const { return text().contains(words); }
  bool wait_to_read(const QString& words, double seconds = 20) const;

  // By its place in the rail, with Ctrl and a digit.
  bool open_screen(const QString& id);

  // Classes of windows that opened without being a dialog or a menu.
  QStringList stray_windows() const;

  // Fills in the first page and presses Enter.
  void fill_connect_form(const ApplianceRig& rig, const Identity& identity, const QString& passphrase = {},
                         const QString& socket = {});
  bool connect_to(const ApplianceRig& rig, const Identity& identity, const QString& passphrase = {});
  // As the admin, to another socket than the appliance's own.
  bool connect_through(const QString& socket, const ApplianceRig& rig);
  bool connect_through(const QString& socket, const ApplianceRig& rig, const Identity& identity);

 private:
  QList<QWidget*> tops() const;
  QWidget* receiver();
  std::unique_ptr<StrayWindows> strays_;
  std::unique_ptr<MainWindow> window_;
};

// Text without what markup it has.
QString plain(const QString& text);

}  // namespace tijori::test
