#include "admin-ui/views/audit_filters.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QGridLayout>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/models/record_detail.h"
#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

constexpr int narrow_below_px = 820;
constexpr int gap = 8;
constexpr int64_t minute_us = int64_t{60} * 1'000'000;
constexpr int64_t hour_us = 60 * minute_us;
constexpr int64_t day_us = 24 * hour_us;
constexpr int64_t india_ahead_us = 330 * minute_us;
constexpr size_t most_actors = 2'000;

// The closed lists of docs/audit-record.md, what readers filter by most first.
constexpr const char* events[] = {"inference.released", "inference.received", "guardrail.decided", "connection.refused",
                                  "admin.changed",      "client.enrolled",    "client.changed",    "client.revoked",
                                  "log.read",           "model.loaded",       "model.unloaded",    "model.failed",
                                  "engine.crashed",     "daemon.started",     "daemon.stopped",    "config.reloaded",
                                  "counts.hourly",      "heartbeat",          "time.stepped",      "log.started",
                                  "log.stopped",        "log.recovered",      "segment.opened"};
constexpr const char* outcomes[] = {"ok", "answered", "refused", "blocked", "aborted", "failed"};

int64_t midnight_in_india(int64_t now_us) {
  return (now_us + india_ahead_us) / day_us * day_us - india_ahead_us;
}

}  // namespace

AuditFilters::AuditFilters(QWidget* parent)
    : QWidget(parent),
      names_(new QStringListModel(this)),
      grid_(new QGridLayout(this)),
      search_(new QLineEdit),
      time_(new QComboBox),
      actor_(new QComboBox),
      event_(new QComboBox),
      outcome_(new QComboBox) {
  search_->setObjectName(QStringLiteral("audit.search"));
  time_->setObjectName(QStringLiteral("audit.time"));
  actor_->setObjectName(QStringLiteral("audit.actor"));
  event_->setObjectName(QStringLiteral("audit.event"));
  outcome_->setObjectName(QStringLiteral("audit.outcome"));
  search_->setPlaceholderText(tr("Record number, client, request or digest"));
  search_->setAccessibleName(tr("Search records"));
  search_->setToolTip(tr("Search records  Ctrl+F"));
  search_->setClearButtonEnabled(true);
  search_->addAction(QIcon(icon_pixmap(QStringLiteral("search"), Colour::text3, *this)), QLineEdit::LeadingPosition);
  search_->setMinimumWidth(150);
  auto* completer = new QCompleter(names_, this);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  search_->setCompleter(completer);
  connect(completer, QOverload<const QString&>::of(&QCompleter::activated), this, &AuditFilters::search,
          Qt::QueuedConnection);

  const auto fill = [](QComboBox* box, const QString& name, const QString& all) {
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->addItem(all);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(5);
    box->view()->setTextElideMode(Qt::ElideRight);
  };
  fill(time_, tr("Time"), tr("Any time"));
  time_->addItems({tr("Last hour"), tr("Today"), tr("Last 24 hours"), tr("Last 7 days"), tr("Last 30 days")});
  fill(actor_, tr("Actor"), tr("All actors"));
  fill(event_, tr("Event"), tr("All events"));
  for (const char* event : events) event_->addItem(QLatin1String(event), QLatin1String(event));
  fill(outcome_, tr("Outcome"), tr("All outcomes"));
  for (const char* outcome : outcomes) outcome_->addItem(outcome_badge(outcome).word, QLatin1String(outcome));
  for (QComboBox* box : {time_, actor_, event_, outcome_}) {
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
      if (!quiet_) emit changed();
    });
    // The list is as wide as its longest word, whatever the box is.
    box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + 40);
  }
  connect(search_, &QLineEdit::returnPressed, this, &AuditFilters::search);
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
    if (!text.isEmpty() || request_id_.empty()) return;
    request_id_.clear();
    if (!quiet_) emit changed();
  });
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(gap);
  arrange(false);
}

