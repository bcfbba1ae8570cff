// The sections of the settings, one of them chosen; while something is searched, how much each has of it. Up and down
// move the choice.
#pragma once

#include <QListWidget>

namespace tijori {

class SectionList : public QListWidget {
  Q_OBJECT

 public:
  explicit SectionList(QWidget* parent = nullptr);
  void add(const QString& id, const QString& title);
  QString chosen() const;
  void choose(const QString& id);
  // -1: not searched.
  void set_found(int row, int found);

 signals:
  void chosen_changed(const QString& id);
};

}  // namespace tijori
