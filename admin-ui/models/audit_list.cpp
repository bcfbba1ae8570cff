#include "admin-ui/models/audit_list.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/record_detail.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr int ask_after_ms = 30;  // a fast scroll asks only for where it ends
constexpr int ask_after_failure_ms = 2'000;
constexpr size_t max_fresh = 5'000;
constexpr int64_t least_quiet_ms = 2'000;
constexpr int64_t most_quiet_ms = 300'000;
constexpr int64_t most_rows = 50'000'000;  // of 30 px each: what a scroll bar can tell apart

bool is_reading(const AuditRecord& record) {
  return record.event == "log.read";
}

}  // namespace

AuditList::AuditList(Fetch fetch, QObject* parent) : QAbstractTableModel(parent), fetch_(std::move(fetch)) {
  ask_.setSingleShot(true);
  connect(&ask_, &QTimer::timeout, this, &AuditList::ask_next);
}

void AuditList::set_size(int64_t records, int64_t signed_records) {
  records = std::max<int64_t>(records, 0);
  const bool signed_changed = signed_records != signed_;
  signed_ = signed_records;
  log_records_ = records;
  // It shrank, or is another, or is seen for the first time.
  if (records < size_ || (size_ == 0 && records > 0)) return reload();
  const int64_t growth = records - size_;
  const bool is_due = !since_growth_.isValid() || since_growth_.elapsed() >= quiet_ms_;
  if (growth > own_readings_ && is_due) grow(records);
  if (signed_changed && rowCount() > 0) emit dataChanged(index(0, seq_column), index(rowCount() - 1, seq_column));
}

void AuditList::grow(int64_t records) {
  own_readings_ = 0;
  since_growth_.start();
  if (filter_.any()) {
    size_ = records;
    if (asked_ || cursors_.empty()) return;
    return ask_fresh();
  }
  const int64_t growth = records - size_;
  if (growth >= most_rows) return reload();  // none of the rows stays
  // Before the new ones come, so that there are never more than a view can hold.
  if (const auto beyond = static_cast<int>(std::max<int64_t>(0, rows_ + growth - most_rows)); beyond > 0) {
    beginRemoveRows({}, rows_ - beyond, rows_ - 1);
    rows_ -= beyond;
    endRemoveRows();
  }
  beginInsertRows({}, 0, static_cast<int>(growth) - 1);
  size_ = records;
  rows_ += static_cast<int>(growth);
  endInsertRows();
}

// Where all that is new are readings of the log, there is no hurry to read it again.
void AuditList::judge_new(const std::vector<AuditRecord>& records, int64_t from_seq) {
  bool any = false;
  bool only_readings = true;
  for (const AuditRecord& record : records) {
    if (record.seq < std::max(from_seq, judged_to_)) continue;
    any = true;
    only_readings = only_readings && is_reading(record);
  }
  if (!any) return;
  judged_to_ = size_;
  quiet_ms_ = only_readings ? std::clamp(quiet_ms_ * 2, least_quiet_ms, most_quiet_ms) : 0;
}

void AuditList::set_filter(AuditFilter filter) {
  filter_ = std::move(filter);
  reload();
}

void AuditList::reload() {
  beginResetModel();
  size_ = log_records_;
  rows_ = static_cast<int>(std::min(size_, most_rows));
  own_readings_ = 0;
  ++generation_;
  pages_.clear();
  used_.clear();
  wanted_.clear();
  asked_.reset();
  failed_ = false;
  cursors_.clear();
  body_rows_ = 0;
  complete_ = false;
  fresh_.clear();
  fresh_from_ = size_;
  judged_to_ = size_;
  quiet_ms_ = 0;
  endResetModel();
  if (!filter_.any()) {
    if (size_ > 0) want((size_ - 1) / page_records);
    return;
  }
  cursors_.push_back(size_);
  ask_page(0);
}

void AuditList::set_names(AuditNames names) {
  if (names == names_) return;
  names_ = std::move(names);
  if (rowCount() > 0) emit dataChanged(index(0, actor_column), index(rowCount() - 1, object_column));
}

