#include "admin-ui/models/client_table.h"

#include <algorithm>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/colour.h"

namespace tijori {
namespace {
constexpr int64_t soon_us = int64_t{30} * 86'400 * 1'000'000;
}

QString roles_text(const RoleSet& roles) {
  QStringList names;
  for (const Role role : all_roles)
    if (roles.has(role)) names << QString::fromStdString(std::string(name_of(role)));
  return names.join(QStringLiteral(", "));
}

int64_t not_after_of(const ClientInfo& client) {
  int64_t latest = 0;
  for (const CertificateEntry& certificate : client.certificates)
    if (!certificate.revoked) latest = std::max(latest, certificate.not_after_us);
  return latest;
}

ClientStanding standing_of(const ClientInfo& client, int64_t now_us) {
  const int64_t until = not_after_of(client);
  if (client.revoked || until == 0) return ClientStanding::revoked;
  if (until <= now_us) return ClientStanding::expired;
  return until - now_us < soon_us ? ClientStanding::expires_soon : ClientStanding::live;
}

void ClientTable::set(std::vector<ClientInfo> clients, int64_t now_us) {
  std::vector<Facts> facts;
  facts.reserve(clients.size());
  for (const ClientInfo& client : clients) {
    Facts made{roles_text(client.roles), {}, not_after_of(client), standing_of(client, now_us)};
    QString words = QString::fromStdString(client.name) + QLatin1Char(' ') + made.roles;
    for (const CertificateEntry& each : client.certificates)
      words += QLatin1Char(' ') + QString::fromStdString(each.sha256) + QLatin1Char(' ') + short_digest(each.sha256);
    made.words = words.toCaseFolded();
    facts.push_back(std::move(made));
  }
  beginResetModel();
  clients_ = std::move(clients);
  facts_ = std::move(facts);
  now_us_ = now_us;
  choose();
  endResetModel();
}

void ClientTable::set_filter(Show show, const QString& words) {
  beginResetModel();
  show_ = show;
  words_ = words.toCaseFolded();
  choose();
  endResetModel();
}

bool ClientTable::fits(size_t client, Show show) const {
  const RoleSet& roles = clients_[client].roles;
  const ClientStanding standing = facts_[client].standing;
  switch (show) {
    case Show::all:
      return true;
    case Show::applications:
      return roles.has(Role::application);
    case Show::people:
      return std::ranges::any_of(all_roles, [&](Role role) { return role != Role::application && roles.has(role); });
    case Show::expiring:
      return standing == ClientStanding::expires_soon || standing == ClientStanding::expired;
    case Show::revoked:
      return standing == ClientStanding::revoked;
  }
  return true;
}

int64_t ClientTable::sort_key(size_t client) const {
  switch (sorted_by_) {
    case state_column:
      return static_cast<int64_t>(facts_[client].standing);
    case seen_column:
      return clients_[client].last_seen_us.value_or(0);
    case expiry_column:
      return facts_[client].not_after_us;
    case tokens_column:
      return clients_[client].tokens_today;
    default:
      return 0;
  }
}

bool ClientTable::comes_before(size_t client, size_t other) const {
  const bool up = order_ == Qt::AscendingOrder;
  if (sorted_by_ == roles_column)
    if (const int order = facts_[client].roles.compare(facts_[other].roles); order != 0) return up == (order < 0);
  const int64_t key = sort_key(client);
  const int64_t other_key = sort_key(other);
  if (key != other_key) return up == (key < other_key);
  // Names are unique in the register, and decide among equals.
  const std::string& name = clients_[client].name;
  const std::string& other_name = clients_[other].name;
  return up || sorted_by_ != name_column ? name < other_name : other_name < name;
}

void ClientTable::choose() {
  shown_.clear();
  for (size_t i = 0; i < clients_.size(); ++i)
    if (fits(i, show_) && facts_[i].words.contains(words_)) shown_.push_back(i);
  const auto before = [this](size_t client, size_t other) { return comes_before(client, other); };
  if (shown_.size() > max_shown_clients) {
    std::ranges::nth_element(shown_, shown_.begin() + static_cast<std::ptrdiff_t>(max_shown_clients), before);
    shown_.resize(max_shown_clients);
  }
  std::ranges::sort(shown_, before);
}

void ClientTable::sort(int column, Qt::SortOrder order) {
  beginResetModel();
  sorted_by_ = column;
  order_ = order;
  choose();
  endResetModel();
}

int ClientTable::count(Show show) const {
  int fitting = 0;
  for (size_t i = 0; i < clients_.size(); ++i) fitting += fits(i, show) ? 1 : 0;
  return fitting;
}

int ClientTable::row_of(const QString& name) const {
  const auto found = std::ranges::find_if(
      shown_, [this, wanted = name.toStdString()](size_t i) { return clients_[i].name == wanted; });
  return found == shown_.end() ? -1 : static_cast<int>(found - shown_.begin());
}

int ClientTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

QVariant ClientTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const ClientInfo& client = this->client(index.row());
  const Facts& facts = facts_.at(shown_.at(static_cast<size_t>(index.row())));
  const ClientStanding standing = facts.standing;
  const int column = index.column();
  if (role == Qt::TextAlignmentRole)
    return QVariant(column == tokens_column ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
  if (column == state_column && role == badge_role) {
    switch (standing) {
      case ClientStanding::live:
        if (!client.last_seen_us)
          return QVariant::fromValue(BadgeText{Tone::plain, QStringLiteral("dash-circle"), tr("never seen")});
        return QVariant::fromValue(BadgeText{Tone::ok, QStringLiteral("check-circle"), tr("active")});
      case ClientStanding::expires_soon:
        return QVariant::fromValue(
            BadgeText{Tone::warn, QStringLiteral("exclamation-triangle-fill"), tr("expires soon")});
      case ClientStanding::expired:
        return QVariant::fromValue(BadgeText{Tone::danger, QStringLiteral("x-octagon-fill"), tr("expired")});
      case ClientStanding::revoked:
        return QVariant::fromValue(BadgeText{Tone::danger, QStringLiteral("slash-circle"), tr("revoked")});
    }
  }
  if (role == second_line_role) {
    if (column == name_column && !client.certificates.empty()) return short_digest(client.certificates.back().sha256);
    if (column == expiry_column && standing != ClientStanding::revoked)
      return facts.not_after_us > now_us_ ? relative_text(facts.not_after_us, now_us_) : tr("over");
    if (column == seen_column && client.running > 0)
      return tr("%n answer(s) under way", nullptr, static_cast<int>(client.running));
    if (column == seen_column && client.last_seen_us) return relative_text(*client.last_seen_us, now_us_);
    if (column == tokens_column && client.quota_tokens_per_day > 0)
      return tr("of %1").arg(count_text(client.quota_tokens_per_day));
    return {};
  }
  if (role != Qt::DisplayRole) return {};
  switch (column) {
    case name_column:
      return QString::fromStdString(client.name);
    case roles_column:
      return facts.roles;
    case seen_column:
      return client.last_seen_us ? ist_date(*client.last_seen_us) : tr("not yet");
    case expiry_column:
      return facts.not_after_us == 0 ? QStringLiteral("–") : ist_date(facts.not_after_us);
    case tokens_column:
      return count_text(client.tokens_today);
    default:
      return {};
  }
}

QVariant ClientTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case name_column:
      return tr("Client");
    case roles_column:
      return tr("Roles");
    case state_column:
      return tr("State");
    case seen_column:
      return tr("Last seen");
    case expiry_column:
      return tr("Certificate until");
    case tokens_column:
      return tr("Tokens today");
    default:
      return {};
  }
}

}  // namespace tijori
