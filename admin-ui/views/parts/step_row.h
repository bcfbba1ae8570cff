// One step of several, one below the other: a number in a circle, a title, and what it holds. Done steps have a check
// mark, the one at hand is filled, those to come are outlined; a line leads to the next.
#pragma once

#include <QVBoxLayout>
#include <QWidget>

#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class StepRow : public QWidget {
  Q_OBJECT

 public:
  enum class State : uint8_t { done, current, coming };
  enum class Place : uint8_t { before_others, last };

  StepRow(int number, State state, const QString& title, Place place, QWidget* parent = nullptr);
  void add(QWidget* widget);
  void add_paragraph(const QString& text, Colour role = Colour::text2);
  // A name and its value, of a step that is done.
  void add_fact(const QString& name, const QString& value, Type kind = Type::body);
  QVBoxLayout* body() const { return body_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int number_;
  State state_;
  Place place_;
  QVBoxLayout* body_;
};

}  // namespace tijori
