#include "admin-ui/models/fit.h"

#include <QCoreApplication>
#include <algorithm>

#include "admin-ui/client/appliance.h"
#include "admin-ui/models/numbers.h"

namespace tijori {
namespace {

struct FitWords {
  Q_DECLARE_TR_FUNCTIONS(tijori::FitWords)
};

}  // namespace

Fit to_fit(const ModelPlan& plan) {
  // A sum of three stays within range whatever was sent.
  const auto bounded = [](int64_t bytes) { return std::clamp<int64_t>(bytes, 0, INT64_MAX / 4); };
  Fit fit;
  fit.parts = {{FitPart::weights, bounded(plan.weights_bytes)},
               {FitPart::kv, bounded(plan.kv_bytes)},
               {FitPart::workspace, bounded(plan.workspace_bytes)}};
  for (const Fit::Part& part : fit.parts) fit.needed_bytes += part.bytes;
  fit.free_bytes = bounded(plan.free_bytes);
  fit.fits = plan.fits;
  fit.scale_bytes = static_cast<double>(std::max({fit.needed_bytes, fit.free_bytes, int64_t{1}}));
  return fit;
}

QString part_name(FitPart part) {
  switch (part) {
    case FitPart::weights:
      return FitWords::tr("weights");
    case FitPart::kv:
      return FitWords::tr("KV");
    case FitPart::workspace:
      return FitWords::tr("workspace");
  }
  return {};
}

QString need_text(const Fit& fit) {
  if (fit.free_bytes == 0)
    return FitWords::tr("Needs %1; what is free is not known").arg(memory_text(fit.needed_bytes));
  return FitWords::tr("Needs %1, free %2").arg(memory_text(fit.needed_bytes), memory_text(fit.free_bytes));
}

QString parts_text(const Fit& fit) {
  return FitWords::tr("weights %1, KV %2, workspace %3")
      .arg(memory_text(fit.parts.at(0).bytes), memory_text(fit.parts.at(1).bytes), memory_text(fit.parts.at(2).bytes));
}

QString choice_text(const ModelChoice& choice) {
  QString size = FitWords::tr("%1 tokens × %n sequence(s)", nullptr,
                              static_cast<int>(std::clamp<int64_t>(choice.max_sequences, 0, 1'000'000)))
                     .arg(count_text(choice.context_tokens));
  if (choice.kv_type.empty()) return size;
  return FitWords::tr("%1, KV %2", "context and sequences, type").arg(size, QString::fromStdString(choice.kv_type));
}

QString nearest_text(const ModelPlan& plan) {
  if (plan.fitting) return FitWords::tr("The nearest that fits: %1.").arg(choice_text(*plan.fitting));
  return FitWords::tr("No smaller choice fits: unload another model, or add memory.");
}

QString refusal_text(const ModelPlan& plan) {
  const Fit fit = to_fit(plan);
  return FitWords::tr("%1 with %2 needs %3: %4. Free: %5. Nothing was allocated. %6")
      .arg(QString::fromStdString(plan.alias), choice_text({plan.context_tokens, plan.max_sequences, plan.kv_type}),
           memory_text(fit.needed_bytes), parts_text(fit),
           fit.free_bytes == 0 ? FitWords::tr("not known") : memory_text(fit.free_bytes), nearest_text(plan));
}

QString load_command(const QString& verb, const QString& alias, const ModelChoice& choice) {
  QString line = QStringLiteral("tijori models %1 %2").arg(verb, shell_word(alias));
  if (choice.context_tokens > 0) line += QStringLiteral(" --context %1").arg(choice.context_tokens);
  if (choice.max_sequences > 0) line += QStringLiteral(" --sequences %1").arg(choice.max_sequences);
  if (!choice.kv_type.empty())
    line += QStringLiteral(" --kv %1").arg(shell_word(QString::fromStdString(choice.kv_type)));
  return line;
}

}  // namespace tijori
