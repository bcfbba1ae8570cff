#include "admin-ui/views/expert_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <algorithm>
#include <array>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int layer_px = 224;
constexpr int64_t minute_us = 60'000'000;
constexpr std::array<int64_t, 3> spans_us{minute_us, 15 * minute_us, 0};
constexpr int since_load = 2;
constexpr int row_px = 20;

}  // namespace

ExpertPanel::ExpertPanel(QWidget* parent)
    : Panel(tr("Expert load"), {}, parent),
      map_(new HeatMap),
      span_(new QComboBox),
      scale_(new Segment({tr("Linear"), tr("Log")}, tr("Colour scale"))),
      pause_(new Button({}, ButtonKind::quiet, QStringLiteral("pause"), ButtonSize::compact)),
      export_(new Button({}, ButtonKind::quiet, QStringLiteral("download"), ButtonSize::compact)),
      layer_title_(new TextLabel(Type::body_strong)),
      rows_(new ExpertTable(this)),
      table_(new DataTable(DataTable::Rows::dense, tr("Experts of the layer"))),
      sum_(new TextLabel(Type::body_strong)),
      sum_percent_(new TextLabel(Type::body_strong)),
      mark_(new QLabel),
      verdict_(new TextLabel(Type::body)) {
  span_->addItems({tr("1 min"), tr("15 min"), tr("since load")});
  span_->setCurrentIndex(since_load);
  span_->setAccessibleName(tr("Time counted"));
  span_->setObjectName(QStringLiteral("models.experts.span"));
  scale_->choose(1);
  scale_->setObjectName(QStringLiteral("models.experts.scale"));
  pause_->setObjectName(QStringLiteral("models.experts.pause"));
  pause_->setAccessibleName(tr("Pause"));
  pause_->setToolTip(tr("Pause"));
  export_->setObjectName(QStringLiteral("models.experts.export"));
  export_->setAccessibleName(tr("Export as CSV…"));
  export_->setToolTip(tr("Export as CSV…"));
  for (QWidget* control : std::initializer_list<QWidget*>{span_, scale_, pause_, export_}) add_to_head(control);
  map_->setObjectName(QStringLiteral("models.experts.map"));

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* across = new QHBoxLayout;
  across->setSpacing(0);
  across->addWidget(map_, 1);
  across->addWidget(make_divider(Qt::Vertical));
  across->addWidget(make_layer());
  column->addLayout(across, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(16, 8, 16, 8);
  foot->setSpacing(8);
  foot->addWidget(mark_, 0, Qt::AlignTop);
  verdict_->setObjectName(QStringLiteral("models.experts.verdict"));
  foot->addWidget(verdict_, 1);
  column->addLayout(foot);
  states_ = new StateView(content);
  states_->setObjectName(QStringLiteral("models.experts.state"));
  body()->addWidget(states_, 1);

  connect(span_, &QComboBox::currentIndexChanged, this, &ExpertPanel::redraw);
  connect(scale_, &Segment::chosen_changed, this,
          [this](int index) { map_->set_scale(index == 0 ? HeatMap::Scale::linear : HeatMap::Scale::log); });
  connect(pause_, &Button::clicked, this, [this] {
    paused_ = !paused_;
    pause_->set_icon(paused_ ? QStringLiteral("play") : QStringLiteral("pause"));
    pause_->setAccessibleName(paused_ ? tr("Go on") : tr("Pause"));
    pause_->setToolTip(pause_->accessibleName());
    if (!paused_) redraw();
  });
  connect(export_, &Button::clicked, this, &ExpertPanel::export_asked);
  connect(map_, &HeatMap::cursor_moved, this, &ExpertPanel::show_layer);
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (choosing_ || !index.isValid()) return;
    map_->set_cursor(map_->cursor_layer(), rows_->expert_at(index.row()));
  });
}

QWidget* ExpertPanel::make_layer() {
  auto* side = new QWidget;
  side->setFixedWidth(layer_px);
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(12, 4, 6, 4);
  head->setSpacing(0);
  head->addWidget(layer_title_, 1);
  const auto step = [&](const char* icon, const QString& name, int by) {
    auto* button = new Button({}, ButtonKind::quiet, QLatin1String(icon), ButtonSize::compact);
    button->setAccessibleName(name);
    button->setToolTip(name);
    connect(button, &Button::clicked, this, [this, by] { step_layer(by); });
    head->addWidget(button);
  };
  step("chevron-left", tr("The layer before"), -1);
  step("chevron-right", tr("The next layer"), 1);
  column->addLayout(head);
  table_->setModel(rows_);
  table_->setObjectName(QStringLiteral("models.experts.table"));
  table_->set_columns({66, 0, 64});
  table_->verticalHeader()->setDefaultSectionSize(row_px + Theme::instance().script_growth() / 2);
  table_->verticalHeader()->setMinimumSectionSize(row_px);
  table_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(table_, 1);
  column->addWidget(make_divider(Qt::Horizontal));
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(12, 6, 12, 6);
  foot->addWidget(new TextLabel(tr("Sum"), Type::body_strong));
  sum_->setAlignment(Qt::AlignRight);
  sum_->setObjectName(QStringLiteral("models.experts.sum"));
  foot->addWidget(sum_, 1);
  sum_percent_->setAlignment(Qt::AlignRight);
  sum_percent_->setFixedWidth(50);
  foot->addWidget(sum_percent_);
  column->addLayout(foot);
  return side;
}

