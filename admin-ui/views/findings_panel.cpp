#include "admin-ui/views/findings_panel.h"

#include <QClipboard>
#include <QGuiApplication>

#include "admin-ui/models/finding.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/button.h"

namespace tijori {
namespace {

constexpr size_t most_shown = 4;

QLabel* severity_picture(Severity severity, const QWidget& on) {
  auto* picture = new QLabel;
  picture->setFixedWidth(metric::icon);
  switch (severity) {
    case Severity::error:
      picture->setPixmap(icon_pixmap(QStringLiteral("x-octagon-fill"), Colour::danger, on));
      picture->setAccessibleName(FindingsPanel::tr("wrong"));
      break;
    case Severity::warning:
      picture->setPixmap(icon_pixmap(QStringLiteral("exclamation-triangle-fill"), Colour::warn, on));
      picture->setAccessibleName(FindingsPanel::tr("to do"));
      break;
    case Severity::info:
      picture->setPixmap(icon_pixmap(QStringLiteral("info-circle-fill"), Colour::accent, on));
      picture->setAccessibleName(FindingsPanel::tr("note"));
      break;
  }
  return picture;
}

}  // namespace

FindingsPanel::FindingsPanel(QWidget* parent) : Panel(tr("To do"), {}, parent) {
  setObjectName(QStringLiteral("overview.findings"));
}

void FindingsPanel::show_status(const DaemonStatus& status) {
  const std::vector<Condition> first = by_weight(status.conditions, most_shown);
  QString key = QString::number(status.conditions.size());
  for (const Condition& condition : first) {
    const Finding finding = finding_of(condition);
    key += QLatin1Char('\n') + finding.code + finding.detail + QString::number(static_cast<int>(condition.severity));
  }
  if (rows_ == nullptr || key != shown_) {
    shown_ = key;
    fill(first, status.conditions.size());
  }
  if (checked_ != nullptr) checked_->setText(tr("Checked at %1 IST").arg(ist_time(status.now_us)));
}

void FindingsPanel::fill(const std::vector<Condition>& conditions, size_t count) {
  delete rows_;
  checked_ = nullptr;
  rows_ = new QWidget;
  auto* column = new QVBoxLayout(rows_);
  column->setContentsMargins(16, 12, 12, 12);
  column->setSpacing(12);
  body()->addWidget(rows_);
  set_note(count == 0 ? QString() : tr("%n finding(s)", nullptr, static_cast<int>(std::min<size_t>(count, 1'000'000))));
  if (conditions.empty()) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* picture = new QLabel;
    picture->setFixedWidth(metric::icon);
    picture->setPixmap(icon_pixmap(QStringLiteral("check-circle-fill"), Colour::ok, *this));
    row->addWidget(picture);
    row->addWidget(new TextLabel(tr("Nothing to do."), Type::body_strong));
    row->addStretch();
    checked_ = new TextLabel(Type::label, Colour::text2);
    row->addWidget(checked_);
    column->addLayout(row);
    return;
  }
  for (const Condition& condition : conditions) {
    if (column->count() > 0) column->addWidget(make_divider(Qt::Horizontal));
    add_finding(*column, condition);
  }
  if (count > conditions.size()) {
    auto* more = new Button(tr("All %1 in Settings").arg(count_text(static_cast<int64_t>(count))), ButtonKind::link, {},
                            ButtonSize::compact);
    connect(more, &Button::clicked, this, [this] { emit open_screen(QStringLiteral("settings")); });
    column->addWidget(more, 0, Qt::AlignLeft);
  }
}

void FindingsPanel::add_finding(QVBoxLayout& column, const Condition& condition) {
  const Finding finding = finding_of(condition);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* beside = new QVBoxLayout;
  beside->setContentsMargins(0, 2, 0, 0);
  beside->addWidget(severity_picture(condition.severity, *this));
  beside->addStretch();
  row->addLayout(beside);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  auto* title = new TextLabel(Type::body_strong);
  // A word as long as a line isn't a reason to grow.
  title->setMinimumWidth(1);
  title->set_paragraph(finding.title);
  title->setToolTip(finding.detail);
  words->addWidget(title);
  if (!finding.advice.isEmpty()) {
    auto* advice = new TextLabel(Type::label, Colour::text2);
    advice->setMinimumWidth(1);
    advice->set_paragraph(finding.advice);
    words->addWidget(advice);
  }
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  auto* code = new TextLabel(finding.code, Type::mono, Colour::text2);
  code->set_elide(Qt::ElideRight);
  foot->addWidget(code, 1);
  if (!finding.screen.isEmpty() && finding.screen != QLatin1String("settings")) {
    auto* open = new Button(tr("Open %1").arg(finding_screen_title(finding.screen)), ButtonKind::standard, {},
                            ButtonSize::compact);
    connect(open, &Button::clicked, this, [this, id = finding.screen] { emit open_screen(id); });
    foot->addWidget(open);
  } else if (!finding.command.isEmpty()) {
    auto* copy = new Button(tr("Copy command"), ButtonKind::standard, {}, ButtonSize::compact);
    copy->setToolTip(finding.command);
    connect(copy, &Button::clicked, this, [this, command = finding.command] {
      QGuiApplication::clipboard()->setText(command);
      emit copied(command);
    });
    foot->addWidget(copy);
  }
  words->addLayout(foot);
  row->addLayout(words, 1);
  column.addLayout(row);
}

}  // namespace tijori
