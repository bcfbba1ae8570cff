#include "admin-ui/views/model_drawer.h"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSpinBox>
#include <algorithm>

#include "admin-ui/models/fit.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct ModelDrawerWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::ModelDrawer)
};
using Words = ModelDrawerWords;

constexpr int digest_line = 32;
constexpr int default_drain_s = 20;

QString text_of(const std::string& text) {
  return QString::fromStdString(text);
}

QString part_word(const std::string& part) {
  if (part == "attention") return Words::tr("attention");
  if (part == "router") return Words::tr("router");
  if (part == "routed experts") return Words::tr("routed experts");
  if (part == "shared expert") return Words::tr("shared expert");
  if (part == "feed-forward") return Words::tr("feed-forward");
  if (part == "embedding") return Words::tr("embedding");
  if (part == "output") return Words::tr("output");
  if (part == "norms") return Words::tr("norms");
  return text_of(part);
}

// One row a part and type: how many tensors, how many bytes.
QWidget* tensor_table(const std::vector<TensorClass>& tensors) {
  auto* table = new QWidget;
  table->setObjectName(QStringLiteral("models.tensors"));
  auto* grid = new QGridLayout(table);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(2);
  const auto put = [&](int row, int column, const QString& text, Type kind, Colour role) {
    auto* label = new TextLabel(text, kind, role);
    if (column >= 2) label->setAlignment(Qt::AlignRight);
    grid->addWidget(label, row, column);
  };
  put(0, 0, Words::tr("Part"), Type::label, Colour::text2);
  put(0, 1, Words::tr("Type"), Type::label, Colour::text2);
  put(0, 2, Words::tr("Tensors"), Type::label, Colour::text2);
  put(0, 3, Words::tr("Size"), Type::label, Colour::text2);
  static constexpr size_t most_rows = 64;
  int row = 1;
  for (const TensorClass& tensor : tensors) {
    if (static_cast<size_t>(row) > most_rows) break;
    put(row, 0, part_word(tensor.part), Type::body, Colour::text);
    put(row, 1, text_of(tensor.type), Type::mono, Colour::text);
    put(row, 2, count_text(tensor.tensors), Type::body, Colour::text);
    put(row, 3, memory_text(tensor.bytes), Type::body, Colour::text);
    ++row;
  }
  grid->setColumnStretch(0, 1);
  return table;
}

void show_architecture(Drawer& drawer, const ModelDetails& details) {
  drawer.section(Words::tr("Architecture"));
  drawer.pair(Words::tr("Kind"), text_of(details.architecture), Type::mono);
  drawer.pair(Words::tr("Parameters"), parameters_text(details));
  drawer.pair(Words::tr("Layers"),
              details.experts > 0 && details.expert_layers != details.layers
                  ? Words::tr("%1, %2 with experts").arg(count_text(details.layers), count_text(details.expert_layers))
                  : count_text(details.layers));
  drawer.pair(
      Words::tr("Experts"),
      details.experts == 0
          ? Words::tr("none: a dense model")
          : Words::tr("%1, %2 for a token").arg(count_text(details.experts), count_text(details.experts_per_token)));
  drawer.pair(Words::tr("Attention"),
              Words::tr("%1 heads of %2, %3 for keys and values")
                  .arg(count_text(details.heads), count_text(details.head_dim), count_text(details.kv_heads)));
  drawer.pair(Words::tr("Embedding"), count_text(details.embedding));
  drawer.pair(Words::tr("Vocabulary"), count_text(details.vocabulary));
  drawer.pair(Words::tr("Trained context"), Words::tr("%1 tokens").arg(count_text(details.trained_context_tokens)));
  if (details.chunk_tokens > 0)
    drawer.pair(Words::tr("Attention chunk"), Words::tr("%1 tokens").arg(count_text(details.chunk_tokens)));
  drawer.pair(Words::tr("Chat format"), text_of(details.chat_format), Type::mono);
  drawer.pair(Words::tr("Licence"),
              details.license.empty() ? Words::tr("not said in the file") : text_of(details.license));
  if (details.tensors.empty()) return;
  drawer.section(Words::tr("Stored as"));
  drawer.add(tensor_table(details.tensors));
}

