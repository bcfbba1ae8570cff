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

  // Empties it and shows it.
  void begin(const QString& title, const QString& note, const BadgeText& badge = {});
  void section(const QString& name);
  void pair(const QString& name, const QString& value, Type kind = Type::body);
  void paragraph(const QString& text, Colour role = Colour::text2);
  void add(QWidget* widget);
  Button* action(const QString& text, ButtonKind kind = ButtonKind::standard, const QString& icon = {});
  void end();

 signals:
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QVBoxLayout* outer_;
  QWidget* page_ = nullptr;
  QVBoxLayout* rows_ = nullptr;
  QHBoxLayout* actions_ = nullptr;
};

}  // namespace tijori
