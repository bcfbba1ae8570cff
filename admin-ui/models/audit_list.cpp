#include "admin-ui/models/audit_list.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"
#include "admin-ui/theme/type.h"
#include "protocol/client/http_client.h"

namespace tijori {
namespace {

constexpr int ask_after_ms = 30;  // a fast scroll asks only for where it ends
constexpr int64_t max_filtered = 200'000;

BadgeText outcome_badge(const std::string& outcome) {
  const auto text = [](const char* word) { return AuditList::tr(word); };
  if (outcome == "ok") return {Tone::plain, QStringLiteral("check-lg"), text("ok")};
  if (outcome == "answered") return {Tone::ok, QStringLiteral("check-circle"), text("answered")};
  if (outcome == "refused") return {Tone::warn, QStringLiteral("dash-circle"), text("refused")};
  if (outcome == "blocked") return {Tone::danger, QStringLiteral("shield-x"), text("blocked")};
  if (outcome == "aborted") return {Tone::warn, QStringLiteral("exclamation-triangle"), text("aborted")};
  if (outcome == "failed") return {Tone::danger, QStringLiteral("x-octagon-fill"), text("failed")};
  return {Tone::plain, {}, QString::fromStdString(outcome)};
}

std::optional<int64_t> number_in(const AuditDetail& detail, std::string_view name) {
  const DetailValue* const value = detail.find(name);
  const auto* const number = value == nullptr ? nullptr : std::get_if<int64_t>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace

std::string records_target(const AuditFilter& filter, std::optional<int64_t> before_seq, int64_t limit) {
  std::string target = "/admin/v1/audit/records?limit=" + std::to_string(limit);
  const auto add = [&target](std::string_view name, const std::string& value) {
    if (!value.empty()) target.append("&").append(name).append("=").append(percent_encode(value));
  };
  if (before_seq) add("before_seq", std::to_string(*before_seq));
  if (filter.since_us) add("since_us", std::to_string(*filter.since_us));
  if (filter.until_us) add("until_us", std::to_string(*filter.until_us));
  add("event", filter.event);
  add("outcome", filter.outcome);
  add("actor", filter.actor);
  add("request_id", filter.request_id);
  return target;
}

QString records_command(const AuditFilter& filter) {
  QString line = QStringLiteral("tijori audit list");
  const auto add = [&line](const char* option, const std::string& value) {
    if (!value.empty()) line += QStringLiteral(" --%1 %2").arg(QLatin1String(option), QString::fromStdString(value));
  };
  add("event", filter.event);
  add("outcome", filter.outcome);
  add("actor", filter.actor);
  add("request", filter.request_id);
  return line;
}

AuditList::AuditList(Fetch fetch, QObject* parent) : QAbstractTableModel(parent), fetch_(std::move(fetch)) {
  ask_.setSingleShot(true);
  ask_.setInterval(ask_after_ms);
  connect(&ask_, &QTimer::timeout, this, &AuditList::ask_next);
}

void AuditList::set_size(int64_t records, int64_t signed_records) {
  const bool signed_changed = signed_records != signed_;
  signed_ = signed_records;
  if (records < size_) {  // the log shrank, or is another: start again
    size_ = records;
    return reload();
  }
  if (records > size_ && !filter_.any()) {
    // The page that was last is whole no more.
    if (const auto last = pages_.find(size_ / page_records); last != pages_.end()) {
      used_.erase(last->second.use);
      pages_.erase(last);
    }
    beginInsertRows({}, 0, static_cast<int>(records - size_) - 1);
    size_ = records;
    endInsertRows();
  } else {
    size_ = records;
  }
  if (signed_changed && rowCount() > 0)
    emit dataChanged(index(0, seq_column), index(std::min(rowCount(), 2000) - 1, seq_column));
}

void AuditList::set_filter(AuditFilter filter) {
  filter_ = std::move(filter);
  reload();
}

void AuditList::reload() {
  beginResetModel();
  ++generation_;
  pages_.clear();
  used_.clear();
  wanted_.clear();
  asked_page_.reset();
  filtered_.clear();
  filtered_complete_ = false;
  filtered_asked_ = false;
  endResetModel();
  if (filter_.any()) ask_filtered();
}

void AuditList::set_names(std::map<std::string, QString> names) {
  names_ = std::move(names);
  if (rowCount() > 0) emit dataChanged(index(0, actor_column), index(rowCount() - 1, actor_column));
}

int AuditList::rowCount(const QModelIndex& parent) const {
  if (parent.isValid()) return 0;
  return static_cast<int>(filter_.any() ? static_cast<int64_t>(filtered_.size()) : size_);
}

int AuditList::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : column_count;
}

int AuditList::row_of(int64_t seq) const {
  if (!filter_.any()) return seq < 0 || seq >= size_ ? -1 : static_cast<int>(size_ - 1 - seq);
  const auto found = std::ranges::find(filtered_, seq, &AuditRecord::seq);
  return found == filtered_.end() ? -1 : static_cast<int>(found - filtered_.begin());
}

const AuditRecord* AuditList::record(int row) const {
  if (filter_.any())
    return static_cast<size_t>(row) < filtered_.size() ? &filtered_.at(static_cast<size_t>(row)) : nullptr;
  const int64_t seq = size_ - 1 - row;
  if (seq < 0) return nullptr;
  const int64_t number = seq / page_records;
  const auto page = pages_.find(number);
  if (page == pages_.end()) {
    want(number);
    return nullptr;
  }
  used_.splice(used_.begin(), used_, page->second.use);
  const auto found = std::ranges::find(page->second.records, seq, &AuditRecord::seq);
  return found == page->second.records.end() ? nullptr : &*found;
}

void AuditList::want(int64_t page) const {
  if (asked_page_ == page || std::ranges::find(wanted_, page) != wanted_.end()) return;
  wanted_.push_back(page);
  if (!ask_.isActive()) ask_.start();
}

// The page wanted last is asked first: that is where the reader is now.
void AuditList::ask_next() {
  if (asked_page_ || wanted_.empty() || filter_.any()) return;
  const int64_t page = wanted_.back();
  wanted_.clear();
  asked_page_ = page;
  const int64_t end = std::min(size_, (page + 1) * page_records);
  fetch_(records_target({}, end, end - page * page_records),
         [this, page, generation = generation_](const Answer<AuditRecords>& answer) {
           if (generation != generation_) return;
           asked_page_.reset();
           if (!answer) {
             emit failed(answer.error());
             return;
           }
           used_.push_front(page);
           pages_[page] = {answer->records, used_.begin()};
           while (pages_.size() > max_pages) {
             pages_.erase(used_.back());
             used_.pop_back();
           }
           const int last = static_cast<int>(size_ - 1 - page * page_records);
           const int first = static_cast<int>(std::max<int64_t>(0, last - page_records + 1));
           emit dataChanged(index(first, 0), index(last, column_count - 1));
           emit loaded();
           if (!wanted_.empty()) ask_next();
         });
}

bool AuditList::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && filter_.any() && !filtered_complete_ && !filtered_asked_ &&
         static_cast<int64_t>(filtered_.size()) < max_filtered;
}

void AuditList::fetchMore(const QModelIndex& /*parent*/) {
  ask_filtered();
}

void AuditList::ask_filtered() {
  if (filtered_asked_ || filtered_complete_) return;
  filtered_asked_ = true;
  const auto before = filtered_.empty() ? std::nullopt : std::optional(filtered_.back().seq);
  fetch_(records_target(filter_, before, page_records),
         [this, generation = generation_](const Answer<AuditRecords>& answer) {
           if (generation != generation_) return;
           filtered_asked_ = false;
           if (!answer) {
             emit failed(answer.error());
             return;
           }
           const auto& came = answer->records;
           filtered_complete_ = static_cast<int64_t>(came.size()) < page_records;
           if (!came.empty()) {
             const int first = static_cast<int>(filtered_.size());
             beginInsertRows({}, first, first + static_cast<int>(came.size()) - 1);
             filtered_.insert(filtered_.end(), came.begin(), came.end());
             endInsertRows();
           }
           emit loaded();
         });
}

QVariant AuditList::text(const AuditRecord& record, int column) const {
  switch (column) {
    case time_column:
      return ist_date(record.time_us) + QStringLiteral("  ") + ist_time(record.time_us);
    case actor_column: {
      if (record.actor.empty()) return QString::fromStdString(record.actor_type);
      const auto name = names_.find(record.actor);
      return name != names_.end() ? name->second : QString::fromStdString(record.actor.substr(0, 8));
    }
    case event_column:
      return QString::fromStdString(record.event);
    case object_column: {
      for (const char* field : {"endpoint", "verb", "what", "cause", "stage", "code"})
        if (const DetailValue* const value = record.detail.find(field))
          if (const auto* const word = std::get_if<std::string>(value)) return QString::fromStdString(*word);
      return record.object.empty() ? QString() : short_digest(record.object);
    }
    case duration_column: {
      const auto total = number_in(record.detail, "total_us");
      return total ? duration_text(*total) : QString();
    }
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
  if (column == seq_column && !filter_.any() && role == Qt::DisplayRole) return count_text(size_ - 1 - index.row());
  if (role != Qt::DisplayRole && role != badge_role && role != icon_role && role != icon_colour_role) return {};
  const AuditRecord* const found = record(index.row());
  if (column == seq_column) {
    const int64_t seq = filter_.any() ? (found == nullptr ? 0 : found->seq) : size_ - 1 - index.row();
    const bool is_signed = seq < signed_;
    if (role == icon_role) return is_signed ? QStringLiteral("patch-check") : QStringLiteral("dash-circle");
    if (role == icon_colour_role) return static_cast<int>(is_signed ? Colour::ok : Colour::text3);
    if (role == Qt::DisplayRole) return count_text(seq);
    return {};
  }
  if (found == nullptr)
    return role == Qt::DisplayRole && column == time_column ? QVariant(QStringLiteral("…")) : QVariant();
  if (role == badge_role)
    return column == outcome_column ? QVariant::fromValue(outcome_badge(found->outcome)) : QVariant();
  return role == Qt::DisplayRole ? text(*found, column) : QVariant();
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
      return tr("What");
    case duration_column:
      return tr("Took");
    default:
      return {};
  }
}

}  // namespace tijori