void ExpertPanel::show_window(const QString& alias, const ExpertWindow& window) {
  const bool other = alias != alias_ || window_ != &window;
  alias_ = alias;
  window_ = &window;
  if (!other && paused_ && states_->state() == StateView::State::content) return;
  redraw();
}

void ExpertPanel::redraw() {
  if (window_ == nullptr) return;
  const int64_t span_us = spans_us.at(static_cast<size_t>(span_->currentIndex()));
  ExpertCounts counts = window_->within(span_us);
  export_->set_refusal(counts.counts.empty() ? tr("Nothing was counted yet.") : QString());
  if (counts.counts.empty()) return;
  shown_.clear();
  states_->show_content();
  const int64_t tokens = counts.tokens();
  const int64_t covered_us = window_->covered_us(span_us);
  QString note = alias_ + QStringLiteral("  ");
  note += span_us == 0 || covered_us >= span_us
              ? tr("%1 tokens per layer").arg(count_text(tokens))
              : tr("%1 tokens per layer in %2 so far").arg(count_text(tokens), duration_text(covered_us));
  set_note(note);
  const bool same = counts == counts_;
  if (!same) {
    counts_ = std::move(counts);
    map_->set_counts(counts_);
  }
  show_layer();
  const ExpertVerdict verdict = judge(counts_);
  const bool asks = verdict.kind == ExpertVerdict::Kind::act;
  const bool notes = verdict.kind == ExpertVerdict::Kind::watch || verdict.kind == ExpertVerdict::Kind::nothing_yet;
  mark_->setPixmap(icon_pixmap(asks    ? QStringLiteral("exclamation-triangle-fill")
                               : notes ? QStringLiteral("info-circle-fill")
                                       : QStringLiteral("check-circle-fill"),
                               asks ? Colour::warn : (notes ? Colour::accent : Colour::ok), *this));
  if (verdict.sentence != verdict_->accessibleName()) verdict_->set_paragraph(verdict.sentence);
}

void ExpertPanel::show_layer() {
  if (counts_.counts.empty()) return;
  const size_t layer = map_->cursor_layer();
  layer_title_->setText(tr("Layer %1").arg(counts_.layers.at(layer)));
  rows_->set(counts_, layer, map_->cursor_expert());
  choosing_ = true;
  table_->setCurrentIndex(rows_->index(std::max(0, rows_->row_of(map_->cursor_expert())), 0));
  choosing_ = false;
  sum_->setText(count_text(rows_->sum()));
  sum_percent_->setText(rows_->sum() == 0 ? QStringLiteral("0") : QStringLiteral("100"));
  sum_->setToolTip(
      tr("%1 tokens × %2 experts for each").arg(count_text(rows_->sum() / counts_.top_k), count_text(counts_.top_k)));
}

void ExpertPanel::step_layer(int by) {
  const size_t layer = map_->cursor_layer();
  if (by < 0 && layer == 0) return;
  map_->set_cursor(by < 0 ? layer - 1 : layer + 1, map_->cursor_expert());
}

void ExpertPanel::set_scale(HeatMap::Scale scale) {
  scale_->choose(scale == HeatMap::Scale::linear ? 0 : 1);
}

bool ExpertPanel::shows(const QString& state) {
  if (shown_ == state) return true;
  shown_ = state;
  window_ = nullptr;
  counts_ = {};
  return false;
}

void ExpertPanel::show_dense(const QString& alias) {
  if (shows(QStringLiteral("dense ") + alias)) return;
  set_note(alias);
  states_->show_empty(QStringLiteral("cpu"), tr("%1 is a dense model").arg(alias),
                      tr("It has no experts: every token passes through all of its weights, so there is no load to "
                         "spread."));
}

void ExpertPanel::show_idle(const QString& alias) {
  if (shows(QStringLiteral("idle ") + alias)) return;
  set_note(alias);
  states_->show_empty(QStringLiteral("cpu"),
                      alias.isEmpty() ? tr("No model is chosen") : tr("%1 is not loaded").arg(alias),
                      tr("The engine counts experts while a model answers. Load it and ask something."));
}

void ExpertPanel::show_failure(const QString& sentence, std::function<void()> again) {
  if (shows(QStringLiteral("failure ") + sentence)) return;
  states_->show_error(tr("Experts were not counted"), sentence,
                      again ? QList<StateAction>{{tr("Try now"), std::move(again)}} : QList<StateAction>{});
}

void ExpertPanel::show_no_permission(const QString& own_roles) {
  if (shows(QStringLiteral("no permission"))) return;
  states_->show_no_permission(QStringLiteral("operator"), own_roles);
}

}  // namespace tijori
