#include "admin-ui/models/policy_versions.h"

#include <algorithm>

#include "admin-ui/models/activation.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/type.h"

namespace tijori {
namespace {

constexpr size_t max_shown_failures = 10'000;  // as many cases as a pack may have
constexpr qsizetype max_reason_characters = 300;

QString text_of(const std::string& text) {
  return QString::fromStdString(text).left(64);
}

}  // namespace

BadgeText state_badge(PolicyState state) {
  switch (state) {
    case PolicyState::active:
      return {Tone::ok, QStringLiteral("check-circle-fill"), state_text(state)};
    case PolicyState::approved:
      return {Tone::info, QStringLiteral("patch-check"), state_text(state)};
    case PolicyState::draft:
      return {Tone::info, QStringLiteral("pencil"), state_text(state)};
    case PolicyState::previous:
      return {Tone::plain, QStringLiteral("arrow-counterclockwise"), state_text(state)};
    case PolicyState::retired:
      break;
  }
  return {Tone::plain, QStringLiteral("dash-circle"), state_text(PolicyState::retired)};
}

QString policy_text(const PolicySummary& policy) {
  return PolicyVersions::tr("%1 %2, %3", "policy version, state")
      .arg(text_of(policy.name))
      .arg(policy.version)
      .arg(state_text(policy.state));
}

void PolicyVersions::set(std::vector<PolicySummary> policies) {
  if (policies.size() > max_shown_policies) policies.resize(max_shown_policies);
  beginResetModel();
  policies_ = std::move(policies);
  endResetModel();
}

int PolicyVersions::row_of(const std::string& digest) const {
  const auto found = std::ranges::find(policies_, digest, &PolicySummary::digest);
  return found == policies_.end() ? -1 : static_cast<int>(found - policies_.begin());
}

int PolicyVersions::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(policies_.size());
}

QVariant PolicyVersions::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const PolicySummary& policy = policies_.at(static_cast<size_t>(index.row()));
  if (role == Qt::TextAlignmentRole && index.column() == rules_column)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == badge_role && index.column() == state_column) return QVariant::fromValue(state_badge(policy.state));
  if (role == type_role && index.column() == digest_column) return static_cast<int>(Type::mono);
  if (role == Qt::ToolTipRole) {
    if (index.column() == policy_column) return QString::fromStdString(policy.description).left(400);
    if (index.column() == digest_column) return text_of(policy.digest);
    if (index.column() == saved_column) return utc_stamp(policy.created_us);
    if (index.column() == activated_column && policy.activated_us) return utc_stamp(*policy.activated_us);
    if (index.column() == approver_column && policy.approved_us) return utc_stamp(*policy.approved_us);
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case policy_column:
      return QStringLiteral("%1 %2").arg(text_of(policy.name)).arg(policy.version);
    case state_column:
      return state_text(policy.state);
    case rules_column:
      return count_text(policy.rules);
    case author_column:
      return text_of(policy.author);
    case saved_column:
      return ist_stamp(policy.created_us);
    case approver_column:
      return policy.approved_by ? text_of(*policy.approved_by) : QStringLiteral("–");
    case activated_column:
      return policy.activated_us ? ist_stamp(*policy.activated_us) : QStringLiteral("–");
    case digest_column:
      return short_digest(policy.digest);
    default:
      return {};
  }
}

QVariant PolicyVersions::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case policy_column:
      return tr("Policy");
    case state_column:
      return tr("State");
    case rules_column:
      return tr("Rules");
    case author_column:
      return tr("Author");
    case saved_column:
      return tr("Saved");
    case approver_column:
      return tr("Approved by");
    case activated_column:
      return tr("Last activated");
    case digest_column:
      return tr("Digest");
    default:
      return {};
  }
}

void PackFailures::set(const std::vector<CheckFailure>& failures) {
  beginResetModel();
  failures_.assign(failures.begin(),
                   failures.begin() + static_cast<std::ptrdiff_t>(std::min(failures.size(), max_shown_failures)));
  endResetModel();
}

int PackFailures::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(failures_.size());
}

QVariant PackFailures::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const CheckFailure& failure = failures_.at(static_cast<size_t>(index.row()));
  const QString reason = QString::fromStdString(failure.reason).left(max_reason_characters);
  if (role == Qt::DisplayRole) return text_of(failure.id);
  if (role == second_line_role || role == Qt::ToolTipRole) return reason;
  if (role == type_role) return static_cast<int>(Type::mono);
  return {};
}

}  // namespace tijori