void AuditFilters::arrange(bool narrow) {
  narrow_ = narrow;
  const QList<QComboBox*> boxes{time_, actor_, event_, outcome_};
  grid_->removeWidget(search_);
  for (QComboBox* box : boxes) grid_->removeWidget(box);
  if (narrow)
    grid_->addWidget(search_, 0, 0, 1, 4);
  else
    grid_->addWidget(search_, 0, 0);
  for (int i = 0; i < boxes.size(); ++i) grid_->addWidget(boxes.at(i), narrow ? 1 : 0, narrow ? i : i + 1);
  for (int column = 0; column < 5; ++column)
    grid_->setColumnStretch(column, narrow ? (column < 4 ? 1 : 0) : (column == 0 ? 3 : 1));
  grid_->setHorizontalSpacing(gap);
}

void AuditFilters::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if ((width() < narrow_below_px) != narrow_) arrange(!narrow_);
}

void AuditFilters::set_clients(std::vector<ClientInfo> clients) {
  clients_ = std::move(clients);
  std::ranges::sort(clients_, {}, &ClientInfo::name);
  if (clients_.size() > most_actors) clients_.resize(most_actors);
  QStringList names;
  for (const ClientInfo& client : clients_) names << shown(client.name);
  names_->setStringList(names);
  const QVariant before = actor_->currentData();
  quiet_ = true;
  while (actor_->count() > 1) actor_->removeItem(1);
  for (const ClientInfo& client : clients_) actor_->addItem(shown(client.name), QString::fromStdString(client.id));
  actor_->setCurrentIndex(std::max(0, actor_->findData(before)));
  actor_->view()->setMinimumWidth(actor_->view()->sizeHintForColumn(0) + 40);
  quiet_ = false;
  choose_client(wanted_client_);
}

std::optional<int64_t> AuditFilters::begins(int64_t now_us) const {
  switch (time_->currentIndex()) {
    case 1:
      return now_us - hour_us;
    case 2:
      return midnight_in_india(now_us);
    case 3:
      return now_us - day_us;
    case 4:
      return now_us - 7 * day_us;
    case 5:
      return now_us - 30 * day_us;
    default:
      return std::nullopt;
  }
}

AuditFilter AuditFilters::filter(int64_t now_us) const {
  AuditFilter made;
  made.since_us = begins(now_us);
  made.actor = actor_->currentData().toString().toStdString();
  made.event = event_->currentData().toString().toStdString();
  made.outcome = outcome_->currentData().toString().toStdString();
  made.request_id = request_id_;
  return made;
}

bool AuditFilters::any() const {
  return filter(0).any() || !search_->text().isEmpty();
}

void AuditFilters::clear() {
  quiet_ = true;
  search_->clear();
  request_id_.clear();
  wanted_client_.clear();
  for (QComboBox* box : {time_, actor_, event_, outcome_}) box->setCurrentIndex(0);
  quiet_ = false;
  emit changed();
}

void AuditFilters::focus_search() {
  search_->setFocus();
  search_->selectAll();
}

void AuditFilters::choose_client(const QString& id) {
  const int place = id.isEmpty() ? -1 : actor_->findData(id);
  wanted_client_ = place < 0 ? id : QString();
  if (place >= 0) actor_->setCurrentIndex(place);
}

void AuditFilters::search() {
  const AuditSearch meant = read_search(search_->text(), clients_);
  if (meant.kind != AuditSearch::Kind::request && !std::exchange(request_id_, {}).empty()) emit changed();
  switch (meant.kind) {
    case AuditSearch::Kind::nothing:
      return;
    case AuditSearch::Kind::record:
      emit record_wanted(meant.seq);
      return;
    case AuditSearch::Kind::request:
      request_id_ = meant.id;
      emit changed();
      return;
    case AuditSearch::Kind::client:
      search_->setText(meant.name);
      choose_client(QString::fromStdString(meant.id));
      return;
    case AuditSearch::Kind::several:
      emit not_found(tr("%n client(s) are meant by %1: %2.", nullptr, static_cast<int>(meant.candidates.size()))
                         .arg(search_->text(), meant.candidates.mid(0, 4).join(QStringLiteral(", "))));
      return;
    case AuditSearch::Kind::unknown:
      emit not_found(tr("No client and no request is called %1.").arg(search_->text().left(64)));
      return;
  }
}

}  // namespace tijori
