#include "admin-ui/theme/type.h"

#include <QStringList>

namespace tijori {
namespace {

struct Row {
  int px;
  int line;
  int weight;
};

Row row(Script script, Type type) {
  const bool hindi = script == Script::devanagari;
  switch (type) {
    case Type::figure:
      return hindi ? Row{22, 36, 700} : Row{22, 30, 600};
    case Type::page_title:
      return hindi ? Row{20, 34, 700} : Row{20, 28, 600};
    case Type::dialog_title:
      return hindi ? Row{17, 28, 700} : Row{16, 24, 600};
    case Type::step_title:
      return hindi ? Row{15, 26, 700} : Row{14, 22, 600};
    case Type::body:
      return hindi ? Row{14, 24, 400} : Row{13, 20, 400};
    case Type::body_strong:
      return hindi ? Row{14, 24, 700} : Row{13, 20, 600};
    case Type::button:
      return hindi ? Row{14, 24, 400} : Row{13, 20, 500};
    case Type::label:
      return hindi ? Row{13, 22, 400} : Row{12, 18, 400};
    case Type::badge:
      return hindi ? Row{13, 22, 400} : Row{12, 18, 500};
    case Type::axis:
      return hindi ? Row{12, 20, 400} : Row{11, 16, 400};
    case Type::mono:
      return hindi ? Row{12, 24, 400} : Row{12, 20, 400};
    case Type::palette:
      return hindi ? Row{16, 26, 400} : Row{16, 24, 400};
  }
  return {13, 20, 400};
}

}  // namespace

QFont font(Script script, Type type) {
  const Row chosen = row(script, type);
  QFont made;
  if (type == Type::mono) {
    made.setFamilies({QStringLiteral("JetBrains Mono"), QStringLiteral("Noto Sans Mono"), QStringLiteral("monospace")});
    // Keeps "--" and "://" two signs.
    made.setStyleStrategy(QFont::PreferNoShaping);
  } else if (script == Script::devanagari) {
    // Devanagari first, so that one design gives the metrics of both scripts.
    made.setFamilies(
        {QStringLiteral("Noto Sans Devanagari"), QStringLiteral("Noto Sans"), QStringLiteral("sans-serif")});
  } else {
    made.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("sans-serif")});
  }
  made.setPixelSize(chosen.px);
  made.setWeight(static_cast<QFont::Weight>(chosen.weight));
  made.setHintingPreference(QFont::PreferNoHinting);
  return made;
}

int line_height(Script script, Type type) {
  return row(script, type).line;
}

double baseline_drop(int pixel_size) {
  return 0.36 * pixel_size;
}

}  // namespace tijori
