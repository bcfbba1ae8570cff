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
  Q_DECLARE_TR_FUNCTIONS(tijori::ModelDrawerWords)
};

constexpr qsizetype digest_line = 32;
constexpr int default_drain_s = 20;

QString text_of(const std::string& text) {
  return shown_text(text);
}

QString part_word(const std::string& part) {
  if (part == "attention") return ModelDrawerWords::tr("attention");
  if (part == "router") return ModelDrawerWords::tr("router");
  if (part == "routed experts") return ModelDrawerWords::tr("routed experts");
  if (part == "shared expert") return ModelDrawerWords::tr("shared expert");
  if (part == "feed-forward") return ModelDrawerWords::tr("feed-forward");
  if (part == "embedding") return ModelDrawerWords::tr("embedding");
  if (part == "output") return ModelDrawerWords::tr("output");
  if (part == "norms") return ModelDrawerWords::tr("norms");
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
  put(0, 0, ModelDrawerWords::tr("Part"), Type::label, Colour::text2);
  put(0, 1, ModelDrawerWords::tr("Type"), Type::label, Colour::text2);
  put(0, 2, ModelDrawerWords::tr("Tensors"), Type::label, Colour::text2);
  put(0, 3, ModelDrawerWords::tr("Size"), Type::label, Colour::text2);
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
  drawer.section(ModelDrawerWords::tr("Architecture"));
  drawer.pair(ModelDrawerWords::tr("Kind"), text_of(details.architecture), Type::mono);
  drawer.pair(ModelDrawerWords::tr("Parameters"), parameters_text(details));
  drawer.pair(ModelDrawerWords::tr("Layers"),
              details.experts > 0 && details.expert_layers != details.layers
                  ? ModelDrawerWords::tr("%1, %2 with experts")
                        .arg(count_text(details.layers), count_text(details.expert_layers))
                  : count_text(details.layers));
  drawer.pair(ModelDrawerWords::tr("Experts"),
              details.experts == 0 ? ModelDrawerWords::tr("none: a dense model")
                                   : ModelDrawerWords::tr("%1, %2 for a token")
                                         .arg(count_text(details.experts), count_text(details.experts_per_token)));
  drawer.pair(ModelDrawerWords::tr("Attention"),
              ModelDrawerWords::tr("%1 heads of %2, KV %3")
                  .arg(count_text(details.heads), count_text(details.head_dim), count_text(details.kv_heads)));
  drawer.pair(ModelDrawerWords::tr("Embedding"), count_text(details.embedding));
  drawer.pair(ModelDrawerWords::tr("Vocabulary"), count_text(details.vocabulary));
  drawer.pair(ModelDrawerWords::tr("Trained context"),
              ModelDrawerWords::tr("%1 tokens").arg(count_text(details.trained_context_tokens)));
  if (details.chunk_tokens > 0)
    drawer.pair(ModelDrawerWords::tr("Attention chunk"),
                ModelDrawerWords::tr("%1 tokens").arg(count_text(details.chunk_tokens)));
  drawer.pair(ModelDrawerWords::tr("Chat format"), text_of(details.chat_format), Type::mono);
  drawer.pair(ModelDrawerWords::tr("Licence"),
              details.license.empty() ? ModelDrawerWords::tr("not said in the file") : text_of(details.license));
  if (details.tensors.empty()) return;
  drawer.section(ModelDrawerWords::tr("Stored as"));
  drawer.add(tensor_table(details.tensors));
}

