#include "admin-ui/views/hits_panel.h"

#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int hours_shown = 24;

}  // namespace

HitsPanel::HitsPanel(QWidget* parent)
    : Panel(tr("Hits by rule"), tr("24 h"), parent),
      plot_(new Plot(tr("Busiest rules"), tr("requests an hour"), 0, {}, hits_.series(), time_)),
      table_(new DataTable(DataTable::Rows::dense, tr("Hits by rule"))),
      form_(new Segment({tr("Plot"), tr("Table")}, tr("Hits as"))) {
  auto* content = new QWidget;
  stack_ = new QStackedLayout(content);
  stack_->setContentsMargins(0, 0, 0, 0);
  table_->setObjectName(QStringLiteral("guardrails.hits"));
  table_->setModel(&hits_);
  table_->set_columns({0, 66, 66, 60, 56});
  plot_->setObjectName(QStringLiteral("guardrails.hits_plot"));
  form_->setObjectName(QStringLiteral("guardrails.hits_form"));
  stack_->addWidget(plot_);
  stack_->addWidget(table_);
  states_ = new StateView(content);
  states_->setObjectName(QStringLiteral("guardrails.hits_state"));
  body()->addWidget(states_, 1);
  add_to_head(form_);
  time_.set_span(hours_shown * hit_hour_us);
  connect(form_, &Segment::chosen_changed, stack_, &QStackedLayout::setCurrentIndex);
}

void HitsPanel::set_hits(const HitsReply& reply) {
  hits_.set(reply);
  // In double: the numbers may be any.
  const double told_us = static_cast<double>(reply.now_us) - static_cast<double>(reply.since_us);
  set_note(told_us >= static_cast<double>((hours_shown - 1) * hit_hour_us)
               ? tr("24 h")
               : tr("since %1").arg(ist_stamp(reply.since_us)));
  if (hits_.is_empty())
    return states_->show_empty(QStringLiteral("shield-check"), tr("No rule has decided anything"),
                               tr("Counts begin with the daemon; they are in memory alone."));
  if (states_->state() != StateView::State::content) states_->show_content();
  std::vector<PlotSeries> names;
  for (const QString& rule : hits_.busiest()) names.push_back({rule, PlotSeries::Form::steps});
  plot_->set_series(std::move(names));
  time_.advance(std::clamp<int64_t>(reply.now_us, hours_shown * hit_hour_us, int64_t{1} << 61));
}

}  // namespace tijori
