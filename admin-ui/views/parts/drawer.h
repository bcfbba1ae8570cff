// The detail drawer at the right of a screen: head with a title, sections with names and values, actions at the foot.
#pragma once

#include <QScrollArea>
#include <QVBoxLayout>
#include <QWidget>

#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class Drawer : public QWidget {
  Q_OBJECT

 public:
  explicit Drawer(QWidget* parent = nullptr);

  // Buttons in the head, and Alt+Up and Alt+Down, that ask for the one above or below.
  void set_steps(bool on);
  // Empties it; end() shows what has been put into it since.
  void begin(const QString& title, const QString& note, const BadgeText& badge = {});
  void section(const QString& name, QWidget* at_right = nullptr);
  void pair(const QString& name, const QString& value, Type kind = Type::body);
  // A value that was looked up in the register: with the book that says so.
  void looked_up(const QString& name, const QString& value);
  void paragraph(const QString& text, Colour role = Colour::text2);
  void add(QWidget* widget);
  Button* action(const QString& text, ButtonKind kind = ButtonKind::standard, const QString& icon = {});
  void end();

 signals:
  void closed();
  void stepped(int rows);  // −1: the one above, 1: the one below

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* make_head(const QString& title, const QString& note, const BadgeText& badge);
  TextLabel* add_row(const QString& name, const QString& value, Type kind, QWidget* behind);

  QVBoxLayout* outer_;
  QWidget* page_ = nullptr;
  QVBoxLayout* rows_ = nullptr;
  QHBoxLayout* actions_ = nullptr;
  QString focused_;  // what had the keyboard on the page before, by name
  bool steps_ = false;
};

// A screen's content with its drawer: beside it, or over it where the window is narrow.
class DrawerPane : public QWidget {
  Q_OBJECT

 public:
  // Takes both over.
  DrawerPane(QWidget* content, Drawer* drawer, QWidget* parent = nullptr);
  QSize sizeHint() const override { return content_->sizeHint(); }
  QSize minimumSizeHint() const override { return content_->minimumSizeHint(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void arrange();

  QWidget* content_;
  Drawer* drawer_;
};

}  // namespace tijori