void show_memory(Drawer& drawer, const ModelInfo& model, const ModelPlan* plan) {
  const bool loaded = memory_bytes(model) > 0;
  if (!loaded && plan == nullptr) return;
  drawer.section(loaded ? ModelDrawerWords::tr("Memory") : ModelDrawerWords::tr("Memory it would take"));
  const int64_t kv = loaded ? model.kv_bytes : plan->kv_bytes;
  drawer.pair(ModelDrawerWords::tr("Weights"), memory_text(loaded ? model.weights_bytes : plan->weights_bytes));
  drawer.pair(ModelDrawerWords::tr("KV"),
              loaded && model.kv_used_bytes > 0
                  ? ModelDrawerWords::tr("%1, %2 in use").arg(memory_text(kv), memory_text(model.kv_used_bytes))
                  : memory_text(kv));
  drawer.pair(ModelDrawerWords::tr("Workspace"), memory_text(loaded ? model.workspace_bytes : plan->workspace_bytes));
  drawer.pair(ModelDrawerWords::tr("Choice"),
              loaded ? choice_text({model.context_tokens, model.max_sequences, model.kv_type})
                     : choice_text({plan->context_tokens, plan->max_sequences, plan->kv_type}));
  if (!loaded) return;
  drawer.pair(ModelDrawerWords::tr("In its process"),
              model.resident_bytes > 0 ? memory_text(model.resident_bytes) : QString());
  drawer.pair(ModelDrawerWords::tr("Computed by"),
              ModelDrawerWords::tr("%1, %n thread(s)", nullptr,
                                   static_cast<int>(std::clamp<int64_t>(model.threads, 0, 100'000)))
                  .arg(text_of(model.backend)));
  drawer.pair(ModelDrawerWords::tr("Process"),
              model.restarts > 0 ? ModelDrawerWords::tr("%1, started again %2 ×").arg(model.pid).arg(model.restarts)
                                 : QString::number(model.pid));
}

}  // namespace

void show_model(Drawer& drawer, const ModelTable& models, const ModelInfo& model, const ModelFile* details) {
  const int row = models.row_of(model.alias);
  const auto badge = models.index(row, ModelTable::state_column).data(badge_role).value<BadgeText>();
  drawer.begin(text_of(model.alias), details == nullptr ? text_of(model.name) : text_of(details->details.name), badge);
  if (!model.message.empty()) drawer.paragraph(text_of(model.message), Colour::text);
  drawer.section(ModelDrawerWords::tr("File"));
  drawer.pair(ModelDrawerWords::tr("Name"), text_of(model.file), Type::mono);
  drawer.pair(ModelDrawerWords::tr("Size"), memory_text(model.size_bytes));
  const QString digest = text_of(model.sha256);
  drawer.add(new TextLabel(QStringLiteral("SHA-256"), Type::label, Colour::text2));
  for (qsizetype from = 0; from < digest.size() && from < 2 * digest_line; from += digest_line)
    drawer.add(new TextLabel(digest.mid(from, digest_line), Type::mono));
  auto* copy = new Button(ModelDrawerWords::tr("Copy the digest"), ButtonKind::link, QStringLiteral("clipboard"),
                          ButtonSize::compact);
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
    drawer.section(ModelDrawerWords::tr("Architecture"));
    drawer.paragraph(ModelDrawerWords::tr("Not known yet."));
  } else {
    show_architecture(drawer, details->details);
  }
}

QString unload_words(const ModelInfo& model) {
  const auto number = [](int64_t of) { return static_cast<int>(std::clamp<int64_t>(of, 0, 1'000'000'000)); };
  QString words =
      model.running == 0
          ? ModelDrawerWords::tr("0 requests are running.")
          : ModelDrawerWords::tr("%n request(s) are running. They may finish within the time below, then they are cut.",
                                 nullptr, number(model.running));
  if (model.waiting > 0)
    words +=
        QLatin1Char('\n') + ModelDrawerWords::tr("%n request(s) wait and are refused.", nullptr, number(model.waiting));
  return words;
}

UnloadQuestion show_unload(Drawer& drawer, const ModelInfo& model) {
  drawer.begin(ModelDrawerWords::tr("Unload %1?").arg(text_of(model.alias)),
               ModelDrawerWords::tr("It can be loaded again with the same choice"));
  auto* losses = new TextLabel(Type::body, Colour::text);
  losses->set_paragraph(unload_words(model));
  drawer.add(losses);
  drawer.paragraph(ModelDrawerWords::tr("%1 of memory become free; loading again reads %2.")
                       .arg(memory_text(memory_bytes(model)), memory_text(model.size_bytes)),
                   Colour::text);
  if (model.is_default)
    drawer.paragraph(
        ModelDrawerWords::tr(
            "It is the default: requests that name no model then go to another loaded one, or are refused."),
        Colour::text);
  drawer.paragraph(ModelDrawerWords::tr("Seconds that running requests get:"));
  auto* drain = new QSpinBox;
  drain->setObjectName(QStringLiteral("models.drain"));
  drain->setAccessibleName(ModelDrawerWords::tr("Seconds that running requests get"));
  drain->setRange(0, max_drain_s);
  drain->setValue(default_drain_s);
  drain->setSuffix(QStringLiteral(" s"));
  drawer.add(drain);
  UnloadQuestion question;
  question.losses = losses;
  question.keep = drawer.action(ModelDrawerWords::tr("Keep"));
  question.keep->setObjectName(QStringLiteral("models.keep"));
  question.confirm = drawer.action(ModelDrawerWords::tr("Unload"), ButtonKind::confirm, QStringLiteral("eject"));
  question.confirm->setObjectName(QStringLiteral("models.unload-now"));
  question.drain_s = [drain] { return static_cast<int64_t>(drain->value()); };
  drawer.end();
  question.keep->setFocus();
  return question;
}

}  // namespace tijori
