#include "admin-ui/views/findings_section.h"

#include <algorithm>

#include "admin-ui/models/finding.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {
constexpr int most_rows = 10;
}

FindingsSection::FindingsSection(Session& session)
    : SettingsSection(QStringLiteral("findings"), tr("Health findings"), tr("each with a code that keeps its meaning")),
      session_(session),
      findings_(new FindingTable(this)),
      rows_(new DataTable(DataTable::Rows::one_line, tr("Health findings"))),
      states_(nullptr),
      detail_(new QWidget),
      title_(new TextLabel(Type::body_strong)),
      words_(new TextLabel(Type::label, Colour::text2)),
      command_(new CommandBox),
      open_(new Button({}, ButtonKind::standard, {}, ButtonSize::compact)) {
  rows_->setObjectName(QStringLiteral("settings.findings"));
  rows_->setModel(findings_);
  rows_->set_columns({110, 190, 0, 120});
  auto* inner = new QWidget;
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(rows_);
  column->addWidget(make_divider(Qt::Horizontal));
  detail_->setObjectName(QStringLiteral("settings.finding"));
  auto* words = new QVBoxLayout(detail_);
  words->setContentsMargins(16, 12, 16, 16);
  words->setSpacing(6);
  title_->setMinimumWidth(1);
  words_->setMinimumWidth(1);
  words->addWidget(title_);
  words->addWidget(words_);
  words->addWidget(command_);
  open_->setObjectName(QStringLiteral("settings.finding.open"));
  words->addWidget(open_, 0, Qt::AlignLeft);
  column->addWidget(detail_);
  states_ = new StateView(inner);
  panel().body()->addWidget(states_);
  connect(rows_, &DataTable::chosen, this, &FindingsSection::show_chosen);
  connect(rows_, &DataTable::opened, this, [this] {
    if (!screen_.isEmpty()) emit open_screen(screen_);
  });
  connect(open_, &Button::clicked, this, [this] { emit open_screen(screen_); });
  connect(&session_, &Session::status_changed, this, &FindingsSection::take_status);
  take_status();
}

void FindingsSection::take_status() {
  const auto& status = session_.status();
  states_->setMinimumHeight(220);
  if (!status) return states_->show_loading(tr("Asking %1").arg(session_.appliance().name));
  const int before = findings_->rowCount();
  if (findings_->set(status->conditions, status->now_us)) {
    fit_height();
    if (findings_->rowCount() > 0 && !rows_->currentIndex().isValid()) rows_->setCurrentIndex(findings_->index(0, 0));
    show_chosen();
  }
  if (findings_->rowCount() == 0)
    return states_->show_empty(QStringLiteral("check-circle"), tr("Nothing to do"),
                               tr("The appliance has no finding. Checked at %1 IST.").arg(ist_time(status->now_us)));
  states_->setMinimumHeight(0);
  states_->show_content();
  if (before != findings_->rowCount()) emit refilter();
}

void FindingsSection::show_chosen() {
  const QModelIndex index = rows_->currentIndex();
  detail_->setVisible(index.isValid());
  if (!index.isValid()) return;
  const Condition& condition = findings_->condition(index.row());
  const Finding finding = finding_of(condition);
  title_->set_paragraph(finding.title);
  QString more = finding.advice;
  if (finding.detail != finding.title) more += (more.isEmpty() ? QString() : QStringLiteral("\n")) + finding.detail;
  more += (more.isEmpty() ? QString() : QStringLiteral("\n")) +
          (condition.since_us > 0 ? tr("Since %1").arg(ist_stamp(condition.since_us)) : QString());
  words_->set_paragraph(more);
  command_->set_command(finding.command);
  command_->setVisible(!finding.command.isEmpty());
  screen_ = finding.screen == QLatin1String("settings") ? QString() : finding.screen;
  open_->setText(tr("Open %1").arg(finding_screen_title(screen_)));
  open_->setVisible(!screen_.isEmpty());
}

void FindingsSection::fit_height() {
  rows_->fit_height(most_rows);
}

int FindingsSection::filter(const QString& typed) {
  if (typed.trimmed().isEmpty() || says(typed)) return std::max(1, findings_->rowCount());
  return findings_->matches(typed);
}

}  // namespace tijori
