#include "admin-ui/views/models_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QResizeEvent>
#include <algorithm>

#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

constexpr int most_rows_shown = 6;
// Columns go as the panel gets narrower, the least needed first.
constexpr int aliases_from_px = 1'040;
constexpr int parameters_from_px = 900;
constexpr int weights_from_px = 760;
constexpr int shape_from_px = 620;

}  // namespace

QString act_text(ModelAct act) {
  switch (act) {
    case ModelAct::load:
      return ModelsPanel::tr("Load…");
    case ModelAct::plan:
      return ModelsPanel::tr("Plan…");
    case ModelAct::cancel:
      return ModelsPanel::tr("Cancel");
    case ModelAct::unload:
      return ModelsPanel::tr("Unload…");
    case ModelAct::none:
      break;
  }
  return {};
}

ModelsPanel::ModelsPanel(ModelTable& models, QWidget* parent)
    : Panel(parent),
      models_(models),
      table_(new DataTable(DataTable::Rows::two_lines, tr("Models"))),
      notice_(new QWidget),
      notice_text_(new TextLabel(Type::body)),
      notice_button_(new Button({}, ButtonKind::standard, {}, ButtonSize::compact)),
      memory_(new StackedBar(StackedBar::Legend::right)) {
  table_->setObjectName(QStringLiteral("models.table"));
  table_->setModel(&models_);
  table_->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  table_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  body()->addWidget(table_);

  notice_->setObjectName(QStringLiteral("models.notice"));
  auto* row = new QHBoxLayout(notice_);
  row->setContentsMargins(12, 8, 12, 8);
  row->setSpacing(8);
  auto* picture = new QLabel;
  picture->setPixmap(icon_pixmap(QStringLiteral("exclamation-triangle-fill"), Colour::danger, *this));
  row->addWidget(picture, 0, Qt::AlignTop);
  notice_text_->setObjectName(QStringLiteral("models.notice.text"));
  row->addWidget(notice_text_, 1);
  notice_button_->setObjectName(QStringLiteral("models.notice.act"));
  row->addWidget(notice_button_);
  auto* shut = new Button({}, ButtonKind::quiet, QStringLiteral("x-lg"), ButtonSize::compact);
  shut->setAccessibleName(tr("Close"));
  row->addWidget(shut);
  connect(shut, &Button::clicked, this, [this] { set_notice({}); });
  connect(notice_button_, &Button::clicked, this, [this] {
    const auto act = notice_act_;
    set_notice({});
    if (act) act();
  });
  notice_->hide();
  body()->addWidget(notice_);
  body()->addWidget(make_divider(Qt::Horizontal));

  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(12, 8, 12, 8);
  foot->setSpacing(16);
  foot->addWidget(new TextLabel(tr("Memory of this machine"), Type::body_strong));
  memory_->setObjectName(QStringLiteral("models.memory"));
  foot->addWidget(memory_, 1);
  body()->addLayout(foot);

  connect(table_, &DataTable::opened, this,
          [this](const QModelIndex& index) { emit opened(models_.model(index.row()).alias); });
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    emit chosen(index.isValid() ? models_.model(index.row()).alias : std::string());
  });
  connect(&Theme::instance(), &Theme::changed, this, &ModelsPanel::refresh);
  fit_columns();
}

std::string ModelsPanel::current() const {
  const QModelIndex index = table_->currentIndex();
  return index.isValid() ? models_.model(index.row()).alias : std::string();
}

void ModelsPanel::choose(const std::string& alias) {
  if (const int row = models_.row_of(alias); row >= 0) table_->setCurrentIndex(models_.index(row, 0));
}

void ModelsPanel::set_refusals(const QString& load, const QString& unload) {
  if (load == load_refusal_ && unload == unload_refusal_) return;
  load_refusal_ = load;
  unload_refusal_ = unload;
  shown_acts_.clear();
  place_buttons();
}

void ModelsPanel::refresh() {
  const int rows = std::clamp(models_.rowCount(), 1, most_rows_shown);
  const int growth = Theme::instance().script_growth();
  table_->setFixedHeight(rows * (static_cast<int>(DataTable::Rows::two_lines) + growth) + 32 + growth);
  place_buttons();
}