void AuditList::set_now(int64_t now_us) {
  const bool is_same_day = ist_date(now_us) == ist_date(now_us_);
  now_us_ = now_us;
  if (!is_same_day && rowCount() > 0) emit dataChanged(index(0, time_column), index(rowCount() - 1, time_column));
}

QString AuditList::time_text(int64_t time_us) const {
  const QString day = ist_date(time_us);
  const QString clock = ist_time(time_us);
  if (day == ist_date(now_us_)) return clock;
  // The year only where it is another one.
  const QString year = day.right(5);
  const bool is_same_year = ist_date(now_us_).endsWith(year);
  return (is_same_year ? day.chopped(year.size()) : day) + QLatin1Char(' ') + clock;
}

int AuditList::rowCount(const QModelIndex& parent) const {
  if (parent.isValid()) return 0;
  return filter_.any() ? static_cast<int>(static_cast<int64_t>(fresh_.size()) + body_rows_) : rows_;
}

int AuditList::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : column_count;
}

int AuditList::row_of(int64_t seq) const {
  if (!filter_.any()) return seq < size_ - rows_ || seq >= size_ ? -1 : static_cast<int>(size_ - 1 - seq);
  for (size_t i = 0; i < fresh_.size(); ++i)
    if (fresh_.at(i).seq == seq) return static_cast<int>(i);
  for (const auto& [number, page] : pages_) {
    const auto found = std::ranges::find(page.records, seq, &AuditRecord::seq);
    if (found != page.records.end())
      return static_cast<int>(static_cast<int64_t>(fresh_.size()) + number * page_records +
                              (found - page.records.begin()));
  }
  return -1;
}

int64_t AuditList::seq_of(int row) const {
  if (!filter_.any()) return row < 0 || row >= rows_ ? -1 : size_ - 1 - row;
  const AuditRecord* const found = record(row);
  return found == nullptr ? -1 : found->seq;
}

const AuditRecord* AuditList::find(int64_t page, size_t place) const {
  const auto found = pages_.find(page);
  if (found == pages_.end()) {
    want(page);
    return nullptr;
  }
  used_.splice(used_.begin(), used_, found->second.use);
  return place < found->second.records.size() ? &found->second.records.at(place) : nullptr;
}

const AuditRecord* AuditList::record(int row) const {
  if (row < 0 || row >= rowCount()) return nullptr;
  if (filter_.any()) {
    if (static_cast<size_t>(row) < fresh_.size()) return &fresh_.at(static_cast<size_t>(row));
    const int64_t at = row - static_cast<int64_t>(fresh_.size());
    return find(at / page_records, static_cast<size_t>(at % page_records));
  }
  const int64_t seq = size_ - 1 - row;
  const int64_t number = seq / page_records;
  const auto page = pages_.find(number);
  if (page != pages_.end() && seq >= page->second.end) {  // the log has grown since
    want(number);
    return nullptr;
  }
  const AuditRecord* const found =
      find(number, page == pages_.end() ? 0 : static_cast<size_t>(page->second.end - 1 - seq));
  return found != nullptr && found->seq == seq ? found : nullptr;
}

void AuditList::want(int64_t page) const {
  if (asked_ == page || std::ranges::find(wanted_, page) != wanted_.end()) return;
  wanted_.push_back(page);
  if (!ask_.isActive()) ask_.start(failed_ ? ask_after_failure_ms : ask_after_ms);
}

// The page wanted last is asked first: that is where the reader is now.
void AuditList::ask_next() {
  if (asked_) return;
  if (wanted_.empty()) {
    if (failed_ && filter_.any() && !complete_) ask_page(static_cast<int64_t>(cursors_.size()) - 1);
    return;
  }
  const int64_t page = wanted_.back();
  wanted_.clear();
  ask_page(page);
}

