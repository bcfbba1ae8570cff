// Whether a model fits into the memory that is free: the parts it needs, what is free, and what to say about it.
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "protocol/model_types.h"

namespace tijori {

enum class FitPart : uint8_t { weights, kv, workspace };

struct Fit {
  struct Part {
    FitPart kind;
    int64_t bytes;
  };
  std::vector<Part> parts;  // weights, KV, workspace
  int64_t needed_bytes = 0;
  int64_t free_bytes = 0;  // 0: not known
  bool fits = false;
  // Of the longer of both, for a bar: where what is free ends; 1 when it isn't known.
  double scale_bytes = 1;
};
Fit to_fit(const ModelPlan& plan);

QString part_name(FitPart part);
// "Needs 106.3 GiB, free 90.5 GiB"
QString need_text(const Fit& fit);
// "weights 60.9 GiB, KV 43.8 GiB, workspace 1.6 GiB"
QString parts_text(const Fit& fit);
// "16,384 tokens × 4 sequences, KV q8"
QString choice_text(const ModelChoice& choice);
// The whole refusal: needs, made of what, free, that nothing was allocated, the nearest that fits.
QString refusal_text(const ModelPlan& plan);
// Why no smaller choice helps, or the nearest one that fits.
QString nearest_text(const ModelPlan& plan);

// "tijori models load NAME --context N --sequences N --kv T": what is 0 or "" is left out.
QString load_command(const QString& verb, const QString& alias, const ModelChoice& choice);

}  // namespace tijori