void ModelsPanel::place_buttons() {
  std::map<std::string, ModelAct> acts;
  for (int row = 0; row < models_.rowCount(); ++row) acts[models_.model(row).alias] = models_.act(row);
  const bool same_rows = std::ranges::equal(
      acts, shown_acts_, {}, [](const auto& entry) { return entry.first; },
      [](const auto& entry) { return entry.first; });
  for (int row = 0; row < models_.rowCount(); ++row) {
    const std::string& alias = models_.model(row).alias;
    const QModelIndex index = models_.index(row, ModelTable::act_column);
    if (same_rows && shown_acts_[alias] == acts[alias] && table_->indexWidget(index) != nullptr) continue;
    const bool had_focus =
        table_->indexWidget(index) != nullptr && table_->indexWidget(index)->isAncestorOf(focusWidget());
    table_->setIndexWidget(index, make_button(row));
    if (had_focus) table_->setFocus();
  }
  shown_acts_ = std::move(acts);
}

QWidget* ModelsPanel::make_button(int row) {
  auto* place = new QWidget;
  auto* across = new QHBoxLayout(place);
  across->setContentsMargins(0, 0, 12, 0);
  across->addStretch();
  const ModelAct act = models_.act(row);
  const std::string alias = models_.model(row).alias;
  if (act == ModelAct::none) return place;
  QString icon = QStringLiteral("play");
  if (act == ModelAct::plan) icon = QStringLiteral("calculator");
  if (act == ModelAct::cancel) icon = QStringLiteral("x-lg");
  if (act == ModelAct::unload) icon = QStringLiteral("eject");
  auto* button = new Button(act_text(act), ButtonKind::standard, icon, ButtonSize::compact);
  const QString name = QString::fromStdString(alias);
  button->setObjectName(QStringLiteral("models.act.") + name);
  button->setAccessibleName(tr("%1: %2", "act: model").arg(act_text(act), name));
  button->set_refusal(act == ModelAct::load || act == ModelAct::plan ? load_refusal_ : unload_refusal_);
  connect(button, &Button::clicked, this, [this, alias, act] {
    choose(alias);
    emit act_asked(alias, act);
  });
  across->addWidget(button);
  return place;
}

void ModelsPanel::fit_columns() {
  const int wide = width();
  table_->setColumnHidden(ModelTable::aliases_column, wide < aliases_from_px);
  table_->setColumnHidden(ModelTable::parameters_column, wide < parameters_from_px);
  table_->setColumnHidden(ModelTable::weights_column, wide < weights_from_px);
  table_->setColumnHidden(ModelTable::shape_column, wide < shape_from_px);
  const int growth = Theme::instance().script_growth();
  table_->set_columns({196, 0, 168, 108 + 2 * growth, 108 + 2 * growth, 164 + 6 * growth, 128, 112 + 5 * growth});
  table_->horizontalHeader()->setMinimumSectionSize(60);
}

void ModelsPanel::resizeEvent(QResizeEvent* event) {
  Panel::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) fit_columns();
}

void ModelsPanel::set_memory(const MemoryLine& line) {
  using Fill = StackedBar::Fill;
  if (line.total_bytes == 0) {
    memory_->set({}, 1, {}, tr("not known"), memory_sentence(line));
    return;
  }
  std::vector<StackedBar::Part> parts;
  const auto add = [&](int64_t bytes, Fill fill, const QString& name) {
    if (bytes > 0) parts.push_back({static_cast<double>(bytes), fill, name.arg(gib_text(bytes))});
  };
  add(line.serving_bytes, Fill::solid, tr("serving %1"));
  add(line.loaded_bytes, Fill::hatched, tr("loaded so far %1"));
  add(line.reserved_bytes, Fill::grey_hatched, tr("reserved %1"));
  add(line.other_bytes, Fill::grey, tr("other %1"));
  memory_->set(std::move(parts), static_cast<double>(line.total_bytes), {},
               tr("free %1 of %2 GiB").arg(gib_text(line.free_bytes), gib_text(line.total_bytes)),
               memory_sentence(line));
}

void ModelsPanel::set_notice(const QString& sentence, const QString& button, std::function<void()> act) {
  notice_text_->set_paragraph(sentence);
  notice_button_->setText(button);
  notice_button_->setVisible(!button.isEmpty());
  notice_act_ = std::move(act);
  notice_->setVisible(!sentence.isEmpty());
  notice_->setAccessibleName(sentence);
}

}  // namespace tijori