void AuditList::ask_page(int64_t page) {
  if (filter_.any() && static_cast<size_t>(page) >= cursors_.size()) return;
  asked_ = page;
  int64_t end = 0;
  int64_t limit = page_records;
  if (filter_.any()) {
    end = cursors_.at(static_cast<size_t>(page));
  } else {
    const int64_t start = page * page_records;
    end = start + std::min(size_ - start, page_records);
    const auto there = pages_.find(page);
    limit = end - (there == pages_.end() ? start : there->second.end);
    if (limit <= 0) {
      asked_.reset();
      return;
    }
  }
  ++own_readings_;
  fetch_(records_target(filter_, end, limit),
         [this, page, end, generation = generation_](const Answer<AuditRecords>& answer) {
           if (generation != generation_) return;
           take_page(page, end, answer);
         });
}

void AuditList::fail_page(const ClientError& error) {
  failed_ = true;
  asked_.reset();
  ask_.start(ask_after_failure_ms);
  emit failed(error);
}

void AuditList::take_page(int64_t page, int64_t end, const Answer<AuditRecords>& answer) {
  if (!answer) return fail_page(answer.error());
  failed_ = false;
  asked_.reset();
  std::vector<AuditRecord> records = answer->records;
  if (records.size() > static_cast<size_t>(page_records)) records.resize(static_cast<size_t>(page_records));
  if (!filter_.any()) {
    judge_new(records, judged_to_);
    const int64_t start = page * page_records;
    const auto there = pages_.find(page);
    if (there != pages_.end()) {
      // Only what it lacked was asked.
      const auto missing = static_cast<size_t>(std::max<int64_t>(0, end - there->second.end));
      records.resize(std::min(records.size(), missing));
      records.insert(records.end(), there->second.records.begin(), there->second.records.end());
    }
    keep(page, {std::move(records), end, {}});
    // The oldest of the page may be older than the last row.
    const int64_t oldest = size_ - 1 - start;
    const int64_t first = std::max<int64_t>(0, oldest - page_records + 1);
    const int64_t last = std::min<int64_t>(oldest, rows_ - 1);
    if (first <= last)
      emit dataChanged(index(static_cast<int>(first), 0), index(static_cast<int>(last), column_count - 1));
  } else if (static_cast<size_t>(page) + 1 == cursors_.size() && page * page_records == body_rows_ && !complete_) {
    complete_ = static_cast<int64_t>(records.size()) < page_records;
    const int64_t next = records.empty() ? 0 : records.back().seq;
    if (!complete_ && next < end)
      cursors_.push_back(next);
    else
      complete_ = true;
    if (!records.empty()) {
      const int first = rowCount();
      beginInsertRows({}, first, first + static_cast<int>(records.size()) - 1);
      body_rows_ += static_cast<int64_t>(records.size());
      keep(page, {std::move(records), end, {}});
      endInsertRows();
    }
  } else {
    keep(page, {std::move(records), end, {}});
    const int first = static_cast<int>(static_cast<int64_t>(fresh_.size()) + page * page_records);
    const int last = std::min(first + static_cast<int>(page_records), rowCount()) - 1;
    if (first <= last) emit dataChanged(index(first, 0), index(last, column_count - 1));
  }
  emit loaded();
  if (!wanted_.empty()) ask_next();
}

void AuditList::keep(int64_t page, Page made) {
  if (const auto there = pages_.find(page); there != pages_.end()) used_.erase(there->second.use);
  used_.push_front(page);
  made.use = used_.begin();
  pages_[page] = std::move(made);
  while (pages_.size() > max_pages) {
    pages_.erase(used_.back());
    used_.pop_back();
  }
}

void AuditList::ask_fresh() {
  asked_ = fresh_page;
  ++own_readings_;
  fetch_(records_target(filter_, size_, page_records), [this, generation = generation_](const auto& answer) {
    if (generation != generation_) return;
    take_fresh(answer);
  });
}

