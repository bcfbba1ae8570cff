// One side of the bench: the text with what a policy found in it, what becomes of it, and the spans as a table.
#pragma once

#include <QWidget>

#include "admin-ui/models/bench_table.h"
#include "admin-ui/views/parts/badge.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/parts/span_view.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class BenchPane : public QWidget {
  Q_OBJECT

 public:
  // `object` begins the names of its parts: "guardrails.active".
  BenchPane(const QString& name, const QString& object, QWidget* parent = nullptr);

  void set_name(const QString& name);
  void show_side(const BenchSide& side, const BenchSide& other, const QString& text, const std::string& stage);
  void clear(const QString& why);
  // Dimmed: what is shown is of another text or another draft by now.
  void set_old(bool old);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  BenchTable* spans_;
  TextLabel* title_;
  Badge* badge_;
  TextLabel* time_;
  SpanView* text_;
  TextLabel* verdict_;
  DataTable* table_;
};

}  // namespace tijori
