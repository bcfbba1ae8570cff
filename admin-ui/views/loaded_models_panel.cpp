#include "admin-ui/views/loaded_models_panel.h"

#include <QPainter>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/badge.h"

namespace tijori {

// Busy of all sequences; the words stand above it.
class BusyBar : public QWidget {
 public:
  BusyBar() { setFixedHeight(6); }
  void set(double share) {
    if (share == share_) return;
    share_ = share;
    update();
  }

 protected:
  void paintEvent(QPaintEvent* /*event*/) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tijori::paint(Colour::line));
    painter.drawRoundedRect(QRectF(rect()), 3, 3);
    painter.setBrush(tijori::paint(Colour::accent));
    if (share_ > 0) painter.drawRoundedRect(QRectF(0, 0, std::max(6.0, width() * share_), height()), 3, 3);
  }

 private:
  double share_ = -1;
};

namespace {

constexpr size_t most_shown = 5;
constexpr int max_message_chars = 200;

int weight_of(ModelState state) {
  switch (state) {
    case ModelState::failed:
      return 0;
    case ModelState::ready:
      return 1;
    case ModelState::starting:
    case ModelState::loading:
    case ModelState::unloading:
      return 2;
    case ModelState::allowed:
      return 3;
  }
  return 3;
}

BadgeText badge_of(ModelState state) {
  switch (state) {
    case ModelState::ready:
      return {Tone::ok, QStringLiteral("check-circle-fill"), LoadedModelsPanel::tr("serving")};
    case ModelState::starting:
    case ModelState::loading:
      return {Tone::info, QStringLiteral("arrow-repeat"), LoadedModelsPanel::tr("loading")};
    case ModelState::unloading:
      return {Tone::info, QStringLiteral("arrow-repeat"), LoadedModelsPanel::tr("unloading")};
    case ModelState::failed:
      return {Tone::danger, QStringLiteral("x-octagon-fill"), LoadedModelsPanel::tr("failed")};
    case ModelState::allowed:
      break;
  }
  return {Tone::plain, QStringLiteral("dash-circle"), LoadedModelsPanel::tr("idle")};
}

bool has_line(const ModelInfo& model) {
  return model.state != ModelState::allowed;
}

QString line_of(const ModelInfo& model) {
  switch (model.state) {
    case ModelState::ready: {
      const int64_t bytes = model.resident_bytes > 0 ? model.resident_bytes : model.weights_bytes;
      return LoadedModelsPanel::tr("%1, %2 of %3 sequences busy")
          .arg(memory_text(bytes), count_text(std::clamp<int64_t>(model.running, 0, model.max_sequences)),
               count_text(model.max_sequences));
    }
    case ModelState::loading:
      if (model.total_bytes > 0)
        return LoadedModelsPanel::tr("%1 of %2").arg(memory_text(model.done_bytes), memory_text(model.total_bytes));
      break;
    default:
      break;
  }
  return QString::fromStdString(model.message).left(max_message_chars).simplified();
}

double share_of(const ModelInfo& model) {
  if (model.state == ModelState::loading)
    return model.total_bytes > 0 ? static_cast<double>(model.done_bytes) / static_cast<double>(model.total_bytes) : 0;
  return model.max_sequences > 0 ? static_cast<double>(model.running) / static_cast<double>(model.max_sequences) : 0;
}

}  // namespace

LoadedModelsPanel::LoadedModelsPanel(QWidget* parent) : Panel(tr("Loaded models"), {}, parent) {
  setObjectName(QStringLiteral("overview.models"));
}

void LoadedModelsPanel::show_models(const std::vector<ModelInfo>& models) {
  std::vector<const ModelInfo*> shown;
  for (const ModelInfo& model : models) shown.push_back(&model);
  const auto end = shown.begin() + static_cast<std::ptrdiff_t>(std::min(most_shown, shown.size()));
  std::partial_sort(shown.begin(), end, shown.end(), [](const ModelInfo* one, const ModelInfo* other) {
    const int weight = weight_of(one->state);
    const int other_weight = weight_of(other->state);
    return weight != other_weight ? weight < other_weight : one < other;
  });
  shown.erase(end, shown.end());
  QString key = QString::number(models.size());
  for (const ModelInfo* model : shown)
    key += QLatin1Char('\n') + QString::fromStdString(model->alias).left(max_message_chars) +
           QString::number(static_cast<int>(model->state));
  if (rows_ == nullptr || key != shown_) {
    shown_ = key;
    fill(shown, models.size());
  }
  for (size_t i = 0; i < shown.size(); ++i) {
    if (lines_[i].line != nullptr && lines_[i].line->text() != line_of(*shown[i]))
      lines_[i].line->setText(line_of(*shown[i]));
    if (lines_[i].bar != nullptr) lines_[i].bar->set(std::clamp(share_of(*shown[i]), 0.0, 1.0));
  }
}

void LoadedModelsPanel::fill(const std::vector<const ModelInfo*>& models, size_t count) {
  delete rows_;
  rows_ = new QWidget;
  lines_.clear();
  auto* column = new QVBoxLayout(rows_);
  column->setContentsMargins(16, 10, 16, 12);
  column->setSpacing(4);
  body()->addWidget(rows_);
  if (models.empty()) {
    auto* none = new TextLabel(Type::body, Colour::text2);
    none->set_paragraph(tr("No model is allowed yet. “tijori models add” on the appliance adds one."));
    column->addWidget(none);
  }
  for (const ModelInfo* model : models) {
    if (column->count() > 0) {
      column->addSpacing(4);
      column->addWidget(make_divider(Qt::Horizontal));
      column->addSpacing(4);
    }
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    auto* name = new TextLabel(QString::fromStdString(model->alias).left(max_message_chars), Type::mono);
    name->set_elide(Qt::ElideRight);
    head->addWidget(name);
    if (model->is_default) head->addWidget(new Badge({Tone::plain, {}, tr("default")}));
    head->addStretch();
    head->addWidget(new Badge(badge_of(model->state)));
    column->addLayout(head);
    Row row;
    if (has_line(*model)) {
      row.line = new TextLabel(Type::label, Colour::text2);
      row.line->set_elide(Qt::ElideRight);
      column->addWidget(row.line);
    }
    if (model->state == ModelState::ready || model->state == ModelState::loading) {
      row.bar = new BusyBar;
      column->addSpacing(2);
      column->addWidget(row.bar);
    }
    lines_.push_back(row);
  }
  if (count > models.size())
    column->addWidget(new TextLabel(tr("and %1 more").arg(count_text(static_cast<int64_t>(count - models.size()))),
                                    Type::label, Colour::text2));
}

}  // namespace tijori
