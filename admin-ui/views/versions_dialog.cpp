#include "admin-ui/views/versions_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

constexpr int wide_px = 1'060;
constexpr int high_px = 680;
constexpr int list_px = 190;

}  // namespace

VersionsDialog::VersionsDialog(PolicyDesk& desk, const std::string& chosen, const std::string& compared,
                               QWidget* parent)
    : QDialog(parent),
      desk_(desk),
      versions_(new PolicyVersions(this)),
      table_(new DataTable(DataTable::Rows::one_line, tr("Policies"))),
      compared_(new QComboBox),
      difference_(new PolicyDiffView),
      open_(new Button(tr("Open"))),
      chosen_(chosen),
      wanted_compared_(compared) {
  setWindowTitle(tr("Versions"));
  setObjectName(QStringLiteral("guardrails.versions_dialog"));
  setProperty("fill", "surface");
  setAttribute(Qt::WA_StyledBackground);
  const QSize room = parent == nullptr ? QSize(wide_px, high_px) : parent->window()->size() - QSize(32, 32);
  resize(std::min(wide_px, room.width()), std::min(high_px, room.height()));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(10);
  column->addWidget(new TextLabel(tr("Versions"), Type::dialog_title));
  table_->setObjectName(QStringLiteral("guardrails.versions_table"));
  table_->setModel(versions_);
  table_->set_columns({170, 120, 64, 110, 196, 110, 196, 140});
  table_->setMinimumHeight(std::min(list_px, height() / 4));
  column->addWidget(table_, 2);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(new TextLabel(tr("Compared with"), Type::label, Colour::text2));
  compared_->setObjectName(QStringLiteral("guardrails.versions_compared"));
  compared_->setAccessibleName(tr("Compared with"));
  compared_->setMinimumWidth(200);
  row->addWidget(compared_);
  row->addStretch();
  column->addLayout(row);
  column->addWidget(difference_, 3);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addStretch();
  open_->setObjectName(QStringLiteral("guardrails.versions_open"));
  open_->setAutoDefault(false);
  foot->addWidget(open_);
  auto* leave = new Button(tr("Close"), ButtonKind::primary);
  leave->setDefault(true);
  foot->addWidget(leave);
  column->addLayout(foot);
  connect(leave, &Button::clicked, this, &QDialog::reject);
  connect(open_, &Button::clicked, this, [this] {
    emit open_asked(this->chosen());
    accept();
  });
  connect(table_, &DataTable::opened, open_, &Button::click);
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (!index.isValid()) return;
    chosen_ = versions_->policy(index.row()).digest;
    compare();
  });
  connect(compared_, &QComboBox::currentIndexChanged, this, &VersionsDialog::compare);
  connect(&desk_, &PolicyDesk::listed, this, &VersionsDialog::list);
  list();
  table_->setFocus();
}

void VersionsDialog::list() {
  if (!desk_.status()) return;
  const QSignalBlocker quiet(compared_);
  const std::string before =
      compared_->count() > 0 ? compared_->currentData().toString().toStdString() : wanted_compared_;
  const std::string keep = chosen_;
  versions_->set(desk_.status()->policies);
  compared_->clear();
  for (int row = 0; row < versions_->rowCount(); ++row)
    compared_->addItem(policy_text(versions_->policy(row)), QString::fromStdString(versions_->policy(row).digest));
  compared_->setCurrentIndex(std::max(0, compared_->findData(QString::fromStdString(before))));
  if (versions_->rowCount() > 0)
    table_->setCurrentIndex(versions_->index(std::max(0, versions_->row_of(keep)), PolicyVersions::policy_column));
}

std::string VersionsDialog::chosen() const {
  return chosen_;
}

void VersionsDialog::compare() {
  const std::string other = compared_->currentData().toString().toStdString();
  const std::string one = chosen_;
  const int number = ++asked_;
  if (one.empty() || other.empty()) return;
  if (one == other) return difference_->clear(tr("It is the same policy. Choose two."));
  desk_.document(other, this, [this, one, number](const Answer<StoredPolicy>& before) {
    if (number != asked_) return;
    if (!before) return difference_->clear(sentence_of(before.error()));
    desk_.document(one, this, [this, number, old = before->document](const Answer<StoredPolicy>& after) {
      if (number != asked_) return;
      if (!after) return difference_->clear(sentence_of(after.error()));
      difference_->show_difference(QString::fromStdString(old), QString::fromStdString(after->document));
    });
  });
}

}  // namespace tijori