void show_memory(Drawer& drawer, const ModelInfo& model, const ModelPlan* plan) {
  const bool loaded = memory_bytes(model) > 0;
  if (!loaded && plan == nullptr) return;
  drawer.section(loaded ? Words::tr("Memory") : Words::tr("Memory it would take"));
  const int64_t kv = loaded ? model.kv_bytes : plan->kv_bytes;
  drawer.pair(Words::tr("Weights"), memory_text(loaded ? model.weights_bytes : plan->weights_bytes));
  drawer.pair(Words::tr("KV"), loaded && model.kv_used_bytes > 0
                                   ? Words::tr("%1, %2 in use").arg(memory_text(kv), memory_text(model.kv_used_bytes))
                                   : memory_text(kv));
  drawer.pair(Words::tr("Workspace"), memory_text(loaded ? model.workspace_bytes : plan->workspace_bytes));
  drawer.pair(Words::tr("Choice"), loaded ? choice_text({model.context_tokens, model.max_sequences, model.kv_type})
                                          : choice_text({plan->context_tokens, plan->max_sequences, plan->kv_type}));
  if (!loaded) return;
  drawer.pair(Words::tr("In its process"), model.resident_bytes > 0 ? memory_text(model.resident_bytes) : QString());
  drawer.pair(Words::tr("Computed by"),
              Words::tr("%1, %n thread(s)", nullptr, static_cast<int>(std::clamp<int64_t>(model.threads, 0, 100'000)))
                  .arg(text_of(model.backend)));
  drawer.pair(Words::tr("Process"), model.restarts > 0
                                        ? Words::tr("%1, started again %2 ×").arg(model.pid).arg(model.restarts)
                                        : QString::number(model.pid));
}

}  // namespace

void show_model(Drawer& drawer, const ModelTable& models, const ModelInfo& model, const ModelFile* details) {
  const int row = models.row_of(model.alias);
  const auto badge = models.index(row, ModelTable::state_column).data(badge_role).value<BadgeText>();
  drawer.begin(text_of(model.alias), details == nullptr ? text_of(model.name) : text_of(details->details.name), badge);
  if (!model.message.empty()) drawer.paragraph(text_of(model.message), Colour::text);
  drawer.section(Words::tr("File"));
  drawer.pair(Words::tr("Name"), text_of(model.file), Type::mono);
  drawer.pair(Words::tr("Size"), memory_text(model.size_bytes));
  const QString digest = text_of(model.sha256);
  for (qsizetype from = 0; from < digest.size() && from < 2 * digest_line; from += digest_line)
    drawer.pair(from == 0 ? QStringLiteral("SHA-256") : QStringLiteral(" "), digest.mid(from, digest_line), Type::mono);
  auto* copy =
      new Button(Words::tr("Copy the digest"), ButtonKind::link, QStringLiteral("clipboard"), ButtonSize::compact);
  copy->setObjectName(QStringLiteral("models.copy-digest"));
  QObject::connect(copy, &Button::clicked, copy, [digest] { QApplication::clipboard()->setText(digest); });
  auto* place = new QWidget;
  auto* across = new QHBoxLayout(place);
  across->setContentsMargins(0, 0, 0, 0);
  across->addWidget(copy);
  across->addStretch();
  drawer.add(place);
  show_memory(drawer, model, models.plan(model.alias));
  if (details == nullptr) {
    drawer.section(Words::tr("Architecture"));
    drawer.paragraph(Words::tr("Not known yet."));
  } else {
    show_architecture(drawer, details->details);
  }
}

UnloadQuestion show_unload(Drawer& drawer, const ModelInfo& model) {
  const auto number = [](int64_t of) { return static_cast<int>(std::clamp<int64_t>(of, 0, 1'000'000'000)); };
  drawer.begin(Words::tr("Unload %1?").arg(text_of(model.alias)),
               Words::tr("It can be loaded again with the same choice"));
  drawer.paragraph(
      model.running == 0
          ? Words::tr("0 requests are running.")
          : Words::tr("%n request(s) are running. They may finish within the time below, then they are cut.", nullptr,
                      number(model.running)),
      Colour::text);
  if (model.waiting > 0)
    drawer.paragraph(Words::tr("%n request(s) wait and are refused.", nullptr, number(model.waiting)), Colour::text);
  drawer.paragraph(Words::tr("%1 of memory become free; loading again reads %2.")
                       .arg(memory_text(memory_bytes(model)), memory_text(model.size_bytes)),
                   Colour::text);
  if (model.is_default)
    drawer.paragraph(Words::tr("It is the default: requests that name no model are refused until it is loaded again."),
                     Colour::text);
  drawer.paragraph(Words::tr("Seconds that running requests get:"));
  auto* drain = new QSpinBox;
  drain->setObjectName(QStringLiteral("models.drain"));
  drain->setAccessibleName(Words::tr("Seconds that running requests get"));
  drain->setRange(0, max_drain_s);
  drain->setValue(default_drain_s);
  drain->setSuffix(QStringLiteral(" s"));
  drawer.add(drain);
  UnloadQuestion question;
  question.keep = drawer.action(Words::tr("Keep"));
  question.keep->setObjectName(QStringLiteral("models.keep"));
  question.confirm = drawer.action(Words::tr("Unload"), ButtonKind::confirm, QStringLiteral("eject"));
  question.confirm->setObjectName(QStringLiteral("models.unload-now"));
  question.drain_s = [drain] { return static_cast<int64_t>(drain->value()); };
  drawer.end();
  question.keep->setFocus();
  return question;
}

}  // namespace tijori
