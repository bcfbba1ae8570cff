#include "admin-ui/views/log_panel.h"

#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int name_px = 110;

BadgeText badge_of(const AuditStatusReply& log) {
  if (log.verifying_done >= 0) {
    const double share = log.verifying_total > 0
                             ? static_cast<double>(log.verifying_done) / static_cast<double>(log.verifying_total)
                             : 0;
    return {Tone::info, QStringLiteral("arrow-repeat"),
            LogPanel::tr("verifying, %1").arg(percent_text(std::clamp(share, 0.0, 1.0), 0))};
  }
  if (log.verified == "verified") return {Tone::ok, QStringLiteral("check-circle-fill"), LogPanel::tr("verified")};
  if (log.verified == "altered") return {Tone::danger, QStringLiteral("x-octagon-fill"), LogPanel::tr("altered")};
  if (log.verified == "consistent")
    return {Tone::warn, QStringLiteral("exclamation-triangle-fill"), LogPanel::tr("origin not proven")};
  if (!log.verified.empty()) return {Tone::danger, QStringLiteral("x-octagon-fill"), LogPanel::tr("not proven")};
  return {Tone::plain, QStringLiteral("dash-circle"), LogPanel::tr("not verified yet")};
}

QString checked_text(const AuditStatusReply& log, int64_t now_us) {
  if (log.verified_us <= 0) return LogPanel::tr("not since the log’s process started");
  return QStringLiteral("%1 IST, %2").arg(ist_time(log.verified_us), relative_text(log.verified_us, now_us));
}

QString tail_text(const AuditStatusReply& log, int64_t now_us) {
  const int64_t tail = std::max<int64_t>(0, log.records - std::max<int64_t>(0, log.last_checkpoint_size));
  if (tail == 0) return LogPanel::tr("none: every record is signed");
  const QString records =
      LogPanel::tr("%n record(s)", nullptr, static_cast<int>(std::min<int64_t>(tail, 1'000'000'000)));
  if (log.last_checkpoint_us <= 0) return records;
  return LogPanel::tr("%1, at most %2 old")
      .arg(records, duration_text(std::max<int64_t>(0, now_us - log.last_checkpoint_us)));
}

}  // namespace

LogPanel::LogPanel(QWidget* parent)
    : Panel(tr("Audit log"), {}, parent),
      badge_(new Badge),
      away_(new TextLabel(Type::body, Colour::danger)),
      facts_(new QWidget) {
  setObjectName(QStringLiteral("overview.log"));
  add_to_head(badge_);
  away_->setContentsMargins(16, 10, 16, 12);
  away_->set_paragraph(tr("The log’s process is away: nothing is answered until it is back."));
  body()->addWidget(away_);
  body()->addWidget(facts_);
  auto* column = new QVBoxLayout(facts_);
  column->setContentsMargins(16, 10, 16, 12);
  column->setSpacing(4);
  const QStringList names{tr("Head record"), tr("Verified up to"), tr("Checked"), tr("Unsigned tail")};
  for (size_t i = 0; i < values_.size(); ++i) {
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* name = new TextLabel(names.at(static_cast<qsizetype>(i)), Type::label, Colour::text2);
    name->setFixedWidth(name_px);
    row->addWidget(name);
    values_.at(i) = new TextLabel(Type::body);
    values_.at(i)->set_elide(Qt::ElideRight);
    row->addWidget(values_.at(i), 1);
    column->addLayout(row);
  }
}

void LogPanel::show_log(const std::optional<AuditStatusReply>& log, int64_t now_us) {
  away_->setVisible(!log);
  facts_->setVisible(log.has_value());
  badge_->setVisible(log.has_value());
  if (!log) return;
  badge_->set(badge_of(*log));
  const std::array texts{
      log->records > 0 ? count_text(log->records - 1) : tr("no record yet"),
      log->verified_up_to >= 0 ? count_text(log->verified_up_to) : tr("not known"),
      checked_text(*log, now_us),
      tail_text(*log, now_us),
  };
  for (size_t i = 0; i < values_.size(); ++i)
    if (values_.at(i)->text() != texts.at(i)) values_.at(i)->setText(texts.at(i));
}

}  // namespace tijori
