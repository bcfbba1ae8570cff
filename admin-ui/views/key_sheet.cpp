#include "admin-ui/views/key_sheet.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/key_cap.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {
namespace {

constexpr int width_px = 720;
constexpr int height_px = 560;

}  // namespace

KeySheet::KeySheet(const std::vector<Command>& commands, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Keys"));
  setObjectName(QStringLiteral("keys"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, 0, 1, 0);
  column->setSpacing(0);
  auto* title = new TextLabel(tr("Keys"), Type::dialog_title);
  title->setContentsMargins(24, 16, 24, 12);
  column->addWidget(title);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* page = new QWidget;
  page->setAutoFillBackground(false);
  auto* grid = new QGridLayout(page);
  grid->setContentsMargins(24, 16, 24, 16);
  grid->setHorizontalSpacing(32);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  std::vector<QString> groups;
  for (const Command& command : commands)
    if (std::ranges::find(groups, command.group) == groups.end()) groups.push_back(command.group);
  // Two columns of about the same length: each group goes where less is.
  std::array<QVBoxLayout*, 2> halves{new QVBoxLayout, new QVBoxLayout};
  std::array<int, 2> rows{};
  for (const QString& group : groups) {
    const size_t half = rows[1] < rows[0] ? 1 : 0;
    if (rows.at(half) > 0) halves.at(half)->addSpacing(12);
    halves.at(half)->addWidget(new TextLabel(group, Type::body_strong));
    for (const Command& command : commands) {
      if (command.group != group || command.keys.isEmpty()) continue;
      auto* row = new QHBoxLayout;
      auto* name = new TextLabel(command.title, Type::body, Colour::text2);
      name->set_elide(Qt::ElideRight);
      const QString keys = command.keys.toString(QKeySequence::NativeText);
      name->setAccessibleName(command.title + QStringLiteral(", ") + keys);
      row->addWidget(name, 1);
      row->addWidget(new KeyCap(keys));
      halves.at(half)->addLayout(row);
      ++rows.at(half);
    }
    ++rows.at(half);
  }
  auto* also = new TextLabel(Type::label, Colour::text3);
  also->set_paragraph(
      tr("Everywhere: Tab and Shift+Tab go on and back, arrows move in lists, Enter opens, Alt+Up and Alt+Down step "
         "through "
         "an open drawer."));
  const size_t shorter = rows[1] < rows[0] ? 1 : 0;
  halves.at(shorter)->addSpacing(12);
  halves.at(shorter)->addWidget(also);
  for (size_t half = 0; half < 2; ++half) {
    halves.at(half)->addStretch();
    grid->addLayout(halves.at(half), 0, static_cast<int>(half));
  }
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(page);
  scroll->setAccessibleName(tr("Keys"));
  column->addWidget(scroll, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(24, 12, 24, 12);
  foot->addStretch();
  auto* close = new Button(tr("Close"), ButtonKind::primary);
  foot->addWidget(close);
  column->addLayout(foot);
  connect(close, &Button::clicked, this, &QDialog::accept);
  const QSize room = parent == nullptr ? QSize(width_px, height_px) : parent->size() - QSize(48, 48);
  resize(QSize(width_px, height_px).boundedTo(room));
  close->setFocus();
}

}  // namespace tijori
