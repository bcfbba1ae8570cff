// A bordered panel with an optional head: title, note, and a place for controls at the right.
#pragma once

#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class Panel : public QFrame {
  Q_OBJECT

 public:
  explicit Panel(QWidget* parent = nullptr);
  Panel(const QString& title, const QString& note, QWidget* parent = nullptr);

  void set_title(const QString& title);
  void set_note(const QString& note);
  // Right end of the head.
  void add_to_head(QWidget* control);
  // Below the head, without margins.
  QVBoxLayout* body() const { return body_; }
  // A divider line across the panel.
  void add_divider();

 private:
  QWidget* head_ = nullptr;
  QHBoxLayout* head_layout_ = nullptr;
  TextLabel* title_ = nullptr;
  TextLabel* note_ = nullptr;
  QVBoxLayout* body_;
};

// A 1 px line.
QFrame* make_divider(Qt::Orientation orientation, QWidget* parent = nullptr);

}  // namespace tijori