void AuditList::take_fresh(const Answer<AuditRecords>& answer) {
  if (!answer) return fail_page(answer.error());
  failed_ = false;
  asked_.reset();
  std::vector<AuditRecord> came;
  for (const AuditRecord& record : answer->records)
    if (record.seq >= fresh_from_) came.push_back(record);
  if (came.size() >= static_cast<size_t>(page_records) || fresh_.size() + came.size() > max_fresh) return reload();
  judge_new(answer->records, fresh_from_);
  if (came.empty()) {
    // Nothing of what was written matches: most of it is somebody's reading, this console's own too.
    quiet_ms_ = std::clamp(quiet_ms_ * 2, least_quiet_ms, most_quiet_ms);
  } else {
    fresh_from_ = came.front().seq + 1;
    beginInsertRows({}, 0, static_cast<int>(came.size()) - 1);
    fresh_.insert(fresh_.begin(), came.begin(), came.end());
    endInsertRows();
  }
  emit loaded();
  if (!wanted_.empty()) ask_next();
}

bool AuditList::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && filter_.any() && !complete_ && !asked_ && !failed_ && !cursors_.empty() &&
         rowCount() < most_rows;
}

void AuditList::fetchMore(const QModelIndex& /*parent*/) {
  if (!asked_ && !complete_ && !cursors_.empty()) ask_page(static_cast<int64_t>(cursors_.size()) - 1);
}

QVariant AuditList::text(const AuditRecord& record, int column) const {
  switch (column) {
    case time_column:
      return time_text(record.time_us);
    case actor_column:
      return actor_text(record, names_);
    case event_column:
      return shown(record.event);
    case object_column:
      return object_text(record, names_);
    case duration_column:
      return took_text(record);
    default:
      return {};
  }
}

QVariant AuditList::tip(const AuditRecord& record, int column) const {
  switch (column) {
    case time_column:
      return ist_stamp(record.time_us) + QLatin1Char('\n') + utc_stamp(record.time_us);
    case actor_column:
      return shown(record.actor);
    case object_column:
      return shown(record.object);
    default:
      return {};
  }
}

QVariant AuditList::number_cell(int row, int role) const {
  const int64_t seq = seq_of(row);
  const bool is_signed = seq >= 0 && seq < signed_;
  switch (role) {
    case Qt::DisplayRole:
      return seq < 0 ? QStringLiteral("…") : count_text(seq);
    case icon_role:
      return is_signed ? QStringLiteral("patch-check") : QStringLiteral("dash-circle");
    case icon_colour_role:
      return static_cast<int>(is_signed ? Colour::ok : Colour::text3);
    case Qt::ToolTipRole:
      return is_signed ? tr("Covered by a signed checkpoint") : tr("Not signed yet");
    case Qt::AccessibleTextRole:
      return seq < 0 ? tr("Being fetched")
                     : (is_signed ? tr("Record %1, signed") : tr("Record %1, not signed yet")).arg(count_text(seq));
    default:
      return {};
  }
}

QVariant AuditList::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const int column = index.column();
  if (role == Qt::TextAlignmentRole)
    return QVariant(column == duration_column ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
  if (role == type_role && column == event_column) return static_cast<int>(Type::mono);
  if (role == colour_role && column == object_column) return static_cast<int>(Colour::text2);
  if (column == seq_column) return number_cell(index.row(), role);
  if (role != Qt::DisplayRole && role != badge_role && role != Qt::ToolTipRole) return {};
  if (role == badge_role && column != outcome_column) return {};
  const AuditRecord* const found = record(index.row());
  if (found == nullptr)
    return role == Qt::DisplayRole && column == time_column ? QVariant(QStringLiteral("…")) : QVariant();
  if (role == badge_role) return QVariant::fromValue(outcome_badge(found->outcome));
  return role == Qt::ToolTipRole ? tip(*found, column) : text(*found, column);
}

QVariant AuditList::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case seq_column:
      return tr("Record");
    case time_column:
      return tr("Time, IST");
    case actor_column:
      return tr("Actor");
    case event_column:
      return tr("Event");
    case outcome_column:
      return tr("Outcome");
    case object_column:
      return tr("Model or policy");
    case duration_column:
      return tr("Took");
    default:
      return {};
  }
}

}  // namespace tijori
